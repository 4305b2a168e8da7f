"""Exam candidates and passes by location and department, added up to regions and profiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.errors import InputError
from doorstroom.inputs import withheld
from doorstroom.inputs.codes import (
    HAVO_VWO_PROFILES,
    LEERWEGEN,
    OLD_DEPARTMENTS,
    SCHOOL_TYPES,
    TL_SECTORS,
    VMBO_DEPARTMENTS,
)
from doorstroom.inputs.official import location_codes
from doorstroom.inputs.places import Towns, plain_name
from doorstroom.inputs.readers import Counts, Published
from doorstroom.inputs.regions import NearestRegion
from doorstroom.inputs.withheld import Settled, Tally, Totals
from doorstroom.terms import Track

KEY: Final = ["region", "track", "profile", "mapped", "exam_year"]
WHAT: Final = ("candidates", "passed")
OURS, OFFICIAL = "ours", "official"


class ExamCount(NamedTuple):
    """Candidates and passes, one row per official row: exam_year, location, brin, municipality_name, track, profile,
    mapped, candidates, passed; `settled` their bounds; `tallies` and `remarks` for the user."""

    rows: pd.DataFrame
    settled: tuple[Settled, Settled]
    tallies: tuple[Tally, ...]
    remarks: tuple[str, ...]


def exam_count(files: Sequence[Published], candidates: pd.DataFrame | None = None) -> ExamCount:
    """Candidates of all files; a year that stands in DUO's own file of that year is taken from there.

    Parameters
    ----------
    candidates : `both` of `CandidateCount`; its sums by location and track help to settle what is withheld
    """
    parts, remarks = [], []
    taken: dict[int, str] = {}
    for official in sorted(files, key=lambda file: "exam_year" in file.headings):
        year = _exam_years(official)
        twice = sorted(set(year) & set(taken))
        if twice:
            years = ", ".join(map(str, twice))
            remarks.append(f"exams of {years} were taken from {taken[twice[0]]}, not from {official.path.name}")
        use = ~np.isin(year, twice)
        if use.any():
            parts.append(_part(official, year, use, candidates))
        taken |= dict.fromkeys(year[use].tolist(), official.path.name)
    return ExamCount(
        pd.concat([part.rows for part in parts], ignore_index=True),
        (Settled.joined([part.settled[0] for part in parts]), Settled.joined([part.settled[1] for part in parts])),
        tuple(tally for part in parts for tally in part.tallies),
        tuple(remarks),
    )


def exam_table(rows: pd.DataFrame, region: pd.Series) -> pd.DataFrame:
    """Candidates and passes by region, track, profile and exam year.

    `mapped` is 'official' where the file names a present profile or sector, 'ours' where `OLD_DEPARTMENTS`
    translates a department of before 2016.

    Parameters
    ----------
    region : region number per row, from `exam_regions`
    """
    return rows.assign(region=region).groupby(KEY, as_index=False)[list(WHAT)].sum()


def exam_bounds(count: ExamCount, region: pd.Series) -> pd.DataFrame:
    """What is uncertain of the table of exams."""
    keys = count.rows.assign(region=region)[KEY]
    return pd.concat([withheld.bounds("exams", what, keys, one) for what, one in zip(WHAT, count.settled, strict=True)])


def exam_regions(
    rows: pd.DataFrame,
    at_location: pd.Series,
    at_municipality: pd.Series,
    postcodes: pd.DataFrame,
    towns: Towns,
    nearest: NearestRegion,
) -> tuple[pd.Series, dict[str, int]]:
    """Region of each exam row, and the candidates placed by each way.

    In this order: the location's own region; that of its municipality by name; that of the town or former
    municipality of that name; that of any other location of the institution.

    Parameters
    ----------
    rows : of `ExamCount`
    at_location, at_municipality : region number by location code, and by plain municipality name
    """
    unique = rows[["location", "brin", "municipality_name"]].drop_duplicates().copy()
    name = unique["municipality_name"].map(plain_name)
    former = postcodes.groupby(postcodes["municipality_name"].map(plain_name))[["lat", "lon"]].mean()
    by_name: dict[str, int] = {}
    for key, raw in zip(name, unique["municipality_name"], strict=True):
        if key and key in former.index:
            by_name[key] = int(nearest(former.loc[[key], "lat"], former.loc[[key], "lon"])[0])
        elif key and raw in towns:
            lat, lon = towns.place(raw)
            by_name[key] = int(nearest(pd.Series([lat]), pd.Series([lon]))[0])
    by_brin = at_location.groupby(at_location.index.str[:4]).first()
    ways = {
        "location": unique["location"].map(at_location),
        "municipality": name.map(at_municipality),
        "former municipality or town": name.map(by_name),
        "institution": unique["brin"].map(by_brin),
    }
    unique["region"], unique["way"] = np.nan, ""
    for way, region in ways.items():
        fill = unique["region"].isna() & region.notna()
        unique.loc[fill, "region"], unique.loc[fill, "way"] = region[fill], way
    if unique["region"].isna().any():
        row = unique[unique["region"].isna()].iloc[0]
        raise InputError(
            f"exam files: location {row['location']} ({row['municipality_name'] or 'no municipality'}): neither it nor "
            "its municipality nor another location of its institution is in the files of locations and postcodes"
        )
    placed = rows.merge(unique, on=["location", "brin", "municipality_name"], how="left")
    by_way = placed.groupby("way")["candidates"].sum()
    return placed["region"].astype("int64"), {way: int(by_way.get(way, 0)) for way in ways}


def _exam_years(official: Published) -> np.ndarray:
    """Exam year of each row, from its column or from the file's name."""
    if "exam_year" in official.headings:
        return official["exam_year"].astype("int64").to_numpy()
    return np.full(len(official.table), official.last)


