"""What patterns, a fit and its recovery say, as the text of table cells; for the terminal and for pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from doorstroom.evidence.patterns import Check

Rows = list[list[str]]
PATTERN_HEAD = ("name", "observed", "within", "model", "spread", "inside", "holds")
TARGET_HEAD = ("name", "observed", "within", "prior", "posterior", "explained", "in reach", "holds")
PARAMETER_HEAD = ("name", "shift", "spread", "taken", "informed", "money")
RECOVERY_HEAD = ("name", "worlds", "inside 90%", "variance taken")


def pattern_rows(checks: Sequence[Check]) -> Rows:
    """Per pattern what was observed, the runs' mean and spread, and how many of them lie inside the tolerance."""
    return [
        [
            one.pattern.name, f"{one.pattern.value:g}", f"{one.pattern.tolerance:g}", f"{one.figures.mean():.4g}",
            f"{one.figures.std():.2g}", f"{one.inside:.0%}", _yes(one.holds),
        ]
        for one in checks
    ]  # fmt: skip


def target_rows(targets: pd.DataFrame) -> Rows:
    """Per target of a fit what was observed and what the emulator gives over the priors and over the posterior."""
    return [
        [
            str(row.target), f"{row.observed:.4g}", f"{row.tolerance:.3g}", f"{row.prior:.4g}", f"{row.posterior:.4g}",
            f"{row.explained:.0%}", _yes(row.met), _yes(row.holds),
        ]
        for row in targets.itertuples()
    ]  # fmt: skip


def parameter_rows(parameters: pd.DataFrame) -> Rows:
    """Per parameter how far the data moved it and how much of its variance they took."""
    return [
        [
            str(row.parameter), f"{row.mean:+.2f} sd", f"{row.sd:.2f}", f"{row.taken:.0%}",
            "yes" if row.informed else "", "yes" if row.money else "",
        ]
        for row in parameters.itertuples()
    ]  # fmt: skip


def recovery_rows(table: pd.DataFrame, worlds: int) -> Rows:
    """Per parameter that matters in half of the worlds or more, how often its interval held the known value."""
    return [
        [str(name), str(len(part)), f"{part['inside'].mean():.0%}", f"{part['taken'].mean():.0%}"]
        for name, part in table.groupby("parameter")
        if len(part) >= worlds // 2
    ]


def recovery_told(table: pd.DataFrame, worlds: int, informed: float) -> str:
    """The share of known parameters inside their interval, in words; `informed` is the variance taken that counts."""
    seen = table[table["taken"] >= informed]
    return (
        f"{worlds} worlds: {table['inside'].mean():.1%} of {len(table)} known parameters inside their 90% interval; "
        f"of the {len(seen)} that the data informed, {seen['inside'].mean():.1%}"
    )


def fit_told(parameters: pd.DataFrame, uncertain: int, effective: float) -> str:
    """How many parameters a fit informed, in words."""
    informed = int(parameters["informed"].sum())
    money = int((parameters["informed"] & parameters["money"]).sum())
    return (
        f"{informed} of {uncertain} uncertain parameters are informed; the others keep their priors. "
        f"Of those that carry money {money} are informed: "
        "what STO does can't be told from these years, in which every region had it. "
        f"Effective points behind the posterior: {effective:.0f}"
    )


def _yes(holds: object) -> str:
    return "yes" if holds else "NO"
