"""The expected value of perfect information on one parameter, from points that were run already.

Given the parameter's value, the scenario to choose is the one whose expected benefit is highest there. Expected
benefits are regressed on the value (Strong, Oakley and Brennan 2014) by splines whose flexibility generalised
cross-validation chooses. Choosing and valuing on the same points flatters the choice, and a stiff curve misses part of
it; so the choice is learned from nine tenths of the points and its benefit is taken from the runs of the others, in
turn, against the scenario that looked best on average in the nine tenths. What is left is a small loss where the curve
chooses wrongly, close to where it hardly matters.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.interpolate import BSpline

Floats = NDArray[np.float64]

CONFIDENCE: Final = 0.95

FEWEST_POINTS: Final = 100
"""With fewer, 95% intervals hold the truth of known cases in 77% to 94% of all samples instead of 87% to 96%."""

_FOLDS: Final = 10
_FREEDOM: Final = (2, 3, 4, 5, 6, 8, 11, 15, 20, 28)
"""Coefficients of a curve: of a line, a parabola, and cubic splines with knots at quantiles."""
_PER_COEFFICIENT: Final = 5
_ROUNDING: Final = 1e-12


def partial_information(x: Floats, benefit: Floats, number: int) -> tuple[float, float, float]:
    """Expected value of perfect information on one parameter, with its interval.

    Parameters
    ----------
    x : values of the parameter, shape (points,)
    benefit : shape (points, scenarios)
    number : of the random stream that deals the points out
    """
    n, spread = len(x), float(x.std())
    if spread == 0.0:
        return 0.0, 0.0, 0.0
    scaled = (x - x.mean()) / spread
    part = np.random.default_rng(number).permutation(n) % _FOLDS
    gain = np.empty(n)
    for at in range(_FOLDS):
        known, tried = part != at, part == at
        best = int(benefit[known].mean(axis=0).argmax())
        lead = benefit - benefit[:, [best]]
        chosen = _curves(scaled[known], lead[known], scaled[tried]).argmax(axis=1)
        gain[tried] = lead[tried, chosen]
    value = float(gain.mean())
    half = stats.norm.ppf(0.5 + CONFIDENCE / 2) * np.sqrt((gain.var(ddof=1) + _unsettled(benefit)) / n)
    if max(abs(value), half) < _ROUNDING * np.abs(benefit).max():
        return 0.0, 0.0, 0.0
    return max(value, 0.0), max(value - half, 0.0), max(value + half, 0.0)


def _unsettled(benefit: Floats) -> float:
    """Variance that comes from not knowing which scenario is best on average: none where one is far ahead."""
    best = int(benefit.mean(axis=0).argmax())
    ahead = benefit[:, [best]] - np.delete(benefit, best, axis=1)
    spread = ahead.std(axis=0, ddof=1)
    if not spread.any():
        return 0.0
    some = ahead[:, spread > 0]
    wrong = stats.norm.sf(some.mean(axis=0) / spread[spread > 0] * np.sqrt(len(benefit)))
    return float((wrong * spread[spread > 0] ** 2).max())


def _curves(x: Floats, y: Floats, at: Floats) -> Floats:
    """Expected values of the columns of `y` at new values of x, each by the curve that generalises best."""
    found = np.zeros((len(at), y.shape[1]))
    least = np.full(y.shape[1], np.inf)
    for freedom in _FREEDOM:
        if freedom * _PER_COEFFICIENT > len(x):
            break
        terms = _terms(x, x, freedom)
        coefficients = np.linalg.lstsq(terms, y, rcond=None)[0]
        score = ((y - terms @ coefficients) ** 2).mean(axis=0) / (1 - freedom / len(x)) ** 2
        better = score < least
        if better.any():
            found[:, better] = (_terms(x, at, freedom) @ coefficients)[:, better]
            least[better] = score[better]
    return found


def _terms(x: Floats, at: Floats, freedom: int) -> Floats:
    """Powers, or B-splines with knots at quantiles of x; beyond the ends a curve stays level."""
    at = np.clip(at, x.min(), x.max())
    if freedom < 4:
        return np.vander(at, freedom, increasing=True)
    inner = np.quantile(x, np.linspace(0, 1, freedom - 2)[1:-1])
    knots = np.concatenate([np.repeat(x.min(), 4), inner, np.repeat(x.max(), 4)])
    return np.asarray(BSpline.design_matrix(at, knots, 3).toarray())
