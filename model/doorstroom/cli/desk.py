"""The command that makes the policy desk, and serves it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_PROCESSES = typer.Option(min=1, help="Draws at a time.")
_PORT = typer.Option(min=0, max=65_535, help="Of --serve; 0 takes one that is free.")


def desk(
    file: Annotated[Path, typer.Argument(help="Study file of the desk.")] = Path("experiments/desk.toml"),
    out: Annotated[Path, typer.Option(help="Folder of the desk.")] = Path("results/desk"),
    processes: Annotated[int, _PROCESSES] = 2,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve the desk in that folder on this machine, with a button that runs it.")
    ] = False,
    port: Annotated[int, _PORT] = 0,
) -> None:
    """Make the policy desk: one page with levers, and at once what the model would say, with how far to trust it.

    A desk that was stopped goes on where it was. The last line printed is the path of the page, or its address.
    """
    if serve:
        from doorstroom.desk.serve import serve as serve_desk

        serve_desk(out, port=port, processes=processes, told=typer.echo)
    from doorstroom.desk.made import make_desk

    typer.echo(make_desk(file, out, processes=processes, told=lambda text: typer.echo(text, err=True)))
