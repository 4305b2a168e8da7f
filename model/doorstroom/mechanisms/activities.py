"""3. Activities.

A region plans for the scheme's `plan_years` which part of its money goes to which activity. It starts from
the scheme's default shares and leans towards its own need:

    share_a ~ default_a x (1 + tilt_a x need_a)

need is, for teachers, the share of technique lessons unfilled and, for inclusion, how far the girls' share
stays behind the country's; both scaled to 0..1. A plan of n years has to do with what is known when it is made: of
today's need need_memory is left a year later, so on average over the plan

    need x (1 + need_memory + ... + need_memory^(n-1)) / n

and short plans follow need more closely than long ones. What an activity moves is fixed: orientation moves interest,
equipment technique capital, programmes the connection with mbo and firms, teachers the entry and exit of
staff, inclusion the interest of girls and of pupils with a migration background, sustainability the image of
technical work, coordination absorptive capacity. Nothing else. Each participant does only what it can:
a primary school orients, girls as much as boys; an mbo college or a firm renews programmes; others (museums,
libraries, science centres, labs) orient and include pupils of primary school and the lower years alike.

Connection C (cooperation between schools, mbo and firms, 0 = that of 2019) grows with programmes per
vocational pupil and fades:

    C' = (1 - connection_fade) x C + connection_gain x log(1 + x / connection_scale)

A scheme's scope says whom its vmbo money reaches. Of a scheme for all vocational vmbo every location gets its part of
the region's money by its vocational pupils, and its connection counts for D&P as well. Money for hard technique reaches
locations by their pupils in the five technical profiles, and its connection counts for those profiles alone. The
connection that counts for D&P follows the same equation with x the programmes of broad schemes.

Source: the regulations name the themes and the scope (hard technique until 2024, all vocational vmbo with electives and
lower years from 2025); no source tells the split of spending (assumption). Cooperation is an obligation of the schemes.
Wrong if: activity plans, once published, show shares unlike these, or cooperation that outlives the money.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.terms import CAN_DO, Activity

Array = NDArray[np.float64]
Index = NDArray[np.int64]


class Activities(NamedTuple):
    """Parameters of planning and of connection."""

    tilt_teachers: float
    tilt_inclusion: float
    need_memory: float
    target_weight: Array
    connection_gain: float
    connection_scale: float
    connection_fade: float


def plan(default: Array, unfilled: Array, girls_behind: Array, p: Activities) -> Array:
    """Shares of a plan per region and activity, shape (regions, 7), each row summing to one.

    Parameters
    ----------
    default : the scheme's shares, shape (7,)
    unfilled, girls_behind : needs in 0..1, shape (regions,)
    """
    shares = np.tile(default, (len(unfilled), 1))
    shares[:, Activity.TEACHERS] *= 1.0 + p.tilt_teachers * unfilled
    shares[:, Activity.INCLUSION] *= 1.0 + p.tilt_inclusion * girls_behind
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def foreseen(need: Array, years: int, p: Activities) -> Array:
    """Need that a plan of some years can count on, on average, of what is known when it is made; shape of `need`."""
    return np.asarray(need * np.mean(p.need_memory ** np.arange(years)))


def over_targets(spent: Array, shares: Array, joins: NDArray[np.bool_], p: Activities) -> Array:
    """Euro per region, activity and target, shape (regions, 7, 6); sums over the last two axes to `spent`.

    Parameters
    ----------
    spent : euro per region, shape (regions,)
    shares : plan, shape (regions, 7)
    joins : which TARGETS take part in the scheme, shape (6,)
    """
    weight = np.where(joins, p.target_weight, 0.0)
    doing = shares[:, None, :] * CAN_DO[None, :, :]
    each = doing.sum(axis=2, keepdims=True)
    doing = np.divide(doing, each, out=np.zeros_like(doing), where=each > 0)
    able = weight * (each[:, :, 0] > 0)
    total = able.sum(axis=1, keepdims=True)
    part = np.divide(able, total, out=np.zeros_like(able), where=total > 0)
    return np.asarray(np.swapaxes(spent[:, None, None] * part[:, :, None] * doing, 1, 2))


def next_connection(connection: Array, programmes_per_pupil: Array, p: Activities) -> Array:
    """Connection after a year, shape (regions,); `programmes_per_pupil` in euro per vocational pupil."""
    gained = p.connection_gain * np.log1p(programmes_per_pupil / p.connection_scale)
    return (1.0 - p.connection_fade) * connection + gained


def reach(euro: Array, narrow: Array, pupils: Array, technique_part: Array, pupil_part: Array, region: Index) -> Array:
    """Euro per vocational pupil that the vmbo money of a region brings to each location, shape (schools,).

    Parameters
    ----------
    euro : work done for vmbo per region, shape (regions,)
    narrow : the part of it for hard technique, euro, shape (regions,)
    pupils : vocational pupils per region, shape (regions,)
    technique_part : each location's part of the region's pupils in the five technical profiles, shape (schools,)
    pupil_part : each location's part of the region's vocational pupils, shape (schools,)
    region : row of each location's region, shape (schools,)
    """
    pupils = np.maximum(pupils, 1.0)
    for_technique = np.divide(technique_part, pupil_part, out=np.zeros_like(pupil_part), where=pupil_part > 0)
    return np.asarray(((euro - narrow) / pupils)[region] + (narrow / pupils)[region] * for_technique)
