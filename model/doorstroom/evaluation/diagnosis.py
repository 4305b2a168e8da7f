"""What a design is worth as a design: false alarms, bias, coverage, power, and how far an estimate can mislead.

The words are DeclareDesign's (Blair, Coppock and Humphreys 2023); each diagnosand carries its own error over the worlds
that it was found in.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

Array = NDArray[np.float64]

POWER: Final = 0.8
"""The power at which an effect counts as detectable, the convention of the field."""


class Share(NamedTuple):
    """A share of worlds with its 90% interval (Jeffreys)."""

    value: float
    low: float
    high: float


class Diagnosis(NamedTuple):
    """Diagnosands of a method in worlds of one kind.

    Attributes
    ----------
    answered : share of worlds in which the method gave an answer
    alarms : of those, share whose interval excludes zero
    coverage : share whose interval holds the truth
    bias, bias_error : mean of estimate less truth, and its standard error
    rmse : root of the mean squared error
    wrong_sign : of the worlds with an alarm, those whose estimate has the other sign than the truth (type S)
    exaggeration : of those worlds, mean size of the estimate over mean size of the truth (type M)
    """

    answered: Share
    alarms: Share
    coverage: Share
    bias: float
    bias_error: float
    rmse: float
    wrong_sign: Share
    exaggeration: float


def share(count: int, of: int) -> Share:
    """A share and its 90% interval by Jeffreys' prior; NaN of nothing."""
    if of == 0:
        return Share(np.nan, np.nan, np.nan)
    low, high = beta.ppf([0.05, 0.95], count + 0.5, of - count + 0.5)
    return Share(count / of, 0.0 if count == 0 else float(low), 1.0 if count == of else float(high))


def diagnose(value: Array, low: Array, high: Array, truth: Array) -> Diagnosis:
    """The diagnosands of a method over worlds.

    Parameters
    ----------
    value, low, high : estimates and their intervals, NaN where there is none, shape (worlds,)
    truth : the effect in that world, in the same unit, shape (worlds,)
    """
    known = np.isfinite(value) & np.isfinite(low) & np.isfinite(high)
    value, low, high, true = value[known], low[known], high[known], truth[known]
    error, alarm = value - true, (low > 0) | (high < 0)
    called, n = int(alarm.sum()), int(known.sum())
    wrong = int((alarm & (np.sign(value) != np.sign(true)) & (true != 0)).sum())
    size = np.abs(true[alarm]).mean() if called else 0.0
    return Diagnosis(
        share(n, len(known)),
        share(called, n),
        share(int(((low <= true) & (true <= high)).sum()), n),
        float(error.mean()) if n else np.nan,
        float(error.std(ddof=1) / np.sqrt(n)) if n > 1 else np.nan,
        float(np.sqrt((error**2).mean())) if n else np.nan,
        share(wrong, called),
        float(np.abs(value[alarm]).mean() / size) if size > 0 else np.nan,
    )


def smallest_detectable(sizes: Array, power: Array) -> float:
    """The size at which power first reaches 80%, by straight lines between the sizes tried; infinity if it doesn't.

    Parameters
    ----------
    sizes, power : in ascending order of size, shape (sizes,)
    """
    power = np.maximum.accumulate(power)  # chance alone makes power fall
    if power[-1] < POWER:
        return np.inf
    at = int(np.argmax(power >= POWER))
    if at == 0:
        return float(sizes[0])
    return float(np.interp(POWER, power[at - 1 : at + 1], sizes[at - 1 : at + 1]))
