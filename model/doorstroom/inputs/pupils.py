"""Pupils in secondary education, from the official count by location, school type, profile, year and sex."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.errors import InputError
from doorstroom.inputs import withheld
from doorstroom.inputs.codes import CLASS_KINDS, DEPARTMENTS, TL_SECTORS, TRACKS
from doorstroom.inputs.official import location_codes
from doorstroom.inputs.readers import Counts, Published
from doorstroom.inputs.withheld import Settled, Tally, Totals
from doorstroom.terms import Profile, Track

KEY: Final = ["location", "track", "profile", "class_kind", "year"]
YEARS: Final = range(1, 7)
SEXES: Final = ("men", "women")
MIXED: Final = "0015"  # a year-3 class of havo and vwo together


class Count(NamedTuple):
    """The official count in the model's codes.

    `rows` holds KEY, `code` (official course), men, women: one row per official row and year; `settled` the same
    counts with their bounds, by sex. `bounds` says what is uncertain of the table of pupils, `tally` how much was
    withheld.
    """

    rows: pd.DataFrame
    settled: Mapping[str, Settled]
    bounds: pd.DataFrame
    tally: Tally


def long_count(official: Published, totals: Published | None = None) -> Count:
    """Every pupil of the official count; counts that are withheld are settled, by location totals where given."""
    official.check_once("brin", "location", "type", "sector", "department", "code", "course")
    base = _codes(official)
    cells = {(sex, year): official.counts(f"{sex}{year}") for year in YEARS for sex in SEXES}
    published = Counts.joined(cells.values())
    rows = pd.concat([base] * len(cells), ignore_index=True)
    rows["year"] = np.repeat([year for _, year in cells], len(base))
    sex = np.repeat([SEXES.index(name) for name, _ in cells], len(base))
    settled = withheld.settle(
        published,
        ((rows["track"] * 100 + rows["profile"]) * 10 + rows["year"]).to_numpy(np.int64) * 2 + sex,
        [rows["location"].to_numpy(), rows["code"].to_numpy(), rows["year"].to_numpy(), sex],
        None if totals is None else _location_totals(rows, totals),
    )
    by_sex = {name: settled.of(sex == number) for number, name in enumerate(SEXES)}
    both = rows[sex == 0].assign(**{name: one.value for name, one in by_sex.items()}).reset_index(drop=True)
    bounds = [withheld.bounds("pupils", name, both[KEY], one) for name, one in by_sex.items()]
    return Count(both, by_sex, pd.concat(bounds), withheld.tally(official.path.name, [published], [settled]))


def _codes(official: Published) -> pd.DataFrame:
    """Location, track, profile, class kind and official course of each row."""
    track = official.codes("type", TRACKS)
    profile = official.codes("department", DEPARTMENTS)
    by_sector = (track == Track.TL) & (profile == Profile.NONE)
    profile = np.where(by_sector, official.codes("sector", TL_SECTORS, where=by_sector), profile)
    code = official["code"].str.zfill(4)
    course = official["course"].str.casefold()
    kind = code.map({kind.code: kind.number for kind in CLASS_KINDS})
    kind = kind.fillna(course.map({kind.course.casefold(): kind.number for kind in CLASS_KINDS}))
    lower = track == Track.LOWER
    unknown = kind[lower & kind.isna()]
    if len(unknown):
        row = unknown.index.min()
        allowed = "the code of a lower-year class in codes.CLASS_KINDS"
        raise official.fault(row, "code", f"{code[row]} ({official['course'][row]})", allowed)
    return pd.DataFrame(
        {
            "location": location_codes(official),
            "track": track,
            "profile": profile,
            "class_kind": kind.where(lower, 0).to_numpy(np.int64),
            "code": code.to_numpy(),
        }
    )


def _location_totals(rows: pd.DataFrame, official: Published) -> Totals:
    """Published totals of the pupils at a location, and of those whom it outsources to vavo."""
    official.check_once("brin", "location")
    code = pd.Index(location_codes(official))
    here, vavo = official.counts("pupils"), official.counts("vavo", empty_is_none=True)
    at = code.get_indexer(rows["location"])
    group = np.where(at < 0, -1, at + np.where(rows["track"] == Track.VAVO, len(code), 0))
    return Totals(group, np.concatenate([here.low, vavo.low]), np.concatenate([here.high, vavo.high]))


def pupil_table(count: pd.DataFrame) -> pd.DataFrame:
    """The table of pupils: KEY, men, women; rows without pupils are left out."""
    table = count.groupby(KEY, as_index=False)[list(SEXES)].sum()
    return table[table["men"] + table["women"] > 0].reset_index(drop=True)


def check_totals(table: pd.DataFrame, official: Published) -> dict[str, int]:
    """Totals per track, profile, year and sex, after a check that the official ones allow them.

    The official side is added up anew from the file's own words, apart from `long_count`.
    """
    tracks = {word.casefold(): track for word, track in TRACKS.items()}
    profiles = {word.casefold(): profile for word, profile in DEPARTMENTS.items()}
    sectors = {word.casefold(): profile for word, profile in TL_SECTORS.items()}
    words = ["type", "sector", "department"]
    counts = {(sex, year): official.counts(f"{sex}{year}") for year in YEARS for sex in SEXES}
    allowed: dict[str, list[int]] = {}
    for end in range(2):
        cells = pd.DataFrame({cell: one[end] for cell, one in counts.items()})
        sums = cells.groupby([official[word].str.casefold().to_numpy() for word in words]).sum()
        for (kind, sector, department), row in zip(sums.index, sums.to_dict("records"), strict=True):
            track, profile = tracks[kind], profiles[department]
            if track == Track.TL and profile == Profile.NONE:
                profile = sectors[sector]
            for (sex, year), n in row.items():
                allowed.setdefault(_total_key(track, profile, year, sex), [0, 0])[end] += int(n)
    found = {
        _total_key(Track(track), Profile(profile), year, sex): int(n)
        for (track, profile, year), sums in table.groupby(["track", "profile", "year"])[list(SEXES)].sum().iterrows()
        for sex, n in sums.items()
    }
    wrong = [key for key, (least, most) in allowed.items() if not least <= found.get(key, 0) <= most]
    if wrong or not found.keys() <= allowed.keys():
        told = ", ".join(wrong[:3])
        raise InputError(f"{official.path.name}: the table's totals differ from the official ones for {told}")
    return {key: n for key, n in sorted(found.items()) if n}


def _total_key(track: Track, profile: Profile, year: int, sex: str) -> str:
    return f"{track.name}/{profile.name}/{year}/{sex}"


def vwo_shares(count: pd.DataFrame) -> pd.Series:
    """Share of the year-3 havo/vwo pupils of each location who are on their way to vwo, by location.

    The official course of year 3 tells havo and vwo classes apart. Pupils in a mixed class are split as the
    location's year 4 is, or as the national year 4 where the location has none. Locations without year 3
    havo/vwo get the national share.
    """
    n = (count["men"] + count["women"]).astype(float)
    fourth = (count["year"] == 4) & count["track"].isin((Track.HAVO, Track.VWO))
    vwo4 = n.where(fourth & (count["track"] == Track.VWO), 0.0)
    all4 = n.where(fourth, 0.0)
    by_location = pd.DataFrame({"vwo": vwo4, "all": all4}).groupby(count["location"]).sum()
    national = by_location["vwo"].sum() / by_location["all"].sum()
    split = (by_location["vwo"] / by_location["all"].where(by_location["all"] > 0)).fillna(national)
    third = (count["year"] == 3) & (count["track"] == Track.HAVO_VWO_3)
    is_vwo = np.where(count["code"] == MIXED, count["location"].map(split), ~count["code"].isin(["0300"]))
    sums = pd.DataFrame({"vwo": n.where(third, 0.0) * is_vwo.astype(float), "all": n.where(third, 0.0)})
    sums = sums.groupby(count["location"]).sum()
    share = sums["vwo"] / sums["all"].where(sums["all"] > 0)
    return share.fillna(sums["vwo"].sum() / sums["all"].sum())


def class_kind_table() -> pd.DataFrame:
    """The kinds of lower-year classes: class_kind, name, the tracks they prepare for as 0/1, and lwoo."""
    tracks = (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO)
    return pd.DataFrame(
        [
            {
                "class_kind": kind.number,
                "name": kind.name,
                **{track.name: int(track in kind.tracks) for track in tracks},
                "MAT": int(kind.maritime),
                "lwoo": int(kind.lwoo),
            }
            for kind in CLASS_KINDS
        ]
    )
