"""Municipalities, homes by postcode, and the cohorts that come from them."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from doorstroom.inputs.places import plain_name
from doorstroom.inputs.readers import counts, numbers
from doorstroom.inputs.regions import NearestRegion

BANDS: Final = {"a0_4": ("0-4",), "a5_9": ("5-9",), "a10_14": ("10-14",)} | {
    "a15_64": tuple(f"{age}-{age + 4}" for age in range(15, 65, 5))
}
"""Age bands of the homes table and the official bands they add up."""

ENTRY_YEARS: Final = (2020.5, 2025.5, 2030.5)
"""When the middle of the bands 10-14, 5-9 and 0-4 of 1 January 2021 enters secondary education."""
COHORT_YEARS: Final = range(2020, 2061)


def municipality_table(
    divisions: pd.DataFrame,
    group8: pd.DataFrame,
    centres: pd.DataFrame,
    postcodes: pd.DataFrame,
    locations: pd.DataFrame,
    nodal_region: pd.Series,
    nearest: NearestRegion,
) -> pd.DataFrame:
    """Every municipality of the divisions of 2018-2021 that a table refers to, sorted by number.

    A municipality lies at its official centre, or else (one that was merged since) at the mean of its
    postcodes, or else (one that is newer than the postcodes) at the mean of its school locations. Its region is
    that of its nodal area, or else the region of the nearest location.

    Parameters
    ----------
    locations : municipality, lat, lon
    nodal_region : region number by nodal area; empty when a user's own regions replace the nodal areas
    """
    known = divisions[["gm", "name", "nodal"]]
    older = group8[~group8["gm"].isin(known["gm"])][["gm", "name"]].assign(nodal="")
    table = pd.concat([known, older], ignore_index=True).merge(
        group8[["gm", "group8", "name"]].rename(columns={"name": "other_name"}), on="gm", how="left"
    )
    table["name"] = table["name"].where(table["name"] != "", table["other_name"])
    places = centres.set_index("name")[["lat", "lon"]]
    by_name = places[~places.index.duplicated()].reindex(table["name"]).reset_index(drop=True)
    postal = postcodes.groupby(postcodes["municipality_name"].map(plain_name))[["lat", "lon"]].mean()
    fallback = postal.reindex(table["name"].map(plain_name)).reset_index(drop=True)
    number = table["gm"].str[2:].astype("int64")
    schools = locations.groupby("municipality")[["lat", "lon"]].mean().reindex(number).reset_index(drop=True)
    table[["lat", "lon"]] = by_name.fillna(fallback).fillna(schools)
    table["municipality"] = number
    table = table[table["lat"].notna()].copy()
    near = pd.Series(nearest(table["lat"], table["lon"]), index=table.index)
    table["region"] = table["nodal"].map(nodal_region).fillna(near).astype("int64")
    table["group8_2019"] = counts(table["group8"].fillna("0"), "po_groep8")
    return table.sort_values("municipality").reset_index(drop=True)


def home_table(
    people: pd.DataFrame, postcodes: pd.DataFrame, municipalities: pd.DataFrame, nearest: NearestRegion
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Inhabitants by four-digit postcode and age band on 1 January 2021, and the counts behind it.

    A postcode that the postcode table lacks lies at the next known postcode number. Postcodes whose counts are
    withheld are left out. Municipality is -1 where the official file names none.
    """
    n = numbers(people["people"], "cbs_inwoners_pc4")
    wide = people.assign(n=n).pivot_table(index="pc4", columns="age", values="n", aggfunc="sum", min_count=1)
    withheld = int(wide.isna().all(axis=1).sum())
    wide = wide.dropna(how="all").fillna(0.0)
    table = pd.DataFrame({name: wide[list(ages)].sum(axis=1).astype("int64") for name, ages in BANDS.items()})
    table.insert(0, "pc4", wide.index.astype("int64"))
    table = table.reset_index(drop=True).sort_values("pc4", ignore_index=True)
    at = postcodes.assign(pc4=postcodes["pc4"].astype("int64")).sort_values("pc4")
    placed = pd.merge_asof(table[["pc4"]], at[["pc4", "lat", "lon"]], on="pc4", direction="nearest")
    table[["lat", "lon"]] = placed[["lat", "lon"]]
    number = municipalities[municipalities["name"] != ""].drop_duplicates("name").set_index("name")["municipality"]
    name = people.drop_duplicates("pc4").set_index(people.drop_duplicates("pc4")["pc4"].astype("int64"))
    table["municipality"] = table["pc4"].map(name["municipality_name"].map(number)).fillna(-1).astype("int64")
    region = municipalities.set_index("municipality")["region"]
    near = pd.Series(nearest(table["lat"], table["lon"]), index=table.index)
    table["region"] = table["municipality"].map(region).fillna(near).astype("int64")
    facts = {
        "homes_inhabitants_0_64": int(table[list(BANDS)].to_numpy().sum()),
        "homes_postcodes_withheld": withheld,
        "homes_postcodes_placed_by_number": int((~table["pc4"].isin(at["pc4"])).sum()),
    }
    return table, facts


def cohort_table(homes: pd.DataFrame, regions: pd.Series) -> pd.DataFrame:
    """Size of each coming year-1 cohort relative to 2019, by region and year, from the age bands of 2021.

    Linear between the entry years of the three bands, flat before the first and after the last. The cohort of
    2019 counts as the band that is 10 to 14 on 1 January 2021.

    Parameters
    ----------
    regions : the region numbers
    """
    bands = homes.groupby("region")[["a10_14", "a5_9", "a0_4"]].sum().reindex(regions)
    national = bands.sum()
    bands = bands.where(bands["a10_14"] > 0, national, axis=1)
    index = bands.div(bands["a10_14"], axis=0).to_numpy()
    years = np.array(COHORT_YEARS)
    rows = [np.interp(years, ENTRY_YEARS, index[row]) for row in range(len(bands))]
    held = (years < ENTRY_YEARS[0]) | (years > ENTRY_YEARS[-1])
    return pd.DataFrame(
        {
            "region": np.repeat(bands.index.to_numpy(), len(years)),
            "year": np.tile(years, len(bands)),
            "index": np.concatenate(rows),
            "basis": np.tile(np.where(held, "held flat (assumption)", "age bands"), len(bands)),
        }
    )
