"""The 78 regions of sterk techniekonderwijs, approximated from open data, or taken from a user's own list.

Which school belongs to which region is not in open data. The 80 nodal areas of DUO (a town and the area whose
pupils go there) come close in number and meaning. Two merges make 78 of them: each time the area with the
fewest pupils in year 3 of bb, kb and gl joins the area whose pupil-weighted centre is nearest.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from doorstroom.errors import InputError
from doorstroom.geography import plane
from doorstroom.inputs.readers import Published
from doorstroom.terms import TECHNICAL_PROFILES, Profile, Track

REGIONS: Final = 78


def year3_vocational(pupils: pd.DataFrame) -> pd.DataFrame:
    """Pupils in year 3 of bb, kb and gl per location: `pupils` and those in a technical profile, `technical`."""
    third = pupils[(pupils["year"] == 3) & pupils["track"].isin((Track.BB, Track.KB, Track.GL))]
    n = third["men"] + third["women"]
    technical = n.where(third["profile"].isin((*TECHNICAL_PROFILES, Profile.VR_TECHNIEK)), 0)
    return pd.DataFrame({"pupils": n, "technical": technical}).groupby(third["location"]).sum()


def nodal_names(locations: pd.DataFrame, weight: pd.Series) -> pd.Series:
    """Name of the region of each location, shape (locations,), by the rule of two merges.

    Parameters
    ----------
    locations : location, nodal, lat, lon
    weight : year-3 vocational pupils per row of `locations`
    """
    name = locations["nodal"].copy()
    while name.nunique() > REGIONS:
        areas = centres(locations, name, weight).sort_values(["weight", "name"], kind="stable")
        smallest, others = areas.iloc[0], areas.iloc[1:]
        away = np.hypot(*(plane(others["lat"], others["lon"]) - plane(smallest[["lat"]], smallest[["lon"]])).T)
        larger = others.iloc[int(np.argmin(away))]
        both = name.isin((smallest["name"], larger["name"]))
        name = name.mask(both, f"{larger['name']}-{smallest['name']}")
    return name


def centres(locations: pd.DataFrame, name: pd.Series, weight: pd.Series) -> pd.DataFrame:
    """Name, weighted centre (degrees) and total weight of each region; an area without weight counts all alike."""
    total = weight.groupby(name).transform("sum")
    w = weight.where(total > 0, 1).astype(float)
    sums = pd.DataFrame({"lat": locations["lat"] * w, "lon": locations["lon"] * w, "w": w}).groupby(name).sum()
    centre = sums[["lat", "lon"]].div(sums["w"], axis=0)
    return centre.assign(weight=weight.groupby(name).sum()).rename_axis("name").reset_index()


def own_names(members: Published, locations: pd.DataFrame) -> pd.Series:
    """Region name per row of `locations`, from a user's own list."""
    members.check_once("location")
    known = dict.fromkeys(locations["location"])
    for row, location, name in zip(members.table.index, members["location"], members["region_name"], strict=True):
        if location not in known:
            raise members.fault(row, "location", location, "the code of a location in the pupil count", tuple(known))
        if not name:
            raise members.fault(row, "region_name", name, "the name of a region")
    name = locations["location"].map(members.table.set_index("location")["region_name"])
    if name.isna().any():
        lacking = locations.loc[name.isna(), "location"]
        raise InputError(
            f"{members.path.name}: {len(lacking)} locations have no region, the first is {lacking.iloc[0]}; "
            "allowed: one row for every location in the pupil count"
        )
    return name


def make_regions(locations: pd.DataFrame, name: pd.Series, third: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """The table of regions, numbered from 1 by name, and the region number of each location.

    Parameters
    ----------
    locations : location, nodal, lat, lon
    name : region name per row of `locations`
    third : `year3_vocational`
    """
    counted = third.reindex(locations["location"], fill_value=0).reset_index(drop=True)
    table = centres(locations, name, counted["pupils"]).sort_values("name").reset_index(drop=True)
    table["region"] = np.arange(1, len(table) + 1)
    number = name.map(table.set_index("name")["region"])
    nodal = locations["nodal"].groupby(name).agg(lambda areas: "+".join(sorted(set(areas))))
    technical = counted["technical"].groupby(name).sum()
    table["nodal_areas"] = table["name"].map(nodal)
    table["pupils_y3_vocational"] = table["weight"]
    table["technique_share"] = table["name"].map(technical) / table["weight"].clip(lower=1)
    return table, number


class NearestRegion:
    """The region of the location nearest to a point."""

    def __init__(self, locations: pd.DataFrame) -> None:
        self._tree = cKDTree(plane(locations["lat"].to_numpy(), locations["lon"].to_numpy()))
        self._region = locations["region"].to_numpy(np.int64)

    def __call__(self, lat: pd.Series, lon: pd.Series) -> np.ndarray:
        """Region numbers of points in degrees, shape (points,)."""
        _, row = self._tree.query(plane(np.asarray(lat, float), np.asarray(lon, float)))
        return self._region[row]
