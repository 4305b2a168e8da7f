"""Distances over a country as small as the Netherlands: a flat plane in kilometres."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from doorstroom.kernels import compiled

_KM_PER_DEGREE = 111.2
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
def first_offered(
    offered: NDArray[np.bool_],
    by_distance: NDArray[np.int16],
    places: NDArray[np.float64],
    among: NDArray[np.float64],
) -> tuple[NDArray[np.float32], NDArray[np.int16]]:
    """Kilometres from each place to the nearest point that is offered, and its row, both shape (len(places),).

    Parameters
    ----------
    offered : per point of `among`
    by_distance : rows of points, the nearest first, shape (len(places), points)

    Kilometres are inf, and the row 0, where none is.
    """
    km, found = np.full(len(places), np.inf, np.float32), np.zeros(len(places), np.int16)
    for i in range(len(places)):
        for row in by_distance[i]:
            if offered[row]:
                dx, dy = places[i, 0] - among[row, 0], places[i, 1] - among[row, 1]
                km[i], found[i] = np.sqrt(dx * dx + dy * dy), row
                break
    return km, found
