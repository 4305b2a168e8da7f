"""The page of observed levels beside the model's, and its rows for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from doorstroom.evidence.levels import ENOUGH, Compared, share_inside
from doorstroom.inputs.levels import Level
from doorstroom.outcomes import OUTCOMES, TOTAL

HEAD: Final = ("figure", "year", "observed", "from", "to", "model", "5%", "95%", "inside")
_UNEXPLAINED: Final = "not explained"


def level_rows(compared: Sequence[Compared]) -> list[list[str]]:
    """Per figure the observed and the model's level."""
    return [
        [
            _name(one.level), str(one.level.year), *_numbers(one.level.value, one.level.low, one.level.high),
            *_numbers(one.median, one.low, one.high), _said(one),
        ]
        for one in compared
    ]  # fmt: skip


def told(compared: Sequence[Compared]) -> str:
    """How many are inside, of all and of those that the model doesn't take as an input."""
    checks = [one for one in compared if one.level.role == "check"]
    return (
        f"{sum(one.inside for one in compared)} of {len(compared)} figures are inside the 90% interval "
        f"({share_inside(compared):.0%}; {ENOUGH:.0%} is asked), of those that no input is made from "
        f"{sum(one.inside for one in checks)} of {len(checks)} ({share_inside(checks):.0%})."
    )


def page(compared: Sequence[Compared], draws: int, fraction: float) -> str:
    """The page as Markdown."""
    parts = [
        "# Observed levels beside the model's",
        "",
        f"Made by `doorstroom observed --draws {draws} --fraction {fraction:g} --out docs/observed.md`. The baseline,"
        f" {draws} draws of the priors, each with luck of its own.",
        "",
        told(compared),
        "",
        "A figure is inside where the observed value lies in the interval that holds 90% of the runs, made wider by how"
        " far off the observation may be. `against 2019` is a ratio to that year. An *input* is a figure that the model"
        " takes: it must be inside, and proves nothing more. Figures and sources stand in"
        " `model/doorstroom/inputs/data/levels`; whoever finds one adds a row.",
        "",
    ]
    for subject, rows in groupby(compared, key=lambda one: one.level.subject):
        parts += [
            f"## {subject.capitalize()}",
            "",
            "| figure | year | observed | from | to | model | 5% | 95% | inside |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *(f"| {' | '.join(cells)} |" for cells in level_rows(list(rows))),
            "",
        ]
    missed = [one for one in compared if not one.inside]
    if missed:
        parts += ["## What is missed, and why", ""]
        parts += [f"- {_name(one.level)}, {one.level.year}: {one.level.if_missed or _UNEXPLAINED}." for one in missed]
        parts.append("")
    parts += ["## Sources", ""]
    for _, alike in groupby(compared, key=lambda one: (one.level.subject, one.level.outcome, one.level.source)):
        levels = [one.level for one in alike]
        years = ", ".join(dict.fromkeys(str(level.year) for level in levels))
        parts.append(f"- {OUTCOMES[levels[0].outcome].title}, {years}: {levels[0].source}.")
    return "\n".join(parts) + "\n"


def _name(level: Level) -> str:
    group = "" if level.group == TOTAL else f", {level.group}"
    base = "" if level.base is None else f", against {level.base}"
    return f"{OUTCOMES[level.outcome].title}{group}{base}"


def _numbers(*values: float) -> list[str]:
    return [f"{value:,.0f}" if abs(value) >= 100 else f"{value:#.3g}" for value in values]


def _said(one: Compared) -> str:
    told = "yes" if one.inside else "no"
    return f"{told} (input)" if one.level.role == "drives" else told
