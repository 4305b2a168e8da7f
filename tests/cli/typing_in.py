"""What a user types, without a terminal."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from doorstroom.cli import app


def type_in(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])
