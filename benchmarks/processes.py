"""Runs per second of one process and of two, each with what a process reads once already read."""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

from doorstroom.education import TechnicalEducation

FRACTION = 0.1
RUNS = 8
ROUNDS = 3


def one_run(seed: int) -> int:
    TechnicalEducation("baseline", rng=seed, fraction=FRACTION).run()
    return seed


def runs_per_second(processes: int) -> float:
    """The best of some rounds: what else runs on the machine can only slow them down."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        list(pool.map(one_run, range(2 * processes)))  # every process has started, read and compiled
        best = 0.0
        for _ in range(ROUNDS):
            start = time.perf_counter()
            list(pool.map(one_run, range(RUNS)))
            best = max(best, RUNS / (time.perf_counter() - start))
    return best
