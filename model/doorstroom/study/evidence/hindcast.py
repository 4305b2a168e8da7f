"""The model started in 2019/20, held against figures observed since, next to naive forecasts made in 2019.

What a naive forecast knew in autumn 2019: exam candidates up to 2018/19, the counts of 1 October 2019, mbo students of
2015-2019, and for 'constant share' the official forecast of year 3 of 2015, the last that is in the inputs. The
model knew the same counts. A figure for which there is no past in the inputs is scored without naive forecasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.errors import InputError
from doorstroom.inputs.exam_history import YEAR_3, YEARS, load_exam_history
from doorstroom.inputs.observations import read_observations
from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.outcomes import COUNTRY, GROUPS, OUTCOMES, TOTAL
from doorstroom.parameters import Draw
from doorstroom.study.evidence import naive
from doorstroom.study.evidence.ensemble import LAST_YEAR, Ensemble, Series, run_ensemble
from doorstroom.study.evidence.exam_module import cohort_growth, observed_course
from doorstroom.study.evidence.forecasts import MODEL, WIDENED, Case, rows, size_of, widened
from doorstroom.study.evidence.rolling import REGIONS, series_of_course, sexes
from doorstroom.terms import TECHNICAL_PROFILES, Field, Pathway, Profile, Track

Floats = NDArray[np.float64]

START: Final = 2019
_LEERWEG: Final = {"BB": 0, "KB": 1, "GL": 2}


class Past(NamedTuple):
    """What was known of a series in autumn 2019: years (of their 1 October) and values, and the cohorts to come.

    `cohort` and `coming` are those that a constant share is of, `coming` from the year after the last known one on;
    None where no cohort is meant.
    """

    years: tuple[int, ...]
    values: Floats
    cohort: Floats | None
    coming: Floats | None


def against(
    files: Sequence[Path], draws: Sequence[Draw], *, folder: Path, fraction: float, processes: int
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Files of observed figures against runs of the model.

    Parameters
    ----------
    folder : study folder whose store keeps the runs

    Returns
    -------
    rows of `forecasts`; what was known before of the same series (outcome, group, region, year, value); remarks
    """
    inputs = load_inputs()
    read = [read_observations(path, inputs) for path in files]
    observed = pd.concat([one.table for one in read], ignore_index=True)
    remarks = [f"{path.name}: {remark}" for path, one in zip(files, read, strict=True) for remark in one.remarks]
    inside = observed[observed["year"] >= START]
    if inside.empty:
        raise InputError(
            f"{', '.join(map(str, files))}: all figures are of years before {START}, in which the model starts; "
            "without a file, `validate` forecasts those years from earlier ones"
        )
    ensemble = run_ensemble(
        draws,
        wanted(observed),
        folder=folder,
        last_year=max(LAST_YEAR, int(inside["year"].max())),
        fraction=fraction,
        processes=processes,
        own_seeds=len(draws) > 1,
    )
    known = past_series(inputs, ensemble.last_year - YEARS[0])
    past = [
        (*series, year, value)
        for series, one in known.items()
        for year, value in zip(one.years, one.values, strict=True)
    ]
    table = pd.DataFrame(past, columns=["outcome", "group", "region", "year", "value"])
    return hindcast(observed, ensemble, inputs), table, remarks


def hindcast(observed: pd.DataFrame, ensemble: Ensemble, inputs: Inputs) -> pd.DataFrame:
    """Rows of `forecasts` for every observed figure that the ensemble has.

    Parameters
    ----------
    observed : table of `inputs.observations`
    ensemble : runs from 2019 on, with the observed series
    """
    steps = ensemble.last_year - min(YEARS)
    known = past_series(inputs, steps)
    rng = np.random.default_rng(START)
    table: list[dict[str, Any]] = []
    for (outcome, group, region), part in observed.groupby(["outcome", "group", "region"], sort=False):
        series = (str(outcome), str(group))
        past = known.get((*series, int(region)))
        share = OUTCOMES[series[0]].unit == "share"
        usual = size_of(part["value"].to_numpy(), share)
        for figure in part.itertuples(index=False):
            if not START <= int(figure.year) <= ensemble.last_year:
                continue
            members = ensemble.at(series, int(figure.year))[:, int(region)]
            if not np.isfinite(members).all():
                continue
            forecasts = {MODEL: members, **_naive(past, int(figure.year), is_share=share)}
            if past is not None and len(past.values) > 1:
                ahead = int(figure.year) - past.years[-1]
                spread = np.repeat(members[:, None], max(ahead, 1), axis=1)
                forecasts[WIDENED] = widened(spread, np.diff(past.values), rng)[:, -1]
            case = Case(kind_of(*series, int(region)), *series, int(region), START, int(figure.year))
            table += rows(case, float(figure.value), usual, forecasts)
    return pd.DataFrame(table)


def kind_of(outcome: str, group: str, region: int) -> str:
    """The kind of series that a table of scores puts it under."""
    if region != COUNTRY:
        return "region"
    return "profile" if group in GROUPS["profiles"] else "sex" if group in GROUPS["sexes"] else "country"


