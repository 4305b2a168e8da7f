"""Nearest places, also where several stand at one point."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstroom.education import TechnicalEducation
from doorstroom.geography import follow_offer, nearest
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


@settings(deadline=None)  # the first example may have to compile
@given(points, points, st.data())
def test_the_nearest_with_an_offer_is_followed_from_year_to_year(
    homes: list[tuple[int, int]], among: list[tuple[int, int]], data: st.DataObject
) -> None:
    """As if it were looked for anew every year, ties included: of points at one distance the first counts."""
    places, points = np.array(homes, float) / 3.0, np.array(among, float) / 3.0
    apart = np.sqrt(((places[:, None] - points[None]) ** 2).sum(axis=2))
    by_distance = np.argsort(apart + 1e-9 * np.arange(len(points)), axis=1).astype(np.int16)
    km, found = np.full(len(places), np.inf, np.float32), np.zeros(len(places), np.int16)
    before = np.zeros(len(points), bool)
    for _ in range(4):
        now = np.array(data.draw(st.lists(st.booleans(), min_size=len(points), max_size=len(points))))
        follow_offer(before, now, by_distance, places, points, km, found)
        for at, order in enumerate(by_distance):
            offering = order[now[order]]
            row = offering[0] if len(offering) else 0
            assert found[at] == row
            assert km[at] == (np.float32(apart[at, row]) if len(offering) else np.inf)
        before = now


def test_a_location_that_teaches_a_track_is_its_own_nearest() -> None:
    """Also where another location with the same postcode teaches it."""
    model = TechnicalEducation("baseline", rng=1, fraction=0.01)
    for track in (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO):
        teaching = np.flatnonzero(model.schools.teaches_track[:, track])
        assert np.array_equal(model.country.nearest_teaching[track, teaching], teaching), track.name
