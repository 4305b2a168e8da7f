"""Fixtures of the policy tests: runs in a world where money works, each made once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from money_works import Run, made, so_far

from doorstroom.education import TechnicalEducation


@pytest.fixture(scope="session")
def run() -> Callable[..., Run]:
    def find(name: str, **parameters: float) -> Run:
        return made(name, tuple(sorted(parameters.items())))

    return find


@pytest.fixture(scope="session")
def base() -> Run:
    return made("baseline")


@pytest.fixture(scope="session")
def until() -> Callable[..., TechnicalEducation]:
    return so_far
