"""Scores and naive forecasts say what they claim."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from doorstroom.evidence import naive
from doorstroom.evidence.scores import Observation, crps, score, verdict

numbers = st.floats(-1e6, 1e6, allow_nan=False)


def test_crps_of_a_normal_ensemble_is_that_of_the_normal_distribution() -> None:
    x = stats.norm.ppf((np.arange(4000) + 0.5) / 4000, loc=3.0, scale=2.0)
    for y in (-1.0, 3.0, 8.0):
        z = (y - 3.0) / 2.0
        # Gneiting and Raftery 2007, eq. 5
        exact = 2.0 * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
        assert crps(x, y)[0] == pytest.approx(exact, rel=2e-3)


@given(numbers, numbers)
def test_crps_of_a_point_is_its_error(x: float, y: float) -> None:
    assert crps([x], y)[0] == pytest.approx(abs(x - y))


@given(st.lists(numbers, min_size=1, max_size=30), numbers)
def test_crps_equals_its_definition_over_all_pairs(members: list[float], y: float) -> None:
    x = np.array(members)
    n = len(x)
    pairs = np.abs(x - y).mean() - np.abs(x[:, None] - x[None, :]).sum() / (2 * n * max(n - 1, 1))
    assert crps(x, y)[0] == pytest.approx(pairs, abs=1e-6 * (1 + np.abs(x).max() + abs(y)))


def test_a_small_ensemble_is_not_punished_for_being_small() -> None:
    """The mean score of ensembles of five is that of their distribution."""
    rng = np.random.default_rng(2)
    members, observed = rng.normal(size=(20_000, 5)), rng.normal(size=20_000)
    scores = [crps(row, float(y))[0] for row, y in zip(members, observed, strict=True)]
    assert np.mean(scores) == pytest.approx(1.0 / np.sqrt(np.pi), rel=0.02)


@given(st.lists(numbers, min_size=1, max_size=20), numbers, st.floats(0, 1e5), st.floats(0, 1))
def test_scores_within_bounds_are_never_beyond_least_and_most(
    members: list[float], low: float, width: float, at: float
) -> None:
    high = low + width
    made = score(members, Observation(low + at * width, low, high), 1.0)
    slack = 1e-6 * (1 + abs(low) + width + np.abs(members).max())
    for y in np.linspace(low, high, 11):
        assert made.crps_least - slack <= crps(members, y)[0] <= made.crps_most + slack
    assert made.in90_least <= made.in90 <= made.in90_most


def test_bias_has_the_sign_of_the_forecast() -> None:
    assert score([12.0], Observation.exact(10.0), 10.0).bias == pytest.approx(0.2)
    assert score([8.0], Observation(10.0, 8.0, 11.0), 10.0)[5:10] == pytest.approx((-0.2, 0.2, 0.2, 0.0, 0.3))


def test_an_honest_interval_holds_nine_in_ten() -> None:
    rng = np.random.default_rng(1)
    members = rng.normal(size=(4000, 40))
    held = [
        score(row, Observation.exact(float(y)), 1.0).in90 for row, y in zip(members, rng.normal(size=4000), strict=True)
    ]
    assert np.mean(held) == pytest.approx(0.9, abs=0.015)


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
