"""12. Study.

A student in mbo has, each year, a chance of a diploma that starts in the course's shortest year, and a chance of
leaving without one; who does neither stays a year more:

    P(diploma | year of study) = diploma[level, pathway] from year shortest[level] on, else 0
    P(leave)                   = quit[level, pathway]

After a diploma some go on to a higher level (up[level]), from level 4 some to hbo (hbo[pathway]); a part of the students
in technique that go to hbo stays in technique (hbo_technique). The rest looks for work.

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
