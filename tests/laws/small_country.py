"""Four regions of the real country as a country of their own: built in a quarter of a second, for laws on many runs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from doorstroom.inputs.schema import TABLES
from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.parameters import CENTRAL, draw_parameters

REGIONS = (26, 40, 43, 50)
"""Few locations, all ten profiles, three colleges."""
COUNTED_NATIONALLY = (
    "firms.technicians_2019",
    "mbo_choice.adults_per_year",
    "teacher_market.persons_2019",
    "teacher_market.training_yield",
    "teacher_market.instructor_rate",
)


@lru_cache
def small_country() -> Inputs:
    """The locations, pupils, homes, cohorts and colleges of REGIONS, numbered anew from 1."""
    country = load_inputs()
    number = {region: at for at, region in enumerate(REGIONS, start=1)}
    tables = {name: _within(getattr(country, name), number) for name in TABLES}
    locations, colleges = tables["locations"]["location"], tables["colleges"]["college"]
    tables["pupils"] = _of(tables["pupils"], "location", locations)
    tables["students"] = _of(tables["students"], "college", colleges)
    feeders = _of(_of(tables["feeders"], "lower_location", locations), "upper_location", locations)
    origin = feeders.groupby(["year", "lower_location", "class_kind"])
    for sex in ("men", "women"):
        total = origin[sex].transform("sum")
        feeders[sex] = np.where(
            total > 0, feeders[sex] / total.where(total > 0, 1.0), 1.0 / origin[sex].transform("size")
        )
    tables["feeders"] = feeders
    return Inputs.ordered("small", 2019, "0" * 64, **tables)


@lru_cache
def national_numbers() -> dict[str, float]:
    """Parameters that count persons in the whole country, cut down to the regions' part of its pupils."""
    persons = [tables.pupils[["men", "women"]].to_numpy().sum() for tables in (small_country(), load_inputs())]
    central = draw_parameters(CENTRAL)
    part = persons[0] / persons[1]
    scaled = {name: float(central.value(name)) * part for name in COUNTED_NATIONALLY}
    return {**scaled, "firms.vacancies_observed": part}  # a list takes a factor


def _within(table: pd.DataFrame, number: dict[int, int]) -> pd.DataFrame:
    if "region" not in table:
        return table.copy()
    kept = table[table["region"].isin(number)].copy()
    kept["region"] = kept["region"].map(number).astype(table["region"].dtype)
    return kept


def _of(table: pd.DataFrame, column: str, known: pd.Series) -> pd.DataFrame:
    return table[table[column].isin(known)].copy()
