"""Methods: each a design of points and what the runs at those points say, one short file per method."""
