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
from numba import config, njit
from numpy.typing import NDArray

from doorstroom.machine_code import cache_of

Rows = NDArray[np.uint32]
"""Rows of persons, unsigned: compiled code needn't ask whether an index counts from the end."""

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The machine-code twin of `function`: same arithmetic, no fast-math, one thread."""
    settings: Any = config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(cache_of(function.__module__))  # read when the cache of a function is made, which is now
    try:
        twin: Callable[P, R] = njit(cache=True, error_model="numpy")(function)
    finally:
        settings.CACHE_DIR = before
    return twin


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """A compiled function that is written out wherever another calls it: for the few lines that cost most."""
    twin: Callable[P, R] = njit(inline="always", error_model="numpy")(function)
    return twin
