"""12. Study.

A student in mbo has, each year, a chance of a diploma that starts in the course's shortest year, and a chance of
leaving without one; who does neither stays a year more:

    P(diploma | year of study) = diploma[level, pathway] from year shortest[level] on, else 0
    P(leave)                   = quit[level, pathway]

One number per student and year decides: from 0 up it falls in leave, diploma, stay. A first year of study is the
year after the first 1 October in the course.

After a diploma some go on to a higher level (up[level]) in the same sector and pathway, as first-year students
there, from level 4 some to hbo (hbo[pathway]); a part of the students in technique that go to hbo stays in
technique (hbo_technique). The rest looks for work.

Source: undiplomaed exit by level (41/21/18% of leavers), diplomaresultaat, flow from mbo to hbo (39% from bol);
durations are those that hold the official stocks of 2015-2019 level. Schemes don't move these rates.
Wrong if: STO's renewed programmes change success in mbo.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import Rows, compiled

Array = NDArray[np.float64]

LONGEST: Final = 8
"""Years of study after which hardly anybody is left in a course."""

STAYS: Final = 0
GIVES_UP: Final = 1
DIPLOMA: Final = 2

WORKS: Final = 0
CLIMBS: Final = 1
HBO_TECHNIQUE: Final = 2
HBO_OTHER: Final = 3


class Study(NamedTuple):
    """Parameters of study; vectors run over level 1..4 (`*_bol`, `*_bbl`) unless said otherwise."""

    diploma_bol: Array
    diploma_bbl: Array
    quit_bol: Array
    quit_bbl: Array
    shortest: Array
    up: Array
    hbo: Array
    hbo_technique: float


def staying(p: Study) -> Array:
    """Share of entrants still in the course in each year of study, shape (4 levels, 2 pathways, LONGEST)."""
    remaining = np.ones((4, 2, LONGEST))
    leaves = np.stack([p.quit_bol, p.quit_bbl], axis=1)
    passes = np.stack([p.diploma_bol, p.diploma_bbl], axis=1)
    for year in range(1, LONGEST):
        gone = leaves + passes * (year >= p.shortest)[:, None]
        remaining[:, :, year] = remaining[:, :, year - 1] * np.maximum(1.0 - gone, 0.0)
    return remaining


def standing_still(students: Array, p: Study) -> tuple[Array, Array]:
    """Entrants from outside mbo and diplomas a year at which a stock of students stays as it is.

    Parameters
    ----------
    students : persons per level, pathway and whatever else, shape (4, 2, ...)

    Returns
    -------
    entrants, diplomas : persons a year, shape of `students`; who climbs a level after a diploma is no entrant
    """
    stays = staying(p)
    may_pass = np.arange(1, LONGEST + 1) >= p.shortest[:, None, None]
    passes = np.stack([p.diploma_bol, p.diploma_bbl], axis=1) * (stays * may_pass).sum(axis=2)
    rest = (1,) * (students.ndim - 2)
    starters = students / stays.sum(axis=2).reshape(4, 2, *rest)
    diplomas = starters * passes.reshape(4, 2, *rest)
    climbers = np.zeros_like(students)
    climbers[1:] = diplomas[:-1] * p.up[:-1].reshape(3, 1, *rest)
    return np.maximum(starters - climbers, 0.0), diplomas


@compiled
def goes_on(level: int, pathway: int, p: Study) -> float:
    """Chance that someone with a diploma studies on, at a higher level or from level 4 in hbo."""
    return p.hbo[pathway] if level == 4 else p.up[level - 1]


@compiled
def year_of_study(u: float, year: int, level: int, pathway: int, p: Study) -> int:
    """What one student's year comes to, from one uniform number; `year` is the year of study, from 1."""
    at = level - 1
    diploma, leave = (p.diploma_bbl[at], p.quit_bbl[at]) if pathway == 1 else (p.diploma_bol[at], p.quit_bol[at])
    if u < leave:
        return GIVES_UP
    if year >= p.shortest[at] and u < leave + diploma:
        return DIPLOMA
    return STAYS


@compiled
def year_of(
    who: Rows,
    luck: Array,
    level: NDArray[np.int8],
    pathway: NDArray[np.int8],
    year: NDArray[np.int8],
    p: Study,
    end: NDArray[np.int8],
) -> None:
    """Set the outcome of the year of each student, `end`, shape (n,), and let the year of study pass."""
    for n in range(len(who)):
        i = who[n]
        end[n] = year_of_study(luck[n, 0], year[i], level[i], pathway[i], p)
        year[i] += 1


@compiled
def after_diploma(
    who: Rows,
    luck: Array,
    level: NDArray[np.int8],
    pathway: NDArray[np.int8],
    technical: NDArray[np.int8],
    year: NDArray[np.int8],
    p: Study,
    way: NDArray[np.int8],
) -> None:
    """Set the `way` on of each with a diploma, shape (n,); who climbs starts at the next level.

    `technical` is 0 for who isn't in technique.
    """
    for n in range(len(who)):
        i = who[n]
        u = luck[n]
        if u[0] >= goes_on(level[i], pathway[i], p):
            way[n] = WORKS
        elif level[i] < 4:
            way[n] = CLIMBS
            level[i] += 1
            year[i] = 1
        else:
            way[n] = HBO_TECHNIQUE if technical[i] != 0 and u[1] < p.hbo_technique else HBO_OTHER
