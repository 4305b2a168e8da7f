"""Commands about studies that have been run: report, cite, verify."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Study = Annotated[Path, typer.Argument(metavar="STUDY", help="Folder of a study, such as results/demo.")]

DIFFERS = 1
"""Exit code where a study is sound but today's model gives other numbers."""


class Tongue(StrEnum):
    """Languages of figures and tables."""

    EN = "en"
    NL = "nl"


class Form(StrEnum):
    """Forms of a reference."""

    TEXT = "text"
    BIBTEX = "bibtex"
    CFF = "cff"


def report(
    study: Study,
    language: Annotated[Tongue, typer.Option(help="Language of figures and tables; the page holds both.")] = Tongue.EN,
) -> None:
    """Write the report, figures and tables of a study again. The last line printed is the path of the report."""
    from doorstroom.reporting import compare
    from doorstroom.reporting.language import LANGUAGES
    from doorstroom.study.compare import Comparison

    typer.echo(compare.report(Comparison.open(study), language=LANGUAGES[language]))


def cite(study: Study, form: Annotated[Form, typer.Option("--as", help="Form of the reference.")] = Form.TEXT) -> None:
    """Print the reference of a study."""
    from doorstroom.reporting import citation
    from doorstroom.study.manifest import Manifest

    write = {Form.TEXT: citation.reference, Form.BIBTEX: citation.bibtex, Form.CFF: citation.cff}[form]
    typer.echo(write(Manifest.load(study)).rstrip())


def verify(
    study: Study,
    runs: Annotated[int, typer.Option(min=1, help="Number of runs to make again, drawn at random.")] = 3,
    every: Annotated[bool, typer.Option("--all", help="Make all runs again.")] = False,
) -> None:
    """Make runs of a study again and say whether every byte agrees, and if not, what differs."""
    from doorstroom.study.verify import Checked, verify

    def told(checked: Checked) -> None:
        run = checked.run
        typer.echo(f"{run.label}, draw {run.draw}, seed {run.seed}: {checked.fault or 'every byte agrees'}")

    verdict = verify(study, runs=None if every else runs, finished=told)
    if verdict.differs:
        typer.echo("What differs from when the study was made:")
        for difference in verdict.differs:
            typer.echo(f"  {difference.kind}: {difference.what}")
    else:
        typer.echo("Code, inputs, packages and platform are those of the study.")
    if not verdict.agrees:
        typer.echo("The study does not agree with what this model gives.", err=True)
        raise typer.Exit(DIFFERS)
    typer.echo(f"{len(verdict.checked)} of its runs agree.")
