"""What was counted in the years before the model starts: history to hold its outcomes against.

Only what the model was built from is shown, never the counts that its hindcast is judged by. Counts have no
interval: they are what was counted.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import GROUPS, TOTAL
from doorstroom.study.manifest import Manifest
from doorstroom.study.table import Series
from doorstroom.terms import TECHNICAL_PROFILES, Field, Pathway, Profile, Track

FIRST_EXAM = 2015
"""Earlier exams were in departments that don't translate well to the profiles of today."""

COUNTED = "counted"
TRANSLATED = "counted; departments of before 2016 translated to the profiles of today"


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
    found = _exams(inputs.exams)
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


def _exams(exams: pd.DataFrame) -> dict[Series, History]:
    """Exam candidates of bb, kb and gl, by the 1 October of their exam year's school year."""
    vmbo = exams[exams["track"].isin([Track.BB, Track.KB, Track.GL]) & (exams["exam_year"] >= FIRST_EXAM)]
    technical = vmbo["profile"].isin([*TECHNICAL_PROFILES, Profile.VR_TECHNIEK])
    everybody, some = (part.groupby(part["exam_year"] - 1)["candidates"].sum() for part in (vmbo, vmbo[technical]))
    return {
        ("vmbo_exam_candidates", TOTAL): _history(everybody, COUNTED),
        ("vmbo_exam_technique", TOTAL): _history(some, TRANSLATED),
        ("vmbo_exam_technique_share", TOTAL): _history(some / everybody, TRANSLATED),
    }


def _history(by_year: pd.Series, note: str) -> History:
    return History(tuple(int(year) for year in by_year.index), tuple(float(value) for value in by_year), note)
