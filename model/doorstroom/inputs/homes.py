"""Municipalities, homes by postcode, and the cohorts that come from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.inputs.places import plain_name
from doorstroom.inputs.readers import Published
from doorstroom.inputs.regions import NearestRegion

BANDS: Final = {"a0_4": ("0-4",), "a5_9": ("5-9",), "a10_14": ("10-14",)} | {
    "a15_64": tuple(f"{age}-{age + 4}" for age in range(15, 65, 5))
}
"""Age bands of the homes table and the official bands they add up."""

ENTRY: Final = (-0.5, 4.5, 9.5)
"""Years after a 1 January when the middle of the bands 10-14, 5-9 and 0-4 enters secondary education."""
LAST_COHORT: Final = 2060
NO_COUNT: Final = -1
_BOTH: Final = "Totaal mannen en vrouwen"
_BAND: Final = 5
MOST_PEOPLE: Final = 1e5  # inhabitants of one age band in one postcode


class Where(NamedTuple):
    """What places are known by: tables of points in degrees.

    Parameters
    ----------
    postcodes : pc4, municipality_name, lat, lon
    centres : name, lat, lon of municipalities, None where the file is missing
    locations : municipality, lat, lon of schools
    nearest : region of a point
    """

    postcodes: pd.DataFrame
    centres: pd.DataFrame | None
    locations: pd.DataFrame
    nearest: NearestRegion


def municipality_table(
    names: pd.DataFrame, group8: pd.Series | None, nodal_region: pd.Series, where: Where
) -> pd.DataFrame:
    """Every municipality that has a place, sorted by number.

    A municipality lies at its official centre, or else (one that was merged since) at the mean of its
    postcodes, or else (one that is newer than the postcodes) at the mean of its school locations. Its region is
    that of its nodal area, or else the region of the nearest location.

    Parameters
    ----------
    names : municipality (number), name, nodal (may be empty), one row each
    group8 : pupils in the last year of primary school by number, None where the file is missing
    nodal_region : region number by nodal area; empty when a user's own regions replace the nodal areas
    """
    table = names.reset_index(drop=True)
    schools = where.locations.groupby("municipality")[["lat", "lon"]].mean()
    named = where.postcodes[where.postcodes["municipality_name"] != ""]
    postal = named.groupby(named["municipality_name"].map(plain_name))[["lat", "lon"]].mean()
    place = postal.reindex(table["name"].map(plain_name)).reset_index(drop=True)
    place = place.fillna(schools.reindex(table["municipality"]).reset_index(drop=True))
    if where.centres is not None:
        place = (
            where.centres.set_index("name")[["lat", "lon"]].reindex(table["name"]).reset_index(drop=True).fillna(place)
        )
    table[["lat", "lon"]] = place
    table = table[table["lat"].notna()].copy()
    near = pd.Series(where.nearest(table["lat"], table["lon"]), index=table.index)
    table["region"] = table["nodal"].map(nodal_region).fillna(near).astype("int64")
    table["group8"] = NO_COUNT if group8 is None else table["municipality"].map(group8).fillna(0).astype("int64")
    return table.sort_values("municipality").reset_index(drop=True)


def municipality_names(divisions: Published | None, group8: Published | None, addresses: pd.DataFrame) -> pd.DataFrame:
    """Number, name and nodal area of every municipality that one of the files names.

    Parameters
    ----------
    addresses : municipality (number), municipality_name
    """
    parts = []
    for official in (divisions, group8):
        if official is not None:
            official.check_once("gm")
            nodal = official["nodal"] if "nodal" in official.headings else ""
            parts.append(
                pd.DataFrame(
                    {"municipality": official["gm"].str[2:].astype("int64"), "name": official["name"], "nodal": nodal}
                )
            )
    schools = addresses[["municipality", "municipality_name"]].drop_duplicates("municipality")
    parts.append(schools.rename(columns={"municipality_name": "name"}).assign(nodal=""))
    every = pd.concat(parts, ignore_index=True)
    named = every[every["name"] != ""].drop_duplicates("municipality").set_index("municipality")["name"]
    table = every.drop_duplicates("municipality").copy()
    table["name"] = table["municipality"].map(named).fillna("")
    return table


def group8_counts(official: Published) -> pd.Series:
    """Pupils in the last year of primary school by number of the municipality."""
    return pd.Series(official.exact("group8"), index=official["gm"].str[2:].astype("int64"))


def of_statline(people: Published) -> Published:
    """CBS's own table in the form of the extract: five-year bands of both sexes in one year, by postcode.

    Its ages are those of labels, such as "10 tot 15 jaar"; totals, wider bands and the country are left out.
    """
    table = people.table
    if "sex" in table and (table["sex"] != _BOTH).any():
        table = table[table["sex"] == _BOTH]
    age = table["age"].str.extract(r"^(\d+) tot (\d+) jaar$")
    if age[0].isna().all():
        allowed = f"labels such as '10 tot 15 jaar' of {_BOTH!r}; have the codes replaced by their labels"
        raise InputError(explain(people.path.name, people.headings["age"], people["age"].iloc[0], allowed))
    pc4 = table["pc4"].str.extract(r"^(?:PC)?([1-9]\d{3})(?:\D.*)?$")[0]
    first, after = age[0].astype("float64"), age[1].astype("float64")
    table = table.assign(pc4=pc4, age=age[0] + "-" + (after - 1).map("{:.0f}".format))
    table = table[(after - first == _BAND) & pc4.notna()]
    years = sorted(table["period"].str[:4].unique())
    if len(years) != 1 or not years[0].isdecimal():
        allowed = "one year, such as 2024; keep one of them"
        raise InputError(explain(people.path.name, people.headings["period"], ", ".join(years) or "nothing", allowed))
    table = table.assign(municipality_name="", people=table["people"].replace({".": "", "-": "0"}))
    return replace(people, table=table, first=None, last=int(years[0]))


def home_table(people: Published, municipalities: pd.DataFrame, where: Where) -> tuple[pd.DataFrame, dict[str, int]]:
    """Inhabitants by four-digit postcode and age band, and the counts behind it.

    A postcode that the postcode table lacks lies at the next known postcode number. Postcodes whose counts are
    withheld are left out. Municipality is -1 where the official file names none.
    """
    people.check_once("pc4", "age")
    wide = people.table.assign(n=people.numbers("people", 0, MOST_PEOPLE, empty_is_unknown=True))
    wide = wide.pivot_table(index="pc4", columns="age", values="n", aggfunc="sum", min_count=1)
    lacking = [age for ages in BANDS.values() for age in ages if age not in wide.columns]
    if lacking:
        allowed = "the five-year bands 0-4, 5-9, ..., 60-64"
        raise InputError(explain(people.path.name, people.headings["age"], f"no band {lacking[0]}", allowed))
    unknown = int(wide.isna().all(axis=1).sum())
    wide = wide.dropna(how="all").fillna(0.0)
    table = pd.DataFrame({name: wide[list(ages)].sum(axis=1).astype("int64") for name, ages in BANDS.items()})
    table.insert(0, "pc4", wide.index.astype("int64"))
    table = table.reset_index(drop=True).sort_values("pc4", ignore_index=True)
    at = where.postcodes.assign(pc4=where.postcodes["pc4"].astype("int64")).sort_values("pc4")
    table[["lat", "lon"]] = pd.merge_asof(table[["pc4"]], at[["pc4", "lat", "lon"]], on="pc4", direction="nearest")[
        ["lat", "lon"]
    ]
    number = municipalities[municipalities["name"] != ""].drop_duplicates("name").set_index("name")["municipality"]
    named = people.table[people["municipality_name"] != ""].drop_duplicates("pc4")
    named = named.set_index(named["pc4"].astype("int64"))["municipality_name"].map(number)
    table["municipality"] = table["pc4"].map(named).fillna(NO_COUNT).astype("int64")
    region = municipalities.set_index("municipality")["region"]
    near = pd.Series(where.nearest(table["lat"], table["lon"]), index=table.index)
    table["region"] = table["municipality"].map(region).fillna(near).astype("int64")
    facts = {
        "homes_inhabitants_0_64": int(table[list(BANDS)].to_numpy().sum()),
        "homes_postcodes_withheld": unknown,
        "homes_postcodes_placed_by_number": int((~table["pc4"].isin(at["pc4"])).sum()),
    }
    return table, facts


def cohort_table(homes: pd.DataFrame, regions: pd.Series, base: int, january: int) -> pd.DataFrame:
    """Size of each coming year-1 cohort relative to the base year, by region and year, from the age bands.

    Linear between the entry years of the three bands, flat before the first and after the last.

    Parameters
    ----------
    regions : the region numbers
    base : year of the pupil count
    january : the inhabitants are those of 1 January of this year
    """
    bands = homes.groupby("region")[["a10_14", "a5_9", "a0_4"]].sum().reindex(regions, fill_value=0)
    sizes = np.where(bands[["a10_14"]] > 0, bands, bands.sum())  # a region without children follows the country
    entry = january + np.array(ENTRY)
    years = np.arange(base + 1, LAST_COHORT + 1)
    index = [np.interp(years, entry, row) / np.interp(base, entry, row) for row in sizes.astype(np.float64)]
    held = (years < entry[0]) | (years > entry[-1])
    return pd.DataFrame(
        {
            "region": np.repeat(bands.index.to_numpy(), len(years)),
            "year": np.tile(years, len(bands)),
            "index": np.concatenate(index),
            "basis": np.tile(np.where(held, "held flat (assumption)", "age bands"), len(bands)),
        }
    )
