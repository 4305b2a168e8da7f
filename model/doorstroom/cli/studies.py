"""Commands about studies that have been run: report, cite, verify."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from doorstroom.errors import StoreError, explain

Study = Annotated[
    Path,
    typer.Argument(metavar="STUDY", help="Folder of a comparison or of a study from a file, such as results/demo."),
]

DIFFERS = 1
"""Exit code where a study is sound but today's model gives other numbers."""


class Tongue(StrEnum):
    """Languages of figures and tables."""

    EN = "en"
    NL = "nl"


class Drawn(StrEnum):
    """Formats of figures."""

    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


class Form(StrEnum):
    """Forms of a reference."""

    TEXT = "text"
    BIBTEX = "bibtex"
    CFF = "cff"


def report(
    study: Study,
    language: Annotated[
        Tongue,
        typer.Option(
            help="Language of figures and tables of a comparison, whose page holds both. "
            "Those of a study from a file are in English only."
        ),
    ] = Tongue.EN,
    figures: Annotated[
        list[Drawn] | None, typer.Option(help="A format of figures, as often as wanted; svg where none is asked.")
    ] = None,
) -> None:
    """Write the report, figures and tables of a study again. The last line printed is the path of the report."""
    from doorstroom.experiment.results import Results
    from doorstroom.reporting.compare import report as write
    from doorstroom.reporting.language import LANGUAGES

    results = Results.open(study)
    if language is not Tongue.EN and not results.of_the_country:
        found, allowed = f"{language} for analyses of a study from a file", "en; draws also know nl"
        raise StoreError(explain(study, "--language", found, allowed))
    forms = [str(form) for form in figures or (Drawn.SVG,)]
    typer.echo(write(results, language=LANGUAGES[language], forms=forms).page)


def cite(study: Study, form: Annotated[Form, typer.Option("--as", help="Form of the reference.")] = Form.TEXT) -> None:
    """Print the reference of a study."""
    from doorstroom.experiment.manifest import Manifest
    from doorstroom.reporting import citation

    manifest = Manifest.load(study)
    write = {Form.TEXT: citation.reference, Form.BIBTEX: citation.bibtex, Form.CFF: citation.cff}[form]
    typer.echo(write(manifest).rstrip())
    if manifest.ended is None:
        typer.echo(f"Beware: this study is not finished; go on with: doorstroom study resume {study}", err=True)


def verify(
    study: Study,
    runs: Annotated[int, typer.Option(min=1, help="Number of runs to make again, drawn at random.")] = 3,
    every: Annotated[bool, typer.Option("--all", help="Make all runs and the report again.")] = False,
) -> None:
    """Make runs of a study again and say whether every byte agrees, and if not, what differs.

    The files of its report are held against their checksums, with --all against a report that is written anew.
    """
    from doorstroom.experiment.results import Results
    from doorstroom.experiment.verify import Checked, verify
    from doorstroom.reporting import files_check

    def told(checked: Checked) -> None:
        typer.echo(f"{checked.run.name}: {checked.fault or 'every byte agrees'}")

    verdict = verify(study, runs=None if every else runs, finished=told)
    if verdict.differs:
        typer.echo("What differs from when the study was made:")
        for difference in verdict.differs:
            typer.echo(f"  {difference.kind}: {difference.what}")
    else:
        typer.echo("Code, inputs, packages and platform are those of the study.")
    faults = files_check.faults(Results.open(study), anew=every)
    gone = [fault for fault in faults if fault.endswith(files_check.GONE)]
    faults = [fault for fault in faults if fault not in gone]
    for fault in faults:
        typer.echo(fault)
    if gone:  # a file that isn't there misleads nobody
        more = f" and {len(gone) - 1} other files of its report" if len(gone) > 1 else ""
        typer.echo(f"{gone[0]}{more}; `doorstroom report {study}` writes them where the runs are")
    if faults or not verdict.agrees:
        typer.echo("The study does not agree with what this model gives.", err=True)
        raise typer.Exit(DIFFERS)
    also = ", and so do the files of its report" if files_check.written(study) else ""
    typer.echo(f"{len(verdict.checked)} of its runs agree{also}.")
