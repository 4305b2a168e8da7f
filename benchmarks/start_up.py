"""Seconds of wall clock from the shell to a first answer, with a cold and with a warm cache of compiled code."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
DOORSTROOM = [sys.executable, "-c", "from doorstroom.cli import app; app()"]
FIRST_YEAR = [
    sys.executable,
    "-c",
    "from doorstroom import TechnicalEducation; TechnicalEducation('baseline', fraction=0.1).step()",
]


def help_page() -> float:
    """`doorstroom --help`, the median of some."""
    return statistics.median(_seconds([*DOORSTROOM, "--help"]) for _ in range(ROUNDS))


def first_and_second() -> tuple[float, float, bool]:
    """Seconds to a country and its first year: the first time after installing, then the median of later times.

    The last says whether the first command after installing tells that it compiles.
    """
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as results:
        empty = {**os.environ, "NUMBA_CACHE_DIR": cache}
        told = _tells([*DOORSTROOM, "run", "baseline", "--fraction", "0.01", "--out", f"{results}/run"], empty)
        for path in Path(cache).rglob("*.nb*"):
            path.unlink()
        cold = _seconds(FIRST_YEAR, empty)
        warm = statistics.median(_seconds(FIRST_YEAR, empty) for _ in range(ROUNDS))
    return cold, warm, told


def _seconds(command: list[str], environment: dict[str, str] | None = None) -> float:
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def _tells(command: list[str], environment: dict[str, str]) -> bool:
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return "compiling" in done.stderr + done.stdout
