"""Studies of a country made of formulas, run once for all tests of what is reported."""

from __future__ import annotations

from pathlib import Path

import fake_country
import pytest

from doorstroom.experiment.results import Results
from doorstroom.reporting.findings import Findings, find
from doorstroom.reporting.page.write import write_report


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


@pytest.fixture(scope="session")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a study of twelve scenarios, as many as can be told apart."""
    scenarios = [fake_country.scenario(f"s{at}", 100.0 - 8 * at) for at in range(12)]
    made = fake_country.compared(scenarios, draws=2, processes=1, out=tmp_path_factory.mktemp("studies") / "twelve")
    assert len(made.years) == 22
    return write_report(find(made))
