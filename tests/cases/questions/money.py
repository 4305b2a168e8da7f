"""Questions about money: schemes, absorption, activities, steering."""

from __future__ import annotations

from typing import Literal

import numpy as np
from form import question

from doorstroom.mechanisms import absorption, activities, schemes, steering
from doorstroom.scenario import Scheme
from doorstroom.terms import Activity

ActivityName = Literal[
    "orientation", "equipment", "programmes", "teachers", "inclusion", "sustainability", "coordination"
]
Participant = Literal["vmbo", "havo_vwo", "po", "mbo"]
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
) -> float:
    """How many euro does a scheme pay over all regions in a calendar year?"""
    scheme = Scheme(
        title="a scheme",
        programme="STO",
        first_year=int(first_year),
        last_year=int(last_year),
        after=after,
        budget=budget,
        gap_years=[int(gap) for gap in gap_years or []],
        activities={"equipment": 1.0},
    )
    return scheme.paid(int(year))


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
def spending_by_participant(
    p: activities.Activities, spent: float, shares: dict[ActivityName, float], joins: list[Participant]
) -> dict[str, float]:
    """Who spends how many euro on what? Answers: of a participant (`mbo`), an activity, or both (`mbo programmes`)."""
    takes_part = np.array([target in joins for target in activities.TARGETS])
    euro = activities.over_targets(np.array([spent]), _over_activities(shares)[None], takes_part, p)[0]
    each = {target: euro[:, at].sum() for at, target in enumerate(activities.TARGETS)}
    for activity in Activity:
        name = activity.name.lower()
        each[name] = euro[activity].sum()
        each |= {f"{target} {name}": euro[activity, at] for at, target in enumerate(activities.TARGETS)}
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
