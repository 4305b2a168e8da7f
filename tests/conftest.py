"""Runs shared by the whole suite: small fractions of the real country, each made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
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


@pytest.fixture
def offline(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page without a network; a message on the console or a request to anywhere fails the test."""
    contexts, complaints = [], []

    def complain(request: Any) -> None:
        if not request.url.startswith(("file:", "blob:", "data:")):
            complaints.append(f"asked for {request.url}")

    def opened(file: Path, address: str = "", width: int = 1366, height: int = 768, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("request", complain)
        page.goto(file.as_uri() + address)
        page.wait_for_selector("html[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints
