"""The numbers of the page: rounded as they are told, packed small, so that a page stays under 5 MB.

A cell is one summary: mean, low and high, `places`, and a word for how sure. It is told with `places` decimals,
which leaves two significant digits in the width of the interval (`wording.decimals`), and packed as whole numbers
with one digit more, so that lines are drawn smoothly. The full digits are in effects.csv and outcomes.csv.
"""

from __future__ import annotations

import base64
import gzip
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.outcomes import SERIES
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import REGIONAL
from doorstroom.reporting.wording import alone, decimals, scale
from doorstroom.study.compare import Series
from doorstroom.study.effects import Summary, Sureness

WORDS: Final = tuple(Sureness)
"""The words of effects, by their number in a cell."""

LEVEL: Final = len(WORDS)
"""The number that stands in a cell for a level with its interval, about which there is nothing to be sure."""

PLANES: Final = ("mean", "below", "above", "places", "word")
"""What is packed of a block, in this order; low is mean - below, high is mean + above."""

Integers = NDArray[np.int32]


class Cells(NamedTuple):
    """Rounded summaries, arrays of one shape."""

    mean: Integers
    below: Integers
    above: Integers
    places: NDArray[np.int8]
    word: NDArray[np.int8]


def cells(summary: Summary, factor: float | NDArray[np.float64], *, effect: bool) -> Cells:
    """Round a summary as `wording.summary_text` would."""
    mean, low, high = (np.asarray(part, dtype=float) * factor for part in summary[:3])
    sure = np.asarray(summary.sureness)
    word = np.full(mean.shape, LEVEL, dtype=np.int8)
    for at, name in enumerate(WORDS):
        if effect or name in (Sureness.UNDEFINED, Sureness.ONE_RUN):
            word[sure == name] = at
    single = np.isfinite(mean) & ~np.isfinite(low)
    word[~np.isfinite(mean)] = WORDS.index(Sureness.UNDEFINED)
    if not effect:
        word[single] = WORDS.index(Sureness.ONE_RUN)
    places = np.vectorize(decimals, otypes=[np.int8])(low, high)
    places[single] = np.vectorize(alone, otypes=[np.int8])(mean[single]) if single.any() else 0
    low, high = np.where(single, mean, low), np.where(single, mean, high)
    whole = [_whole(np.nan_to_num(part), places) for part in (mean, low, high)]
    return Cells(whole[0], whole[0] - whole[1], whole[2] - whole[0], places, word)


def _whole(values: NDArray[np.float64], places: NDArray[np.int8]) -> Integers:
    """Whole numbers with one digit more than is told; leaving it away gives what rounding at once had given."""
    unit_ = 10.0 ** places.astype(float)
    told, fine = np.rint(values * unit_), np.rint(values * unit_ * 10)
    left_away = np.trunc(fine / 10 + np.copysign(0.5, fine))
    return np.asarray(fine + np.sign(told - left_away)).astype(np.int32)


def cell(summary: Summary, unit_: str, *, effect: bool) -> list[int]:
    """One scalar summary as mean, low, high (with one digit more than is told), places, word."""
    one = cells(Summary(*(np.asarray(part) for part in summary)), scale(unit_, effect=effect).factor, effect=effect)
    mean, below, above, places, word = (int(part) for part in one)
    return [mean, mean - below, mean + above, places, word]


def packed(findings: Findings) -> str:
    """All levels, effects and differences between pairs of scenarios, gzipped, in base64.

    In a block, cells run by scenario (or pair), series, region, year.
    """
    labels, others = findings.comparison.labels, findings.comparison.others
    pairs = [_national(findings.between(one, two)) for one, two in combinations(others, 2)]
    blocks = (
        _block([_national(findings.national[label]) for label in labels], SERIES, effect=False),
        _block([_national(findings.national_effect[label]) for label in others], SERIES, effect=True),
        _block(pairs, SERIES, effect=True),
        _block([findings.regional[label] for label in labels], REGIONAL, effect=False),
        _block([findings.regional_effect[label] for label in others], REGIONAL, effect=True),
    )
    return base64.b64encode(gzip.compress(b"".join(blocks), 9, mtime=0)).decode()


def layout(findings: Findings) -> dict[str, Any]:
    """How the packed numbers are to be read."""
    return {"planes": PLANES, "words": [str(word) for word in WORDS], "level": LEVEL, "years": findings.years}


def _national(summary: Summary) -> Summary:
    """As regional summaries are: (years, regions, series)."""
    return Summary(*(part[:, None] for part in summary))


def _block(summaries: list[Summary], series: tuple[Series, ...], *, effect: bool) -> bytes:
    if not summaries:
        return b""
    factor = np.array([scale(unit(one), effect=effect).factor for one in series])
    parts = [cells(summary, factor, effect=effect) for summary in summaries]
    planes = []
    for plane in Cells._fields:
        # (scenario, year, region, series) -> (scenario, series, region, year)
        whole = np.stack([getattr(part, plane) for part in parts]).transpose(0, 3, 2, 1)
        whole = np.ascontiguousarray(whole)
        # bytes of equal weight together: the high ones are nearly all zero and pack to nothing
        planes.append(whole.view(np.uint8).reshape(-1, whole.itemsize).T.tobytes())
    return b"".join(planes)
