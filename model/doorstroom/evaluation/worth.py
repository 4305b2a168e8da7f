"""What seeing an estimate is worth: how much it narrows what is known, and the expected value of that information.

A decision is between going on, which costs c a year, and stopping. With b the euro that a unit of the outcome is worth,
the net benefit of going on is b x effect - c; stopping has none. Deciding now, one takes the better on average;
deciding after the estimate y, the better given y:

    value of sample information = E_y[max(0, E[net benefit | y])] - max(0, E[net benefit])

What a unit is worth is for a minister to say. The value is largest where the two are level, b = c / E[effect]: that
value is given here, as what the information is worth at most.

E[effect | y] is read from the worlds by regression of the effect on the estimate (Strong, Oakley and Brennan 2014),
here a smoothing spline whose stiffness generalised cross-validation chooses (scipy's make_smoothing_spline).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import make_smoothing_spline

Array = NDArray[np.float64]

_FOLDS = 5


class Worth(NamedTuple):
    """What an estimate is worth.

    Attributes
    ----------
    narrowed : share of the variance of the effect that seeing the estimate takes away, 0 to 1
    narrowed_low, narrowed_high : its 90% interval over worlds
    value, error : euro of information and its standard error over worlds
    perfect : euro of knowing the effect itself
    """

    narrowed: float
    narrowed_low: float
    narrowed_high: float
    value: float
    error: float
    perfect: float


def expected_given(seen: Array, effect: Array) -> Array:
    """E[effect | estimate] in every world, shape (worlds,), each from the worlds of the other folds."""
    if len(np.unique(seen)) < 4 * _FOLDS:  # too few to read anything from
        return np.full(len(seen), effect.mean()) if len(seen) else effect
    found = np.empty(len(seen))
    fold = np.arange(len(seen)) % _FOLDS
    for one in range(_FOLDS):
        mine = fold == one
        x, y, weight = _merged(seen[~mine], effect[~mine])
        spline = make_smoothing_spline(x, y, w=weight)
        found[mine] = spline(np.clip(seen[mine], x[0], x[-1]))
    return found


def worth(seen: Array, effect: Array, cost: float, *, resamples: int = 400) -> tuple[Worth, Array]:
    """Value of an estimate for the decision to go on, at most; and what it narrows as worlds are drawn anew.

    The worlds drawn anew are the same for every estimate in as many worlds, so that estimates can be compared in them.

    Parameters
    ----------
    seen : the estimate in every world, shape (worlds,); NaN where there is none, which tells nothing
    effect : of going on, in that world, shape (worlds,)
    cost : euro a year of going on
    """
    known = np.isfinite(seen)
    given = np.full(len(seen), effect.mean())
    given[known] = expected_given(seen[known], effect[known])
    picks = np.random.default_rng(0).integers(0, len(effect), (resamples, len(effect)))
    narrowed, anew = _narrowed(effect, given), _narrowed(effect[picks], given[picks])
    low, high = np.quantile(anew, [0.05, 0.95])
    told = (float(narrowed), float(low), float(high))
    mean = effect.mean()
    if mean <= 0:  # no worth of a unit makes the two level
        return Worth(*told, 0.0, 0.0, 0.0), anew
    net, expected = cost * (effect / mean - 1.0), cost * (given / mean - 1.0)
    # the benefit itself of what would be decided: an estimate that says nothing is then worth nothing on average
    gain = np.where(expected > 0, net, 0.0)
    best = max(0.0, net.mean())
    values = gain[picks].mean(axis=1) - np.maximum(0.0, net[picks].mean(axis=1))
    return Worth(
        *told,
        max(0.0, float(gain.mean() - best)),
        float(values.std(ddof=1)),
        float(np.maximum(net, 0.0).mean() - best),
    ), anew


def _narrowed(effect: Array, given: Array) -> Array:
    """The part of the variance that is gone, 0 to 1, along the last axis."""
    variance, left = effect.var(axis=-1), ((effect - given) ** 2).mean(axis=-1)
    return np.asarray(np.clip(1.0 - np.divide(left, variance, out=np.ones_like(left), where=variance > 0), 0.0, 1.0))


def _merged(x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Points in ascending order, those at one place as their mean."""
    places, which, count = np.unique(x, return_inverse=True, return_counts=True)
    return places, np.bincount(which, y) / count, count.astype(np.float64)
