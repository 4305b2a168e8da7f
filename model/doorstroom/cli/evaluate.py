"""The command that compares designs for evaluation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_PROCESSES = typer.Option(min=1, help="Worlds at a time.")


def evaluate(
    file: Annotated[Path, typer.Argument(help="File of the study, such as experiments/evaluation.toml.")],
    out: Annotated[Path | None, typer.Option(help="Folder for it; by default results/ and the file's name.")] = None,
    processes: Annotated[int, _PROCESSES] = 2,
) -> None:
    """Compare designs for evaluation: what each would tell of what the money does, when, and what that is worth.

    A study that was stopped goes on where it was. The last line printed is the path of the summary.
    """
    from doorstroom.evaluation.study import evaluate as make
    from doorstroom.evaluation.summary import write

    folder = out or Path("results") / file.stem
    learned = make(
        file, folder, processes=processes, told=lambda done, of: typer.echo(f"{done} of {of} worlds", err=True)
    )
    for path in write(learned, folder):
        typer.echo(path)
