"""A forecast is made only from what was known then, and starts from the origin's own figures."""

from __future__ import annotations

import numpy as np

from doorstroom.evidence.exam_module import ExamModule, cohort_growth, observed_course
from doorstroom.evidence.forecasts import MODEL, contest, summary
from doorstroom.evidence.rolling import rolling_origin
from doorstroom.inputs.exam_history import YEARS, load_exam_history
from doorstroom.mechanisms.track import Track
from doorstroom.parameters import draw_parameters

REGIONS = 78
TECHNICAL = 5


def course(origin: int, *, spoilt_after: int | None = None, draw: int = 0) -> np.ndarray:
    history = load_exam_history()
    if spoilt_after is not None:
        spoilt = history.candidates.copy()
        spoilt[YEARS.index(spoilt_after) + 1 :] = 7.0
        history = history._replace(candidates=spoilt)
    return ExamModule(history, origin, draw_parameters(draw), REGIONS).course(2, np.random.default_rng(3))


def test_nothing_that_came_after_the_origin_is_used() -> None:
    assert np.array_equal(course(2015), course(2015, spoilt_after=2015))


def test_the_course_goes_on_from_the_origin() -> None:
    now = observed_course(load_exam_history(), range(2015, 2016), REGIONS)[0]
    ahead = course(2015)[0]
    growth = cohort_growth(2015, 1)[0]
    assert np.allclose(ahead.sum(axis=(0, 2)), now.sum(axis=(0, 2)) * growth, rtol=0.02)
    share = ahead[..., :TECHNICAL].sum() / ahead.sum()
    assert abs(share - now[..., :TECHNICAL].sum() / now.sum()) < 0.012


def test_cohorts_are_those_counted_and_from_2015_on_forecast() -> None:
    assert np.allclose(cohort_growth(2013, 2)[1], np.array([18428, 26920, 15131]) / [18032, 25564, 14284])
    level = cohort_growth(2013, 6)
    assert np.array_equal(level[2], level[5]), "beyond the last count the cohort stays, where nobody moves up"
    moved = cohort_growth(2013, 6, Track(upward_drift=0.01, drift_years=10.0))
    assert moved[5, 0] < level[5, 0]
    assert cohort_growth(2015, 4)[3, 0] < level[5, 0], "in 2015 a decline was officially forecast"


def test_the_table_holds_every_origin_and_method_and_can_be_summed_up() -> None:
    table = rolling_origin([0, 1], luck=1)
    assert set(table["origin"]) == set(range(2012, 2018))
    assert (table["year"] > table["origin"]).all()
    assert table["year"].max() == 2018
    counts = contest(table)
    assert (counts["win"] + counts["draw"] + counts["loss"] == counts["series"]).all()
    assert summary(table)["figures"].sum() == len(table)
    national = table[(table["kind"] == "country") & (table["method"] == MODEL)]
    assert national["error"].mean() < 0.15
