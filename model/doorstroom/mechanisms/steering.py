"""15. Steering.

At a review the assessment committee scores each region's plan and results between 0 and 1:

    score = weights . (spent / received, connection, attention to themes, technique share against its own past)

connection counts as C / (C + 1), attention as the share of the plan for teachers, inclusion and sustainability
against the scheme's own shares, and the technique share as sigmoid of its change in tenths. A region below
`threshold` gets its next plan under conditions: `condition_cut` of the money is held back and its plan goes back
to the scheme's default shares. Score and decision are recorded per region.

Where a programme's money is conditional on its midterm review, the mean score of the regions with money decides:

    released = mean score >= release_at

Source: the regulations of 2020 and 2025 provide for a committee, an activity plan per two years and mid-term steering;
205.8 of the 351.6 million of NGF depend on a midterm review; weights and thresholds are judgement. No region is known
to have lost its grant.
Wrong if: reviews never change a plan or a grant.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Steering(NamedTuple):
    """Parameters of the review; `weights` run over spending, connection, themes, technique."""

    weights: Array
    threshold: float
    condition_cut: float
    release_at: float


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
