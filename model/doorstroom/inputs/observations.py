"""Observed figures to hold the model against: DUO's files as published, old form or new, and a plain long form.

What a file is, is told by its columns:

- exam candidates (examenkandidaten-en-geslaagden-YYYY-YYYY.csv), by location, sector and sex, five exam years;
- marks (geslaagden-gezakten-en-cijfers-YYYY-YYYY.csv), by location, leerweg and profile, the exam year of its name;
- pupils (leerlingen-vo-per-vestiging-naar-onderwijstype-YYYY.csv), by location, leerweg, profile, year and sex, on
  1 October of the year of its name;
- long form: columns year, region (a name or number, empty or 'country' for the country), outcome, group, value, unit,
  source, and if known low and high. Outcomes and groups are those of docs/outcomes.md.

A year is that of the 1 October of its school year: the exams of 2019/20 are of year 2019. Counts that DUO withholds
('<5', or -1) lie between 1 and 4. One that follows from the row's total is taken as that; any other as the mean of
such counts where they are published. `low` and `high` carry the bounds.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.errors import InputError, explain, nearest
from doorstroom.inputs.codes import OLD_DEPARTMENTS, VMBO_DEPARTMENTS
from doorstroom.inputs.sets import Inputs
from doorstroom.outcomes import COUNTRY, GROUPS, OUTCOMES, TOTAL
from doorstroom.terms import TECHNICAL_PROFILES, Profile

COLUMNS: Final = ("year", "region", "outcome", "group", "value", "low", "high", "unit", "source")
LONG_FORM: Final = ("year", "region", "outcome", "group", "value", "unit", "source")
WITHHELD: Final = 2.45
"""Mean of candidates of 1 to 4 per location, sector, sex and year in the edition 2014-2019, which has them all."""

_MASKED: Final = ("<5", "-1", "< 5")
_PATHS: Final = {"LWT": "BB", "B": "BB", "K": "KB", "G": "GL", "T": "TL"}
_MARKS_PATHS: Final = {"BL": "BB", "KL": "KB", "GL": "GL"}
_PUPIL_PATHS: Final = {"VMBO BL": "BB", "VMBO KL": "KB", "VMBO GL": "GL"}
_SEXES: Final = {"man": "MAN", "vrouw": "VROUW"}
_TECHNICAL: Final = (*TECHNICAL_PROFILES, Profile.VR_TECHNIEK)
_TEXT: Final = ("outcome", "group", "unit", "source")


class Observed(NamedTuple):
    """Observed figures and what there is to know about them.

    Attributes
    ----------
    table : columns of COLUMNS; region 0 is the country; low and high are equal to value where it is exact
    remarks : for the user
    """

    table: pd.DataFrame
    remarks: tuple[str, ...]


class _Count(NamedTuple):
    """Counts of rows with their bounds, all of shape (rows,)."""

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def read_observations(path: Path, inputs: Inputs) -> Observed:
    """The figures of one file.

    Raises
    ------
    InputError
        Naming the file, the column or row, what was found and what is allowed.
    """
    table = _read(path)
    columns = set(table.columns)
    if any(column.startswith("EXAMENKANDIDATEN SCHOOLJAAR") for column in columns):
        return _candidates(path, table, inputs)
    if {"AFDELING", "EXAMENKANDIDATEN"} <= columns:
        return _marks(path, table, inputs)
    if any(column.startswith("LEER- OF VERBLIJFSJAAR 3") for column in columns):
        return _pupils(path, table, inputs)
    lower = table.rename(columns=str.lower)
    if {"year", "outcome", "value"} <= set(lower.columns):
        return _long(path, lower, inputs)
    raise InputError(
        f"{path}: what this file holds can't be told from its columns ({', '.join(list(table.columns)[:8])}, ...); "
        "allowed: DUO's exam candidates, marks or pupils as published, or a file with the columns "
        + ", ".join(LONG_FORM)
    )


def _read(path: Path) -> pd.DataFrame:
    """All columns as stripped text, headings without case, underscores and double spaces."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(explain(path, "file", error.strerror, "a file that can be read")) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    heading = text.partition("\n")[0]
    if not heading.strip():
        raise InputError(explain(path, "file", "nothing", "a table"))
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=max(";,\t", key=heading.count)))
    except csv.Error as error:
        raise InputError(f"{path}: can't be read as a table: {error}") from error
    width = len(lines[0])
    for number, line in enumerate(lines[1:], start=2):
        if line and len(line) != width:
            raise InputError(explain(path, f"line {number}", f"{len(line)} fields", f"{width} fields, as in line 1"))
    names = [" ".join(name.replace("_", " ").split()).upper() for name in lines[0]]
    return pd.DataFrame([[field.strip() for field in line] for line in lines[1:] if line], columns=names)


