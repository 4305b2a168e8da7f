"""What is found in a study is what its runs hold."""

from __future__ import annotations

import fake_country
import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.testing import assert_allclose

from doorstroom.errors import ScenarioError
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.results import RUNS, Results
from doorstroom.experiment.run_store import RunReader
from doorstroom.outcomes import COUNTRY, OUTCOMES, SERIES
from doorstroom.reporting.findings import Findings, find, levels, matters
from doorstroom.reporting.key import KEY, PER_EXTRA


def runs(comparison: Results, label: str) -> np.ndarray:
    table = pq.read_table(comparison.folder / RUNS).to_pandas()
    mine = table.loc[table["scenario"] == label, "run"]
    reader = RunReader(comparison.folder)
    return np.stack([reader.read(one)[0] for one in mine])


def test_effects_are_means_of_paired_differences(comparison: Results, findings: Findings) -> None:
    difference = (runs(comparison, "less") - runs(comparison, "baseline"))[:, :, COUNTRY]
    with np.errstate(invalid="ignore"):
        assert_allclose(findings.national_effect["less"].mean, difference.mean(axis=0), rtol=1e-9, atol=1e-9)


def test_an_effect_appears_after_the_policy_differs(findings: Findings) -> None:
    onset = findings.onset("none", KEY[0])
    assert onset.year is not None
    assert onset.year >= 2020


def test_flows_have_no_value_in_the_start_year_and_stocks_have_one(findings: Findings) -> None:
    for series in SERIES:
        start = findings.level("baseline", series).mean[0]
        if OUTCOMES[series[0]].flow:
            assert np.isnan(start), series
        elif not OUTCOMES[series[0]].is_ratio:
            assert np.isfinite(start), series


def test_intervals_of_levels_stay_within_what_can_be() -> None:
    values = np.array([0.0, 0.0, 1.0, 0.1]).reshape(4, 1, 1, 1)
    summary = levels(values, [("unfilled_share", "total")], seeds=1)
    assert 0.0 <= summary.low <= summary.high <= 1.0


def test_money_per_extra_divides_the_same_runs(comparison: Results, findings: Findings) -> None:
    money = findings.money_difference("none")
    series = next(iter(PER_EXTRA))
    extra = comparison.effect(findings.national_panel, "none", series).sum(axis=(1, 2))
    cost = next(cost for cost in findings.costs() if cost.scenario == "none" and cost.outcome == series)
    assert_allclose(cost.bought.mean, 1e6 * extra.sum() / money.sum())
    assert_allclose(cost.bought.median, np.median(1e6 * extra / money))
    assert cost.euro.low < cost.euro.middle < cost.euro.high
    assert_allclose(cost.euro.low, 1e6 / cost.bought.high)


def test_a_scenario_against_itself_never_differs(same: Results) -> None:
    found = find(same)
    assert found.never_differs("baseline (2)")
    effect = found.national_effect["baseline (2)"]
    defined = np.isfinite(effect.mean)
    assert np.array_equal(effect.mean[defined], np.zeros(defined.sum()))
    assert np.array_equal(effect.low[defined], effect.high[defined])


def test_a_comparison_takes_the_smallest_difference_that_matters() -> None:
    country, scenarios = fake_country.model(), [fake_country.scenario(), fake_country.scenario("none", 0.0)]
    usual = Experiment.compare(scenarios, model=country)
    asked = Experiment.compare(scenarios, model=country, matters={"teacher_fte": 0.5})
    assert asked.file.matters == {"teacher_fte": 0.5}
    assert "--matters=teacher_fte=0.5" in asked.command
    assert "matters" not in usual.command
    with pytest.raises(ScenarioError, match=r"found 'teacher_ftes'.*did you mean 'teacher_fte'"):
        Experiment.compare(scenarios, model=country, matters={"teacher_ftes": 0.5})
    with pytest.raises(ScenarioError, match=r"matters\.teacher_fte: found -1\.0"):
        Experiment.compare(scenarios, model=country, matters={"teacher_fte": -1.0})


def test_a_study_sets_its_own_smallest_difference_that_matters() -> None:
    level, series = np.array([1000.0, 0.2]), (("vmbo_technique_pupils", "total"), ("vmbo_technique_share", "total"))
    assert_allclose(matters(level, series), [10.0, 0.002])
    assert_allclose(matters(level, series, {"vmbo_technique_pupils": 0.05, "vmbo_technique_share": 0.01}), [50.0, 0.01])
