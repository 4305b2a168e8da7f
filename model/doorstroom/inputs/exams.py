"""Exam candidates and passes, by region and profile and nationally by sex."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.inputs.codes import HAVO_VWO_PROFILES, LEERWEGEN, OLD_DEPARTMENTS, TL_SECTORS, VMBO_DEPARTMENTS
from doorstroom.inputs.places import Towns, plain_name
from doorstroom.inputs.readers import counts, translate
from doorstroom.inputs.regions import NearestRegion
from doorstroom.terms import Sex, Track

FILE: Final = "vo_examens_per_afdeling"
SEX_FILE: Final = "examenkandidaten-en-geslaagden"
EXAM_YEARS: Final = range(2015, 2020)
_PATHS: Final = {"LWT": Track.BB, "B": Track.BB, "K": Track.KB, "G": Track.GL, "T": Track.TL}
_SECTORS: Final = {
    "techniek": "techniek",
    "economie": "economie",
    "zorg en welzijn": "zorg",
    "zorg & welzijn": "zorg",
    "landbouw": "groen",
    "intersectoraal": "intersectoraal",
    "": "unknown",  # tl without a sector on record
}


def exam_table(official: pd.DataFrame, region: pd.Series) -> pd.DataFrame:
    """Candidates and passes by region, track, profile and exam year.

    `mapped` is 'official' where the file names a present profile or sector, 'ours' where `OLD_DEPARTMENTS`
    translates a department of before 2016.

    Parameters
    ----------
    official : columns of `official.EXAMS`, as text
    region : region number per row, from `exam_regions`
    """
    leerweg = official["leerweg"].where(official["leerweg"] != "", official["type"])
    track = translate(leerweg.rename("leerweg"), LEERWEGEN, FILE)
    department = official["department"].str.casefold()
    old = {name.casefold(): code for name, code in OLD_DEPARTMENTS.items()}
    present = {name.casefold(): code for name, code in (VMBO_DEPARTMENTS | HAVO_VWO_PROFILES).items()}
    tl = track == Track.TL
    sector = translate(official["sector"].where(tl, ""), TL_SECTORS, FILE)
    code = department.map(
        {**{name: int(c) for name, c in old.items()}, **{name: int(c) for name, c in present.items()}}
    )
    unknown = official.loc[~tl & code.isna(), "department"]
    if len(unknown):
        raise InputError(explain(FILE, "afdeling", unknown.iloc[0], "a department in codes.py", (*old, *present)))
    table = pd.DataFrame(
        {
            "region": region.to_numpy(),
            "track": track,
            "profile": np.where(tl, sector, code.fillna(0)).astype(np.int64),
            "mapped": np.where(~tl & department.isin(list(old)), "ours", "official"),
            "exam_year": counts(official["exam_year"], FILE),
            "candidates": counts(official["candidates"], FILE),
            "passed": counts(official["passed"], FILE),
        }
    )
    keys = ["region", "track", "profile", "mapped", "exam_year"]
    return table.groupby(keys, as_index=False)[["candidates", "passed"]].sum()


def exam_regions(
    official: pd.DataFrame,
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
    at_location, at_municipality : region number by location code, and by plain municipality name
    """
    unique = official[["location", "brin", "municipality_name"]].drop_duplicates().copy()
    name = unique["municipality_name"].map(plain_name)
    former = postcodes.groupby(postcodes["municipality_name"].map(plain_name))[["lat", "lon"]].mean()
    by_name: dict[str, int] = {}
    for key, raw in zip(name, unique["municipality_name"], strict=True):
        if key in former.index:
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
        raise InputError(f"{FILE}: location {row['location']} ({row['municipality_name']}) can't be placed")
    placed = official.merge(unique, on=["location", "brin", "municipality_name"], how="left")
    n = pd.Series(counts(official["candidates"], FILE))
    by_way = n.groupby(placed["way"]).sum()
    return placed["region"].astype("int64"), {f"exam_candidates_by_{way}": int(v) for way, v in by_way.items()}


def exam_sex_table(official: pd.DataFrame) -> pd.DataFrame:
    """National candidates and passes by exam year, track, sector and sex.

    Sectors: techniek, economie, zorg, groen, intersectoraal, unknown for vmbo; n_profile (a nature profile, alone
    or in a combination) and other for havo and vwo. Learn-work routes (lwt) count as bb.
    """
    rows = []
    courses = official["course"]
    for course in sorted(courses.unique()):
        kind, _, rest = course.partition(" ")
        if kind == "VMBO":
            path, _, sector_word = rest.partition(" - ")
            track, sector = _PATHS.get(path), _SECTORS.get(sector_word)
        else:
            track, sector = LEERWEGEN.get(kind), "n_profile" if "N&" in rest else "other"
        if track is None or sector is None:
            raise InputError(f"{SEX_FILE}: OPLEIDINGSNAAM: found {course!r}; allowed: such as 'VMBO B - techniek'")
        at = official[courses == course]
        for year in EXAM_YEARS:
            for sex, word in ((Sex.MAN, "men"), (Sex.VROUW, "women")):
                candidates = int(counts(at[f"candidates_{word}_{year}"], SEX_FILE).sum())
                passed = int(counts(at[f"passed_{word}_{year}"], SEX_FILE).sum())
                rows.append((year, int(track), sector, int(sex), candidates, passed))
    keys = ["exam_year", "track", "sector", "sex"]
    table = pd.DataFrame(rows, columns=[*keys, "candidates", "passed"])
    table = table.groupby(keys, as_index=False)[["candidates", "passed"]].sum()
    return table[table["candidates"] > 0].reset_index(drop=True)