def _counts(path: Path, texts: pd.Series) -> _Count:
    masked = texts.isin(_MASKED).to_numpy()
    number = pd.to_numeric(texts.where(~masked, "0").replace("", "0").str.replace(",", "."), errors="coerce")
    wrong = (number.isna() | (number < 0)).to_numpy()
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(explain(path, f"line {row + 2}: {texts.name}", texts.iloc[row], "a count, or <5"))
    exact = number.to_numpy(np.float64)
    return _Count(np.where(masked, WITHHELD, exact), np.where(masked, 1.0, exact), np.where(masked, 4.0, exact))


def _column(path: Path, table: pd.DataFrame, *names: str) -> pd.Series:
    for name in names:
        if name in table:
            return table[name]
    near = nearest(names[0], table.columns)
    meant = f"; did you mean {near!r}?" if near else ""
    raise InputError(f"{path}: column {' or '.join(map(repr, names))} is missing{meant}")


def _regions(path: Path, table: pd.DataFrame, inputs: Inputs) -> tuple[NDArray[np.int64], str]:
    """Region number of each row, 0 where its location can't be placed, and a remark on those."""
    brin = _column(path, table, "INSTELLINGSCODE", "BRIN NUMMER", "BRIN")
    place = _column(path, table, "VESTIGINGSCODE", "VESTIGINGSNUMMER")
    code = place.where(place.str.len() == 6, brin + place.str.zfill(2))
    at = inputs.locations.set_index("location")["region"]
    sibling = at.groupby(at.index.str[:4]).first()
    region = code.map(at).fillna(brin.map(sibling)).fillna(COUNTRY).astype("int64").to_numpy()
    lost = sorted(set(code[region == COUNTRY]))
    remark = f"{len(lost)} locations are not in the input set and count for the country alone" if lost else ""
    return region, remark


def _candidates(path: Path, table: pd.DataFrame, inputs: Inputs) -> Observed:
    course = _column(path, table, "OPLEIDINGSNAAM").str.extract(r"^VMBO (LWT|B|K|G|T)(?: - (.*))?$")
    table, course = table[course[0].notna()], course[course[0].notna()]
    if table.empty:
        raise InputError(explain(path, "OPLEIDINGSNAAM", "no vmbo course", "such as 'VMBO B - techniek'"))
    leerweg, sector = course[0].map(_PATHS).to_numpy(), course[1].fillna("").str.casefold()
    region, lost = _regions(path, table, inputs)
    rows: list[pd.DataFrame] = []
    years = sorted(
        {int(found[1]) for found in (re.search(r"SCHOOLJAAR (\d{4})-\d{4}", name) for name in table) if found}
    )
    for year in years:
        stem = f"EXAMENKANDIDATEN SCHOOLJAAR {year}-{year + 1} - "
        by_sex = {sex: _counts(path, _column(path, table, stem + word)) for sex, word in _SEXES.items()}
        total = _counts(path, _column(path, table, stem + "TOTAAL"))
        by_sex = _settled(by_sex, total)
        technique = (sector == "techniek").to_numpy()
        for group, count, mine in (
            (TOTAL, total, leerweg != "TL"),
            *((name, total, leerweg == name) for name in GROUPS["leerwegen"]),
            *((sex, count, leerweg != "TL") for sex, count in by_sex.items()),
        ):
            rows += _share(year, "vmbo_exam_technique", "vmbo_exam_candidates", group, count, region, mine, technique)
        for group, count in ((TOTAL, total), *by_sex.items()):
            tl = _share(year, "", "", group, count, region, leerweg == "TL", technique)
            rows += [part.assign(outcome="tl_technique_share") for part in tl if part["outcome"].iloc[0] == "_share"]
    remarks = [lost] if lost else []
    if not sector.str.startswith("intersect").any():
        remarks.append(
            "the file has no sector 'intersectoraal': D&P stands in other sectors, so its sector techniek may hold "
            "candidates that the model doesn't count as technique; the marks file of the same years tells by profile"
        )
    return _finished(path, rows, f"{path.name}, sector techniek", remarks)


