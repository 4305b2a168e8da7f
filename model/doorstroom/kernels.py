"""Compilation of the scalar equations and of the loops that run them over everybody.

A mechanism writes its equation for one person in plain arithmetic and a loop that applies it; both are
compiled by Numba and kept on disk, so that only the first run after an installation pays for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The machine-code twin of `function`: same arithmetic, no fast-math, one thread."""
    twin: Callable[P, R] = njit(cache=True, error_model="numpy")(function)
    return twin
