"""What is published of a world: a table of regions by years, as those who collect figures see it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LEAST_PUBLISHED = 5
"""Counts below it are withheld; who adds them up takes the middle of what they may be."""
WITHHELD = 2.5


class Collection(NamedTuple):
    """How figures of an outcome are collected.

    Attributes
    ----------
    source : who collects, for the reader
    error : standard deviation of a region's figure around the truth, as a share of it (a monitor by questionnaire);
        0 for a register
    lag : years after 1 October until a figure is out
    """

    source: str
    error: float
    lag: int


def published(truth: Array, persons: Array, collection: Collection, rng: np.random.Generator) -> Array:
    """The figures as published, shape (years, regions).

    Parameters
    ----------
    truth : a share or an amount per region and year, shape (years, regions)
    persons : the number of persons that a share is of, or the amount itself, shape (years, regions); where fewer than
        `LEAST_PUBLISHED` of them are counted, the count is withheld
    """
    few = (truth * persons > 0) & (truth * persons < LEAST_PUBLISHED) & (truth <= 1.0)
    seen = np.where(few, WITHHELD / np.maximum(persons, 1.0), truth)
    return np.asarray(seen * (1.0 + collection.error * rng.standard_normal(truth.shape)))


def relative(figures: Array, before: NDArray[np.bool_], scale: str) -> Array:
    """Figures on the scale of the question, shape (years, regions).

    Parameters
    ----------
    before : years before the design begins, shape (years,)
    scale : points (a share in percentage points) or index (percent of the region's own mean before); a region whose
        mean before is 0 has no index and is NaN
    """
    if scale == "points":
        return 100.0 * figures
    own = figures[before].mean(axis=0)
    return 100.0 * figures / np.where(own > 0, own, np.nan)
