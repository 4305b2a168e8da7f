"""6. Track.

Which leerweg or school type a pupil comes to, and at which upper-years location, follows from the location
and kind of class of the lower years: the routes that make the official year-2 counts flow into the official
year-3 counts of 2019. Schemes don't move it. One drift is allowed for: pupils have been moving upward for
years, so each year a further share of those bound for bb, kb or gl goes one track higher, where the upper
location teaches it:

    P(one track up in year t) = upward_drift x (t - 2019)

Source: routes from the count of 1 October 2019 (docs/inputs.md); drift from the official pupil forecast, in
which bb+kb+gl falls faster than secondary education as a whole.
Wrong if: advice and placement respond to the offer of technique.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.terms import Track as Leerweg

Array = NDArray[np.float64]

HIGHER = np.arange(len(Leerweg), dtype=np.int8)
"""The track one step up, per track."""
HIGHER[[Leerweg.BB, Leerweg.KB, Leerweg.GL]] = [Leerweg.KB, Leerweg.GL, Leerweg.HAVO]


class Track(NamedTuple):
    """Parameters of placement."""

    upward_drift: float


def route(origin: NDArray[np.int64], u: Array, first: NDArray[np.int64], cumulative: Array) -> NDArray[np.int64]:
    """The route each pupil takes, as a row of the route table, shape (n,).

    Parameters
    ----------
    origin : number of the pupil's year, lower location, class kind and sex, shape (n,)
    u : uniform numbers, shape (n,)
    first : first route of each origin, shape (origins + 1,)
    cumulative : running sum of the shares within an origin plus the origin's number, shape (routes,)
    """
    found = np.searchsorted(cumulative, origin + u, side="right")
    return np.asarray(np.clip(found, first[origin], first[origin + 1] - 1))


def moved_up(track: NDArray[np.int8], u: Array, years: int, teaches: NDArray[np.bool_], p: Track) -> NDArray[np.int8]:
    """Track after the upward drift, shape (n,).

    Parameters
    ----------
    u : uniform numbers, shape (n,)
    years : years since 2019
    teaches : whether the upper location teaches the higher track, shape (n,)
    """
    rises = (u < p.upward_drift * years) & teaches
    return np.where(rises, HIGHER[track], track)
