"""What a forecast may know, what it is held against, and how later years will be judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from doorstroom.errors import InputError
from doorstroom.evidence import headline, naive
from doorstroom.evidence.ensemble import Ensemble
from doorstroom.evidence.forecasts import MODEL
from doorstroom.evidence.hindcast import HONEST, Runs, against, hindcast, kind_of, wanted
from doorstroom.evidence.past import past_series
from doorstroom.inputs.observed import observed
from doorstroom.inputs.sets import load_inputs
from doorstroom.reporting import validation

TECHNIQUE = ("vmbo_exam_technique", "total", 0)


def made_up(figures: pd.DataFrame, factor: float = 1.0) -> Ensemble:
    """Runs that forecast every figure by `factor` times what was observed, with a little spread."""
    series = wanted(figures)
    values = np.full((21, 5, 79, len(series)), np.nan)
    for row in figures.itertuples(index=False):
        if row.year >= 2019:
            values[:, row.year - 2019, row.region, series.index((row.outcome, row.group))] = row.value * factor
    return Ensemble(2019, tuple(series), values * np.linspace(0.99, 1.01, 21)[:, None, None, None])


def test_in_2019_nobody_knew_what_came_later() -> None:
    past = past_series(load_inputs(), "known_2019")
    for (outcome, *_), one in past.items():
        assert max(one.years) <= (2018 if "_exam_" in outcome else 2019), outcome
    later = past_series(load_inputs(), "known_2022")
    assert later[TECHNIQUE].years[: len(past[TECHNIQUE].years)] == past[TECHNIQUE].years
    assert later[TECHNIQUE].years[-4:] == (2019, 2020, 2021, 2022)
    assert later["vmbo_technique_pupils", "total", 0].seen.tolist()[-2:] == [11_440, 12_547]


def test_a_constant_share_follows_the_cohorts_of_its_own_tracks() -> None:
    past = past_series(load_inputs(), "known_2019")
    kb = past["vmbo_exam_candidates", "KB", 0]
    assert kb.cohort is not None
    assert kb.coming is not None
    # exams of 2018/19 are of year 3 of 2017; those of 2019/20 and 2022/23 of 2018 and, as far as known, of 2020
    assert kb.cohort[-1] == 24_934
    assert kb.coming[[0, 3]].tolist() == [23_569, 20_729]
    vwo = past["havo_vwo_exam_candidates", "vwo", 0]
    assert vwo.coming is not None
    assert vwo.coming[0] == 44_257, "vwo's candidates of 2019/20 were in year 3 in 2016"


def test_a_figure_that_stands_alone_moves_as_the_exams_of_the_same_pupils() -> None:
    past = past_series(load_inputs(), "known_2019")
    pupils, exams = past["vmbo_technique_pupils", "total", 0], past[TECHNIQUE]
    assert pupils.seen.tolist() == [11_763]
    larger = np.maximum(exams.seen[1:], exams.seen[:-1])
    assert np.allclose(pupils.changes / 11_763, exams.changes / larger)
    for one in past.values():
        assert (np.abs(one.changes) <= one.seen.max()).all(), "nothing moves by more than all of it"
    assert np.ptp(naive.last_value(pupils.seen, 2, pupils.changes)[:, -1]) > 500


def test_forecasts_are_scored_with_their_sign_and_within_bounds() -> None:
    figures = observed(load_inputs())
    figures = figures[figures["region"] == 0]
    table, remarks = hindcast(figures, made_up(figures, 1.05), past_series(load_inputs(), HONEST), HONEST)
    mine = table[table["method"] == MODEL]
    assert (mine["bias"] > 0).all()
    assert set(mine["lead"]) == {1, 2, 3, 4}
    assert (mine.loc[mine["outcome"].str.contains("_exam_"), "origin"] == 2018).all()
    loose = mine["observed_low"] < mine["observed_high"]
    assert (mine.loc[loose, "crps_least"] < mine.loc[loose, "crps_most"]).all()
    assert set(table["method"]) == {MODEL, *naive.NAMES}
    assert any("are its past" in remark for remark in remarks)


def test_what_was_asked_is_told_of_each_kind() -> None:
    figures = observed(load_inputs())
    figures = figures[figures["region"] == 0]
    past = past_series(load_inputs(), HONEST)
    good, _ = hindcast(figures, made_up(figures), past, HONEST)
    poor, _ = hindcast(figures, made_up(figures, 1.5), past, HONEST)
    place = {name: at for at, name in enumerate(validation.ASKED_HEAD)}
    for head, rows in (
        (validation.SUMMARY_HEAD, validation.summary_rows(good)),
        (validation.CONTEST_HEAD, validation.contest_rows(good)),
        (validation.LEAD_HEAD, validation.lead_rows(good)),
        (validation.ASKED_HEAD, validation.asked_rows(good)),
    ):
        assert {len(row) for row in rows} == {len(head)}
    for row in validation.asked_rows(good):
        assert row[place["lowest CRPS"]] == "yes"
        assert row[place["series where it is best"]] == "100%"
        assert (row[place["in 90%"]], row[place["85 to 95%"]]) == ("100%", "NO"), "it holds more than it says"
    for row in validation.asked_rows(poor):
        assert (row[place["lowest CRPS"]], row[place["series where it is best"]]) == ("NO", "0%")
        assert row[place["in 90%"]] == "0%"


def test_shares_of_nobody_are_told() -> None:
    figures = observed(load_inputs())
    figures = figures[(figures["outcome"] == TECHNIQUE[0] + "_share") & (figures["group"] == "total")]
    runs = made_up(figures)
    shares = runs.at((TECHNIQUE[0] + "_share", "total"), 2021)
    shares[3, 7] = np.nan
    _, remarks = hindcast(figures, runs, {}, HONEST)
    assert "left out because a run has nobody there to take a share of: vmbo_exam_technique_share 1" in remarks


@pytest.mark.parametrize(
    ("series", "kind"),
    [
        (("vmbo_exam_technique", "KB", 0), "country"),
        (("vmbo_exam_technique", "KB vrouw", 0), "sex"),
        (("vmbo_technique_share", "man", 0), "sex"),
        (("vmbo_upper_pupils", "BWI", 0), "profile"),
        (("nt_exam_share", "havo", 0), "profile"),
        (("nt_exam_share", "havo", 12), "region"),
    ],
)
def test_series_are_of_a_kind(series: tuple[str, str, int], kind: str) -> None:
    assert kind_of(*series) == kind


def test_the_ten_headline_figures_are_all_observed() -> None:
    figures = observed(load_inputs())
    figures = figures[figures["region"] == 0]
    table, _ = hindcast(figures, made_up(figures), {}, HONEST)
    found = headline.headlines(table)
    assert [one["name"] for one in found] == [one.name for one in headline.HEADLINES]
    assert {one["observed"] for one in found} >= {12_547, 0.203, 1_687, 7_364, 46_879}
    assert all(one["in90"] for one in found)


def test_a_baseline_that_runs_through_what_is_known_is_near_everywhere() -> None:
    figures = observed(load_inputs())
    figures = figures[figures["region"] == 0]
    assert headline.through(figures, made_up(figures, 1.01))["near"].all()
    off = headline.through(figures, made_up(figures, 1.1))
    exact = off["low"] == off["high"]
    assert not off.loc[exact, "near"].any()
    assert np.allclose(off["deviation"], 0.1)


def test_the_year_to_come_is_judged_by_what_was_known_before_it(tmp_path: Path) -> None:
    file = tmp_path / "next.csv"
    file.write_text(
        "year,region,outcome,group,value,low,high,unit,source\n"
        "2023,country,vmbo_technique_pupils,total,12600,12600,12600,pupils,invented\n"
        "2022,country,vmbo_technique_pupils,total,12547,12547,12547,pupils,monitor\n",
        encoding="utf-8",
    )
    runs = Runs([0], "known_2022", tmp_path / "runs", 0.02, 1)
    made = against([file], runs)
    assert set(made.table["year"]) == {2023}
    assert set(made.table["origin"]) == {2022}
    last = made.table[made.table["method"] == naive.LAST].iloc[0]
    assert last["median"] == 12_547, "what was known in 2022/23 is the last value"
    file.write_text(file.read_text(encoding="utf-8").replace("2023,", "2021,"), encoding="utf-8")
    with pytest.raises(InputError, match="after the start of the forecast"):
        against([file], runs)
