"""Studies as one archive that needs no web, and such archives opened and checked again."""
