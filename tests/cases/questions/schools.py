"""Questions about schools and their teachers: technique capital, the offer, the teacher labour market."""

from __future__ import annotations

import numpy as np
from form import question

from doorstroom.mechanisms import offer, teacher_market, technique_capital

LEAVING = {
    teacher_market.STAY: "stays",
    teacher_market.RETIRED: "retires",
    teacher_market.TO_INDUSTRY: "to industry",
    teacher_market.OTHER: "other",
}


@question
def capital_next_year(p: technique_capital.TechniqueCapital, capital: float, spending_per_pupil: float = 0.0) -> float:
    """How much technique capital does a location have a year on, in euro per upper-years pupil?"""
    return technique_capital.next_capital(np.array([capital]), np.array([spending_per_pupil]), p)


@question
def quality(
    p: technique_capital.TechniqueCapital, capital: float, unfilled: float = 0.0, unqualified: float = 0.0
) -> float:
    """How good is a location's technique education? Shares of lessons nobody gives, and of FTE that is onbevoegd."""
    return technique_capital.quality(np.array([capital]), np.array([unfilled]), np.array([unqualified]), p)


@question
def chance_of_closing(
    p: offer.Offer,
    group: float,
    money_per_pupil: float = 0.0,
    shortage: float = 0.0,
    last_of_the_region: bool = False,
    cover: float = 0.0,
) -> float:
    """How likely does a location close a technical profile this year?

    Group: year-3 pupils expected; money in euro per vocational pupil; shortage: unfilled share of lessons less that of
    2019; cover: strength of the region's agreement on a covering offer, 0 to 1.
    """
    one = [np.array([[value]]) for value in (group, money_per_pupil, shortage)]
    return offer.closing(*one, np.array([[last_of_the_region]]), np.array([[cover]]), p)


@question
def chance_of_opening(p: offer.Offer, potential: float) -> float:
    """How likely does a location open a profile that its own pupils would fill with so many in year 3?"""
    return offer.opening(np.array([potential]), p)


@question
def covering_agreement(p: offer.Offer, connection: float) -> float:
    """How strong is a region's agreement on a covering offer, 0 to 1, at this connection (0 is 2019)?"""
    return offer.cover(np.array([connection]), p)


@question
def fte_needed(p: teacher_market.TeacherMarket, pupils: float, open_profiles: float) -> float:
    """How many FTE do the technique lessons of a location ask? Pupils of years 3 and 4 in technical profiles."""
    return teacher_market.fte_needed(np.array([pupils]), np.array([open_profiles]), p)


@question
def leaving(
    p: teacher_market.TeacherMarket,
    age: float,
    u: float,
    years: float = 10.0,
    tightness: float = 1.0,
    wage: float = 1.0,
    money_per_fte: float = 0.0,
) -> str:
    """Does a technique teacher with this random number (0 to 1) stay, and if not, why?

    Years in teaching; tightness and wage against 2019; money for staff in euro per FTE.
    """
    one = (np.array([value]) for value in (age, years, u, tightness, wage, money_per_fte))
    return LEAVING[teacher_market.leave(*one, p)[0]]


@question
def candidates(
    p: teacher_market.TeacherMarket,
    lessons: float = 0.0,
    technicians: float = 0.0,
    tightness: float = 1.0,
    wage: float = 1.0,
    money_per_fte: float = 0.0,
) -> dict[str, float]:
    """How many candidates does a region see in a year, by route?

    Lessons: its share of the country's technique lessons; technicians who work there; tightness and wage against 2019;
    money that counts this year, in euro per FTE.
    """
    one = (np.array([value]) for value in (lessons, technicians, tightness, wage, money_per_fte))
    return dict(zip(teacher_market.ROUTES, teacher_market.candidates(*one, p)[0], strict=True))
