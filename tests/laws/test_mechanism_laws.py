"""Laws of single mechanisms: what they hand out adds up and stays within bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from doorstroom.mechanisms import absorption, activities, firms, first_job, schemes, steering, study
from doorstroom.mechanisms import teacher_market as market
from doorstroom.parameters import CENTRAL, draw_parameters
from doorstroom.terms import TARGETS

take = draw_parameters(CENTRAL).take
euro = st.integers(0, int(1e8) * 100).map(lambda cents: cents / 100)
REGIONS = 6
amounts = arrays(float, REGIONS, elements=st.floats(0.0, 1e6))
positive = arrays(float, REGIONS, elements=st.floats(1.0, 1e5))


@given(euro, euro, st.floats(1.0, 1e8))
def test_more_money_never_lowers_effective_spending(less: float, more: float, capacity: float) -> None:
    low, high = sorted((less, more))
    work = absorption.effective(np.array([low, high]), np.full(2, capacity))
    assert 0.0 <= work[0] <= work[1]
    assert (work <= np.array([low, high]) + 1e-6).all()


@given(
    st.sampled_from(["fixed_shares", "per_pupil", "per_technique_pupil", "need_weighted", "equal"]),
    positive,
    positive,
    positive,
    arrays(bool, REGIONS),
)
def test_division_hands_out_everything_and_only_to_the_eligible(
    rule: str, technique_2019: np.ndarray, technique: np.ndarray, pupils: np.ndarray, eligible: np.ndarray
) -> None:
    base = {"technique_2019": technique_2019, "technique": np.minimum(technique, pupils), "pupils": pupils}
    shares = schemes.division(rule, base, eligible, take(schemes.Schemes))
    assert (shares >= 0).all()
    assert (shares[~eligible] == 0).all()
    if eligible.any():
        assert shares.sum() == pytest.approx(1.0) or rule == "need_weighted"


@given(amounts, arrays(float, REGIONS, elements=st.floats(0.0, 0.5)), st.floats(0.0, 0.5))
def test_cofinancing_below_what_is_asked_cuts_the_grant_to_measure(
    offered: np.ndarray, brought: np.ndarray, asked: float
) -> None:
    granted, cofinanced = schemes.after_cofinancing(offered, brought, asked)
    assert (granted <= offered + 1e-9).all()
    assert (cofinanced >= asked * granted - 1e-6).all()
    enough = brought >= asked
    assert np.allclose(granted[enough], offered[enough])


@given(
    arrays(float, 7, elements=st.floats(0.01, 1.0)),
    arrays(float, REGIONS, elements=st.floats(0.0, 1.0)),
    arrays(float, REGIONS, elements=st.floats(0.0, 1.0)),
)
def test_a_plan_sums_to_one(default: np.ndarray, unfilled: np.ndarray, behind: np.ndarray) -> None:
    shares = activities.plan(default / default.sum(), unfilled, behind, np.ones(REGIONS), take(activities.Activities))
    assert shares.sum(axis=1) == pytest.approx(np.ones(REGIONS))


@given(amounts, arrays(bool, len(TARGETS)).filter(lambda joins: joins.any()))
def test_money_over_targets_is_all_the_money(spent: np.ndarray, joins: np.ndarray) -> None:
    carried = activities.carriers(activities.usual_carriers(take(activities.Activities)), joins)
    shares = np.where(carried.sum(axis=1) > 0, 1.0, 0.0)
    planned = spent[:, None, None] * (shares / shares.sum())[:, None] * carried
    divided = activities.carried_out(planned, np.ones((REGIONS, len(TARGETS))))
    assert divided.sum(axis=(1, 2)) == pytest.approx(spent)
    assert (divided[:, :, ~joins] == 0).all()


@given(st.floats(0.001, 0.1), st.floats(0.001, 0.1))
def test_a_higher_exit_hazard_never_keeps_more_teachers(one: float, other: float) -> None:
    p = take(market.TeacherMarket)
    rng = np.random.default_rng(0)
    age, years, u = rng.uniform(25, 68, 400), rng.uniform(0, 30, 400), rng.uniform(size=400)
    level = np.ones(400)
    gone = [
        (
            market.leave(age, years, u, level, level, 0 * level, level, p._replace(other_exit=h, starter_exit=h)) >= 0
        ).sum()
        for h in sorted((one, other))
    ]
    assert gone[0] <= gone[1]


@given(
    arrays(float, (4, 5), elements=st.floats(0.0, 500.0)),
    arrays(float, (4, 5), elements=st.floats(0.0, 500.0)),
)
def test_nobody_is_hired_without_a_vacancy(seekers: np.ndarray, vacancies: np.ndarray) -> None:
    near = np.exp(-np.abs(np.subtract.outer(np.arange(4), np.arange(4))))
    hires, chance = first_job.spread(seekers, vacancies, vacancies, near)
    assert (hires <= vacancies + 1e-9).all()
    assert ((chance >= 0) & (chance <= 1 + 1e-9)).all()
    assert (chance * seekers).sum() == pytest.approx(hires.sum())


def test_the_seekers_of_2019_stay_as_many_and_so_do_vacancies_where_demand_leaves_room_for_them() -> None:
    p = take(firms.Firms)
    employed = p.technicians_2019 * p.field_share
    vacancies, unemployed = employed * firms.usual_vacancies(p), employed * p.seeker_rate_2019
    assert vacancies.sum() == pytest.approx(p.vacancies_observed[0])
    found = firms.seekers(unemployed, p.separate * employed, p)
    room = vacancies + (found - unemployed) + p.elsewhere * employed
    hired = firms.hires(room, found, firms.efficiency(employed, vacancies, unemployed, p), p)
    came = firms.from_elsewhere(room - hired, employed, np.ones(5), p)
    assert found - hired == pytest.approx(unemployed)
    assert room - hired - came == pytest.approx(vacancies)


@given(
    arrays(float, (4, 3), elements=st.floats(0.0, 1e4)),
    st.floats(0.0, 1.0),
    arrays(float, 3, elements=st.floats(0.1, 5)),
)
def test_hires_over_size_classes_add_up_and_none_has_more_than_its_openings(
    openings: np.ndarray, part: float, pull: np.ndarray
) -> None:
    p = take(firms.Firms)._replace(size_pull=pull)
    hired = part * openings.sum(axis=1)
    taken = firms.over_sizes(hired, openings, p)
    assert (taken <= openings).all()
    assert (taken >= 0).all()
    assert taken.sum(axis=1) == pytest.approx(hired, abs=1e-6)


@given(
    arrays(float, REGIONS, elements=st.floats(0, 1)),
    arrays(float, REGIONS, elements=st.floats(-1, 3)),
    arrays(float, REGIONS, elements=st.floats(0, 3)),
    arrays(float, REGIONS, elements=st.floats(-1, 1)),
)
def test_a_review_scores_between_nothing_and_one(
    spent: np.ndarray, connection: np.ndarray, attention: np.ndarray, change: np.ndarray
) -> None:
    scores = steering.score(spent, connection, attention, change, take(steering.Steering))
    assert ((scores >= 0) & (scores <= 1)).all()


@pytest.mark.parametrize(
    ("level", "field", "u", "way", "level_then", "year_then"),
    [
        (4, 0, (0.1, 0.1), study.HBO_OTHER, 4, 3),  # not from technique, so not to technique
        (4, 1, (0.1, 0.1), study.HBO_TECHNIQUE, 4, 3),
        (4, 2, (0.1, 0.1), study.HBO_TECHNIQUE, 4, 3),
        (4, 1, (0.1, 0.6), study.HBO_OTHER, 4, 3),
        (4, 1, (0.3, 0.1), study.WORKS, 4, 3),
        (3, 1, (0.1, 0.9), study.CLIMBS, 4, 1),  # at the next level study begins anew
        (3, 1, (0.3, 0.1), study.WORKS, 3, 3),
    ],
)
def test_who_has_a_diploma_works_climbs_or_goes_to_hbo(
    level: int, field: int, u: tuple[float, float], way: int, level_then: int, year_then: int
) -> None:
    p = take(study.Study)._replace(hbo=np.array([0.2, 0.2]), up=np.full(3, 0.2), hbo_technique=0.5)
    levels, years, found = np.array([9, level], np.int8), np.array([9, 3], np.int8), np.zeros(1, np.int8)
    who, fields, pathways = np.array([1], np.uint32), np.array([7, field], np.int8), np.zeros(2, np.int8)
    study.after_diploma(who, np.array([u]), levels, pathways, fields, years, p, found)
    assert (found[0], levels.tolist(), years.tolist()) == (way, [9, level_then], [9, year_then])


@given(st.integers(0, 60), arrays(float, (4, 2, 2), elements=st.floats(900.0, 1000.0)))
def test_a_stock_of_students_stands_still_where_as_many_enter_as_is_said(draw: int, students: np.ndarray) -> None:
    """Year after year by hand, from empty schools on: who gives up, passes, and climbs a level."""
    p = draw_parameters(draw).take(study.Study)
    entrants, diplomas = study.standing_still(students, p)
    assume((entrants > 0).all())
    here, climb = np.zeros((study.LONGEST, *students.shape)), np.zeros_like(students)
    for _ in range(4 * study.LONGEST):
        here[1:], here[0] = here[:-1].copy(), entrants + climb
        standing, passed = here.sum(axis=0), np.zeros_like(students)
        for year, level in np.ndindex(study.LONGEST, 4):
            for pathway, (leaves, passes) in enumerate([(p.quit_bol, p.diploma_bol), (p.quit_bbl, p.diploma_bbl)]):
                gone = here[year, level, pathway].copy()
                with_diploma = gone * passes[level] if year + 1 >= p.shortest[level] else 0.0 * gone
                here[year, level, pathway] -= np.minimum(gone * leaves[level] + with_diploma, gone)
                passed[level, pathway] += with_diploma
        climb = np.concatenate([np.zeros((1, 2, 2)), passed[:3] * p.up[:3, None, None]])
    assert standing == pytest.approx(students)
    assert passed == pytest.approx(diplomas)


def test_where_more_climb_than_are_needed_nobody_enters() -> None:
    students = np.full((4, 2), 1.0)
    students[1] = 1e6
    entrants, _ = study.standing_still(students, take(study.Study))
    assert (entrants[2] == 0).all()
    assert (entrants[[0, 1, 3]] > 0).all()


def test_prices_rise_as_measured_and_then_as_assumed() -> None:
    p = take(schemes.Schemes)._replace(price_rise=np.array([0.1, 0.2]), inflation=0.05)
    levels = [schemes.price_level(year, p) for year in (2018, 2019, 2020, 2021, 2022, 2024)]
    assert levels == pytest.approx([1, 1, 1.1, 1.1 * 1.2, 1.1 * 1.2 * 1.05, 1.1 * 1.2 * 1.05**3])


def test_a_market_is_tight_against_2019_but_never_quite_slack() -> None:
    found = firms.relative(np.array([0.6, 0.001, 1.0, 0.0]), np.array([0.3, 0.3, 0.0, 0.0]))
    assert found == pytest.approx([2.0, firms.SLACKEST, firms.TIGHTEST, firms.SLACKEST])
