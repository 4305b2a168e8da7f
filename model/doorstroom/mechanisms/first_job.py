"""13. First job and matching.

A technical graduate looks for technical work or takes other work (leakage):

    logit P(technical) = logit(1 - leak[pathway]) + level_4 x [level 4] + woman x [woman]
                         + tightness_weight x log(tightness / tightness_2019) + wage_weight x (wage - 1)

tightness is that of the sector in the home region, wage that of all technical work there, against 2019. Those who
look spread over the jobs of their sector in the regions within commuting range, in proportion to how these draw and to
exp(-distance / commute_km). Jobs are the openings of the year, those of larger firms draw more (firms). Where
graduates are more than the jobs, the surplus leaks after all.

Source: about 30% of technically trained young people were not in a technical job (SEOR, about 2012); the loss is
at the first job, not later (SEO 2013); bbl leaks less, level 4 and women more. No current figure: wide prior.
Wrong if: leakage doesn't move with the market.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import Rows, compiled

Array = NDArray[np.float64]


class FirstJob(NamedTuple):
    """Parameters of the first job; `leak` runs over bol, bbl."""

    leak: Array
    level_4: float
    woman: float
    tightness_weight: float
    wage_weight: float
    commute_km: float


@compiled
def looks_for_technical_work(
    pathway: int, level: int, sex: int, u: float, log_tightness: float, wage: float, p: FirstJob
) -> bool:
    """Whether one graduate looks for technical work, from one uniform number."""
    leak = p.leak[pathway]
    utility = np.log((1.0 - leak) / leak)
    utility += p.level_4 * (level == 4) + p.woman * (sex == 1)
    utility += p.tightness_weight * log_tightness + p.wage_weight * (wage - 1.0)
    return bool(u < 1.0 / (1.0 + np.exp(-utility)))


@compiled
def look(
    who: Rows,
    luck: Array,
    pathway: NDArray[np.int8],
    level: NDArray[np.int8],
    sex: NDArray[np.int8],
    region: NDArray[np.int8],
    field: NDArray[np.int8],
    log_tightness: Array,
    wage: Array,
    p: FirstJob,
) -> NDArray[np.bool_]:
    """Which of the graduates `who` look for technical work, shape (n,).

    Parameters
    ----------
    luck : uniform numbers, one row per graduate; the first counts
    pathway, level, sex, region, field : arrays over everybody
    log_tightness, wage : per region and sector, and per region
    """
    result = np.empty(len(who), np.bool_)
    for n in range(len(who)):
        i = who[n]
        tight = log_tightness[region[i], field[i] - 1]
        result[n] = looks_for_technical_work(pathway[i], level[i], sex[i], luck[n, 0], tight, wage[region[i]], p)
    return result


def spread(seekers: Array, pull: Array, jobs: Array, nearness: Array) -> tuple[Array, Array]:
    """Hires per region and sector, and the chance of being hired per home region and sector.

    Parameters
    ----------
    seekers : persons per home region and sector, shape (regions, fields)
    pull : how much the jobs of a region and sector draw, shape (regions, fields)
    jobs : shape (regions, fields)
    nearness : exp(-distance / commute_km) between regions, shape (regions, regions)

    Returns
    -------
    hires : persons per working region and sector, at most `jobs`
    chance : share of a home region's seekers that is hired
    """
    arriving = _arriving(seekers, pull, nearness)
    hires = np.minimum(arriving, jobs)
    taken = np.divide(hires, arriving, out=np.zeros_like(arriving), where=arriving > 0)
    hired = _hired(seekers, pull, nearness, taken)
    return hires, np.divide(hired, seekers, out=np.zeros_like(seekers), where=seekers > 0)


@compiled
def _arriving(seekers: Array, pull: Array, nearness: Array) -> Array:
    """Seekers by the region and sector to which they are drawn."""
    arriving = np.zeros_like(pull)
    for home in range(len(nearness)):
        for field in range(pull.shape[1]):
            total = 0.0
            for work in range(len(pull)):
                total += nearness[home, work] * pull[work, field]
            for work in range(len(pull)):
                part = nearness[home, work] * pull[work, field] / total if total > 0.0 else 0.0
                arriving[work, field] += seekers[home, field] * part
    return arriving


@compiled
def _hired(seekers: Array, pull: Array, nearness: Array, taken: Array) -> Array:
    """Seekers per home region and sector who are hired; `taken` is the share of those who arrive."""
    hired = np.zeros_like(seekers)
    for home in range(len(nearness)):
        for field in range(pull.shape[1]):
            total = 0.0
            for work in range(len(pull)):
                total += nearness[home, work] * pull[work, field]
            for work in range(len(pull)):
                part = nearness[home, work] * pull[work, field] / total if total > 0.0 else 0.0
                hired[home, field] += seekers[home, field] * part * taken[work, field]
    return hired
