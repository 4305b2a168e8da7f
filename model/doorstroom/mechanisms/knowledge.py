"""19. Learning what works.

Regions differ in what they know of what works, K between 0 (that of 2019) and 1, and learn it in ways that a scheme
asks for. Each way j shows a region something usable in a year with a luck of its own:

    K' = (1 - forget) x K + (1 - K) x min(1, 2 u x (indicators + self_report + advice))
         + peer_review x max(0, K_best - K) + research x 2 u_n x (1 - K),      at most 1

indicators where regions steer on them, self_report where they account for their own results, advice in a year in
which the assessment committee reviews their plan, peer_review where regions look into each other's work (K_best is
what the best quarter knows), research where national research follows what interventions do, at the pace of its
yearly luck u_n. u and u_n are uniform, so the mean of 2u is one: what is found is uncertain, and differs by region
and year.

Knowledge works through plans. An activity plan holds what was known when it was made, K_plan, until the next one is
made, and makes a euro of work worth

    quality = (1 + support_quality x h) x (1 + gain x K_plan)

h is how far national support reaches (absorption). The gain may be negative: who steers on indicators may come to serve
the indicator.

Source: data-based decision making gave about a month of learning in two years in 53 Dutch primary schools (Van Geel
et al. 2016), some 5% of what is learned; no evaluation of indicators, peer review or research in such programmes was
found, nor how fast regions learn (assumptions). The note of 2023 names self-report, peer review and national
research.
Wrong if: regions that learned most, by their reviews, don't do more with a euro after a new plan than before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Knowledge(NamedTuple):
    """Parameters of learning what works."""

    indicators: float
    self_report: float
    advice: float
    peer_review: float
    research: float
    forget: float
    gain: float
    support_quality: float


class Ways(NamedTuple):
    """Where a way of learning is open, 0 or 1 per region, each of shape (regions,)."""

    indicators: Array
    self_report: Array
    advice: Array
    peer_review: Array
    research: Array


def next_knowledge(known: Array, ways: Ways, luck: Array, national_luck: float, p: Knowledge) -> Array:
    """What regions know after a year, 0..1, shape (regions,).

    Parameters
    ----------
    known : what they knew
    luck : uniform numbers, shape (regions,)
    national_luck : a uniform number of the year
    """
    shown = p.indicators * ways.indicators + p.self_report * ways.self_report + p.advice * ways.advice
    own = (1.0 - known) * np.minimum(2.0 * luck * shown, 1.0)
    best = np.quantile(known, 0.75)
    peers = p.peer_review * ways.peer_review * np.maximum(best - known, 0.0)
    found = ways.research * p.research * 2.0 * national_luck * (1.0 - known)
    return np.asarray(np.clip((1.0 - p.forget) * known + own + peers + found, 0.0, 1.0))


def quality(planned: Array, helped: float, p: Knowledge) -> Array:
    """What a euro of work is worth, shape of `planned`; 1 without support and knowledge.

    Parameters
    ----------
    planned : what was known when the plan was made, 0..1
    helped : how far national support reaches, 0..1
    """
    return np.asarray((1.0 + p.support_quality * helped) * (1.0 + p.gain * planned))
