"""Forecasts that need no model: what a model has to beat.

- last value: the last observed figure stays; its spread grows as that of a random walk with the steps seen so far;
- linear trend: the straight line through the last five figures (or as many as there are, at least three), with the
  prediction interval of that line;
- constant share: the last share of the cohort, times the cohort that was forecast (the official pupil forecast where
  there was one, else what the caller knows of it); its spread is that of a random walk of the share.

All are ensembles of 199 quantiles, so that they are scored as the model is.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

LAST: Final = "last value"
TREND: Final = "linear trend"
SHARE: Final = "constant share"
NAMES: Final = (LAST, TREND, SHARE)

_LEVELS: Final = (np.arange(199) + 1.0) / 200.0
_FEW: Final = 3
_LINE: Final = 5


def last_value(past: Floats, steps: int, changes: Floats | None = None) -> Floats:
    """Members of the next `steps` figures after `past`, shape (199, steps).

    Parameters
    ----------
    changes : how the series moves in a year; by default as `past` did
    """
    return past[-1] + _walk(np.diff(past) if changes is None else changes, steps)


def linear_trend(past: Floats, steps: int) -> Floats | None:
    """As `last_value`, from the straight line; None where fewer than three figures are known."""
    recent = past[-_LINE:]
    n = len(recent)
    if n < _FEW:
        return None
    at, ahead = np.arange(n) - (n - 1) / 2.0, np.arange(1, steps + 1) + (n - 1) / 2.0
    slope = (at @ recent) / (at @ at)
    left = recent - recent.mean() - slope * at
    sd = np.sqrt((left @ left) / (n - 2) * (1.0 + 1.0 / n + ahead**2 / (at @ at)))
    return np.asarray(recent.mean() + slope * ahead + stats.t.ppf(_LEVELS, n - 2)[:, None] * sd)


def constant_share(past: Floats, cohort: Floats, coming: Floats, changes: Floats | None = None) -> Floats:
    """As `last_value`, from the cohorts of the past figures and those forecast; both in the unit of the figure.

    Where one figure is known, the share moves as `changes` of it do.
    """
    share = np.divide(past, cohort, out=np.zeros_like(past), where=cohort > 0)
    moved = np.diff(share)
    if len(share) == 1 and changes is not None and cohort[0] > 0:
        moved = changes / cohort[0]
    return np.asarray((share[-1] + _walk(moved, len(coming))) * coming)


def _walk(changes: Floats, steps: int) -> Floats:
    """Departures of a random walk whose steps have the root mean square of `changes`."""
    size = np.sqrt(np.mean(changes**2)) if len(changes) else 0.0
    return np.asarray(stats.norm.ppf(_LEVELS)[:, None] * size * np.sqrt(np.arange(1, steps + 1)))
