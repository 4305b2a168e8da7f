"""2. Absorption.

The participants of a region can turn only so much money into good work in a year: each kind k of them (vmbo, havo/vwo,
primary schools, mbo, and those outside school: firms, hbo, cultural and other organisations) has an absorptive capacity
A_k. With G_k what all schemes and co-financing together plan to let it do, it does

    work_k = A_k x (1 - exp(-G_k / A_k))

(for a scheme whose money is announced in the course of the year, A_k counts for the part of the year that is left),
so the first euro is used almost whole and each further one less; where G_k reaches A_k a kind is at its capacity, and
the next euro gives less than 37 cents of work. Capacity is people, time and experience:

    A_k = capacity_k x pupils_k x (1 + learning_gain x e_k / (e_k + learning_half)) x relieved
          x (filled share of lessons) ^ staff_elasticity x (share of school time that is free for it)
          x (1 + certainty_gain x c / 4)
    relieved = 1 + support_gain x s / (s + support_scale) + outside_relief x o / (o + support_scale)

s is what national lines pay for support, per region; o, for schools only, what the region's own plans let organisations
outside school do, who take work off its hands. c is the number of years ahead, at most 4, for which a region's money is
promised: nobody takes on staff for money that may stop. STO and NGF draw on the same kinds, hence on the same A_k.
Lessons are those of technique in vmbo, and for all schools those that the general teacher shortage leaves empty; time
goes to basic skills where the context says so.

e_k counts years of experience of a kind: a year adds the part of its untrained capacity that it used, at most one (more
with money for coordination); a year without money loses gap_loss of it. Where the work shrinks but doesn't stop, people
go in proportion: a fall by d loses d x gap_loss.

Source: no Dutch figure says how much of such money turns into work; the worry of PO-Raad and VO-raad, the
spending window of 2020-2023 stretched to August 2024 and growing reserves say the bound is real. Temporary money makes
temporary contracts (AEF 2024, Geld onder voorwaarden).
Wrong if: regions' accounts show full and effective spending at any level of the grant, or a new kind of participant
spends its first year's money as wholly as an experienced one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Absorption(NamedTuple):
    """Parameters of absorptive capacity."""

    capacity_vmbo: float
    capacity_havo_vwo: float
    capacity_po: float
    capacity_mbo: float
    capacity_outside: float
    learning_gain: float
    learning_half: float
    coordination_gain: float
    gap_loss: float
    support_gain: float
    support_scale: float
    outside_relief: float
    staff_elasticity: float
    certainty_gain: float


def per_pupil(p: Absorption) -> Array:
    """Untrained capacity in euro per pupil of each kind, shape (5,)."""
    return np.array([p.capacity_vmbo, p.capacity_havo_vwo, p.capacity_po, p.capacity_mbo, p.capacity_outside])


def effective(money: Array, capacity: Array) -> Array:
    """Euro turned into work, between 0 and `money`; both euro per year, any shape."""
    return np.where(capacity > 0, -capacity * np.expm1(-money / np.maximum(capacity, 1e-9)), 0.0)


def done(money: Array, capacity: Array) -> Array:
    """Part of the money turned into work, 0..1, any shape."""
    return np.divide(effective(money, capacity), money, out=np.zeros_like(money), where=money > 0)


def helped(euro: Array | float, p: Absorption) -> Array:
    """How far support of some euro per region and year reaches, 0..1."""
    return np.asarray(euro / (euro + p.support_scale))


def capacity(untrained: Array, experience: Array, support: float, outside: Array, able: Array, p: Absorption) -> Array:
    """Absorptive capacity in euro per year, shape of `untrained`.

    Parameters
    ----------
    untrained : euro per year, before experience and support
    experience : years
    support : euro per year that national lines pay for support, per region
    outside : euro per year planned for organisations outside school that relieve this kind
    able : filled share of lessons to the power of its elasticity, times the free share of time, 0..1
    """
    learned = 1.0 + p.learning_gain * experience / (experience + p.learning_half)
    relieved = 1.0 + p.support_gain * helped(support, p) + p.outside_relief * helped(outside, p)
    return np.asarray(untrained * learned * relieved * able)


def certainty(committed: Array, p: Absorption) -> Array:
    """Factor on capacity of money promised for `committed` years ahead, 0..4, any shape."""
    return 1.0 + p.certainty_gain * committed / 4.0


def after_a_fall(experience: Array, work: Array, before: Array, p: Absorption) -> Array:
    """Experience that stays where work shrinks from `before` to `work` without stopping, euro, any shape."""
    kept = np.divide(work, before, out=np.ones_like(work), where=(work > 0) & (before > work))
    return experience * (1.0 - p.gap_loss * (1.0 - kept))


def next_experience(experience: Array, used: Array, coordination: Array, p: Absorption) -> Array:
    """Experience after a year, in years, any shape: grows where money came, falls where none did.

    `used` is the work done as a share of the untrained capacity, `coordination` the share of spending that went to it.
    """
    grown = experience + np.minimum(used, 1.0) * (1.0 + p.coordination_gain * coordination)
    return np.where(used > 0, grown, experience * (1.0 - p.gap_loss))
