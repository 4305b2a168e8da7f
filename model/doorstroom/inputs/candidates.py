"""Exam candidates and passes by location, sector and sex: DUO's five-year files of the older and the newer form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.errors import InputError, explain, nearest
from doorstroom.inputs import official as files
from doorstroom.inputs import withheld
from doorstroom.inputs.codes import SCHOOL_TYPES
from doorstroom.inputs.figures import N_G, N_T, OTHER
from doorstroom.inputs.official import location_codes
from doorstroom.inputs.readers import Counts, Published, read
from doorstroom.inputs.withheld import Settled, Tally, Totals
from doorstroom.terms import Sex, Track

SEXES: Final = {"man": Sex.MAN, "vrouw": Sex.VROUW}
UNKNOWN: Final = "onbekend"
LEERWEG: Final = {"LWT": Track.BB, "B": Track.BB, "K": Track.KB, "G": Track.GL, "T": Track.TL}
"""Leerweg in the name of a vmbo course; the learn-work route (lwt) belongs to bb."""
SECTORS: Final = {
    "techniek": "techniek",
    "economie": "economie",
    "zorg en welzijn": "zorg",
    "zorg & welzijn": "zorg",
    "landbouw": "groen",
    "groen": "groen",
    "intersectoraal": "intersectoraal",
    "": "unknown",  # tl without a sector on record
}
VMBO_COURSES: Final = {
    f"VMBO {path} - {word}".removesuffix(" - "): (int(track), sector)
    for path, track in LEERWEG.items()
    for word, sector in SECTORS.items()
}
"""Track and sector of a vmbo course by its official name."""
KEY: Final = ["exam_year", "track", "sector", "sex"]
WHAT: Final = ("candidates", "passed")


class CandidateCount(NamedTuple):
    """Candidates by location, course, exam year and sex, in the model's codes.

    `rows` holds location, KEY and the values, low and high of WHAT: candidates, candidates_low, ..., passed_high;
    `both` the same for all sexes together, whose bounds are narrower where the file has totals. `bounds` says what is
    uncertain of the table of exams by sex; `tallies` and `remarks` are for the user.
    """

    rows: pd.DataFrame
    both: pd.DataFrame
    bounds: pd.DataFrame
    tallies: tuple[Tally, ...]
    remarks: tuple[str, ...]


def read_candidates(path: Path) -> CandidateCount:
    """The candidates of one official file, such as examenkandidaten-en-geslaagden-2014-2019.csv."""
    return candidate_count([read(path, files.CANDIDATES)])


def candidate_count(official: Sequence[Published]) -> CandidateCount:
    """Candidates of all files; a year that stands in several is taken from the file that ends last."""
    rows, both, bounds, tallies, remarks = [], [], [], [], []
    taken: dict[str, str] = {}
    for file in sorted(official, key=lambda file: (file.last or 0, file.path.name), reverse=True):
        years = sorted({name.rpartition("_")[2] for name in file.headings if name.startswith("candidates_")})
        if twice := [year for year in years if year in taken]:
            remarks.append(f"exams of {', '.join(twice)} were taken from {taken[twice[0]]}, not from {file.path.name}")
        if strange := _new_sectors(file):
            remarks.append(f"{file.path.name}: sectors that were not there before count as other: {strange}")
        published, settled = [], []
        for year in [year for year in years if year not in taken]:
            taken[year] = file.path.name
            part = _year(file, year)
            published += part.published
            settled += part.settled
            rows.append(part.rows)
            both.append(part.both)
            by_what = zip(WHAT, part.settled, strict=True)
            bounds += [withheld.bounds("exams_sex", what, part.rows[KEY], one.of(part.known)) for what, one in by_what]
            remarks += part.remarks
        tallies.append(withheld.tally(file.path.name, published, settled))
    return CandidateCount(
        pd.concat(rows, ignore_index=True),
        pd.concat(both, ignore_index=True),
        pd.concat(bounds),
        tuple(tallies),
        tuple(remarks),
    )


def sector_table(count: CandidateCount, regions: pd.Series) -> pd.DataFrame:
    """Candidates by exam year, region, track and sector, both sexes and each, with their bounds.

    Parameters
    ----------
    regions : region number by location code; a location that is gone lies in the region of another of its institution,
        or where that is gone too in region 0
    """
    key = ["exam_year", "region", "track", "sector"]
    parts = {"candidates": count.both}
    parts |= {
        name: count.rows[count.rows["sex"] == sex] for name, sex in zip(("men", "women"), SEXES.values(), strict=True)
    }
    columns = []
    for name, rows in parts.items():
        named = {f"candidates{end}": f"{name}{end}" for end in ("", "_low", "_high")}
        placed = rows.assign(region=place(rows["location"], regions)).rename(columns=named)
        columns.append(placed.groupby(key)[list(named.values())].sum())
    table = pd.concat(columns, axis=1).fillna(0).reset_index()
    return table[table["candidates_high"] > 0].reset_index(drop=True)


def place(locations: pd.Series, regions: pd.Series) -> pd.Series:
    """Region of each location: its own, that of another location of its institution, or 0 where neither is known."""
    sibling = regions.groupby(regions.index.str[:4]).first()
    return locations.map(regions).fillna(locations.str[:4].map(sibling)).fillna(0).astype("int64")


def exam_sex_table(rows: pd.DataFrame) -> pd.DataFrame:
    """National candidates and passes by exam year, track, sector and sex."""
    table = rows.groupby(KEY, as_index=False)[list(WHAT)].sum()
    return table[table["candidates"] > 0].reset_index(drop=True)


class _Year(NamedTuple):
    """One exam year of a file; `known` marks the counts whose sex is known, which `rows` holds."""

    rows: pd.DataFrame
    both: pd.DataFrame
    published: list[Counts]
    settled: list[Settled]
    known: np.ndarray
    remarks: list[str]


def _year(official: Published, year: str) -> _Year:
    course = _courses(official)
    who = _who(official, year)
    published = [_counts(official, what, who, year) for what in WHAT]
    candidates, passed, wrong = withheld.nested(*published)
    if wrong.any():
        sex, row = divmod(int(np.flatnonzero(wrong)[0]), len(course))
        column = f"passed_{who[sex]}_{year}"
        found = official[column].iloc[row]
        raise official.fault(
            official.table.index[row], column, found, f"at most the {candidates.high[wrong][0]} candidates"
        )
    at = pd.concat([course.assign(exam_year=int(year), sex=number) for number, _ in enumerate(who)], ignore_index=True)
    settled: list[Settled] = []
    totals = {what: _totals(official, what, len(who), year) for what in WHAT}
    for what, counts in zip(WHAT, (candidates, passed), strict=True):
        settled.append(
            withheld.settle(
                counts,
                (at["track"] * 10 + at["sex"]).to_numpy(np.int64),
                [np.full(len(at), f"{what} {year}"), *(at[name].to_numpy() for name in ("location", "course", "sex"))],
                totals[what],
                Counts(passed.low, settled[0].value) if settled else None,
            )
        )
    known = (at["sex"] < len(SEXES)).to_numpy()
    values = _named({what: one.of(known) for what, one in zip(WHAT, settled, strict=True)})
    rows = at[known].drop(columns="course").assign(**values)
    together = {what: _together(one, len(course), totals[what]) for what, one in zip(WHAT, settled, strict=True)}
    both = course.drop(columns="course").assign(exam_year=int(year), **_named(together))
    unknown = int(settled[0].value[~known].sum())
    remark = f"{official.path.name}: {unknown} candidates of {year} whose sex is unknown are left out of exams by sex"
    return _Year(rows, both, published, settled, known, [remark] * (unknown > 0))


def _named(settled: Mapping[str, Settled]) -> dict[str, np.ndarray]:
    """Columns of values, low and high."""
    ends = (("", "value"), ("_low", "low"), ("_high", "high"))
    return {f"{what}{end}": getattr(one, part) for what, one in settled.items() for end, part in ends}


def _together(one: Settled, rows: int, total: Totals | None) -> Settled:
    """Both sexes of each row, within the published total where there is one that fits."""
    value, low, high, basis = (part.reshape(-1, rows) for part in (one.value, one.low, one.high, one.basis))
    value, low, high, basis = value.sum(axis=0), low.sum(axis=0), high.sum(axis=0), basis.max(axis=0)
    if total is not None:
        fits = (total.low <= value) & (value <= total.high)
        low, high = (
            np.where(fits, np.maximum(low, total.low), low),
            np.where(fits, np.minimum(high, total.high), high),
        )
    return Settled(value, low, high, basis)


def _who(official: Published, year: str) -> list[str]:
    """The sexes that a year has columns for; the older form has one for unknown."""
    who = [*SEXES, *([UNKNOWN] if f"candidates_{UNKNOWN}_{year}" in official.headings else [])]
    for what, word in ((what, word) for word in who for what in WHAT):
        if f"{what}_{word}_{year}" not in official.headings:
            heading = {"candidates": "EXAMENKANDIDATEN", "passed": "GESLAAGDEN"}[what]
            allowed = f"a column '{heading} SCHOOLJAAR {int(year) - 1}-{year} - {word.upper()}'"
            raise InputError(explain(official.path.name, "heading", "no such column", allowed))
    return who


def _counts(official: Published, what: str, who: Sequence[str], year: str) -> Counts:
    return Counts.joined(official.counts(f"{what}_{word}_{year}", empty_is_none=True) for word in who)


def _totals(official: Published, what: str, sexes: int, year: str) -> Totals | None:
    name = f"{what}_totaal_{year}"
    if name not in official.headings:
        return None
    total = official.counts(name, empty_is_none=True)
    return Totals(np.tile(np.arange(len(total.low)), sexes), total.low, total.high)


def _courses(official: Published) -> pd.DataFrame:
    """Location, course, track and sector of each row."""
    official.check_once("brin", "location", "course")
    text = official["course"].str.casefold()
    known = {course.casefold(): meaning for course, meaning in VMBO_COURSES.items()}
    for course in text.unique():
        kind, _, sector = course.partition(" - ")
        if kind.upper() in ("HAVO", "VWO"):
            known[course] = (int(SCHOOL_TYPES[kind.upper()]), _nature(sector))
        elif course not in known and kind in known and nearest(sector, SECTORS) is None:
            known[course] = (known[kind][0], OTHER)  # a sector that is new, not one that is misspelt
    wrong = text[~text.isin(known)]
    if len(wrong):
        row = wrong.index.min()
        allowed = "such as 'VMBO B - techniek' or 'HAVO - N&T'"
        raise official.fault(row, "course", official["course"][row], allowed, tuple(VMBO_COURSES))
    return pd.DataFrame(
        {
            "location": location_codes(official),
            "course": text.to_numpy(),
            "track": [known[course][0] for course in text],
            "sector": [known[course][1] for course in text],
        }
    )


def _nature(sector: str) -> str:
    """The sector of a profile of havo or vwo."""
    return N_T if "n&t" in sector else N_G if "n&g" in sector else OTHER


def _new_sectors(official: Published) -> str:
    """Vmbo courses of a sector that is new."""
    known = [course.casefold() for course in VMBO_COURSES]
    text = official["course"].str.casefold()
    return ", ".join(sorted(set(official["course"][text.str.startswith("vmbo") & ~text.isin(known)])))
