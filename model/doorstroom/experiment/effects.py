"""Effects: paired differences between two scenarios at equal draw and seed, and what may be said of them.

An effect is scenario minus baseline, run by run, so that luck and parameter values that both share cancel.
Over the runs we report

- the median and the mean, and the Monte Carlo standard error of the mean: what more runs would still change;
- the interval where a next run (another draw of the parameters, another seed) is expected to land in nine cases out
  of ten, at every number of runs by order statistics: of n runs in order, the next lies between the r-th and the
  s-th in (s - r) / (n + 1) of all cases, whatever the distribution (Wilks 1941). With fewer than 19 draws no two runs
  stand 90% apart; then it is the range of the runs, and `cover` says what that covers;
- how many runs lie below and above zero, and the probability of the direction that follows from them: the posterior
  mean of the share under Jeffreys' prior, with the low end of its own 90% interval;
- one word for how sure the direction is, by `sureness`, and one for the size, by `sizes`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]

LEVEL: Final = 0.90
"""Probability mass inside every interval."""

FEWEST_FOR_LEVEL: Final = 19
"""Draws from which on two runs stand so far apart that a next one lies between them in 90% of cases."""

_ATOM: Final = 2
"""Runs of exactly one value from which on it counts as a value that runs take often."""

_FEW_HEADS: Final = 3.0
"""Modelled people; a difference of no more of them, in no clear direction, is too small to see."""


class Sureness(StrEnum):
    """How sure the direction of an effect is, or why there is none to tell."""

    SAME = "exactly the same"
    NOT_YET = "can't differ yet"
    VIRTUALLY_CERTAIN = "virtually certain"
    VERY_LIKELY = "very likely"
    LIKELY = "likely"
    EITHER_WAY = "could go either way"
    TOO_SMALL = "too small to see"
    TOO_FEW = "not enough runs to say"
    UNDEFINED = "not defined"


SCALE: Final = {Sureness.VIRTUALLY_CERTAIN: 0.99, Sureness.VERY_LIKELY: 0.90, Sureness.LIKELY: 0.66}
"""Probability of the direction from which on a word is used.

Mastrandrea and others (2010), Guidance note for lead authors of the IPCC fifth assessment report on consistent
treatment of uncertainties, table 1; KNMI and PBL use its Dutch words.
"""


class Size(StrEnum):
    """What the interval says of an effect's size against the smallest difference that matters."""

    UNTOLD = ""
    NO_MATTER = "too small to matter"
    AT_MOST = "at most"
    AT_LEAST = "at least"


class Summary(NamedTuple):
    """What the runs say about a quantity: arrays without the axis of the runs, or scalars after `at`.

    Attributes
    ----------
    mean, low, high, median, se : in the unit of the quantity
    cover : share of next runs that lie from low to high
    below, above : numbers of runs on either side of zero
    n : number of runs
    chance, chance_low : probability of the direction that most runs have, and the low end of its 90% interval
    sureness, size : words
    """

    mean: Any
    low: Any
    high: Any
    median: Any
    se: Any
    cover: Any
    below: Any
    above: Any
    n: Any
    chance: Any
    chance_low: Any
    sureness: Any
    size: Any

    def at(self, *index: Any) -> Summary:
        """The summary at one place or slice of its arrays."""
        return Summary(*(part[index] for part in self))


def paired(scenario: Floats, baseline: Floats) -> Floats:
    """Scenario minus baseline run by run; both have shape (runs, ...) and the same order of runs."""
    if scenario.shape != baseline.shape:
        raise ValueError(f"not the same runs: {scenario.shape} against {baseline.shape}")
    return scenario - baseline