def _settled(by_sex: dict[str, _Count], total: _Count) -> dict[str, _Count]:
    """A withheld count that follows from the row's total and the other sex is that number, not a mean."""
    man, vrouw = by_sex["man"], by_sex["vrouw"]
    known = total.low == total.high
    settled = {}
    for sex, mine, other in (("man", man, vrouw), ("vrouw", vrouw, man)):
        follows = known & (mine.low < mine.high) & (other.low == other.high)
        rest = np.clip(total.value - other.value, 1.0, 4.0)
        settled[sex] = _Count(*(np.where(follows, rest, part) for part in mine))
    return settled


def _share(
    year: int,
    technique: str,
    everybody: str,
    group: str,
    count: _Count,
    region: NDArray[np.int64],
    mine: NDArray[np.bool_],
    technical: NDArray[np.bool_],
) -> list[pd.DataFrame]:
    """Technique, everybody and the share of one group, by region and for the country."""
    above, below = (_sums(count, region, mask) for mask in (mine & technical, mine))
    share = above.reindex(below.index, fill_value=0.0)
    share = pd.DataFrame(
        {
            "value": share["value"] / below["value"],
            "low": share["low"] / below["high"],
            "high": (share["high"] / below["low"]).clip(upper=1.0),
        }
    )
    exact = above["low"].reindex(below.index, fill_value=0.0) == above["high"].reindex(below.index, fill_value=0.0)
    exact &= below["low"] == below["high"]
    share.loc[exact, ["low", "high"]] = share.loc[exact, ["value"]].to_numpy()
    share_name = f"{technique}_share" if technique else "_share"
    parts = ((technique, above), (everybody, below), (share_name, share))
    return [part.assign(year=year, outcome=name, group=group).reset_index() for name, part in parts]


def _sums(count: _Count, region: NDArray[np.int64], mask: NDArray[np.bool_]) -> pd.DataFrame:
    table = pd.DataFrame(count._asdict())[mask]
    by_region = table.groupby(region[mask]).sum()
    by_region.index.name = "region"
    country = table.sum().to_frame(COUNTRY).T
    country.index.name = "region"
    return pd.concat([country, by_region.drop(index=COUNTRY, errors="ignore")])


def _marks(path: Path, table: pd.DataFrame, inputs: Inputs) -> Observed:
    year = _year_of(path, r"(\d{4})-\d{4}")
    leerweg = _column(path, table, "LEERWEG VMBO")
    table, leerweg = table[leerweg.isin(_MARKS_PATHS)], leerweg[leerweg.isin(_MARKS_PATHS)].map(_MARKS_PATHS).to_numpy()
    if table.empty:
        raise InputError(explain(path, "LEERWEG VMBO", "no bb, kb or gl", "BL, KL, GL"))
    profile = _profiles(path, _column(path, table, "AFDELING"))
    region, lost = _regions(path, table, inputs)
    count = _counts(path, _column(path, table, "EXAMENKANDIDATEN"))
    rows: list[pd.DataFrame] = []
    for group in (TOTAL, *GROUPS["leerwegen"]):
        mine = np.full(len(table), True) if group == TOTAL else leerweg == group
        names = ("vmbo_exam_technique", "vmbo_exam_candidates")
        rows += _share(year, *names, group, count, region, mine, np.isin(profile, _TECHNICAL))
    rows += _by_profile(year, "vmbo_exam_technique", count, region, profile)
    return _finished(path, rows, path.name, [lost] if lost else [])


def _pupils(path: Path, table: pd.DataFrame, inputs: Inputs) -> Observed:
    year = _year_of(path, r"(\d{4})")
    kind = _column(path, table, "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR").str[:7]
    table, leerweg = table[kind.isin(_PUPIL_PATHS)], kind[kind.isin(_PUPIL_PATHS)].map(_PUPIL_PATHS).to_numpy()
    if table.empty:
        raise InputError(explain(path, "ONDERWIJSTYPE VO EN LEER- OF VERBLIJFSJAAR", "no vmbo", "VMBO BL lj 3-4, ..."))
    profile = _profiles(path, _column(path, table, "AFDELING"))
    region, lost = _regions(path, table, inputs)
    stem = "LEER- OF VERBLIJFSJAAR 3 - "
    by_sex = {sex: _counts(path, _column(path, table, stem + word)) for sex, word in _SEXES.items()}
    both = _Count(*(man + vrouw for man, vrouw in zip(by_sex["man"], by_sex["vrouw"], strict=True)))
    technical = np.isin(profile, _TECHNICAL)
    everybody = np.full(len(table), True)
    rows: list[pd.DataFrame] = []
    for group, count, mine in (
        (TOTAL, both, everybody),
        *((name, both, leerweg == name) for name in GROUPS["leerwegen"]),
        *((sex, count, everybody) for sex, count in by_sex.items()),
    ):
        rows += _share(year, "vmbo_technique", "vmbo_pupils", group, count, region, mine, technical)
    rows = [part.assign(outcome=part["outcome"].replace("vmbo_technique", "vmbo_technique_pupils")) for part in rows]
    rows += _by_profile(year, "vmbo_technique_pupils", both, region, profile)
    return _finished(path, rows, path.name, [lost] if lost else [])


