"""Seconds from the shell to a first answer, with a cold and with a warm cache of compiled code."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import doorstroom

ROUNDS = 5
DOORSTROOM = [sys.executable, "-c", "from doorstroom.cli import app; app()"]
FIRST_YEAR = [
    sys.executable,
    "-c",
    "from doorstroom import TechnicalEducation; TechnicalEducation('baseline', rng=1, fraction=0.1).step()",
]


class Taken(NamedTuple):
    """Seconds of wall clock and of processor time."""

    wall: float
    processor: float


def help_page() -> Taken:
    """`doorstroom --help`, the median of some."""
    return _median([*DOORSTROOM, "--help"], None)


def first_and_second() -> tuple[Taken, Taken, bool]:
    """What a country and its first year take: the first time after installing, then the median of later times.

    The last says whether the first command after installing tells that it compiles.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = _installed(Path(folder) / "one")
        cold = _seconds(FIRST_YEAR, environment)
        warm = _median(FIRST_YEAR, environment)
        command = [*DOORSTROOM, "run", "baseline", "--fraction", "0.01", "--out", f"{folder}/run"]
        told = _tells(command, _installed(Path(folder) / "other"))
    return cold, warm, told


def _installed(folder: Path) -> dict[str, str]:
    """The environment of a copy of the package in which nothing has been compiled yet."""
    source = Path(doorstroom.__file__).parent
    shutil.copytree(source, folder / "doorstroom", ignore=shutil.ignore_patterns("__pycache__"))
    scenarios = source.parents[1] / "scenarios"
    if scenarios.is_dir():
        shutil.copytree(scenarios, folder / "doorstroom" / "scenarios", dirs_exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    return {**environment, "PYTHONPATH": str(folder)}


def _seconds(command: list[str], environment: dict[str, str] | None) -> Taken:
    start, before = time.perf_counter(), _of_children()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return Taken(time.perf_counter() - start, _of_children() - before)


def _median(command: list[str], environment: dict[str, str] | None) -> Taken:
    taken = [_seconds(command, environment) for _ in range(ROUNDS)]
    return Taken._make(statistics.median(seconds) for seconds in zip(*taken, strict=True))


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tells(command: list[str], environment: dict[str, str]) -> bool:
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return "compiling" in done.stderr + done.stdout
