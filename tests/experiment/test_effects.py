"""Effects: what a paired difference says, and when it may be called sure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from doorstroom.experiment.effects import (
    FEWEST_FOR_LEVEL,
    LEVEL,
    SCALE,
    Size,
    Sureness,
    direction,
    distinguishable,
    known,
    paired,
    per_million,
    price,
    summarise,
)

numbers = st.floats(-1e9, 1e9, allow_subnormal=False)
panels = st.integers(1, 60).flatmap(lambda runs: arrays(np.float64, (runs, 3), elements=numbers))


@given(panels)
@settings(max_examples=50, deadline=None)
def test_equal_runs_have_an_effect_of_exactly_zero(levels: np.ndarray) -> None:
    summary = summarise(paired(levels, levels))
    assert np.all(summary.mean == 0.0)
    assert set(summary.sureness) <= {Sureness.TOO_SMALL, Sureness.TOO_FEW}
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
    for one, other in zip(forth[:11], back[:11], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-5)


def test_different_runs_are_not_paired() -> None:
    with pytest.raises(ValueError, match="not the same runs"):
        paired(np.zeros((3, 2)), np.zeros((4, 2)))


DISTRIBUTIONS = {
    "normal": lambda rng, shape: rng.normal(-0.5, 1.0, shape),
    "exponential": lambda rng, shape: -rng.exponential(size=shape),
    "mixed with zero": lambda rng, shape: np.where(rng.random(shape) < 0.4, 0.0, rng.normal(0.3, 1.0, shape)),
    "zero or more": lambda rng, shape: np.where(rng.random(shape) < 0.5, 0.0, rng.exponential(size=shape)),
    "lognormal": lambda rng, shape: rng.lognormal(0.0, 1.5, shape),
}


@pytest.mark.parametrize("name", DISTRIBUTIONS)
@pytest.mark.parametrize("n", [10, 15, 18, 19, 25, 30, 39, 40, 60, 100, 200, 400])
def test_a_next_run_falls_inside_as_often_as_is_stated(name: str, n: int) -> None:
    rng = np.random.default_rng([n, *name.encode()])
    draw, cells = DISTRIBUTIONS[name], 3000
    summary = summarise(draw(rng, (n, cells)))
    following = draw(rng, (40, cells))
    covered = np.mean((following >= summary.low) & (following <= summary.high))
    stated = float(summary.cover.mean())
    assert covered == pytest.approx(stated, abs=0.02)
    if n >= FEWEST_FOR_LEVEL:
        assert stated == pytest.approx(LEVEL, abs=0.02)
    elif name != "zero or more":  # of which nothing lies below zero
        assert stated == pytest.approx((n - 1) / (n + 1), abs=0.02)


def test_few_runs_have_their_range_and_are_never_called_90_percent() -> None:
    values = np.array([1.0, 2.0, 4.0, 5.0, 9.0])
    summary = summarise(values)
    assert (summary.low, summary.high, summary.median, summary.mean) == (1.0, 9.0, 4.0, 4.2)
    assert summary.cover == pytest.approx(4 / 6)
    assert summary.se == pytest.approx(values.std(ddof=1) / np.sqrt(5))
    assert (summary.below, summary.above, summary.n) == (0, 5, 5)


def test_the_interval_grows_with_no_jump_from_one_number_of_runs_to_the_next() -> None:
    rng = np.random.default_rng(7)
    values = rng.lognormal(0.0, 1.0, size=(401, 500))
    widths = [np.median(np.subtract(*[getattr(summarise(values[:n]), end) for end in ("high", "low")])) for n in SOME]
    assert np.all(np.abs(np.diff(np.log(widths))) < 0.35)


SOME = (*range(5, 60), *range(60, 401, 10))


@pytest.mark.parametrize("sign", [-1.0, 1.0])
@pytest.mark.parametrize("spread", [0.05, 1.0, 3.0])
def test_on_data_of_one_sign_the_verdict_never_turns_back_with_more_runs(sign: float, spread: float) -> None:
    """The word for the direction only grows surer, and the number of runs is the only thing that moves it."""
    values = sign * np.random.default_rng(11).lognormal(0.0, spread, size=400)
    order = [Sureness.LIKELY, Sureness.VERY_LIKELY, Sureness.VIRTUALLY_CERTAIN]
    steps = [order.index(summarise(values[:n]).sureness.item()) for n in range(5, 401)]
    assert np.all(np.diff(steps) >= 0)
    assert (steps[0], steps[18 - 5], steps[191 - 5]) == (0, 1, 2)
    for n in (5, 8, 39, 40, 400):  # and the interval never contradicts it
        summary = summarise(values[:n])
        assert sign * summary.low > 0
        assert sign * summary.high > 0


def test_a_word_is_used_as_often_as_it_promises() -> None:
    """Where a direction has a probability just below a word's range, the word is rarely used.

    5% by the intent; counts are whole numbers, so Jeffreys' interval errs to either side, most so with few runs.
    """
    rng = np.random.default_rng(13)
    for word, share in SCALE.items():
        for n in (20, 60, 200):
            below = (rng.random((n, 4000)) < share - 0.005).sum(axis=0)
            chance, low = direction(below, np.full(4000, n))
            assert np.mean(low >= share) < 0.12, (word, n)
            assert chance.mean() == pytest.approx(share, abs=0.03)


def test_draws_count_and_not_the_seeds_that_share_them() -> None:
    rng = np.random.default_rng(17)
    draws = np.repeat(rng.lognormal(size=12), 5) + 0.01 * rng.random(60)
    together, apart = summarise(draws, seeds=5), summarise(draws)
    assert together.sureness == Sureness.LIKELY
    assert apart.sureness == Sureness.VERY_LIKELY
    assert together.cover == pytest.approx(11 / 13)
    assert (together.low, together.high) == (draws.min(), draws.max())
    assert summarise(rng.lognormal(size=40), seeds=40).sureness == Sureness.VERY_LIKELY  # one draw: seeds are all


def test_the_size_is_told_against_what_matters() -> None:
    values = np.linspace(60.0, 490.0, 40)
    firm = summarise(-values, matters=20.0)
    assert (firm.sureness, firm.size) == (Sureness.VERY_LIKELY, Size.AT_LEAST)
    assert summarise(-values, matters=80.0).size == Size.AT_MOST
    assert summarise(-values, matters=500.0).size == Size.NO_MATTER
    both = np.concatenate([values, -values])
    assert (summarise(both, matters=20.0).sureness, summarise(both, matters=20.0).size) == (
        Sureness.EITHER_WAY,
        Size.AT_MOST,
    )
    assert summarise(values[:4]).size == Size.UNTOLD


def test_what_rests_on_a_few_modelled_people_is_too_small_to_see() -> None:
    """Two runs of one person each can't say that nothing changes; nor can forty in which ten people move."""
    assert summarise(np.zeros(2), grain=50.0).sureness == Sureness.TOO_FEW
    assert summarise(np.zeros(40), grain=50.0).sureness == Sureness.TOO_SMALL
    moved = np.tile([0.0, 50.0, -50.0, 0.0], 10)
    assert summarise(moved, grain=50.0).sureness == Sureness.TOO_SMALL
    assert summarise(moved, grain=1.0).sureness == Sureness.EITHER_WAY


