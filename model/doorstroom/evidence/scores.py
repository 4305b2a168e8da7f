"""How good a forecast was, once the figure is there.

A forecast is an ensemble: members that are equally likely. Scores, each lower is better but bias and coverage:

- bias: (median - observed), relative to the usual size of the series: above 0 the forecast was too high;
- error: the same without its sign;
- CRPS, the continuous ranked probability score: mean |x - y| - mean |x - x'| / 2 over members x, x' and the observed
  y (Gneiting and Raftery 2007, Strictly proper scoring rules, JASA 102, eq. 21), relative to the same size. The second
  mean is over pairs of different members, as otherwise an ensemble of few would be punished for being small (Ferro
  2014, Fair scores for ensemble forecasts, QJRMS 140). For a forecast without spread it is the absolute error, so
  points and fans can be compared;
- coverage: whether the observed figure lies inside the central 50% and 90%, between the order statistics that a
  next member lies between as often.

A figure that withheld counts leave open lies between two bounds. Its scores are those of its value; beside them stand
the least and the most that they could be within the bounds. CRPS is convex in y and least at the median, so the
least is that of the bound or median nearest to it, and the most that of one of the bounds.
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


class Observation(NamedTuple):
    """An observed figure, and the bounds within which it is known; all three are equal where it is exact."""

    value: float
    low: float
    high: float

    @classmethod
    def exact(cls, value: float) -> Observation:
        """A figure that is known."""
        return cls(value, value, value)


class Score(NamedTuple):
    """The fan of a forecast, and its scores; bias, error and crps are relative to the size of the series.

    `_least` and `_most` are what a score could be within the bounds of the figure.
    """

    low90: float
    low50: float
    median: float
    high50: float
    high90: float
    bias: float
    error: float
    crps: float
    crps_least: float
    crps_most: float
    in50: bool
    in90: bool
    in90_least: bool
    in90_most: bool


def crps(members: ArrayLike, observed: ArrayLike) -> Floats:
    """Continuous ranked probability score of equally likely members at each observed figure, in their unit."""
    # scoringrules has this too, but compiles for ten seconds whenever it is imported; properscoring is of 2015
    x, y = np.sort(np.asarray(members, np.float64)), np.atleast_1d(np.asarray(observed, np.float64))
    n = len(x)
    # the mean |x - x'| over pairs of different members is a weighted sum of the ordered members
    spread = 2.0 * np.sum((2.0 * np.arange(1, n + 1) - n - 1.0) * x) / (n * max(n - 1, 1))
    return np.asarray(np.abs(x - y[:, None]).mean(axis=1) - spread / 2.0)


def score(members: ArrayLike, observed: Observation, size: float) -> Score:
    """All scores of one forecast of one figure; `size` is what bias, error and CRPS are divided by."""
    x = np.asarray(members, np.float64)
    low90, low50, middle, high50, high90 = np.quantile(x, list(FAN.values()), method="weibull").tolist()
    value, low, high = observed
    at_value, at_low, at_high, nearest = crps(x, [value, low, high, min(max(middle, low), high)]) / size
    return Score(
        low90,
        low50,
        middle,
        high50,
        high90,
        (middle - value) / size,
        abs(middle - value) / size,
        float(at_value),
        float(nearest),
        float(max(at_low, at_high)),
        bool(low50 <= value <= high50),
        bool(low90 <= value <= high90),
        bool(low90 <= low and high <= high90),
        bool(low90 <= high and low <= high90),
    )


def verdict(model: float, other: float) -> str:
    """Whether the model's mean score wins from, draws with or loses to another's."""
    if abs(model - other) <= DRAW_MARGIN * max(model, other):
        return "draw"
    return "win" if model < other else "loss"
