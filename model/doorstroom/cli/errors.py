"""How faults of the input end a command."""

FAULT = 2
"""Exit code where the input is at fault."""
