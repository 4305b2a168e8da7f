"""15. Steering.

Before a scheme pays a region it has to approve its application. An application without an obligatory partner is
refused: where a partner takes no part in the scheme, where no mbo college with technique is within mbo_km of the
region's centre, or where firms bring less than least_brought of the norm for co-financing. In the first year of a
scheme some regions don't have their partners together in time, the less so the longer they worked together (e years
of experience):

    chance of being late = late_share / (1 + e)

A region that is refused gets nothing that year and applies again for the next.

At a review the assessment committee scores each region's plan and results between 0 and 1:

    score = weights . (spent / received, connection, attention to themes, technique share against its own past)
            + judgement_spread x z

z is what a committee sees that no count shows, a standard normal number per scheme, of which all regions of a review
share the half. connection counts as C / (C + 1), attention as the share of the plan for teachers, inclusion and
sustainability against the scheme's own shares, and the technique share as sigmoid of its change in tenths. A region
below `threshold` gets its next plan under conditions: `condition_cut` of the money is held back and its plan goes
back to the scheme's default shares. Score and decision are recorded per region.

Where a programme's money is conditional on its midterm review, the mean score of the regions with money decides:

    released = mean score >= release_at

Source: the regulations of 2020 and 2025 provide for a committee, an activity plan per two years and mid-term steering;
205.8 of the 351.6 million of NGF depend on a midterm review; weights and thresholds are judgement. Of 78 regions 71 had
been approved in December 2019 for money from January 2020 on, 77 a year later; one was approved on condition that firms
bring ten per cent. No region is known to have lost its grant at a review.
Wrong if: reviews never change a plan or a grant, or applications without partners are approved.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Steering(NamedTuple):
    """Parameters of the review; `weights` run over spending, connection, themes, technique."""

    weights: Array
    judgement_spread: float
    threshold: float
    condition_cut: float
    release_at: float
    late_share: float
    least_brought: float
    mbo_km: float


def in_time(experience: Array, luck: Array, p: Steering) -> NDArray[np.bool_]:
    """Whether a region has its partners together when a scheme begins; `experience` in years, `luck` uniform."""
    return np.asarray(luck >= p.late_share / (1.0 + experience))


def firms_join(brought: Array, asked: float, p: Steering) -> NDArray[np.bool_]:
    """Whether firms bring enough to be partners; both as shares of the offer."""
    return np.asarray(brought >= p.least_brought * asked)


def judgement(z: Array, common: float, p: Steering) -> Array:
    """What a committee adds to scores, shape of `z`: standard normal numbers of regions, and one of the review."""
    return np.asarray(p.judgement_spread * np.sqrt(0.5) * (z + common))


def score(spent: Array, connection: Array, attention: Array, change: Array, p: Steering) -> Array:
    """Score per region in 0..1, shape (regions,).

    Parameters
    ----------
    spent : absorbed divided by received since the last review, 0..1
    connection : C, 0 = that of 2019
    attention : share of the plan for the themes, relative to the scheme's default
    change : technique share now minus that of 2019
    """
    kept = np.maximum(connection, 0.0)
    parts = np.stack(
        [np.clip(spent, 0, 1), kept / (kept + 1.0), np.clip(attention, 0, 2) / 2.0, 1 / (1 + np.exp(-10.0 * change))]
    )
    return np.asarray((p.weights[:, None] * parts).sum(axis=0) / p.weights.sum())


def conditioned(scores: Array, p: Steering) -> NDArray[np.bool_]:
    """Regions whose next plan is conditioned."""
    return scores < p.threshold


def released(scores: Array, funded: NDArray[np.bool_], p: Steering) -> bool:
    """Whether a midterm review releases conditional money; `funded` says which regions had any, shape (regions,)."""
    return bool(funded.any() and scores[funded].mean() >= p.release_at)
