"""The model started in 2019/20, held against figures observed since, next to naive forecasts of the same start.

What is known at the start depends on the fit: that of 2019 forecasts everything after the count of 1 October 2019, that
of 2022 everything after school year 2022/23. The naive forecasts know the same (`past`). A figure of which no past is
known is scored without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.errors import InputError
from doorstroom.evidence import naive
from doorstroom.evidence.ensemble import LAST_YEAR, Ensemble, Series, run_ensemble, tasks_of
from doorstroom.evidence.forecasts import MODEL, Case, rows, size_of
from doorstroom.evidence.locations import ensemble_at
from doorstroom.evidence.past import LAST_KNOWN, Key, Past, is_known, past_series
from doorstroom.evidence.scores import Observation
from doorstroom.fits import Fit
from doorstroom.inputs.observations import Observed, read_observations
from doorstroom.inputs.observed import observed
from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.outcomes import COUNTRY, GROUPS, OUTCOMES, TOTAL
from doorstroom.parameters import Draw
from doorstroom.scenario import load_scenario

Floats = NDArray[np.float64]

HONEST: Final[Fit] = "known_2019"
"""The fit that knows nothing of the years that a hindcast is judged by."""
_NT_NG: Final = ("nt_", "ng_")


class Runs(NamedTuple):
    """Which runs of the model are held against figures; all have luck of their own.

    Attributes
    ----------
    fit : what the values of the parameters are made from
    folder : study folder whose store keeps the runs
    """

    draws: Sequence[Draw]
    fit: Fit
    folder: Path
    fraction: float
    processes: int


class Validation(NamedTuple):
    """Rows of `forecasts`; what was known before of the same series (outcome, group, region, year, value); remarks."""

    table: pd.DataFrame
    past: pd.DataFrame
    remarks: tuple[str, ...]


def against(files: Sequence[Path], runs: Runs) -> Validation:
    """Files of observed figures against runs of the model, each file within what it holds of the country."""
    inputs = load_inputs()
    made = [_held(path.name, read_observations(path, inputs), runs, inputs) for path in files]
    table = pd.concat([one.table for one in made], ignore_index=True)
    if table.empty:
        count, exam = LAST_KNOWN[runs.fit]
        raise InputError(
            f"{', '.join(map(str, files))}: no figure is of a year after the start of the forecast (counts after "
            f"{count}, exams after {exam}, years of 1 October); without a file, `validate` forecasts earlier exams"
        )
    past = pd.concat([one.past for one in made], ignore_index=True)
    return Validation(table, past, tuple(remark for one in made for remark in one.remarks))


def known(runs: Runs) -> Validation:
    """What the input set and the monitors have observed, against runs of the model; of regions their totals."""
    inputs = load_inputs()
    figures = observed(inputs)
    figures = figures[(figures["region"] == COUNTRY) | (figures["group"] == TOTAL)]
    return _held("observed", Observed(figures, ()), runs, inputs)


def hindcast(
    figures: pd.DataFrame, ensemble: Ensemble, past: dict[Key, Past], fit: Fit, *, part: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Rows of `forecasts` for every figure that the ensemble forecasts, and remarks on those that it doesn't.

    Parameters
    ----------
    figures : table of `inputs.observations`
    ensemble : runs from 2019 on, with the observed series
    part : whether the figures and the ensemble are of some locations together
    """
    table: list[dict[str, Any]] = []
    empty: dict[str, int] = {}
    beyond = before = 0
    count, exam = LAST_KNOWN[fit]
    for (outcome, group, region), those in figures.groupby(["outcome", "group", "region"], sort=False):
        series, key = (str(outcome), str(group)), (str(outcome), str(group), int(region))
        share = OUTCOMES[series[0]].unit == "share"
        usual = size_of(those["value"].to_numpy(), share)
        origin = exam if "_exam_" in series[0] else count
        for figure in those.to_dict("records"):
            year = int(figure["year"])
            if is_known(series[0], year, fit):
                before += 1
                continue
            if year > ensemble.last_year:
                beyond += 1
                continue
            members = ensemble.at(series, year)[:, int(region)]
            if not np.isfinite(members).all():
                empty[series[0]] = empty.get(series[0], 0) + 1
                continue
            forecasts = {MODEL: members, **_naive(past.get(key), year, is_share=share)}
            kind = "locations" if part else kind_of(*key)
            case = Case(kind, *key, origin, year)
            seen = Observation(figure["value"], figure["low"], figure["high"])
            table += rows(case, seen, usual, forecasts)
    remarks = [f"{before:,} figures of years up to the start are its past, not forecasts"] * (before > 0)
    remarks += [f"{beyond:,} figures of years after {ensemble.last_year} are beyond the runs"] * (beyond > 0)
    if empty:
        each = ", ".join(f"{name} {n:,}" for name, n in empty.items())
        remarks.append(f"left out because a run has nobody there to take a share of: {each}")
    return pd.DataFrame(table), remarks