def test_only_the_scenarios_themselves_say_that_nothing_can_differ() -> None:
    values = np.zeros((40, 3))
    values[:, 2] = np.linspace(1.0, 2.0, 40)
    told = known(summarise(values), Sureness.NOT_YET, np.array([True, False, True]))
    assert told.sureness.tolist() == [Sureness.NOT_YET, Sureness.TOO_SMALL, Sureness.VERY_LIKELY]


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
        (np.zeros(5), Sureness.TOO_SMALL),
        (np.array([4.0]), Sureness.TOO_FEW),
        (np.array([1.0, 2.0, 3.0, 4.0]), Sureness.TOO_FEW),
        (np.linspace(1.0, 1.1, 5), Sureness.LIKELY),
        (np.linspace(1.0, 1.1, 17), Sureness.LIKELY),
        (np.linspace(1.0, 1.1, 18), Sureness.VERY_LIKELY),
        (np.linspace(-1.1, -1.0, 191), Sureness.VIRTUALLY_CERTAIN),
        (np.linspace(-1.0, 1.0, 100), Sureness.EITHER_WAY),
        (np.array([1.0, np.nan]), Sureness.TOO_FEW),
        (np.array([np.nan]), Sureness.UNDEFINED),
    ],
)
def test_the_words_follow_their_convention(values: np.ndarray, word: Sureness) -> None:
    assert summarise(values).sureness.item() == word
    assert distinguishable(word) == (word in SCALE)


def test_a_million_buys_the_ratio_of_the_totals_whatever_a_single_run_does() -> None:
    rng = np.random.default_rng(19)
    money, extra = rng.uniform(80e6, 120e6, 200), rng.normal(200.0, 60.0, 200)
    extra[0] = 1e-6  # its own price would be a hundred million million
    bought = per_million(money, extra)
    assert bought.mean == pytest.approx(1e6 * extra.sum() / money.sum())
    assert bought.low < bought.mean < bought.high
    assert price(bought).middle == pytest.approx(money.sum() / extra.sum())
    assert price(bought).low == pytest.approx(1e6 / bought.high)
    assert price(bought).high == pytest.approx(1e6 / bought.low)
    assert per_million(-money, -extra).mean == pytest.approx(bought.mean)  # what is cut and what is lost with it


def test_the_error_of_a_ratio_of_totals_is_its_spread_over_studies() -> None:
    rng = np.random.default_rng(23)
    again = [per_million(rng.uniform(80e6, 120e6, 40), rng.normal(200.0, 60.0, 40)) for _ in range(800)]
    assert np.std([one.mean for one in again]) == pytest.approx(np.mean([one.se for one in again]), rel=0.1)


def test_where_nothing_is_sure_a_price_is_bounded_from_below_alone() -> None:
    money = np.full(40, 1e8)
    unclear = per_million(money, np.linspace(-100.0, 300.0, 40))
    told = price(unclear)
    assert told.low == pytest.approx(1e6 / unclear.high)
    assert np.isnan(told.high)
    assert np.isnan(price(per_million(money, np.linspace(-3.0, -1.0, 40))).low)  # more money, less of it: no price
    for money in (np.zeros(40), np.linspace(-1.0, 1.0, 40)):
        assert per_million(money, np.ones(40)).sureness == Sureness.UNDEFINED
