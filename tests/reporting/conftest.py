"""Studies of a country made of formulas, run once for all tests of what is reported."""

from __future__ import annotations

import fake_country
import pytest

from doorstroom.reporting.findings import Findings, find
from doorstroom.study.compare import Comparison, run_study


@pytest.fixture(scope="session")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Three scenarios, six draws, two seeds."""
    scenarios = [fake_country.scenario(), fake_country.scenario("less", 60.0), fake_country.scenario("none", 0.0)]
    return run_study(
        scenarios,
        seeds=2,
        draws=6,
        processes=1,
        out=tmp_path_factory.mktemp("studies") / "fake",
        simulate=fake_country.simulate,
        inputs=fake_country.inputs(),
    )


@pytest.fixture(scope="session")
def findings(comparison: Comparison) -> Findings:
    return find(comparison)


@pytest.fixture(scope="session")
def same(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A scenario against itself."""
    return run_study(
        [fake_country.scenario(), fake_country.scenario()],
        draws=3,
        processes=1,
        out=tmp_path_factory.mktemp("studies") / "same",
        simulate=fake_country.simulate,
        inputs=fake_country.inputs(),
    )
