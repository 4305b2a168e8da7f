"""Studies: sets of runs asked together, kept on disk, and what their differences say."""
