"""Distances over a country as small as the Netherlands: a flat plane in kilometres."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from doorstroom.kernels import compiled

_KM_PER_DEGREE = 111.2
_BEYOND_ROUNDING = 1.0 + 1e-5  # kilometres are kept in single precision; rather look again than miss a tie
_MIDDLE = np.deg2rad(52.2)  # latitude of the middle of the country; errors stay below 2% at its ends


def plane(lat: ArrayLike, lon: ArrayLike) -> NDArray[np.float64]:
    """Coordinates in km on a plane, shape (n, 2), from degrees (WGS84)."""
    lat, lon = np.asarray(lat, np.float64), np.asarray(lon, np.float64)
    return np.column_stack([lon * np.cos(_MIDDLE), lat]) * _KM_PER_DEGREE


def distances(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kilometres between points of two planes, shape (len(a), len(b))."""
    return np.asarray(np.hypot(*(a[:, None, :] - b[None, :, :]).T).T)


def nearest(places: NDArray[np.float64], among: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Kilometres from each place to the nearest point of `among`, and that point's row, both shape (len(places),).

    Many locations share a postcode, hence a point: of points in one place the first counts.
    """
    points, first = np.unique(among, axis=0, return_index=True)
    km, found = cKDTree(points).query(places)
    return np.asarray(km), first[found]


@compiled
def follow_offer(
    before: NDArray[np.bool_],
    now: NDArray[np.bool_],
    by_distance: NDArray[np.int16],
    places: NDArray[np.float64],
    among: NDArray[np.float64],
    km: NDArray[np.float32],
    found: NDArray[np.int16],
) -> None:
    """Keep, in place, the kilometres from each place to the nearest point with an offer, and that point's row.

    A place looks again where its nearest lost the offer, or where a point that is new with it isn't further.

    Parameters
    ----------
    before, now : whether a point of `among` has the offer, shape (points,)
    by_distance : rows of points, the nearest first, shape (len(places), points)
    km, found : shape (len(places),); inf and 0 where no point has the offer
    """
    new = np.flatnonzero(now & ~before)
    for i in range(len(places)):
        same = now[found[i]] and km[i] < np.inf
        reach = (km[i] * _BEYOND_ROUNDING + _BEYOND_ROUNDING - 1.0) ** 2
        for row in new:
            if not same:
                break
            dx, dy = places[i, 0] - among[row, 0], places[i, 1] - among[row, 1]
            same = dx * dx + dy * dy > reach
        if same:
            continue
        km[i], found[i] = np.inf, 0
        for row in by_distance[i]:
            if now[row]:
                dx, dy = places[i, 0] - among[row, 0], places[i, 1] - among[row, 1]
                km[i], found[i] = np.sqrt(dx * dx + dy * dy), row
                break
