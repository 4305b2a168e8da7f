"""Effects: what a paired difference says, and when it may be called sure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from doorstroom.study.effects import ENOUGH_FOR_QUANTILES, Sureness, distinguishable, euro_per_extra, paired, summarise

numbers = st.floats(-1e9, 1e9, allow_subnormal=False)
panels = st.integers(1, 60).flatmap(lambda runs: arrays(np.float64, (runs, 3), elements=numbers))


@given(panels)
@settings(max_examples=50, deadline=None)
def test_equal_runs_have_an_effect_of_exactly_zero(levels: np.ndarray) -> None:
    summary = summarise(paired(levels, levels))
    assert np.all(summary.mean == 0.0)
    assert np.all(summary.sureness == Sureness.NO_DIFFERENCE)
    if len(levels) > 1:
        assert np.all(summary.low == 0.0)
        assert np.all(summary.high == 0.0)
        assert np.all(summary.se == 0.0)


@given(panels, numbers)
@settings(max_examples=50, deadline=None)
def test_what_both_scenarios_share_cancels(levels: np.ndarray, effect: float) -> None:
    shared = np.round(levels)
    summary = summarise(paired(shared + np.round(effect), shared))
    assert np.all(summary.mean == np.round(effect))


@given(panels)
@settings(max_examples=50, deadline=None)
def test_the_order_of_runs_does_not_matter(values: np.ndarray) -> None:
    forth, back = summarise(values), summarise(values[::-1])
    for one, other in zip(forth[:6], back[:6], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-5)


def test_different_runs_are_not_paired() -> None:
    with pytest.raises(ValueError, match="not the same runs"):
        paired(np.zeros((3, 2)), np.zeros((4, 2)))


def test_few_runs_have_the_student_t_prediction_interval() -> None:
    values = np.array([1.0, 2.0, 4.0, 5.0, 9.0])
    summary = summarise(values)
    half = stats.t.ppf(0.95, 4) * values.std(ddof=1) * np.sqrt(1 + 1 / 5)
    assert summary.mean == pytest.approx(values.mean())
    assert summary.low == pytest.approx(values.mean() - half)
    assert summary.high == pytest.approx(values.mean() + half)
    assert summary.se == pytest.approx(values.std(ddof=1) / np.sqrt(5))
    assert summary.n == 5


def test_many_runs_have_their_own_quantiles() -> None:
    values = np.random.default_rng(1).exponential(size=ENOUGH_FOR_QUANTILES)
    summary = summarise(values)
    assert (summary.low, summary.high) == pytest.approx(tuple(np.quantile(values, [0.05, 0.95])))


def test_the_interval_holds_nine_next_runs_in_ten() -> None:
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(2000):
        summary = summarise(rng.normal(3.0, 2.0, size=8))
        hits += summary.low <= rng.normal(3.0, 2.0) <= summary.high
    assert hits / 2000 == pytest.approx(0.9, abs=0.02)


def test_the_standard_error_of_crossed_draws_and_seeds_covers_both() -> None:
    """Means of designs drawn again and again spread as wide as their standard error says."""
    rng = np.random.default_rng(3)
    draws, seeds = 12, 6

    def design() -> np.ndarray:
        return (rng.normal(0, 2.0, (draws, 1)) + rng.normal(0, 1.0, (1, seeds))).ravel()

    again = [summarise(design(), seeds) for _ in range(1500)]
    true = np.sqrt(4.0 / draws + 1.0 / seeds)
    assert np.std([float(one.mean) for one in again]) == pytest.approx(true, rel=0.06)
    assert np.sqrt(np.mean([float(one.se) ** 2 for one in again])) == pytest.approx(true, rel=0.06)


def test_a_run_without_a_value_is_left_out_of_its_cell_alone() -> None:
    values = np.array([[1.0, 1.0], [2.0, np.nan], [3.0, 3.0], [6.0, np.nan]])
    summary = summarise(values)
    assert summary.n.tolist() == [4, 2]
    assert summary.mean.tolist() == [3.0, 2.0]
    nothing = summarise(np.full((4, 1), np.nan))
    assert nothing.n.tolist() == [0]
    assert nothing.sureness.tolist() == [Sureness.UNDEFINED]
    assert np.isnan(nothing.mean).all()


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (np.zeros(5), Sureness.NO_DIFFERENCE),
        (np.array([4.0]), Sureness.ONE_RUN),
        (np.array([-1.0, 1.0, 2.0, -2.0]), Sureness.CANT_TELL),
        (np.linspace(1.0, 1.1, 17), Sureness.LIKELY),
        (np.linspace(1.0, 1.1, 18), Sureness.VERY_LIKELY),
        (np.linspace(-1.1, -1.0, 18), Sureness.VERY_LIKELY),
        (np.array([1.0, np.nan]), Sureness.ONE_RUN),
        (np.array([np.nan]), Sureness.UNDEFINED),
    ],
)
def test_the_words_follow_their_convention(values: np.ndarray, word: Sureness) -> None:
    assert summarise(values).sureness.item() == word
    assert distinguishable(word) == (word in (Sureness.LIKELY, Sureness.VERY_LIKELY))


def test_a_price_is_given_only_for_what_stands_out_from_nothing() -> None:
    money = np.full(20, 100.0)
    assert euro_per_extra(money, np.linspace(1.9, 2.1, 20)).mean == pytest.approx(50.0, rel=0.01)
    for extra in (np.linspace(-1.0, 1.0, 20), np.zeros(20)):
        price = euro_per_extra(money, extra)
        assert np.isnan(price.mean)
        assert price.sureness.item() == Sureness.UNDEFINED
    assert np.isnan(euro_per_extra(np.zeros(20), np.linspace(1.9, 2.1, 20)).mean)
