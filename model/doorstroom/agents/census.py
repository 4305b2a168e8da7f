"""The count of 1 October: tables of everybody in education, filled in one pass over the people.

What institutions know of their pupils, and nearly all that is observed, are margins of these tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.country import LEERWEGEN
from doorstroom.kernels import Rows, compiled
from doorstroom.terms import Field, Profile, Sex, Stage, Track

Count = NDArray[np.int64]
FOURTH: Final = (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO)
"""Tracks whose year 4 is counted by what was chosen."""
_IN_FOURTH = np.array([FOURTH.index(track) if track in FOURTH else -1 for track in Track])
LAST: Final = (Track.HAVO, Track.VWO)
"""Tracks whose last year is counted by profile, and that year."""
_LAST_GRADE = np.array([5, 6])
LEVELS: Final = 4
STAGES: Final = len(Stage)
PROFILES: Final = max(Profile) + 1
BEFORE: Final = ("primary school", "outside", "vmbo technique", "tl", "other secondary", "mbo technique", "other mbo")
"""Where people were a year before."""
AFTER: Final = (
    "secondary education",
    "mbo technique",
    "other mbo",
    "hbo technique",
    "technical work",
    "other work",
    "elsewhere",
)
"""Where they are now."""


class Pupils(NamedTuple):
    """What is counted of pupils.

    Attributes
    ----------
    tracks : all pupils, shape (regions, tracks)
    bound : pupils of the lower years by the track they are bound for, shape (regions, tracks)
    third : year 3 of bb, kb and gl, shape (regions, leerwegen, profiles, sexes, backgrounds)
    fourth : year 4 of vmbo, havo and vwo, shape (regions, FOURTH, profiles, sexes)
    last : last year of havo and vwo, shape (regions, LAST, profiles, sexes)
    near : year 3 of bb, kb and gl with a technical profile within reach, shape (regions,)
    vocational : pupils of bb, kb and gl, and those of them in year 3, shape (schools, 2)
    """

    tracks: Count
    bound: Count
    third: Count
    fourth: Count
    last: Count
    near: Count
    vocational: Count


class Students(NamedTuple):
    """What is counted of students, shape (regions, levels, pathways, sectors, sexes), and per college and sector."""

    of: Count
    at: Count


class Moves(NamedTuple):
    """Who changed stage within the year.

    Attributes
    ----------
    came, went : by the stage they came to and went from, shape (regions, stages)
    ways : from where to where, shape (regions, BEFORE, AFTER)
    """

    came: Count
    went: Count
    ways: Count


class Census(NamedTuple):
    """All that is counted on a 1 October.

    Attributes
    ----------
    new_students : students who started this year
    diplomas : of the year, in the form of Students.of
    graduates, technicians : technical graduates at work, and those of them in technical work, shape (regions, sectors)
    stock : persons by stage, shape (regions, stages)
    """

    pupils: Pupils
    students: Students
    new_students: Students
    diplomas: Count
    graduates: Count
    technicians: Count
    moves: Moves
    stock: Count


def by_region(counted: Census) -> tuple[Count, ...]:
    """The tables of a census whose first axis is regions."""
    pupils, moves = counted.pupils, counted.moves
    return (
        *pupils[:-1],
        *(counted.students.of, counted.new_students.of, counted.diplomas),
        *(counted.graduates, counted.technicians),
        *moves,
        counted.stock,
    )


def from_regions(tables: Sequence[Count]) -> Census:
    """A census of these tables, as by_region gives them, in which nothing is counted per school or college."""
    nowhere = np.zeros((0, 0), np.int64)
    of_pupils, of_others = tables[: len(Pupils._fields) - 1], tables[len(Pupils._fields) - 1 :]
    students, new_students, diplomas, graduates, technicians, came, went, ways, stock = of_others
    return Census(
        Pupils._make((*of_pupils, nowhere)),
        Students(students, nowhere),
        Students(new_students, nowhere),
        *(diplomas, graduates, technicians),
        Moves(came, went, ways),
        stock,
    )


class PupilColumns(NamedTuple):
    """Arrays over everybody; a count is by region, or by whatever stands in its place."""

    region: NDArray[np.integer[Any]]
    track: NDArray[np.int8]
    grade: NDArray[np.int8]
    profile: NDArray[np.int8]
    sex: NDArray[np.int8]
    background: NDArray[np.int8]
    toward: NDArray[np.int8]
    school: NDArray[np.int16]
    home: NDArray[np.int16]


class StudentColumns(NamedTuple):
    """Arrays over everybody."""

    region: NDArray[np.int8]
    pathway: NDArray[np.int8]
    field: NDArray[np.int8]
    sex: NDArray[np.int8]
    college: NDArray[np.int8]


class MoverColumns(NamedTuple):
    """Arrays over everybody."""

    stage: NDArray[np.int8]
    region: NDArray[np.int8]
    track: NDArray[np.int8]
    profile: NDArray[np.int8]
    field: NDArray[np.int8]


def count_pupils(who: Rows, people: PupilColumns, in_reach: NDArray[np.bool_], regions: int, schools: int) -> Pupils:
    """Count the pupils `who`.

    Parameters
    ----------
    in_reach : whether a technical profile is within reach of a home in a leerweg, shape (3, homes)
    """
    shapes = (
        (regions, len(Track)),
        (regions, len(Track)),
        (regions, LEERWEGEN, PROFILES, len(Sex), 2),
        (regions, len(FOURTH), PROFILES, len(Sex)),
        (regions, len(LAST), PROFILES, len(Sex)),
        (regions,),
        (schools, 2),
    )
    counted = Pupils._make(np.zeros(shape, np.int64) for shape in shapes)
    _count_pupils(who, people, in_reach, counted)
    return counted


def count_moves(
    pupils: Rows,
    students: Rows,
    newcomers: Rows,
    people: MoverColumns,
    is_technical: NDArray[np.bool_],
    regions: int,
) -> Moves:
    """Count who changed stage since the last count; `is_technical` per profile.

    Parameters
    ----------
    pupils, students : who was in secondary education and in mbo at the last count
    newcomers : who came since
    """
    stages = (regions, STAGES)
    ways = np.zeros((regions, len(BEFORE), len(AFTER)), np.int64)
    counted = Moves(np.zeros(stages, np.int64), np.zeros(stages, np.int64), ways)
    for before, who in ((Stage.VO, pupils), (Stage.MBO, students), (Stage.FUTURE, newcomers)):
        _count_moves(who, int(before), people, is_technical, counted)
    return counted


def count_students(who: Rows, level: NDArray[np.int8], people: StudentColumns, regions: int, colleges: int) -> Students:
    """Count the students `who`, whose levels are `level`, shape (n,)."""
    counted = Students(
        np.zeros((regions, LEVELS, 2, len(Field), len(Sex)), np.int64), np.zeros((colleges, len(Field)), np.int64)
    )
    _count_students(who, level, people, counted)
    return counted


@compiled
def _count_pupils(who: Rows, people: PupilColumns, in_reach: NDArray[np.bool_], counted: Pupils) -> None:
    regions, tracks, grades, profiles, sexes, backgrounds, bound_for, schools, homes = people
    by_track, bound, third, fourth, last, near, vocational = counted
    for i in who:
        region, track, grade = regions[i], tracks[i], grades[i]
        by_track[region, track] += 1
        if track == Track.LOWER:
            bound[region, bound_for[i]] += 1
        elif track <= Track.GL:
            vocational[schools[i], 0] += 1
            if grade == 3:
                leerweg = track - Track.BB
                vocational[schools[i], 1] += 1
                third[region, leerweg, profiles[i], sexes[i], backgrounds[i]] += 1
                near[region] += in_reach[leerweg, homes[i]]
        if grade == 4 and _IN_FOURTH[track] >= 0:
            fourth[region, _IN_FOURTH[track], profiles[i], sexes[i]] += 1
        for place in range(len(_LAST_GRADE)):
            if track == LAST[place] and grade == _LAST_GRADE[place]:
                last[region, place, profiles[i], sexes[i]] += 1


@compiled
def _count_students(who: Rows, level: NDArray[np.int8], people: StudentColumns, counted: Students) -> None:
    regions, pathways, fields, sexes, colleges = people
    of, at = counted
    for n in range(len(who)):
        i = who[n]
        of[regions[i], level[n] - 1, pathways[i], fields[i], sexes[i]] += 1
        at[colleges[i], fields[i]] += 1


@compiled
def _before(stage: int, now: int, track: int, technical_profile: bool, technical_course: bool) -> int:
    if stage == Stage.FUTURE:
        return 0 if now == Stage.VO else 1
    if stage == Stage.VO:
        if technical_profile and track <= Track.GL:
            return 2
        return 3 if track == Track.TL else 4
    return 5 if stage == Stage.MBO and technical_course else 6


@compiled
def _after(stage: int, technical_course: bool) -> int:
    if stage == Stage.VO:
        return 0
    if stage == Stage.MBO:
        return 1 if technical_course else 2
    if stage == Stage.HBO_TECHNIEK:
        return 3
    if stage == Stage.TECHNICIAN:
        return 4
    return 5 if stage == Stage.OTHER_WORK else 6


@compiled
def _count_moves(who: Rows, before: int, people: MoverColumns, is_technical: NDArray[np.bool_], counted: Moves) -> None:
    stages, regions, tracks, profiles, fields = people
    came, went, ways = counted
    for i in who:
        stage = stages[i]
        if stage != before:
            region, technical = regions[i], fields[i] != Field.OTHER
            start = _before(before, stage, tracks[i], is_technical[profiles[i]], technical)
            came[region, stage] += 1
            went[region, before] += 1
            ways[region, start, _after(stage, technical)] += 1


@compiled
def still_there(who: Rows, joined: Rows, stage: NDArray[np.int8], wanted: int) -> Rows:
    """Those of `who` and `joined`, both ascending, whose stage is the wanted one, ascending."""
    found = np.empty(len(who) + len(joined), who.dtype)
    n = j = 0
    for i in who:
        while j < len(joined) and joined[j] < i:
            found[n] = joined[j]
            n += stage[joined[j]] == wanted
            j += 1
        found[n] = i
        n += stage[i] == wanted
    while j < len(joined):
        found[n] = joined[j]
        n += stage[joined[j]] == wanted
        j += 1
    return found[:n]
