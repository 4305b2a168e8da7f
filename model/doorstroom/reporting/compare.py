"""From names of scenarios to a report: the two things a user asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from doorstroom.reporting.citation import write_citation
from doorstroom.reporting.crate import write_crate
from doorstroom.reporting.files import write_figures
from doorstroom.reporting.findings import find
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.page.write import write_report
from doorstroom.reporting.plots import figures
from doorstroom.reporting.tables.annex import annex
from doorstroom.reporting.tables.formats import write_tables
from doorstroom.reporting.tables.long import terminal_table, write_effects, write_levels
from doorstroom.scenario import Scenario
from doorstroom.study import proof
from doorstroom.study.batch import Simulate
from doorstroom.study.compare import Comparison, run_study
from doorstroom.study.provenance import keep_parameters


def compare(
    names: Sequence[str | Path | Scenario],
    *,
    seeds: int = 1,
    draws: int = 16,
    posterior: Path | None = None,
    processes: int | None = None,
    fraction: float = 0.1,
    folder: Path | None = None,
    out: Path | None = None,
    simulate: Simulate | None = None,
    inputs: Any = None,
    console: Console | None = None,
) -> Path:
    """Run scenarios against the first of them and report their effects; returns the path of the report.

    Parameters
    ----------
    names : names or files of scenarios, the baseline first
    seeds : streams of luck per draw
    draws : samples of the parameters, 1..n; 0 is their central values alone
    posterior : file of a fit, whose draws are taken instead of those of the priors
    processes : runs at a time; None is one per processor
    fraction : part of the population that is modelled
    folder : of an input set; None is the one that comes with the package
    out : folder of the study; None is results/<baseline>-vs-<others>-<hash>
    """
    comparison = run_study(
        names,
        seeds=seeds,
        draws=draws,
        posterior=posterior,
        processes=processes,
        fraction=fraction,
        folder=folder,
        out=out,
        simulate=simulate,
        inputs=inputs,
        console=console,
    )
    return report(comparison, console=console)


def run_one(
    name: str | Path | Scenario,
    *,
    seed: int = 1,
    draw: int = 0,
    fraction: float = 0.1,
    folder: Path | None = None,
    out: Path | None = None,
    simulate: Simulate | None = None,
    inputs: Any = None,
    console: Console | None = None,
) -> Path:
    """One run of one scenario, to look at; returns the path of its report, which has no intervals to show."""
    comparison = run_study(
        [name],
        only=(draw, seed),
        processes=1,
        fraction=fraction,
        folder=folder,
        out=out,
        simulate=simulate,
        inputs=inputs,
        console=console,
    )
    return report(comparison, console=console)


def report(comparison: Comparison, *, language: Language = ENGLISH, console: Console | None = None) -> Path:
    """Write all that a study says into its folder, print the short table, and return the path of the page.

    The page holds both languages; figures and tables are in the one that is asked, Dutch ones in a folder nl.
    """
    findings, folder, manifest = find(comparison), comparison.folder, comparison.manifest
    if comparison.others:
        write_effects(findings, folder / "effects.csv")
    write_levels(findings, folder / "outcomes.csv")
    within = "." if language.code == "en" else language.code
    write_figures(figures(findings, language), folder / "figures" / within, manifest, language)
    write_tables(list(annex(findings, language)), folder / "tables" / within, manifest, language)
    keep_parameters(folder)
    proof.write(folder, manifest)
    write_citation(folder, manifest)
    page = write_report(findings)
    write_crate(folder, manifest)
    (console or Console()).print(terminal_table(findings))
    return page
