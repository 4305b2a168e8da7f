"""Questions about the labour market: first job, firms."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
from form import question

from doorstroom.mechanisms import firms, first_job
from doorstroom.terms import Pathway

Leerweg = Literal["bol", "bbl"]
Sex = Literal["man", "vrouw"]
Size = Literal["small", "medium", "large"]
SIZES = get_args(Size)


@question
def looks_for_technical_work(
    p: first_job.FirstJob,
    u: float,
    pathway: Leerweg = "bol",
    level: float = 3.0,
    sex: Sex = "man",
    tightness: float = 1.0,
    wage: float = 1.0,
) -> bool:
    """Does a technical graduate with this random number (0 to 1) look for technical work? Market against 2019."""
    return first_job.looks_for_technical_work(
        Pathway[pathway.upper()], int(level), int(sex == "vrouw"), u, math.log(tightness), wage, p
    )


@question
def matching(
    p: first_job.FirstJob, seekers: dict[str, float], vacancies: dict[str, float], at_km: dict[str, float] | None = None
) -> dict[str, float]:
    """Who is hired in one sector? Answers: the part of a region's seekers (`Twente`), the hires there (`in Twente`).

    Persons and vacancies per region; at_km: where the regions lie along one road, all at one place unless given.
    """
    names = list(vacancies)
    place = np.array([(at_km or {}).get(name, 0.0) for name in names])
    nearness = np.exp(-np.abs(place[:, None] - place[None, :]) / p.commute_km)
    persons, jobs = (np.array([[table.get(name, 0.0)] for name in names]) for table in (seekers, vacancies))
    hires, chance = first_job.spread(persons, jobs, jobs, nearness)
    return dict(zip(names, chance[:, 0], strict=True)) | {
        f"in {name}": hired for name, hired in zip(names, hires[:, 0], strict=True)
    }


@question
def demand_next_year(
    p: firms.Firms,
    demand: float,
    vacancies: float,
    usual: float,
    growth: float = 0.0,
    size: Size = "medium",
) -> float:
    """How many technicians do firms want a year on? Usual: the vacancies they would have at the rate of 2019."""
    one = (np.array([value]) for value in (demand, vacancies, usual, growth))
    return firms.next_demand(*one, p.size_give_up[SIZES.index(size)], p)


@question
def openings(p: firms.Firms, demand: float, employed: float) -> float:
    """How many jobs must firms fill in the year? Lent and dismissed are nobody."""
    return firms.openings(np.array([demand]), np.array([employed]) * (1.0 - p.retire - p.separate))


@question
def dismissals(p: firms.Firms, demand: float, employed: float) -> float:
    """How many technicians do firms let go in the year?"""
    return firms.let_go(np.array([demand]), np.array([employed]), np.array([p.separate]), p)


@question
def job_seekers(p: firms.Firms, unemployed: float = 0.0, employed: float = 0.0, dismissed: float = 0.0) -> float:
    """How many technicians other than graduates seek work in the year?"""
    return firms.seekers(np.array([unemployed]), np.array([p.separate * employed + dismissed]), p)


@question
def losing_the_job(p: firms.Firms, growth: float, usual: float = 0.0) -> float:
    """What share of technicians loses the job in a year in which demand grows so much?"""
    return firms.separation(np.array([growth]), np.array([usual]), p)


@question
def hires(p: firms.Firms, room: float, seekers: float, efficiency: float = 1.0) -> float:
    """How many of these jobs are filled by these seekers in the year?"""
    return firms.hires(np.array([room]), np.array([seekers]), np.array([efficiency]), p)


@question
def hires_from_elsewhere(p: firms.Firms, room: float, employed_2019: float = 1000.0, tightness: float = 1.0) -> float:
    """How many come from abroad and other work into jobs that stay open? Tightness against 2019."""
    return firms.from_elsewhere(np.array([room]), np.array([employed_2019]), np.array([tightness]), p)


@question
def hires_by_size(p: firms.Firms, hired: float, openings: dict[str, float]) -> dict[str, float]:
    """To which size class do those go who are hired? Openings per class: small, medium, large."""
    taken = firms.over_sizes(np.array([hired]), np.array([[openings.get(size, 0.0) for size in SIZES]]), p)
    return dict(zip(SIZES, taken[0], strict=True))


@question
def tightness(p: firms.Firms, vacancies: float, unemployed: float) -> float:
    """How tight is the labour market, in vacancies per job-seeker?"""
    return firms.tightness(np.array([vacancies]), np.array([unemployed]))


@question
def wage(p: firms.Firms, tightness: float) -> float:
    """What is the technical wage against 2019, at this tightness against 2019?"""
    return firms.wage(np.array([tightness]), p)


@question
def bbl_places(
    p: firms.Firms, places_2019: float, tightness: float = 1.0, connection: float = 0.0, employment: float = 1.0
) -> float:
    """How many bbl places do firms offer? Tightness and employment against 2019, connection 0 is 2019."""
    one = (np.array([value]) for value in (places_2019, tightness, connection, employment))
    return firms.bbl_places(*one, p)


@question
def cofinancing_brought(
    p: firms.Firms, connection: float = 0.0, lasting: float = 1.0, employment: float = 1.0
) -> float:
    """Which share of an offer do a region's partners bring? Lasting: its own factor; employment against 2019."""
    one = (np.array([value]) for value in (lasting, connection, employment))
    return firms.brought(*one, p)


@question
def cofinancing_under_a_norm(p: firms.Firms, brought: float, asked: float) -> float:
    """Which share of an offer do partners bring to a scheme that asks for a share, who would bring so much?"""
    return firms.under_norm(np.array([brought]), asked, p)
