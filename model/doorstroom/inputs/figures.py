"""Observed figures of the model's outcomes by region, out of rows of counts with their bounds.

Rows have region (0 where it isn't known), track, `technical`, value, low and high. What is withheld leaves bounds: a
sum of counts lies between the sums of theirs, and a share between that of few among many others and that of many
among few.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd

from doorstroom.outcomes import COUNTRY, OUTCOMES, TOTAL
from doorstroom.terms import TECHNICAL_PROFILES, Track

LEERWEGEN: Final = {"BB": Track.BB, "KB": Track.KB, "GL": Track.GL}
COLUMNS: Final = ("year", "region", "outcome", "group", "value", "low", "high", "unit", "source")
BOUNDS: Final = ("value", "low", "high")


def of_candidates(parts: Mapping[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Exam candidates of bb, kb and gl and the technical share of tl, by group.

    Parameters
    ----------
    parts : rows with exam_year and sector of everybody (TOTAL) and of each sex
    """
    for exam_year in sorted(parts[TOTAL]["exam_year"].unique()):
        year = int(exam_year) - 1  # of the 1 October of the school year
        for group, rows in parts.items():
            of_year = rows[rows["exam_year"] == exam_year].assign(technical=lambda part: part["sector"] == "techniek")
            vocational = of_year[of_year["track"].isin(LEERWEGEN.values())]
            yield from technique(vocational, year, "vmbo_exam_technique", "vmbo_exam_candidates", group)
            tl = of_year[of_year["track"] == Track.TL]
            yield share(tl).assign(year=year, outcome="tl_technique_share", group=group)
            if group == TOTAL:
                yield from by_leerweg(vocational, year, "vmbo_exam_technique", "vmbo_exam_candidates")


def finished(tables: list[pd.DataFrame], source: str) -> pd.DataFrame:
    """One table with COLUMNS, without shares of nobody."""
    table = pd.concat(tables, ignore_index=True)
    table = table[np.isfinite(table["value"])]
    table["unit"] = table["outcome"].map({name: outcome.unit for name, outcome in OUTCOMES.items()})
    table["source"] = source
    return table[list(COLUMNS)].reset_index(drop=True)


def technique(rows: pd.DataFrame, year: int, chosen: str, everybody: str, group: str) -> Iterator[pd.DataFrame]:
    """Technique, everybody and the share of one group, by region and for the country."""
    for outcome, table in (
        (chosen, sums(rows[rows["technical"]])),
        (everybody, sums(rows)),
        (f"{chosen.removesuffix('_pupils')}_share", share(rows)),
    ):
        yield table.assign(year=year, outcome=outcome, group=group)


def by_leerweg(rows: pd.DataFrame, year: int, chosen: str, everybody: str) -> Iterator[pd.DataFrame]:
    """The same for each leerweg."""
    for name, track in LEERWEGEN.items():
        yield from technique(rows[rows["track"] == track], year, chosen, everybody, name)


def by_profile(rows: pd.DataFrame, year: int, outcome: str) -> Iterator[pd.DataFrame]:
    """Pupils or candidates of each technical profile that is there."""
    for profile in TECHNICAL_PROFILES:
        part = rows[rows["profile"] == profile]
        if len(part):
            yield sums(part).assign(year=year, outcome=outcome, group=profile.name)


def sums(rows: pd.DataFrame) -> pd.DataFrame:
    """Value, low and high by region, and of the country."""
    columns = list(BOUNDS)
    by_region = rows.groupby("region", as_index=False)[columns].sum()
    country = rows[columns].sum().to_frame().T.assign(region=COUNTRY)
    return pd.concat([country, by_region[by_region["region"] != COUNTRY]], ignore_index=True).astype(
        {"region": "int64"}
    )


def share(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of technique among everybody, by region and of the country."""
    some, others = sums(rows[rows["technical"]]), sums(rows[~rows["technical"]])
    regions = sums(rows)["region"]
    some, others = (part.set_index("region").reindex(regions, fill_value=0).astype(float) for part in (some, others))
    made = pd.DataFrame(index=regions)
    for bound, other in zip(BOUNDS, ("value", "high", "low"), strict=True):
        made[bound] = some[bound] / (some[bound] + others[other])
    return made.reset_index()
