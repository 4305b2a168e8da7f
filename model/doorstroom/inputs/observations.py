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
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.errors import InputError, explain
from doorstroom.inputs import official as files
from doorstroom.inputs.candidates import SEXES as SEX
from doorstroom.inputs.candidates import candidate_count, place
from doorstroom.inputs.exams import exam_count
from doorstroom.inputs.figures import COLUMNS, LEERWEGEN, by_leerweg, by_profile, finished, of_candidates, technique
from doorstroom.inputs.pupils import SEXES, long_count
from doorstroom.inputs.readers import Column, Official, Published, headings, read
from doorstroom.inputs.sets import Inputs
from doorstroom.inputs.withheld import Settled
from doorstroom.outcomes import COUNTRY, OUTCOMES, TOTAL
from doorstroom.terms import TECHNICAL_PROFILES, Profile

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

_TECHNICAL: Final = (*TECHNICAL_PROFILES, Profile.VR_TECHNIEK)
_COLUMNS: Final = ("candidates", "candidates_low", "candidates_high")
_TEXT: Final = ("outcome", "group", "unit", "source")
_BIGGEST: Final = 1e12


class Observed(NamedTuple):
    """Observed figures and what there is to know about them.

    Attributes
    ----------
    table : columns of COLUMNS; region 0 is the country; low and high are equal to value where it is exact
    remarks : for the user
    """

    table: pd.DataFrame
    remarks: tuple[str, ...]


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
    count = candidate_count([official.only(official["course"].str.casefold().str.startswith("vmbo"))])
    both, lost = _placed(count.both, inputs)
    by_sex, _ = _placed(count.rows, inputs)
    tables = list(of_candidates({TOTAL: both, **{name: by_sex[by_sex["sex"] == sex] for name, sex in SEX.items()}}))
    remarks = [*lost, *count.remarks]
    if not count.both["sector"].eq("intersectoraal").any():
        remarks.append(
            "the file has no sector 'intersectoraal': D&P stands in other sectors, so its sector techniek may hold "
            "candidates that the model doesn't count as technique; the marks file of the same years tells by profile"
        )
    return _finished(tables, f"{official.path.name}, sector techniek", remarks)


def _marks(official: Published, inputs: Inputs) -> Observed:
    year = _year_of(official) - 1
    leerwegen = [f"{name[0]}L" for name in LEERWEGEN]
    count = exam_count([official.only(official["leerweg"].str.upper().isin(leerwegen))])
    candidates = count.settled[0]
    rows, lost = _placed(count.rows.assign(candidates_low=candidates.low, candidates_high=candidates.high), inputs)
    names = "vmbo_exam_technique", "vmbo_exam_candidates"
    tables = [
        *technique(rows, year, *names, TOTAL),
        *by_leerweg(rows, year, *names),
        *by_profile(rows, year, names[0]),
    ]
    return _finished(tables, official.path.name, lost)


def _pupils(official: Published, inputs: Inputs) -> Observed:
    year = _year_of(official)
    types = tuple(f"vmbo {name[0].lower()}l" for name in LEERWEGEN)
    count = long_count(official.only(official["type"].str.casefold().str.startswith(types)))
    third = (count.rows["year"] == 3).to_numpy()
    sexes = {
        name: count.rows[third].assign(**_columns(count.settled[column].of(third)))
        for name, column in zip(SEX, SEXES, strict=True)
    }
    man, vrouw = sexes.values()
    parts = {TOTAL: man.assign(**{column: man[column] + vrouw[column] for column in _COLUMNS}), **sexes}
    names = "vmbo_technique_pupils", "vmbo_pupils"
    tables: list[pd.DataFrame] = []
    for group, part in parts.items():
        rows, lost = _placed(part, inputs)
        tables += technique(rows, year, *names, group)
        if group == TOTAL:
            tables += [*by_leerweg(rows, year, *names), *by_profile(rows, year, names[0])]
    return _finished(tables, official.path.name, lost)


def _columns(counts: Settled) -> dict[str, NDArray[np.int64]]:
    return dict(zip(_COLUMNS, (counts.value, counts.low, counts.high), strict=True))


def _year_of(official: Published) -> int:
    if official.last is None:
        allowed = f"a name that ends on its year, such as {official.official.example}"
        raise InputError(explain(official.path, "name", official.path.name, allowed))
    return official.last


def _placed(rows: pd.DataFrame, inputs: Inputs) -> tuple[pd.DataFrame, list[str]]:
    """Rows with value, low, high and region (0 where the location can't be placed), and a remark on the latter."""
    region = place(rows["location"], inputs.locations.set_index("location")["region"])
    lost = rows.loc[region == COUNTRY, "location"].nunique()
    table = rows.rename(columns=dict(zip(_COLUMNS, ("value", "low", "high"), strict=True))).assign(region=region)
    if "profile" in table:
        table["technical"] = table["profile"].isin(_TECHNICAL)
    return table, [f"{lost} locations are not in the input set and count for the country alone"] * (lost > 0)


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


def _finished(tables: list[pd.DataFrame], source: str, remarks: list[str]) -> Observed:
    table = finished(tables, source)
    loose = (table["region"] == COUNTRY) & (table["high"] > table["low"])
    if loose.any():
        wide = ((table["high"] - table["low"]) / table["value"])[loose]
        remarks = [
            *remarks,
            f"{int(loose.sum())} of the country's figures hold withheld counts (1 to 4 persons each); "
            f"the widest is known to within {wide.max():.1%} of its value",
        ]
    return Observed(table, tuple(remarks))
