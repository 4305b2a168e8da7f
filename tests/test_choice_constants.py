"""What the constants of the choices are found with."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorstroom.agents import choice_constants
from doorstroom.agents.behaviour import Behaviour
from doorstroom.agents.choice_constants import (
    FAR,
    _everywhere,
    _fit_listed,
    _technique,
    _vmbo,
    fit_constants,
    pull_spread,
)
from doorstroom.agents.constants import Fitted, Observed
from doorstroom.agents.country import PupilCells
from doorstroom.agents.secondary import HV_PROFILES, TL_SECTORS
from doorstroom.mechanisms.interest import Interest
from doorstroom.mechanisms.profile_choice import ProfileChoice
from doorstroom.parameters import draw_parameters
from doorstroom.terms import TECHNICAL_PROFILES, VMBO_PROFILES, Profile, Track

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


def country(*cells: tuple[int, Track, int, Profile, int, float], locations: int = 2) -> Any:
    """Locations that teach all tracks; the first offers BWI, PIE and EO, the last but EO only; and their pupils.

    A cell is year, track, location, profile, sex and persons.
    """
    year, track, location, profile, sex, n = (np.array(column) for column in zip(*cells, strict=True))
    zeros = np.zeros(len(cells))
    pupils = PupilCells(year, track, location, zeros.astype(np.int8), profile, sex, zeros.astype(np.int32), n * 1.0)
    offered = np.zeros((locations, len(VMBO_PROFILES)), bool)
    offered[:, Profile.EO - 1] = True
    offered[0, [Profile.BWI - 1, Profile.PIE - 1]] = True
    return SimpleNamespace(
        places=np.zeros((locations, 2)), pupils=pupils, open=offered, teaches=np.ones((locations, len(Track)), bool)
    )


def test_vmbo_counts_year_3_by_location_leerweg_and_sex() -> None:
    found = country(
        (3, Track.KB, 0, Profile.BWI, 0, 6.0),
        (3, Track.KB, 0, Profile.PIE, 0, 2.0),
        (3, Track.KB, 0, Profile.VR_TECHNIEK, 0, 4.0),  # technique, in the proportions of the cell's profiles
        (3, Track.KB, 0, Profile.EO, 1, 5.0),
        (3, Track.GL, 1, Profile.EO, 1, 7.0),
        (3, Track.GL, 1, Profile.ZW, 1, 9.0),  # not on offer there
        (4, Track.KB, 0, Profile.BWI, 0, 50.0),
        (3, Track.TL, 0, Profile.TL_TECHNIEK, 0, 50.0),
    )
    cell, observed = _vmbo(found)
    counted = {
        (int(location), int(group), VMBO_PROFILES[profile]): observed.counted[row, profile]
        for row, (location, group) in enumerate(zip(observed.location, observed.group, strict=True))
        for profile in np.flatnonzero(observed.counted[row])
    }
    assert counted == {
        (0, 2, Profile.BWI): 9.0,
        (0, 2, Profile.PIE): 3.0,
        (0, 3, Profile.EO): 5.0,
        (1, 5, Profile.EO): 7.0,
    }
    assert cell.tolist() == list(range(12))
    np.testing.assert_array_equal(observed.offered, found.open[observed.location])
    found.teaches[0, Track.BB] = False
    assert not _vmbo(found)[1].offered[:2].any()
    found.teaches[0, Track.BB : Track.GL + 1] = False
    assert _vmbo(found)[0].tolist() == list(range(6, 12))


def test_a_profile_elsewhere_costs_the_way_to_the_nearest_of_the_leerweg(monkeypatch: pytest.MonkeyPatch) -> None:
    found = country((3, Track.BB, 0, Profile.EO, 0, 5.0))
    found.profile_km = np.arange(3 * len(VMBO_PROFILES) * 2).reshape(3, len(VMBO_PROFILES), 2) * 1.0
    found.profile_km[2, Profile.DP - 1] = np.inf
    behaviour = Behaviour(draw_parameters(0))
    seen: list[Any] = []

    class Enough(Exception):
        pass

    def caught(observed: Observed, loading: Any, spread: float, cost: Any, *rest: float) -> Fitted:
        seen.extend((observed, loading, cost))
        raise Enough

    monkeypatch.setattr(choice_constants, "fit", caught)
    with pytest.raises(Enough):
        fit_constants.__wrapped__(found, behaviour)
    observed, loading, cost = seen
    p = behaviour.choice
    for row, (location, group) in enumerate(zip(observed.location, observed.group, strict=True)):
        for profile in range(len(VMBO_PROFILES)):
            km = min(found.profile_km[group // 2, profile, location], FAR)
            away = p.distance_cost * km + p.leaving_cost
            assert cost[row, profile] == (0.0 if found.open[location, profile] else away)
    assert loading.tolist() == [1.0] * 5 + [0.0, 0.0, p.dp_loading, 0.0, 0.0]


def test_constants_of_a_listed_choice_give_the_shares_of_year_4() -> None:
    """Without tastes the shares are those of the constants alone; a hundred thousand pupils outweigh the smoothing."""
    some = 1e5
    cells = [
        (4, Track.HAVO, 1, Profile.NT_CM, 0, 3 * some),  # counts as NT
        (4, Track.HAVO, 1, Profile.EM, 0, 1 * some),
        (4, Track.VWO, 1, Profile.NG, 0, 4 * some),
        (4, Track.VWO, 1, Profile.EM, 0, 4 * some),
        (4, Track.HAVO, 1, Profile.CM, 1, 2 * some),
        (4, Track.HAVO, 1, Profile.EM, 1, 2 * some),
        (3, Track.HAVO, 1, Profile.CM, 0, 90 * some),
        (4, Track.TL, 1, Profile.TL_ZORG, 0, 90 * some),
    ]
    found = country(*cells)
    none = np.zeros(len(HV_PROFILES))
    constants = _fit_listed(found, (Track.HAVO, Track.VWO), HV_PROFILES, none, 0.0)
    assert constants.shape == (8, len(HV_PROFILES))
    odds = np.exp(constants)
    share = odds / odds.sum(axis=1, keepdims=True)
    expected = {4: {Profile.NT: 0.75, Profile.EM: 0.25}, 6: {Profile.NG: 0.5, Profile.EM: 0.5}, 5: {Profile.CM: 0.5}}
    for cell, profiles in expected.items():
        for profile, wanted in profiles.items():
            assert share[cell, HV_PROFILES.index(profile)] == pytest.approx(wanted, abs=1e-3), (cell, profile)
    # the other location has nobody of its own: it is taken to be as the country
    assert share[0] == pytest.approx(share[4], abs=1e-3)
    assert share[2] == pytest.approx(share[6], abs=1e-3)
    tl = _fit_listed(found, (Track.TL,), TL_SECTORS, np.zeros(len(TL_SECTORS)), 0.0)
    assert np.argmax(tl[4]) == TL_SECTORS.index(Profile.TL_ZORG)
    found.teaches[0, Track.TL] = False
    np.testing.assert_allclose(_fit_listed(found, (Track.TL,), TL_SECTORS, np.zeros(len(TL_SECTORS)), 0.0)[4], tl[4])
