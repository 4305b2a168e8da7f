"""Rolling origin over the nine exam years: every forecast made only from what was known in its origin's year.

From each origin the exam module (see there what in it is the model's own) forecasts the exams that follow up to
2018/19, with draws of the parameters and streams of luck, next to three naive forecasts.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.evidence import naive
from doorstroom.evidence.exam_module import ExamModule, cohort_growth, observed_course
from doorstroom.evidence.forecasts import MODEL, Case, rows, size_of
from doorstroom.evidence.scores import Observation
from doorstroom.inputs.exam_history import YEARS, load_exam_history
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import COUNTRY, GROUPS, TOTAL
from doorstroom.parameters import Draw, draw_parameters
from doorstroom.terms import TECHNICAL_PROFILES, Track

Floats = NDArray[np.float64]
Key = tuple[str, str, str]
"""Kind, outcome and group of a series."""

FIRST: Final = 2013
"""The first origin that is scored: three exam years are known."""
LAST: Final = YEARS[-1]
REGIONS: Final = 78
CANDIDATES, TECHNIQUE, SHARE = "vmbo_exam_candidates", "vmbo_exam_technique", "vmbo_exam_technique_share"
_TECHNICAL: Final = len(TECHNICAL_PROFILES)


def rolling_origin(draws: Sequence[Draw], luck: int = 4, processes: int = 1) -> pd.DataFrame:
    """Rows of `forecasts` for every origin, year, series and method.

    Parameters
    ----------
    draws : draws of the parameters
    luck : streams of luck per draw
    """
    history = load_exam_history()
    past = series_of_course(observed_course(history, range(YEARS[0], LAST + 1), REGIONS))
    size = observed_course(history, range(YEARS[0], LAST + 1), REGIONS).sum(axis=3)
    jobs = [(origin, at, draw) for origin in range(FIRST, LAST) for at, draw in enumerate(draws)]
    work = partial(_courses, luck=luck)
    if processes > 1:
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            made = list(pool.map(work, jobs))
    else:
        made = [work(job) for job in jobs]
    table: list[dict[str, object]] = []
    for origin in range(FIRST, LAST):
        courses = np.concatenate([course for (at, *_), course in zip(jobs, made, strict=True) if at == origin])
        ahead = series_of_course(courses) | _by_sex(courses, origin)
        table += _scored(origin, ahead, past | sexes(), size)
    return pd.DataFrame(table)


def known_before() -> pd.DataFrame:
    """The country's figures of the years before the first forecast: outcome, group, region, year, value."""
    course = observed_course(load_exam_history(), range(YEARS[0], FIRST + 1), REGIONS)
    rows = [
        (outcome, group, COUNTRY, YEARS[0] - 1 + at, float(value))
        for (kind, outcome, group), values in series_of_course(course).items()
        if kind != "region"
        for at, value in enumerate(values[:, COUNTRY])
    ]
    return pd.DataFrame(rows, columns=["outcome", "group", "region", "year", "value"])


def _courses(job: tuple[int, int, Draw], luck: int) -> Floats:
    """Courses of one origin and draw, shape (luck, steps, regions, 3, 10)."""
    origin, number, draw = job
    module = ExamModule(load_exam_history(), origin, draw_parameters(draw), REGIONS)
    return np.stack(
        [module.course(LAST - origin, np.random.default_rng([origin, number, seed])) for seed in range(luck)]
    )


def series_of_course(course: Floats) -> dict[Key, Floats]:
    """Every series of courses of shape (..., regions, 3, 10), each of shape (..., 1 + regions); NaN where not known."""
    everybody, technique = course.sum(axis=-1), course[..., :_TECHNICAL].sum(axis=-1)
    found: dict[Key, Floats] = {}
    for group, pick in (
        (TOTAL, slice(None)),
        *((name, slice(at, at + 1)) for at, name in enumerate(GROUPS["leerwegen"])),
    ):
        above, below = (_country_first(part[..., pick].sum(axis=-1)) for part in (technique, everybody))
        found["country", CANDIDATES, group] = below
        found["country", TECHNIQUE, group] = above
        found["country", SHARE, group] = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    for at, group in enumerate(GROUPS["profiles"]):
        found["profile", TECHNIQUE, group] = _country_first(course[..., at].sum(axis=-1))
    for outcome in (TECHNIQUE, SHARE):
        found["region", outcome, TOTAL] = found["country", outcome, TOTAL]
    return found


def _country_first(regions: Floats) -> Floats:
    return np.concatenate([regions.sum(axis=-1, keepdims=True), regions], axis=-1)


