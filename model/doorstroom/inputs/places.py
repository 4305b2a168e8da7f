"""Where towns and school locations lie."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from doorstroom.errors import InputError
from doorstroom.geography import plane

_SAME_TOWN: Final = {
    "den haag": "s gravenhage",
    "den bosch": "s hertogenbosch",
    "damwoude": "damwald",
    "st annaparochie": "sint annaparochie",
    "de friese meren": "de fryske marren",
}
_PROVINCES: Final = {
    "gld": "Gelderland",
    "ov": "Overijssel",
    "nh": "Noord-Holland",
    "zh": "Zuid-Holland",
    "nb": "Noord-Brabant",
    "l": "Limburg",
    "lb": "Limburg",
    "z": "Zeeland",
    "ut": "Utrecht",
    "gn": "Groningen",
    "fr": "Friesland",
    "dr": "Drenthe",
}


def plain_name(name: str) -> str:
    """A town's or municipality's name without case, accents, punctuation and known double spellings."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    text = re.sub(r"\(.*?\)", " ", text)
    text = " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())
    return _SAME_TOWN.get(text, text)


def town_and_province(name: str) -> tuple[str, str | None]:
    """Plain name of a town and the province that a suffix such as 'GLD' or 'OV' tells, if any."""
    text = plain_name(name)
    head, _, last = text.rpartition(" ")
    return (_SAME_TOWN.get(head, head), _PROVINCES[last]) if head and last in _PROVINCES else (text, None)


class Towns:
    """Towns of the postcode table; a town lies at the mean of its postcodes.

    Parameters
    ----------
    postcodes : pc4, town, municipality_name, province, lat, lon (degrees, WGS84)
    """

    def __init__(self, postcodes: pd.DataFrame) -> None:
        table = postcodes.assign(key=postcodes["town"].map(plain_name))
        self._by_province = table.groupby(["key", "province"])[["lat", "lon"]].mean()
        self._largest = table.groupby(["key", "province"]).size().groupby("key").idxmax()

    def __contains__(self, town: str) -> bool:
        return town_and_province(town)[0] in self._largest.index

    def place(self, town: str, province: str | None = None) -> tuple[float, float]:
        """Latitude and longitude of a town; InputError when the postcode table doesn't have it."""
        name, told = town_and_province(town)
        if name not in self._largest.index:
            raise InputError(f"town {town!r} isn't in the postcode table; add its spelling to places.py")
        key = (name, told or province or "")
        row = self._by_province.loc[key if key in self._by_province.index else self._largest[name]]
        return float(row["lat"]), float(row["lon"])


def place_locations(seen: pd.DataFrame, addresses: pd.DataFrame, postcodes: pd.DataFrame, towns: Towns) -> pd.DataFrame:
    """Every location of the pupil count with its place, sorted by location code.

    Parameters
    ----------
    seen : location, brin, town, province of the pupil count, one row per location
    addresses : location, brin, postcode, town, municipality (number), nodal
    postcodes : as for `Towns`

    Returns
    -------
    location, brin, municipality, nodal, lat, lon, placed ('address', 'town' or 'sibling'). A location that the
    address file lacks lies in its town, with the municipality and nodal area of the nearest location; when the
    town is unknown it lies at the first location of the same institution.
    """
    at = postcodes.set_index("pc4")[["lat", "lon"]]
    known = addresses.assign(pc4=addresses["postcode"].str[:4])
    known = known[known["pc4"].isin(at.index)].join(at, on="pc4")
    fields = ["municipality", "nodal", "lat", "lon"]
    found = seen.merge(known[["location", *fields]], on="location", how="left").assign(placed="address")
    nearest = cKDTree(plane(known["lat"].to_numpy(), known["lon"].to_numpy()))
    for row in np.flatnonzero(found["lat"].isna()):
        town = found.at[row, "town"]
        if town in towns:
            lat, lon = towns.place(town, found.at[row, "province"])
            other = known.iloc[int(nearest.query(plane(np.array([lat]), np.array([lon]))[0])[1])]
            value = [other["municipality"], other["nodal"], lat, lon]
            found.loc[row, "placed"] = "town"
        else:
            siblings = known[known["brin"] == found.at[row, "brin"]].sort_values("location")
            if siblings.empty:
                raise InputError(
                    f"location {found.at[row, 'location']}: not in the address file, nor its town {town!r}"
                )
            value = siblings.iloc[0][fields].tolist()
            found.loc[row, "placed"] = "sibling"
        found.loc[row, fields] = value
    return found[["location", "brin", *fields, "placed"]].sort_values("location").reset_index(drop=True)
