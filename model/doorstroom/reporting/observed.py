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
    return _histories(manifest.inputs).get(region, {})


@cache
def _histories(identity: str) -> dict[int, dict[Series, History]]:
    """By region: the last figure of each year."""
    table = _figures(identity)
    known = table[table["value"].notna()]
    last = known.drop_duplicates(["region", "outcome", "group", "year"], keep="last").sort_values("year", kind="stable")
    years: dict[tuple[int, str, str], list[tuple[int, float]]] = {}
    for region, outcome, group, year, value in zip(
        *(last[name].tolist() for name in ("region", "outcome", "group", "year", "value")), strict=True
    ):
        years.setdefault((int(region), str(outcome), str(group)), []).append((int(year), float(value)))
    found: dict[int, dict[Series, History]] = {}
    for (region, outcome, group), told in sorted(years.items()):
        if (outcome, group) in COLUMN:
            note = TRANSLATED if outcome in _TRANSLATED and told[0][0] < 2016 else COUNTED
            by_year, values = zip(*told, strict=True)
            found.setdefault(region, {})[outcome, group] = History(by_year, values, note)
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
