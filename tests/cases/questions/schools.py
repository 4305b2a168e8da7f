"""Questions about schools and their teachers: technique capital, the offer, the teacher labour market."""

from __future__ import annotations

import numpy as np
from form import question

from doorstroom.mechanisms import offer, other_teaching, teacher_hours, teacher_market, technique_capital

LEAVING = {
    teacher_market.STAY: "stays",
    teacher_market.RETIRED: "retires",
    teacher_market.TO_INDUSTRY: "to industry",
    teacher_market.OTHER: "other",
    teacher_market.TO_TEACHING: "to other teaching",
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
def chance_of_opening(p: offer.Offer, potential: float, unfilled: float = 0.0, had_it: bool = False) -> float:
    """How likely does a location open a profile that its own pupils would fill with so many in year 3?

    Unfilled: share of the region's technique lessons that nobody gives; had it: in 2019 or since.
    """
    return offer.opening(np.array([potential]), np.array([had_it]), np.array([unfilled]), p)


@question
def closing_without_teachers(p: offer.Offer, unfilled: float) -> float:
    """How likely does a location close a profile for want of teachers, at this share of lessons that nobody gives?"""
    return offer.unstaffed(np.array([unfilled]), p)


@question
def expected_groups(
    p: offer.Offer, group: dict[str, float], choose: dict[str, float], fraction: float = 1.0
) -> dict[str, float]:
    """What group does each location of a region expect after a year in which so many probably choose it?"""
    before, now = (np.array([[of[name]] for name in group]) for of in (group, choose))
    offered, region = np.ones_like(before, bool), np.zeros(len(group), np.int64)
    return dict(zip(group, offer.learn(before, now, offered, region, fraction, p)[:, 0], strict=True))


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
    openings: float = 1.0,
) -> str:
    """Does a technique teacher with this random number (0 to 1) stay, and if not, why?

    Years in teaching; tightness and wage against 2019; money for staff in euro per FTE; openings in other teaching of
    technique against 2019.
    """
    one = (np.array([value]) for value in (age, years, u, tightness, wage, money_per_fte, openings))
    return LEAVING[teacher_market.leave(*one, p)[0]]


@question
def candidates(
    p: teacher_market.TeacherMarket,
    lessons: float = 0.0,
    technicians: float = 0.0,
    other_teachers: float = 0.0,
    tightness: float = 1.0,
    wage: float = 1.0,
    money_per_fte: float = 0.0,
    openings: float = 1.0,
) -> dict[str, float]:
    """How many candidates does a region see in a year, by route?

    Lessons: its share of the country's technique lessons; technicians who work there; other teachers of technique, in
    tl, havo, vwo and mbo; tightness and wage against 2019; money that counts this year, in euro per FTE; openings in
    other teaching of technique against 2019.
    """
    given = (lessons, technicians, other_teachers, tightness, wage, money_per_fte, openings)
    one = (np.array([value]) for value in given)
    return dict(zip(teacher_market.ROUTES, teacher_market.candidates(*one, p)[0], strict=True))


@question
def hours_given(
    p: teacher_hours.TeacherHours, needed: float, usual: dict[str, float], wants: dict[str, float] | None = None
) -> dict[str, float]:
    """How many FTE of technique does each teacher of a school give whose lessons ask so much?

    Usual: what they have come to give; wants: what they want to give, as much unless said.
    """
    contract = np.array([(wants or usual)[name] for name in usual])
    hours = teacher_hours.give(
        np.array([needed]), np.zeros(len(usual), np.int64), np.array(list(usual.values())), contract, p
    )
    return dict(zip(usual, hours, strict=True))


@question
def usual_hours_after(p: teacher_hours.TeacherHours, given: float, usual: float, wants: float) -> float:
    """How many FTE of technique does a teacher usually give after a year in which so many were given?"""
    return teacher_hours.become_usual(np.array([given]), np.array([usual]), np.array([wants]), p)


@question
def contracts_that_end(p: teacher_hours.TeacherHours, spare: float, usual: dict[str, float]) -> dict[str, bool]:
    """Whose temporary contracts end at a school with so many FTE to spare? Usual: their FTE, the newest first."""
    ended = teacher_hours.end_contracts(np.arange(len(usual)), np.array([spare]), _staff(list(usual.values())))
    return dict(zip(usual, ended.tolist(), strict=True))


@question
def moves(
    p: teacher_hours.TeacherHours,
    usual: float,
    spare: float,
    missing: dict[str, float],
    at_km: dict[str, float],
    willing: bool = True,
) -> str:
    """To which school does a teacher move, or stays?

    Usual: FTE of technique; spare: FTE that the own school can miss; missing and at_km: FTE that each other school
    misses, and how far it is.
    """
    places = np.array([[0.0, 0.0], *([at_km[name], 0.0] for name in missing)])
    staff = _staff([usual])
    teacher_hours.move_on(
        np.array([0]),
        np.array([willing]),
        np.array([spare, *(0.0 for _ in missing)]),
        np.array([0.0, *missing.values()]),
        places,
        staff,
        p.commute_km,
    )
    return ["stays", *missing][staff.school[0]]


def _staff(usual: list[float]) -> teacher_market.Staff:
    """Teachers of the first school with these usual hours."""
    hours, nobody = np.array(usual), np.zeros(len(usual), np.int64)
    return teacher_market.Staff(nobody, nobody.astype(np.int8), hours.copy(), hours, hours.copy())


@question
def other_teachers_needed(p: other_teaching.OtherTeaching, people: dict[str, float]) -> dict[str, float]:
    """How many FTE do pupils (`tl, havo and vwo`) and students of technique (`mbo`) ask?"""
    return _named(other_teaching.needed(_others(people), p))


@question
def other_openings(
    p: other_teaching.OtherTeaching, employed: dict[str, float], needed: dict[str, float], lured: float = 0.0
) -> dict[str, float]:
    """How many FTE are open this year in other teaching of technique? Lured: the part that leaves beyond 2019."""
    leaving = other_teaching.leaving(np.array([lured]), p)
    return _named(other_teaching.openings(_others(employed), _others(needed), leaving))


@question
def other_teachers_who_enter(
    p: other_teaching.OtherTeaching,
    openings: dict[str, float],
    employed_2019: dict[str, float],
    from_vmbo: dict[str, float] | None = None,
    technicians_turn: float = 1.0,
) -> dict[str, float]:
    """How many FTE enter teaching of technique in tl, havo and vwo and in mbo?

    Technicians turn: how readily they turn to teaching, against 2019; from_vmbo: FTE of those who come from there.
    """
    pull, coming = np.array([technicians_turn]), _others(from_vmbo)
    return _named(other_teaching.entry(_others(openings), _others(employed_2019), pull, coming, p))


@question
def other_teachers_from_firms(
    p: other_teaching.OtherTeaching,
    entered: dict[str, float],
    from_vmbo: dict[str, float] | None = None,
    technicians_turn: float = 1.0,
) -> dict[str, float]:
    """How many FTE of those who enter come from firms?"""
    return _named(other_teaching.from_firms(_others(entered), _others(from_vmbo), np.array([technicians_turn]), p))


def _others(values: dict[str, float] | None) -> np.ndarray:
    return np.array([[values[name] if values else 0.0 for name in other_teaching.OTHERS]])


def _named(values: np.ndarray) -> dict[str, float]:
    return dict(zip(other_teaching.OTHERS, values[0].tolist(), strict=True))
