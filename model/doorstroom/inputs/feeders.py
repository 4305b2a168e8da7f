"""Routes from the classes of the lower years to the tracks and locations of the upper years.

Who goes where is not in open data at this level. The routes here are the ones that make the official count of
1 October 2019 of year 2, and apart from it that of year 1, flow into the official year-3 count of the same day,
with as little travel between locations as the counts allow. The two years need routes of their own: classes are
mixed in year 1 and sorted in year 2. So do boys and girls: a location that teaches little but technique is on
the way of the former. Iterative proportional fitting of

    flow(year, sex, lower location and class kind -> upper location and track)
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

from doorstroom.errors import InputError
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
TRACE: Final = 1e-6
SEXES: Final = ("men", "women")

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


class Margins(NamedTuple):
    """Origins (year, location, class_kind, men, women) and destinations (location, track, men, women)."""

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
    lower = pupils[pupils["track"] == Track.LOWER]
    origins = lower.groupby(["year", "location", "class_kind"], as_index=False)[list(SEXES)].sum()
    tracks = [Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO_VWO_3]
    third = pupils[(pupils["year"] == 3) & pupils["track"].isin(tracks)]
    third = third.groupby(["location", "track"], as_index=False)[list(SEXES)].sum()
    high = third["track"] == Track.HAVO_VWO_3
    share = third.loc[high, "location"].map(vwo_share)
    parts = [third[~high]]
    for track, part in ((Track.HAVO, 1 - share), (Track.VWO, share)):
        parts.append(third[high].assign(track=int(track), **{sex: third.loc[high, sex] * part for sex in SEXES}))
    destinations = pd.concat(parts).sort_values(["location", "track"], ignore_index=True)
    return Margins(origins, destinations[destinations["men"] + destinations["women"] > 0].reset_index(drop=True))


def fit_feeders(given: Margins, locations: pd.DataFrame) -> Fit:
    """Routes of both lower years that reproduce the margins of each sex, small ones dropped.

    Parameters
    ----------
    given : origins and destinations; the destinations are scaled to each year's total
    locations : location, lat, lon (degrees)
    """
    years = [
        _fit_year(Margins(origins.reset_index(drop=True), given.destinations), locations)
        for _, origins in given.origins.groupby("year")
    ]
    return Fit(
        pd.concat([fit.feeders for fit in years], ignore_index=True),
        max(fit.largest_deviation for fit in years),
        max(fit.deviating_share for fit in years),
        {name: max((fit.track_deviation[name] for fit in years), key=abs) for name in years[0].track_deviation},
    )


def _fit_year(given: Margins, locations: pd.DataFrame) -> Fit:
    row, column, seed = _pairs(given, locations)
    keep, flows = np.zeros(len(row), bool), []
    for sex in SEXES:
        origin, wanted = _of(given, sex)
        flow = _fit(row, column, seed, origin, wanted)
        keep |= _large_enough(row, column, flow, origin)
        flows.append(flow)
    row, column = row[keep], column[keep]
    deviation, table = np.zeros(len(given.destinations)), {}
    for sex, flow in zip(SEXES, flows, strict=True):
        origin, wanted = _of(given, sex)
        table[sex] = _fit(row, column, flow[keep] + TRACE, origin, wanted)
        deviation += np.bincount(column, table[sex], len(wanted)) - wanted
    track = given.destinations["track"].to_numpy()
    by_track = {Track(t).name: float(deviation[track == t].sum()) for t in np.unique(track)}
    total = given.origins[list(SEXES)].to_numpy().sum()
    feeders = _table(given, row, column, table)
    return Fit(feeders, float(np.abs(deviation).max()), float(np.abs(deviation).sum() / 2 / total), by_track)


def _of(given: Margins, sex: str) -> tuple[Array, Array]:
    """Pupils of one sex per origin and per destination, the latter scaled to the former's total.

    An origin without that sex counts as a trace of a pupil, so that it has routes too.
    """
    origin = np.maximum(given.origins[sex].to_numpy(np.float64), TRACE)
    wanted = given.destinations[sex].to_numpy(np.float64)
    return origin, wanted * origin.sum() / wanted.sum()


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
        if not len(fits):
            raise InputError(_leads_nowhere(int(kind), given.origins["location"].to_numpy()[kind_of == kind][0]))
        tree = cKDTree(at[end[fits]])
        for r in np.flatnonzero(kind_of == kind):
            near = np.sort(np.asarray(tree.query_ball_point(at[start[r]], REACH_KM), np.int64))
            if not len(near):
                near = np.sort(np.atleast_1d(tree.query(at[start[r]], min(NEAREST, len(fits)))[1]))
            c = fits[near]
            km = np.hypot(*(at[end[c]] - at[start[r]]).T)
            seed = np.exp(-km / DECAY_KM)
            seed *= np.where(end[c] == start[r], SAME_LOCATION, 1.0)
            seed *= np.where((end[c] != start[r]) & (brin[end[c]] == brin[start[r]]), SAME_INSTITUTION, 1.0)
            rows.append(np.full(len(c), r))
            columns.append(c)
            seeds.append(seed)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(seeds)


def _leads_nowhere(number: int, location: str) -> str:
    kind = next(kind for kind in CLASS_KINDS if kind.number == number)
    tracks = ", ".join(track.name.lower() for track in kind.tracks)
    return (
        f"lower-year class {kind.name!r} at {location}: found no pupils in year 3 of {tracks} anywhere; "
        "allowed: at least one location that it leads to; is the pupil count whole?"
    )


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


def _table(given: Margins, row: Rows, column: Rows, flows: dict[str, Array]) -> pd.DataFrame:
    """The routes with shares in whole millionths that add up to one per origin and sex."""
    table = pd.DataFrame({"row": row, "column": column})
    for sex, flow in flows.items():
        share = flow / np.bincount(row, flow, len(given.origins))[row]
        millionths = pd.Series(np.rint(share * MILLION).astype(np.int64))
        largest = millionths.groupby(row).idxmax()
        millionths[largest] += MILLION - millionths.groupby(row).sum().to_numpy()
        table[sex] = millionths
    table = table[table[list(SEXES)].sum(axis=1) > 0]
    origins, destinations = given.origins, given.destinations
    return pd.DataFrame(
        {
            "year": origins["year"].to_numpy()[table["row"]],
            "lower_location": origins["location"].to_numpy()[table["row"]],
            "class_kind": origins["class_kind"].to_numpy()[table["row"]],
            "upper_location": destinations["location"].to_numpy()[table["column"]],
            "track": destinations["track"].to_numpy()[table["column"]],
            **{sex: table[sex].to_numpy() / MILLION for sex in SEXES},
        }
    )
