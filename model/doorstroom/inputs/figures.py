"""Observed figures of the model's outcomes, out of rows of counts with their bounds.

A row has a region (0 where it isn't known), track, sector, value, low and high, and a profile where one is told. What
is withheld leaves bounds: a sum of counts lies between the sums of theirs, and a share between that of few among many
others and that of many among few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.outcomes import COUNTRY, OUTCOMES, TOTAL
from doorstroom.terms import TECHNICAL_PROFILES, Profile, Track

COLUMNS: Final = ("year", "region", "outcome", "group", "value", "low", "high", "unit", "source")
BOUNDS: Final = ("value", "low", "high")
TECHNIEK, N_T, N_G, OTHER = "techniek", "n_t", "n_g", "other"
"""Sectors that outcomes tell apart: technique in vmbo; N&T, alone or combined, and N&G without N&T in havo and vwo."""
UNKNOWN: Final = "unknown"
"""A sector that isn't on record: where more than a twentieth is, nobody can tell who chose what."""
_FEW: Final = 0.05
SECTOR: Final[dict[int, str]] = {
    **dict.fromkeys((*TECHNICAL_PROFILES, Profile.VR_TECHNIEK, Profile.TL_TECHNIEK), TECHNIEK),
    **dict.fromkeys((Profile.NT, Profile.NT_NG, Profile.NT_CM, Profile.NT_EM), N_T),
    **dict.fromkeys((Profile.NG, Profile.NG_CM, Profile.NG_EM), N_G),
}
"""Sector of a profile; any other is OTHER."""
LEERWEGEN: Final = {"BB": Track.BB, "KB": Track.KB, "GL": Track.GL}
_TL: Final = {"TL": Track.TL}
_HAVO_VWO: Final = {"havo": Track.HAVO, "vwo": Track.VWO}


class Chosen(NamedTuple):
    """Outcomes of who chose some sectors: their number and their share of everybody; empty where there is none."""

    number: str
    share: str
    sectors: tuple[str, ...]


class Schooling(NamedTuple):
    """Tracks that are counted together: groups by name, the outcomes of everybody in them and of those who chose.

    `profiled` are the profiles that are groups of an outcome.
    """

    tracks: Mapping[str, Track]
    everybody: str
    chosen: tuple[Chosen, ...]
    profiled: Mapping[str, tuple[Profile, ...]] = {}


EXAMS: Final = (
    Schooling(
        LEERWEGEN,
        "vmbo_exam_candidates",
        (Chosen("vmbo_exam_technique", "vmbo_exam_technique_share", (TECHNIEK,)),),
        {"vmbo_exam_technique": TECHNICAL_PROFILES},
    ),
    Schooling(_TL, "tl_exam_candidates", (Chosen("tl_exam_technique", "tl_exam_technique_share", (TECHNIEK,)),)),
    Schooling(
        _HAVO_VWO,
        "havo_vwo_exam_candidates",
        (Chosen("nt_exam_candidates", "nt_exam_share", (N_T,)), Chosen("ng_exam_candidates", "ng_exam_share", (N_G,))),
    ),
)
"""Exam candidates."""
THIRD: Final = (
    Schooling(
        LEERWEGEN,
        "vmbo_pupils",
        (Chosen("vmbo_technique_pupils", "vmbo_technique_share", (TECHNIEK,)),),
        {"vmbo_technique_pupils": TECHNICAL_PROFILES},
    ),
)
"""Pupils of year 3."""
FOURTH: Final = (
    Schooling(_TL, "tl_pupils", (Chosen("tl_technique_pupils", "tl_technique_share", (TECHNIEK,)),)),
    Schooling(
        _HAVO_VWO,
        "havo_vwo_pupils",
        (
            Chosen("n_profile_pupils", "n_profile_share", (N_T, N_G)),
            Chosen("nt_pupils", "nt_pupil_share", (N_T,)),
            Chosen("ng_pupils", "ng_pupil_share", (N_G,)),
        ),
    ),
)
"""Pupils of year 4."""
UPPER: Final = (
    Schooling(LEERWEGEN, "vmbo_upper_pupils", (), {"vmbo_upper_pupils": (*TECHNICAL_PROFILES, Profile.DP)}),
)
"""Pupils of years 3 and 4."""


