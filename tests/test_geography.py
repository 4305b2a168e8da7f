"""Nearest places, also where several stand at one point."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from doorstroom.education import TechnicalEducation
from doorstroom.geography import nearest
from doorstroom.terms import Track

points = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30)


@given(points, points)
def test_nearest_is_the_first_of_the_closest(places: list[tuple[int, int]], among: list[tuple[int, int]]) -> None:
    km, row = nearest(np.array(places, float), np.array(among, float))
    for at, place in enumerate(places):
        every = [float(np.hypot(place[0] - x, place[1] - y)) for x, y in among]
        assert np.isclose(km[at], min(every))
        assert np.isclose(every[row[at]], min(every))
        assert row[at] == among.index(among[row[at]])


def test_a_location_that_teaches_a_track_is_its_own_nearest() -> None:
    """Also where another location with the same postcode teaches it."""
    model = TechnicalEducation("baseline", rng=1, fraction=0.01)
    for track in (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO):
        teaching = np.flatnonzero(model.schools.teaches_track[:, track])
        assert np.array_equal(model.country.nearest_teaching[track, teaching], teaching), track.name
