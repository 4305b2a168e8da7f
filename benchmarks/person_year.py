"""The pupils' year by three programs that take the same decisions: one Mesa agent per person, NumPy, doorstroom.

Timed are interest, progress, profile choice, the way out, mbo choice, study and first job, random numbers included; not
the making of newcomers nor the institutions, which all three are given.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from benchmarks.numpy_year import NumpyYear

from doorstroom.agents.pupils import ATTRIBUTES
from doorstroom.education import TechnicalEducation

sys.path.append(str(Path(__file__).parents[1] / "tests" / "reference"))

SMALL = 0.02
YEARS = 4
ADDED_TOLERANCE = 1e-6


class Timed(NamedTuple):
    """Nanoseconds per person-year, one entry per year timed."""

    program: str
    fraction: float
    nanoseconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.nanoseconds)


class Stopwatch:
    """Adds up the processor time of the calls it is put around."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., None]) -> Callable[..., None]:
        def run(*arguments: object) -> None:
            start = time.process_time()
            function(*arguments)
            self.seconds += time.process_time() - start

        return run


def alive(model: TechnicalEducation) -> int:
    """Persons in education."""
    return len(model.pupils.in_vo) + len(model.pupils.in_mbo)


def one_by_one() -> Timed:
    """Plain Mesa: one object per person, one decision after the other."""
    from compare import SideBySide

    pair, watch = SideBySide("baseline", seed=1, fraction=SMALL), Stopwatch()
    pair.slow.year = watch.around(pair.slow.year)  # type: ignore[method-assign]
    found = []
    for _ in range(YEARS):
        persons, before = alive(pair.fast), watch.seconds
        pair.step()
        found.append((watch.seconds - before) / persons * 1e9)
    if pair.differences():
        raise SystemExit(f"not the same decisions: {pair.differences()[:5]}")
    return Timed("Mesa, one object per person", SMALL, found)


def compiled(fraction: float) -> tuple[Timed, TechnicalEducation]:
    """doorstroom, and the model after the years that were timed."""
    return _timed("doorstroom", fraction, lambda model: None)


def in_numpy(fraction: float) -> tuple[Timed, TechnicalEducation]:
    """Straightforward NumPy in the place of doorstroom's loops."""

    def replace(model: TechnicalEducation) -> None:
        plain = NumpyYear(model)
        model.secondary.year = plain.pupils_year  # type: ignore[method-assign]
        model.students.year = plain.students_year  # type: ignore[method-assign]
        model.students.look_for_work = plain.look_for_work  # type: ignore[method-assign]

    return _timed("straightforward NumPy", fraction, replace)


def _timed(
    program: str, fraction: float, prepare: Callable[[TechnicalEducation], None]
) -> tuple[Timed, TechnicalEducation]:
    model = TechnicalEducation("baseline", rng=1, fraction=fraction)
    prepare(model)
    watch = Stopwatch()
    model.secondary.year = watch.around(model.secondary.year)  # type: ignore[method-assign]
    model.students.year = watch.around(model.students.year)  # type: ignore[method-assign]
    model.students.look_for_work = watch.around(model.students.look_for_work)  # type: ignore[method-assign]
    found = []
    for _ in range(YEARS):
        persons, before = alive(model), watch.seconds
        model.step()
        found.append((watch.seconds - before) / persons * 1e9)
    return Timed(program, fraction, found), model


def same_people(one: TechnicalEducation, other: TechnicalEducation) -> bool:
    """Whether everybody is the same in two models in every attribute, interest to single precision."""
    return all(
        np.allclose(getattr(one.pupils, name), getattr(other.pupils, name), rtol=0.0, atol=ADDED_TOLERANCE)
        for name in ATTRIBUTES
    )
