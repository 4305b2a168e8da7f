"""One at a time: every factor at a low and a high quantile of its prior, the others at their central value.

The plainest question, and blind to interactions: what a factor does elsewhere in the space is not seen.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field
from scipy import stats

from doorstroom.experiment.design.base import Design, Floats, Method, rows
from doorstroom.experiment.factors import Factors


class OneAtATime(Method):
    """The runs behind a tornado plot."""

    title: ClassVar = "One at a time"
    reference: ClassVar = "Saltelli, A. and others (2008), Global Sensitivity Analysis: The Primer, Wiley, section 1.2"
    main: ClassVar = "range"
    absolute: ClassVar = False
    converges: ClassVar = False

    name: Literal["one_at_a_time"] = Field(description="one_at_a_time")
    low: float = Field(default=0.05, gt=0.0, lt=0.5, description="low quantile, above 0 and below 0.5")
    high: float = Field(default=0.95, gt=0.5, lt=1.0, description="high quantile, above 0.5 and below 1")

    @property
    def sizes(self) -> list[int]:
        """There is one size."""
        return [1]

    def design(self, factors: Factors) -> Design:
        """The central point, then low and high of each factor."""
        count = len(factors.columns)
        unit = np.full((1 + 2 * count, count), np.nan)
        for column in range(count):
            unit[1 + 2 * column, column] = self.low
            unit[2 + 2 * column, column] = self.high
        return Design(unit, np.zeros(len(unit), np.int64), np.zeros(len(unit), np.bool_))

    def indices(self, factors: Factors, design: Design, y: Floats) -> pd.DataFrame:
        """Change from the central point at low and at high, and the distance between the two.

        Intervals are those of the mean over seeds (Student t); one seed has none.
        """
        low, high = y[1::2] - y[0], y[2::2] - y[0]
        moves = {"low": low, "high": high, "range": np.abs(high - low)}
        parts = [rows(name, factors.columns, move.mean(axis=1), self._half(move)) for name, move in moves.items()]
        return pd.concat(parts, ignore_index=True)

    def statement(self) -> str:
        """What was done."""
        return (
            f"Each factor in turn was set to the {self.low:.0%} and the {self.high:.0%} quantile of its prior with all "
            "others at their central value. Interactions are not seen."
        )

    def _half(self, move: Floats) -> Floats:
        seeds = move.shape[1]
        if seeds < 2:
            return np.full(len(move), np.nan)
        t = stats.t.ppf(0.5 + self.confidence / 2, seeds - 1)
        return np.asarray(t * move.std(axis=1, ddof=1) / np.sqrt(seeds))
