"""The people of the start year and of the cohorts to come, made from the official counts.

Every pupil that DUO counted on 1 October 2019 is a row; so is every mbo student. What the counts don't hold is
generated, seeded: home postcode (near the school; of who starts in mbo as an adult or was there in 2019, as people of
working age live around the college), migration background, parents, taste, the route out of the lower years, the year
of study in mbo.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.special import ndtri

from doorstroom.agents.constants import LOADS_TECHNIQUE, selected
from doorstroom.agents.pupils import Pupils
from doorstroom.draws import Purpose
from doorstroom.kernels import compiled
from doorstroom.mechanisms import mbo_choice, study
from doorstroom.mechanisms import track as routes
from doorstroom.mechanisms.profile_choice import ProfileChoice
from doorstroom.terms import Field, Pathway, Profile, Stage, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cell = NDArray[np.integer]
    from doorstroom.agents.country import Country, PupilCells, StudentCells
    from doorstroom.education import TechnicalEducation

TOGETHER: Final = 16_384
"""Persons who are made at a time."""
FORECAST_YEARS: Final = (2021, 2030, 2040)
"""Years between which the spread of the forecast is linear; the cohorts of before were counted."""
SIDE: Final = {"low": -1.0, "middle": 0.0, "high": 1.0}


class Population(NamedTuple):
    """Parameters of what is generated; `migration_share` runs over Track, `forecast_spread` over FORECAST_YEARS."""

    migration_share: NDArray[np.float64]
    home_km: float
    forecast_spread: NDArray[np.float64]
    adults_part_level: NDArray[np.float64]


class Block(NamedTuple):
    """Rows of the people who enter in one year: from `first` on the pupils, then the adults who start in mbo."""

    first: int
    pupils: int
    adults: int


def persons_kept(total: float, fraction: float, u: float) -> int:
    """How many of `total` persons a sampling fraction keeps: every 1/fraction-th in order, from a random start."""
    return int(np.floor(total * fraction + u))


@compiled
def sample(edges: NDArray[np.float64], kept: int, fraction: float, u: float) -> Cell:
    """The cell of each person kept, shape (kept,).

    `edges` are the running sums of the counts, which may be fractional (a cohort to come). A fraction of 1 keeps
    exactly everybody of a whole count.
    """
    cell = np.empty(kept, np.int32)
    at = 0
    for person in range(kept):
        while at < len(edges) - 1 and edges[at] <= (person + 1.0 - u) / fraction:
            at += 1
        cell[person] = at
    return cell


@compiled
def settle(
    school: NDArray[np.int16], u: NDArray[np.float64], chance: NDArray[np.float64], near: NDArray[np.int16]
) -> NDArray[np.int16]:
    """The home postcode of each pupil, shape (n,): by inversion of the running sums of a location's row of `chance`."""
    home = np.empty(len(school), np.int16)
    for i in range(len(school)):
        low, high = 0, chance.shape[1] - 1
        while low < high:
            middle = (low + high) // 2
            if u[i] < chance[school[i], middle]:
                high = middle
            else:
                low = middle + 1
        home[i] = near[school[i], low]
    return home


@compiled
def settle_around(
    college: Cell,
    u: NDArray[np.float64],
    catchment: NDArray[np.float64],
    in_region: NDArray[np.int16],
    start: NDArray[np.int64],
    running: NDArray[np.float64],
) -> tuple[NDArray[np.int8], NDArray[np.int16]]:
    """Home region and postcode of each student, shape (n,): first the region, then where in it people live.

    Parameters
    ----------
    college : row of `catchment`, shape (n,)
    in_region, start, running : postcodes by region and running sums of who lives there, as in Country
    """
    region, home = np.empty(len(college), np.int8), np.empty(len(college), np.int16)
    for i in range(len(college)):
        edges = catchment[college[i]]
        at = min(np.searchsorted(edges, u[i], side="right"), len(edges) - 1)
        low = edges[at - 1] if at > 0 else 0.0
        left = (u[i] - low) / (edges[at] - low) if edges[at] > low else 0.0
        inside = running[start[at] : start[at + 1]]
        region[i] = at
        home[i] = in_region[start[at] + min(np.searchsorted(inside, left, side="right"), len(inside) - 1)]
    return region, home