def _part(official: Published, year: np.ndarray, use: np.ndarray, other: pd.DataFrame | None) -> ExamCount:
    """The rows of one file whose year is used, with their counts settled: candidates first, then who passed."""
    once = ["brin", "location", "type", "leerweg", "sector", "department"]
    official.check_once(*(["exam_year"] if "exam_year" in official.headings else []), *once)
    rows = _codes(official).assign(exam_year=year)
    published = [official.counts(what) for what in WHAT]
    candidates, passed, wrong = withheld.nested(*published)
    if wrong.any():
        row = official.table.index[wrong].min()
        allowed = f"at most the {official['candidates'][row]} candidates"
        raise official.fault(row, "passed", official["passed"][row], allowed)
    failed = official.counts("failed")
    names = [rows[name].to_numpy() for name in ("exam_year", "location", "track", "department")]
    strata = (rows["exam_year"] * 100 + rows["track"]).to_numpy(np.int64)

    def settle(what: str, counts: Counts, within: Counts | None = None) -> Settled:
        totals = None if other is None else _location_totals(rows, other, what)
        return withheld.settle(counts, strata, [np.full(len(rows), what), *names], totals, within)

    # who didn't pass failed: each count narrows the other two
    candidates = _overlap(candidates, Counts(passed.low + failed.low, passed.high + failed.high))
    passed = _overlap(passed, Counts(candidates.low - failed.high, candidates.high - failed.low))
    first = settle("candidates", candidates)
    second = settle("passed", passed, _overlap(passed, Counts(first.value - failed.high, first.value - failed.low)))
    tally = withheld.tally(official.path.name, published, [first, second])
    return ExamCount(
        rows[use].assign(candidates=first.value[use], passed=second.value[use]).drop(columns="department"),
        (first.of(use), second.of(use)),
        (tally,),
        (),
    )


def _overlap(one: Counts, other: Counts) -> Counts:
    """Bounds that hold for both, or those of the first where they contradict."""
    low, high = np.maximum(one.low, other.low), np.minimum(one.high, other.high)
    agree = low <= high
    return Counts(np.where(agree, low, one.low), np.where(agree, high, one.high))


def _location_totals(rows: pd.DataFrame, other: pd.DataFrame, what: str) -> Totals:
    """Sums by location, track and exam year from the file by sector and sex, for the years that it holds."""
    by = ["location", "track", "exam_year"]
    sums = other.groupby(by)[[f"{what}_low", f"{what}_high"]].sum()
    group = sums.index.get_indexer(pd.MultiIndex.from_frame(rows[by]))
    return Totals(group, sums[f"{what}_low"].to_numpy(np.int64), sums[f"{what}_high"].to_numpy(np.int64))


def _codes(official: Published) -> pd.DataFrame:
    """Location, municipality, track, profile and how the profile was found."""
    vmbo = official.codes("type", SCHOOL_TYPES) < 0
    track = np.where(vmbo, official.codes("leerweg", LEERWEGEN, where=vmbo), official.codes("type", SCHOOL_TYPES))
    tl = track == Track.TL
    sector = official.codes("sector", TL_SECTORS, where=tl)
    departments = {**OLD_DEPARTMENTS, **VMBO_DEPARTMENTS, **HAVO_VWO_PROFILES}
    profile = official.codes("department", departments, where=~tl)
    old = official["department"].str.casefold().isin([name.casefold() for name in OLD_DEPARTMENTS])
    return pd.DataFrame(
        {
            "location": location_codes(official),
            "brin": official["brin"].to_numpy(),
            "municipality_name": official["municipality_name"].to_numpy(),
            "track": track,
            "profile": np.where(tl, sector, profile),
            "mapped": np.where(~tl & old, OURS, OFFICIAL),
            "department": official["department"].to_numpy(),
        }
    )
