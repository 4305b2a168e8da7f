"""What was counted, before the model starts and since: to hold its outcomes against.

Counts have no interval: they are what was counted. Nothing of school year 2023/24 or later is among them: those
counts are kept to judge the model by.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pandas as pd

from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.table import Series
from doorstroom.inputs.observed import observed
from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.outcomes import COLUMN, COUNTRY, GROUPS, TOTAL
from doorstroom.terms import Field, Pathway

COUNTED = "counted"
TRANSLATED = "counted; departments of before 2016 translated to the profiles of today"
_TRANSLATED = ("vmbo_exam_technique", "vmbo_exam_technique_share")


class History(NamedTuple):
    """Counted values of a series, by the year of their 1 October."""

    years: tuple[int, ...]
    values: tuple[float, ...]
    note: str


@cache
def _figures(identity: str) -> pd.DataFrame:
    """All that was counted; empty where a study was made with other inputs than those at hand."""
    inputs = load_inputs()
    if inputs.identity != identity:
        return pd.DataFrame({"region": [], "outcome": [], "group": [], "year": [], "value": []})
    table = observed(inputs)[["region", "outcome", "group", "year", "value"]]
    return pd.concat([table, _students(inputs)], ignore_index=True)


def history(manifest: Manifest, region: int = COUNTRY) -> dict[Series, History]:
    """What was counted in a region or the country, by series."""
    table = _figures(manifest.inputs)
    found = {}
    for (outcome, group), part in table[table["region"] == region].groupby(["outcome", "group"]):
        series = (str(outcome), str(group))
        by_year = part.groupby("year")["value"].last().dropna()
        if series in COLUMN and len(by_year):
            note = TRANSLATED if outcome in _TRANSLATED and by_year.index.min() < 2016 else COUNTED
            values = tuple(float(value) for value in by_year)
            found[series] = History(tuple(int(year) for year in by_year.index), values, note)
    return found


def _students(inputs: Inputs) -> pd.DataFrame:
    """Students of technical courses in mbo."""
    students = inputs.students[inputs.students["field"] != Field.OTHER]
    persons = students["men"] + students["women"]
    counted = {TOTAL: persons}
    counted |= {group: persons[students["level"] == at + 1] for at, group in enumerate(GROUPS["levels"])}
    counted |= {pathway.name.lower(): persons[students["pathway"] == pathway] for pathway in Pathway}
    counted |= {"man": students["men"], "vrouw": students["women"]}
    tables = []
    for group, number in counted.items():
        by_year = number.groupby(students["year"]).sum()
        about = {"region": COUNTRY, "outcome": "mbo_technique_students", "group": group}
        tables.append(pd.DataFrame({"year": by_year.index, "value": by_year.to_numpy(float)}).assign(**about))
    return pd.concat(tables, ignore_index=True)
