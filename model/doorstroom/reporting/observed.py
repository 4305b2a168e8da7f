"""What was counted in the years before the model starts: history to hold its outcomes against.

Only what the model was built from is shown, never the counts that its hindcast is judged by. Counts have no
interval: they are what was counted.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import GROUPS, TOTAL
from doorstroom.study.compare import Series
from doorstroom.study.manifest import Manifest
from doorstroom.terms import TECHNICAL_PROFILES, Field, Pathway, Profile, Track

YEARS_TO_EXAM = 2
"""From the 1 October of a pupil's year 3 in vmbo to the calendar year of the exam at the end of year 4."""

FIRST_EXAM = 2015
"""Earlier exams were in departments that don't translate well to the profiles of today."""

CANDIDATES = "share among the exam candidates of the same cohort, at its year 3; departments before 2016 translated"
COUNTED = "counted on 1 October"


class History(NamedTuple):
    """Counted values of a series for the country, by the year of their 1 October."""

    years: tuple[int, ...]
    values: tuple[float, ...]
    note: str


def history(manifest: Manifest) -> dict[Series, History]:
    """History by series; empty where a study was made with other inputs than those at hand."""
    inputs = load_inputs()
    if inputs.identity != manifest.inputs:
        return {}
    found = {("vmbo_technique_share", TOTAL): _candidates(inputs.exams)}
    students = inputs.students[inputs.students["field"] != Field.OTHER]
    persons = students["men"] + students["women"]
    counted = {TOTAL: persons}
    counted |= {group: persons[students["level"] == at + 1] for at, group in enumerate(GROUPS["levels"])}
    counted |= {pathway.name.lower(): persons[students["pathway"] == pathway] for pathway in Pathway}
    counted |= {"man": students["men"], "vrouw": students["women"]}
    for group, number in counted.items():
        by_year = number.groupby(students["year"]).sum()
        found["mbo_technique_students", group] = _history(by_year, COUNTED)
    return found


def _candidates(exams: pd.DataFrame) -> History:
    vmbo = exams[exams["track"].isin([Track.BB, Track.KB, Track.GL]) & (exams["exam_year"] >= FIRST_EXAM)]
    technical = vmbo["profile"].isin([*TECHNICAL_PROFILES, Profile.VR_TECHNIEK])
    by_year = vmbo[technical].groupby("exam_year")["candidates"].sum() / vmbo.groupby("exam_year")["candidates"].sum()
    by_year.index = by_year.index - YEARS_TO_EXAM
    return _history(by_year, CANDIDATES)


def _history(by_year: pd.Series, note: str) -> History:
    return History(tuple(int(year) for year in by_year.index), tuple(float(value) for value in by_year), note)
