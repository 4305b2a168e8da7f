"""Questions about money: schemes, absorption, activities, steering, knowledge."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import numpy as np
from form import question

from doorstroom.mechanisms import absorption, activities, knowledge, schemes, steering, young
from doorstroom.scenario import Scheme
from doorstroom.terms import KINDS, TARGETS, Activity

ActivityName = Literal[
    "orientation", "equipment", "programmes", "teachers", "inclusion", "sustainability", "coordination"
]
Participant = Literal["vmbo", "havo_vwo", "po", "mbo", "firms", "others", "hbo"]
Kind = Literal["vmbo", "havo_vwo", "po", "mbo", "outside school"]
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
    granted: float | dict[int, float] = 1.0,
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
        granted=granted,
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
def year_of_settlement(
    p: schemes.Schemes,
    year: float,
    first_year: float = 2025,
    last_year: float = 2028,
    after: float = 0.0,
    spend_until: float | None = None,
) -> float:
    """In which year does the regulation of a year settle, so that what is unspent goes back?"""
    until = None if spend_until is None else int(spend_until)
    return _scheme(first_year, last_year, budget=1e6, after=after, spend_until=until).settles(int(year))


@question
def norm_of_a_year(p: schemes.Schemes, year: float, cofinancing: float | dict[int, float]) -> float:
    """Which share of the grant must partners bring in a calendar year?"""
    return _scheme(2025, 2028, budget=1e6, cofinancing=cofinancing).asked(int(year))


@question
def amounts_by_name(p: schemes.Schemes, offered: dict[str, float], amounts: dict[str, float]) -> dict[str, float]:
    """How many euro does each region get where some have an amount of their own in place of what is offered?"""
    own = np.array([amounts.get(region, np.nan) for region in offered])
    return dict(zip(offered, schemes.named(np.array(list(offered.values())), own), strict=True))


@question
def effective_spending(p: absorption.Absorption, money: float, capacity: float) -> float:
    """How many of a year's euro become good work with those who can bear so much?"""
    return absorption.effective(np.array([money]), np.array([capacity]))


@question
def absorptive_capacity(
    p: absorption.Absorption,
    kind: Kind = "vmbo",
    pupils: float = 1000.0,
    experience: float = 0.0,
    support: float = 0.0,
    outside: float = 0.0,
    filled: float = 1.0,
    time: float = 1.0,
) -> float:
    """How many euro a year can a kind of participant bear?

    Experience in years, support and what is done outside school in euro, filled a share of lessons, time the share of
    the time for projects that is free for it.
    """
    untrained = np.array([absorption.per_pupil(p)[KINDS.index(kind)] * pupils])
    able = np.array([filled**p.staff_elasticity * time])
    return absorption.capacity(untrained, np.array([experience]), support, np.array([outside]), able, p)


@question
def certainty(p: absorption.Absorption, years_promised: float) -> float:
    """By which factor can a region bear more because its money is promised for years ahead?"""
    return absorption.certainty(np.array([years_promised]), p)


@question
def experience_after_a_cut(p: absorption.Absorption, experience: float, work: float, work_before: float) -> float:
    """How many years of experience stay where the work shrinks, but doesn't stop? Work in euro."""
    return absorption.after_a_fall(np.array([experience]), np.array([work]), np.array([work_before]), p)


@question
def experience_next_year(p: absorption.Absorption, experience: float, used: float, coordination: float = 0.0) -> float:
    """How many years of experience has a kind of participant a year on?

    Used: work done as a share of what it could untrained; coordination: its share of the spending.
    """
    return absorption.next_experience(np.array([experience]), np.array([used]), np.array([coordination]), p)


@question
def split_of_own_plans(p: activities.Activities, stated: dict[ActivityName, float]) -> dict[str, float]:
    """What does a stated split come to where regions plan themselves?"""
    split = activities.of_own_plans(_over_activities(stated), p)
    return {activity.name.lower(): split[activity] for activity in Activity}


@question
def activity_plan(
    p: activities.Activities,
    split: dict[ActivityName, float],
    unfilled: dict[str, float] | None = None,
    girls_behind: dict[str, float] | None = None,
) -> dict[str, float]:
    """Which share of its money does each of two regions with equal money plan for an activity?

    Needs by region, a and b. Answers: region and activity (`a teachers`).
    """
    needs = [np.array([(need or {}).get(region, 0.0) for region in "ab"]) for need in (unfilled, girls_behind)]
    plan = activities.plan(_over_activities(split), *needs, np.ones(2), p)
    return {f"{region} {one.name.lower()}": plan[row, one] for row, region in enumerate("ab") for one in Activity}


