"""6. Track.

Which leerweg or school type a pupil comes to, and at which upper-years location, follows from the location
and kind of class of the lower years: the routes that make the official year-2 counts flow into the official
year-3 counts of 2019. Schemes don't move it. One drift is allowed for: pupils have been moving upward for
years, so each year a further share of those bound for bb, kb or gl goes one track higher (bb, kb, gl, tl, havo, vwo),
less and less as the years go by; and advice moves from year to year, up or down, at each step between two tracks:

    share_t = [from bb, kb or gl] x upward_drift x drift_years x (1 - exp(-(t - 2019) / drift_years)) + walk_t

Where it is positive, so many of the lower track go up; where negative, so many of the upper one go down; always where
the upper location teaches it. Walks: 18.

Source: routes from the count of 1 October 2019 (docs/inputs.md); drift from the exam candidates of 2011-2019, of
whom ever fewer are of bb, and from the official pupil forecast, in which bb+kb+gl falls faster than secondary
education as a whole. How long it lasts is an assumption.
Wrong if: advice and placement respond to the offer of technique.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import Rows, compiled
from doorstroom.terms import Track as Leerweg

Array = NDArray[np.float64]

HIGHER = np.arange(len(Leerweg), dtype=np.int8)
"""The track one step up, per track."""
LADDER = (Leerweg.BB, Leerweg.KB, Leerweg.GL, Leerweg.TL, Leerweg.HAVO, Leerweg.VWO)
HIGHER[list(LADDER[:-1])] = LADDER[1:]
LOWER = np.arange(len(Leerweg), dtype=np.int8)
"""The track one step down, per track."""
LOWER[list(LADDER[1:])] = LADDER[:-1]
DRIFTING = 3
"""So many steps of the ladder have the drift: those from bb, kb and gl."""


class Track(NamedTuple):
    """Parameters of placement."""

    upward_drift: float
    drift_years: float


@compiled
def route(origin: int, u: float, first: NDArray[np.int64], cumulative: Array) -> int:
    """The route that one pupil takes, as a row of the route table.

    Parameters
    ----------
    origin : number of the pupil's year, lower location, class kind and sex
    u : uniform number
    first : first route of each origin, shape (origins + 1,)
    cumulative : running sum of the shares within an origin plus the origin's number, shape (routes,)
    """
    low, high = first[origin], first[origin + 1] - 1
    while low < high:
        middle = (low + high) // 2
        if origin + u < cumulative[middle]:
            high = middle
        else:
            low = middle + 1
    return low


class Routes(NamedTuple):
    """The route table: `first` and `cumulative` as in `route`, upper location and track of each route."""

    first: NDArray[np.int64]
    cumulative: Array
    upper: NDArray[np.int16]
    track: NDArray[np.int8]


@compiled
def follow(
    origin: NDArray[np.int32], u: Array, routes: Routes, upper: NDArray[np.int16], toward: NDArray[np.int8]
) -> None:
    """Set the upper location and the track that pupils are bound for, in place, shape (n,).

    `origin` is negative for a pupil who isn't in the lower years and keeps both.
    """
    for i in range(len(origin)):
        if origin[i] >= 0:
            taken = route(origin[i], u[i], routes.first, routes.cumulative)
            upper[i], toward[i] = routes.upper[taken], routes.track[taken]


@compiled
def going_up(years: float, p: Track) -> float:
    """Share that goes one track up after so many years of drift."""
    return p.upward_drift * p.drift_years * (1.0 - np.exp(-years / p.drift_years))


class Going(NamedTuple):
    """Shares of each track that go one track up and one down, shape (tracks,)."""

    up: Array
    down: Array


def going_on(years: float, walk: Array, p: Track) -> Going:
    """Who goes another way after so many years of drift; `walk` per step of the ladder, shape (5,)."""
    share = walk.copy()
    share[:DRIFTING] += going_up(years, p)
    share = np.clip(share, -1.0, 1.0)
    up, down = np.zeros(len(Leerweg)), np.zeros(len(Leerweg))
    up[list(LADDER[:-1])], down[list(LADDER[1:])] = np.maximum(share, 0.0), np.maximum(-share, 0.0)
    return Going(up, down)


@compiled
def moved(track: int, u: float, up: float, down: float, taught_up: bool, taught_down: bool) -> int:
    """Track of one pupil of whose kind the shares `up` and `down` go one track up or down, where that is taught."""
    if u < up:
        return HIGHER[track] if taught_up else track
    return LOWER[track] if taught_down and u >= 1.0 - down else track


@compiled
def rise(
    who: Rows,
    luck: Array,
    track: NDArray[np.int8],
    toward: NDArray[np.int8],
    profile: NDArray[np.int8],
    school: NDArray[np.int16],
    upper: NDArray[np.int16],
    teaches: NDArray[np.bool_],
    going: Going,
) -> None:
    """Bring pupils of the lower years to their upper location and track, in place.

    `teaches`, shape (schools, tracks), are the tracks taught. Year 3 of havo and vwo is one
    track, whatever pupils are bound for.
    """
    up, down = going
    for n in range(len(who)):
        i = who[n]
        school[i] = upper[i]
        bound = toward[i]
        taught = teaches[school[i], HIGHER[bound]], teaches[school[i], LOWER[bound]]
        toward[i] = moved(bound, luck[n, 0], up[bound], down[bound], taught[0], taught[1])
        track[i], profile[i] = toward[i], 0
        if toward[i] >= Leerweg.HAVO:
            track[i] = Leerweg.HAVO_VWO_3
