"""What has been observed of the model's outcomes: exams by region, and what monitors say of the country.

Exam candidates are those of an input set. Figures of the country since the count of October 2019, by Monitor
Techniekpact, platforms of the profiles and CBS, come with the package (`data/monitors`): each with its source, and with
the bounds that its rounding leaves. None is of a school year after 2022/23: later ones judge the model.

A year is that of the 1 October of its school year: the exams of 2019/20 are of 2019.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import pandas as pd

from doorstroom.inputs.figures import BOUNDS, COLUMNS, EXAMS, figures, finished
from doorstroom.inputs.sets import Inputs
from doorstroom.outcomes import TOTAL

_EXAMS = "DUO, examenkandidaten en geslaagden vo (CC0)"
_GROUPS = {TOTAL: "candidates", "man": "men", "vrouw": "women"}


def observed(inputs: Inputs) -> pd.DataFrame:
    """All of it: columns of `figures.COLUMNS`, region 0 the country, low and high equal to value where it is exact."""
    return pd.concat([observed_exams(inputs), monitors()], ignore_index=True)


@lru_cache(maxsize=2)
def observed_exams(inputs: Inputs) -> pd.DataFrame:
    """Exam candidates by region and of the country, for every exam year that the set knows by sector and sex.

    The table is shared between callers: don't change it in place.
    """
    table = inputs.exams_sector
    parts = {
        group: table.rename(
            columns={f"{who}{end}": bound for end, bound in zip(("", "_low", "_high"), BOUNDS, strict=True)}
        )
        for group, who in _GROUPS.items()
    }
    tables: list[pd.DataFrame] = []
    for exam_year in sorted(table["exam_year"].unique()):
        of_year = {group: rows[rows["exam_year"] == exam_year] for group, rows in parts.items()}
        tables += figures(EXAMS, of_year, int(exam_year) - 1)
    return finished(tables, _EXAMS)


@lru_cache
def monitors() -> pd.DataFrame:
    """Figures of the country that monitors, platforms and CBS state."""
    file = resources.files("doorstroom.inputs") / "data" / "monitors" / "country.csv"
    with file.open(encoding="utf-8") as text:
        table = pd.read_csv(text, dtype={"group": str}, keep_default_na=False)
    return table.assign(region=0)[list(COLUMNS)]
