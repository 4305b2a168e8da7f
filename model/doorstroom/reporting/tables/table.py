"""A table of an annex: cells that carry their interval, a unit per column or row, and a note on where it comes from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from doorstroom.experiment.effects import Summary
from doorstroom.reporting.language import Language
from doorstroom.reporting.wording import decimals, scale, summary_text, verdict


class Value(NamedTuple):
    """A number of a table, always with its interval; `why` is told where there is no number."""

    summary: Summary
    unit: str
    effect: bool
    why: str = ""

    def text(self, language: Language) -> str:
        """As it is read: median (low to high), and how sure where it is an effect."""
        if not np.isfinite(float(self.summary.median)) and self.why:
            return language(self.why)
        told = summary_text(self.summary, self.unit, effect=self.effect, show_unit=False, language=language)
        return f"{told}; {verdict(self.summary, self.unit, language)}" if self.effect else told

    def numbers(self) -> tuple[float, float, float]:
        """Median, low and high in the unit in which they are told; NaN where there is none."""
        factor = scale(self.unit, effect=self.effect).factor
        median, low, high = (
            float(part) * factor for part in (self.summary.median, self.summary.low, self.summary.high)
        )
        return median, low, high

    def places(self) -> int:
        """Decimals that the width of the interval deserves."""
        _, low, high = self.numbers()
        return max(decimals(low, high, effect=self.effect), 0)


Cell = str | Value


class Table(NamedTuple):
    """A table in one language; a column holds text in every row, or a number in every row."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str