def figures(
    schoolings: Collection[Schooling],
    parts: Mapping[str, pd.DataFrame],
    year: int,
    lacking: Collection[Track] = (),
    *,
    by_region: bool = True,
) -> Iterator[pd.DataFrame]:
    """Every figure that the rows of one year tell.

    Parameters
    ----------
    parts : rows of everybody (TOTAL) and of each sex
    lacking : tracks that the rows don't hold; of tracks that are counted together with them only their own groups
    """
    for schooling in schoolings:
        there = {name: track for name, track in schooling.tracks.items() if track not in lacking}
        whole = len(there) == len(schooling.tracks)
        for who, rows in parts.items():
            picks = {who: [*there.values()]} if whole else {}
            if len(schooling.tracks) > 1:
                picks |= {name if who == TOTAL else f"{name} {who}": [track] for name, track in there.items()}
            for group, tracks in picks.items():
                part = rows[rows["track"].isin(tracks)]
                if part.empty:
                    continue
                for outcome, table in _counted(schooling, part, by_region=by_region):
                    if group in OUTCOMES[outcome].groups:
                        yield table.assign(year=year, outcome=outcome, group=group)
        if whole and "profile" in parts[TOTAL]:
            yield from _by_profile(schooling, parts[TOTAL], year, by_region=by_region)


def finished(tables: list[pd.DataFrame], source: str) -> pd.DataFrame:
    """One table with COLUMNS, without shares of nobody."""
    table = pd.concat([pd.DataFrame(columns=list(COLUMNS)), *tables], ignore_index=True)
    table = table[np.isfinite(table["value"].astype(np.float64))]
    table["unit"] = table["outcome"].map({name: outcome.unit for name, outcome in OUTCOMES.items()})
    table["source"] = source
    kinds = {"year": "int64", "region": "int64", **dict.fromkeys(BOUNDS, "float64")}
    return table[list(COLUMNS)].astype(kinds).reset_index(drop=True)


def sector_of(profile: pd.Series) -> pd.Series:
    """Sector of each profile."""
    return profile.map(SECTOR).fillna(OTHER)


def _counted(schooling: Schooling, rows: pd.DataFrame, *, by_region: bool) -> Iterator[tuple[str, pd.DataFrame]]:
    yield schooling.everybody, _sums(rows, by_region=by_region)
    unknown = rows.loc[rows["sector"] == UNKNOWN, "value"].sum()
    if unknown > _FEW * rows["value"].sum():
        return  # tl before 2018/19
    for number, share, sectors in schooling.chosen:
        chose = rows["sector"].isin(sectors)
        some, others = (_sums(part, by_region=by_region) for part in (rows[chose], rows[~chose]))
        yield number, some
        yield share, _share(some, others)


def _by_profile(schooling: Schooling, rows: pd.DataFrame, year: int, *, by_region: bool) -> Iterator[pd.DataFrame]:
    rows = rows[rows["track"].isin(schooling.tracks.values())]
    for outcome, profiles in schooling.profiled.items():
        for profile in profiles:
            part = rows[rows["profile"] == profile]
            if len(part):
                yield _sums(part, by_region=by_region).assign(year=year, outcome=outcome, group=profile.name)


def _sums(rows: pd.DataFrame, *, by_region: bool) -> pd.DataFrame:
    """Value, low and high of the country, and by region."""
    values = rows[list(BOUNDS)].to_numpy(np.float64)
    region = rows["region"].to_numpy(np.int64) if by_region else np.zeros(len(rows), np.int64)
    there = np.unique(np.append(region, COUNTRY))
    sums = np.zeros((len(there), len(BOUNDS)))
    np.add.at(sums, np.searchsorted(there, region), values)
    sums[0] = values.sum(axis=0)  # what lies in no region counts for the country
    return pd.DataFrame(sums, columns=list(BOUNDS)).assign(region=there)


def _share(some: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Share of some among them and the others, region by region."""
    regions = np.union1d(some["region"], others["region"])
    above, rest = np.zeros((len(regions), len(BOUNDS))), np.zeros((len(regions), len(BOUNDS)))
    for part, of in ((some, above), (others, rest)):
        of[np.searchsorted(regions, part["region"])] = part[list(BOUNDS)]
    whole = above + rest[:, [0, 2, 1]]  # few among many others, and many among few
    share = np.divide(above, whole, out=np.full_like(above, np.nan), where=whole > 0)
    return pd.DataFrame(share, columns=list(BOUNDS)).assign(region=regions)
