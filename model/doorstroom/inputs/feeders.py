"""Routes from the classes of the lower years to the tracks and locations of the upper years.

Who goes where is not in open data at this level. The routes here are the ones that make the official year-2
count of 1 October 2019 flow into the official year-3 count of the same day, with as little travel between
locations as the counts allow: iterative proportional fitting of

    flow(lower location and class kind -> upper location and track)
        = a(row) x b(column) x seed,    seed = exp(-km / 5) x (50 at the same location, 10 within the institution)

where a class kind leads only to the tracks it prepares for and, save where nothing fits, to locations within
35 km.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from doorstroom.geography import plane
from doorstroom.inputs.codes import CLASS_KINDS
from doorstroom.terms import Track

DECAY_KM: Final = 5.0
REACH_KM: Final = 35.0
SAME_LOCATION: Final = 50.0
SAME_INSTITUTION: Final = 10.0
NEAREST: Final = 3  # locations that a row may flow to when none fits within reach
ITERATIONS: Final = 200
SMALLEST_SHARE: Final = 0.005
MILLION: Final = 1_000_000

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


class Margins(NamedTuple):
    """Origins (location, class_kind, pupils) and destinations (location, track, pupils)."""

    origins: pd.DataFrame
    destinations: pd.DataFrame


class Fit(NamedTuple):
    """The routes, and what the fit leaves: largest deviations of a destination, in pupils, and of a track's total."""

    feeders: pd.DataFrame
    largest_deviation: float
    deviating_share: float
    track_deviation: dict[str, float]


def margins(pupils: pd.DataFrame, vwo_share: pd.Series) -> Margins:
    """Origins and destinations of the routes.

    Parameters
    ----------
    pupils : the table of pupils
    vwo_share : share of the year-3 havo/vwo pupils who are on their way to vwo, by location
    """
    n = (pupils["men"] + pupils["women"]).rename("pupils")
    lower = pupils.assign(n=n)[pupils["track"] == Track.LOWER]
    by_year = lower.pivot_table(
        index=["location", "class_kind"], columns="year", values="n", aggfunc="sum", fill_value=0
    )
    origins = by_year.reindex(columns=[1, 2], fill_value=0)
    total = origins[2].where(origins[2] > 0, origins[1]).rename("pupils")
    third = pupils.assign(n=n)[pupils["year"] == 3]
    tracks = [Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO_VWO_3]
    third = third[third["track"].isin(tracks)].groupby(["location", "track"], as_index=False)["n"].sum()
    high = third["track"] == Track.HAVO_VWO_3
    share = third["location"].map(vwo_share)
    havo = third[high].assign(track=int(Track.HAVO), n=third["n"] * (1 - share))
    vwo = third[high].assign(track=int(Track.VWO), n=third["n"] * share)
    columns = pd.concat([third[~high], havo, vwo]).rename(columns={"n": "pupils"})
    columns = columns[columns["pupils"] > 0].sort_values(["location", "track"])
    return Margins(total.reset_index().sort_values(["location", "class_kind"]), columns.reset_index(drop=True))


def fit_feeders(given: Margins, locations: pd.DataFrame) -> Fit:
    """Routes that reproduce the margins, small ones dropped.

    Parameters
    ----------
    given : origins and destinations; the destinations are scaled to the origins' total
    locations : location, lat, lon (degrees)
    """
    origin = given.origins["pupils"].to_numpy(np.float64)
    wanted = given.destinations["pupils"].to_numpy(np.float64)
    wanted = wanted * origin.sum() / wanted.sum()
    row, column, seed = _pairs(given, locations)
    flow = _fit(row, column, seed, origin, wanted)
    keep = _large_enough(row, column, flow, origin)
    row, column, seed = row[keep], column[keep], flow[keep]
    flow = _fit(row, column, seed, origin, wanted)
    arrives = np.bincount(column, flow, len(wanted))
    deviation = np.abs(arrives - wanted)
    track = given.destinations["track"].to_numpy()
    by_track = {Track(t).name: float(arrives[track == t].sum() - wanted[track == t].sum()) for t in np.unique(track)}
    feeders = _table(given, row, column, flow)
    return Fit(feeders, float(deviation.max()), float(deviation.sum() / 2 / wanted.sum()), by_track)


