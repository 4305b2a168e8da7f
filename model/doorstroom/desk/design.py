"""Where the model is asked: positions that fill the space of the levers, other ones for every draw.

Scrambled Sobol numbers (scipy.stats.qmc) of two per lever: one says whether the lever is moved at all, one where to.
Half of the levers of a position stay where the present policy has them, because that is how a desk is used. Every draw
has its own slice of one sequence, so that all draws together fill the space far more densely than one could.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.stats import qmc

from doorstroom.desk.levers import KEYS, LEAST_REST, LEVERS, PRESENT, SPLIT, Array, Ranges

MOVED: Final = 0.5
"""Chance of a lever to be moved."""


def positions(count: int, ranges: Ranges, stream: int) -> Array:
    """Positions within the ranges.

    Parameters
    ----------
    count : how many
    stream : which sequence; designs and what they are judged by have one each

    Returns
    -------
    shape (count, levers), in the order of LEVERS
    """
    found: list[Array] = []
    engine = qmc.Sobol(2 * len(LEVERS), rng=np.random.default_rng(stream))
    while len(found) < count:
        unit = engine.random(1 << max(count - 1, 1).bit_length())
        placed = np.array([_placed(row, ranges) for row in unit])
        found += list(placed[_allowed(placed)])
    return np.array(found[:count])


def _placed(unit: Array, ranges: Ranges) -> Array:
    at = []
    for lever, moved, where in zip(LEVERS, unit[::2], unit[1::2], strict=True):
        low, high = ranges[lever.key]
        if moved >= MOVED:
            at.append(lever.present)
        elif lever.is_switch:
            others = [value for value in range(len(lever.choices)) if value != lever.present and low <= value <= high]
            at.append(float(others[int(where * len(others))]) if others else lever.present)
        elif lever.key == "sto_end":
            at.append(np.floor(low + where * (high - low)))
        else:
            at.append(low + where * (high - low))
    return np.array(at)


def _allowed(placed: Array) -> np.ndarray:
    """Splits that leave enough for the rest, and something moved at all."""
    rest = 1.0 - placed[:, [KEYS.index(key) for key in SPLIT]].sum(axis=1)
    anything = (placed != np.array(list(PRESENT.values()))).any(axis=1)
    return np.asarray((rest >= LEAST_REST) & anything)
