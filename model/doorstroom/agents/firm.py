"""Firms: one agent per region, technical sector and size class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from doorstroom.agents.demand import Demand, Market
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
    """The firms of one size class in one technical sector of one region, taken together.

    Small firms have fewer than 10 workers, large ones 100 or more. They hire, train, co-finance and give up work each
    in their own measure (firms.size_*).
    """

    region = Column("row", "region", np.int64)
    field = Column("row", "technical sector, 0 = bouw", np.int64)
    size = Column("row", "size class, 0 = small", np.int64)
    employed = Column("persons", "technicians at mbo level employed")
    employed_at_start = Column("persons", "technicians employed in 2019")
    demand = Column("persons", "technicians wanted")
    vacancies = Column("vacancies", "open on 1 October")
    openings = Column("persons", "jobs to fill in the year")
    separation = Column("share", "of its technicians who lose the job in the year, the dismissed left aside")
    dismissed = Column("persons", "technicians let go in the year")
    places = Column("places", "work-based (bbl) places offered to new students")


class FirmPopulation(Rows[Firm]):
    """All firms together, ordered by region, sector and size.

    Attributes
    ----------
    hired : hires of the year by source (graduates, job-seekers, elsewhere, teaching), shape (regions, 4)
    lent : FTE of technicians whom firms lend to schools as hybrid teachers, shape (regions,)
    to_teaching : technicians who left for a school this year, persons, shape (regions,)
    """

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
        self.usual = firms.usual_vacancies(self.p)
        self.hired = np.zeros((len(model.regions), 4))
        self.lent, self.to_teaching, self.from_teaching = np.zeros((3, len(model.regions)))

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
        vacancies, seekers = employed * self.usual, employed * p.seeker_rate_2019
        self._spread(employed=(employed, p.size_share), employed_at_start=(employed, p.size_share))
        self._spread(vacancies=(vacancies, p.size_share / p.size_pull), places=(places, p.size_share * p.size_training))
        self.employed_2019 = employed
        self.places_2019 = places[:, :, None] * _shares(p.size_share * p.size_training)
        self.fill(demand=self.employed + self.vacancies)
        regions.seekers[:] = seekers
        regions.tightness_2019[:] = firms.tightness(vacancies, seekers)
        country = Market(employed.sum(axis=0), vacancies.sum(axis=0), seekers.sum(axis=0))
        self.market = Demand(self.model, country, graduates, p)
        self._feel()

    def _spread(self, **arrays: tuple[NDArray[np.float64], NDArray[np.float64]]) -> None:
        """Set arrays from values per region and sector and weights of the size classes."""
        self.fill(
            **{name: (values[:, :, None] * _shares(weights)).ravel() for name, (values, weights) in arrays.items()}
        )

    def by_size(self, name: str) -> NDArray[np.float64]:
        """One of the arrays, shape (regions, 5, 3)."""
        return self.arrays[name].reshape(self.shape)

    def by_sector(self, name: str) -> NDArray[np.float64]:
        """Sum over size classes of one of the arrays, shape (regions, 5)."""
        return np.asarray(self.by_size(name).sum(axis=2))

    def plan(self) -> None:
        """Set demand, openings, wages, training places and co-financing for the year."""
        regions, p = self.model.regions, self.p
        shocks = self.model.policy.context.shocks(self.model.year, regions.names)
        growth = (self.market.growth(self.model.year) + shocks)[self.region, self.field]
        usual = self.usual[self.field] * self.employed
        self.fill(
            demand=firms.next_demand(self.demand, self.vacancies, usual, growth, p.size_give_up[self.size], p),
        )
        self.fill(separation=firms.separation(growth, p.growth[self.field], p))
        self.fill(dismissed=firms.let_go(self.demand, self.employed, self.separation, p))
        self.hired[:] = self.to_teaching[:] = self.from_teaching[:] = 0.0
        self._open()
        relative, grown = (
            self.relative_tightness(),
            self.by_size("employed") / np.maximum(self.by_size("employed_at_start"), 1e-9),
        )
        connection = regions.connection[:, None, None]
        self.fill(places=firms.bbl_places(self.places_2019, relative[:, :, None], connection, grown, p).ravel())
        weight = self.by_size("employed_at_start") * p.size_cofinancing
        strength = (weight * grown).sum(axis=(1, 2)) / np.maximum(weight.sum(axis=(1, 2)), 1e-9)
        regions.fill(brought=firms.brought(regions.lasting_cofinancing, regions.connection, strength, p))

    def _staying(self) -> NDArray[np.float64]:
        """Technicians who stay through the year, without those who go to teach."""
        return np.asarray(self.employed * (1.0 - self.p.retire - self.separation) - self.dismissed)

    def _open(self) -> None:
        """Set the openings, with those who went to teach gone and the hours of those lent missing."""
        here = self.by_sector("employed").sum(axis=1)
        gone = np.divide(self.to_teaching + self.lent, here, out=np.zeros_like(here), where=here > 0)
        self.fill(openings=firms.openings(self.demand, self._staying() - self.employed * gone[self.region]))

    def exchange(
        self, to_teaching: NDArray[np.float64], from_teaching: NDArray[np.float64], lent: NDArray[np.float64]
    ) -> None:
        """Let technicians go to teach and teachers come from it; each person is counted on one side only.

        Between `plan` and `hire`. Who goes leaves an opening; who comes takes one, before graduates do, and where there
        is none looks for work. Hybrid teachers stay with their firm, which misses their hours.

        Parameters
        ----------
        to_teaching, from_teaching : persons of the year, shape (regions,)
        lent : FTE of all hybrid teachers at work, shape (regions,)
        """
        self.to_teaching[:], self.from_teaching[:], self.lent[:] = to_teaching, from_teaching, lent
        self._open()

    def relative_tightness(self) -> NDArray[np.float64]:
        """Tightness relative to 2019, shape (regions, 5); one everywhere where that feedback is switched off."""
        regions = self.model.regions
        if not self.model.policy.loops.tightness:
            return np.ones(self.shape[:2])
        now = firms.tightness(self.by_sector("vacancies"), regions.seekers)
        return firms.relative(now, regions.tightness_2019)

    def places_against_2019(self) -> NDArray[np.float64]:
        """Work-based places relative to 2019, shape (regions, 5)."""
        return self.by_sector("places") / np.maximum(self.places_2019.sum(axis=2), 1e-9)

    def draw(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What draws graduates to a region and sector, and the jobs there are, both shape (regions, 5)."""
        openings = self.by_size("openings")
        return (openings * self.p.size_pull).sum(axis=2), openings.sum(axis=2)

    def hire(self, looking: NDArray[np.float64]) -> NDArray[np.float64]:
        """Hire teachers who come back, graduates, seekers, people from elsewhere, and count what stays open.

        Parameters
        ----------
        looking : graduates who look for technical work, persons per home region and sector, shape (regions, 5)

        Returns
        -------
        The chance per home region and sector that a graduate who looks is hired.
        """
        regions, p = self.model.regions, self.p
        pull, room = self.draw()
        teachers = self.taken_by_teachers(room)
        graduates, chance = first_job.spread(looking, pull, room - teachers, self.nearness)
        left = room - teachers - graduates
        lost = (self.separation * self.employed + self.dismissed).reshape(self.shape).sum(axis=2)
        found = firms.seekers(regions.seekers, lost, p)
        hired = firms.hires(left, found, self.market.efficiency, p)
        came = firms.from_elsewhere(left - hired, self.employed_2019, self.relative_tightness(), p)
        sources = np.stack([graduates, hired, came, teachers], axis=-1)
        taken = firms.over_sizes(sources.sum(axis=-1), self.by_size("openings"), p).ravel()
        here = self.by_sector("employed").sum(axis=1)
        gone = np.divide(self.to_teaching, here, out=np.zeros_like(here), where=here > 0)[self.region]
        unplaced = np.maximum(self.from_teaching - teachers.sum(axis=1), 0.0)
        self.fill(
            employed=self._staying() - self.employed * gone + taken,
            vacancies=self.openings - taken,
        )
        regions.fill(seekers=np.maximum(found - hired, 0.0) + unplaced[:, None] * p.field_share)
        self.hired = sources.sum(axis=1)
        self._feel()
        return chance

    def taken_by_teachers(self, room: NDArray[np.float64]) -> NDArray[np.float64]:
        """Jobs that teachers who come to industry take, persons, shape (regions, 5)."""
        total = room.sum(axis=1)
        taken = np.minimum(self.from_teaching, total)
        return np.asarray(room * np.divide(taken, total, out=np.zeros_like(total), where=total > 0)[:, None])

    def _feel(self) -> None:
        """Pass tightness and wages on to the regions, averaged over sectors by employment."""
        employed = self.by_sector("employed")
        relative = (self.relative_tightness() * employed).sum(axis=1) / np.maximum(employed.sum(axis=1), 1e-9)
        self.model.regions.fill(relative_tightness=relative, wage=firms.wage(relative, self.p))


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(weights / weights.sum())
