"""Mbo colleges and their students."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.inputs import withheld
from doorstroom.inputs.codes import DOMAINS, PATHWAYS
from doorstroom.inputs.places import Towns
from doorstroom.inputs.readers import Counts, Published
from doorstroom.inputs.regions import NearestRegion
from doorstroom.inputs.withheld import Settled, Tally, Totals

SEXES: Final = {"men": 0, "women": 1}
SEX_WORDS: Final = {"M": 0, "V": 1}
SEX_HEADINGS: Final = ("man", "vrouw")
KINDS: Final = {"ROC": 0, "AOC": 1, "VAK": 2, "OVERIG": 3}
LEVELS: Final = {str(level): level for level in range(1, 5)}
KEY: Final = ["college", "year", "level", "pathway", "field"]


class StudentCount(NamedTuple):
    """Students in the model's codes: KEY, men, women; and the colleges: college, kind, town.

    `bounds` says what is uncertain of the table of students, `tallies` how much was withheld, per file.
    """

    rows: pd.DataFrame
    colleges: pd.DataFrame
    bounds: pd.DataFrame
    tallies: tuple[Tally, ...]


class _Cells(NamedTuple):
    """Counts of one row and sex each (KEY, kind, town, course, sex), with the totals of both sexes where published."""

    rows: pd.DataFrame
    counts: Counts
    totals: Totals | None


def student_count(files: Sequence[Published]) -> StudentCount:
    """Every student of the files: the long form of several years, or DUO's own form with columns per year and sex."""
    rows, bounds, tallies = [], [], []
    for official in files:
        parts = [_long(official)] if "students" in official.headings else _wide(official)
        settled = [_settle(part) for part in parts]
        for part, one in zip(parts, settled, strict=True):
            sexes = {name: (part.rows["sex"] == sex).to_numpy() for name, sex in SEXES.items()}
            rows.append(part.rows.assign(**{name: np.where(where, one.value, 0) for name, where in sexes.items()}))
            bounds += [
                withheld.bounds("students", name, part.rows.loc[where, KEY], one.of(where))
                for name, where in sexes.items()
            ]
        tallies.append(withheld.tally(official.path.name, [part.counts for part in parts], settled))
    _check_years(files, rows)
    both = pd.concat(rows, ignore_index=True)
    # a college that moved or changed its kind is where and what it is in the latest year
    latest = both.sort_values(["college", "year", "town", "kind"]).drop_duplicates("college", keep="last")
    colleges = latest[["college", "kind", "town"]].reset_index(drop=True)
    return StudentCount(both, colleges, pd.concat(bounds), tuple(tallies))


def _settle(part: _Cells) -> Settled:
    at = part.rows
    return withheld.settle(
        part.counts,
        (at["year"] * 100 + at["field"] * 2 + at["sex"]).to_numpy(np.int64),
        [at[name].to_numpy() for name in ("college", "year", "pathway", "level", "course", "sex")],
        part.totals,
    )


def _check_years(files: Sequence[Published], rows: Sequence[pd.DataFrame]) -> None:
    years = pd.concat([part["year"].drop_duplicates() for part in rows])
    if years.duplicated().any():
        names = " and ".join(official.path.name for official in files)
        raise InputError(
            f"{names}: the students of {years[years.duplicated()].iloc[0]} stand there twice; allowed: once"
        )


def student_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Students by college, year (count of 1 October), level, pathway, technical sector and sex."""
    table = rows.groupby(KEY, as_index=False)[list(SEXES)].sum()
    return table[table["men"] + table["women"] > 0].reset_index(drop=True)


def college_table(colleges: pd.DataFrame, towns: Towns, nearest: NearestRegion) -> pd.DataFrame:
    """Colleges at their seat town: college, kind, region, lat, lon; the region is that of the nearest location.

    Parameters
    ----------
    colleges : college, kind, town
    """
    table = colleges[["college", "kind"]].copy()
    table[["lat", "lon"]] = [towns.place(town) for town in colleges["town"]]
    table["region"] = nearest(table["lat"], table["lon"])
    return table


def _base(official: Published) -> pd.DataFrame:
    kind = official.codes("kind", KINDS)
    return pd.DataFrame(
        {
            "college": official["college"].to_numpy(),
            "kind": np.array(list(KINDS))[kind],
            "town": official["town"].to_numpy(),
            "level": official.codes("level", LEVELS),
            "pathway": official.codes("pathway", PATHWAYS),
            "field": official.codes("domain", DOMAINS),
            "course": official["course"].to_numpy(),
        }
    )


def _long(official: Published) -> _Cells:
    """A row per course, year and sex; no totals."""
    rows = _base(official).assign(
        year=official["year"].astype("int64").to_numpy(), sex=official.codes("sex", SEX_WORDS)
    )
    return _Cells(rows, official.counts("students"), None)


def _wide(official: Published) -> list[_Cells]:
    """A row per course, with men, women and mostly the total of a year; one part per year."""
    years = sorted({name.partition("_")[2] for name in official.headings if name.startswith(("man_", "vrouw_"))})
    if not years or not all(f"{who}_{year}" in official.headings for year in years for who in SEX_HEADINGS):
        found = explain(
            official.path.name,
            "heading",
            ", ".join(official.headings.values()),
            "also columns such as 'MAN2019' and 'VROUW2019', both of them for every year",
        )
        raise InputError(found)
    base = _base(official)
    parts = []
    for year in years:
        rows = pd.concat([base.assign(year=int(year), sex=sex) for sex in SEXES.values()], ignore_index=True)
        counts = Counts.joined(official.counts(f"{who}_{year}", empty_is_none=True) for who in SEX_HEADINGS)
        totals = None
        if f"totaal_{year}" in official.headings:
            total = official.counts(f"totaal_{year}", empty_is_none=True)
            totals = Totals(np.tile(np.arange(len(base)), len(SEX_HEADINGS)), total.low, total.high)
        parts.append(_Cells(rows, counts, totals))
    return parts