@compiled
def fall(u: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.int32]:
    """The cell that each uniform number falls in, shape (n,); `edges` are running sums of shares, up to one."""
    guide = np.searchsorted(edges, np.arange(len(edges)) / len(edges))  # where to begin to look
    cell = np.empty(len(u), np.int32)
    for n in range(len(u)):
        at = guide[int(u[n] * len(edges))]
        while at < len(edges) - 1 and edges[at] < u[n]:
            at += 1
        cell[n] = at
    return cell


@lru_cache(maxsize=4)
def home_chance(country: Country, home_km: float) -> NDArray[np.float64]:
    """Running sums over a location's near postcodes of the chance that a pupil lives there, shape of country.home_km.

    Runs that share a country and `home_km`, the distance at which the chance falls by a factor e, share them.
    """
    weight = country.home_pupils * np.exp(-country.home_km / home_km) + 1e-9
    return np.asarray(np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1))


def adult_shares(cells: StudentCells, p: Population, bbl: float) -> NDArray[np.float64]:
    """Part of the adults who start in mbo per cell of students, shape (cells,): like the students, more of them in bbl.

    `bbl` is the share of adults who start in a work-based course.
    """
    stock = cells.n * p.adults_part_level[cells.level - 1]
    work_based = cells.pathway == Pathway.BBL
    share = np.where(work_based, bbl, 1.0 - bbl)
    return np.asarray(stock * share / np.where(work_based, stock[work_based].sum(), stock[~work_based].sum()))


