"""Reporting: what a study says, in plots, tables and one page."""
