"""9. Profile on offer.

A location weighs the group it expects in a technical profile against what a practical room costs. Before STO, thin
groups closed and large ones didn't:

    logit P(close) = closing_at_10 - closing_slope x (log(group / 10) + money_relief x log(1 + m / relief_scale))
                     + shortage_weight x (unfilled - unfilled_2019)
    P(close) is further multiplied by (1 - cover) for the last location of the region that offers the profile

Without teachers there is no profile, for the last location either: beyond the part of lessons unfilled that is
bearable each profile also closes with chance

    P(unstaffed) = (unfilled - bearable) / (1 - bearable)

group is the year-3 pupils it expects, and unfilled the share of technique lessons that nobody gives, both smoothed
over about three years: one thin year, or one without a teacher, closes nothing that lasts. m is euro of the schemes
per vocational pupil; cover is the strength of the region's agreement on a covering offer: cover = cover_base +
cover_gain x connection, between 0 and 1.

A location that teaches vocational vmbo without the profile may open it, where its own pupils would fill a group:

    P(open) = rate x sigmoid(closing_slope x log(potential / 10)) x (1 - unfilled in the region)

rate is opening_rate, and reopening_rate where the location has had the profile in 2019 or since: the room, the licence
and often the teachers are there. potential is its year-3 pupils times the share the profile has where it is on offer,
times exp(-unoffered) of the profile choice where the location never had it; it is the group that a new profile expects.
Pupils in a closed profile finish it. Closing lengthens the way of the next ones.

Of a sampled fraction f of the pupils a location sees too few to tell growth from luck. What it learns of a group, or of
its pupils in all, then counts with credibility f / (f + NOISE x (1 - f)), and for the rest both move as in the region
as a whole; with everybody modelled, each learns from its own pupils alone.

Source: closing and opening are measured on DUO's exam candidates per location and profile, 2011-2019
(`python experiments/offer.py`). Rates differ more between years than chance allows: of groups that had
run two years 7% closed in 2013-2015, 2% in 2016-2017 and 7% in 2018. Of profiles that a location never had 0.4% a year
opened in 2013-2017, of those it once had 1.2%, and 2.5 and 17% when the new programmes came in 2018. Those years
had no STO money, so what STO changes is not in them: money_relief is an account of what it could pay at most, from
zero on. Where a profile closed, its pupils weren't found in other technical profiles of the location or its neighbours.
Wrong if: locations without STO money per pupil close no faster than those with, at equal group size; or if locations
that closed a profile open it no sooner than those that never had it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

REFERENCE_GROUP: Final = 10.0
SMALLEST_GROUP: Final = 0.5
NOISE: Final = 0.75
"""Variance of an expected group from sampling, at a fraction of one half, over that from year to year: a group of 12 of
pupils who choose it with a chance of 0.25 has 12 x 0.25 = 3 against some 4."""


class Offer(NamedTuple):
    """Parameters of closing and opening."""

    closing_at_10: float
    closing_slope: float
    money_relief: float
    relief_scale: float
    shortage_weight: float
    cover_base: float
    cover_gain: float
    opening_rate: float
    reopening_rate: float
    bearable: float
    memory: float


def sigmoid(x: Array) -> Array:
    """Logistic function."""
    return 1.0 / (1.0 + np.exp(-x))


def closing(
    group: Array, money_per_pupil: Array, shortage: Array, last: NDArray[np.bool_], cover: Array, p: Offer
) -> Array:
    """Chance that an open profile closes this year, shape (schools, profiles).

    Parameters
    ----------
    group : expected year-3 pupils, shape (schools, profiles)
    money_per_pupil : euro per vocational pupil, shape (schools, 1)
    shortage : unfilled share of technique lessons minus that of 2019, shape (schools, 1)
    last : whether no other location of the region offers the profile, shape (schools, profiles)
    cover : shape (schools, 1)
    """
    size = np.log(np.maximum(group, SMALLEST_GROUP) / REFERENCE_GROUP)
    relieved = size + p.money_relief * np.log1p(money_per_pupil / p.relief_scale)
    hazard = sigmoid(p.closing_at_10 - p.closing_slope * relieved + p.shortage_weight * shortage)
    return np.asarray(hazard * np.where(last, 1.0 - cover, 1.0))


def judge(before: Array, now: Array, p: Offer) -> Array:
    """What a location goes by after a year, of any shape, where it went by `before` and now sees `now`."""
    return p.memory * before + (1.0 - p.memory) * now


def unstaffed(unfilled: Array, p: Offer) -> Array:
    """Chance that a profile closes for want of teachers, shape of `unfilled`, the share of lessons nobody gives."""
    return np.clip((unfilled - p.bearable) / (1.0 - p.bearable), 0.0, 1.0)


def opening(potential: Array, had: NDArray[np.bool_], unfilled: Array, p: Offer) -> Array:
    """Chance that a profile that is not on offer opens this year, shape of `potential` (year-3 pupils).

    Parameters
    ----------
    had : whether the location has had the profile, shape of `potential`
    unfilled : share of technique lessons in the region that nobody gives, shape (schools, 1)
    """
    size = np.log(np.maximum(potential, SMALLEST_GROUP) / REFERENCE_GROUP)
    rate = np.where(had, p.reopening_rate, p.opening_rate)
    return np.asarray(rate * sigmoid(p.closing_slope * size) * (1.0 - unfilled))


def potential(pupils: Array, usual: Array, had: NDArray[np.bool_], unoffered: float) -> Array:
    """Group that each profile would have at a location that doesn't offer it, shape (schools, profiles).

    Parameters
    ----------
    pupils : year-3 pupils of bb, kb and gl, shape (schools, 1)
    usual : share of them that the profile has where it is on offer, shape (profiles,)
    had : whether the location has had the profile, shape (schools, profiles)
    unoffered : of the profile choice, by how much a profile is liked less where it never was on offer, utility
    """
    return np.asarray(pupils * usual * np.where(had, 1.0, np.exp(-unoffered)))


def believe(own: Array, before: Array, region: Rows, fraction: float) -> Array:
    """Pupils that each location believes it has, by kind, where only a fraction is modelled, shape (schools, kinds).

    Parameters
    ----------
    own : what its own pupils in the model say
    before : what it believed before
    region : row of the region, shape (schools,)
    """
    total, was = (np.bincount(region, of.sum(axis=1), region.max() + 1) for of in (own, before))
    growth = np.divide(total, was, out=np.ones_like(was), where=was > 0)[region][:, None]
    credibility = fraction / (fraction + NOISE * (1.0 - fraction))
    return np.where((was > 0)[region][:, None], credibility * own + (1.0 - credibility) * growth * before, own)


def learn(group: Array, expected: Array, offered: NDArray[np.bool_], region: Rows, fraction: float, p: Offer) -> Array:
    """Group that each profile expects after a year, shape (schools, profiles).

    Parameters
    ----------
    group : what it expected before
    expected : year-3 pupils to expect of this year's choosers
    offered : whether it was on offer to them
    """
    own = judge(group, expected, p)
    seen, before = (np.where(offered, of, 0.0) for of in (own, group))
    return np.where(offered, believe(seen, before, region, fraction), own)


def cover(connection: Array, p: Offer) -> Array:
    """Strength of the covering agreement, 0..1, shape (regions,)."""
    return np.clip(p.cover_base + p.cover_gain * connection, 0.0, 1.0)
