"""The numbers of the page: rounded as they are told, packed small, so that a page stays under 5 MB.

A cell is one summary: median, low and high, `places`, a word for how sure and one for the size, and how many runs lie
below and above zero. It is told with `places` decimals,
which leaves two significant digits in the width of the interval (`wording.decimals`), and packed as whole numbers
with one digit more, so that lines are drawn smoothly. The full digits are in effects.csv and outcomes.csv.
"""

from __future__ import annotations

import base64
import gzip
from functools import partial
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.experiment.effects import Size, Summary, Sureness
from doorstroom.experiment.table import Series
from doorstroom.outcomes import SERIES, TOTAL
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import PAIRED, REGIONAL, RELATIVE
from doorstroom.reporting.wording import alone, decimals, scale

WORDS: Final = tuple(Sureness)
"""The words of effects, by their number in a cell."""

LEVEL: Final = len(WORDS)
"""The number that stands in a cell for a level with its interval, about which there is nothing to be sure."""

SIZES: Final = (*Size, "one run, no interval")
"""The words for an effect's size, by their number in a cell; the last stands where there is no interval."""

PLANES: Final = ("middle", "under", "over", "fewer", "more", "places", "word", "size")
"""What is packed of a block, in this order; low is middle - under, high is middle + over."""

Integers = NDArray[np.int32]


class Cells(NamedTuple):
    """Rounded summaries, arrays of one shape."""

    middle: Integers
    under: Integers
    over: Integers
    fewer: NDArray[np.int16]
    more: NDArray[np.int16]
    places: NDArray[np.int8]
    word: NDArray[np.int8]
    size: NDArray[np.int8]


def cells(summary: Summary, factor: float | NDArray[np.float64], *, effect: bool) -> Cells:
    """Round a summary as `wording.summary_text` would."""
    parts = (summary.median, summary.low, summary.high)
    middle, low, high = (np.asarray(part, dtype=float) * factor for part in parts)
    word = np.full(middle.shape, LEVEL, dtype=np.int8)
    size = np.zeros(middle.shape, dtype=np.int8)
    for plane, words, told in ((word, WORDS, summary.sureness), (size, SIZES, summary.size)):
        for at, name in enumerate(words) if effect else ():
            plane[np.asarray(told) == name] = at
    single = np.isfinite(middle) & ~np.isfinite(low)
    word[~np.isfinite(middle)] = WORDS.index(Sureness.UNDEFINED)
    size[single] = len(SIZES) - 1
    places = np.vectorize(partial(decimals, effect=effect), otypes=[np.int8])(low, high)
    places[single] = np.vectorize(alone, otypes=[np.int8])(middle[single]) if single.any() else 0
    low, high = np.where(single, middle, low), np.where(single, middle, high)
    whole = [_whole(np.nan_to_num(part), places) for part in (middle, low, high)]
    fewer, more = (np.asarray(part, np.int16) * np.int16(effect) for part in (summary.below, summary.above))
    return Cells(whole[0], whole[0] - whole[1], whole[2] - whole[0], fewer, more, places, word, size)


def _whole(values: NDArray[np.float64], places: NDArray[np.int8]) -> Integers:
    """Whole numbers with one digit more than is told; leaving it away gives what rounding at once had given."""
    unit_ = 10.0 ** places.astype(float)
    told, fine = np.rint(values * unit_), np.rint(values * unit_ * 10)
    left_away = np.trunc(fine / 10 + np.copysign(0.5, fine))
    return np.asarray(fine + np.sign(told - left_away)).astype(np.int32)


def cell(summary: Summary, unit_: str, *, effect: bool) -> list[int]:
    """One scalar summary as a list in the order of PLANES."""
    one = cells(Summary(*(np.asarray(part) for part in summary)), scale(unit_, effect=effect).factor, effect=effect)
    return [int(part) for part in one]


def packed(findings: Findings) -> str:
    """All levels, effects and differences between pairs of scenarios, gzipped, in base64.

    In a block, cells run by scenario (or pair), series, region, year.
    """
    labels, others = findings.comparison.labels, findings.comparison.others
    series = regional(findings)
    local = (slice(None), slice(None), [REGIONAL.index(one) for one in series])
    totals = [SERIES.index(series) for series in PAIRED]
    pairs = [_national(findings.between(one, two).at(slice(None), totals)) for one, two in combinations(others, 2)]
    blocks = (
        _block([_national(findings.national[label]) for label in labels], SERIES, effect=False),
        _block([_national(findings.national_effect[label]) for label in others], SERIES, effect=True),
        _block(pairs, PAIRED, effect=True),
        _block([findings.regional[label].at(*local) for label in labels], series, effect=False),
        _block([findings.regional_effect[label].at(*local) for label in others], series, effect=True),
        _planes([_share_of_base(findings, label) for label in others]) if others else b"",
    )
    return base64.b64encode(gzip.compress(b"".join(blocks), 9, mtime=0)).decode()


_FEW: Final = 8
"""Scenarios up to which a page has room for everything that is kept per region."""


def regional(findings: Findings) -> tuple[Series, ...]:
    """What the page shows per region: of many scenarios no groups of pupils, so that it stays under 5 MB."""
    if len(findings.comparison.labels) <= _FEW:
        return REGIONAL
    return tuple(one for one in REGIONAL if one[1] == TOTAL or one[0] == "profile_locations")


def layout(findings: Findings) -> dict[str, Any]:
    """How the packed numbers are to be read."""
    return {
        "planes": PLANES,
        "words": [str(word) for word in WORDS],
        "sizes": [str(word) for word in SIZES],
        "level": LEVEL,
        "years": findings.years,
        "runs": findings.comparison.runs,
    }


def _national(summary: Summary) -> Summary:
    """As regional summaries are: (years, regions, series)."""
    return Summary(*(part[:, None] for part in summary))


def _share_of_base(findings: Findings, label: str) -> Cells:
    """The steps of an effect in percent of what there is under the baseline."""
    steps = [findings.relative(label, one) for one in RELATIVE]
    stacked = Summary(*(np.stack(part, axis=1)[:, None] for part in zip(*steps, strict=True)))
    return cells(stacked, 100.0, effect=True)


def _block(summaries: list[Summary], series: tuple[Series, ...], *, effect: bool) -> bytes:
    if not summaries:
        return b""
    factor = np.array([scale(unit(one), effect=effect).factor for one in series])
    return _planes([cells(summary, factor, effect=effect) for summary in summaries])


def _planes(parts: list[Cells]) -> bytes:
    planes = []
    for plane in Cells._fields:
        # (scenario, year, region, series) -> (scenario, series, region, year)
        whole = np.stack([getattr(part, plane) for part in parts]).transpose(0, 3, 2, 1)
        whole = np.ascontiguousarray(whole)
        # bytes of equal weight together: the high ones are nearly all zero and pack to nothing
        planes.append(whole.view(np.uint8).reshape(-1, whole.itemsize).T.tobytes())
    return b"".join(planes)
