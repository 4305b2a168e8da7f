"""Scores and naive forecasts say what they claim."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from doorstroom.study.evidence import naive
from doorstroom.study.evidence.scores import crps, score, verdict

numbers = st.floats(-1e6, 1e6, allow_nan=False)


def test_crps_of_a_normal_ensemble_is_that_of_the_normal_distribution() -> None:
    x = stats.norm.ppf((np.arange(4000) + 0.5) / 4000, loc=3.0, scale=2.0)
    for y in (-1.0, 3.0, 8.0):
        z = (y - 3.0) / 2.0
        # Gneiting and Raftery 2007, eq. 5
        exact = 2.0 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
        assert crps(x, y) == pytest.approx(exact, rel=2e-3)


@given(numbers, numbers)
def test_crps_of_a_point_is_its_error(x: float, y: float) -> None:
    assert crps([x], y) == pytest.approx(abs(x - y))


@given(st.lists(numbers, min_size=1, max_size=30), numbers)
def test_crps_equals_its_definition_over_all_pairs(members: list[float], y: float) -> None:
    x = np.array(members)
    pairs = np.abs(x - y).mean() - np.abs(x[:, None] - x[None, :]).mean() / 2
    assert crps(x, y) == pytest.approx(pairs, abs=1e-6 * (1 + np.abs(x).max() + abs(y)))


def test_an_honest_interval_holds_nine_in_ten() -> None:
    rng = np.random.default_rng(1)
    members = rng.normal(size=(400, 199))
    held = [score(row, float(y), 1.0).in90 for row, y in zip(members, rng.normal(size=400), strict=True)]
    assert 0.85 < np.mean(held) < 0.95


def test_a_small_difference_is_a_draw() -> None:
    assert verdict(0.100, 0.103) == "draw"
    assert verdict(0.100, 0.120) == "win"
    assert verdict(0.120, 0.100) == "loss"
    assert verdict(0.0, 0.0) == "draw"


def test_a_trend_goes_on_and_a_last_value_stays() -> None:
    past = np.array([10.0, 12.0, 14.0, 16.0])
    line = naive.linear_trend(past, 3)
    assert line is not None
    assert np.allclose(np.median(line, axis=0), [18, 20, 22])
    last = naive.last_value(past, 3)
    assert np.allclose(np.median(last, axis=0), 16)
    assert np.all(np.diff(last.std(axis=0)) > 0), "what is farther off is less certain"
    assert naive.linear_trend(past[:2], 3) is None


def test_a_constant_share_follows_the_cohort() -> None:
    share = naive.constant_share(np.array([20.0, 22.0]), np.array([100.0, 110.0]), np.array([120.0, 60.0]))
    assert np.allclose(share, [[24.0, 12.0]])
