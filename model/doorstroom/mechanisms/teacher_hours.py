"""16. Hours, contracts and moves of technique teachers.

Each school asks the FTE that its lessons need (teacher_market) of those who teach there. A teacher gives usual hours of
technique, and has a contract for as many as she or he wants.

Too many hours. Where usual hours exceed what lessons ask by half a teacher's or more, with chance move_chance the
teacher moves to the school within commute_km that misses most, if it misses half the teacher's hours; else a
temporary contract (of the first temporary_years, and of unqualified cover) ends, the newest first; the
others give fewer hours of technique, all in proportion, and teach something else instead.

Too few. All give more hours, in proportion to what they have left, to at most

    usual + shift x (contract x (1 + more_hours) - usual)

and what is still missing is a vacancy. What was given becomes usual in part: usual' = usual + shift x (given - usual)
where fewer hours were given, and what was given, up to the contract, where more. Who has less than LEAST of technique
left teaches something else altogether.

So nobody gives technique lessons that no group asks, and a shrinking school loses hours before it loses people. spare
are usual hours that no group asked this year: with hours missing nearby they measure how badly supply and demand meet.

Source: 18% of vo teachers had a temporary contract in 2011-2020, mostly in their first years, and two thirds work
more than 0.8 FTE (DUO); ended temporary contracts are most of the outflow below 35 (VOS/ABB); technique teachers give
technique for 0.667 FTE on average, and vo teachers work 0.79 in all (60,900 FTE, 77,000 persons); Mirror (Centerdata)
keeps growth and shrinking at the same school, change of school and change of function as flows of their own. How
readily teachers of technique move or change hours is not published: judgement.
Wrong if: schools keep teachers of technique on technique hours after groups have gone, or leave lessons unfilled while
part-timers within commuting distance want more.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import compiled
from doorstroom.mechanisms.teacher_market import Array, Rows, Staff

LEAST: Final = 0.1
"""FTE of technique below which a teacher teaches something else altogether."""


class TeacherHours(NamedTuple):
    """Parameters of hours, contracts and moves."""

    commute_km: float
    temporary_years: float
    more_hours: float
    shift: float
    move_chance: float


def most(usual: Array, contract: Array, p: TeacherHours) -> Array:
    """FTE of technique that each teacher can give this year, shape (n,)."""
    return usual + p.shift * np.maximum(contract * (1.0 + p.more_hours) - usual, 0.0)


def give(needed: Array, school: Rows, usual: Array, contract: Array, p: TeacherHours) -> Array:
    """FTE of technique that each teacher gives, shape (n,).

    Parameters
    ----------
    needed : FTE that lessons ask, shape (schools,)
    school : row of each teacher's school, shape (n,)
    """
    top = most(usual, contract, p)
    low, high = (np.bincount(school, hours, len(needed)) for hours in (usual, top))
    less = np.divide(needed, low, out=np.ones(len(needed)), where=low > needed)
    more = np.divide(needed - low, high - low, out=np.zeros(len(needed)), where=high > low)
    return usual * less[school] + (top - usual) * np.clip(more, 0.0, 1.0)[school]


def become_usual(given: Array, usual: Array, contract: Array, p: TeacherHours) -> Array:
    """Usual hours after a year in which `given` were given, FTE, shape (n,)."""
    more = np.maximum(np.minimum(given, contract), usual)
    return np.where(given < usual, usual + p.shift * (given - usual), more)


@compiled
def move_on(
    who: Rows, willing: NDArray[np.bool_], spare: Array, missing: Array, places: Array, staff: Staff, commute_km: float
) -> Rows:
    """Teachers of schools with hours to spare go where hours are missing; gives the numbers of who moved.

    Parameters
    ----------
    who, willing : teachers in the order in which they are asked, and whether they would move, shape (n,)
    spare, missing : FTE per school; changed in place
    places : locations on the plane, km, shape (schools, 2)
    """
    moved = np.empty(len(who), np.int64)
    count = 0
    open_ = np.flatnonzero(missing > 0.0)
    for at in range(len(who)):
        one = who[at]
        home, hours = staff.school[one], staff.usual[one]
        if not willing[at] or spare[home] < 0.5 * hours:
            continue
        best = -1
        for school in open_:
            if missing[school] < 0.5 * hours or (best >= 0 and missing[school] <= missing[best]):
                continue
            if np.hypot(places[school, 0] - places[home, 0], places[school, 1] - places[home, 1]) <= commute_km:
                best = int(school)
        if best >= 0:
            staff.school[one] = best
            spare[home] -= hours
            missing[best] -= hours
            moved[count] = one
            count += 1
    return moved[:count]


@compiled
def end_contracts(who: Rows, spare: Array, staff: Staff) -> NDArray[np.bool_]:
    """Whose temporary contract ends, shape (n,): of `who`, the newest first, while half their hours are to spare."""
    ended = np.zeros(len(who), np.bool_)
    for at in range(len(who)):
        school, hours = staff.school[who[at]], staff.usual[who[at]]
        if spare[school] >= 0.5 * hours:
            spare[school] -= hours
            ended[at] = True
    return ended