def wanted(observed: pd.DataFrame) -> list[Series]:
    """The series that an ensemble needs for these observations."""
    pairs = observed[["outcome", "group"]].drop_duplicates()
    return [(str(outcome), str(group)) for outcome, group in pairs.itertuples(index=False)]


def past_series(inputs: Inputs, steps: int) -> dict[tuple[str, str, int], Past]:
    """Everything that was known in autumn 2019, by outcome, group and region."""
    course = observed_course(load_exam_history(), range(YEARS[0], YEARS[-1] + 1), REGIONS)
    exam_years = tuple(year - 1 for year in YEARS)
    growth = cohort_growth(YEARS[-1], steps)
    size = np.concatenate([course.sum(axis=(1, 3))[:, None], course.sum(axis=3)], axis=1)
    found: dict[tuple[str, str, int], Past] = {}
    for (kind, outcome, group), values in (series_of_course(course) | sexes()).items():
        if kind == "region":
            continue
        for region in range(values.shape[1]):
            usable = ~np.isnan(values[:, region])
            cohort = coming = None
            if not OUTCOMES[outcome].is_ratio:
                part = slice(None) if group not in _LEERWEG else slice(_LEERWEG[group], _LEERWEG[group] + 1)
                cohort = size[usable, region, part].sum(axis=1)
                coming = growth[:, part] @ size[-1, region, part]
            years = tuple(int(year) for year in np.array(exam_years)[usable])
            found[outcome, group, region] = Past(years, values[usable, region], cohort, coming)
    return found | _third_year(inputs, steps) | _mbo(inputs)


def _naive(past: Past | None, year: int, *, is_share: bool) -> dict[str, Floats]:
    if past is None or year <= past.years[-1]:
        return {}
    ahead = year - past.years[-1]
    found = {naive.LAST: naive.last_value(past.values, ahead)[:, -1]}
    line = naive.linear_trend(past.values, ahead)
    if line is not None:
        found[naive.TREND] = line[:, -1]
    if past.cohort is not None and past.coming is not None:
        found[naive.SHARE] = naive.constant_share(past.values, past.cohort, past.coming[:ahead])[:, -1]
    elif is_share:
        found[naive.SHARE] = found[naive.LAST]
    return found


def _third_year(inputs: Inputs, steps: int) -> dict[tuple[str, str, int], Past]:
    """Year 3 of vmbo on 1 October 2019; the cohort to come is the official forecast of 2015, level after its end."""
    third = inputs.pupils[(inputs.pupils["year"] == 3) & inputs.pupils["track"].between(Track.BB, Track.GL)]
    region = third["location"].map(inputs.locations.set_index("location")["region"]).to_numpy()
    persons = third[["men", "women"]].to_numpy(np.float64)
    leerweg = third["track"].to_numpy() - Track.BB
    technical = third["profile"].isin([*TECHNICAL_PROFILES, Profile.VR_TECHNIEK]).to_numpy()
    masks: dict[str, Floats] = {TOTAL: persons.sum(axis=1)}
    masks |= {name: persons.sum(axis=1) * (leerweg == at) for name, at in _LEERWEG.items()}
    masks |= {sex: persons[:, at] for at, sex in enumerate(GROUPS["sexes"])}
    masks |= {code.name: persons.sum(axis=1) * (third["profile"].to_numpy() == code) for code in TECHNICAL_PROFILES}
    forecast = np.array([YEAR_3[min(START + 1 + step, max(YEAR_3))] for step in range(steps)], np.float64)
    growth = forecast.sum(axis=1) / sum(YEAR_3[START])
    found: dict[tuple[str, str, int], Past] = {}
    for group, count in masks.items():
        above, below = (
            np.append(part.sum(), np.bincount(region - 1, part, REGIONS)) for part in (count * technical, count)
        )
        for at in range(1 + REGIONS):
            cohort = below[at : at + 1]
            profile = group in GROUPS["profiles"]
            pupils = ("vmbo_technique_pupils", above) if not profile else ("vmbo_technique_pupils", below)
            found[pupils[0], group, at] = Past((START,), pupils[1][at : at + 1], cohort, growth * cohort)
            if not profile:
                found["vmbo_pupils", group, at] = Past((START,), cohort, cohort, growth * cohort)
                share = above[at : at + 1] / np.maximum(cohort, 1.0)
                found["vmbo_technique_share", group, at] = Past((START,), share, None, None)
    return found


def _mbo(inputs: Inputs) -> dict[tuple[str, str, int], Past]:
    """Students in mbo technique, 1 October 2015-2019, for the country."""
    students = inputs.students[inputs.students["field"] != Field.OTHER]
    persons = students["men"] + students["women"]
    groups = {TOTAL: persons, "man": students["men"], "vrouw": students["women"]}
    groups |= {group: persons[students["level"] == at + 1] for at, group in enumerate(GROUPS["levels"])}
    groups |= {code.name.lower(): persons[students["pathway"] == code] for code in Pathway}
    found = {}
    for group, number in groups.items():
        by_year = number.groupby(students["year"]).sum()
        years = tuple(int(year) for year in by_year.index)
        found["mbo_technique_students", group, COUNTRY] = Past(years, by_year.to_numpy(np.float64), None, None)
    return found
