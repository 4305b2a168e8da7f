"""Regions whose figures lean on the year before, with an effect that is known: a world without a model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from doorstroom.evaluation.analysts import LOTS, Data, contrast
from doorstroom.evaluation.assignment import BY_LOT, Kind, assign

YEARS = np.arange(2021, 2037)
FIRST = 2029
REGIONS = 78


def figures(rng: np.random.Generator) -> NDArray[np.float64]:
    """Autocorrelated figures with lasting differences between regions and a walk that all share."""
    noise = np.empty((len(YEARS), REGIONS))
    noise[0] = rng.normal(0, 1.4, REGIONS)
    for year in range(1, len(YEARS)):
        noise[year] = 0.7 * noise[year - 1] + rng.normal(0, 1.0, REGIONS)
    common = np.cumsum(rng.normal(0, 0.4, len(YEARS)))
    return np.asarray(20 + rng.normal(0, 6, REGIONS) + noise + common[:, None])


def world(seed: int, kind: Kind, size: float, *, waves: int = 4, step: float = 0.5) -> Data:
    """What an analyst has in a world where a whole dose does `size`."""
    rng = np.random.default_rng(seed)
    quiet = figures(rng)
    before = quiet[YEARS < FIRST].mean(axis=0)
    assignment = assign(kind, before, FIRST, waves, step, rng)
    drawn = assign(kind, before, FIRST, waves, step, rng, LOTS)

    def lots(known: NDArray[np.bool_]) -> NDArray[np.float64]:
        return contrast(drawn.of(known).treatment(YEARS), YEARS < FIRST)

    moved = quiet + size * assignment.treatment(YEARS)
    return Data(moved, YEARS, FIRST, assignment, lots if kind in BY_LOT else None)
