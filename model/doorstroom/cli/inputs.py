"""Commands about the figures that the model starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The figures that the model starts from.")


@app.command("import")
def import_inputs(
    folder: Annotated[Path, typer.Argument(help="Folder with the official files.")],
    to: Annotated[Path | None, typer.Option(help="Folder for the input set that is made of them.")] = None,
) -> None:
    """Make an input set from official files."""
    from doorstroom.inputs.importing import import_official

    typer.echo(import_official(folder, to))
