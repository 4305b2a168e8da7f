"""Observed figures to hold the model against: DUO's files as published, old form or new, and a plain long form.

What a file is, is told by its columns:

- exam candidates (examenkandidaten-en-geslaagden-YYYY-YYYY.csv), by location, sector and sex, five exam years;
- marks (geslaagden-gezakten-en-cijfers-YYYY-YYYY.csv), by location, leerweg and profile, the exam year of its name;
- pupils (leerlingen-vo-per-vestiging-naar-onderwijstype-YYYY.csv), by location, leerweg, profile, year and sex, on
  1 October of the year of its name;
- long form: columns year, region (a name or number, empty or 'country' for the country), outcome, group, value, unit,
  source, and if known low and high. Outcomes and groups are those of docs/outcomes.md.

A year is that of the 1 October of its school year: the exams of 2019/20 are of year 2019. Counts that DUO withholds
('<5', or -1) are settled as `withheld` says; `low` and `high` carry the bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.errors import InputError
from doorstroom.inputs import official as files
from doorstroom.inputs.candidates import SEXES as SEX
from doorstroom.inputs.candidates import candidate_count, place
from doorstroom.inputs.exams import exam_count
from doorstroom.inputs.figures import (
    BOUNDS,
    COLUMNS,
    EXAMS,
    FOURTH,
    THIRD,
    UPPER,
    Schooling,
    figures,
    finished,
    sector_of,
)
from doorstroom.inputs.pupils import SEXES, long_count
from doorstroom.inputs.readers import Column, Official, Published, headings, read, year_of
from doorstroom.inputs.scope import TRACKS, Scope, scope_of, sector_settled
from doorstroom.inputs.sets import Inputs
from doorstroom.inputs.withheld import Settled
from doorstroom.outcomes import COUNTRY, OUTCOMES, TOTAL
from doorstroom.terms import Track

LONG_FORM: Final = Official(
    key="observations",
    names=(r".*",),
    example="observations.csv",
    columns={
        **{name: Column((name,)) for name in ("year", "region", "outcome", "group", "value", "unit", "source")},
        **{name: Column((name,), needed=False) for name in ("low", "high")},
    },
    title="Observations",
    publisher="the user",
    edition="own file",
    licence="own file",
)

_COLUMNS: Final = ("candidates", "candidates_low", "candidates_high")
_TEXT: Final = ("outcome", "group", "unit", "source")
_BIGGEST: Final = 1e12


class Observed(NamedTuple):
    """Observed figures and what there is to know about them.

    Attributes
    ----------
    table : columns of COLUMNS; region 0 is the country, or where there are `locations` these together; low and high
        are equal to value where it is exact
    remarks : for the user
    locations : those that a file of a part of the country holds; None where it holds the whole
    """

    table: pd.DataFrame
    remarks: tuple[str, ...]
    locations: frozenset[str] | None = None


def read_observations(path: Path, inputs: Inputs) -> Observed:
    """The figures of one file.

    Raises
    ------
    InputError
        Naming the file, the column or row, what was found and what is allowed.
    """
    there = headings(path)
    if any(heading.startswith("examenkandidaten schooljaar") for heading in there):
        return _candidates(read(path, files.CANDIDATES), inputs)
    if {"afdeling", "examenkandidaten"} <= set(there):
        return _marks(read(path, files.EXAMS_DUO), inputs)
    if any(heading.startswith("leer- of verblijfsjaar 3") for heading in there):
        return _pupils(read(path, files.PUPILS), inputs)
    if {"year", "outcome", "value"} <= set(there):
        return _long(read(path, LONG_FORM), inputs)
    raise InputError(
        f"{path}: what this file holds can't be told from its columns ({', '.join(there[:8])}, ...); "
        "allowed: DUO's exam candidates, marks or pupils as published, or a file with the columns year, region, "
        "outcome, group, value, unit and source"
    )


def _candidates(official: Published, inputs: Inputs) -> Observed:
    """Exam candidates of every track; `passed` is read to narrow what is withheld."""
    count = candidate_count([official])
    columns = dict(zip(_COLUMNS, BOUNDS, strict=True))
    both, by_sex = (rows.rename(columns=columns) for rows in (count.both, count.rows))
    scope = scope_of(both, inputs)
    parts = {TOTAL: both, **{name: by_sex[by_sex["sex"] == sex] for name, sex in SEX.items()}}
    remarks = [*scope.remarks, *count.remarks, "passes are left out: no outcome of the model is of them"]
    if not both["sector"].eq("intersectoraal").any() and both["track"].between(Track.BB, Track.GL).any():
        remarks.append(sector_settled(both, inputs))
    tables: list[pd.DataFrame] = []
    for exam_year in sorted(both["exam_year"].unique()):
        of_year = {group: rows[rows["exam_year"] == exam_year] for group, rows in parts.items()}
        tables += _figures(EXAMS, of_year, int(exam_year) - 1, scope, inputs)
    return _finished(tables, f"{official.path.name}, sectors", remarks, scope)


def _marks(official: Published, inputs: Inputs) -> Observed:
    """Exam candidates of every track by profile, or sector in tl."""
    if "exam_year" not in official.headings:
        year_of(official)  # told here, before any row is read
    count = exam_count([official])
    bounds = {"value": count.settled[0].value, "low": count.settled[0].low, "high": count.settled[0].high}
    rows = count.rows.assign(**bounds)
    rows["sector"] = sector_of(rows["profile"])
    scope = scope_of(rows, inputs)
    remarks = [*scope.remarks, *count.remarks, "marks and passes are left out: no outcome of the model is of them"]
    return _finished(
        _figures(EXAMS, {TOTAL: rows}, year_of(official) - 1, scope, inputs), official.path.name, remarks, scope
    )


def _pupils(official: Published, inputs: Inputs) -> Observed:
    """Pupils of years 3 and 4 of the tracks that outcomes are of."""
    year = year_of(official)
    count = long_count(official)
    used = (count.rows["year"].isin((3, 4)) & count.rows["track"].isin(TRACKS)).to_numpy()
    rows = count.rows[used]
    rows = rows.assign(sector=sector_of(rows["profile"]))
    sexes = {
        name: rows.assign(**_bounds(count.settled[column].of(used))) for name, column in zip(SEX, SEXES, strict=True)
    }
    man, vrouw = sexes.values()
    parts = {TOTAL: man.assign(**{column: man[column] + vrouw[column] for column in BOUNDS}), **sexes}
    scope = scope_of(parts[TOTAL], inputs)
    tables: list[pd.DataFrame] = []
    for schoolings, grades in ((THIRD, (3,)), (FOURTH, (4,)), (UPPER, (3, 4))):
        of_grade = {group: part[part["year"].isin(grades)] for group, part in parts.items()}
        tables += _figures(schoolings, of_grade, year, scope, inputs)
    left = int((~used).sum())
    other = f"{left:,} counts of other years, of pro, vavo and the lower years are left out: no outcome is of them"
    return _finished(tables, official.path.name, [*scope.remarks, *[other] * (left > 0)], scope)


def _figures(
    schoolings: tuple[Schooling, ...], parts: Mapping[str, pd.DataFrame], year: int, scope: Scope, inputs: Inputs
) -> list[pd.DataFrame]:
    """The figures of one year, by region, or of the locations of a scope together."""
    regions = inputs.locations.set_index("location")["region"]
    held = {
        group: rows if scope.locations is None else rows[rows["location"].isin(scope.locations)]
        for group, rows in parts.items()
    }
    placed = {group: rows.assign(region=place(rows["location"], regions)) for group, rows in held.items()}
    return list(figures(schoolings, placed, year, scope.lacking, by_region=scope.locations is None))


def _bounds(counts: Settled) -> dict[str, NDArray[np.int64]]:
    return dict(zip(BOUNDS, (counts.value, counts.low, counts.high), strict=True))


def _long(official: Published, inputs: Inputs) -> Observed:
    table = official.table.sort_index()
    names = {
        str(name).casefold(): int(number)
        for name, number in zip(inputs.regions["name"], inputs.regions["region"], strict=True)
    }
    words = {"": COUNTRY, "country": COUNTRY, **{str(number): number for number in (COUNTRY, *names.values())}, **names}
    checks: tuple[tuple[str, Callable[[str], bool], str, tuple[str, ...]], ...] = (
        ("year", lambda text: bool(re.fullmatch(r"\d{4}", text)), "the year of a 1 October", ()),
        ("region", lambda text: text.casefold() in words, "country, or a region's name or number", tuple(names)),
        ("outcome", lambda text: text in OUTCOMES, "an outcome of docs/outcomes.md", tuple(OUTCOMES)),
    )
    for column, allowed, said, known in checks:
        wrong = ~table[column].map(allowed)
        if wrong.any():
            row = wrong[wrong].index[0]
            raise official.fault(row, column, table.loc[row, column], said, known)
    for row, outcome, group in zip(table.index, table["outcome"], table["group"], strict=True):
        groups = OUTCOMES[outcome].groups
        if (group or TOTAL) not in groups:
            raise official.fault(row, "group", group, f"{outcome} has {', '.join(groups)}", tuple(groups))
    number = {
        column: pd.Series(
            official.numbers(column if column in table else "value", -_BIGGEST, _BIGGEST), official.table.index
        )
        for column in ("value", "low", "high")
    }
    made = pd.DataFrame(
        {"year": table["year"].astype(int), "region": table["region"].str.casefold().map(words), **number}
    )
    made = made.assign(**{name: table[name] for name in _TEXT}).sort_index()
    made["group"] = made["group"].replace("", TOTAL)
    return Observed(made[list(COLUMNS)].reset_index(drop=True), ())


def _finished(tables: list[pd.DataFrame], source: str, remarks: list[str], scope: Scope) -> Observed:
    table = finished(tables, source)
    loose = table[(table["region"] == COUNTRY) & (table["high"] > table["low"])]
    if len(loose):
        wide = (loose["high"] - loose["low"]) / loose["value"].clip(lower=1e-9)
        worst = table.loc[wide.idxmax()]
        whose = "the country's" if scope.locations is None else "these locations'"
        remarks = [
            *remarks,
            f"{len(loose)} of {whose} figures hold withheld counts (1 to 4 persons each); the widest is "
            f"{worst['outcome']}/{worst['group']} of {worst['year']}: {worst['value']:.4g}, "
            f"between {worst['low']:.4g} and {worst['high']:.4g}; half are known to within {wide.median():.1%}",
        ]
    return Observed(table, tuple(remarks), scope.locations)
