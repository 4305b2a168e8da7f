"""The stop rule: narrow intervals of what matters, and ranks that stay."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from doorstroom.experiment.convergence import CONSTANT, NO_RUNS, StopRule, judge
from doorstroom.experiment.factors import DUMMY

RULE = StopRule(matter=2)


def look(a: float, b: float, c: float, half: float = 0.02) -> pd.DataFrame:
    value = np.array([a, b, c, 0.0])
    return pd.DataFrame({"factor": ["a", "b", "c", DUMMY], "value": value, "low": value - half, "high": value + half})


def test_narrow_and_stable_is_converged() -> None:
    verdict = judge([look(0.5, 0.3, 0.1)] * 3, RULE, absolute=True)
    assert verdict.converged
    assert verdict.factors == ("a", "b")
    assert verdict.width == pytest.approx(0.04)
    assert verdict.stable


def test_a_wide_interval_is_not_unless_of_what_does_not_matter() -> None:
    wide = look(0.5, 0.3, 0.1)
    wide.loc[0, "high"] += 0.1
    verdict = judge([wide] * 3, RULE, absolute=True)
    assert not verdict.converged
    assert verdict.reason == "an interval is 0.140 wide, more than 0.05"
    other = look(0.5, 0.3, 0.1)
    other.loc[2, ["low", "high"]] = [0.0, 0.2]
    assert judge([other] * 3, RULE, absolute=True).converged


def test_ranks_that_changed_are_told() -> None:
    verdict = judge([look(0.5, 0.3, 0.1), look(0.5, 0.1, 0.3), look(0.5, 0.3, 0.1)], RULE, absolute=True)
    assert verdict.stable is False
    assert verdict.reason == "ranks changed over the last 2 doublings"
    old = [look(0.3, 0.5, 0.1), *[look(0.5, 0.3, 0.1)] * 3]
    assert judge(old, RULE, absolute=True).converged  # what happened before doesn't count


def test_factors_that_can_not_be_told_apart_may_change_places() -> None:
    assert judge([look(0.5, 0.3, 0.29), look(0.5, 0.29, 0.3), look(0.5, 0.3, 0.29)], RULE, absolute=True).converged


def test_too_few_looks_say_nothing_of_ranks() -> None:
    verdict = judge([look(0.5, 0.3, 0.1)] * 2, RULE, absolute=True)
    assert verdict.stable is None
    assert verdict.reason == "the sample has not doubled 2 times"


def test_an_index_with_a_unit_is_judged_against_the_largest() -> None:
    verdict = judge([look(500.0, 300.0, 100.0, half=10.0)] * 3, RULE, absolute=False)
    assert verdict.width == pytest.approx(0.04)
    assert verdict.converged


def test_nothing_to_explain_and_nothing_to_judge() -> None:
    constant = judge([look(np.nan, np.nan, np.nan)] * 3, RULE, absolute=True)
    assert constant.constant
    assert constant.reason == CONSTANT
    assert not constant.converged
    assert judge([look(np.nan, np.nan, np.nan)], RULE, absolute=True).constant  # told at once, not after doublings
    assert judge([], RULE, absolute=True).reason == NO_RUNS


def test_an_unknown_interval_is_not_narrow() -> None:
    verdict = judge([look(0.5, 0.3, 0.1, half=np.nan)] * 3, RULE, absolute=True)
    assert "has no interval" in verdict.reason