def kind_of(outcome: str, group: str, region: int) -> str:
    """The kind of series that a table of scores puts it under."""
    if region != COUNTRY:
        return "region"
    if group.split()[-1] in GROUPS["sexes"] or outcome in ("girls_in_technique", "vmbo_technique_girls"):
        return "sex"
    return "profile" if group in (*GROUPS["profiles"], "DP") or outcome.startswith(_NT_NG) else "country"


def wanted(figures: pd.DataFrame) -> list[Series]:
    """The series that an ensemble needs for these observations."""
    pairs = figures[["outcome", "group"]].drop_duplicates()
    return [(str(outcome), str(group)) for outcome, group in pairs.itertuples(index=False)]


def ensemble_of(runs: Runs, series: Sequence[Series], last_year: int) -> Ensemble:
    """The baseline with the fit that is asked for, every draw with luck of its own."""
    return run_ensemble(
        runs.draws,
        series,
        folder=runs.folder,
        scenario=load_scenario("baseline").model_copy(update={"fit": runs.fit}),
        last_year=last_year,
        fraction=runs.fraction,
        processes=runs.processes,
        own_seeds=len(runs.draws) > 1,
    )


def _held(name: str, file: Observed, runs: Runs, inputs: Inputs) -> Validation:
    """One table of figures against the runs."""
    figures, places = file.table, file.locations
    last_year = max(LAST_YEAR, int(figures["year"].max())) if len(figures) else LAST_YEAR
    if places is None:
        ensemble = ensemble_of(runs, wanted(figures), last_year)
    else:
        tasks = tasks_of(
            runs.draws,
            load_scenario("baseline").model_copy(update={"fit": runs.fit}),
            last_year=last_year,
            fraction=runs.fraction,
            own_seeds=len(runs.draws) > 1,
        )
        ensemble = ensemble_at(places, tasks, wanted(figures), folder=runs.folder, processes=runs.processes)
    past = past_series(inputs, runs.fit, places)
    table, remarks = hindcast(figures, ensemble, past, runs.fit, part=places is not None)
    before = [(*key, year, value) for key, one in past.items() for year, value in zip(one.years, one.seen, strict=True)]
    told = tuple(f"{name}: {remark}" for remark in (*file.remarks, *remarks))
    return Validation(table, pd.DataFrame(before, columns=["outcome", "group", "region", "year", "value"]), told)


def _naive(past: Past | None, year: int, *, is_share: bool) -> dict[str, Floats]:
    if past is None or year <= past.years[-1]:
        return {}
    ahead = year - past.years[-1]
    found = {naive.LAST: naive.last_value(past.seen, ahead, past.changes)[:, -1]}
    line = naive.linear_trend(past.seen, ahead)
    if line is not None:
        found[naive.TREND] = line[:, -1]
    if past.cohort is not None and past.coming is not None:
        share = naive.constant_share(past.seen, past.cohort, past.coming[:ahead], past.changes)
        found[naive.SHARE] = share[:, -1]
    elif is_share:
        found[naive.SHARE] = found[naive.LAST]
    return found
