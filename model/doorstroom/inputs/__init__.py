"""Figures with their sources: official files read, made into input sets, verified and loaded."""
