"""From names of scenarios to a report: the two things a user asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from doorstroom.defaults import DRAWS, FRACTION, SEEDS
from doorstroom.experiment.analyses.base import Analysis
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.model import Model
from doorstroom.experiment.results import Results
from doorstroom.experiment.run import conduct
from doorstroom.experiment.run_index import failures
from doorstroom.experiment.workers import RunError
from doorstroom.reporting import sensitivity
from doorstroom.reporting.citation import write_citation
from doorstroom.reporting.crate import forget_crate, write_crate
from doorstroom.reporting.files import SVG, write_figures
from doorstroom.reporting.findings import find
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.page.write import write_report
from doorstroom.reporting.plots import figures
from doorstroom.reporting.tables.annex import annex
from doorstroom.reporting.tables.formats import write_tables
from doorstroom.reporting.tables.long import terminal_table, write_effects, write_levels
from doorstroom.scenario import Scenario


def compare(
    names: Sequence[str | Path | Scenario],
    *,
    seeds: int = SEEDS,
    draws: int = DRAWS,
    posterior: Path | None = None,
    processes: int | None = None,
    cluster: str | None = None,
    fraction: float = FRACTION,
    inputs: Path | None = None,
    out: Path | None = None,
    model: Model | None = None,
    console: Console | None = None,
) -> Results:
    """Run scenarios against the first of them and report their effects.

    Parameters
    ----------
    names : names or files of scenarios, or Scenario objects, the baseline first
    seeds : streams of luck per draw
    draws : samples of the parameters, 1..n; 0 is their central values alone
    posterior : file of a fit, whose draws are taken instead of those of the priors
    processes : runs at a time; None is one per processor
    cluster : address of a Dask scheduler, or "local" for one that is started here
    fraction : part of the population that is modelled
    inputs : folder of an input set; None is the one that comes with the package
    out : folder of the study; None is results/<baseline>-vs-<others>-<hash>
    model : what is run; None is technical education in the Netherlands

    Returns
    -------
    The results, whose folder holds the report.

    Raises
    ------
    RunError
        Where no draw is whole because of runs that failed.
    """
    experiment = Experiment.compare(
        names, seeds=seeds, draws=draws, posterior=posterior, fraction=fraction, inputs=inputs, model=model
    )
    results = conduct(experiment, processes=processes, cluster=cluster, out=out, console=console).results
    report(results, console=console)
    return results


def run_one(
    name: str | Path | Scenario,
    *,
    seed: int = 1,
    draw: int = 0,
    fraction: float = FRACTION,
    inputs: Path | None = None,
    out: Path | None = None,
    model: Model | None = None,
    console: Console | None = None,
) -> Results:
    """One run of one scenario, to look at; its report has no intervals to show."""
    experiment = Experiment.compare([name], only=(draw, seed), fraction=fraction, inputs=inputs, model=model)
    results = conduct(experiment, processes=1, out=out, console=console).results
    report(results, console=console)
    return results


class Report(NamedTuple):
    """What was written: the page to begin with, and the analyses that the study asked for."""

    page: Path
    analyses: list[Analysis]


def report(
    results: Results,
    *,
    language: Language = ENGLISH,
    forms: Sequence[str] = SVG,
    console: Console | None = None,
) -> Report:
    """Write all that a study says into its folder, and print the short table of a comparison.

    Draws of the country have a page with tables and figures; what else a study asks for has its analyses. The page
    holds both languages; figures and tables are in the one that is asked, Dutch ones in a folder nl. The list of files
    is removed first and written last: a report without it was stopped half-way.

    Parameters
    ----------
    forms : of the figures: svg, png, pdf

    Raises
    ------
    RunError
        Where no draw is whole because of runs that failed.
    """
    folder, manifest = results.folder, results.manifest
    refuse_empty(results)
    forget_crate(folder)
    analyses = sensitivity.write_study(results, folder, forms) if results.outcomes else []
    page = folder / sensitivity.PAGE
    if results.of_the_country:
        page = _write_page(results, language, forms, console or Console())
    write_citation(folder, manifest)
    write_crate(folder, manifest)
    return Report(page, analyses)


def _write_page(results: Results, language: Language, forms: Sequence[str], console: Console) -> Path:
    folder, manifest, findings = results.folder, results.manifest, find(results)
    if results.others:
        write_effects(findings, folder / "effects.csv")
    write_levels(findings, folder / "outcomes.csv")
    within = "." if language.code == "en" else language.code
    write_figures(figures(findings, language), folder / "figures" / within, manifest, language, forms)
    write_tables(list(annex(findings, language)), folder / "tables" / within, manifest, language)
    page = write_report(findings)
    console.print(terminal_table(findings))
    if results.lost:
        console.print(f"{results.lost} of {len(results.values)} draws are left out, because a run of theirs failed.")
    return page


def refuse_empty(results: Results) -> None:
    """Raise a RunError where there is nothing to tell of, naming the first run that failed."""
    if results.runs:
        return
    lost = failures(results.folder)
    first = f"the first: {lost[0]['error']}. This run alone: {lost[0]['command']}" if lost else "nothing was made"
    raise RunError(f"{results.folder}: no draw has all of its runs; {len(lost)} failed, {first}")