@question
def need_foreseen(p: activities.Activities, need: float, plan_years: float) -> float:
    """On how much of today's need can a plan of so many years count, on average?"""
    return activities.foreseen(np.array([need]), int(plan_years), p)


@question
def money_at_a_location(
    p: activities.Activities, euro: float, part: float, part_of_pupils: float, pupils: float = 1000.0
) -> float:
    """How many euro per vocational pupil reach a location that gets this part of its region's euro for vmbo?

    Part of pupils: the location's vocational pupils among the region's; pupils: those of the region.
    """
    one = (np.array([value]) for value in (euro, pupils, part, part_of_pupils))
    return activities.reach(*one, np.array([0]))


@question
def agreement(p: activities.Activities, parts: dict[str, float], lasting: float) -> dict[str, float]:
    """Which part of a region's money does each location get by the agreement of its schools?

    Parts of the pupils by location; lasting: the region's own number, standard normal.
    """
    region = np.zeros(len(parts), np.int64)
    got = activities.agreed(np.array(list(parts.values())), np.array([lasting]), region, p)
    return dict(zip(parts, got, strict=True))


@question
def spending_by_participant(
    p: activities.Activities,
    spent: float,
    shares: dict[ActivityName, float],
    joins: list[Participant],
    can_do: dict[Participant, float] | None = None,
) -> dict[str, float]:
    """Who spends how many euro on what? Answers: of a participant (`mbo`), an activity, or both (`mbo programmes`).

    Can do: the part of its plan that a participant can do, usually all.
    """
    takes_part = np.array([target in joins for target in TARGETS])
    carried = activities.carriers(activities.usual_carriers(p), takes_part)
    done = np.array([[(can_do or {}).get(target, 1.0) for target in TARGETS]])
    euro = activities.carried_out((spent * _over_activities(shares)[:, None] * carried)[None], done)[0]
    each = {target: euro[:, at].sum() for at, target in enumerate(TARGETS)}
    for activity in Activity:
        name = activity.name.lower()
        each[name] = euro[activity].sum()
        each |= {f"{target} {name}": euro[activity, at] for at, target in enumerate(TARGETS)}
    return each


@question
def connection_next_year(
    p: activities.Activities, connection: float, programmes_per_pupil: float, in_2019: float = 0.0
) -> float:
    """How close do schools, mbo and firms work together a year on? 0 is 2019; money in euro per vocational pupil."""
    euro = (np.array([value]) for value in (programmes_per_pupil, in_2019))
    return activities.next_connection(np.array([connection]), *euro, p)


@question
def known_next_year(
    p: knowledge.Knowledge,
    known: float = 0.0,
    indicators: bool = False,
    self_report: bool = False,
    advice: bool = False,
    peer_review: bool = False,
    research: bool = False,
    best: float = 0.0,
    luck: float = 0.5,
    national_luck: float = 0.5,
) -> float:
    """What does a region know of what works a year on, 0 to 1? Best: what the best quarter of regions knows."""
    others = np.full(8, best)
    ways = knowledge.Ways(*(np.full(9, float(on)) for on in (indicators, self_report, advice, peer_review, research)))
    return knowledge.next_knowledge(np.append(known, others), ways, np.full(9, luck), national_luck, p)


@question
def worth_of_a_euro(p: knowledge.Knowledge, helped: float = 0.0, known: float = 0.0) -> float:
    """What is a euro of work worth, 1 being usual? Helped: how far national support reaches; known: in the plan."""
    return knowledge.quality(np.array([known]), helped, p)


@question
def skill_next_year(p: young.Young, skill: float = 0.0, staff_euro: float = 0.0) -> float:
    """How skilled are teachers a year on? Money for staff in euro per pupil; 0 is 2019."""
    return young.next_skill(np.array([skill]), np.array([staff_euro]), p)


@question
def pupils_reached(p: young.Young, orientation: float) -> float:
    """Which share of pupils of groep 7 and 8 does so much orientation reach? In euro per pupil."""
    return young.reached(np.array([orientation]), p)


@question
def approved_in_time(p: steering.Steering, u: float, experience: float = 0.0) -> bool:
    """Has a region its partners together when a scheme begins? u: random number (0 to 1); experience in years."""
    return bool(steering.in_time(np.array([experience]), np.array([u]), p)[0])


@question
def firms_as_partners(p: steering.Steering, brought: float, asked: float) -> bool:
    """Do firms bring enough to be partners? Both as a share of the offer."""
    return bool(steering.firms_join(np.array([brought]), asked, p)[0])


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
