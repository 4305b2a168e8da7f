"""Studies of a country made of formulas, run once for all tests of what is reported."""

from __future__ import annotations

import fake_country
import pytest

from doorstroom.experiment.results import Results
from doorstroom.reporting.findings import Findings, find


@pytest.fixture(scope="session")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Three scenarios, six draws, two seeds."""
    scenarios = [fake_country.scenario(), fake_country.scenario("less", 60.0), fake_country.scenario("none", 0.0)]
    return fake_country.compared(
        scenarios,
        seeds=2,
        draws=6,
        processes=1,
        out=tmp_path_factory.mktemp("studies") / "fake",
    )


@pytest.fixture(scope="session")
def findings(comparison: Results) -> Findings:
    return find(comparison)


@pytest.fixture(scope="session")
def same(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A scenario against itself."""
    return fake_country.compared(
        [fake_country.scenario(), fake_country.scenario()],
        draws=3,
        processes=1,
        out=tmp_path_factory.mktemp("studies") / "same",
    )
