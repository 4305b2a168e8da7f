"""Counts of 1 to 4 persons, which newer editions withhold: their bounds, and a value to go on with.

A withheld count is never taken for 0, and never for the same number everywhere. What is known of it is used in
this order:

1. Bounds. It lies between 1 and 4. A published total (of the row, of the location) that it is a part of narrows
   that, and often leaves one number only.
2. Totals. Among the counts that are still open, values are scaled until they add up to the published total, each
   within its bounds (proportional fitting with bounds).
3. The rule. Values start, and where there is no total stay, at the mean of counts of 1 to 4 in the distribution that
   fits what is published of the like (of the same track, profile, year and sex, for pupils): so many zeros, so many
   withheld, and these larger counts. The distributions are negative binomial ones, averaged by their likelihood.
   Whole numbers are made of the values so that the sum per group is kept. Which counts are rounded up is settled
   by a hash of what is counted, so that it depends neither on the order of the file nor on the alphabet.

The bounds go into the input set beside the value, and the import says how many counts and persons it concerns.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from doorstroom.inputs.readers import LEAST_WITHHELD, MOST_WITHHELD, Counts

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]

BASES: Final = ("published", "follows from a total", "fitted to a total", "rule")
"""How the value of a count came about. Among counts that are added up the last of these holds."""
PUBLISHED, EXACT, FITTED, RULE = range(len(BASES))

_MEANS: Final = np.geomspace(0.1, 100.0, 40)
_SIZES: Final = np.geomspace(0.1, 30.0, 20)  # the smaller, the more the counts differ
_EXPECTED_DIGITS: Final = 3  # of an expected count: what machines agree on
_BISECTIONS: Final = 50
_DIGITS: Final = 9  # of a value before it is rounded: less than that is the machine's


class Totals(NamedTuple):
    """Published sums of groups of counts.

    Parameters
    ----------
    group : the group that each count belongs to, -1 for none, shape (counts,)
    low, high : bounds of each group's sum, equal where it is known, shape (groups,)
    """

    group: Integers
    low: Integers
    high: Integers


@dataclass(frozen=True)
class Settled:
    """Counts with a value each, all of shape (counts,): low <= value <= high; `basis` counts in `BASES`.

    `contradictions` is the number of totals that can't be the sum of their counts and were not used.
    """

    value: Integers
    low: Integers
    high: Integers
    basis: Integers
    contradictions: int = 0

    @classmethod
    def joined(cls, parts: Sequence[Settled]) -> Settled:
        """Counts one after the other."""
        value, low, high, basis = (
            np.concatenate([getattr(part, name) for part in parts]) for name in ("value", "low", "high", "basis")
        )
        return cls(value, low, high, basis, sum(part.contradictions for part in parts))

    def of(self, where: NDArray[np.bool_]) -> Settled:
        """Those of the counts for which `where` holds."""
        return Settled(self.value[where], self.low[where], self.high[where], self.basis[where])


def nested(whole: Counts, part: Counts) -> tuple[Counts, Counts, NDArray[np.bool_]]:
    """Counts of a whole and of a part of it, narrowed by each other, and where the part is larger than the whole."""
    larger = part.low > whole.high
    return (
        Counts(np.where(larger, whole.low, np.maximum(whole.low, part.low)), whole.high),
        Counts(part.low, np.where(larger, part.high, np.minimum(part.high, whole.high))),
        larger,
    )


def expected(counts: Counts, strata: Integers) -> Numbers:
    """What a withheld count is on average, shape (counts,), given the published counts of its stratum."""
    stratum, of = np.unique(strata, return_inverse=True)
    hidden = counts.withheld
    value, at = np.unique(np.where(hidden, -1, counts.low), return_inverse=True)
    seen = np.zeros((len(stratum), len(value)))
    np.add.at(seen, (of, at), 1.0)
    mean, size = (axis.ravel() for axis in np.meshgrid(_MEANS, _SIZES))
    chance = size / (size + mean)
    small = np.arange(LEAST_WITHHELD, MOST_WITHHELD + 1)
    of_small = stats.nbinom.pmf(small[:, None], size, chance)
    log_chance = np.where(
        value[:, None] < 0, np.log(of_small.sum(axis=0)), stats.nbinom.logpmf(value[:, None], size, chance)
    )
    if not (counts.high == 0).any():  # a file without zeros leaves out what isn't there
        log_chance = log_chance - stats.nbinom.logsf(0, size, chance)
    likelihood = seen @ log_chance
    weight = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    mean_of_small = small @ of_small / of_small.sum(axis=0)
    return ((weight @ mean_of_small) / weight.sum(axis=1)).round(_EXPECTED_DIGITS)[of]


def settle(
    counts: Counts,
    strata: Integers,
    keys: Sequence[NDArray[Any]],
    totals: Totals | None = None,
    within: Counts | None = None,
) -> Settled:
    """A value within its bounds for every count.

    Parameters
    ----------
    counts : as published, shape (counts,)
    strata : number of the group of like counts; the rounding keeps its sum where there is no total
    keys : columns that name a count together; their hash settles what is rounded up
    totals : published sums; the values keep them
    within : narrower bounds of the values alone, such as those that settled counts of something else set
    """
    low, high, group, contradictions = _narrow(counts.low, counts.high, totals)
    least, largest = low, high
    if within is not None:
        least = np.clip(within.low, low, high)
        least, largest, group, _ = _narrow(least, np.clip(within.high, least, high), totals)
    value = least.copy()
    told = group >= 0
    left = np.flatnonzero(least < largest)
    if len(left):
        known = 0 if totals is None else len(totals.low)
        start = np.clip(expected(counts, strata)[left], least[left], largest[left])
        of = np.where(told[left], group[left], strata[left] + known)
        target = np.asarray(np.bincount(of, start, known), np.float64)
        if totals is not None:
            settled = np.bincount(group[told], np.where(least < largest, 0, least)[told], known)
            target[:known] = np.clip(target[:known], totals.low - settled, totals.high - settled)
        value[left] = _whole(_scale(start, least[left], largest[left], of, target), of, _hashes(keys, left))
    basis = np.select([~counts.withheld, low == high, told], [PUBLISHED, EXACT, FITTED], RULE)
    return Settled(value, low, high, basis, contradictions)


def _narrow(low: Integers, high: Integers, totals: Totals | None) -> tuple[Integers, Integers, Integers, int]:
    """Bounds as narrowed by totals, the group of each count, -1 without a total that fits, and how many don't fit."""
    group = np.full(len(low), -1)
    if totals is None:
        return low, high, group, 0
    member = totals.group >= 0
    least = np.bincount(totals.group[member], low[member], len(totals.low))
    most = np.bincount(totals.group[member], high[member], len(totals.low))
    fits = (totals.low <= most) & (totals.high >= least)
    use = np.flatnonzero(member)[fits[totals.group[member]]]
    group[use] = at = totals.group[use]
    low, high = low.copy(), high.copy()
    floor, ceiling = totals.low[at] - (most[at] - high[use]), totals.high[at] - (least[at] - low[use])
    low[use], high[use] = np.maximum(low[use], floor), np.minimum(high[use], ceiling)
    return low, high, group, len(np.unique(totals.group[member][~fits[totals.group[member]]]))


