"""The command line: it parses, calls and prints. The model is imported only by the commands that need it."""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from importlib import metadata
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from doorstroom.cli import desk, doctor, evaluate, evidence, inputs, lists, parameters, runs, scenarios, studies, study
from doorstroom.cli.errors import FAULT
from doorstroom.errors import DoorstroomError

_LESS: Final = "run fewer processes, a smaller fraction or fewer draws, or allow more (ulimit -v)"
_ADVICE: Final = {
    errno.EMFILE: "allow this process more open files (ulimit -n 256)",
    errno.ENFILE: "close other programs: the system has no file handles left",
    errno.ENOMEM: f"there is not enough memory: {_LESS}",
    errno.EAGAIN: "the system allows no more processes or threads (ulimit -u): run fewer processes",
}
_NO_ROOM: Final = re.compile("failed to map segment|annot allocate memory")
"""What importing a package says where memory is short."""


class _Commands(TyperGroup):
    """Prints our own errors as one message, without a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command and see to it that its output arrives, or say that it can't."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # one of other letters than a text has gets them escaped
                stream.reconfigure(errors="backslashreplace")
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                sys.stdout.flush()
        except OSError as error:
            if error.filename is not None or error.errno == errno.EPIPE:
                raise
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, nothing can be written at the end either
            typer.echo(f"The output can't be written: {error.strerror}", err=True)
            raise SystemExit(FAULT) from error

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
            if error.errno in _ADVICE:
                typer.echo(f"{error.strerror}; {_ADVICE[error.errno]}", err=True)
                raise typer.Exit(FAULT) from error
            if error.errno == errno.EPIPE or error.filename is None:  # no fault of a file
                raise
            typer.echo(f"{error.filename}: {error.strerror}; mend that or choose another folder", err=True)
            raise typer.Exit(FAULT) from error
        except (MemoryError, ImportError) as error:
            if isinstance(error, ImportError) and not _NO_ROOM.search(str(error)):
                raise
            typer.echo(f"There is not enough memory; {_LESS}", err=True)
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
app.command()(studies.bundle)
app.command()(studies.verify)
app.command()(evaluate.evaluate)
app.command()(desk.desk)
app.command()(evidence.patterns)
app.command()(evidence.observed)
app.command()(evidence.validate)
app.command()(evidence.calibrate)
app.command()(evidence.recover)
app.command()(evidence.register)
app.command()(evidence.score)
app.command()(evidence.grades)
app.command()(lists.regions)
app.command()(lists.outcomes)
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
