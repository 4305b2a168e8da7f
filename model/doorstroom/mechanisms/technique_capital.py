"""4. Technique capital of a school.

Equipment, rooms and worked-out lessons are capital K in euro per pupil in the upper years that the location
teaches. It wears out and is renewed:

    K' = (1 - depreciation) x K + spending per pupil

    Q  = log(1 + K / scale) - penalty_unfilled x unfilled - penalty_unqualified x unqualified

Effects therefore build up over years and fade over years when the money stops. Q is what pupils meet.

Source: a practical room is written off over about ten years in school accounts; phase 1 of STO (2018, 2019)
paid before the model starts and is in the initial capital. That quality in this sense moves choices is
not shown by any evaluation: its weight in the choice (profile_choice.quality_weight) includes zero.
Wrong if: schools with more equipment per pupil, at equal intake, don't hold more technique pupils after years.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class TechniqueCapital(NamedTuple):
    """Parameters of capital and quality."""

    depreciation: float
    scale: float
    initial: float
    penalty_unfilled: float
    penalty_unqualified: float


def next_capital(capital: Array, spending_per_pupil: Array, p: TechniqueCapital) -> Array:
    """Capital after a year in euro per pupil, shape (schools,)."""
    return (1.0 - p.depreciation) * capital + spending_per_pupil


def quality(capital: Array, unfilled: Array, unqualified: Array, p: TechniqueCapital) -> Array:
    """Quality Q, dimensionless, shape (schools,); `unfilled` and `unqualified` are shares of lessons and teachers."""
    return np.log1p(capital / p.scale) - p.penalty_unfilled * unfilled - p.penalty_unqualified * unqualified