def summarise(
    values: Floats, seeds: int = 1, mass: float = LEVEL, *, matters: ArrayLike = 0.0, grain: ArrayLike = 0.0
) -> Summary:
    """All that the runs say of a quantity.

    Parameters
    ----------
    values : float64 array, shape (runs, ...)
        Runs in order of draw, then seed. A run without a value (NaN: a ratio over nothing) is left out of
        its cell, and `n` says how many remain.
    seeds : int
        Seeds per draw. Runs that share a draw are not independent: with several draws, intervals and
        probabilities count draws.
    mass : float
        Probability mass inside the interval. Words belong to that of 90%.
    matters : array that broadcasts to a cell's shape
        Smallest difference that matters.
    grain : array that broadcasts to a cell's shape
        What one modelled person counts for; 0 where no persons are counted.

    Returns
    -------
    Summary of arrays with the shape of `values` without its first axis.
    """
    shape = values.shape[1:]
    flat = values.reshape(len(values), -1)
    n = np.isfinite(flat).sum(axis=0)
    draws = len(flat) // seeds
    each = seeds if draws > 1 else 1
    units = n / each
    filled = np.where(np.isfinite(flat), flat, 0.0)
    ordered = np.sort(flat, axis=0)  # NaN comes last
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = filled.sum(axis=0) / n
        sd = np.sqrt((np.where(np.isfinite(flat), flat - mean, 0.0) ** 2).sum(axis=0) / (n - 1))
        se = _standard_error(flat, sd, n, n == len(flat), seeds)
    # identical runs must give exactly their value, which a mean over n need not return to the last bit
    same = (flat == flat[0]).all(axis=0)
    mean, se = np.where(same, flat[0], mean), np.where(same & (n > 1), 0.0, se)
    median = np.where(n > 0, _ranked(ordered, (n + 1) / 2, n), np.nan)
    low, high, cover = _interval(ordered, n, units, each, mass)
    below, above = (filled < 0).sum(axis=0), (filled > 0).sum(axis=0)
    chance, chance_low = direction(np.maximum(below, above) / each, units)
    reach, weight = (np.broadcast_to(np.asarray(one, np.float64), shape).ravel() for one in (matters, grain))
    sure = sureness(low, high, below, above, n, units, chance_low, weight)
    size = sizes(sure, low, high, reach)
    parts = (mean, low, high, median, se, cover, below, above, n, chance, chance_low, sure, size)
    return Summary(*(np.asarray(part).reshape(shape) for part in parts))


def _ranked(ordered: Floats, rank: Floats, n: NDArray[np.int64]) -> Floats:
    """The value at a rank, 1 for the smallest, on a straight line between two runs."""
    place = np.clip(rank, 1, np.maximum(n, 1)) - 1
    under = np.floor(place).astype(np.int64)
    over = np.minimum(under + 1, np.maximum(n - 1, 0))
    first, second = (np.take_along_axis(ordered, at[None], axis=0)[0] for at in (under, over))
    part = place - under
    # not first + part * (second - first), which need not return an end to the last bit
    return np.asarray(np.where(first == second, first, first * (1 - part) + second * part))


def _interval(
    ordered: Floats, n: NDArray[np.int64], units: Floats, each: int, mass: float
) -> tuple[Floats, Floats, Floats]:
    """Ends of the interval and what it covers.

    Where an end falls on a value that many runs take (often zero), nothing more lies beyond it than the runs there,
    and the other end leaves out the rest: else an interval of "90%" would hold 95% of next runs.
    """
    tail = (1 - mass) / 2
    beyond = np.full(n.shape, tail)
    narrow = tail * (units + 1) < 1 - 1e-9
    lows, highs = beyond.copy(), beyond.copy()
    low, high = _end(ordered, lows, n, units, each), -_end(_mirrored(ordered, n), highs, n, units, each)
    runs_at = {end: (ordered == value).sum(axis=0) for end, value in (("low", low), ("high", high))}
    outside = {"low": (ordered < low).sum(axis=0) / np.maximum(n, 1), "high": (ordered > high).sum(axis=0)}
    outside["high"] = outside["high"] / np.maximum(n, 1)
    often = {end: (runs_at[end] >= _ATOM) & (low != high) for end in runs_at}
    with np.errstate(divide="ignore", invalid="ignore"):
        least = 1.0 / (units + 1)
    left = {end: np.where(often[end], outside[end], np.where(narrow, least, tail)) for end in often}
    for end, other in (("low", "high"), ("high", "low")):
        give = often[end] & ~often[other] & ~narrow
        left[other] = np.where(give, np.maximum(2 * tail - left[end], tail), left[other])
    moved = often["low"] ^ often["high"]
    low = np.where(moved & ~often["low"], _end(ordered, left["low"], n, units, each), low)
    high = np.where(moved & ~often["high"], -_end(_mirrored(ordered, n), left["high"], n, units, each), high)
    cover = np.where(low == high, 1.0, 1.0 - left["low"] - left["high"])
    none = n < 2
    return tuple(np.where(none, np.nan, part) for part in (low, high, cover))  # type: ignore[return-value]