def _sex_counts() -> tuple[range, Floats, Floats]:
    """Years with exams by sex; candidates and those of sector techniek, shape (years, 3 leerwegen, 2 sexes).

    Later exams than those of `YEARS` judge these forecasts and are no part of them.
    """
    exams = load_inputs().exams_sex
    exams = exams[exams["track"].isin([Track.BB, Track.KB, Track.GL]) & (exams["exam_year"] <= LAST)]
    years = range(int(exams["exam_year"].min()), int(exams["exam_year"].max()) + 1)
    counts = []
    for part in (exams, exams[exams["sector"] == "techniek"]):
        count = np.zeros((len(years), 3, 2))
        at = (part["exam_year"] - years[0], part["track"] - Track.BB, part["sex"])
        np.add.at(count, at, part["candidates"].to_numpy(np.float64))
        counts.append(count)
    return years, counts[0], counts[1]


def sexes() -> dict[Key, Floats]:
    """Observed series by sex in the form of `series_of_course`: the country alone, NaN in years without."""
    years, everybody, technique = _sex_counts()
    found: dict[Key, Floats] = {}
    for at, sex in enumerate(GROUPS["sexes"]):
        values = np.full((2, len(YEARS), 1), np.nan)
        rows_ = [YEARS.index(year) for year in years]
        values[0, rows_, 0] = technique[:, :, at].sum(axis=1)
        values[1, rows_, 0] = technique[:, :, at].sum(axis=1) / everybody[:, :, at].sum(axis=1)
        found["sex", TECHNIQUE, sex], found["sex", SHARE, sex] = values
    return found


def _by_sex(courses: Floats, origin: int) -> dict[Key, Floats]:
    """The courses by sex: each leerweg's technique and cohort divided as in the origin's year."""
    years, everybody, technique = _sex_counts()
    if origin not in years:
        return {}
    at = years.index(origin)
    cohort, chosen = courses.sum(axis=(2, 4)), courses[..., :_TECHNICAL].sum(axis=(2, 4))
    found: dict[Key, Floats] = {}
    for code, sex in enumerate(GROUPS["sexes"]):
        part = technique[at, :, code] / technique[at].sum(axis=1)
        count = (chosen * part).sum(axis=2)[..., None]
        whole = (cohort * (everybody[at, :, code] / everybody[at].sum(axis=1))).sum(axis=2)[..., None]
        found["sex", TECHNIQUE, sex], found["sex", SHARE, sex] = count, count / whole
    return found


def _scored(
    origin: int,
    ahead: dict[Key, Floats],
    past: dict[Key, Floats],
    size: Floats,
) -> list[dict[str, object]]:
    """Rows of one origin; `size` is candidates by year, region and leerweg."""
    steps, now = LAST - origin, YEARS.index(origin)
    growth = cohort_growth(origin, steps)
    table: list[dict[str, object]] = []
    for key, members in ahead.items():
        kind, outcome, group = key
        known = past[key]
        for region in range(1, known.shape[1]) if kind == "region" else [COUNTRY]:
            seen = known[: now + 1, region]
            usable = ~np.isnan(seen)
            usual = size_of(known[:, region], outcome == SHARE)
            cohort, coming = _cohort(outcome, group, region, size[: now + 1], growth)
            forecasts = {
                MODEL: members[..., region],
                naive.LAST: naive.last_value(seen[usable], steps),
                naive.TREND: naive.linear_trend(seen[usable], steps),
                naive.SHARE: naive.constant_share(seen[usable], cohort[usable], coming),
            }
            for step in range(steps):
                year = origin + 1 + step
                at_step = {name: made[:, step] for name, made in forecasts.items() if made is not None}
                # school year of the exam, by its 1 October
                case = Case(kind, outcome, group, region, origin - 1, year - 1)
                observed = Observation.exact(float(known[YEARS.index(year), region]))
                table += rows(case, observed, usual, at_step)
    return table


def _cohort(outcome: str, group: str, region: int, size: Floats, growth: Floats) -> tuple[Floats, Floats]:
    """Cohorts that a series is a share of: in the years known, and those to come; ones for a share."""
    if outcome == SHARE:
        return np.ones(len(size)), np.ones(len(growth))
    part = size.sum(axis=1) if region == COUNTRY else size[:, region - 1]
    if group in GROUPS["leerwegen"]:
        at = GROUPS["leerwegen"].index(group)
        return part[:, at], part[-1, at] * growth[:, at]
    return part.sum(axis=1), growth @ part[-1]
