"""The command line: it parses, calls and prints. The model is imported only by the commands that need it."""

from __future__ import annotations

import errno
from importlib import metadata
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from doorstroom.cli import doctor, evaluate, evidence, inputs, parameters, runs, scenarios, studies, study
from doorstroom.cli.errors import FAULT
from doorstroom.errors import DoorstroomError


class _Commands(TyperGroup):
    """Prints our own errors as one message, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except DoorstroomError as error:
            # what was found in a file is repeated, but gets no control over the terminal
            typer.echo(
                "".join(one if one == "\n" or one.isprintable() else repr(one)[1:-1] for one in str(error)), err=True
            )
            raise typer.Exit(FAULT) from error
        except OSError as error:
            if error.errno == errno.EPIPE or error.filename is None:  # no fault of a file
                raise
            typer.echo(f"{error.filename}: {error.strerror}; mend that or choose another folder", err=True)
            raise typer.Exit(FAULT) from error
        except MemoryError as error:
            typer.echo("There is not enough memory; run fewer processes or a smaller fraction", err=True)
            raise typer.Exit(FAULT) from error


app = typer.Typer(
    name="doorstroom",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Technical education in the Netherlands: what funding does to pupils, teachers and technicians.",
)
app.command()(runs.run)
app.command()(runs.compare)
app.command()(studies.report)
app.command()(studies.cite)
app.command()(studies.verify)
app.command()(evaluate.evaluate)
app.command()(evidence.patterns)
app.command()(evidence.observed)
app.command()(evidence.validate)
app.command()(evidence.calibrate)
app.command()(evidence.recover)
app.command()(evidence.register)
app.command()(evidence.score)
app.command()(evidence.grades)
app.command()(doctor.doctor)
app.add_typer(study.app, name="study")
app.add_typer(scenarios.app, name="scenarios")
app.add_typer(parameters.app, name="parameters")
app.add_typer(inputs.app, name="inputs")


def _version(asked: bool) -> None:
    if asked:
        try:
            typer.echo(f"doorstroom {metadata.version('doorstroom')}")
        except metadata.PackageNotFoundError:
            typer.echo("doorstroom, run from its source tree")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Only takes --version; the work is in the commands."""
