"""Runs shared by the whole suite: small fractions of the real country, each made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import pytest
from hypothesis import settings

from doorstroom.education import TechnicalEducation
from doorstroom.scenario import Scenario, load_scenario

FRACTION = 0.02

# how long an example takes depends on the machine and on what Numba has kept; timings are for benchmarks
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@lru_cache(maxsize=64)
def finished(name: str, seed: int = 1, draw: int = 0, fraction: float = FRACTION) -> TechnicalEducation:
    """A model that has run to its last year."""
    model = TechnicalEducation(load_scenario(name), draw=draw, rng=seed, fraction=fraction)
    model.run()
    return model


@pytest.fixture(scope="session")
def finish() -> Callable[..., TechnicalEducation]:
    return finished


@pytest.fixture(scope="session")
def baseline() -> Scenario:
    return load_scenario("baseline")
