"""17. Teachers of technique in tl, havo and vwo, and in mbo.

They are stocks per region, in FTE, beside the persons of the technical profiles of vmbo: technique, natuur- and
scheikunde and O&O in the lower years, tl, havo and vwo; technical courses in mbo. For each of the two,

    needed   N  = pupils or students / pupils_per_fte, smoothed over about three years
    leaving  L  = leave + industry_exit x (lured - 1)
    openings O  = max(0, N - E x (1 - L))
    entry    I  = min(O, leave x E_2019 x (1 - from_firms + from_firms x pull) + those who come from vmbo)
    E'          = E x (1 - L) - those who go to vmbo + I

Pupils are those of the lower years and of the upper years of tl, havo and vwo; students those of technical mbo. pull,
lured and industry_exit are those of teacher_market: in a tight market fewer technicians turn to teaching and more
teachers leave it. What a stock draws from firms and gives back to them changes their technicians. Openings near a
region,

    openings_r = sum_q exp(-km_rq / commute_km) x O_q / the same of 2019

draw candidates from vmbo and teachers away from it (teacher_market).

Source: 33,000 mbo teachers in 27,000 FTE, 18 students each (Trendrapportage, about 2018); vo has 15.6 pupils to a
teacher and some 32 lessons a week (ESB 2014), so three lessons of technical subjects a pupil ask an FTE for 166 pupils;
7.2% of vo and 8.6% of mbo teachers leave their sector in a year (DUO, 2013-2017); shortage of NaSk 8.8%,
natuurkunde 5.8%, scheikunde 4.3% in October 2023 (Centerdata), mbo without a large shortage. Teachers of technique in
mbo, and the technical lessons of havo/vwo, are not counted apart by anybody: the two stocks are derived.
Wrong if: colleges and havo/vwo fill their vacancies for technique without taking anybody who would have come to vmbo.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from doorstroom.mechanisms.teacher_market import Array

OTHERS: Final = ("tl, havo and vwo", "mbo")
FTE_PER_PERSON: Final = 0.8
"""60,900 FTE and 77,000 teachers in vo, 27,000 and 33,000 in mbo."""


class OtherTeaching(NamedTuple):
    """Parameters of the other teaching of technique; all run over OTHERS."""

    pupils_per_fte: Array
    leave: Array
    unfilled_2019: Array
    from_firms: Array


def needed(people: Array, p: OtherTeaching) -> Array:
    """FTE that lessons ask, shape (regions, 2), for pupils of the lower years, tl, havo and vwo, and students."""
    return people / p.pupils_per_fte


def leaving(industry: Array, p: OtherTeaching) -> Array:
    """Part that leaves this year, shape (regions, 2).

    `industry` is the part that industry lures beyond what it did in 2019, shape (regions,).
    """
    return np.clip(p.leave + industry[:, None], 0.0, 1.0)


def openings(employed: Array, needed: Array, leaving: Array) -> Array:
    """FTE to fill this year, shape (regions, 2)."""
    return np.maximum(needed - employed * (1.0 - leaving), 0.0)


def near(openings: Array, nearness: Array) -> Array:
    """Openings within commuting distance of each region, FTE, shape (regions,)."""
    return np.asarray(nearness @ openings.sum(axis=1))


def entry(openings: Array, employed_2019: Array, pull: Array, coming: Array, p: OtherTeaching) -> Array:
    """FTE that enters this year, shape (regions, 2).

    Parameters
    ----------
    pull : how many technicians turn to teaching, relative to 2019, shape (regions,)
    coming : FTE of those who come from vmbo, shape (regions, 2)
    """
    usual = p.leave * employed_2019
    supply = usual * (1.0 - p.from_firms + p.from_firms * pull[:, None])
    return np.minimum(openings, supply + coming)


def from_firms(entered: Array, coming: Array, pull: Array, p: OtherTeaching) -> Array:
    """FTE of those who enter from firms, shape (regions, 2)."""
    drawn = p.from_firms * pull[:, None]
    return np.maximum(entered - coming, 0.0) * drawn / (1.0 - p.from_firms + drawn)
