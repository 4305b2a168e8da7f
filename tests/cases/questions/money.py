"""Questions about money: schemes, absorption, activities, steering."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import numpy as np
from form import question

from doorstroom.mechanisms import absorption, activities, schemes, steering
from doorstroom.scenario import Scheme
from doorstroom.terms import TARGETS, Activity

ActivityName = Literal[
    "orientation", "equipment", "programmes", "teachers", "inclusion", "sustainability", "coordination"
]
Participant = Literal["vmbo", "havo_vwo", "po", "mbo", "firms", "others"]
Release = Literal["yes", "no", "by_review"]
Rule = Literal["fixed_shares", "per_pupil", "per_technique_pupil", "need_weighted", "equal"]


def _over_activities(shares: dict[ActivityName, float]) -> np.ndarray:
    return np.array([shares.get(activity.name.lower(), 0.0) for activity in Activity])


@question
def share_of_the_budget(
    p: schemes.Schemes,
    rule: Rule,
    technique: dict[str, float],
    pupils: dict[str, float] | None = None,
    technique_2019: dict[str, float] | None = None,
    not_eligible: list[str] | None = None,
) -> dict[str, float]:
    """Which share of a scheme's budget does each region get? Pupils are those of bb, kb and gl; both by region."""
    regions = list(technique)
    base = {
        "technique": np.array([technique[region] for region in regions]),
        "technique_2019": np.array([(technique_2019 or technique)[region] for region in regions]),
        "pupils": np.array([pupils[region] if pupils else 1000.0 for region in regions]),
    }
    eligible = np.array([region not in (not_eligible or []) for region in regions])
    return dict(zip(regions, schemes.division(rule, base, eligible, p), strict=True))


@question
def grant_and_cofinancing(p: schemes.Schemes, offered: float, brought: float, asked: float) -> dict[str, float]:
    """How many euro of an offer does a region get, and what do partners add who bring this share of the offer?"""
    granted, cofinanced = schemes.after_cofinancing(np.array([offered]), np.array([brought]), asked)
    return {"granted": granted, "cofinanced": cofinanced}


@question
def budget_of_a_year(
    p: schemes.Schemes,
    year: float,
    budget: float | dict[int, float],
    first_year: float = 2025,
    last_year: float = 2028,
    after: float = 0.0,
    gap_years: list[float] | None = None,
    conditional_from: float | None = None,
    release: Release = "yes",
    released: bool = True,
    delay_years: float = 0,
) -> float:
    """How many euro does a scheme pay over all regions in a calendar year?

    Release: who decides on the conditional part; released: what a review decided.
    """
    scheme = _scheme(
        first_year,
        last_year,
        budget=budget,
        after=after,
        gap_years=[int(gap) for gap in gap_years or []],
        conditional_from=None if conditional_from is None else int(conditional_from),
        release=release,
        delay_years=int(delay_years),
    )
    return scheme.paid(int(year), released)


@question
def years_promised(
    p: schemes.Schemes,
    year: float,
    plan_years: float,
    outline: bool = False,
    first_year: float = 2025,
    last_year: float = 2028,
    after: float = 0.0,
    conditional_from: float | None = None,
) -> float:
    """For how many years after a year is money promised, at most four? Outline: one application for all years."""
    scheme = _scheme(
        first_year,
        last_year,
        budget=1e6,
        plan_years=int(plan_years),
        outline=outline,
        after=after,
        conditional_from=None if conditional_from is None else int(conditional_from),
    )
    return scheme.committed(int(year))


@question
def known_in_spring(p: schemes.Schemes, year: float, announced: date) -> bool:
    """Is a year's money known when schools plan their staff, before 1 March?"""
    return bool(_scheme(year, year, budget=1e6, announced=announced).known_in_time(int(year)))


def _scheme(first_year: float, last_year: float, **rules: Any) -> Scheme:
    return Scheme(
        title="A scheme",
        programme="STO",
        first_year=int(first_year),
        last_year=int(last_year),
        activities={"equipment": 1.0},
        **rules,
    )


@question
def effective_spending(p: absorption.Absorption, money: float, capacity: float) -> float:
    """How many of a year's euro become good work in a region that can bear so much?"""
    return absorption.effective(np.array([money]), np.array([capacity]))


@question
def absorptive_capacity(
    p: absorption.Absorption,
    pupils: float = 1000.0,
    experience: float = 0.0,
    support: float = 0.0,
    filled: float = 1.0,
) -> float:
    """How many euro a year can a region bear? Experience in years, support in euro, filled a share of lessons."""
    return absorption.capacity(np.array([pupils]), np.array([experience]), support, np.array([filled]), p)


