"""The margins of an input set: every total that its tables have to reproduce, counted anew from the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.inputs.feeders import SEXES, margins
from doorstroom.inputs.regions import year3_vocational
from doorstroom.inputs.schema import TABLES
from doorstroom.inputs.sets import Inputs
from doorstroom.terms import Profile, Track

SHARE_DIGITS: Final = 1e-6  # shares and coordinates are written with six digits
TENTH: Final = 0.06  # the fit of the routes is kept to a tenth of a pupil


class Margin(NamedTuple):
    """A set of totals that have to hold.

    Parameters
    ----------
    name : what is counted, and against what
    cells : number of totals
    deviation : the largest difference, in `unit`
    where : the cell of the largest difference, empty when there is none
    allowed : the largest difference that may be
    """

    name: str
    cells: int
    deviation: float
    where: str
    allowed: float
    unit: str

    @property
    def holds(self) -> bool:
        """Whether the largest difference is allowed."""
        return self.deviation <= self.allowed


def check_margins(inputs: Inputs, controls: Mapping[str, Any]) -> list[Margin]:
    """Every margin of a set.

    Parameters
    ----------
    controls : the control totals in the set's manifest, taken from the official files when the set was made
    """
    return [
        *_controls(inputs, controls),
        *_regions(inputs),
        *_feeders(inputs, controls),
        *_passes(inputs),
        _withheld(inputs),
    ]


def _margin(
    name: str, found: Mapping[str, float], expected: Mapping[str, float], allowed: float = 0.0, unit: str = "persons"
) -> Margin:
    cells = sorted({*found, *expected})
    difference = {cell: found.get(cell, 0) - expected.get(cell, 0) for cell in cells}
    worst = max(cells, key=lambda cell: abs(difference[cell]), default="")
    deviation = abs(difference[worst]) if cells else 0.0
    return Margin(name, len(cells), float(deviation), worst if deviation else "", allowed, unit)


def _controls(inputs: Inputs, controls: Mapping[str, Any]) -> Iterator[Margin]:
    """Tables against the totals of the official files."""
    pupils = inputs.pupils.groupby(["track", "profile", "year"])[list(SEXES)].sum()
    found = {
        f"{Track(track).name}/{Profile(profile).name}/{year}/{sex}": int(row[sex])
        for (track, profile, year), row in pupils.iterrows()
        for sex in SEXES
    }
    yield _margin("pupils by track, profile, year and sex", found, controls["pupils_by_track_profile_year_sex"])
    for name, table, column in (
        ("exam_candidates", inputs.exams, "exam_year"),
        ("exam_candidates_by_sex_file", inputs.exams_sex, "exam_year"),
        ("mbo_students", inputs.students, "year"),
    ):
        n = table["candidates"] if "candidates" in table else table["men"] + table["women"]
        sums = {str(year): int(total) for year, total in n.groupby(table[column]).sum().items()}
        yield _margin(f"{name.replace('_', ' ')} by year", sums, controls[name])
    sector = inputs.exams_sector
    of_region = (sector["men"] + sector["women"]).groupby(sector["exam_year"]).sum()
    sums = {str(year): int(total) for year, total in of_region.items()}
    yield _margin("exam candidates by region and sector by year", sums, controls["exam_candidates_by_sex_file"])
    bands = [column for column in inputs.homes if column.startswith("a") and column[1].isdigit()]
    people = {"all": int(inputs.homes[bands].to_numpy().sum())}
    yield _margin("inhabitants aged 0 to 64", people, {"all": controls["homes_inhabitants_0_64"]})
    group8 = {"all": int(inputs.municipalities["group8"].clip(lower=0).sum())}
    yield _margin("last year of primary school", group8, {"all": controls["group8"]})


def _regions(inputs: Inputs) -> Iterator[Margin]:
    """Regions against the pupils at their locations."""
    region = inputs.locations.set_index("location")["region"]
    third = year3_vocational(inputs.pupils)
    sums = third.groupby(region[third.index].to_numpy()).sum().reindex(inputs.regions["region"], fill_value=0)
    table = inputs.regions.set_index("region")
    name = table["name"]
    yield _margin(
        "year 3 of bb, kb and gl by region",
        dict(zip(name, table["pupils_y3_vocational"], strict=True)),
        dict(zip(name, sums["pupils"], strict=True)),
    )
    share = sums["technical"] / sums["pupils"].clip(lower=1)
    yield _margin(
        "technique share by region",
        dict(zip(name, table["technique_share"], strict=True)),
        dict(zip(name, share, strict=True)),
        SHARE_DIGITS,
        "share",
    )


def _feeders(inputs: Inputs, controls: Mapping[str, Any]) -> Iterator[Margin]:
    """Where the routes bring the lower years, against year 3; its total is scaled to theirs."""
    given = margins(inputs.pupils, inputs.locations.set_index("location")["vwo_share_y3"])
    to = ["location", "track"]
    wanted = given.destinations.set_index(to)[list(SEXES)]
    allowed = controls["feeders_largest_deviation_pupils"] + TENTH
    for year, origins in given.origins.groupby("year"):
        routes = inputs.feeders[inputs.feeders["year"] == year].rename(columns={"upper_location": "location"})
        start = origins.rename(columns={"location": "lower_location"}).drop(columns="year")
        flows = routes.merge(start, on=["lower_location", "class_kind"], suffixes=("_share", ""), how="outer")
        for sex in SEXES:
            flows[sex] = flows[sex] * flows[f"{sex}_share"]
        arrive = flows.groupby(to)[list(SEXES)].sum()
        scaled = wanted * origins[list(SEXES)].sum() / wanted.sum()
        found, expected = (
            {f"{location} {Track(track).name}": n for (location, track), n in one.sum(axis=1).items()}
            for one in (arrive, scaled)
        )
        yield _margin(f"routes from year {year} to year 3", found, expected, allowed, "pupils")
        lost = {"all": float(origins[list(SEXES)].to_numpy().sum() - arrive.to_numpy().sum())}
        yield _margin(f"pupils of year {year} without a route", lost, {}, 1.0, "pupils")


def _passes(inputs: Inputs) -> Iterator[Margin]:
    """Nobody passes who wasn't a candidate."""
    for name in ("exams", "exams_sex"):
        table: pd.DataFrame = getattr(inputs, name)
        more = (table["passed"] - table["candidates"]).clip(lower=0)
        yield _margin(f"passes beyond candidates, {name}", _by_row(name, table, more), {})


def _withheld(inputs: Inputs) -> Margin:
    """Values against the bounds of the counts in them that are withheld."""
    beyond: dict[str, float] = {}
    for (name, column), bounds in inputs.withheld.groupby(["table", "column"]):
        values = _by_row(name, getattr(inputs, name), getattr(inputs, name)[column])
        for row, low, high in bounds[["row", "low", "high"]].itertuples(index=False):
            value = values.get(row, 0.0)
            beyond[f"{name} {row} {column}"] = value - float(np.clip(value, low, high))
    return _margin("withheld counts within their bounds", beyond, {})


def _by_row(name: str, table: pd.DataFrame, values: pd.Series) -> dict[str, float]:
    keys = table[list(TABLES[name].key)].itertuples(index=False)
    return {"/".join(map(str, key)): float(value) for key, value in zip(keys, values, strict=True)}
