"""Firms: one agent per region, technical sector and size class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from doorstroom.agents.rows import Column, RowAgent, Rows
from doorstroom.geography import distances, plane
from doorstroom.mechanisms import firms, first_job
from doorstroom.terms import TECHNICAL_FIELDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

SIZES: Final = ("small", "medium", "large")
FIELDS: Final = len(TECHNICAL_FIELDS)


class Firm(RowAgent):
    """The firms of one size class in one technical sector of one region, taken together."""

    region = Column("row", "region", np.int64)
    field = Column("row", "technical sector, 0 = bouw", np.int64)
    size = Column("row", "size class, 0 = small", np.int64)
    employed = Column("persons", "technicians at mbo level employed")
    demand = Column("persons", "technicians wanted")
    vacancies = Column("vacancies", "open on 1 October")
    places = Column("places", "work-based (bbl) places offered to new students")


class FirmPopulation(Rows[Firm]):
    """All firms together, ordered by region, sector and size."""

    def __init__(self, model: TechnicalEducation, codes: list[str]) -> None:
        super().__init__(model, Firm, codes)
        self.model = model
        self.p = model.parameters.take(firms.Firms)
        self.job = model.parameters.take(first_job.FirstJob)
        self.shape = (len(model.regions), FIELDS, len(SIZES))
        region, field, size = np.indices(self.shape).reshape(3, -1)
        self.fill(region=region, field=field, size=size)
        place = plane(model.regions.lat, model.regions.lon)
        self.nearness = np.exp(-distances(place, place) / self.job.commute_km)

    def settle(self, workers: NDArray[np.float64], graduates: NDArray[np.float64], places: NDArray[np.float64]) -> None:
        """Put the technicians of 2019 in place.

        Parameters
        ----------
        workers : part of the country's technicians per region and sector, shape (regions, 5), summing to one
        graduates : graduates entering technical work a year, shape (5,)
        places : work-based places taken a year, shape (regions, 5)
        """
        p, regions = self.p, self.model.regions
        employed = workers * p.technicians_2019
        self.fill(employed=(employed[:, :, None] * p.size_share).ravel())
        self.vacancies[:] = self.employed * p.vacancy_rate_2019
        self.demand[:] = self.employed + self.vacancies
        regions.seekers[:] = employed * p.seeker_rate_2019
        regions.tightness_2019[:] = firms.tightness(self.by_sector("vacancies"), regions.seekers)
        national = employed.sum(axis=0)
        self.balance = firms.balance(
            national, national * p.vacancy_rate_2019, national * p.seeker_rate_2019, graduates, p
        )
        self.employed_2019, self.places_2019 = employed, places
        self.fill(places=(places[:, :, None] * p.size_share).ravel())
        self._feel()

    def by_sector(self, name: str) -> NDArray[np.float64]:
        """Sum over size classes of one of the arrays, shape (regions, 5)."""
        return np.asarray(self.arrays[name].reshape(self.shape).sum(axis=2))

    def plan(self) -> None:
        """Set demand, openings, wages, training places and co-financing for the year."""
        regions, p = self.model.regions, self.p
        growth = (p.growth + self.model.policy.context.shock(self.model.year))[self.field]
        self.fill(demand=firms.next_demand(self.demand, self.vacancies, self.employed, growth, p))
        self.openings = firms.openings(self.demand, self.employed, p)
        relative = self.relative_tightness()
        employment = self.by_sector("employed") / np.maximum(self.employed_2019, 1e-9)
        places = firms.bbl_places(self.places_2019, relative, regions.connection[:, None], employment, p)
        self.fill(places=(places[:, :, None] * p.size_share).ravel())
        regions.fill(brought=firms.brought(regions.lasting_cofinancing, regions.connection, p))

    def relative_tightness(self) -> NDArray[np.float64]:
        """Tightness relative to 2019, shape (regions, 5); one everywhere where that feedback is switched off."""
        regions = self.model.regions
        if not self.model.policy.loops.tightness:
            return np.ones(self.shape[:2])
        now = firms.tightness(self.by_sector("vacancies"), regions.seekers)
        return firms.relative(now, regions.tightness_2019)

    def hire(self, looking: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hire graduates, then others, and count what stays open.

        Parameters
        ----------
        looking : graduates who look for technical work, persons per home region and sector, shape (regions, 5)

        Returns
        -------
        The chance per home region and sector that a graduate who looks is hired.
        """
        regions, p = self.model.regions, self.p
        room = self.openings.reshape(self.shape).sum(axis=2)
        graduates, chance = first_job.spread(looking, room, self.nearness)
        room_left = room - graduates
        employed = self.by_sector("employed")
        wage = firms.wage(self.relative_tightness(), p)
        found = firms.seekers(regions.seekers, employed, wage, self.balance.side_inflow, p)
        others = firms.hires(room_left, found, self.balance.efficiency, p)
        filled = np.divide(graduates + others, room, out=np.zeros_like(room), where=room > 0)
        taken = self.openings * filled[self.region, self.field]
        self.fill(
            employed=self.employed * (1.0 - p.retire - p.separate) + taken,
            vacancies=self.openings - taken,
        )
        regions.fill(seekers=np.maximum(found - others, 0.0))
        self._feel()
        return chance

    def _feel(self) -> None:
        """Pass tightness and wages on to the regions, averaged over sectors by employment."""
        employed = self.by_sector("employed")
        relative = (self.relative_tightness() * employed).sum(axis=1) / np.maximum(employed.sum(axis=1), 1e-9)
        self.model.regions.fill(relative_tightness=relative, wage=firms.wage(relative, self.p))
