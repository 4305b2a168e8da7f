"""How a process makes runs: with one thread, and without keeping the people of the runs before."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import Any, Final

from threadpoolctl import ThreadpoolController

_OFTEN: Final = 0.2
"""Seconds of runs after which memory is looked after."""


def one_thread() -> AbstractContextManager[Any]:
    """A context in which linear algebra uses one thread, on every machine.

    Sums in another order would give other last digits, and workers share the processors anyway.
    """
    return _controller().limit(limits=1)


@contextmanager
def housekeeping() -> Iterator[Callable[[], None]]:
    """One thread, and something to call after every run, which frees what the run has left behind.

    A model and its agents refer to each other in circles, so Python frees them only when it looks for circles,
    and it seldom looks, because a few objects hold millions of numbers. What was there before is not looked at.
    """
    looked = time.perf_counter()

    def tidy() -> None:
        nonlocal looked
        if time.perf_counter() - looked > _OFTEN:
            gc.collect()
            looked = time.perf_counter()

    gc.freeze()
    try:
        with one_thread():
            yield tidy
    finally:
        gc.unfreeze()


@lru_cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
