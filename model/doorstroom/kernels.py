"""Compilation of the scalar equations and of the loops that run them over everybody.

A mechanism writes its equation for one person in plain arithmetic and a loop that applies it to all who decide; both
are compiled by Numba and kept on disk, so that only the first run after an installation pays for it.

Loops share a form: `who` are the rows of the persons, ascending, and `luck[n]` the random numbers of the n-th of them.
What is known of persons comes as whole arrays, one entry per person, so that nothing is gathered beforehand, and what
they decide is written in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The machine-code twin of `function`: same arithmetic, no fast-math, one thread."""
    twin: Callable[P, R] = njit(cache=True, error_model="numpy")(function)
    return twin


@compiled
def _sorted_by(who: NDArray[np.int64], code: NDArray[Any], groups: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    start = np.zeros(groups + 1, np.int64)
    for c in code:
        start[c + 1] += 1
    for g in range(groups):
        start[g + 1] += start[g]
    free, ordered = start[:-1].copy(), np.empty_like(who)
    for i in range(len(who)):
        ordered[free[code[i]]] = who[i]
        free[code[i]] += 1
    return ordered, start


def grouped(who: NDArray[np.int64], code: NDArray[Any], groups: int) -> list[NDArray[np.int64]]:
    """The rows `who` with code 0, 1, ..., groups - 1; each part in the order of `who`."""
    ordered, start = _sorted_by(who, code, groups)
    return [ordered[start[g] : start[g + 1]] for g in range(groups)]