@question
def certainty(p: absorption.Absorption, years_promised: float) -> float:
    """By which factor can a region bear more because its money is promised for years ahead?"""
    return absorption.certainty(np.array([years_promised]), p)


@question
def worth_of_a_euro(
    p: absorption.Absorption, support: float = 0.0, experience: float = 0.0, indicators: bool = False
) -> float:
    """What is a euro of work worth, 1 being usual? Support in euro per region; indicators: one steers on them."""
    return absorption.quality(support, np.array([experience]), indicators, p)


@question
def experience_after_a_cut(p: absorption.Absorption, experience: float, work: float, work_before: float) -> float:
    """How many years of experience stay where the work shrinks, but doesn't stop? Work in euro."""
    return absorption.after_a_fall(np.array([experience]), np.array([work]), np.array([work_before]), p)


@question
def experience_next_year(p: absorption.Absorption, experience: float, money: float, coordination: float = 0.0) -> float:
    """How many years of experience does a region have a year on? Coordination is its share of the spending."""
    return absorption.next_experience(np.array([experience]), np.array([money]), np.array([coordination]), p)


@question
def activity_plan(
    p: activities.Activities,
    default: dict[ActivityName, float],
    unfilled: float = 0.0,
    girls_behind: float = 0.0,
) -> dict[str, float]:
    """Which share of its money does a region plan for each activity, from the scheme's own shares and its needs?"""
    plan = activities.plan(_over_activities(default), np.array([unfilled]), np.array([girls_behind]), p)[0]
    return {activity.name.lower(): plan[activity] for activity in Activity}


@question
def need_foreseen(p: activities.Activities, need: float, plan_years: float) -> float:
    """On how much of today's need can a plan of so many years count, on average?"""
    return activities.foreseen(np.array([need]), int(plan_years), p)


@question
def money_at_a_location(
    p: activities.Activities,
    euro: float,
    part_of_pupils: float,
    part_of_technique: float,
    hard_technique: float = 0.0,
    pupils: float = 1000.0,
) -> float:
    """How many euro per vocational pupil reach a location, of its region's euro for vmbo?

    Parts: the location's pupils among the region's, and its pupils in the five technical profiles among the region's;
    hard technique: the part of the euro that is for hard technique alone; pupils: vocational pupils of the region.
    """
    one = (np.array([value]) for value in (euro, hard_technique, pupils, part_of_technique, part_of_pupils))
    return activities.reach(*one, np.array([0]))


@question
def spending_by_participant(
    p: activities.Activities, spent: float, shares: dict[ActivityName, float], joins: list[Participant]
) -> dict[str, float]:
    """Who spends how many euro on what? Answers: of a participant (`mbo`), an activity, or both (`mbo programmes`)."""
    takes_part = np.array([target in joins for target in TARGETS])
    euro = activities.over_targets(np.array([spent]), _over_activities(shares)[None], takes_part, p)[0]
    each = {target: euro[:, at].sum() for at, target in enumerate(TARGETS)}
    for activity in Activity:
        name = activity.name.lower()
        each[name] = euro[activity].sum()
        each |= {f"{target} {name}": euro[activity, at] for at, target in enumerate(TARGETS)}
    return each


@question
def connection_next_year(p: activities.Activities, connection: float, programmes_per_pupil: float) -> float:
    """How close do schools, mbo and firms work together a year on? 0 is 2019; money in euro per vocational pupil."""
    return activities.next_connection(np.array([connection]), np.array([programmes_per_pupil]), p)


@question
def review_score(
    p: steering.Steering, spent: float, connection: float = 0.0, attention: float = 1.0, change: float = 0.0
) -> float:
    """How does the assessment committee score a region, from 0 to 1?

    Spent: share of what was received; attention to the themes relative to the scheme's own; change of the technique
    share since 2019.
    """
    one = [np.array([value]) for value in (spent, connection, attention, change)]
    return steering.score(*one, p)


@question
def conditions(p: steering.Steering, score: float) -> bool:
    """Does a region with this score get its next plan under conditions?"""
    return steering.conditioned(np.array([score]), p)


@question
def conditional_money(p: steering.Steering, scores: dict[str, float], without_money: list[str] | None = None) -> bool:
    """Does a midterm review with these scores, by region, release a programme's conditional money?"""
    funded = np.array([region not in (without_money or []) for region in scores])
    return steering.released(np.array(list(scores.values())), funded, p)
