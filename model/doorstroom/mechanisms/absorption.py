"""2. Absorption.

A region can turn only so much money into good work in a year. With G all schemes and co-financing together
and A its absorptive capacity,

    effective = A x (1 - exp(-G / A))

so the first euro is used almost whole and each further one less. Capacity is people and experience:

    A = capacity_per_pupil x vocational pupils x (1 + learning_gain x e / (e + learning_half))
        x (1 + support_gain x s / (s + support_scale)) x (filled share of technique lessons) ^ staff_elasticity
        x (1 + certainty_gain x c / 4)

s is what national lines pay for support, per region. c is the number of years ahead, at most 4, for which a region's
money is promised: nobody takes on staff for money that may stop. STO and NGF draw on the same people, hence on the
same A. What is not absorbed is underspent.

e counts years of experience: a funded year adds one (more with money for coordination), a year without loses gap_loss
of it. Where the work shrinks but doesn't stop, people go in proportion: a fall by d loses d x gap_loss.

What a euro of work is worth is its quality, by which every activity is multiplied:

    quality = (1 + support_quality x s / (s + support_scale)) x (1 + indicator_gain x e / (e + learning_half))

the second factor only for a scheme that steers on indicators, which takes experience to do well.

Source: no Dutch figure says how much of such money turns into work; the worry of PO-Raad and VO-raad, the
spending window of 2020-2023 stretched to August 2024 and growing reserves say the bound is real. Temporary money makes
temporary contracts (AEF 2024, Geld onder voorwaarden). Data-based decision making gave about a month of learning in
two years in 53 Dutch primary schools (Van Geel et al. 2016).
Wrong if: regions' accounts show full and effective spending at any level of the grant, or plan by plan as much as under
a promise for the whole period.
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
    certainty_gain: float
    support_quality: float
    indicator_gain: float


def effective(money: Array, capacity: Array) -> Array:
    """Euro turned into work, between 0 and `money`; both euro per year, any shape."""
    return np.where(capacity > 0, -capacity * np.expm1(-money / np.maximum(capacity, 1e-9)), 0.0)


def capacity(pupils: Array, experience: Array, support: float, filled: Array, p: Absorption) -> Array:
    """Absorptive capacity in euro per year, shape (regions,).

    Parameters
    ----------
    pupils : vocational vmbo pupils in the upper years
    experience : years
    support : euro per year that national lines pay for support, per region
    filled : share of technique lessons that is given, 0..1
    """
    learned = 1.0 + p.learning_gain * experience / (experience + p.learning_half)
    supported = 1.0 + p.support_gain * support / (support + p.support_scale)
    return p.capacity_per_pupil * pupils * learned * supported * filled**p.staff_elasticity


def certainty(committed: Array, p: Absorption) -> Array:
    """Factor on capacity of money promised for `committed` years ahead, 0..4, any shape."""
    return 1.0 + p.certainty_gain * committed / 4.0


def quality(support: float, experience: Array, indicators: bool, p: Absorption) -> Array:
    """What a euro of work is worth, shape of `experience`; 1 without support and indicators.

    Parameters
    ----------
    support : euro per year that national lines pay for support, per region
    experience : years
    indicators : whether the scheme steers on them
    """
    supported = 1.0 + p.support_quality * support / (support + p.support_scale)
    steered = 1.0 + p.indicator_gain * experience / (experience + p.learning_half) * indicators
    return np.asarray(supported * steered)


def after_a_fall(experience: Array, work: Array, before: Array, p: Absorption) -> Array:
    """Experience that stays where work shrinks from `before` to `work` without stopping, euro, shape (regions,)."""
    kept = np.divide(work, before, out=np.ones_like(work), where=(work > 0) & (before > work))
    return experience * (1.0 - p.gap_loss * (1.0 - kept))


def next_experience(experience: Array, money: Array, coordination: Array, p: Absorption) -> Array:
    """Experience after a year, in years, shape (regions,): grows where money came, falls where none did.

    `coordination` is the share of the spending that went to coordination.
    """
    return np.where(money > 0, experience + 1.0 + p.coordination_gain * coordination, experience * (1.0 - p.gap_loss))