def _end(ordered: Floats, beyond: Floats, n: NDArray[np.int64], units: Floats, each: int) -> Floats:
    """The value below which `beyond` of all next runs is expected; the smallest run where that is too much to ask.

    Ranks are those of draws: the seeds of a draw count as one run that is `each` times there.
    """
    rank = beyond * (units + 1)
    return _ranked(ordered, np.where(rank < 1 - 1e-9, 1.0, (rank - 0.5) * each + 0.5), n)


def _mirrored(ordered: Floats, n: NDArray[np.int64]) -> Floats:
    """The same runs with the sign turned, in order, NaN last."""
    return np.sort(-ordered, axis=0) if (n < len(ordered)).any() else -ordered[::-1]


def _standard_error(flat: Floats, sd: Floats, n: NDArray[np.int64], whole: NDArray[np.bool_], seeds: int) -> Floats:
    """Standard error of the mean; of a crossed design of draws and seeds where both vary."""
    simple = np.where(n > 1, sd / np.sqrt(np.maximum(n, 1)), np.nan)
    draws = len(flat) // seeds
    if draws < 2 or seeds < 2:
        return np.asarray(simple)
    grid = flat.reshape(draws, seeds, -1)
    crossed = np.sqrt(grid.mean(axis=1).var(axis=0, ddof=1) / draws + grid.mean(axis=0).var(axis=0, ddof=1) / seeds)
    return np.where(whole, crossed, simple)


def direction(hits: ArrayLike, runs: ArrayLike) -> tuple[Floats, Floats]:
    """Probability of a direction that `hits` of `runs` have, and the low end of its 90% interval (Jeffreys)."""
    k, n = np.asarray(hits, np.float64), np.asarray(runs, np.float64)
    # few numbers of runs are there among very many cells
    pairs, back = np.unique(np.stack([k.ravel(), n.ravel()]), axis=1, return_inverse=True)
    low = stats.beta.ppf((1 - LEVEL) / 2, pairs[0] + 0.5, pairs[1] - pairs[0] + 0.5)
    return (k + 0.5) / (n + 1.0), np.asarray(low)[back.ravel()].reshape(k.shape)


FEWEST_FOR_A_WORD: Final = next(n for n in range(1, 100) if direction(n, n)[1] >= min(SCALE.values()))
"""Runs from which on one direction of all of them can bear a word."""


def sureness(
    low: Floats,
    high: Floats,
    below: NDArray[np.int64],
    above: NDArray[np.int64],
    n: NDArray[np.int64],
    units: Floats,
    chance_low: Floats,
    grain: Floats,
) -> NDArray[np.object_]:
    """One word per cell for the direction.

    A word of `SCALE` is used only where the low end of the probability's own interval reaches it, so that it takes
    5 runs of one sign to call anything likely, 18 for very likely and 191 for virtually certain. Where no word is
    reached the effect could go either way; where all runs are zero, or differ by no more than a few of the people
    that are modelled, it is too small to see. That two scenarios are exactly the same, or can't differ yet, no
    number of runs can tell: `known` says so where the scenarios do.
    """
    words = np.select([chance_low >= share for share in SCALE.values()], list(range(len(SCALE))), len(SCALE))
    unclear = words == len(SCALE)
    zero = (below + above) == 0
    with np.errstate(invalid="ignore"):
        few_heads = unclear & (grain > 0) & (np.fmax(np.abs(low), np.abs(high)) <= _FEW_HEADS * grain)
    small = len(SCALE) + 1
    words = np.where(zero | few_heads, small, words)
    words = np.where(units < FEWEST_FOR_A_WORD, small + 1, words)
    words = np.where(n == 0, small + 2, words)
    order = (*SCALE, Sureness.EITHER_WAY, Sureness.TOO_SMALL, Sureness.TOO_FEW, Sureness.UNDEFINED)
    return np.asarray(np.array(order, dtype=object)[words])


