"""Runs shared by the whole suite: small fractions of the real country, each made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

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


BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium for pages; who asks for it is skipped where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright isn't installed: pip install -e '.[test]'")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield opened
        opened.close()
