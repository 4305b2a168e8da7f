"""What schools learn of the choices of their pupils, and where these go: two schools, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from doorstroom.mechanisms.profile_choice import (
    Alternatives,
    Expected,
    Persons,
    ProfileChoice,
    World,
    chances,
    choose,
)
from doorstroom.terms import Profile, Track

PUPILS = 4000
PARAMETERS = ProfileChoice(
    quality_weight=0.0,
    background_effect=0.0,
    distance_cost=0.1,
    leaving_cost=0.5,
    unoffered=0.0,
    dp_loading=0.0,
    ng_loading=0.0,
)


def pupils(home: np.ndarray, sex: np.ndarray) -> Persons:
    """Boys and girls of kb at the first school, without any taste."""
    n = len(home)
    return Persons(
        sex=sex.astype(np.int8),
        background=np.zeros(n, np.int8),
        track=np.full(n, Track.KB, np.int8),
        profile=np.zeros(n, np.int8),
        region=np.zeros(n, np.int8),
        school=np.zeros(n, np.int16),
        home=home.astype(np.int16),
        taste=np.zeros(n, np.float32),
        added=np.zeros(n, np.float32),
    )


def test_pupils_follow_a_profile_to_where_it_is_and_both_schools_know_whom_to_expect() -> None:
    """PIE is taught at the second school alone, in another region; who lives at the first has 10 km further to go."""
    home, sex = np.repeat([0, 1], PUPILS // 2), np.tile([0, 1], PUPILS // 2)
    persons = pupils(home, sex)
    constant = np.zeros((2 * 1 * 2, 3))
    constant[:, 2] = 1.0  # EO, which isn't counted
    world = World(
        open=np.array([[True, False, True], [True, True, True]]),
        km=np.array([[[0.0, 10.0], [10.0, 0.0], [0.0, 10.0]]], np.float32),
        nearest=np.array([[[0, 1], [1, 1], [0, 1]]], np.int16),
        better=np.zeros(2),
        mean_background=np.zeros(len(Track)),
        places=np.array([[0.0, 0.0], [10.0, 0.0]]),
        homes=np.array([[0.0, 0.0], [10.0, 0.0]]),
        region=np.array([0, 1]),
    )
    of = Alternatives(
        np.array([Profile.BWI, Profile.PIE, Profile.EO], np.int8), constant, np.zeros(3), np.zeros(len(Track), np.int8)
    )
    expected = Expected(np.zeros((2, 2)), np.zeros((2, 2)), np.zeros((2, 2)))
    luck = np.log(np.random.default_rng(1).random((PUPILS, 3)))
    choose(np.arange(PUPILS), luck, persons, world, of, PARAMETERS, expected)

    extra = np.array([[np.nan, 10.0, np.nan], [np.nan, 0.0, np.nan]])  # beyond the own school, from either home
    chance = chances(np.zeros(2), constant[:2], np.zeros(3), extra, PARAMETERS)
    odds = np.exp([[0.0, -0.1 * 10 - 0.5, 1.0], [0.0, -0.5, 1.0]])
    np.testing.assert_allclose(chance, odds / odds.sum(axis=1, keepdims=True))
    wanted = chance.sum(axis=0) * PUPILS / 2
    np.testing.assert_allclose(expected.pupils, [[wanted[0], 0.0], [0.0, wanted[1]]])
    np.testing.assert_allclose(expected.technical, [[wanted[:2].sum() / 2] * 2, [0.0, 0.0]])
    np.testing.assert_array_equal(expected.choosers, [[PUPILS / 2] * 2, [0, 0]])
    for profile, count in zip(of.profile, wanted, strict=True):
        assert np.count_nonzero(persons.profile == profile) == pytest.approx(count, abs=4 * np.sqrt(count))
    moved = persons.profile == Profile.PIE
    np.testing.assert_array_equal(persons.school, moved)
    np.testing.assert_array_equal(persons.region, moved)
    assert np.count_nonzero(moved & (home == 1)) > 2 * np.count_nonzero(moved & (home == 0))
