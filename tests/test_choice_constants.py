"""What the constants of the choices are found with."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstroom.agents.choice_constants import pull_spread
from doorstroom.mechanisms.interest import Interest
from doorstroom.mechanisms.profile_choice import ProfileChoice
from doorstroom.terms import Track

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
