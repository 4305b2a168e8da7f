"""Common random numbers: a draw belongs to (seed, purpose, year, slot) and to nothing else."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstroom import philox
from doorstroom.draws import Draws, Purpose

slots = st.lists(st.integers(0, 5_000), min_size=1, max_size=50)


@settings(deadline=None)  # the first example may have to compile
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


@settings(deadline=None)  # the first example may have to compile
@given(slots, st.integers(1, 12))
def test_portions_give_each_slot_its_own_numbers(rows: list[int], each: int) -> None:
    """Slots side by side, out of order, twice, and far apart."""
    draws = Draws(4)
    asked = np.array([*rows, rows[0] + 1, 3_000_000_000 + rows[0]])
    found = np.full((len(asked), each), np.nan)
    for part, numbers in draws.portions(Purpose.PROFILE, 2024, asked, each):
        found[part] = numbers
    for slot, numbers in zip(asked.tolist(), found, strict=True):
        assert np.array_equal(numbers, draws.block(Purpose.PROFILE, 2024, slot * each, (slot + 1) * each))


@pytest.mark.parametrize("each", [1, 3])
def test_a_slot_has_its_own_numbers_whichever_came_before(each: int) -> None:
    asked = np.column_stack([np.full(700, 5), np.arange(700)]).ravel()
    whole = Draws(4).block(Purpose.STUDY, 2024, 0, 700 * each).reshape(700, each)
    found = Draws(4).uniform(Purpose.STUDY, 2024, asked, each).reshape(-1, each)
    assert np.array_equal(found, whole[asked])


def test_many_slots_come_in_portions() -> None:
    asked = np.arange(0, 300_000, 3)
    parts = [(part, numbers.copy()) for part, numbers in Draws(4).portions(Purpose.STUDY, 2024, asked, 2)]
    assert len(parts) > 1
    assert np.array_equal(np.concatenate([asked[part] for part, _ in parts]), asked)
    whole = Draws(4).block(Purpose.STUDY, 2024, 0, 600_000).reshape(-1, 2)
    assert np.array_equal(np.concatenate([numbers for _, numbers in parts]), whole[asked])


def test_a_copy_draws_the_same() -> None:
    draws, asked = Draws(2), np.arange(5)
    for other in (copy.deepcopy(draws), pickle.loads(pickle.dumps(draws))):
        assert np.array_equal(other.uniform(Purpose.STUDY, 2030, asked), draws.uniform(Purpose.STUDY, 2030, asked))


@pytest.mark.parametrize("seed", [0, 11, 2**53 + 1, 2**64 - 1])
@pytest.mark.parametrize("start", [0, 1, 6, 4 * 10**9 + 3])
def test_numbers_are_numpys_own_philox(seed: int, start: int) -> None:
    """To the last bit, wherever they stand, and half a step off 0."""
    key = np.array([seed, (int(Purpose.PROFILE) << 32) | 2021], np.uint64)
    numpys = np.random.Generator(np.random.Philox(key=key, counter=[start // 4, 0, 0, 0])).random(1004)
    ours = Draws(seed).block(Purpose.PROFILE, 2021, start, start + 1000)
    assert np.array_equal(ours, numpys[start % 4 :][:1000] + philox.HALF_STEP)
    assert np.array_equal(ours, Draws(seed).uniform(Purpose.PROFILE, 2021, np.arange(start, start + 1000)))


def test_seed_purpose_and_year_each_matter() -> None:
    base = Draws(1).block(Purpose.STUDY, 2020, 0, 10_000)
    others = [
        Draws(2).block(Purpose.STUDY, 2020, 0, 10_000),
        Draws(1).block(Purpose.COLLEGE, 2020, 0, 10_000),
        Draws(1).block(Purpose.STUDY, 2021, 0, 10_000),
    ]
    for other in others:
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.05


def test_no_two_purposes_share_their_luck() -> None:
    assert len(Purpose) == len(Purpose.__members__)  # a name whose number another has is only its alias


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
