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

from doorstroom.kernels import compiled

Array = NDArray[np.float64]

LONGEST: Final = 8
"""Years of study after which hardly anybody is left in a course."""

STAYS: Final = 0
GIVES_UP: Final = 1
DIPLOMA: Final = 2


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


def goes_on(level: NDArray[np.int8], pathway: NDArray[np.int8], p: Study) -> Array:
    """Chance that someone with a diploma studies on, at a higher level or from level 4 in hbo, any shape."""
    return np.where(level == 4, p.hbo[pathway], p.up[level - 1])


@compiled
def year_of_study(u: float, year: int, shortest: float, diploma: float, leave: float) -> int:
    """What one student's year comes to, from one uniform number; `year` is the year of study, from 1."""
    if u < leave:
        return GIVES_UP
    if year >= shortest and u < leave + diploma:
        return DIPLOMA
    return STAYS


@compiled
def year_of(
    level: NDArray[np.int8], pathway: NDArray[np.int8], year: NDArray[np.int8], u: Array, p: Study
) -> NDArray[np.int8]:
    """Outcome of the year for every student, shape (n,); `u` uniform numbers, shape (n,)."""
    result = np.empty(len(level), np.int8)
    for i in range(len(level)):
        k = level[i] - 1
        diploma, leave = (p.diploma_bbl[k], p.quit_bbl[k]) if pathway[i] == 1 else (p.diploma_bol[k], p.quit_bol[k])
        result[i] = year_of_study(u[i], year[i], p.shortest[k], diploma, leave)
    return result
