"""One thread per run: sums in another order would give other last digits, and workers share the processors anyway."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """A context in which linear algebra uses one thread, on every machine."""
    return _controller().limit(limits=1)


@lru_cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