def _pairs(given: Margins, locations: pd.DataFrame) -> tuple[Rows, Rows, Array]:
    """Rows, columns and seeds of every route that is allowed."""
    number = pd.Series(np.arange(len(locations)), index=locations["location"])
    at = plane(locations["lat"].to_numpy(), locations["lon"].to_numpy())
    start = number[given.origins["location"]].to_numpy(np.int64)
    end = number[given.destinations["location"]].to_numpy(np.int64)
    brin = locations["location"].str[:4].to_numpy()
    tracks = {kind.number: {int(t) for t in kind.tracks} for kind in CLASS_KINDS}
    kind_of, track_of = given.origins["class_kind"].to_numpy(), given.destinations["track"].to_numpy()
    rows, columns, seeds = [], [], []
    for kind in np.unique(kind_of):
        fits = np.flatnonzero(np.isin(track_of, list(tracks[int(kind)])))
        tree = cKDTree(at[end[fits]])
        for r in np.flatnonzero(kind_of == kind):
            near = np.sort(np.asarray(tree.query_ball_point(at[start[r]], REACH_KM), np.int64))
            if not len(near):
                near = np.sort(np.atleast_1d(tree.query(at[start[r]], NEAREST)[1]))
            c = fits[near]
            km = np.hypot(*(at[end[c]] - at[start[r]]).T)
            seed = np.exp(-km / DECAY_KM)
            seed *= np.where(end[c] == start[r], SAME_LOCATION, 1.0)
            seed *= np.where((end[c] != start[r]) & (brin[end[c]] == brin[start[r]]), SAME_INSTITUTION, 1.0)
            rows.append(np.full(len(c), r))
            columns.append(c)
            seeds.append(seed)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(seeds)


def _fit(row: Rows, column: Rows, seed: Array, origin: Array, wanted: Array) -> Array:
    """Flows by iterative proportional fitting, shape (routes,); rows hold exactly, columns as well as they can."""
    b = np.ones(len(wanted))
    a = np.ones(len(origin))
    for _ in range(ITERATIONS):
        a = origin / np.bincount(row, seed * b[column], len(origin))
        arrives = np.bincount(column, seed * a[row], len(wanted))
        b = np.where(arrives > 0, wanted / np.maximum(arrives, 1e-300), 0.0)
    a = origin / np.bincount(row, seed * b[column], len(origin))
    return np.asarray(seed * a[row] * b[column])


def _large_enough(row: Rows, column: Rows, flow: Array, origin: Array) -> NDArray[np.bool_]:
    """Routes of at least half a per cent of their row, and the largest route into each destination."""
    keep = flow >= SMALLEST_SHARE * origin[row]
    order = np.lexsort((row, -flow, column))
    first = np.unique(column[order], return_index=True)[1]
    keep[order[first]] = True
    return keep


def _table(given: Margins, row: Rows, column: Rows, flow: Array) -> pd.DataFrame:
    """The routes with shares in whole millionths that add up to one per origin."""
    table = pd.DataFrame({"row": row, "column": column, "flow": flow})
    table = table[table["flow"] > 0]
    share = table["flow"] / table.groupby("row")["flow"].transform("sum")
    table["millionths"] = (share * MILLION).round().astype("int64")
    largest = table.groupby("row")["millionths"].idxmax()
    table.loc[largest, "millionths"] += MILLION - table.groupby("row")["millionths"].sum().to_numpy()
    table = table[table["millionths"] > 0]
    return pd.DataFrame(
        {
            "lower_location": given.origins["location"].to_numpy()[table["row"]],
            "class_kind": given.origins["class_kind"].to_numpy()[table["row"]],
            "upper_location": given.destinations["location"].to_numpy()[table["column"]],
            "track": given.destinations["track"].to_numpy()[table["column"]],
            "share": table["millionths"].to_numpy() / MILLION,
        }
    )
