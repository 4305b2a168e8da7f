"""Demand for technicians: as it was observed, then as it is forecast, with a cycle that nobody foresees.

For the observed years demand grows as it must have grown for the vacancies that were counted: in the country as one
market, with the graduates of 2019 (firms.py gives the flows). A run's own supply, hence its schemes, plays no part: all
scenarios of a draw and seed meet the same demand, and their vacancies may differ from those counted. What is counted
isn't exact: a year's figure is off by observation_error in the log. After the last known year demand grows by the
forecast and by a cycle c around it,

    c = cycle_memory x c_before + cycle_spread x z,     growth = growth[field] + c - c_before

with c = 0 in the last known year; z is standard normal, one a year, and belongs to luck like the errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from doorstroom.draws import Purpose
from doorstroom.fits import DEFAULT_FIT
from doorstroom.mechanisms import firms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

    Array = NDArray[np.float64]

FURTHEST: Final = 0.9
"""Growth, up or down, beyond which none is looked for."""
HALVINGS: Final = 60
"""Steps of bisection: far below a person."""


class Market(NamedTuple):
    """The country as one market per sector, persons in a year, shape (fields,)."""

    employed: Array
    vacancies: Array
    seekers: Array


class Demand:
    """Growth of demand by sector and year."""

    def __init__(self, model: TechnicalEducation, start: Market, graduates: Array, p: firms.Firms) -> None:
        self.model, self.p = model, p
        self.start, self.graduates = start, graduates
        self.efficiency = firms.efficiency(*start, p)
        self.observed = self._observed()
        self.cycle = np.zeros(1)

    def growth(self, year: int) -> Array:
        """Growth of demand in a year as a share, shape (fields,); asked once a year, in order."""
        if year in self.observed:
            return self.observed[year]
        before, self.cycle = self.cycle, firms.next_cycle(self.cycle, self._luck(year), self.p)
        return np.asarray(self.p.growth + self.cycle - before)

    def _luck(self, year: int) -> Array:
        return self.model.draws.normal(Purpose.DEMAND, year, np.arange(1))

    def _observed(self) -> dict[int, Array]:
        """Growth in each observed year; none in a fit to what was known in 2019."""
        p, first = self.p, self.model.policy.years.first
        last = firms.OBSERVED_FROM + len(p.vacancies_observed) - 1 if self.model.policy.fit == DEFAULT_FIT else first
        now, found = self.start, {}
        for year in range(first + 1, last + 1):
            counted = (
                p.vacancies_observed[year - firms.OBSERVED_FROM] / p.vacancies_observed[first - firms.OBSERVED_FROM]
            )
            wanted = self.start.vacancies * counted * np.exp(p.observation_error * self._luck(year))
            found[year], now = self._towards(now, wanted)
        return found

    def _towards(self, now: Market, vacancies: Array) -> tuple[Array, Market]:
        """The growth at which so many vacancies are open a year on, and the market then."""
        p, employed = self.p, now.employed
        relative = firms.relative(
            firms.tightness(now.vacancies, now.seekers), firms.tightness(self.start.vacancies, self.start.seekers)
        )
        usual = firms.usual_vacancies(p) * employed
        given_up = p.give_up * (p.size_share * p.size_give_up).sum() * (now.vacancies - usual)

        def year(growth: Array) -> Market:
            lost = firms.separation(growth, p.growth, p) * employed
            staying = employed * (1.0 - p.retire) - lost + self.graduates
            room = firms.openings((employed + now.vacancies) * (1.0 + growth) - given_up, staying)
            found = firms.seekers(now.seekers, lost, p)
            hired = firms.hires(room, found, self.efficiency, p)
            came = firms.from_elsewhere(room - hired, self.start.employed, relative, p)
            return Market(staying + hired + came, room - hired - came, found - hired)

        low, high = np.full(len(employed), -FURTHEST), np.full(len(employed), FURTHEST)
        for _ in range(HALVINGS):
            growth = 0.5 * (low + high)
            too_low = year(growth).vacancies < vacancies
            low, high = np.where(too_low, growth, low), np.where(too_low, high, growth)
        return growth, year(growth)
