"""Worlds of one point and seed are made together: the same bytes, and what fails fails alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from doorstroom.branching import Family
from doorstroom.education import simulate
from doorstroom.experiment import worker
from doorstroom.experiment.batches import _first
from doorstroom.experiment.worker import Chunk, Order, make
from doorstroom.outcomes import SERIES
from doorstroom.scenario import Scenario, load_scenario

NAMES = ("baseline", "no_ngf", "sto_ends")


def short(name: str) -> Scenario:
    scenario = load_scenario(name)
    return scenario.model_copy(update={"years": scenario.years.model_copy(update={"last": 2025})})


def chunk(family: object, scenarios: Sequence[Scenario]) -> Chunk:
    """Two draws, each in every world; the second with another seed."""
    order = Order(simulate, family, tuple(scenarios), 0.003, tuple(range(79)), (7, 79, len(SERIES)), (), "")
    worlds = np.tile(np.arange(len(scenarios)), 2)
    of = np.repeat([0, 1], len(scenarios))
    return Chunk(order, np.arange(len(worlds)), worlds, 5 + of, 1 + of)


def test_a_worker_makes_the_same_runs_together_as_apart() -> None:
    scenarios = [short(name) for name in NAMES]
    together, apart = make(chunk(partial(Family, inputs=None), scenarios)), make(chunk(None, scenarios))
    assert not together.failures
    assert np.array_equal(together.at, apart.at)
    assert np.array_equal(together.values, apart.values, equal_nan=True)
    assert not np.array_equal(together.values[0], together.values[1], equal_nan=True)


def test_where_a_family_fails_each_run_is_made_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Broken:
        def __init__(self, scenarios: Sequence[Scenario]) -> None:
            self.scenarios = scenarios

        def simulate(self, **_: object) -> list[NDArray[np.float64]]:
            raise MemoryError("too many countries at a time")

    def one(scenario: Scenario, **_: object) -> NDArray[np.float64]:
        made.append(scenario.name)
        if scenario.name == "no_ngf":
            raise ArithmeticError("stumbled")
        return np.zeros((7, 79, len(SERIES)))

    asked = chunk(Broken, [short(name) for name in NAMES])
    result = make(asked._replace(order=asked.order._replace(simulate=one)))
    assert made == [*NAMES, *NAMES]
    assert [failure.at for failure in result.failures] == [1, 4]
    assert all("stumbled" in failure.error for failure in result.failures)
    assert result.at.tolist() == [0, 2, 3, 5]


def test_a_single_run_is_no_family() -> None:
    asked = chunk(None, [short("baseline")])
    order = asked.order._replace(family=lambda scenarios: pytest.fail("nobody to share with"))
    assert worker.together(order, (0,), 1, 1, {}) == {}


def test_families_stay_whole() -> None:
    waiting = deque([np.array([0, 1, 2]), np.array([4]), np.array([6, 7, 8])])
    assert [_first(waiting, 4).tolist(), _first(waiting, 1).tolist()] == [[0, 1, 2, 4], [6, 7, 8]]
    assert not waiting
