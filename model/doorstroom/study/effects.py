"""Effects: paired differences between two scenarios at equal draw and seed, and how sure we are of them.

An effect is scenario minus baseline, run by run, so that luck and parameter values that both share cancel.
Over the runs we report

- the mean;
- a 90% interval: where a next run (another draw of the parameters, another seed) is expected to land in
  nine cases out of ten. With at least 40 runs these are the 5% and 95% quantiles; with fewer, the Student-t
  prediction interval, mean +/- t s sqrt(1 + 1/n). One run has no interval;
- the Monte Carlo standard error of the mean: what more runs would still change. With several draws and
  several seeds, runs that share a draw or a seed are not independent; then it follows from the spread of
  the means per draw and per seed;
- the share of runs above zero;
- one word for sureness, by the convention in `sureness`.
"""

from __future__ import annotations

import warnings
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

LEVEL = 0.90
"""Probability mass inside every interval."""

ENOUGH_FOR_QUANTILES = 40
"""From this many runs on, at least two lie beyond each end of the interval, so quantiles can be read off."""

VERY = 0.95


class Sureness(StrEnum):
    """How far an effect stands out from no effect."""

    NO_DIFFERENCE = "no difference"
    CANT_TELL = "can't tell"
    LIKELY = "likely"
    VERY_LIKELY = "very likely"
    ONE_RUN = "one run, no interval"
    UNDEFINED = "not defined"


class Summary(NamedTuple):
    """What the runs say about a quantity: arrays without the axis of the runs, or scalars after `at`.

    Floats but for `n`, which holds whole numbers, and `sureness`, which holds words.
    """

    mean: Any
    low: Any
    high: Any
    se: Any
    above: Any
    n: Any
    sureness: Any

    def at(self, *index: Any) -> Summary:
        """The summary at one place or slice of its arrays."""
        return Summary(*(part[index] for part in self))


def paired(scenario: Floats, baseline: Floats) -> Floats:
    """Scenario minus baseline run by run; both have shape (runs, ...) and the same order of runs."""
    if scenario.shape != baseline.shape:
        raise ValueError(f"not the same runs: {scenario.shape} against {baseline.shape}")
    return scenario - baseline


def summarise(values: Floats, seeds: int = 1, mass: float = LEVEL) -> Summary:
    """Mean, interval, standard error and sureness over the runs.

    Parameters
    ----------
    values : float64 array, shape (runs, ...)
        Runs in order of draw, then seed. A run without a value (NaN: a ratio over nothing) is left out of
        its cell, and `n` says how many remain.
    seeds : int
        Seeds per draw.
    mass : float
        Probability mass inside the interval. Words of sureness belong to that of 90%.

    Returns
    -------
    Summary of arrays with the shape of `values` without its first axis.
    """
    flat = values.reshape(len(values), -1)
    present = np.isfinite(flat)
    n = present.sum(axis=0)
    filled = np.where(present, flat, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = filled.sum(axis=0) / n
        sd = np.sqrt((np.where(present, flat - mean, 0.0) ** 2).sum(axis=0) / (n - 1))
        above = (filled > 0).sum(axis=0) / n
        below = (filled < 0).sum(axis=0) / n
        se = _standard_error(flat, sd, n, n == len(flat), seeds)
        low, high = _interval(flat, mean, sd, n, mass)
    # identical runs must give exactly their value, which a mean over n need not return to the last bit
    first = flat[0]
    same = (flat == first).all(axis=0)
    mean = np.where(same, first, mean)
    several = n > 1
    for bound in (low, high):
        bound[same & several] = first[same & several]
    shape = values.shape[1:]
    sure = sureness(np.where(present, flat, np.nan), low, high, above, below, n)
    parts = (mean, low, high, np.where(same & several, 0.0, se), above, n, sure)
    return Summary(*(np.asarray(part).reshape(shape) for part in parts))


def _interval(flat: Floats, mean: Floats, sd: Floats, n: NDArray[np.int64], mass: float) -> tuple[Floats, Floats]:
    half = stats.t.ppf((1 + mass) / 2, np.maximum(n - 1, 1)) * sd * np.sqrt(1 + 1 / np.maximum(n, 1))
    half = np.where(n > 1, half, np.nan)
    low, high = mean - half, mean + half
    many = n >= ENOUGH_FOR_QUANTILES
    if many.any():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            quantile = np.quantile if np.isfinite(flat[:, many]).all() else np.nanquantile
            ends = quantile(flat[:, many], [(1 - mass) / 2, (1 + mass) / 2], axis=0)
        low[many], high[many] = ends
    return low, high


def _standard_error(flat: Floats, sd: Floats, n: NDArray[np.int64], whole: NDArray[np.bool_], seeds: int) -> Floats:
    """Standard error of the mean; of a crossed design of draws and seeds where both vary."""
    simple = np.where(n > 1, sd / np.sqrt(np.maximum(n, 1)), np.nan)
    draws = len(flat) // seeds
    if draws < 2 or seeds < 2:
        return np.asarray(simple)
    grid = flat.reshape(draws, seeds, -1)
    crossed = np.sqrt(grid.mean(axis=1).var(axis=0, ddof=1) / draws + grid.mean(axis=0).var(axis=0, ddof=1) / seeds)
    return np.where(whole, crossed, simple)


def sureness(
    values: Floats, low: Floats, high: Floats, above: Floats, below: Floats, n: NDArray[np.int64]
) -> NDArray[np.object_]:
    """One word per cell, by this convention.

    - "no difference": exactly zero in every run;
    - "can't tell": the 90% interval includes zero;
    - "very likely": it does not, and at least 95% of the runs have the same sign, after adding one run to
      either side (so that it takes 18 runs of one sign before anything is called very likely);
    - "likely": it does not include zero, with fewer runs of that sign;
    - "one run, no interval" and "not defined" where there is one value or none.
    """
    with np.errstate(invalid="ignore"):
        zero = ((values == 0) | np.isnan(values)).all(axis=0) & (n > 0)
        includes_zero = (low <= 0) & (high >= 0)
        very = (np.maximum(above, below) * n + 1) / (n + 2) >= VERY - 1e-12
    words = np.select(
        [n == 0, zero, n == 1, includes_zero, very],
        [0, 1, 2, 3, 4],
        5,
    )
    order = (
        Sureness.UNDEFINED,
        Sureness.NO_DIFFERENCE,
        Sureness.ONE_RUN,
        Sureness.CANT_TELL,
        Sureness.VERY_LIKELY,
        Sureness.LIKELY,
    )
    return np.asarray(np.array(order, dtype=object)[words])


def distinguishable(word: Sureness) -> bool:
    """Whether an effect may be written as an effect."""
    return word in (Sureness.LIKELY, Sureness.VERY_LIKELY)


def euro_per_extra(money: Floats, outcome: Floats, seeds: int = 1) -> Summary:
    """Euro per extra unit of an outcome against the baseline.

    Parameters
    ----------
    money : float64 array, shape (runs,)
        Difference in money between scenario and baseline, summed over the years, euro.
    outcome : float64 array, shape (runs,)
        Difference in the outcome, summed over the same years.

    Returns
    -------
    Summary of the ratio per run. All NaN and "not defined" where the outcome's interval includes zero or is
    unknown (a ratio over something that may be zero says nothing), or where the money is the same.
    """
    difference = summarise(outcome, seeds)
    if not distinguishable(difference.sureness.item()) or not np.any(money) or np.any(outcome == 0):
        return summarise(np.full(len(money), np.nan), seeds)
    return summarise(money / outcome, seeds)
