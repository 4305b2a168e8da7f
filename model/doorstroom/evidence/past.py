"""What was known of every series at the start of a forecast, for the forecasts that need no model.

Two starts. `known_2019`, autumn 2019: exams up to 2018/19, the count of 1 October 2019, students of 2015-2019, and for
a constant share the official forecast of year 3 of the time, which ran to 2020. `known_2022`: everything that is
observed up to school year 2022/23. The fits of the model by these names know the same.

A series of which one figure is known has no changes of its own to tell how it moves; its changes are those that the
exams of the same pupils had, in proportion.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.evidence.exam_module import observed_course
from doorstroom.evidence.rolling import REGIONS, series_of_course
from doorstroom.fits import Fit
from doorstroom.inputs.exam_history import YEAR_3, YEAR_3_TL_HAVO_VWO, YEARS, load_exam_history
from doorstroom.inputs.figures import FOURTH, LEERWEGEN, THIRD, UPPER, Schooling, figures, finished, sector_of
from doorstroom.inputs.observed import monitors, observed_exams
from doorstroom.inputs.sets import Inputs
from doorstroom.outcomes import COUNTRY, GROUPS, OUTCOMES, TOTAL
from doorstroom.terms import Field, Pathway, Track

Floats = NDArray[np.float64]
Key = tuple[str, str, int]
"""Outcome, group and region."""

LAST_KNOWN: Final[dict[Fit, tuple[int, int]]] = {"known_2019": (2019, 2018), "known_2022": (2022, 2022)}
"""Year of the last count and of the last exam that is known, both by the 1 October of their school year."""
_AHEAD: Final[dict[int, int]] = {Track.BB: 1, Track.KB: 1, Track.GL: 1, Track.TL: 1, Track.HAVO: 2, Track.VWO: 3}
"""Years from year 3 to the 1 October before the exam."""
_OF_EXAM: Final = {
    "vmbo_pupils": "vmbo_exam_candidates",
    "vmbo_technique_pupils": "vmbo_exam_technique",
    "vmbo_technique_share": "vmbo_exam_technique_share",
    "vmbo_upper_pupils": "vmbo_exam_candidates",
    "tl_pupils": "tl_exam_candidates",
    "tl_technique_pupils": "tl_exam_technique",
    "tl_technique_share": "tl_exam_technique_share",
    "havo_vwo_pupils": "havo_vwo_exam_candidates",
    "nt_pupils": "nt_exam_candidates",
    "nt_pupil_share": "nt_exam_share",
    "ng_pupils": "ng_exam_candidates",
    "ng_pupil_share": "ng_exam_share",
    "tl_exam_technique": "vmbo_exam_technique",  # of tl it is on record in one year before 2019
    "tl_exam_technique_share": "vmbo_exam_technique_share",
    "n_profile_pupils": "ng_exam_candidates",
    "n_profile_share": "ng_exam_share",
}
"""The exams of the same pupils."""


class Past(NamedTuple):
    """What was known of a series: years (of their 1 October), figures, and how far it moves in a year.

    `cohort` are those that a constant share is of, and `coming` those of the years after, as far as they were known or
    officially forecast and then held; both None where no cohort is meant.
    """

    years: tuple[int, ...]
    seen: Floats
    changes: Floats
    cohort: Floats | None
    coming: Floats | None


def is_known(outcome: str, year: int, fit: Fit) -> bool:
    """Whether a figure was known at the start of a forecast."""
    count, exam = LAST_KNOWN[fit]
    return year <= (exam if "_exam_" in outcome else count)


@lru_cache(maxsize=8)
def past_series(inputs: Inputs, fit: Fit, locations: frozenset[str] | None = None) -> dict[Key, Past]:
    """Everything that was known, by outcome, group and region; shared between callers.

    Parameters
    ----------
    locations : of these together instead of the country and its regions
    """
    if locations is None:
        table = pd.concat([_exams(), observed_exams(inputs), _counts(inputs), monitors()], ignore_index=True)
    else:
        table = pd.concat([_exams(locations), _counts(inputs, locations)], ignore_index=True)
    table = table[[is_known(outcome, year, fit) for outcome, year in zip(table["outcome"], table["year"], strict=True)]]
    # the longer history of the same exams comes first
    table = table.drop_duplicates(["outcome", "group", "region", "year"]).sort_values("year", kind="stable")
    made: dict[Key, Past] = {}
    for (outcome, group, region), part in table.groupby(["outcome", "group", "region"], sort=False):
        key = (str(outcome), str(group), int(region))
        years, values = part["year"].to_numpy(), part["value"].to_numpy(np.float64)
        cohort = coming = None
        tracks = tracks_of(key[0], key[1])
        if tracks and OUTCOMES[key[0]].unit != "share":
            cohort = np.array([cohort_of(tracks, key[0], int(year)) for year in years])
            coming = np.array([cohort_of(tracks, key[0], int(years[-1]) + 1 + step) for step in range(10)])
        made[key] = Past(tuple(int(year) for year in years), values, np.diff(values), cohort, coming)
    return {key: _moved(key, past, made) for key, past in made.items()}


def tracks_of(outcome: str, group: str) -> tuple[Track, ...]:
    """The tracks whose year 3 is the cohort of a series; none where that isn't a cohort of it."""
    if outcome.startswith("vmbo_"):
        name = group.split()[0]
        return (LEERWEGEN[name],) if name in LEERWEGEN else tuple(LEERWEGEN.values())
    if outcome.startswith("tl_"):
        return (Track.TL,)
    if outcome.split("_")[0] in ("havo", "nt", "ng", "n"):
        return {"havo": (Track.HAVO,), "vwo": (Track.VWO,)}.get(group.split()[0], (Track.HAVO, Track.VWO))
    return ()


