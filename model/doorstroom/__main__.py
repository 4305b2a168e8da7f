"""`python -m doorstroom`: the command line."""

from __future__ import annotations

from doorstroom.cli import app

if __name__ == "__main__":
    app(prog_name="doorstroom")