def _scale(start: Numbers, low: Integers, high: Integers, group: Integers, target: Numbers) -> Numbers:
    """Values in proportion to `start` within their bounds that add up to each group's target, shape (counts,)."""
    # bounds of a withheld count are a factor of at most 4 apart, and so is any factor that is needed
    reach = np.log(MOST_WITHHELD / LEAST_WITHHELD)
    below, above = np.full(len(target), -reach), np.full(len(target), reach)
    for _ in range(_BISECTIONS):
        middle = (below + above) / 2
        total = np.bincount(group, np.clip(start * np.exp(middle)[group], low, high), len(target))
        below, above = np.where(total < target, middle, below), np.where(total < target, above, middle)
    return np.clip(start * np.exp(above)[group], low, high)


def _whole(value: Numbers, group: Integers, order: Integers) -> Integers:
    """Whole numbers next to the values that keep each group's sum: the largest remainders are rounded up."""
    value = value.round(_DIGITS)
    down = np.floor(value).astype(np.int64)
    rest = value - down
    up = np.rint(np.bincount(group, rest)).astype(np.int64)
    ranked = np.lexsort((order, -rest, group))
    first = np.searchsorted(group[ranked], group[ranked])
    raised = np.zeros(len(value), np.int64)
    raised[ranked] = np.arange(len(value)) - first < up[group[ranked]]
    return down + raised


def _hashes(keys: Sequence[NDArray[Any]], at: NDArray[np.intp]) -> Integers:
    names = zip(*(np.asarray(key)[at] for key in keys), strict=True)
    return np.array([zlib.crc32("/".join(map(str, name)).encode()) for name in names], np.int64)


class Tally(NamedTuple):
    """How many counts of a file are withheld, how each came by its value, and the persons it is about."""

    file: str
    counts: int
    withheld: int
    exact: int
    fitted: int
    rule: int
    low: int
    high: int
    value: int
    contradictions: int

    def __str__(self) -> str:
        return "; ".join(
            [
                f"{self.file}: {self.withheld:,} of {self.counts:,} counts are withheld (1 to 4 persons each)",
                f"{self.exact:,} follow from published totals, {self.fitted:,} were fitted to them, "
                f"{self.rule:,} have the mean of small counts",
                f"together {self.value:,} persons, between {self.low:,} and {self.high:,}",
            ]
        )


def tally(file: str, published: Sequence[Counts], settled: Sequence[Settled]) -> Tally:
    """The tally of all counts of one file."""
    hidden, one = Counts.joined(published).withheld, Settled.joined(settled)
    fitted, rule = int((one.basis == FITTED).sum()), int((one.basis == RULE).sum())
    return Tally(
        file=file,
        counts=len(hidden),
        withheld=int(hidden.sum()),
        exact=int(hidden.sum()) - fitted - rule,
        fitted=fitted,
        rule=rule,
        low=int(one.low[hidden].sum()),
        high=int(one.high[hidden].sum()),
        value=int(one.value[hidden].sum()),
        contradictions=one.contradictions,
    )


def bounds(table: str, column: str, keys: pd.DataFrame, settled: Settled) -> pd.DataFrame:
    """Bounds of the numbers of a table that stay open: table, row, column, low, high, basis.

    Parameters
    ----------
    keys : key of the table's row that each count is added to, shape (counts, key columns)
    """
    by = list(keys)
    sums = keys.assign(low=settled.low, high=settled.high, basis=settled.basis).groupby(by, as_index=False)
    sums = sums.agg(low=("low", "sum"), high=("high", "sum"), basis=("basis", "max"))
    sums = sums[sums["low"] < sums["high"]]
    return pd.DataFrame(
        {
            "table": table,
            "row": ["/".join(map(str, key)) for key in sums[by].itertuples(index=False)],
            "column": column,
            "low": sums["low"].to_numpy(),
            "high": sums["high"].to_numpy(),
            "basis": [BASES[basis] for basis in sums["basis"]],
        }
    )
