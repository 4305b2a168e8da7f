"""The model's levels beside those that were observed, year by year.

A figure is inside where the observed value lies in the interval that holds 90% of the runs, made wider by how far off
the observation may be: the half-widths of the two add up as independent errors do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from doorstroom.evidence.ensemble import Ensemble, country, run_ensemble
from doorstroom.inputs.levels import Level
from doorstroom.parameters import Draw

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
ENOUGH: Final = 0.85
"""Part of the figures that should be inside."""


class Compared(NamedTuple):
    """An observed figure, and the model's: median and the ends of the interval that holds 90% of the runs."""

    level: Level
    median: float
    low: float
    high: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 90% interval, with the error of the observation in it."""
        level = self.level
        below = np.hypot(self.median - self.low, level.high - level.value)
        above = np.hypot(self.high - self.median, level.value - level.low)
        return float(self.median - below), float(self.median + above)

    @property
    def inside(self) -> bool:
        """Whether the observed value lies in that interval."""
        low, high = self.interval
        return low <= self.level.value <= high


def run_levels(
    levels: Sequence[Level], draws: Sequence[Draw], *, folder: Path, fraction: float, processes: int
) -> list[Compared]:
    """Run the baseline, each draw with luck of its own, and compare."""
    series = list(dict.fromkeys((level.outcome, level.group) for level in levels))
    ensemble = run_ensemble(
        draws,
        series,
        folder=folder,
        fraction=fraction,
        processes=processes,
        own_seeds=len(draws) > 1,
        last_year=max(year for level in levels for year in level.years),
    )
    return compare(levels, ensemble)


def compare(levels: Sequence[Level], ensemble: Ensemble) -> list[Compared]:
    """Every figure against the runs."""
    compared = []
    for level in levels:
        found = country(ensemble, (level.outcome, level.group), level.year)
        if level.base is not None:
            found = found / country(ensemble, (level.outcome, level.group), level.base)
        low, middle, high = np.quantile(found, [LOW, MIDDLE, HIGH])
        compared.append(Compared(level, float(middle), float(low), float(high)))
    return compared


def share_inside(compared: Sequence[Compared]) -> float:
    """Part of the figures that is inside; NaN where there are none."""
    return float(np.mean([one.inside for one in compared])) if compared else float("nan")
