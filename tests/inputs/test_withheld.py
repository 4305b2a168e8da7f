"""Withheld counts: bounds are kept, totals are met, nothing depends on order."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstroom.inputs import withheld
from doorstroom.inputs.readers import Counts
from doorstroom.inputs.withheld import Totals, settle

Drawn = tuple[np.ndarray, Counts, Totals, np.ndarray]


@st.composite
def counts_with_totals(draw: Any, largest: int = 12, groups: int = 4) -> Drawn:
    """True counts, what is published of them, and totals of groups that are themselves published or withheld."""
    true = np.array(draw(st.lists(st.integers(0, 9), min_size=1, max_size=largest)), np.int64)
    hidden = (true >= 1) & (true <= 4)
    group = np.array(draw(st.lists(st.integers(-1, groups - 1), min_size=len(true), max_size=len(true))), np.int64)
    sums = np.bincount(group[group >= 0], true[group >= 0], groups).astype(np.int64)
    hide = (sums >= 1) & (sums <= 4)
    totals = Totals(group, np.where(hide, 1, sums), np.where(hide, 4, sums))
    strata = np.array(draw(st.lists(st.integers(0, 2), min_size=len(true), max_size=len(true))), np.int64)
    return true, Counts(np.where(hidden, 1, true), np.where(hidden, 4, true)), totals, strata


@settings(max_examples=150, deadline=None)
@given(counts_with_totals())
def test_values_keep_bounds_and_totals_and_the_truth_stays_possible(drawn: Drawn) -> None:
    true, counts, totals, strata = drawn
    settled = settle(counts, strata, [np.arange(len(true))], totals)
    assert (settled.low <= settled.value).all()
    assert (settled.value <= settled.high).all()
    assert (settled.low >= counts.low).all()
    assert (settled.high <= counts.high).all()
    assert (settled.low <= true).all()  # bounds never exclude what is true
    assert (true <= settled.high).all()
    assert settled.contradictions == 0
    sums = np.bincount(totals.group[totals.group >= 0], settled.value[totals.group >= 0], len(totals.low))
    assert (totals.low <= sums).all()
    assert (sums <= totals.high).all()
    assert (settled.value[~counts.withheld] == true[~counts.withheld]).all()
    assert (settled.value[counts.withheld] >= 1).all()  # never taken for nobody


@settings(max_examples=60, deadline=None)
@given(counts_with_totals(largest=5, groups=2))
def test_bounds_are_as_narrow_as_the_totals_allow(drawn: Drawn) -> None:
    """Against all possible truths, counted out."""
    _, counts, totals, strata = drawn
    settled = settle(counts, strata, [np.arange(len(strata))], totals)
    possible = []
    for guess in product(*(range(low, high + 1) for low, high in zip(*counts, strict=True))):
        sums = np.bincount(totals.group[totals.group >= 0], np.array(guess)[totals.group >= 0], len(totals.low))
        if (totals.low <= sums).all() and (sums <= totals.high).all():
            possible.append(guess)
    assert settled.low.tolist() == np.min(possible, axis=0).tolist()
    assert settled.high.tolist() == np.max(possible, axis=0).tolist()


@settings(max_examples=60, deadline=None)
@given(counts_with_totals(), st.randoms(use_true_random=False))
def test_the_order_of_counts_changes_nothing(drawn: Drawn, random: Any) -> None:
    _, counts, totals, strata = drawn
    names = np.arange(len(strata))
    order = np.array(random.sample(range(len(strata)), len(strata)))
    there = settle(counts, strata, [names], totals)
    mixed = settle(
        Counts(counts.low[order], counts.high[order]),
        strata[order],
        [names[order]],
        Totals(totals.group[order], totals.low, totals.high),
    )
    assert mixed.value.tolist() == there.value[order].tolist()
    assert mixed.basis.tolist() == there.basis[order].tolist()


def test_counts_that_are_published_stay_as_they_are() -> None:
    counts = Counts(np.array([0, 7, 3]), np.array([0, 7, 3]))
    settled = settle(counts, np.zeros(3, np.int64), [np.arange(3)])
    assert settled.value.tolist() == [0, 7, 3]
    assert set(settled.basis) == {withheld.PUBLISHED}


def test_a_total_that_cant_be_is_told_and_not_used() -> None:
    counts = Counts(np.array([1, 1, 9]), np.array([4, 4, 9]))
    totals = Totals(np.array([0, 0, 1]), np.array([20, 9]), np.array([20, 9]))
    settled = settle(counts, np.zeros(3, np.int64), [np.arange(3)], totals)
    assert settled.contradictions == 1
    assert settled.basis.tolist() == [withheld.RULE, withheld.RULE, withheld.PUBLISHED]


def test_one_withheld_count_of_a_known_total_is_known() -> None:
    counts = Counts(np.array([1, 9]), np.array([4, 9]))
    settled = settle(counts, np.zeros(2, np.int64), [np.arange(2)], Totals(np.zeros(2, int), *np.full((2, 1), 12)))
    assert settled.value.tolist() == [3, 9]
    assert settled.basis[0] == withheld.EXACT


@pytest.mark.parametrize(("mean", "size"), [(0.4, 0.5), (3.0, 1.0), (12.0, 2.0)])
def test_the_rule_recovers_the_mean_of_small_counts(mean: float, size: float) -> None:
    """Counts of a known distribution, hidden and guessed: the sum is right to a few per cent, not always twice."""
    rng = np.random.default_rng(4)
    true = rng.negative_binomial(size, size / (size + mean), 3000)
    hidden = (true >= 1) & (true <= 4)
    counts = Counts(np.where(hidden, 1, true), np.where(hidden, 4, true))
    settled = settle(counts, np.zeros(3000, np.int64), [np.arange(3000)])
    assert settled.value[hidden].sum() == pytest.approx(true[hidden].sum(), rel=0.06)
    assert len(set(settled.value[hidden])) > 1


def test_fewer_large_counts_mean_smaller_small_ones() -> None:
    def expected(large: int) -> float:
        low = np.array([0] * 30 + [1] * 20 + [9] * large)
        high = np.array([0] * 30 + [4] * 20 + [9] * large)
        return float(withheld.expected(Counts(low, high), np.zeros(len(low), np.int64))[30])

    assert 1 < expected(0) < expected(10) < expected(40) < 4
