"""Mbo colleges and their students."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.inputs.codes import DOMAINS, PATHWAYS
from doorstroom.inputs.places import Towns
from doorstroom.inputs.readers import counts, translate
from doorstroom.inputs.regions import NearestRegion
from doorstroom.terms import Field

FILE: Final = "mbo_studenten"
SEXES: Final = {"M": 0, "V": 1}
KINDS: Final = ("ROC", "AOC", "VAK", "OVERIG")


def college_table(official: pd.DataFrame, towns: Towns, nearest: NearestRegion) -> pd.DataFrame:
    """Colleges at their seat town: college, kind, region, lat, lon; the region is that of the nearest location.

    Parameters
    ----------
    official : columns of `official.STUDENTS`, as text
    """
    table = official.groupby("college", as_index=False)[["kind", "town"]].first()
    strange = table.loc[~table["kind"].isin(KINDS), "kind"]
    if len(strange):
        raise InputError(explain(FILE, "soort", strange.iloc[0], ", ".join(KINDS), KINDS))
    table[["lat", "lon"]] = [towns.place(town) for town in table["town"]]
    table["region"] = nearest(table["lat"], table["lon"])
    return table


def student_table(official: pd.DataFrame) -> pd.DataFrame:
    """Students by college, year (count of 1 October), level, pathway, technical sector and sex."""
    table = pd.DataFrame(
        {
            "college": official["college"],
            "year": counts(official["year"], FILE),
            "level": counts(official["level"], FILE),
            "pathway": translate(official["pathway"], PATHWAYS, FILE),
            "field": official["domain"].map(DOMAINS).fillna(Field.OTHER).astype("int64"),
        }
    )
    n, sex = counts(official["students"], FILE), translate(official["sex"], SEXES, FILE)
    table["men"], table["women"] = np.where(sex == 0, n, 0), np.where(sex == 1, n, 0)
    table = table.groupby(["college", "year", "level", "pathway", "field"], as_index=False)[["men", "women"]].sum()
    return table[table["men"] + table["women"] > 0].reset_index(drop=True)