def cohort_of(tracks: tuple[Track, ...], outcome: str, year: int) -> float:
    """Pupils in year 3 of the cohort that an outcome of a year is about, as counted or forecast at the time."""
    total = 0
    for track in tracks:
        ahead = _AHEAD[track] if "_exam_" in outcome else int(track >= Track.TL)
        at = min(max(year - ahead, min(YEAR_3)), max(YEAR_3))
        total += YEAR_3[at][track - Track.BB] if track <= Track.GL else YEAR_3_TL_HAVO_VWO[at][_OTHERS[track]]
    return float(total)


_OTHERS: Final[dict[int, int]] = {Track.TL: 0, Track.HAVO: 1, Track.VWO: 2}


def _moved(key: Key, past: Past, made: dict[Key, Past]) -> Past:
    """The series with changes borrowed where it has none of its own."""
    if len(past.changes):
        return past
    outcome, group, region = key
    like = made.get((_OF_EXAM.get(outcome, ""), group, region)) or made.get((_OF_EXAM.get(outcome, ""), TOTAL, region))
    if like is None or len(like.changes) == 0:
        return past
    # relative to the larger of the two figures: a region may have had a year with nobody
    larger, (value,) = np.maximum(like.seen[:-1], like.seen[1:]), past.seen
    relative = np.divide(like.changes, larger, out=np.zeros_like(larger), where=larger > 0)
    return past._replace(changes=relative * value)


def _exams(locations: frozenset[str] | None = None) -> pd.DataFrame:
    """Exam candidates of bb, kb and gl by region and profile from 2010/11 on."""
    history = load_exam_history()
    if locations is not None:
        here = np.isin(history.location, list(locations))
        history = history._replace(region=history.region[here], candidates=history.candidates[:, here])
    course = observed_course(history, range(YEARS[0], YEARS[-1] + 1), REGIONS)
    rows = [
        (outcome, group, region, year - 1, float(values[at, region]))
        for (kind, outcome, group), values in series_of_course(course).items()
        if kind != "region"
        for region in range(values.shape[1] if locations is None else 1)
        for at, year in enumerate(YEARS)
        if np.isfinite(values[at, region])
    ]
    return pd.DataFrame(rows, columns=["outcome", "group", "region", "year", "value"])


def _counts(inputs: Inputs, locations: frozenset[str] | None = None) -> pd.DataFrame:
    """The count of pupils of the start, and of the country students in mbo technique in the years before."""
    pupils = inputs.pupils if locations is None else inputs.pupils[inputs.pupils["location"].isin(locations)]
    pupils = pupils.assign(
        sector=sector_of(pupils["profile"]),
        region=pupils["location"].map(inputs.locations.set_index("location")["region"]),
    )
    persons = {TOTAL: pupils["men"] + pupils["women"], "man": pupils["men"], "vrouw": pupils["women"]}
    parts = {group: pupils.assign(value=n, low=n, high=n) for group, n in persons.items()}
    tables: list[pd.DataFrame] = []
    schoolings: tuple[tuple[tuple[Schooling, ...], tuple[int, ...]], ...] = (
        (THIRD, (3,)),
        (FOURTH, (4,)),
        (UPPER, (3, 4)),
    )
    for schooling, grades in schoolings:
        of_grade = {group: part[part["year"].isin(grades)] for group, part in parts.items()}
        tables += figures(schooling, of_grade, inputs.year, by_region=locations is None)
    counted = finished(tables, "")
    return counted if locations is not None else pd.concat([counted, _students(inputs)], ignore_index=True)


def _students(inputs: Inputs) -> pd.DataFrame:
    students = inputs.students[inputs.students["field"] != Field.OTHER]
    persons = students["men"] + students["women"]
    groups = {TOTAL: persons, "man": students["men"], "vrouw": students["women"]}
    groups |= {group: persons[students["level"] == at + 1] for at, group in enumerate(GROUPS["levels"])}
    groups |= {code.name.lower(): persons[students["pathway"] == code] for code in Pathway}
    rows = [
        ("mbo_technique_students", group, COUNTRY, int(year), float(n))
        for group, number in groups.items()
        for year, n in number.groupby(students["year"]).sum().items()
    ]
    return pd.DataFrame(rows, columns=["outcome", "group", "region", "year", "value"])
