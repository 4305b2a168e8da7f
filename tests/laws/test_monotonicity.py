"""Directions that a domain expert would insist on, each tried over draws of the parameters' priors.

An effect whose prior reaches below zero moves the other way there; its law is that it moves with its own sign.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from doorstroom.agents.secondary import FINAL_GRADE, SWITCH_GRADE
from doorstroom.mechanisms import (
    absorption,
    activities,
    firms,
    first_job,
    interest,
    knowledge,
    mbo_choice,
    offer,
    profile_choice,
    progress,
    schemes,
    steering,
    study,
    teacher_market,
    technique_capital,
    track,
)
from doorstroom.mechanisms.walks import Walk
from doorstroom.parameters import draw_parameters
from doorstroom.scenario import Scheme
from doorstroom.terms import CAN_DO, Activity, Track

draws = st.integers(0, 60)
asked_share = st.just(0.0) | st.floats(0.001, 0.5)
share = st.floats(0.0, 1.0)
euro = st.integers(0, int(1e7) * 100).map(lambda cents: cents / 100)
factor = st.floats(0.2, 5.0)
utility = st.floats(-4.0, 4.0)
JUST = 1e-12


@cache
def take(kind: type, draw: int) -> Any:
    return draw_parameters(draw).take(kind)


def pair(values: st.SearchStrategy[float]) -> st.SearchStrategy[np.ndarray]:
    """Two values, the smaller first."""
    return st.tuples(values, values).map(lambda two: np.array(sorted(two)))


def rises(values: np.ndarray, sign: float = 1.0) -> bool:
    """The second is no smaller than the first, or for a negative sign no larger."""
    one, two = np.asarray(values, float).ravel()
    return bool(sign * (two - one) >= -JUST * max(1.0, abs(one), abs(two)))


def both(value: float) -> np.ndarray:
    return np.full(2, value)


# ---------------------------------------------------------------- money


@given(pair(asked_share), asked_share, euro)
def test_who_brings_more_never_gets_less(brought: np.ndarray, asked: float, offered: float) -> None:
    granted, cofinanced = schemes.after_cofinancing(both(offered), brought, asked)
    assert rises(granted)
    assert rises(cofinanced)


@given(pair(asked_share), asked_share, euro)
def test_asking_more_never_gives_more(asked: np.ndarray, brought: float, offered: float) -> None:
    granted = [schemes.after_cofinancing(np.array([offered]), np.array([brought]), q)[0][0] for q in asked]
    assert rises(np.array(granted), -1)


@given(draws, pair(st.floats(0, 900)), st.floats(1, 900))
def test_by_need_a_region_poorer_in_technique_gets_no_less_per_pupil(
    draw: int, technique: np.ndarray, other: float
) -> None:
    base = {"technique_2019": np.ones(3), "technique": np.array([*technique, other]), "pupils": np.full(3, 1000.0)}
    shares = schemes.division("need_weighted", base, np.ones(3, bool), take(schemes.Schemes, draw))
    assert rises(shares[:2], -1)


@given(st.sampled_from(["fixed_shares", "per_pupil", "per_technique_pupil", "need_weighted", "equal"]), factor, draws)
def test_counting_in_other_units_divides_alike(rule: str, unit: float, draw: int) -> None:
    base = {
        "technique_2019": np.array([90.0, 300.0, 40.0]),
        "technique": np.array([100.0, 250.0, 50.0]),
        "pupils": np.array([600.0, 900.0, 800.0]),
    }
    p, everybody = take(schemes.Schemes, draw), np.ones(3, bool)
    larger = {name: 10.0 * unit * count for name, count in base.items()}
    assert schemes.division(rule, larger, everybody, p) == pytest.approx(schemes.division(rule, base, everybody, p))


@given(draws, pair(st.floats(0, 30)), pair(euro), pair(share), pair(st.floats(0, 1e5)))
def test_capacity_never_falls_with_what_makes_it(
    draw: int, experience: np.ndarray, support: np.ndarray, filled: np.ndarray, pupils: np.ndarray
) -> None:
    p = take(absorption.Absorption, draw)
    nothing = np.zeros(2)
    assert rises(absorption.capacity(both(1000), experience, 0.0, nothing, both(1), p))
    assert rises(np.array([absorption.capacity(both(1000), both(2), euro, nothing, both(1), p)[0] for euro in support]))
    assert rises(absorption.capacity(both(1000), both(2), 0.0, support, both(1), p))
    assert rises(absorption.capacity(both(1000), both(2), 0.0, nothing, filled, p))
    assert rises(absorption.capacity(pupils, both(2), 0.0, nothing, both(1), p))


@given(euro, pair(st.floats(1.0, 1e7)))
def test_who_can_bear_more_never_does_less(money: float, capacity: np.ndarray) -> None:
    assert rises(absorption.effective(both(money), capacity))


@given(euro, euro, st.floats(1.0, 1e7))
def test_two_schemes_together_never_do_more_than_each_alone_and_the_first_euro_does_most(
    one: float, other: float, capacity: float
) -> None:
    alone = absorption.effective(np.array([one, other]), both(capacity)).sum()
    together = absorption.effective(np.array([one + other]), np.array([capacity]))[0]
    assert together <= alone * (1 + JUST)
    assert together <= capacity


@given(draws, st.floats(0, 30), st.floats(0, 5), share)
def test_experience_grows_with_work_and_shrinks_without(draw: int, years: float, used: float, part: float) -> None:
    p = take(absorption.Absorption, draw)
    after = absorption.next_experience(both(years), np.array([0.0, used]), both(part), p)
    assert 0 <= after[0] <= years
    assert after[1] >= years + min(used, 1.0) or used == 0
    assert rises(after)


@given(draws, pair(st.floats(0, 4)), pair(share), pair(share))
def test_promises_and_support_never_make_work_less_or_worse_and_knowledge_as_its_gain_says(
    draw: int, years: np.ndarray, helped: np.ndarray, known: np.ndarray
) -> None:
    p = take(knowledge.Knowledge, draw)
    assert rises(absorption.certainty(years, take(absorption.Absorption, draw)))
    assert rises(np.array([knowledge.quality(np.ones(1), one, p)[0] for one in helped]))
    assert rises(knowledge.quality(known, 0.0, p), 1 if p.gain > 0 else -1)


@given(draws, pair(share), share, share, st.lists(st.booleans(), min_size=5, max_size=5))
def test_who_knows_more_still_does_a_year_later_and_more_ways_never_teach_less(
    draw: int, known: np.ndarray, luck: float, national: float, on: list[bool]
) -> None:
    p = take(knowledge.Knowledge, draw)
    ways = knowledge.Ways(*(both(float(one)) for one in on))
    after = knowledge.next_knowledge(known, ways, both(luck), national, p)
    assert ((after >= 0) & (after <= 1)).all()
    nothing = knowledge.next_knowledge(known, knowledge.Ways(*(np.zeros(2) for _ in on)), both(luck), national, p)
    assert (after >= nothing - JUST).all()


@given(st.lists(st.floats(0, 1e6), min_size=49, max_size=49), st.lists(share, min_size=7, max_size=7))
def test_the_split_of_a_plan_is_the_split_that_is_spent_whatever_its_participants_can_do(
    euros: list[float], able: list[float]
) -> None:
    planned = np.array(euros).reshape(1, 7, 7) * CAN_DO.T
    done = activities.carried_out(planned, np.maximum(np.array([able]), 0.01))
    assert done.sum() == pytest.approx((planned * np.maximum(able, 0.01)).sum(), rel=1e-6, abs=1e-6)
    if planned.sum() > 1:
        assert done.sum(axis=2) / done.sum() == pytest.approx(planned.sum(axis=2) / planned.sum(), abs=1e-9)


@given(draws, st.floats(0, 30), pair(st.floats(1, 1e7)), st.floats(1, 1e7))
def test_a_deeper_cut_never_keeps_more_experience(draw: int, years: float, work: np.ndarray, before: float) -> None:
    kept = absorption.after_a_fall(both(years), work, both(before), take(absorption.Absorption, draw))
    assert rises(kept)
    assert ((kept >= 0) & (kept <= years)).all()


@given(draws, pair(share), pair(st.integers(1, 10).map(float)))
def test_a_longer_plan_never_follows_need_more_closely(draw: int, need: np.ndarray, years: np.ndarray) -> None:
    p = take(activities.Activities, draw)
    assert rises(activities.foreseen(need, 3, p))
    assert rises(np.array([activities.foreseen(need[1:], int(n), p)[0] for n in years]), -1)


parts = st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4).map(lambda some: np.array(some) / sum(some))


@given(draws, euro, st.floats(-4, 4), parts, parts)
def test_what_reaches_the_locations_is_the_regions_money(
    draw: int, money: float, lasting: float, technique: np.ndarray, pupils: np.ndarray
) -> None:
    p, region = take(activities.Activities, draw), np.zeros(4, np.int64)
    part = activities.agreed(technique, np.array([lasting]), region, p)
    assert part.sum() == pytest.approx(1.0)
    assert (part >= p.approved_part * technique - JUST).all()
    per_pupil = activities.reach(np.array([money]), np.array([800.0]), part, pupils, region)
    assert (per_pupil * pupils * 800.0).sum() == pytest.approx(money)


@given(st.integers(2025, 2032), st.integers(1, 4), st.sampled_from([0.0, 1.0]), st.none() | st.integers(2025, 2030))
def test_an_outline_never_promises_less_and_a_condition_never_more(
    year: int, plan_years: int, after: float, conditional: int | None
) -> None:
    def promised(**rules: Any) -> int:
        return Scheme(
            title="A scheme",
            programme="NGF",
            first_year=2025,
            last_year=2030,
            budget=1e6,
            after=after,
            plan_years=plan_years,
            activities={"equipment": 1.0},
            **rules,
        ).committed(year)

    assert promised(outline=True) >= promised()
    assert promised(outline=True, conditional_from=conditional) <= promised(outline=True)


@given(draws, pair(share), share)
def test_more_need_for_teachers_never_plans_less_for_them(draw: int, unfilled: np.ndarray, behind: float) -> None:
    default = np.array([0.12, 0.3, 0.2, 0.2, 0.04, 0.04, 0.1])
    p = take(activities.Activities, draw)
    plan = activities.plan(default, unfilled, both(behind), both(1.0), p)
    assert rises(plan[:, Activity.TEACHERS])
    for other in set(Activity) - {Activity.TEACHERS, Activity.INCLUSION}:
        assert rises(plan[:, other], -1)
    if (p.tilt_teachers * np.ptp(unfilled) < 1.9) and plan[:, Activity.TEACHERS].max() < 0.9:
        assert plan.mean(axis=0) == pytest.approx(default)


@given(draws, pair(st.floats(0, 5000)), pair(st.floats(0, 3)))
def test_cooperation_never_falls_with_work_on_it_and_fades_without(
    draw: int, euro_per_pupil: np.ndarray, connection: np.ndarray
) -> None:
    p = take(activities.Activities, draw)
    nothing = np.zeros(2)
    assert rises(activities.next_connection(both(connection[0]), euro_per_pupil, nothing, p))
    assert rises(activities.next_connection(connection, both(euro_per_pupil[0]), nothing, p))
    faded = activities.next_connection(connection, nothing, nothing, p)
    assert ((faded >= 0) & (faded <= connection)).all()


@given(draws, pair(share), pair(st.floats(-1, 3)), pair(st.floats(0, 3)), pair(st.floats(-1, 1)))
def test_a_review_never_scores_better_results_lower(
    draw: int, spent: np.ndarray, connection: np.ndarray, attention: np.ndarray, change: np.ndarray
) -> None:
    p = take(steering.Steering, draw)
    usual = (both(0.7), both(0.2), both(1.0), both(0.0))
    for at, better in enumerate((spent, connection, attention, change)):
        assert rises(steering.score(*usual[:at], better, *usual[at + 1 :], p))


@given(draws, share, pair(share))
def test_a_stricter_committee_never_sets_fewer_conditions(draw: int, score: float, threshold: np.ndarray) -> None:
    p = take(steering.Steering, draw)
    lenient, strict = (bool(steering.conditioned(np.array([score]), p._replace(threshold=t))[0]) for t in threshold)
    assert strict or not lenient


# ---------------------------------------------------------------- schools


@given(draws, pair(st.floats(0, 1e5)), pair(st.floats(0, 5000)), pair(share))
def test_capital_and_quality_rise_with_spending_and_fall_with_wear_and_gaps(
    draw: int, capital: np.ndarray, spent: np.ndarray, gap: np.ndarray
) -> None:
    p = take(technique_capital.TechniqueCapital, draw)
    assert rises(technique_capital.next_capital(capital, both(spent[0]), p))
    assert rises(technique_capital.next_capital(both(capital[0]), spent, p))
    worn = technique_capital.next_capital(capital, np.zeros(2), p)
    assert ((worn >= 0) & (worn <= capital)).all()
    assert rises(technique_capital.quality(capital, both(gap[0]), both(gap[0]), p))
    assert rises(technique_capital.quality(both(capital[0]), gap, both(0), p), -1)
    assert rises(technique_capital.quality(both(capital[0]), both(0), gap, p), -1)


def closing(p: offer.Offer, **changed: np.ndarray) -> np.ndarray:
    given = {"group": both(10), "money": both(300), "shortage": both(0.05), "cover": both(0.3)} | changed
    group, money, shortage, cover = (value[:, None] for value in given.values())
    return offer.closing(group, money, shortage, np.ones((2, 1), bool), cover, p)


@given(draws, pair(st.floats(0, 200)), pair(st.floats(0, 5000)), pair(st.floats(-1, 1)), pair(share))
def test_the_closing_hazard_never_rises_with_what_keeps_a_profile_open(
    draw: int, group: np.ndarray, money: np.ndarray, shortage: np.ndarray, cover: np.ndarray
) -> None:
    p = take(offer.Offer, draw)
    assert rises(closing(p, group=group), -1)
    assert rises(closing(p, money=money), -1)
    assert rises(closing(p, cover=cover), -1)
    assert rises(closing(p, shortage=shortage))
    assert ((closing(p, group=group) >= 0) & (closing(p, group=group) <= 1)).all()


@given(draws, pair(st.floats(0, 300)), pair(st.floats(-3, 3)))
def test_more_pupils_waiting_never_open_a_profile_less_often(
    draw: int, potential: np.ndarray, connection: np.ndarray
) -> None:
    p = take(offer.Offer, draw)
    never = np.array([False, False])
    chance = offer.opening(potential, never, both(0), p)
    assert rises(chance)
    assert rises(offer.opening(both(20), never, np.array([0.1, 0.4]), p), -1)
    again = offer.opening(potential, ~never, both(0), p)
    assert ((again >= 0) & (again <= p.reopening_rate)).all()
    assert rises(offer.unstaffed(np.array([0.1, 0.9]), p))
    assert ((chance >= 0) & (chance <= p.opening_rate)).all()
    assert rises(offer.cover(connection, p), np.sign(p.cover_gain))


@given(draws, pair(st.floats(0, 500)), pair(st.integers(0, 5).map(float)))
def test_lessons_never_ask_fewer_teachers_for_more_pupils(draw: int, pupils: np.ndarray, open_: np.ndarray) -> None:
    p = take(teacher_market.TeacherMarket, draw)
    assert rises(teacher_market.fte_needed(pupils, both(2), p))
    assert rises(teacher_market.fte_needed(both(30), open_, p))


@given(draws, st.floats(25, 70), st.floats(0, 40), share, pair(factor), pair(st.floats(0, 20_000)))
def test_nobody_stays_in_a_tighter_market_who_would_leave_or_leaves_with_money_who_would_stay(
    draw: int, age: float, years: float, u: float, tightness: np.ndarray, money: np.ndarray
) -> None:
    p = take(teacher_market.TeacherMarket, draw)

    def stays(tight: np.ndarray, euro: np.ndarray, openings: np.ndarray) -> np.ndarray:
        wage = tight**0.05
        found = teacher_market.leave(both(age), both(years), both(u), tight, wage, euro, openings, p)
        return found == teacher_market.STAY

    slack, tight = stays(tightness, both(0), both(1))
    assert slack or not tight
    without, with_money = stays(both(1), money, both(1))
    assert with_money or not without
    wanted_here, wanted_elsewhere = stays(both(1), both(0), tightness)
    assert wanted_here or not wanted_elsewhere


@given(draws, pair(st.floats(0, 20_000)), pair(st.floats(0, 1e6)), pair(factor))
def test_candidates_never_fall_with_money_or_technicians_and_never_rise_with_pay_elsewhere(
    draw: int, money: np.ndarray, technicians: np.ndarray, wage: np.ndarray
) -> None:
    p = take(teacher_market.TeacherMarket, draw)
    usual = {
        "lessons": both(0.01),
        "technicians": both(1e4),
        "others": both(200),
        "tightness": both(1),
        "wage": both(1),
        "euro": both(0),
        "openings": both(1),
    }

    def routes(**changed: np.ndarray) -> np.ndarray:
        return teacher_market.candidates(*(usual | changed).values(), p).T

    assert all(rises(route) for route in routes(euro=money))
    assert all(rises(route) for route in routes(technicians=technicians))
    assert all(rises(route, -1) for route in routes(wage=wage))
    assert all(rises(route, -1) for route in routes(tightness=wage))
    assert all(rises(route, -1) for route in routes(openings=wage))


# ---------------------------------------------------------------- pupils


@given(draws, st.floats(-2, 2), pair(st.floats(0, 1000)))
def test_exposure_moves_interest_with_its_own_sign_and_what_was_added_fades(
    draw: int, added: float, money: np.ndarray
) -> None:
    p = take(interest.Interest, draw)
    none = np.zeros(2)
    assert rises(interest.exposure(money, none, p), p.orientation_effect)
    assert rises(interest.exposure(none, money, p), p.sustainability_effect)
    left = interest.next_interest(added, True, True, 0.0, 0.0, 0.0, p.fade)
    assert abs(left) <= abs(added)
    assert left * added >= 0


@given(draws, st.sampled_from(list(Track)), share, pair(st.integers(0, 21).map(float)))
def test_who_drifts_up_in_one_year_does_in_every_later_one(
    draw: int, bound: Track, u: float, years: np.ndarray
) -> None:
    p = take(track.Track, draw)

    def comes_to(year: float, taught: bool) -> int:
        going = track.going_on(year, np.zeros(5), p)
        return int(track.moved(int(bound), u, going.up[bound], going.down[bound], taught, taught))

    early, late = (comes_to(year, True) for year in years)
    assert late == early or early == bound
    assert comes_to(21.0, False) == bound


def chances(p: profile_choice.ProfileChoice, pull: float, km: np.ndarray, away: np.ndarray) -> np.ndarray:
    """Chance of each of ten equally liked profiles, away at so many kilometres more."""
    loading = np.array([1.0] * 5 + [0.0, 0.0, p.dp_loading, 0.0, 0.0])
    return profile_choice.chances(np.array([pull]), np.zeros((1, 10)), loading, np.where(away, km, np.nan)[None], p)[0]


profiles = st.lists(st.booleans(), min_size=10, max_size=10).map(np.array)
kilometres = st.lists(st.floats(0, 60), min_size=10, max_size=10).map(np.array)


@given(draws, pair(utility), profiles, kilometres)
def test_chances_sum_to_one_and_pull_never_lowers_that_of_technique(
    draw: int, pull: np.ndarray, away: np.ndarray, km: np.ndarray
) -> None:
    p = take(profile_choice.ProfileChoice, draw)
    weak, strong = (chances(p, one, km * away, away) for one in pull)
    assert weak.sum() == pytest.approx(1)
    assert strong.sum() == pytest.approx(1)
    assert rises(np.array([weak[:5].sum(), strong[:5].sum()]))


@given(draws, utility, profiles, kilometres, st.integers(0, 9), pair(st.floats(0, 60)))
def test_a_profile_that_closes_or_moves_away_is_chosen_less_and_no_other_less(
    draw: int, pull: float, away: np.ndarray, km: np.ndarray, which: int, further: np.ndarray
) -> None:
    p = take(profile_choice.ProfileChoice, draw)
    km, away = km * away, away.copy()
    others = np.arange(10) != which
    away[which], km[which] = False, 0.0
    at_home = chances(p, pull, km, away)
    away[which] = True
    for nearer in (at_home, None):
        km[which] = further[0]
        near = chances(p, pull, km, away) if nearer is None else nearer
        if nearer is None:
            km[which] = further[1]
        far = chances(p, pull, km, away)
        assert rises(np.array([near[which], far[which]]), -1)
        assert (far[others] >= near[others] - JUST).all()
    km[which] = np.inf
    assert chances(p, pull, km, away)[which] == 0


@given(draws, st.sampled_from(list(Track)), st.integers(1, 6), share, pair(share))
def test_lessons_that_nobody_gives_never_make_anyone_pass(
    draw: int, code: Track, grade: int, u: float, unfilled: np.ndarray
) -> None:
    p = progress.in_year(2019, np.zeros(len(Walk)), progress.own_rates(take(progress.Progress, draw)))
    fewer, more = (
        progress.end_of_year(u, code, grade, True, lacking, FINAL_GRADE[code], SWITCH_GRADE[code], p, 0)
        for lacking in unfilled
    )
    good = (progress.DIPLOMA, progress.ON)
    assert more not in good or fewer == more
    assert (fewer in (progress.QUIT, progress.SWITCH)) == (more in (progress.QUIT, progress.SWITCH))


@given(draws, st.floats(-4, 4), pair(st.floats(0, 3)), pair(factor), pair(utility))
def test_a_technical_course_is_taken_with_the_sign_of_what_draws_to_it(
    draw: int, constant: float, connection: np.ndarray, tightness: np.ndarray, taste: np.ndarray
) -> None:
    p = take(mbo_choice.MboChoice, draw)
    none = np.zeros(2)

    def chance(pull: np.ndarray) -> np.ndarray:
        return np.array([mbo_choice.chance(constant, shift) for shift in pull])

    assert rises(chance(mbo_choice.pull(taste, none, none, p)))
    assert rises(chance(mbo_choice.pull(none, connection, none, p)), p.connection_weight)
    assert rises(chance(mbo_choice.pull(none, none, np.log(tightness), p)), p.image_weight)
    assert rises(chance(p.places_weight * np.log(tightness)), p.places_weight)


@given(draws, st.integers(1, 4), st.integers(0, 1), st.integers(1, 8), share)
def test_study_never_lasts_shorter_than_it_can_and_ever_fewer_are_left(
    draw: int, level: int, pathway: int, year: int, u: float
) -> None:
    p = take(study.Study, draw)
    end = study.year_of_study(u, year, level, pathway, p)
    assert end != study.DIPLOMA or year >= p.shortest[level - 1]
    left = study.staying(p)
    assert ((left >= 0) & (left <= 1)).all()
    assert (np.diff(left, axis=2) <= JUST).all()
    assert 0 <= study.goes_on(level, pathway, p) <= 1


# ---------------------------------------------------------------- labour


@given(draws, st.integers(0, 1), st.integers(1, 4), st.integers(0, 1), share, pair(factor))
def test_nobody_leaks_from_a_tighter_or_better_paid_market_who_would_not_have(
    draw: int, pathway: int, level: int, sex: int, u: float, market: np.ndarray
) -> None:
    p = take(first_job.FirstJob, draw)
    slack, tight = (first_job.looks_for_technical_work(pathway, level, sex, u, np.log(t), 1.0, p) for t in market)
    assert tight or not slack
    poor, rich = (first_job.looks_for_technical_work(pathway, level, sex, u, 0.0, wage, p) for wage in market)
    assert rich or not poor


counts = st.lists(st.just(0.0) | st.floats(0.1, 500.0), min_size=4, max_size=4).map(np.array)


@given(counts, counts, counts, st.floats(5, 60))
def test_more_graduates_never_fill_fewer_vacancies(
    seekers: np.ndarray, extra: np.ndarray, vacancies: np.ndarray, commute_km: float
) -> None:
    near = np.exp(-np.abs(np.subtract.outer(np.arange(4), np.arange(4))) * 20.0 / commute_km)
    few, _ = first_job.spread(seekers[:, None], vacancies[:, None], vacancies[:, None], near)
    many, chance = first_job.spread((seekers + extra)[:, None], vacancies[:, None], vacancies[:, None], near)
    assert (many >= few - 1e-9).all()
    _, before = first_job.spread(seekers[:, None], vacancies[:, None], vacancies[:, None], near)
    assert (chance[seekers > 0] <= before[seekers > 0] + 1e-9).all()


@given(draws, pair(st.floats(0, 1e4)), pair(st.floats(0, 1e4)), st.floats(0.01, 2.0))
def test_hires_never_fall_with_jobs_or_seekers_and_never_exceed_either(
    draw: int, room: np.ndarray, found: np.ndarray, efficiency: float
) -> None:
    p = take(firms.Firms, draw)
    for jobs, seekers in ((room, both(found[0])), (both(room[0]), found)):
        hired = firms.hires(jobs, seekers, both(efficiency), p)
        assert rises(hired)
        assert (hired <= np.minimum(jobs, seekers) + 1e-9).all()
        assert (hired >= 0).all()


@given(draws, pair(factor), pair(st.floats(-1, 3)), pair(st.floats(0, 1e4)), pair(st.floats(0, 1e4)))
def test_firms_answer_scarcity_with_pay_and_places(
    draw: int, tightness: np.ndarray, connection: np.ndarray, vacancies: np.ndarray, demand: np.ndarray
) -> None:
    p = take(firms.Firms, draw)
    assert rises(firms.tightness(vacancies, both(100)))
    assert rises(firms.tightness(both(100), vacancies), -1)
    assert rises(firms.wage(tightness, p))
    assert rises(firms.bbl_places(both(100), tightness, both(0), both(1), p))
    assert rises(firms.bbl_places(both(100), both(1), connection, both(1), p))
    assert rises(firms.brought(both(1), connection, both(1), p))
    assert rises(firms.from_elsewhere(both(1e9), both(1000), tightness, p))
    assert rises(firms.openings(demand, both(1000)))
    assert rises(firms.openings(both(1000), demand), -1)
    assert rises(firms.let_go(demand, both(1000), both(p.separate), p), -1)
    assert rises(firms.separation(tightness - 1.0, both(0), p), -1)


@given(draws, pair(asked_share), pair(st.floats(0, 0.5)))
def test_a_norm_never_makes_partners_bring_less(draw: int, asked: np.ndarray, brought: np.ndarray) -> None:
    p = take(firms.Firms, draw)
    assert rises(np.array([firms.under_norm(brought[:1], norm, p)[0] for norm in asked]))
    assert rises(firms.under_norm(brought, asked[1], p))
    sought = firms.under_norm(brought, asked[1], p)
    assert (sought <= np.maximum(brought, asked[1]) + JUST).all()


@given(draws, pair(st.floats(0, 1000)), st.floats(500, 5000))
def test_what_firms_can_not_fill_never_raises_what_they_want(draw: int, vacancies: np.ndarray, demand: float) -> None:
    p = take(firms.Firms, draw)
    assume(demand > vacancies[1])
    assert rises(firms.next_demand(both(demand), vacancies, both(50), 0.0, 1.0, p), -1)
