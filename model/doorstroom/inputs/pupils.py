"""Pupils in secondary education, from the official count by location, school type, profile, year and sex."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from doorstroom.errors import InputError
from doorstroom.inputs.codes import CLASS_KINDS, DEPARTMENTS, TL_SECTORS, TRACKS
from doorstroom.inputs.readers import counts, translate
from doorstroom.terms import Profile, Track

KEY: Final = ["location", "track", "profile", "class_kind", "year"]
FILE: Final = "leerlingen-vo"
MIXED: Final = "0015"  # a year-3 class of havo and vwo together


def long_count(official: pd.DataFrame) -> pd.DataFrame:
    """The official count in the model's codes, one row per row and year: KEY, code (official course), men, women.

    Parameters
    ----------
    official : columns of `official.PUPILS`, as text
    """
    track = translate(official["type"], TRACKS, FILE)
    profile = translate(official["department"], DEPARTMENTS, FILE)
    sector = translate(official["sector"].where(track == Track.TL, ""), TL_SECTORS, FILE)
    profile = np.where((track == Track.TL) & (profile == Profile.NONE), sector, profile)
    kinds = {kind.code: kind.number for kind in CLASS_KINDS}
    lower = track == Track.LOWER
    kind = official["code"].where(lower).map(kinds)
    unknown = official[lower & kind.isna()]
    if len(unknown):
        code, course = unknown.iloc[0][["code", "course"]]
        raise InputError(f"{FILE}: ELEMENTCODE: found {code!r} ({course}), a class kind that codes.py doesn't know")
    base = pd.DataFrame(
        {
            "location": official["brin"] + official["suffix"].str.zfill(2).str[-2:],
            "track": track,
            "profile": profile,
            "class_kind": kind.fillna(0).astype("int64"),
            "code": official["code"],
        }
    )
    years = [
        base.assign(year=year, men=counts(official[f"men{year}"], FILE), women=counts(official[f"women{year}"], FILE))
        for year in range(1, 7)
    ]
    return pd.concat(years, ignore_index=True)


def pupil_table(count: pd.DataFrame) -> pd.DataFrame:
    """The table of pupils: KEY, men, women; rows without pupils are left out."""
    table = count.groupby(KEY, as_index=False)[["men", "women"]].sum()
    return table[table["men"] + table["women"] > 0].reset_index(drop=True)


def check_totals(table: pd.DataFrame, official: pd.DataFrame) -> dict[str, int]:
    """Totals per track, profile, year and sex, after a check that the table has exactly the official ones.

    The official side is added up anew from the file's own words, apart from `long_count`.
    """
    columns = [f"{sex}{year}" for year in range(1, 7) for sex in ("men", "women")]
    words = official[["type", "sector", "department"]].assign(
        **{c: pd.to_numeric(official[c]).astype("int64") for c in columns}
    )
    expected: dict[str, int] = {}
    for (kind, sector, department), row in words.groupby(["type", "sector", "department"])[columns].sum().iterrows():
        track = TRACKS[kind]
        profile = DEPARTMENTS.get(department, Profile.NONE)
        if track == Track.TL and profile == Profile.NONE:
            profile = TL_SECTORS[sector]
        for year in range(1, 7):
            for sex in ("men", "women"):
                key = f"{track.name}/{profile.name}/{year}/{sex}"
                expected[key] = expected.get(key, 0) + int(row[f"{sex}{year}"])
    expected = {key: n for key, n in sorted(expected.items()) if n}
    found: dict[str, int] = {}
    for cell in table.groupby(["track", "profile", "year"], as_index=False)[["men", "women"]].sum().itertuples():
        for sex in ("men", "women"):
            key = f"{Track(cell.track).name}/{Profile(cell.profile).name}/{cell.year}/{sex}"
            found[key] = int(getattr(cell, sex))
    found = {key: n for key, n in sorted(found.items()) if n}
    if found != expected:
        wrong = sorted(key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key))
        raise InputError(f"{FILE}: totals differ from the official ones for {', '.join(wrong[:3])}")
    return found


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
