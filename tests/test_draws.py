"""Common random numbers: a draw belongs to (seed, purpose, year, slot) and to nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstroom.draws import Draws, Purpose

slots = st.lists(st.integers(0, 5_000), min_size=1, max_size=50)


@given(slots, st.integers(1, 12))
def test_a_slot_draws_the_same_in_any_company(rows: list[int], each: int) -> None:
    draws = Draws(3)
    together = draws.uniform(Purpose.PROFILE, 2024, np.array(rows), each).reshape(len(rows), -1)
    for at, row in enumerate(rows):
        alone = draws.uniform(Purpose.PROFILE, 2024, np.array([row]), each)
        assert np.array_equal(together[at], np.ravel(alone))


@given(st.integers(0, 10_000), st.integers(0, 300))
def test_a_block_may_start_anywhere(start: int, size: int) -> None:
    draws = Draws(7)
    whole = draws.block(Purpose.STUDY, 2030, 0, start + size)
    assert np.array_equal(draws.block(Purpose.STUDY, 2030, start, start + size), whole[start:])


@given(slots, st.integers(1, 12))
def test_stretches_give_each_slot_its_own_numbers(rows: list[int], each: int) -> None:
    """Also where slots lie further apart than a stretch."""
    draws = Draws(4)
    asked = np.unique(np.array([*rows, 1_000_000 + rows[0]]))
    expected = np.stack([draws.block(Purpose.PROFILE, 2024, row * each, (row + 1) * each) for row in asked.tolist()])
    found = np.full_like(expected, np.nan)
    for part, first, numbers in draws.stretches(Purpose.PROFILE, 2024, asked, each):
        found[part] = numbers[asked[part] - first]
    assert np.array_equal(found, expected)


def test_numbers_are_numpys_own_philox() -> None:
    ours = Draws(11).block(Purpose.PROFILE, 2021, 0, 1000)
    numpys = np.random.Generator(np.random.Philox(key=[11, (int(Purpose.PROFILE) << 32) | 2021])).random(1000)
    assert np.allclose(ours, numpys, atol=2.0**-53, rtol=0)


def test_seed_purpose_and_year_each_matter() -> None:
    base = Draws(1).block(Purpose.STUDY, 2020, 0, 10_000)
    others = [
        Draws(2).block(Purpose.STUDY, 2020, 0, 10_000),
        Draws(1).block(Purpose.COLLEGE, 2020, 0, 10_000),
        Draws(1).block(Purpose.STUDY, 2021, 0, 10_000),
    ]
    for other in others:
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.05


def test_uniform_numbers_never_reach_the_ends() -> None:
    numbers = Draws(5).block(Purpose.STUDY, 2020, 0, 200_000)
    assert 0.0 < numbers.min() < 1e-4
    assert 1.0 > numbers.max() > 1 - 1e-4
    assert numbers.mean() == pytest.approx(0.5, abs=0.003)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="seed must be 0 or more, found -1"):
        Draws(-1)


def test_no_slots_no_numbers() -> None:
    assert Draws(1).uniform(Purpose.STUDY, 2020, np.zeros(0, int)).shape == (0,)
    assert Draws(1).uniform(Purpose.STUDY, 2020, np.zeros(0, int), 3).shape == (0, 3)
