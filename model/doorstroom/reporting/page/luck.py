"""How much of an interval is luck of who is in the sample, from the runs of the study itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.experiment.table import Series
from doorstroom.outcomes import TOTAL
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.key import HEADLINE

ENOUGH: Final = 10
"""Runs from which on a share of their spread can be told."""

EXPECTED: Final = {("vmbo_technique_pupils", TOTAL): ("vmbo_technique_choices", TOTAL)}
"""Outcomes that count heads, by the sum of the chances that those heads had: what is left of the first is luck."""


class Luck(NamedTuple):
    """Of an effect's spread over the runs, the share that is luck, and by how much its interval would be narrower."""

    label: str
    series: Series
    share: float

    @property
    def narrower(self) -> float:
        """Part of the interval's width that would go if everybody were modelled, for a spread of any one shape."""
        return 1.0 - float(np.sqrt(1.0 - self.share))


def lucks(findings: Findings) -> Iterator[Luck]:
    """Of every headline effect in the named year whose luck can be told from the rest.

    With several seeds per draw it is the spread within draws. With one seed it is what the chances that pupils had
    don't explain of who chose technique; for other outcomes nothing of the kind is recorded.
    """
    comparison, at = findings.comparison, findings.years.index(findings.year)
    for label in comparison.others:
        for series in HEADLINE:
            effect = comparison.effect(findings.national_panel, label, series)[:, at, 0]
            if len(effect) < ENOUGH or not np.isfinite(effect).all() or not np.ptp(effect):
                continue
            if comparison.seeds > 1:
                yield Luck(label, series, within(effect.reshape(-1, comparison.seeds)))
            elif series in EXPECTED:
                chances = comparison.effect(findings.national_panel, label, EXPECTED[series])[:, at, 0]
                yield Luck(label, series, unexplained(effect, chances))


def within(effect: NDArray[np.float64]) -> float:
    """Share of the variance that lies within draws, shape (draws, seeds)."""
    return float(min(effect.var(axis=1, ddof=1).mean() / effect.var(ddof=1), 1.0))


def unexplained(heads: NDArray[np.float64], chances: NDArray[np.float64]) -> float:
    """Share of the variance of heads that a line in the summed chances leaves, with its degrees of freedom."""
    if not np.ptp(chances):
        return 1.0
    left = 1.0 - np.corrcoef(heads, chances)[0, 1] ** 2
    return float(min(left * (len(heads) - 1) / (len(heads) - 2), 1.0))
