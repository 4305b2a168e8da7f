"""A position is a scenario: that of a scenario file where both ask the same, and the money is one."""

from __future__ import annotations

import numpy as np
import pytest

from doorstroom.branching import Family
from doorstroom.desk.design import positions
from doorstroom.desk.levers import KEYS, LEVERS, PRESENT, outside
from doorstroom.desk.position import FIRST, LAST, STO, Money, changes, scenario_of
from doorstroom.desk.runs import told
from doorstroom.education import TechnicalEducation
from doorstroom.scenario import Scenario, load_scenario

RANGES = {lever.key: (lever.low, lever.high) for lever in LEVERS}


@pytest.fixture(scope="module")
def policy() -> Scenario:
    return load_scenario("baseline")


def test_no_lever_moved_is_the_present_policy(policy: Scenario) -> None:
    assert changes({}, policy) == {}
    assert changes(PRESENT, policy) == {}
    assert scenario_of(PRESENT, policy).identity() == policy.identity()


@pytest.mark.parametrize(
    ("position", "name"),
    [
        ({"sto_end": 2028}, "sto_ends"),
        ({"sto_gap": 1}, "sto_gap_year"),
        ({"sto_indexed": 1}, "sto_indexed"),
        ({"sto_division": 1}, "sto_per_technique_pupil"),
        ({"sto_division": 2}, "sto_need_weighted"),
        ({"sto_scope": 1}, "sto_hard_technique"),
        ({"ngf_conditional": 0}, "ngf_first_half"),
        ({"ngf_after": 1}, "ngf_borged"),
        ({"ngf_after": 0.5}, "ngf_half_borged"),
        ({"pay": 1.1}, "teacher_pay"),
        ({"pupils": 0}, "pupils_low"),
        ({"pupils": 2}, "pupils_high"),
        ({"recession": 1}, "recession"),
    ],
)
def test_a_position_that_asks_what_a_scenario_file_asks_is_that_scenario(
    policy: Scenario, position: dict[str, float], name: str
) -> None:
    assert scenario_of(position, policy).identity() == load_scenario(name).identity()


def test_every_position_of_a_design_is_a_sound_scenario_within_the_ranges(policy: Scenario) -> None:
    placed = positions(64, RANGES, 3)
    for place in placed:
        position = told(place)
        assert not outside(position, RANGES)
        scenario = scenario_of(position, policy)
        assert sum(scenario.schemes[STO[0]].activities.values()) == pytest.approx(1.0)
    still = (placed == np.array(list(PRESENT.values()))).mean()
    assert 0.4 < still < 0.65


def test_money_is_to_the_euro_what_the_levers_say(policy: Scenario) -> None:
    for place in positions(64, RANGES, 4):
        position = told(place)
        money = Money(position, policy)
        now = 97_160_020.0
        for year, paid in zip(range(FIRST, LAST + 1), money.sto, strict=True):
            part = position["sto_near"] if year < 2029 else position["sto_later"]
            ended = position["sto_end"] < year or (position["sto_gap"] and year == 2029)
            due = 0.0 if ended else part * now
            assert paid == pytest.approx(due, abs=20_001.0 if due < 1e6 else 2.0)  # amounts under 10,000 are none
        assert money.total().sum() == pytest.approx(sum(paid.sum() for paid in money.schemes.values()))


def test_the_model_offers_what_the_levers_say(policy: Scenario) -> None:
    """Offered, refused and held back together are what the formula has, scheme by scheme and year by year."""
    position = {"sto_near": 0.4, "sto_later": 1.3, "sto_poor": 0.1, "ngf": 0.7, "ngf_national": 0.1, "sto_gap": 1.0}
    money = Money(position, policy)
    model = TechnicalEducation(scenario_of(position, policy), rng=1, fraction=0.01)
    for year in range(2020, 2033):
        model.step()
        for name, state in model.ministry.running.items():
            if year >= FIRST:
                offered = float((state.offered + state.refused + state.held_back).sum())
                assert offered == pytest.approx(money.schemes[name][year - FIRST], rel=1e-9, abs=1e-6)


def test_a_family_with_few_roots_makes_the_same_runs(policy: Scenario) -> None:
    scenarios = [policy, scenario_of({"sto_end": 2028}, policy), scenario_of({"sto_end": 2030}, policy)]
    short = [one.model_copy(update={"years": {"first": 2019, "last": 2031}}) for one in scenarios]
    few, all_ = Family(short, roots=1), Family(short)
    assert few.branches[2] is not None
    assert few.branches[2].parent == 0
    for one, other in zip(few.simulate(fraction=0.01), all_.simulate(fraction=0.01), strict=True):
        assert np.array_equal(one, other, equal_nan=True)


def test_levers_have_names_and_ranges_that_hold_the_present(policy: Scenario) -> None:
    assert len(set(KEYS)) == len(KEYS)
    for lever in LEVERS:
        assert lever.low <= lever.present <= lever.high
        assert not lever.choices or lever.high == len(lever.choices) - 1
    now = policy.schemes[STO[0]].activities
    assert (now["teachers"], now["equipment"], now["orientation"]) == (
        PRESENT["staff"], PRESENT["equipment"], PRESENT["orientation"],
    )  # fmt: skip


def test_more_draws_go_on_with_the_positions_that_are_there() -> None:
    few, many = positions(60, RANGES, 1), positions(400, RANGES, 1)
    assert np.array_equal(few, many[:60])
