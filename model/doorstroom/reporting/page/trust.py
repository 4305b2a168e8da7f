"""How good the model is, on the page itself: what was counted since its start, against what its runs had given."""

from __future__ import annotations

from typing import NamedTuple

from doorstroom.experiment.effects import Summary
from doorstroom.experiment.table import Series
from doorstroom.outcomes import OUTCOMES, TOTAL
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.observed import history


class Check(NamedTuple):
    """A counted figure of the country and the model's level of that year, under the first scenario."""

    series: Series
    year: int
    counted: float
    level: Summary

    @property
    def inside(self) -> bool:
        """Whether the count lies within the interval."""
        return bool(self.level.low <= self.counted <= self.level.high)


def checks(findings: Findings) -> list[Check]:
    """All counted totals of the country after the year in which the model starts."""
    base, start = findings.comparison.baseline, findings.years[0]
    found = []
    for series, past in history(findings.comparison.manifest).items():
        if series[1] not in (TOTAL, "havo", "vwo") or not OUTCOMES[series[0]].title:
            continue
        for year, value in zip(past.years, past.values, strict=True):
            if start < year <= findings.last_observed and year in findings.years:
                found.append(Check(series, year, value, findings.level(base, series).at(findings.years.index(year))))
    return found
