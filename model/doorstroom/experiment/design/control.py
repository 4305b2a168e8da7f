"""First and total Sobol' indices with a polynomial of the factors as control variate.

    index x variance = mean(part of the response) - slope x (mean(part of the polynomial) - what is exact)

What a sample says of the polynomial, less what is exact, is the error that the sample makes with it; the response's own
error goes along with that, by the slope, and is corrected. The polynomial of a base sample is fitted to others, so that
it knows nothing of the response there.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from doorstroom.experiment.design.surrogate import polynomial
from doorstroom.experiment.factors import Factors

Floats = NDArray[np.float64]

FOLDS: Final = 5
"""Parts of the sample; the polynomial of each is fitted to the others."""


def controlled(
    factors: Factors, unit: Floats, y: Floats, confidence: float, resamples: int, luck: np.random.Generator
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """First and total indices, each as their values and half their intervals, shape (units,).

    Parameters
    ----------
    unit : the points of Saltelli's design in the unit cube, shape (samples x (units + 2), columns)
    y : the response there, shape (samples, units + 2); at least four samples
    confidence, resamples : mass inside an interval, and bootstrap resamples of base samples that it is made of
    """
    y = y - y[:, [0, -1]].mean()
    unit = unit.reshape(*y.shape, -1)
    found = _parts(y)
    error = np.empty_like(found)
    fold = np.arange(len(y)) % min(FOLDS, len(y) // 2)
    for mine in (fold == one for one in range(fold.max() + 1)):
        surrogate = polynomial(factors, unit[~mine].reshape(-1, unit.shape[2]), y[~mine].ravel())
        coefficients = surrogate.fit(unit[~mine], y[~mine])
        first, total, variance, mean = surrogate.shares(coefficients)
        error[mine] = _parts(surrogate.predict(unit[mine], coefficients)) - [*first, *total, variance + mean**2, mean]
    spread = error - error.mean(axis=0)
    slope = np.sum(spread * found, axis=0) / np.maximum(np.sum(spread**2, axis=0), 1e-300)
    found = found - slope * error
    value = _indices(found)
    resampled = [_indices(found[luck.integers(0, len(y), len(y))]) for _ in range(resamples)]
    half = ndtri(0.5 + confidence / 2) * np.std(resampled, axis=0, ddof=1)
    units = len(factors.units)
    return (value[:units], half[:units]), (value[units:], half[units:])


def _parts(y: Floats) -> Floats:
    """Of each base sample, what the means of are first and total index times the variance, the square and the mean.

    Parameters
    ----------
    y : a point of A, A with each unit taken from B, a point of B, shape (samples, units + 2)

    Returns
    -------
    float64 array, shape (samples, 2 x units + 2)
    """
    a, crossed, b = y[:, :1], y[:, 1:-1], y[:, -1:]
    return np.concatenate([b * (crossed - a), (crossed - a) ** 2 / 2, (a**2 + b**2) / 2, (a + b) / 2], axis=1)


def _indices(parts: Floats) -> Floats:
    """First, then total indices, shape (2 x units,)."""
    mean = parts.mean(axis=0)
    return np.asarray(mean[:-2] / (mean[-2] - mean[-1] ** 2))
