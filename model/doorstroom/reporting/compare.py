"""From names of scenarios to a report: the two things a user asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from doorstroom.reporting.findings import find
from doorstroom.reporting.page.write import write_report
from doorstroom.reporting.tables import terminal_table, write_effects, write_levels
from doorstroom.scenario import Scenario
from doorstroom.study.batch import Simulate
from doorstroom.study.compare import Comparison, run_study


def compare(
    names: Sequence[str | Path | Scenario],
    *,
    seeds: int = 1,
    draws: int = 16,
    processes: int | None = None,
    fraction: float = 0.1,
    out: Path | None = None,
    simulate: Simulate | None = None,
    inputs: Any = None,
    console: Console | None = None,
) -> Path:
    """Run scenarios against the first of them and report their effects; returns the path of the report.

    Parameters
    ----------
    names : names or files of scenarios, the baseline first
    seeds : streams of luck, 1..n
    draws : samples of the parameters, 1..n; 0 is their central values alone
    processes : runs at a time; None is one per processor
    fraction : part of the population that is modelled
    out : folder of the study; None is results/<baseline>-vs-<others>-<hash>
    """
    comparison = run_study(
        names,
        seeds=seeds,
        draws=draws,
        processes=processes,
        fraction=fraction,
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
        out=out,
        simulate=simulate,
        inputs=inputs,
        console=console,
    )
    return report(comparison, console=console)


def report(comparison: Comparison, *, console: Console | None = None) -> Path:
    """Write the report and the tables of a study that has been run, and print the short table."""
    findings = find(comparison)
    if comparison.others:
        write_effects(findings, comparison.folder / "effects.csv")
    write_levels(findings, comparison.folder / "outcomes.csv")
    (console or Console()).print(terminal_table(findings))
    return write_report(findings)