class Builder:
    """Lays out all rows of a run and fills them when their time comes.

    People of the middle forecast have the same rows whatever the forecast, hence the same luck: where it is low some of
    them never come, where it is high more come after them.

    Attributes
    ----------
    absent : number of rows of people who don't come, or haven't yet
    reserve : per year the adults who come to work-based technique where firms take on more than in 2019
    """

    def __init__(self, model: TechnicalEducation, fraction: float) -> None:
        self.model, self.country, self.fraction = model, model.country, fraction
        self.p = model.parameters.take(Population)
        self.background_effect = model.parameters.take(ProfileChoice).background_effect
        country, years = self.country, model.policy.years
        self.home_chance = home_chance(country, self.p.home_km)
        adults = adult_shares(country.students, self.p, model.mbo_p.adult_bbl)
        at_a_firm = (country.students.pathway == Pathway.BBL) & (country.students.field != Field.OTHER)
        self.adult_edges, at_firms = np.cumsum(adults), np.cumsum(adults * at_a_firm)
        self.reserve_edges = at_firms / max(at_firms[-1], 1e-300)
        self._entrants()
        pupils, students = np.cumsum(country.pupils.n), np.cumsum(country.students.n)
        luck = self._luck(0)
        start = Block(0, persons_kept(pupils[-1], fraction, luck[0]), persons_kept(students[-1], fraction, luck[1]))
        self.blocks: dict[int, Block] = {}
        end = start.pupils + start.adults
        for year in range(years.first + 1, years.last + 1):
            one, other = self._luck(year)
            new = persons_kept(self._edges(year)[-1], fraction, one)
            self.blocks[year] = Block(end, new, persons_kept(model.mbo_p.adults_per_year, fraction, other))
            end += self.blocks[year].pupils + self.blocks[year].adults
        self.absent, self.extra = 0, {}
        for year, block in self.blocks.items():
            factor, (stay, more) = self._factor(year), self._forecast_luck(year)
            if factor < 1.0:
                self.absent += block.pupils - int(np.floor(factor * block.pupils + stay))
            elif factor > 1.0:
                new = persons_kept(self._edges(year)[-1] * (factor - 1.0), fraction, more)
                self.extra[year] = Block(end, new, 0)
                end += new
        self.reserve: dict[int, Block] = {}
        more_adults = model.mbo_p.adults_per_year * float(at_firms[-1]) * (mbo_choice.MOST_ADULTS - 1.0)
        for year in self.blocks:
            start_at = float(model.draws.block(Purpose.SAMPLE, year, 4, 5)[0])
            self.reserve[year] = Block(end, 0, persons_kept(more_adults, fraction, start_at))
            end += self.reserve[year].adults
            self.absent += self.reserve[year].adults
        self.pupils = Pupils(model, end, fraction)
        self._start_vo(0, sample(pupils, start.pupils, fraction, luck[0]))
        self._start_mbo(start.pupils, sample(students, start.adults, fraction, luck[1]))

    def _luck(self, year: int) -> tuple[float, float]:
        """Where sampling starts: among pupils, and among students or adults."""
        one, other = self.model.draws.block(Purpose.SAMPLE, year, 0, 2).tolist()
        return one, other

    def _forecast_luck(self, year: int) -> tuple[float, float]:
        """Luck of who comes of the middle forecast in a low one, and where sampling of those a high one adds starts."""
        one, other = self.model.draws.block(Purpose.SAMPLE, year, 2, 4).tolist()
        return one, other

    def _factor(self, year: int) -> float:
        """Size of a cohort relative to that of the middle forecast."""
        spread = np.interp(year, FORECAST_YEARS, self.p.forecast_spread)
        return 1.0 + SIDE[self.model.policy.context.pupils] * float(spread)

    def _entrants(self) -> None:
        """Cells of the year-1 pupils of 2019 who were new in secondary education, and their persons."""
        pupils = self.country.pupils
        self.new = pupils.where((pupils.year == 1) & (pupils.track != Track.VAVO))
        self.new_persons = self.new.n * (1.0 - self.model.progress_p.repeat[self.new.track])
        self.new_region = self.country.region[self.new.location]
        self.per_region = np.bincount(self.new_region, self.new_persons, len(self.country.people))

    def _edges(self, year: int) -> NDArray[np.float64]:
        """Running sums over the cells of `new` of the persons who enter in a year."""
        return np.cumsum(self.new_persons * self.country.cohort(year)[self.new_region] * self.model.times.cohort(year))

    def coming(self, year: int) -> NDArray[np.float64]:
        """Pupils who will enter secondary education in a year, per region, shape (regions,)."""
        year = min(year, self.model.policy.years.last)
        return np.asarray(
            self.per_region * self.country.cohort(year) * self.model.times.cohort(year) * self._factor(year)
        )

    def enter(self, year: int) -> None:
        """Let the year's new pupils and the adults who start in mbo come in."""
        people, block = self.pupils, self.blocks[year]
        factor, (stay, more) = self._factor(year), self._forecast_luck(year)
        self._new_pupils(block.first, sample(self._edges(year), block.pupils, self.fraction, self._luck(year)[0]), year)
        if factor < 1.0:
            comes = np.diff(np.floor(factor * np.arange(block.pupils + 1) + stay)) > 0
            people.stage[block.first + np.flatnonzero(~comes)] = Stage.FUTURE
        if year in self.extra:
            extra = self.extra[year]
            cell = sample(self._edges(year) * (factor - 1.0), extra.pupils, self.fraction, more)
            self._new_pupils(extra.first, cell, year)
        self._adults(block.first + block.pupils, block.adults, self.adult_edges, year)
        self._adults(self.reserve[year].first, self.reserve[year].adults, self.reserve_edges, year, reserve=True)

    def _new_pupils(self, first: int, cell: Cell, year: int) -> None:
        people, interest = self.pupils, self.model.schools.entry_interest()
        for rows, mine in _portions(first, cell):
            people.arrive(rows, Stage.VO, year)
            people.grade[rows] = 1
            self._school_life(rows, self.new, mine)
            people.added[rows] = interest[people.school[rows]]

    def _start_vo(self, first: int, cell: Cell) -> None:
        people, pupils = self.pupils, self.country.pupils
        for rows, mine in _portions(first, cell):
            people.arrive(rows, Stage.VO, self.model.policy.years.first)
            people.grade[rows] = pupils.year[mine]
            self._school_life(rows, pupils, mine)
            people.profile[rows] = pupils.profile[mine]
            self._select(rows)

    def _school_life(self, rows: slice, cells: PupilCells, cell: Cell) -> None:
        """Everything about pupils that follows from the location, the class and the draws."""
        people, country = self.pupils, self.country
        track, location = cells.track[cell], cells.location[cell]
        people.sex[rows] = cells.sex[cell]
        people.track[rows] = people.toward[rows] = track
        people.school[rows] = people.upper[rows] = location
        people.region[rows] = country.region[location]
        u = self._uniform(Purpose.TRACK, rows)
        routes.follow(cells.origin[cell], u, country.routes, people.upper[rows], people.toward[rows])
        third = track == Track.HAVO_VWO_3
        to_vwo = u[third] < country.vwo_share[location[third]]
        people.toward[rows][third] = np.where(to_vwo, Track.VWO, Track.HAVO)
        self._traits(rows, people.toward[rows])
        people.home[rows] = settle(location, self._uniform(Purpose.HOME, rows), self.home_chance, country.home_rows)

    def _uniform(self, purpose: Purpose, rows: slice) -> NDArray[np.float64]:
        return self.model.draws.block(purpose, 0, rows.start, rows.stop)

    def _traits(self, rows: slice, track: NDArray[np.int8]) -> None:
        """Background and taste; having a parent in technique shifts the taste."""
        people, p = self.pupils, self.model.interest_p
        people.background[rows] = self._uniform(Purpose.BACKGROUND, rows) < self.p.migration_share[track]
        parent = self._uniform(Purpose.PARENT, rows) < p.parent_share
        shift = p.parent_effect * (parent - p.parent_share)
        people.taste[rows] = p.taste_sd * ndtri(self._uniform(Purpose.TASTE, rows)) + shift

    def _select(self, rows: slice) -> None:
        """Who chose technique before the model starts had more taste for it, and less often a migration background."""
        people, profile = self.pupils, self.pupils.profile[rows]
        known = profile != Profile.NONE
        chose, sex = LOADS_TECHNIQUE[profile], people.sex[rows]
        gained = selected(self.model.interest_p.taste_sd**2, chose, sex).astype(np.float32)
        people.taste[rows] += np.where(known, gained, np.float32(0.0))
        share = self.p.migration_share[people.track[rows]]
        odds = share * np.exp(selected(self.background_effect, chose, sex))
        migration = self._uniform(Purpose.BACKGROUND, rows) < odds / (odds + 1.0 - share)
        people.background[rows] = np.where(known, migration, people.background[rows])

    def _start_mbo(self, first: int, cell: Cell) -> None:
        people = self.pupils
        stays = study.staying(self.model.study_p)
        reached = np.cumsum(stays / stays.sum(axis=2, keepdims=True), axis=2)
        for rows, mine in _portions(first, cell):
            self._student(rows, mine, self.model.policy.years.first)
            done = reached[people.level[rows] - 1, people.pathway[rows]]
            u = self._uniform(Purpose.STUDY_YEAR, rows)
            people.study_year[rows] = 1 + (u[:, None] >= done).sum(axis=1).clip(max=done.shape[1] - 1)

    def _student(self, rows: slice, cell: Cell, year: int) -> None:
        people, cells = self.pupils, self.country.students
        people.arrive(rows, Stage.MBO, year)
        people.sex[rows], people.level[rows] = cells.sex[cell], cells.level[cell]
        people.pathway[rows], people.field[rows] = cells.pathway[cell], cells.field[cell]
        people.college[rows], people.study_year[rows] = cells.college[cell], 1
        country, sectors = self.country, len(Field)
        around = people.college[rows].astype(np.int32) * sectors + people.field[rows]
        people.region[rows], people.home[rows] = settle_around(
            around,
            self._uniform(Purpose.HOME, rows),
            self.model.colleges.catchment,
            country.in_region,
            country.region_start,
            country.region_running,
        )
        self._traits(rows, np.full(len(cell), Track.KB, np.int8))

    def _adults(
        self, first: int, persons: int, edges: NDArray[np.float64], year: int, *, reserve: bool = False
    ) -> None:
        """Adults and returners who start in mbo: like the students of 2019, more of them work-based."""
        people, rows = self.pupils, first + np.arange(persons, dtype=np.uint32)
        u = self.model.draws.uniform(Purpose.MBO_COURSE, 0, rows, 3)
        for part, mine in _portions(first, fall(u[:, 0], edges)):
            self._student(part, mine, year)
        come = self.model.students.taken_on(rows, reserve=reserve)
        people.stage[rows[~come]] = Stage.FUTURE
        self.absent += -int(come.sum()) if reserve else int((~come).sum())
        people.new_in_mbo = np.concatenate([people.new_in_mbo, rows[come]])


def _portions(first: int, cell: Cell) -> Iterator[tuple[slice, Cell]]:
    """Persons from row `first` on with their cells, a portion at a time: rows, and cells of these rows."""
    for start in range(0, len(cell), TOGETHER):
        mine = cell[start : start + TOGETHER]
        yield slice(first + start, first + start + len(mine)), mine
