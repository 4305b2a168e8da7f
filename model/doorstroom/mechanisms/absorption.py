"""2. Absorption.

A region can turn only so much money into good work in a year. With G all schemes and co-financing together
and A its absorptive capacity,

    effective = A x (1 - exp(-G / A))

so the first euro is used almost whole and each further one less. Capacity is people and experience:

    A = capacity_per_pupil x vocational pupils x (1 + learning_gain x e / (e + learning_half))
        x (1 + support_gain x s) x (filled share of technique lessons) ^ staff_elasticity

e counts years of experience: a funded year adds one (more with money for coordination), a year without
loses gap_loss of it. s is the national support line per region. STO and NGF draw on the same people, hence
on the same A. What is not absorbed is underspent.

Source: no Dutch figure says how much of such money turns into work; the worry of PO-Raad and VO-raad, the
spending window of 2020-2023 stretched to the end of 2024, and growing reserves say the bound is real.
Wrong if: regions' accounts show full and effective spending at any level of the grant.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Absorption(NamedTuple):
    """Parameters of absorptive capacity."""

    capacity_per_pupil: float
    learning_gain: float
    learning_half: float
    coordination_gain: float
    gap_loss: float
    support_gain: float
    support_scale: float
    staff_elasticity: float


def effective(money: Array, capacity: Array) -> Array:
    """Euro turned into work, between 0 and `money`; both euro per year, any shape."""
    return np.where(capacity > 0, -capacity * np.expm1(-money / np.maximum(capacity, 1e-9)), 0.0)


def capacity(pupils: Array, experience: Array, support: float, filled: Array, p: Absorption) -> Array:
    """Absorptive capacity in euro per year, shape (regions,).

    Parameters
    ----------
    pupils : vocational vmbo pupils in the upper years
    experience : years
    support : euro per year of national support lines per region
    filled : share of technique lessons that is given, 0..1
    """
    learned = 1.0 + p.learning_gain * experience / (experience + p.learning_half)
    supported = 1.0 + p.support_gain * support / (support + p.support_scale)
    return p.capacity_per_pupil * pupils * learned * supported * filled**p.staff_elasticity


def next_experience(experience: Array, money: Array, coordination: Array, p: Absorption) -> Array:
    """Experience after a year, in years, shape (regions,): grows where money came, falls where none did.

    `coordination` is the share of the spending that went to coordination.
    """
    return np.where(money > 0, experience + 1.0 + p.coordination_gain * coordination, experience * (1.0 - p.gap_loss))
