"""Where towns and school locations lie."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from doorstroom.errors import InputError, explain
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
    file : name of the file that they stand in, for messages
    """

    def __init__(self, postcodes: pd.DataFrame, file: str) -> None:
        table = postcodes.assign(key=postcodes["town"].map(plain_name))
        self._by_province = table.groupby(["key", "province"])[["lat", "lon"]].mean()
        self._largest = table.groupby(["key", "province"]).size().groupby("key").idxmax()
        self._file = file

    def __contains__(self, town: str) -> bool:
        return town_and_province(town)[0] in self._largest.index

    def place(self, town: str, province: str | None = None) -> tuple[float, float]:
        """Latitude and longitude of a town; InputError when the postcode table doesn't have it."""
        name, told = town_and_province(town)
        if name not in self._largest.index:
            raise InputError(explain(self._file, "town", town, "a town in this file", self._largest.index))
        key = (name, told or province or "")
        row = self._by_province.loc[key if key in self._by_province.index else self._largest[name]]
        return float(row["lat"]), float(row["lon"])


def place_locations(
    seen: pd.DataFrame, addresses: pd.DataFrame, postcodes: pd.DataFrame, towns: Towns, file: str
) -> pd.DataFrame:
    """Every location of the pupil count with its place, sorted by location code.

    Parameters
    ----------
    seen : location, brin, town, province of the pupil count, one row per location
    addresses : location, brin, postcode, municipality (number), nodal
    postcodes : as for `Towns`
    file : name of the pupil count, for messages

    Returns
    -------
    location, brin, municipality, nodal, lat, lon, placed ('address', 'town' or 'sibling'). A location without a known
    postcode lies in its town, or when the town is unknown at the first location of the same institution. When it
    isn't in the address file at all, municipality and nodal area are those of the nearest location, or of the sibling.

    Raises
    ------
    InputError
        Where a location can't be placed in any of these ways.
    """
    at = postcodes.set_index("pc4")[["lat", "lon"]]
    listed = addresses.assign(pc4=addresses["postcode"].str[:4]).join(at, on="pc4").sort_values("location")
    known = listed[listed["lat"].notna()]
    if known.empty:
        raise InputError("no postcode of the address file is in the postcode table; are both whole?")
    nearest = cKDTree(plane(known["lat"].to_numpy(), known["lon"].to_numpy()))
    by_code = listed.drop_duplicates("location").set_index("location")
    return pd.DataFrame(
        [
            _place(row.location, row.brin, row.town, row.province, by_code, known, nearest, towns, file)
            for row in seen.sort_values("location").itertuples(index=False)
        ]
    )


def _place(
    location: str,
    brin: str,
    town: str,
    province: str,
    listed: pd.DataFrame,
    known: pd.DataFrame,
    nearest: cKDTree,
    towns: Towns,
    file: str,
) -> dict[str, object]:
    """One location: its own address, else its town, else a sibling."""
    own = listed.loc[location] if location in listed.index else None
    if own is not None and not np.isnan(own["lat"]):
        found, place, how = own, own, "address"
    elif town in towns:
        lat, lon = towns.place(town, province)
        found = known.iloc[int(nearest.query(plane([lat], [lon])[0])[1])] if own is None else own
        place, how = pd.Series({"lat": lat, "lon": lon}), "town"
    else:
        siblings = known[known["brin"] == brin]
        if siblings.empty:
            raise InputError(
                f"{file}: location {location} has no place: neither it nor its town {town!r} nor another location of "
                f"{brin} is in the files of addresses and postcodes"
            )
        place, how = siblings.iloc[0], "sibling"
        found = place if own is None else own
    return {
        "location": location,
        "brin": brin,
        "municipality": int(found["municipality"]),
        "nodal": found["nodal"],
        "lat": float(place["lat"]),
        "lon": float(place["lon"]),
        "placed": how,
    }
