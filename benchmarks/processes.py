"""Runs per second of one process and of two, each with what a process reads once already read.

Beside it the processor time of a run: where it is the same for two as for one, two quiet cores make twice the runs.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

from doorstroom.education import TechnicalEducation

FRACTION = 0.1
RUNS = 8
ROUNDS = 3


class Pace(NamedTuple):
    """Runs per second of wall clock, in the best of some rounds, and the median processor seconds of a run."""

    runs_per_second: float
    seconds_per_run: float


def one_run(seed: int) -> float:
    start = time.process_time()
    TechnicalEducation("baseline", rng=seed, fraction=FRACTION).run()
    return time.process_time() - start


def pace(processes: int) -> Pace:
    """Of so many processes; what else runs on the machine can only slow a round down."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(one_run, range(2 * processes)))  # every process has started, read and compiled
        best, seconds = 0.0, []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            seconds += list(pool.map(one_run, range(RUNS)))
            best = max(best, RUNS / (time.perf_counter() - start))
    return Pace(best, statistics.median(seconds))
