"""Routes by iterative proportional fitting: what every table that is fitted has to keep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstroom.errors import InputError
from doorstroom.inputs.feeders import MILLION, SEXES, Margins, _fit, fit_feeders
from doorstroom.terms import Track

Table = tuple[np.ndarray, np.ndarray, np.ndarray]


@st.composite
def tables(draw: Any) -> Table:
    """A seed where every route is allowed, and margins with one total."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    seed = np.array(draw(st.lists(st.floats(0.1, 10), min_size=rows * columns, max_size=rows * columns)))
    origin = np.array(draw(st.lists(st.floats(1, 100), min_size=rows, max_size=rows)))
    wanted = np.array(draw(st.lists(st.floats(1, 100), min_size=columns, max_size=columns)))
    return seed.reshape(rows, columns), origin, wanted * origin.sum() / wanted.sum()


def fit(seed: np.ndarray, origin: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    row, column = np.divmod(np.arange(seed.size), seed.shape[1])
    return _fit(row, column, seed.ravel(), origin, wanted).reshape(seed.shape)


@settings(max_examples=80, deadline=None)
@given(tables())
def test_both_margins_hold_where_every_route_is_allowed(table: Table) -> None:
    seed, origin, wanted = table
    flow = fit(seed, origin, wanted)
    assert (flow > 0).all()
    np.testing.assert_allclose(flow.sum(axis=1), origin, rtol=1e-9)
    np.testing.assert_allclose(flow.sum(axis=0), wanted, rtol=1e-6)


@settings(max_examples=80, deadline=None)
@given(tables())
def test_the_seeds_odds_ratios_are_kept(table: Table) -> None:
    """What the margins don't say is left as the distances have it."""
    seed, origin, wanted = table
    flow = fit(seed, origin, wanted)

    def odds(of: np.ndarray) -> np.ndarray:
        return of[:-1, :-1] * of[1:, 1:] / (of[:-1, 1:] * of[1:, :-1])

    np.testing.assert_allclose(odds(flow), odds(seed), rtol=1e-6)


@settings(max_examples=40, deadline=None)
@given(tables(), st.floats(0.1, 10), st.floats(0.1, 10))
def test_the_scale_of_a_seed_means_nothing(table: Table, by_row: float, by_column: float) -> None:
    seed, origin, wanted = table
    scaled = seed.copy()
    scaled[0] *= by_row
    scaled[:, 0] *= by_column
    np.testing.assert_allclose(fit(scaled, origin, wanted), fit(seed, origin, wanted), rtol=1e-5)


PLACES = pd.DataFrame({"location": ["00AA00", "00AA01", "00BB00"], "lat": [52.0, 52.0, 52.1], "lon": [5.0, 5.02, 5.0]})


def given_margins(men: list[int], women: list[int]) -> Margins:
    """One class of bb and kb at 00AA00; bb, kb and tl in year 3."""
    origins = pd.DataFrame({"year": [1], "location": ["00AA00"], "class_kind": [12], "men": [30], "women": [10]})
    destinations = pd.DataFrame(
        {
            "location": ["00AA00", "00AA01", "00BB00"],
            "track": [Track.BB, Track.KB, Track.TL],
            "men": men,
            "women": women,
        }
    )
    return Margins(origins, destinations)


def test_a_class_leads_only_to_the_tracks_it_prepares_for() -> None:
    routes = fit_feeders(given_margins([20, 10, 50], [5, 5, 50]), PLACES).feeders
    assert set(routes["track"]) == {Track.BB, Track.KB}
    for sex in SEXES:
        assert routes[sex].sum() == pytest.approx(1.0, abs=1 / MILLION)
    assert dict(zip(routes["track"], routes["men"], strict=True)) == pytest.approx(
        {Track.BB: 2 / 3, Track.KB: 1 / 3}, abs=1e-5
    )
    assert dict(zip(routes["track"], routes["women"], strict=True)) == pytest.approx(
        {Track.BB: 0.5, Track.KB: 0.5}, abs=1e-5
    )


def test_a_class_that_leads_nowhere_is_told() -> None:
    margins = given_margins([20, 10, 50], [5, 5, 50])
    margins.origins["class_kind"] = 6  # vwo
    with pytest.raises(InputError, match=r"lower-year class 'vwo' at 00AA00: found no pupils in year 3 of vwo"):
        fit_feeders(margins, PLACES)


def test_a_class_far_from_everything_leads_to_the_nearest_there_are() -> None:
    margins = given_margins([20, 10, 50], [5, 5, 50])
    far = PLACES.assign(lat=[50.8, 53.4, 52.1])
    margins.destinations.loc[0, "location"] = "00AA01"  # bb and kb only at the other end of the country
    routes = fit_feeders(margins, far).feeders
    assert set(routes["upper_location"]) == {"00AA01"}
