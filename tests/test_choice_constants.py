"""What the constants of the choices are found with."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstroom.agents.choice_constants import _everywhere, _technique, pull_spread
from doorstroom.agents.constants import Fitted, Observed
from doorstroom.mechanisms.interest import Interest
from doorstroom.mechanisms.profile_choice import ProfileChoice
from doorstroom.terms import TECHNICAL_PROFILES, VMBO_PROFILES, Track

share, effect = st.floats(0, 1), st.floats(-3, 3)


@given(st.floats(0, 3), effect, share, effect, share)
def test_the_spread_of_pull_is_that_over_all_kinds_of_pupils(
    taste_sd: float, of_parents: float, with_parents: float, of_background: float, migrants: float
) -> None:
    interest = dict.fromkeys(Interest._fields, 9.0)
    interest |= {"taste_sd": taste_sd, "parent_effect": of_parents, "parent_share": with_parents}
    choice = dict.fromkeys(ProfileChoice._fields, 9.0) | {"background_effect": of_background}
    everywhere = np.full(len(Track), 0.5)
    everywhere[Track.KB] = migrants
    found = pull_spread(Interest(**interest), ProfileChoice(**choice), everywhere)  # type: ignore[arg-type]
    kinds = list(product((0, 1), (0, 1)))
    pull = np.array([of_parents * parent + of_background * migrant for parent, migrant in kinds])
    weight = [abs(1 - parent - with_parents) * abs(1 - migrant - migrants) for parent, migrant in kinds]
    between = np.average((pull - np.average(pull, weights=weight)) ** 2, weights=weight)
    assert found == pytest.approx(np.hypot(taste_sd, np.sqrt(between)), abs=1e-7)


def test_the_share_in_technique_counts_every_leerweg_by_its_pupils() -> None:
    """Cells: boys and girls of the first location, its boys of another leerweg, girls of the third, of whom none."""
    wanted = np.array([0.2, 0.4, 0.6, 0.5])
    technical = len(TECHNICAL_PROFILES)
    share = np.repeat((1 - wanted)[:, None] / (len(VMBO_PROFILES) - technical), len(VMBO_PROFILES), axis=1)
    share[:, :technical] = wanted[:, None] / technical
    counted = np.zeros(share.shape)
    counted[:, 1], counted[:, -1] = [4, 5, 30, 0], [6, 0, 0, 0]
    observed = Observed(counted, np.array([0, 0, 0, 2]), np.array([0, 1, 2, 3]), np.ones(share.shape, bool))
    found = _technique(observed, share, 3)
    assert found == pytest.approx(np.array([[(10 * 0.2 + 30 * 0.6) / 40, 0.4], [0, 0], [0, 0.5]]))


def test_where_nobody_could_choose_the_constants_are_those_without_an_offer() -> None:
    own, general = np.arange(6.0).reshape(3, 2), 10.0 + np.arange(8).reshape(4, 2)
    found = _everywhere(Fitted(own, own, general), np.array([1, 4, 5]), 8)
    assert found.tolist() == np.stack([general[0], own[0], *general[2:4], own[1], own[2], *general[2:4]]).tolist()
