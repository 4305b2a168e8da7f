"""What must always hold, on every scenario in the repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from doorstroom.education import TechnicalEducation
from doorstroom.outcomes import COLUMN, GROUPS, OUTCOMES, TOTAL
from doorstroom.scenario import load_scenario
from doorstroom.terms import Stage

Finish = Callable[..., TechnicalEducation]
SCENARIOS = sorted(path.stem for path in (Path(__file__).parents[2] / "scenarios").glob("*.toml"))

every_scenario = pytest.mark.parametrize("name", SCENARIOS)


def series(model: TechnicalEducation, outcome: str, group: str = TOTAL) -> np.ndarray:
    return model.results()[:, :, COLUMN[outcome, group]]


@every_scenario
def test_persons_inflow_is_stock_change_plus_outflow(finish: Finish, name: str) -> None:
    model = finish(name)
    for stage in GROUPS["stages"]:
        stock = series(model, "persons", stage)[:, 0]
        came, went = series(model, "persons_in", stage)[:, 0], series(model, "persons_out", stage)[:, 0]
        assert np.allclose(np.diff(stock), came[1:] - went[1:], atol=1e-6), stage


@every_scenario
def test_everybody_who_entered_is_in_exactly_one_stage(finish: Finish, name: str) -> None:
    model = finish(name)
    people = model.pupils
    known = sum(series(model, "persons", stage)[-1, 0] for stage in GROUPS["stages"])
    assert (people.stage == Stage.FUTURE).sum() == model.builder.absent
    assert known == pytest.approx((len(people) - model.builder.absent) * people.weight)
    in_vo, in_mbo = people.stage == Stage.VO, people.stage == Stage.MBO
    assert (people.school[in_vo] >= 0).all()
    assert (people.level[in_mbo] >= 1).all()
    assert (people.college[in_mbo] >= 0).all()


@every_scenario
def test_money_balances_to_the_cent(finish: Finish, name: str) -> None:
    model = finish(name)
    for state in model.ministry.running.values():
        books = state.account
        assert np.array_equal(
            books.granted + books.cofinanced + books.carried_in, books.absorbed + books.returned + books.carried_out
        )
    cents = {
        outcome: np.rint(series(model, outcome) * 100).astype(np.int64)
        for outcome in ("granted", "cofinanced", "carried_in", "absorbed", "returned", "carried_out")
    }
    into = cents["granted"] + cents["cofinanced"] + cents["carried_in"]
    assert np.array_equal(into, cents["absorbed"] + cents["returned"] + cents["carried_out"])
    assert np.array_equal(cents["carried_in"][1:], cents["carried_out"][:-1])


@every_scenario
def test_all_absorbed_money_is_spent_on_an_activity(finish: Finish, name: str) -> None:
    model = finish(name)
    spent = sum(series(model, "absorbed", activity) for activity in GROUPS["activities"])
    assert np.allclose(spent, series(model, "absorbed"), rtol=1e-9, atol=0.01)


@every_scenario
def test_teachers_stock_change_is_inflow_minus_outflow(finish: Finish, name: str) -> None:
    model = finish(name)
    stock = series(model, "teachers")
    flow = series(model, "teacher_inflow") - series(model, "teacher_outflow")
    came, went = (series(model, "teacher_moves", way) for way in GROUPS["borders"])
    assert np.array_equal(np.diff(stock, axis=0), (flow + came - went)[1:])
    assert np.array_equal(came.sum(axis=1), went.sum(axis=1))
    by_kind = sum(series(model, "teachers", kind) for kind in GROUPS["qualifications"])
    assert np.array_equal(by_kind, stock)
    routes = sum(series(model, "teacher_inflow", route) for route in GROUPS["routes_in"])
    assert np.array_equal(routes, series(model, "teacher_inflow"))


@every_scenario
def test_fte_of_technique_changes_by_who_comes_and_goes_and_by_hours(finish: Finish, name: str) -> None:
    model = finish(name)
    entered, left, more, fewer, came, went = (series(model, "teacher_hours", flow) for flow in GROUPS["hours"])
    change = np.diff(series(model, "teacher_fte"), axis=0)
    assert np.allclose(change, (entered - left + more - fewer + came - went)[1:], atol=1e-9)
    assert np.allclose(came.sum(axis=1), went.sum(axis=1))
    assert (series(model, "teacher_fte") <= series(model, "teacher_fte_needed") + 1e-9).all()


@every_scenario
def test_groups_add_up_to_their_total(finish: Finish, name: str) -> None:
    model = finish(name)
    for outcome, groups in (
        ("vmbo_technique_pupils", "leerwegen"),
        ("vmbo_technique_pupils", "sexes"),
        ("vmbo_technique_pupils", "backgrounds"),
        ("vmbo_pupils", "leerwegen"),
        ("mbo_technique_inflow", "levels"),
        ("mbo_technique_inflow", "pathways"),
        ("mbo_technique_students", "fields"),
        ("technical_graduates", "fields"),
        ("technicians", "fields"),
        ("profile_locations", "profiles"),
    ):
        parts = sum(series(model, outcome, group) for group in GROUPS[groups])
        assert np.allclose(parts, series(model, outcome)), outcome


@every_scenario
def test_graduates_either_enter_technical_work_or_leak(finish: Finish, name: str) -> None:
    model = finish(name)
    entered, leaked = series(model, "technical_entrants"), series(model, "leakage")
    assert np.array_equal(entered + leaked, series(model, "technical_graduates"))


@every_scenario
def test_output_holds_every_region_year_and_outcome(finish: Finish, name: str) -> None:
    model = finish(name)
    results = model.results()
    assert results.shape[:2] == (22, 79)
    never = {"bbl_turned_away", "profile_openings", "cooperation_of_pupils", "cooperation"}
    for outcome in OUTCOMES.values():
        values = results[1:, 0, COLUMN[outcome.name, outcome.groups[0]]]
        if outcome.section != "money":  # there may be none, and no review
            assert np.isfinite(values).any(), outcome.name
            assert outcome.name in never or (values != 0).any(), outcome.name


@every_scenario
def test_shares_lie_between_nothing_and_all(finish: Finish, name: str) -> None:
    model = finish(name)
    results = model.results()
    for outcome in OUTCOMES.values():
        if outcome.unit == "share":
            for group in outcome.groups:
                values = results[:, :, COLUMN[outcome.name, group]]
                known = values[np.isfinite(values)]
                assert ((known >= 0) & (known <= 1 + 1e-9)).all(), (outcome.name, group)


def test_what_chance_makes_of_candidates_moves_counts_and_nobody() -> None:
    """Luck of the kinds of candidates is in exams alone; an exam year's is not in the next."""
    scenario = load_scenario("baseline").model_copy(update={"fit": "known_2019"})
    scenario = scenario.model_copy(update={"years": scenario.years.model_copy(update={"last": 2021})})
    still = scenario.model_copy(update={"parameters": {"walks.kinds": 0.0}})
    with_, without = (TechnicalEducation(one, rng=5, fraction=0.02) for one in (scenario, still))
    one, other = with_.run(), without.run()
    exams = np.array(["_exam_" in name for name, _ in COLUMN])
    np.testing.assert_array_equal(one[:, :, ~exams], other[:, :, ~exams])
    at = COLUMN["havo_vwo_exam_candidates", "vwo man"]
    kinds = np.array([with_.times.kinds(year).havo_vwo[1, :, 0] for year in (2020, 2021, 2022)])
    moved = np.log(one[:, 0, at] / other[:, 0, at])
    assert (np.abs(moved) <= np.abs(kinds).max(axis=1)).all()
    assert (np.abs(moved) > 0).all()
    assert np.abs(np.diff(moved)).min() > 0
