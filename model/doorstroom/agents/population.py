"""The people of the start year and of the cohorts to come, made from the official counts.

Every pupil that DUO counted on 1 October 2019 is a row; so is every mbo student. What the counts don't hold is
generated, seeded: home postcode (near the school), migration background, parents, taste, the route out of the
lower years, the year of study in mbo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from doorstroom.agents.pupils import Pupils
from doorstroom.draws import Purpose
from doorstroom.geography import plane
from doorstroom.mechanisms import study
from doorstroom.mechanisms import track as routes
from doorstroom.mechanisms.profile_choice import ProfileChoice
from doorstroom.terms import Pathway, Profile, Stage, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation
    from doorstroom.inputs.sets import Inputs

HOMES_PER_SCHOOL = 60
FORECAST_YEARS: Final = (2021, 2030, 2040)
"""Years between which the spread of the forecast is linear; the cohorts of before were counted."""
SIDE: Final = {"low": -1.0, "middle": 0.0, "high": 1.0}


class Population(NamedTuple):
    """Parameters of what is generated; `migration_share` runs over Track, `forecast_spread` over FORECAST_YEARS."""

    migration_share: NDArray[np.float64]
    home_km: float
    forecast_spread: NDArray[np.float64]
    adults_part_level: NDArray[np.float64]


class Cells(NamedTuple):
    """A table of counts in canonical order, one row per cell of equal people."""

    table: pd.DataFrame
    persons: NDArray[np.float64]


def vo_cells(inputs: Inputs) -> Cells:
    """Secondary education of 1 October 2019, sorted so that people who decide together stand together."""
    table = inputs.pupils.melt(
        id_vars=["location", "track", "profile", "class_kind", "year"],
        value_vars=["men", "women"],
        var_name="sex",
        value_name="n",
    )
    table["sex"] = (table["sex"] == "women").astype(np.int8)
    table = table[table["n"] > 0].sort_values(["year", "track", "location", "class_kind", "profile", "sex"])
    return Cells(table.reset_index(drop=True), table["n"].to_numpy(np.float64))


def mbo_cells(inputs: Inputs) -> Cells:
    """Mbo students of 1 October 2019."""
    table = inputs.students[inputs.students["year"] == 2019].melt(
        id_vars=["college", "level", "pathway", "field"], value_vars=["men", "women"], var_name="sex", value_name="n"
    )
    table["sex"] = (table["sex"] == "women").astype(np.int8)
    table = table[table["n"] > 0].sort_values(["level", "pathway", "field", "college", "sex"])
    return Cells(table.reset_index(drop=True), table["n"].to_numpy(np.float64))


def sample(count: NDArray[np.float64], fraction: float, u: float) -> NDArray[np.int64]:
    """The cell of each person kept, shape (kept,): every 1/fraction-th in order, from a random start.

    `count` may be fractional (a cohort to come). A fraction of 1 keeps exactly everybody of a whole count.
    """
    edges = np.cumsum(count)
    size = int(np.floor(edges[-1] * fraction + u)) if len(edges) else 0
    at = (np.arange(size) + 1.0 - u) / fraction
    return np.minimum(np.searchsorted(edges, at, side="right"), len(edges) - 1)


def adult_shares(table: pd.DataFrame, persons: NDArray[np.float64], p: Population, bbl: float) -> NDArray[np.float64]:
    """Part of the adults who start in mbo per cell of students, shape (cells,): like the students, more of them in bbl.

    Parameters
    ----------
    table, persons : cells of the mbo students of 2019
    bbl : share of adults who start in a work-based course
    """
    stock = persons * p.adults_part_level[table["level"].to_numpy() - 1]
    work_based = (table["pathway"] == Pathway.BBL).to_numpy()
    share = np.where(work_based, bbl, 1.0 - bbl)
    return np.asarray(stock * share / np.where(work_based, stock[work_based].sum(), stock[~work_based].sum()))


class Block(NamedTuple):
    """Who comes in one year: rows of the new pupils with the cell of each, rows of the adults who start in mbo."""

    pupils: NDArray[np.int64]
    cell: NDArray[np.int64]
    adults: NDArray[np.int64]


class Builder:
    """Lays out all rows of a run and fills them when their time comes.

    People of the middle forecast have the same rows whatever the forecast, hence the same luck: where it is low some of
    them never come, where it is high more come after them.

    Attributes
    ----------
    absent : number of rows of people who never come
    """

    def __init__(self, model: TechnicalEducation, inputs: Inputs, fraction: float) -> None:
        self.model, self.inputs = model, inputs
        self.p = model.parameters.take(Population)
        self.background_effect = model.parameters.take(ProfileChoice).background_effect
        draws, years = model.draws, model.policy.years
        self.location_row = {code: row for row, code in enumerate(inputs.locations["location"])}
        self.vwo_share = inputs.locations["vwo_share_y3"].to_numpy()
        self.college_row = {code: row for row, code in enumerate(inputs.colleges["college"])}
        self._routes()
        self._homes()
        vo, mbo = vo_cells(inputs), mbo_cells(inputs)
        self.new_pupils = self._entrants(vo)
        u = draws.block(Purpose.SAMPLE, 0, 0, 2)
        layout = [sample(vo.persons, fraction, u[0]), sample(mbo.persons, fraction, u[1])]
        self.blocks: dict[int, Block] = {}
        end = len(layout[0]) + len(layout[1])
        for year in range(years.first + 1, years.last + 1):
            u = draws.block(Purpose.SAMPLE, year, 0, 2)
            cell = sample(self.new_pupils.persons * self._growth(year), fraction, u[0])
            adults = np.arange(int(np.floor(model.mbo_p.adults_per_year * fraction + u[1])))
            self.blocks[year] = Block(end + np.arange(len(cell)), cell, end + len(cell) + adults)
            end += len(cell) + len(adults)
        self.absent = 0
        if model.policy.context.pupils != "middle":
            end = self._leave_the_middle(end, fraction)
        self.pupils = Pupils(model, end, fraction)
        self.mbo = mbo
        self._start_vo(vo, layout[0])
        self._start_mbo(mbo, layout[1], len(layout[0]))

    def _leave_the_middle(self, end: int, fraction: float) -> int:
        """Let fewer or more pupils come than the middle forecast says; the end of the rows."""
        for year, block in self.blocks.items():
            u = self.model.draws.block(Purpose.SAMPLE, year, 2, 4)
            factor = self._factor(year)
            if factor < 1.0:
                comes = np.diff(np.floor(factor * np.arange(len(block.cell) + 1) + u[0])) > 0
                self.absent += int((~comes).sum())
                self.blocks[year] = block._replace(pupils=block.pupils[comes], cell=block.cell[comes])
            else:
                more = sample(self.new_pupils.persons * self._growth(year) * (factor - 1.0), fraction, u[1])
                rows = np.concatenate([block.pupils, end + np.arange(len(more))])
                self.blocks[year] = block._replace(pupils=rows, cell=np.concatenate([block.cell, more]))
                end += len(more)
        return end

    def _factor(self, year: int) -> float:
        """Size of a cohort relative to that of the middle forecast."""
        spread = np.interp(year, FORECAST_YEARS, self.p.forecast_spread)
        return 1.0 + SIDE[self.model.policy.context.pupils] * float(spread)

    def _routes(self) -> None:
        """Number the origins (year, lower location, class kind) and lay out the routes of each, boys before girls."""
        feeders = self.inputs.feeders.sort_values(["year", "lower_location", "class_kind", "upper_location", "track"])
        self.origins = pd.MultiIndex.from_frame(feeders[["year", "lower_location", "class_kind"]].drop_duplicates())
        number = self.origins.get_indexer(pd.MultiIndex.from_frame(feeders[list(self.origins.names)]))
        group = np.concatenate([2 * number, 2 * number + 1])
        order = np.argsort(group, kind="stable")
        group, row = group[order], order % len(feeders)
        share = np.concatenate([feeders["men"], feeders["women"]])[order]
        self.route_upper = feeders["upper_location"].map(self.location_row).to_numpy(np.int16)[row]
        self.route_track = feeders["track"].to_numpy(np.int8)[row]
        self.first_route = np.searchsorted(group, np.arange(2 * len(self.origins) + 1))
        running = pd.Series(share).groupby(group).cumsum().to_numpy()
        self.cumulative = group + np.minimum(running, 1.0 - 1e-12)
        self.cumulative[self.first_route[1:] - 1] = np.arange(2 * len(self.origins)) + 1.0

    def _homes(self) -> None:
        """Chances of the postcodes near each location, as running sums, and their rows."""
        inputs = self.inputs
        where = plane(inputs.locations["lat"].to_numpy(), inputs.locations["lon"].to_numpy())
        km, self.home_rows = cKDTree(self.model.homes).query(where, k=HOMES_PER_SCHOOL)
        weight = inputs.homes["a10_14"].to_numpy(np.float64)[self.home_rows] * np.exp(-km / self.p.home_km) + 1e-9
        self.home_chance = np.cumsum(weight / weight.sum(axis=1, keepdims=True), axis=1)

    def _entrants(self, vo: Cells) -> Cells:
        """Cells of the year-1 pupils of 2019 who were new in secondary education."""
        first = (vo.table["year"] == 1).to_numpy() & (vo.table["track"] != Track.VAVO).to_numpy()
        table = vo.table[first].reset_index(drop=True)
        repeated = self.model.progress_p.repeat[table["track"].to_numpy()]
        return Cells(table, vo.persons[first] * (1.0 - repeated))

    def _growth(self, year: int) -> NDArray[np.float64]:
        """Cohort of a year relative to that of 2019, per cell of `new_pupils`."""
        cohorts = self.inputs.cohorts
        index = cohorts[cohorts["year"] == year].set_index("region")["index"]
        region = self.inputs.locations.set_index("location")["region"]
        return np.asarray(self.new_pupils.table["location"].map(region).map(index), np.float64)

    def coming(self, year: int) -> NDArray[np.float64]:
        """Pupils who will enter secondary education in a year, per region, shape (regions,)."""
        year = min(year, self.model.policy.years.last)
        count = self.new_pupils.persons * self._growth(year) * self._factor(year)
        rows = self.new_pupils.table["location"].map(self.location_row).to_numpy(np.int64)
        return np.asarray(np.bincount(self.model.schools.region[rows], count, len(self.model.regions)), np.float64)

    def _start_vo(self, vo: Cells, cell: NDArray[np.int64]) -> None:
        rows, people, table = np.arange(len(cell)), self.pupils, vo.table.iloc[cell]
        people.stage[rows] = Stage.VO
        people.grade[rows] = table["year"].to_numpy(np.int8)
        people.entered[rows] = self.model.policy.years.first
        self._school_life(rows, table)
        people.profile[rows] = table["profile"].to_numpy(np.int8)
        self._select(rows)

    def _school_life(self, rows: NDArray[np.int64], table: pd.DataFrame) -> None:
        """Everything about a pupil that follows from the location, the class and the draws."""
        model, people = self.model, self.pupils
        people.sex[rows] = table["sex"].to_numpy(np.int8)
        people.track[rows] = people.toward[rows] = table["track"].to_numpy(np.int8)
        people.school[rows] = people.upper[rows] = table["location"].map(self.location_row).to_numpy(np.int16)
        people.region[rows] = model.schools.region[people.school[rows]]
        lower = rows[people.track[rows] == Track.LOWER]
        kinds = pd.MultiIndex.from_frame(
            table.loc[(people.track[rows] == Track.LOWER), ["year", "location", "class_kind"]]
        )
        origin = 2 * self.origins.get_indexer(kinds) + people.sex[lower]
        route = routes.route(origin, model.draws.uniform(Purpose.TRACK, 0, lower), self.first_route, self.cumulative)
        people.upper[lower], people.toward[lower] = self.route_upper[route], self.route_track[route]
        third = rows[people.track[rows] == Track.HAVO_VWO_3]
        to_vwo = model.draws.uniform(Purpose.TRACK, 0, third) < self.vwo_share[people.school[third]]
        people.toward[third] = np.where(to_vwo, Track.VWO, Track.HAVO)
        self._traits(rows, people.toward[rows])
        u = model.draws.uniform(Purpose.HOME, 0, rows)
        near = people.school[rows]
        place = (u[:, None] >= self.home_chance[near]).sum(axis=1).clip(max=HOMES_PER_SCHOOL - 1)
        people.home[rows] = self.home_rows[near, place]

    def _traits(self, rows: NDArray[np.int64], track: NDArray[np.int8]) -> None:
        """Background and taste; having a parent in technique shifts the taste."""
        model, p = self.model, self.model.interest_p
        draws, people = model.draws, self.pupils
        people.background[rows] = draws.uniform(Purpose.BACKGROUND, 0, rows) < self.p.migration_share[track]
        parent = draws.uniform(Purpose.PARENT, 0, rows) < p.parent_share
        shift = p.parent_effect * (parent - p.parent_share)
        people.taste[rows] = p.taste_sd * draws.normal(Purpose.TASTE, 0, rows) + shift

    def _select(self, rows: NDArray[np.int64]) -> None:
        """Who chose technique before the model starts had more taste for it, and less often a migration background."""
        people, model = self.pupils, self.model
        rows = rows[people.profile[rows] != Profile.NONE]
        chose, sex = model.loads_technique[people.profile[rows]], people.sex[rows]
        people.taste[rows] += model.selected(model.interest_p.taste_sd**2, chose, sex).astype(np.float32)
        share = self.p.migration_share[people.track[rows]]
        odds = share * np.exp(model.selected(self.background_effect, chose, sex))
        luck = model.draws.uniform(Purpose.BACKGROUND, 0, rows)
        people.background[rows] = luck < odds / (odds + 1.0 - share)

    def _start_mbo(self, mbo: Cells, cell: NDArray[np.int64], first: int) -> None:
        people, table = self.pupils, mbo.table.iloc[cell]
        rows = first + np.arange(len(cell))
        self._traits(rows, np.full(len(rows), Track.KB, np.int8))
        self._student(rows, table)
        people.college[rows] = table["college"].map(self.college_row).to_numpy(np.int8)
        people.region[rows] = self.model.colleges.region[people.college[rows]]
        people.entered[rows] = self.model.policy.years.first
        stays = study.staying(self.model.study_p)
        reached = np.cumsum(stays / stays.sum(axis=2, keepdims=True), axis=2)
        u = self.model.draws.uniform(Purpose.STUDY_YEAR, 0, rows)
        done = reached[people.level[rows] - 1, people.pathway[rows]]
        people.study_year[rows] = 1 + (u[:, None] >= done).sum(axis=1).clip(max=done.shape[1] - 1)

    def _student(self, rows: NDArray[np.int64], table: pd.DataFrame) -> None:
        people = self.pupils
        people.stage[rows] = Stage.MBO
        for name in ("sex", "level", "pathway", "field"):
            getattr(people, name)[rows] = table[name].to_numpy(np.int8)

    def enter(self, year: int) -> None:
        """Let the year's new pupils and the adults who start in mbo come in."""
        rows, cell, adults = self.blocks[year]
        people = self.pupils
        people.stage[rows] = Stage.VO
        people.grade[rows] = 1
        people.entered[rows] = year
        self._school_life(rows, self.new_pupils.table.iloc[cell])
        people.added[rows] = self.model.schools.entry_interest()[people.school[rows]]
        self._adults(adults, year)

    def _adults(self, rows: NDArray[np.int64], year: int) -> None:
        """Adults and returners who start in mbo: like the students of 2019, more of them work-based."""
        model, people = self.model, self.pupils
        u = model.draws.uniform(Purpose.MBO_COURSE, 0, rows, 3)
        chance = adult_shares(self.mbo.table, self.mbo.persons, self.p, model.mbo_p.adult_bbl)
        cell = np.searchsorted(np.cumsum(chance), u[:, 0]).clip(max=len(chance) - 1)
        self._student(rows, self.mbo.table.iloc[cell])
        people.college[rows] = self.mbo.table["college"].map(self.college_row).to_numpy(np.int8)[cell]
        people.region[rows] = model.colleges.region[people.college[rows]]
        people.entered[rows] = year
        self._traits(rows, np.full(len(rows), Track.KB, np.int8))
        model.colleges.enrol(people.college[rows].astype(np.int64), people.field[rows].astype(np.int64), people.weight)
        people.new_in_mbo = np.concatenate([people.new_in_mbo, rows])
