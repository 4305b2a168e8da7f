"""Runs of the fit known_2022 pass through what was observed, whatever the scenario; known_2019 knows nothing of it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from doorstroom.agents.conditioning import YEARS, conditioned, known
from doorstroom.draws import Draws
from doorstroom.education import TechnicalEducation
from doorstroom.inputs.observed import observed
from doorstroom.inputs.sets import load_inputs
from doorstroom.mechanisms.walks import NUMBERS
from doorstroom.outcomes import COLUMN
from doorstroom.parameters import draw_parameters, load_parameters
from doorstroom.scenario import load_scenario


@pytest.mark.parametrize("draw", [0, 7])
def test_numbers_are_moved_to_what_was_observed(draw: int) -> None:
    """The surrogate's own figures come to what was observed, as near as its settled middle lets them, from anywhere."""
    table, drawn, draws = known(), draw_parameters(draw), Draws(5)
    rng = np.random.default_rng(draw)
    before = rng.standard_normal(NUMBERS), rng.standard_normal((YEARS + 3, NUMBERS))
    lasting, yearly = conditioned(*before, 1.0, drawn, draws, table.pupils)
    apart = np.array([drawn.drawn.get(name, drawn.entries[name].central) for name in table.parameters])
    apart = (apart - np.array([drawn.entries[name].central for name in table.parameters])) / table.unit

    def misses(one: np.ndarray, years: np.ndarray) -> np.ndarray:
        numbers = np.concatenate([one, years[:YEARS].ravel()])
        return (table.usual + table.by_walk @ numbers + table.by_parameter @ apart - table.observed) / table.width

    assert np.sqrt(np.mean(misses(lasting, yearly) ** 2)) < 0.7 * np.sqrt(np.mean(misses(*before) ** 2))
    np.testing.assert_array_equal(yearly[YEARS:], before[1][YEARS:])


def test_another_country_is_left_alone() -> None:
    table, drawn = known(), draw_parameters(0)
    before = np.ones(NUMBERS), np.ones((YEARS, NUMBERS))
    after = conditioned(*before, 1.0, drawn, Draws(1), table.pupils / 2.0)
    assert np.array_equal(after[0], before[0])
    assert np.array_equal(after[1], before[1])


def test_scenarios_share_the_walks_and_the_fit_of_2019_has_others() -> None:
    baseline, without = load_scenario("baseline"), load_scenario("no_sto")
    one, other, then = (
        TechnicalEducation(scenario, draw=3, rng=4, fraction=0.01).times.walk
        for scenario in (baseline, without, baseline.model_copy(update={"fit": "known_2019"}))
    )
    assert np.array_equal(one, other)
    assert not np.array_equal(one, then)


def test_the_fit_of_2019_has_no_value_of_a_later_source() -> None:
    entries = load_parameters(fit="known_2019")
    sections = ("progress.", "track.", "walks.", "mbo_choice.", "study.", "population.migration")
    later = re.compile(r"\b20(?:2\d|19/20)\b")
    of_the_count = re.compile(r"(?:to|in|80043ned,) 2019/20")  # 1 October 2019 is of this school year
    for name, entry in ((name, one) for name, one in entries.items() if name.startswith(sections)):
        assert not later.search(of_the_count.sub("", entry.source)), f"{name}: {entry.source}"


def test_every_figure_of_the_country_is_passed_within_two_per_cent() -> None:
    """Medians of runs of everybody, of each series in each year, give or take what so few runs leave open.

    Where a source rounds, its bounds are the width. Levels and sexes in mbo have no walk of their own.
    """
    figures = observed(load_inputs())
    figures = figures[(figures["region"] == 0) & figures["year"].between(2019, 2022) & (figures["value"] > 0)]
    figures = figures[(figures["outcome"] != "mbo_technique_share") | (figures["group"] == "total")]
    runs = np.stack([run_to_2022(seed=100 + k, draw=100 + k, fraction=1.0) for k in range(8)])
    beyond = []
    for row in figures.itertuples():
        found = runs[:, row.year - 2019, COLUMN[row.outcome, row.group]]
        unsure = 2.0 * 1.25 * found.std() / np.sqrt(len(found))
        low, high = min(row.low, 0.98 * row.value), max(row.high, 1.02 * row.value)
        if not low - unsure <= np.median(found) <= high + unsure:
            beyond.append((row.outcome, row.group, row.year, float(np.median(found)) / row.value - 1.0))
    assert len(figures) > 350
    assert len(beyond) <= 0.03 * len(figures), beyond
    assert max((abs(one[3]) for one in beyond), default=0.0) < 0.07, beyond


def run_to_2022(seed: int, draw: int, fraction: float) -> np.ndarray:
    """All series of the country, shape (years, series)."""
    scenario = load_scenario("baseline")
    scenario = scenario.model_copy(update={"years": scenario.years.model_copy(update={"last": 2022})})
    return TechnicalEducation(scenario, draw=draw, rng=seed, fraction=fraction).run()[:, 0]


def test_the_interval_opens_after_what_is_known() -> None:
    scenario = load_scenario("baseline")
    scenario = scenario.model_copy(update={"years": scenario.years.model_copy(update={"last": 2026})})
    runs = np.stack([TechnicalEducation(scenario, draw=k, rng=k, fraction=0.05).run()[:, 0] for k in range(1, 13)])
    for outcome in ("vmbo_exam_candidates", "tl_exam_candidates", "havo_vwo_exam_candidates"):
        of_years = runs[:, :, COLUMN[outcome, "total"]]
        spread = of_years.std(axis=0) / of_years.mean(axis=0)
        assert spread[7] > 2.0 * spread[:4].max(), outcome


def test_a_tenth_of_the_people_passes_through_the_country_s_exams() -> None:
    """Candidates of vmbo, of tl and of havo and vwo in the four exam years: medians of a few runs, within 3%."""
    table = observed(load_inputs())
    table = table[(table["region"] == 0) & table["year"].between(2019, 2022)]
    table = table[table["outcome"].isin(["vmbo_exam_candidates", "tl_exam_candidates", "havo_vwo_exam_candidates"])]
    table = table[table["group"] == "total"]
    runs = [run_to_2022(seed=k, draw=k, fraction=0.1) for k in range(1, 10)]
    median = np.median(runs, axis=0)
    for row in table.itertuples():
        found = median[row.year - 2019, COLUMN[row.outcome, row.group]]
        assert found == pytest.approx(row.value, rel=0.03), (row.outcome, row.group, row.year)
