"""3. Activities.

A scheme states how its money is split over activities, and that split is spent. Where it is prescribed, every region
spends it so, in every draw. Where regions make plans of their own, the stated split is what these come to together:
each region leans to its own need, and as much as one leans to staff others lean away:

    share_a,r = stated_a x (1 + tilt_a x (need_a,r - mean need_a)),    the other activities in proportion

need is, for teachers, the share of technique lessons unfilled and, for inclusion, how far the girls' share stays behind
the country's; both in 0..1. Because no split of own plans was ever published, its odds are uncertain: stated_a is
multiplied by its odds and the whole made one again (all odds are 1 at the centre).

A plan of n years has to do with what is known when it is made: of today's need need_memory is left a year later, so on
average over the plan need x (1 + need_memory + ... + need_memory^(n-1)) / n, and short plans follow need more closely.

Who carries an activity out is a second choice: among those who take part and can do it (CAN_DO), by weights that are
as uncertain, or that the scheme states. What an activity moves is fixed: orientation moves interest, equipment
technique capital, programmes the connection with mbo and firms, teachers the entry and exit of staff in vmbo and the
skill of teachers elsewhere, inclusion the interest of girls and of pupils with a migration background, sustainability
the image of technical work, coordination experience. Nothing else.

Where one kind of participant can't spend its part, the plan shrinks as a whole and its activities go, as far as can be,
to those with room: the split stays what was stated.

Connection C (cooperation between schools, mbo and firms, 0 = that of 2019) grows with programmes per vocational pupil x
and fades; x_2019 is what already ran then:

    C' = (1 - connection_fade) x C
         + connection_gain x (log(1 + x / connection_scale) - log(1 + x_2019 / connection_scale))

A scheme's scope says whom its vmbo money reaches: all vocational pupils (its connection counts for D&P too) or those of
the five technical profiles. Within a region schools divide it by their own agreement, subject to approval. With b_s a
location's part of the pupils that are reached,

    part_s = approved_part x b_s + (1 - approved_part) x b_s^own / sum b^own,   own = 1 + agreement_spread x z, 0 to 2

z a lasting standard normal number of the region: at own = 0 all locations get the same, at 2 the large ones most. A
scheme may also divide by pupils itself.

Source: the regulations name the themes and the scope (hard technique until 2024, all vocational vmbo with electives and
lower years from 2025), and leave the division within the region to it; no source tells the split of spending, who
carries it out, or the agreements (assumptions). Cooperation is an obligation of the schemes.
Wrong if: activity plans, once published, show shares unlike these, or cooperation that outlives the money.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import compiled
from doorstroom.terms import CAN_DO, Activity

Array = NDArray[np.float64]
Index = NDArray[np.int64]

_ROUNDS: Final = 25
"""Rounds in which parts of participants and shares of activities are fitted to each other."""


class Activities(NamedTuple):
    """Parameters of planning, of who carries plans out, and of connection."""

    orientation_odds: float
    equipment_odds: float
    teachers_odds: float
    tilt_teachers: float
    tilt_inclusion: float
    need_memory: float
    carrier_havo_vwo: float
    carrier_po: float
    carrier_mbo: float
    carrier_firms: float
    carrier_others: float
    carrier_hbo: float
    agreement_spread: float
    approved_part: float
    connection_gain: float
    connection_scale: float
    connection_fade: float


def of_own_plans(stated: Array, p: Activities) -> Array:
    """What a stated split comes to where regions plan themselves, shape (7,), summing to one."""
    odds = np.ones(len(Activity))
    odds[[Activity.ORIENTATION, Activity.EQUIPMENT, Activity.TEACHERS]] = (
        p.orientation_odds,
        p.equipment_odds,
        p.teachers_odds,
    )
    return np.asarray(stated * odds / max((stated * odds).sum(), 1e-12))


def plan(split: Array, unfilled: Array, girls_behind: Array, pupils: Array, p: Activities) -> Array:
    """Shares of a region's own plan per activity, shape (regions, 7), each row summing to one.

    Parameters
    ----------
    split : what the plans come to together, shape (7,)
    unfilled, girls_behind : needs in 0..1, shape (regions,)
    pupils : by which regions weigh in the mean need, shape (regions,)
    """
    shares = np.tile(split, (len(unfilled), 1))
    weight = pupils / max(pupils.sum(), 1e-9)
    led = [Activity.TEACHERS, Activity.INCLUSION]
    for activity, tilt, need in zip(led, (p.tilt_teachers, p.tilt_inclusion), (unfilled, girls_behind), strict=True):
        shares[:, activity] *= np.maximum(1.0 + tilt * (need - (weight * need).sum()), 0.0)
    rest = np.delete(np.arange(len(split)), led)
    if split[rest].sum() > 0:
        shares[:, led] /= np.maximum(shares[:, led].sum(axis=1, keepdims=True), 1.0)
        shares[:, rest] = (1.0 - shares[:, led].sum(axis=1))[:, None] * split[rest] / split[rest].sum()
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12))


def foreseen(need: Array, years: int, p: Activities) -> Array:
    """Need that a plan of some years can count on, on average, of what is known when it is made; shape of `need`."""
    return np.asarray(need * _left(p.need_memory, years))


@lru_cache(maxsize=64)
def _left(memory: float, years: int) -> float:
    return float(np.mean(memory ** np.arange(years)))


def usual_carriers(p: Activities) -> Array:
    """Weight of each of TARGETS as carrier of an activity that it can do, shape (7,)."""
    others = (p.carrier_havo_vwo, p.carrier_po, p.carrier_mbo, p.carrier_firms, p.carrier_others, p.carrier_hbo)
    return np.array([1.0, *others])


def carriers(weights: Array, joins: NDArray[np.bool_]) -> Array:
    """Part of each activity that each target carries out, shape (7, 7): activity, target; zero where nobody can.

    Parameters
    ----------
    weights : per target, shape (7,)
    joins : which TARGETS take part, shape (7,)
    """
    able = CAN_DO.T * np.where(joins, weights, 0.0)
    total = able.sum(axis=1, keepdims=True)
    return np.divide(able, total, out=np.zeros_like(able), where=total > 0)


def carried_out(planned: Array, done: Array) -> Array:
    """What is done of a plan per activity and target, in euro, shape (regions, 7, 7).

    Per region the activities keep the split of the plan; targets get as near to what they can do as that allows.

    Parameters
    ----------
    planned : euro per region, activity and target
    done : part of each target's plan that it can do, 0..1, shape (regions, 7)
    """
    room = planned * done[:, None, :]
    total = room.sum(axis=(1, 2))
    whole = planned.sum(axis=(1, 2))
    by_activity = planned.sum(axis=2) * np.divide(total, whole, out=np.zeros_like(total), where=whole > 0)[:, None]
    by_target = room.sum(axis=1)
    _fit_to_each_other(room, by_activity, by_target)
    return room


@compiled
def _fit_to_each_other(euro: Array, by_activity: Array, by_target: Array) -> None:
    """Scale euro, shape (regions, 7, 7), in place to sums per target, then per activity, and so on."""
    _, activities, targets = euro.shape
    for region in range(len(euro)):
        some = False
        for target in range(targets):
            some |= by_target[region, target] != 0.0
        if not some:
            continue
        mine = euro[region]
        for _ in range(_ROUNDS):
            for target in range(targets):
                found = 0.0
                for activity in range(activities):
                    found += mine[activity, target]
                factor = by_target[region, target] / found if found > 0.0 else 0.0
                for activity in range(activities):
                    mine[activity, target] *= factor
            for activity in range(activities):
                found = 0.0
                for target in range(targets):
                    found += mine[activity, target]
                factor = by_activity[region, activity] / found if found > 0.0 else 0.0
                for target in range(targets):
                    mine[activity, target] *= factor


def _over(wanted: Array, found: Array) -> Array:
    return np.divide(wanted, found, out=np.zeros_like(found), where=found > 0)


def next_connection(connection: Array, per_pupil: Array, in_2019: Array, p: Activities) -> Array:
    """Connection after a year, shape (regions,); euro for programmes per vocational pupil, now and in 2019."""
    gained = np.log1p(per_pupil / p.connection_scale) - np.log1p(in_2019 / p.connection_scale)
    return np.asarray((1.0 - p.connection_fade) * connection + p.connection_gain * gained)


def agreed(part: Array, lasting: Array, region: Index, p: Activities) -> Array:
    """Part of its region's money that each location gets by the agreement of its schools, shape (schools,).

    Parameters
    ----------
    part : each location's part of the region's pupils that the money is for, shape (schools,)
    lasting : a standard normal number per region
    region : row of each location's region, shape (schools,)
    """
    own = np.clip(1.0 + p.agreement_spread * lasting, 0.0, 2.0)[region]
    asked = np.where(part > 0, part**own, 0.0)
    asked = _over(asked, np.asarray(np.bincount(region, asked, len(lasting)), np.float64)[region])
    return np.asarray(p.approved_part * part + (1.0 - p.approved_part) * asked)


def reach(euro: Array, pupils: Array, part: Array, pupil_part: Array, region: Index) -> Array:
    """Euro per vocational pupil that money of a region brings to each location, shape (schools,).

    Parameters
    ----------
    euro, pupils : work done for vmbo and vocational pupils, per region, shape (regions,)
    part : each location's part of the money, shape (schools,)
    pupil_part : each location's part of the region's vocational pupils, shape (schools,)
    region : row of each location's region, shape (schools,)
    """
    relative = np.divide(part, pupil_part, out=np.zeros_like(pupil_part), where=pupil_part > 0)
    return np.asarray((euro / np.maximum(pupils, 1.0))[region] * relative)
