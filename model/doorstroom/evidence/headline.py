"""The ten figures of 2022/23 that readers of a monitor look at first, and how near the baseline is to what is known.

The forecast of a headline figure is that of the runs with the fit of 2019. How near: the medians of runs with the fit
of 2022 against every figure of the country that this fit knows; within 2%, or within what the source leaves open.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.evidence.ensemble import Ensemble
from doorstroom.evidence.forecasts import MODEL
from doorstroom.outcomes import COUNTRY

YEAR: Final = 2022
NEAR: Final = 0.02


class Headline(NamedTuple):
    """A series of the country, and what it is called."""

    name: str
    outcome: str
    group: str


HEADLINES: Final = (
    Headline("technique pupils in year 3", "vmbo_technique_pupils", "total"),
    Headline("technique share", "vmbo_technique_share", "total"),
    Headline("technique share, bb", "vmbo_technique_share", "BB"),
    Headline("technique share, kb", "vmbo_technique_share", "KB"),
    Headline("technique share, gl", "vmbo_technique_share", "GL"),
    Headline("girls in technique", "vmbo_technique_pupils", "vrouw"),
    Headline("technique share, girls", "vmbo_technique_share", "vrouw"),
    Headline("technique share, boys", "vmbo_technique_share", "man"),
    Headline("pupils in BWI, years 3 and 4", "vmbo_upper_pupils", "BWI"),
    Headline("N-profiles in havo 4 and vwo 4", "n_profile_pupils", "total"),
)


def headlines(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of `forecasts` of the ten figures, each with its name; those that weren't observed are left out."""
    mine = table[(table["method"] == MODEL) & (table["region"] == COUNTRY) & (table["year"] == YEAR)]
    found = []
    for name, outcome, group in HEADLINES:
        row = mine[(mine["outcome"] == outcome) & (mine["group"] == group)]
        found += [{"name": name, **one} for one in row.to_dict("records")]
    return found


def through(figures: pd.DataFrame, ensemble: Ensemble) -> pd.DataFrame:
    """How near the medians of runs come to each figure of the country.

    Returns
    -------
    outcome, group, year, value, low, high, median, deviation (median / value - 1), near (within 2% of the value, or
    within its bounds)
    """
    rows = []
    first = ensemble.first_year
    for figure in figures[(figures["region"] == COUNTRY) & (figures["year"] >= first)].to_dict("records"):
        series, year = (figure["outcome"], figure["group"]), int(figure["year"])
        if year > ensemble.last_year or series not in ensemble.series or not figure["value"]:
            continue
        middle = float(np.median(ensemble.at(series, year)[:, COUNTRY]))
        deviation = middle / figure["value"] - 1.0
        near = abs(deviation) <= NEAR or figure["low"] <= middle <= figure["high"]
        kept = {name: figure[name] for name in ("outcome", "group", "year", "value", "low", "high")}
        rows.append({**kept, "median": middle, "deviation": deviation, "near": near})
    return pd.DataFrame(rows)
