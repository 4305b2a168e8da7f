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
    """Print the reference of a study or a bundle."""
    from doorstroom.archive.opened import opened
    from doorstroom.experiment.manifest import Manifest
    from doorstroom.reporting import citation

    with opened(study) as folder:
        manifest = Manifest.load(folder)
    write = {Form.TEXT: citation.reference, Form.BIBTEX: citation.bibtex, Form.CFF: citation.cff}[form]
    typer.echo(write(manifest).rstrip())
    if manifest.ended is None:
        typer.echo(f"Beware: this study is not finished; go on with: doorstroom study resume {study}", err=True)


def bundle(
    study: Study,
    out: Annotated[
        Path | None, typer.Option(help="The archive, or a folder for it; by default beside the study, named after it.")
    ] = None,
) -> None:
    """Pack a study with its code, inputs and versions into one archive that needs no web.

    The last line printed is the path of the archive.
    """
    from doorstroom.archive.bundle import bundle as pack
    from doorstroom.archive.opened import study_folder

    typer.echo(pack(study_folder(study), out))


def verify(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="Folder of a study, its page, its name in ./results, or a bundle.")
    ],
    runs: Annotated[int, typer.Option(min=1, help="Number of runs to make again, drawn at random.")] = 3,
    every: Annotated[bool, typer.Option("--all", help="Make all runs again.")] = False,
    cited: Annotated[
        str, typer.Option(metavar="TEXT", help="The citation, or the identity, seal or code in it, to hold against it.")
    ] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Only hold the report against its list of checksums; don't write it anew.")
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Install the code that a bundle holds, and let that check the bundle.")
    ] = False,
) -> None:
    """Make runs of a study again, and all that follows from its question and its runs; say what isn't as it was made.

    That is its identity, its design, the table of runs, and every file of its report. What nothing follows from (dates,
    commit, machine) is bound by the seal that stands in the citation: hold the citation against it with --cited.
    """
    from doorstroom.archive import checking
    from doorstroom.archive.opened import is_bundle, opened

    with opened(study) as folder:
        if fresh:
            from doorstroom.archive.fresh import verify as by_its_own

            if not is_bundle(study):
                raise StoreError(explain(study, "--fresh", "a folder", "a bundle, as `doorstroom bundle` writes it"))
            words = ["--all"] if every else [f"--runs={runs}"]
            words += [f"--cited={cited}"] if cited else []
            words += ["--quick"] if quick else []
            raise typer.Exit(by_its_own(study, folder, words, typer.echo))
        asked = checking.Asked(None if every else runs, cited, anew=not quick)
        verdict = checking.check(folder, asked, typer.echo)
        if verdict.other_code and is_bundle(study):
            typer.echo(f"Its own code is in the bundle: doorstroom verify {study} --fresh installs and runs it.")
    if not verdict.agrees:
        typer.echo("The study does not agree with what this model gives.", err=True)
        raise typer.Exit(DIFFERS)
    typer.echo(verdict.told)