def _by_profile(
    year: int, outcome: str, count: _Count, region: NDArray[np.int64], profile: NDArray[np.int64]
) -> list[pd.DataFrame]:
    return [
        _sums(count, region, profile == code).assign(year=year, outcome=outcome, group=code.name).reset_index()
        for code in TECHNICAL_PROFILES
        if (profile == code).any()
    ]


def _profiles(path: Path, department: pd.Series) -> NDArray[np.int64]:
    known = {name.casefold(): int(code) for name, code in {**OLD_DEPARTMENTS, **VMBO_DEPARTMENTS}.items()}
    known |= {"": 0, "n.v.t.": 0}
    profile = department.str.casefold().map(known)
    if profile.isna().any():
        row = int(np.flatnonzero(profile.isna())[0])
        place = f"line {department.index[row] + 2}: AFDELING"
        raise InputError(explain(path, place, department.iloc[row], "a department such as BWI", VMBO_DEPARTMENTS))
    return profile.to_numpy(np.int64)


def _year_of(path: Path, pattern: str) -> int:
    found = re.findall(pattern, path.name)
    if not found:
        raise InputError(explain(path, "name", path.name, "a name that ends on its year, as DUO gives it"))
    return int(found[-1])


def _long(path: Path, table: pd.DataFrame, inputs: Inputs) -> Observed:
    for column in LONG_FORM:
        _column(path, table, column)
    names = {
        str(name).casefold(): int(number)
        for name, number in zip(inputs.regions["name"], inputs.regions["region"], strict=True)
    }
    numbers = {str(number): number for number in (COUNTRY, *names.values())}
    words = {"": COUNTRY, "country": COUNTRY, **numbers, **names}
    checks: tuple[tuple[str, Callable[[str], bool], str, list[str]], ...] = (
        ("year", lambda text: bool(re.fullmatch(r"\d{4}", text)), "the year of a 1 October", []),
        ("region", lambda text: text.casefold() in words, "country, or a region's name or number", list(names)),
        ("outcome", lambda text: text in OUTCOMES, "an outcome of docs/outcomes.md", list(OUTCOMES)),
    )
    for column, allowed, said, known in checks:
        wrong = ~table[column].map(allowed)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InputError(explain(path, f"line {row + 2}: {column}", table[column].iloc[row], said, known))
    for row, (outcome, group) in enumerate(zip(table["outcome"], table["group"], strict=True)):
        groups = OUTCOMES[outcome].groups
        if (group or TOTAL) not in groups:
            raise InputError(
                explain(path, f"line {row + 2}: group", group, f"{outcome} has {', '.join(groups)}", groups)
            )
    number = {}
    for column in ("value", "low", "high"):
        texts = table[column] if column in table else table["value"]
        value = pd.to_numeric(texts.str.replace(",", "."), errors="coerce")
        if value.isna().any():
            row = int(np.flatnonzero(value.isna())[0])
            raise InputError(explain(path, f"line {row + 2}: {column}", texts.iloc[row], "a number"))
        number[column] = value.to_numpy(np.float64)
    made = pd.DataFrame(
        {"year": table["year"].astype(int), "region": table["region"].str.casefold().map(words), **number}
    )
    made = made.assign(**{name: table[name] for name in _TEXT})
    made["group"] = made["group"].replace("", TOTAL)
    return Observed(made[list(COLUMNS)], ())


def _finished(path: Path, rows: list[pd.DataFrame], source: str, remarks: list[str]) -> Observed:
    table = pd.concat([part for part in rows if len(part)], ignore_index=True)
    table = table[np.isfinite(table["value"])]
    table["unit"] = table["outcome"].map({name: outcome.unit for name, outcome in OUTCOMES.items()})
    table["source"] = source
    loose = (table["region"] == COUNTRY) & (table["high"] > table["low"])
    if loose.any():
        wide = ((table["high"] - table["low"]) / table["value"])[loose]
        remarks.append(
            f"{int(loose.sum())} of the country's figures hold withheld counts (1 to 4 persons each); "
            f"the widest is known to within {wide.max():.1%} of its value"
        )
    return Observed(table[list(COLUMNS)].reset_index(drop=True), tuple(remarks))
