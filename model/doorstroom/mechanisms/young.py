"""20. Technique for the young.

In primary school and in havo and vwo nobody is a technique teacher: the class's or subject's own teacher gives it.
Money for staff makes them more skilled, S, which fades as teachers leave and forget; x is euro per pupil and year:

    S' = (1 - skill_fade) x S + skill_gain x log(1 + x / skill_scale)

and skilled teachers make of a euro of orientation the work of 1 + S euro. What pupils of the last two years of
primary school meet is counted as reach: with x_o euro of orientation per pupil, of primary schools, hbo and
organisations outside school together, and a year of lessons and visits at lesson_cost,

    reached = 1 - exp(-x_o / lesson_cost)

Reach is an outcome; what it does to interest stands in interest.

Source: a Dutch evaluation of training for technique in primary school with an effect on pupils was not found; trained
teachers leave at the pace of the sector. The cost of lessons is that of a visit with materials (assumptions). That
training makes lessons better, not worse, is common ground; by how much, including nothing, is not known.
Wrong if: pupils of trained teachers want no more of technique after the same lessons than those of others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Young(NamedTuple):
    """Parameters of skill and reach."""

    skill_gain: float
    skill_scale: float
    skill_fade: float
    lesson_cost: float


def next_skill(skill: Array, staff_euro: Array, p: Young) -> Array:
    """Skill after a year, shape of `skill`; `staff_euro` is euro for staff per pupil."""
    return (1.0 - p.skill_fade) * skill + p.skill_gain * np.log1p(staff_euro / p.skill_scale)


def reached(orientation: Array, p: Young) -> Array:
    """Share of pupils reached, 0..1, any shape; `orientation` in euro per pupil."""
    return np.asarray(-np.expm1(-orientation / p.lesson_cost))
