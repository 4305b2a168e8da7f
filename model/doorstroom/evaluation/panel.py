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
    error : standard deviation of a region's figure around the truth, as a share of it (a monitor by questionnaire);
        0 for a register
    lag : years after 1 October until a figure is out
    """

    error: float
    lag: int


def counted(share: Array, persons: Array, fraction: float) -> Array:
    """A share as a count of everybody would have it, from a run of part of the people, shape (years, regions).

    Who is counted is luck of variance p (1 - p) / n. A run of a tenth of the people has ten times that variance, and a
    design that is tried on it would look worse than it is. What a region deviates from its own mean and from the year
    is drawn in by as much as a count of everybody has less of that luck, beside what regions do deviate; how much that
    is, is taken from all regions together. Means of regions and of years are left as they are.

    Parameters
    ----------
    persons : the persons that the share is of, the whole number and not that in the run, shape (years, regions)
    """
    region, year = share.mean(axis=0), share.mean(axis=1, keepdims=True)
    deviation = share - region - year + share.mean()
    luck = region * (1.0 - region) / np.maximum(persons.mean(axis=0), 1.0)
    years, regions = share.shape
    found = (deviation**2).sum() / max((years - 1) * (regions - 1), 1)
    lasting = max(float(found - luck.mean() / fraction), 0.0)
    expected = lasting + luck / fraction
    drawn_in = np.sqrt(np.divide(lasting + luck, expected, out=np.ones_like(luck), where=expected > 0))
    return np.asarray(np.clip(share - deviation * (1.0 - drawn_in), 0.0, 1.0))


def published(truth: Array, persons: Array | None, collection: Collection, rng: np.random.Generator) -> Array:
    """The figures as published, shape (years, regions).

    Parameters
    ----------
    truth : a share or an amount per region and year, shape (years, regions)
    persons : the number of persons that a share is of, shape (years, regions): where fewer than `LEAST_PUBLISHED` of
        them are counted, the count is withheld. None of what isn't a share of persons: nothing of it is withheld
    """
    seen = truth
    if persons is not None:
        few = (truth * persons > 0) & (truth * persons < LEAST_PUBLISHED)
        seen = np.where(few, WITHHELD / np.maximum(persons, 1.0), truth)
    return np.asarray(seen * (1.0 + collection.error * rng.standard_normal(truth.shape)))


def unit_of(figures: Array, before: NDArray[np.bool_], scale: str) -> Array:
    """What one unit of the question's scale is in the outcome itself, shape (regions,).

    Parameters
    ----------
    before : years before the design begins, shape (years,)
    scale : points (a share in percentage points) or index (percent of the region's own mean before); a region whose
        mean before is 0 has no index and is NaN
    """
    if scale == "points":
        return np.full(figures.shape[1], 0.01)
    own = figures[before].mean(axis=0)
    return np.where(own > 0, own, np.nan) / 100.0