def sizes(sure: NDArray[np.object_], low: Floats, high: Floats, matters: Floats) -> NDArray[np.object_]:
    """One word per cell for the size.

    - "too small to matter": the whole interval lies within the smallest difference that matters;
    - "at least": the direction is very likely or surer, and the nearer end is no smaller than what matters;
    - "at most" everywhere else where there is an interval.
    """
    told = np.isin(sure.astype(str), [*SCALE, Sureness.EITHER_WAY]) & np.isfinite(low)
    firm = np.isin(sure.astype(str), [Sureness.VIRTUALLY_CERTAIN, Sureness.VERY_LIKELY])
    with np.errstate(invalid="ignore"):
        farther = np.fmax(np.abs(low), np.abs(high))
        nearer = np.where(low * high > 0, np.fmin(np.abs(low), np.abs(high)), 0.0)
        words = np.select([~told, farther < matters, firm & (nearer > 0) & (nearer >= matters)], [0, 1, 3], 2)
    return np.asarray(np.array(tuple(Size), dtype=object)[words])


def known(summary: Summary, word: Sureness, where: ArrayLike) -> Summary:
    """The summary with a word that the scenarios themselves give, in cells `where` no run contradicts it."""
    sure, size = summary.sureness.copy(), summary.size.copy()
    held = np.broadcast_to(where, sure.shape) & (summary.below + summary.above == 0) & (summary.n > 0)
    sure[held], size[held] = word, Size.UNTOLD
    return summary._replace(sureness=sure, size=size)


def distinguishable(word: Sureness) -> bool:
    """Whether a direction may be written."""
    return word in SCALE


MILLION: Final = 1e6


def per_million(money: Floats, outcome: Floats, seeds: int = 1) -> Summary:
    """Units of an outcome per million euro, against the baseline.

    It always exists where the money differs. `mean` is the ratio of the totals over all runs, not the mean of
    ratios, which a run with hardly any outcome or money would run away with; the interval and the direction are those
    of the ratio run by run. `se` is that of a ratio of two means.

    Parameters
    ----------
    money : float64 array, shape (runs,)
        Difference in money between scenario and baseline, summed over the years, euro.
    outcome : float64 array, shape (runs,)
        Difference in the outcome, summed over the same years.

    Returns
    -------
    Summary of scalars; all NaN and "not defined" where the money is the same or not of one sign in all runs.
    """
    if not (np.all(money > 0) or np.all(money < 0)):
        return summarise(np.full(len(money), np.nan), seeds).at()
    ratio = float(outcome.sum() / money.sum())
    left = summarise((outcome - ratio * money) / np.abs(money.mean()) * MILLION, seeds)
    return summarise(outcome / money * MILLION, seeds).at()._replace(mean=ratio * MILLION, se=left.se.item())


class Price(NamedTuple):
    """Euro for each unit of an outcome.

    Attributes
    ----------
    low : at least so many euro each; NaN where nothing is known
    middle : ratio of the totals; NaN where the direction is not clear
    high : NaN where it may be any amount, or where not even the direction is sure
    """

    low: float
    middle: float
    high: float


def price(bought: Summary) -> Price:
    """What `per_million` says turned over: what one unit costs at least, and where the ends allow it at most.

    An interval of units that runs through zero bounds the price from below alone: a million that buys at most four
    buys them at no less than a quarter of a million each.
    """
    nan = float("nan")
    low, middle, high = float(bought.low), float(bought.mean), float(bought.high)
    if not np.isfinite(high) or high <= 0:
        return Price(nan, nan, nan)
    clear = distinguishable(bought.sureness) and middle > 0
    return Price(MILLION / high, MILLION / middle if clear else nan, MILLION / low if low > 0 else nan)
