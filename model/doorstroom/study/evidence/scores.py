"""How good a forecast was, once the figure is there.

A forecast is an ensemble: members that are equally likely. Scores, each lower is better but coverage:

- error: |median - observed|, relative to the usual size of the series;
- CRPS, the continuous ranked probability score: mean |x - y| - mean |x - x'| / 2 over members x, x' and the observed
  y (Gneiting and Raftery 2007, Strictly proper scoring rules, JASA 102, eq. 21), relative to the same size.
  For a forecast without spread it is the absolute error, so points and fans can be compared;
- coverage: whether the observed figure lies inside the central 50% and 90% of the members.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DRAW_MARGIN: Final = 0.05
"""Two mean scores that differ by less than this part of the larger one are a draw."""


FAN: Final = {"low90": 0.05, "low50": 0.25, "median": 0.5, "high50": 0.75, "high90": 0.95}
"""Quantiles by which a forecast is shown."""


class Score(NamedTuple):
    """The fan of a forecast, and its scores; error and crps are relative to the size of the series."""

    low90: float
    low50: float
    median: float
    high50: float
    high90: float
    error: float
    crps: float
    in50: bool
    in90: bool


def crps(members: ArrayLike, observed: float) -> float:
    """Continuous ranked probability score of equally likely members, in the unit of the figure."""
    x = np.sort(np.asarray(members, np.float64))
    n = len(x)
    # mean |x - x'| over all pairs is a weighted sum of the ordered members
    spread = 2.0 * np.sum((2.0 * np.arange(1, n + 1) - n - 1.0) * x) / n**2
    return float(np.abs(x - observed).mean() - spread / 2.0)


def score(members: ArrayLike, observed: float, size: float) -> Score:
    """All scores of one forecast of one figure; `size` is what error and CRPS are divided by."""
    x = np.asarray(members, np.float64)
    low90, low50, middle, high50, high90 = np.quantile(x, list(FAN.values()), method="hazen").tolist()
    return Score(
        low90,
        low50,
        middle,
        high50,
        high90,
        abs(middle - observed) / size,
        crps(x, observed) / size,
        bool(low50 <= observed <= high50),
        bool(low90 <= observed <= high90),
    )


def verdict(model: float, other: float) -> str:
    """Whether the model's mean score wins from, draws with or loses to another's."""
    if abs(model - other) <= DRAW_MARGIN * max(model, other):
        return "draw"
    return "win" if model < other else "loss"
