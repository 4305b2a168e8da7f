"""The country of an input set as arrays: what follows from the inputs alone, worked out once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from doorstroom.geography import nearest, plane
from doorstroom.inputs.sets import Inputs
from doorstroom.mechanisms.track import Routes
from doorstroom.terms import BOUND_PROFILES, VMBO_PROFILES, Field, Sex, Track

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

LEERWEGEN: Final = 3
HOMES_PER_SCHOOL: Final = 60
_TOGETHER: Final = 256
TAUGHT_SOMEWHERE: Final = (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO)


class PupilCells(NamedTuple):
    """Secondary education of 1 October 2019, one entry per cell of equal pupils, shape (cells,).

    Sorted so that people who decide together stand together. `location` is a row, `origin` the number of the routes out
    of the lower years (-1 for who is not in them), `n` the persons.
    """

    year: NDArray[np.int8]
    track: NDArray[np.int8]
    location: NDArray[np.int16]
    class_kind: NDArray[np.int8]
    profile: NDArray[np.int8]
    sex: NDArray[np.int8]
    origin: NDArray[np.int32]
    n: Floats

    def where(self, mask: NDArray[np.bool_]) -> PupilCells:
        """The cells of a mask."""
        return PupilCells._make(column[mask] for column in self)


class StudentCells(NamedTuple):
    """Mbo students of 1 October 2019, one entry per cell of equal students, shape (cells,); `college` is a row."""

    level: NDArray[np.int8]
    pathway: NDArray[np.int8]
    field: NDArray[np.int8]
    college: NDArray[np.int8]
    sex: NDArray[np.int8]
    n: Floats


@dataclass(frozen=True, eq=False)
class Country:
    """Arrays over locations, homes, colleges and cells of people, all in the order of the input set.

    Attributes
    ----------
    places, homes, seats, centres : locations, home postcodes, colleges and regions on the plane, km, shape (n, 2)
    region, college_region : row of the region of each location and college
    people : persons of working age per region
    in_region, region_start : home postcodes ordered by region, and where each starts, (homes,), (regions + 1,)
    region_running : running sums of a region's persons of working age over its postcodes, up to 1, shape (homes,)
    pupils, students, routes : the people of 2019
    students_2019 : students per level, pathway, sector and sex, shape (4, 2, 6, 2)
    teaches : tracks taught in 2019, shape (locations, tracks)
    open : vmbo profiles with pupils in year 3 in 2019, shape (locations, 10)
    nearest_teaching : row of the nearest location that teaches a track, shape (tracks, locations)
    profile_km : from a location to the nearest with a profile in a leerweg, km, shape (3, 10, locations); inf if none
    home_km, home_rows, home_pupils : postcodes near each location, with the children of 10 to 14 who live there
    by_distance : rows of the locations with vocational vmbo, the nearest to a home first, shape (homes, locations)
    vwo_share : pupils of year 3 of havo and vwo who are bound for vwo, per location
    cohorts : size of the cohort that enters in first_cohort, first_cohort + 1, ... against 2019, shape (years, regions)
    """

    places: Floats
    homes: Floats
    seats: Floats
    centres: Floats
    region: Rows
    college_region: Rows
    people: Floats
    in_region: NDArray[np.int16]
    region_start: Rows
    region_running: Floats
    pupils: PupilCells
    students: StudentCells
    routes: Routes
    students_2019: Floats
    teaches: NDArray[np.bool_]
    open: NDArray[np.bool_]
    nearest_teaching: NDArray[np.int16]
    profile_km: Floats
    home_km: Floats
    home_rows: NDArray[np.int16]
    home_pupils: Floats
    by_distance: NDArray[np.int16]
    vwo_share: Floats
    cohorts: Floats
    first_cohort: int

    def cohort(self, year: int) -> Floats:
        """Pupils who enter in a year against 2019, shape (regions,)."""
        return self.cohorts[year - self.first_cohort]


@lru_cache(maxsize=2)
def country_of(inputs: Inputs) -> Country:
    """The country of an input set."""
    rows = pd.Index(inputs.locations["location"])
    places = plane(inputs.locations["lat"], inputs.locations["lon"])
    homes = plane(inputs.homes["lat"], inputs.homes["lon"])
    routes, origins = _routes(inputs, rows)
    pupils = _pupils(inputs, rows, origins)
    teaches = np.zeros((len(rows), len(Track)), bool)
    teaches[pupils.location, pupils.track] = True
    third = (pupils.year == 3) & (pupils.track >= Track.BB) & (pupils.track <= Track.GL)
    third &= (pupils.profile >= 1) & (pupils.profile <= len(VMBO_PROFILES))
    offered = np.zeros((len(rows), len(VMBO_PROFILES)), bool)
    offered[pupils.location[third], pupils.profile[third] - 1] = True
    students = _students(inputs)
    students_2019 = np.zeros((4, 2, len(Field), len(Sex)))
    np.add.at(students_2019, (students.level - 1, students.pathway, students.field, students.sex), students.n)
    home_region = inputs.homes["region"].to_numpy() - 1
    in_region = np.argsort(home_region, kind="stable")
    start = np.searchsorted(home_region[in_region], np.arange(len(inputs.regions) + 1))
    grown_up = inputs.homes["a15_64"].to_numpy(np.float64)
    people = np.bincount(home_region, grown_up, len(inputs.regions)).astype(np.float64)
    running = np.cumsum(grown_up[in_region])
    before = np.append(0.0, running)[start[:-1]]
    of = home_region[in_region]
    km, near = cKDTree(homes).query(places, k=HOMES_PER_SCHOOL)
    cohorts = inputs.cohorts.pivot_table(index="year", columns="region", values="index", sort=True)
    return Country(
        places=places,
        homes=homes,
        seats=plane(inputs.colleges["lat"], inputs.colleges["lon"]),
        centres=plane(inputs.regions["lat"], inputs.regions["lon"]),
        region=inputs.locations["region"].to_numpy(np.int64) - 1,
        college_region=inputs.colleges["region"].to_numpy(np.int64) - 1,
        people=people,
        in_region=in_region.astype(np.int16),
        region_start=start,
        region_running=(running - before[of]) / np.maximum(people[of], 1.0),
        pupils=pupils,
        students=students,
        routes=routes,
        students_2019=students_2019,
        teaches=teaches,
        open=offered,
        nearest_teaching=_nearest_teaching(places, teaches),
        profile_km=_profile_km(places, teaches, offered),
        home_km=km,
        home_rows=near.astype(np.int16),
        home_pupils=inputs.homes["a10_14"].to_numpy(np.float64)[near],
        by_distance=_by_distance(homes, places, np.flatnonzero(teaches[:, Track.BB : Track.GL + 1].any(axis=1))),
        vwo_share=inputs.locations["vwo_share_y3"].to_numpy(),
        cohorts=cohorts.to_numpy(np.float64),
        first_cohort=int(cohorts.index[0]),
    )


def _by_sex(table: pd.DataFrame) -> pd.DataFrame:
    """A table with a column `men` and a column `women` as one with `sex` and `n`, without empty cells."""
    both = [table.drop(columns=["men", "women"]).assign(sex=sex, n=table[("men", "women")[sex]]) for sex in Sex]
    long = pd.concat(both, ignore_index=True)
    return long[long["n"] > 0]


def _pupils(inputs: Inputs, rows: pd.Index, origins: pd.MultiIndex) -> PupilCells:
    table = _by_sex(inputs.pupils.assign(location=rows.get_indexer(inputs.pupils["location"])))
    table = table.sort_values(["year", "track", "location", "class_kind", "profile", "sex"])
    in_lower = (table["track"] == Track.LOWER).to_numpy()
    found = origins.get_indexer(pd.MultiIndex.from_frame(table[["year", "location", "class_kind"]]))
    origin = np.where(in_lower, 2 * found + table["sex"].to_numpy(), -1)
    small = table[["year", "track", "location", "class_kind", "profile", "sex"]]
    return PupilCells(
        **{name: small[name].to_numpy(np.int16 if name == "location" else np.int8) for name in small},
        origin=origin.astype(np.int32),
        n=table["n"].to_numpy(np.float64),
    )


def _students(inputs: Inputs) -> StudentCells:
    of_2019 = inputs.students[inputs.students["year"] == 2019]
    seats = pd.Index(inputs.colleges["college"])
    table = _by_sex(of_2019.assign(college=seats.get_indexer(of_2019["college"])))
    names = ["level", "pathway", "field", "college", "sex"]
    table = table.sort_values(names)
    return StudentCells(
        **{name: table[name].to_numpy(np.int8) for name in names},
        n=table["n"].to_numpy(np.float64),
    )


def _routes(inputs: Inputs, rows: pd.Index) -> tuple[Routes, pd.MultiIndex]:
    """The routes, boys before girls, and the index that numbers origins without their sex."""
    feeders = inputs.feeders
    upper = rows.get_indexer(feeders["upper_location"])
    keys = feeders[["year", "class_kind"]].assign(location=rows.get_indexer(feeders["lower_location"]))
    keys = keys[["year", "location", "class_kind"]]
    origins = pd.MultiIndex.from_frame(keys.drop_duplicates())
    number = origins.get_indexer(pd.MultiIndex.from_frame(keys))
    group = np.concatenate([2 * number, 2 * number + 1])
    order = np.argsort(group, kind="stable")
    group, row = group[order], order % len(feeders)
    first = np.searchsorted(group, np.arange(2 * len(origins) + 1))
    share = np.concatenate([feeders["men"], feeders["women"]])[order]
    running = pd.Series(share).groupby(group).cumsum().to_numpy()
    cumulative = group + np.minimum(running, 1.0 - 1e-12)
    cumulative[first[1:] - 1] = np.arange(2 * len(origins)) + 1.0
    track = feeders["track"].to_numpy(np.int8)
    return Routes(first, cumulative, upper.astype(np.int16)[row], track[row]), origins


def _by_distance(homes: Floats, places: Floats, among: Rows) -> NDArray[np.int16]:
    """Of locations at one postcode the first counts: each is taken to be a micrometre further than the one before."""
    rows = np.empty((len(homes), len(among)), np.int16)
    for start in range(0, len(homes), _TOGETHER):  # a square of all homes and places would be the peak of a small run
        some = slice(start, start + _TOGETHER)
        east, north = (homes[some, None, axis] - places[None, among, axis] for axis in (0, 1))
        km = np.sqrt(east * east + north * north) + 1e-9 * np.arange(len(among))
        rows[some] = among[np.argsort(km, axis=1)]
    return rows


def _nearest_teaching(places: Floats, teaches: NDArray[np.bool_]) -> NDArray[np.int16]:
    """A location that teaches a track is its own nearest."""
    found = np.tile(np.arange(len(places), dtype=np.int16), (len(Track), 1))
    for track in TAUGHT_SOMEWHERE:
        there = np.flatnonzero(teaches[:, track])
        found[track] = there[nearest(places, places[there])[1]]
        found[track][there] = there
    return found


def _profile_km(places: Floats, teaches: NDArray[np.bool_], offered: NDArray[np.bool_]) -> Floats:
    km = np.full((LEERWEGEN, len(VMBO_PROFILES), len(places)), np.inf)
    for leerweg in range(LEERWEGEN):
        for profile in range(len(VMBO_PROFILES)):
            there = np.flatnonzero(offered[:, profile] & teaches[:, Track.BB + leerweg])
            if len(there) and VMBO_PROFILES[profile] not in BOUND_PROFILES:
                km[leerweg, profile] = nearest(places, places[there])[0]
    return km
