"""The constants of the way into mbo, such that the students of 2019 stand still.

The official count gives students by level, pathway, technical sector and sex. Study rates turn it into the entrants a
year that would hold it level (study.standing_still); adults take their assumed part of these; the rest are the young
entrants that the year's leavers of secondary education must become. Four things follow, none of them tuned by hand:

- how many of each sex take a technical course. Continuation from a technical profile and from D&P is taken as known
  (mbo_choice.continue_*); the other origins' chances are shifted together, in log odds, until the total comes out;
- which sector they take: after a technical profile the table FIELD_OF_PROFILE, after others what is left;
- at which level they start: the access rules (mbo_choice.level_*), times one factor per level;
- how many take a work-based course, per level and sector.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from doorstroom.agents.behaviour import Behaviour
from doorstroom.agents.constants import IS_TECHNICAL, logit_constant, selected
from doorstroom.agents.country import Country
from doorstroom.agents.population import adult_shares
from doorstroom.agents.secondary import FINAL_GRADE
from doorstroom.agents.students import FIELD_OF_PROFILE
from doorstroom.mechanisms import study
from doorstroom.mechanisms.mbo_choice import EXITS, ORIGINS, MboChoice, exit_kind, origin_of
from doorstroom.mechanisms.progress import by_year
from doorstroom.terms import Field, Profile, Sex, Track

Array = NDArray[np.float64]

KNOWN_ORIGINS = ORIGINS.index("D&P") + 1
"""Origins whose continuation is known from outside; the others follow from the count."""
RAKINGS = 100
FURTHEST = 6.0
LEAST = 0.01
"""Smallest share a sector or a work-based course keeps."""


class MboConstants(NamedTuple):
    """Fitted constants; see choice_constants.Constants for their shapes."""

    mbo: Array
    bbl: Array
    field_table: Array
    levels: Array
    applicants: Array


def fit_mbo(country: Country, behaviour: Behaviour) -> MboConstants:
    """Fit the constants."""
    young = young_entrants(country, behaviour)
    leavers = leaving(country, behaviour)
    chance = technical_chance(behaviour.mbo, leavers, young)
    technical = np.array(["technique" in origin for origin in ORIGINS])
    spread = behaviour.interest.taste_sd
    mean = np.stack([selected(spread**2, technical, np.full(len(ORIGINS), sex)) for sex in Sex], axis=1)
    constant = logit_constant(chance.ravel(), mean.ravel(), spread).reshape(chance.shape)
    share = young.sum(axis=3)
    bbl = np.divide(share[:, 1], share.sum(axis=1), out=np.full(share[:, 1].shape, LEAST), where=share.sum(axis=1) > 0)
    bbl = np.clip(bbl, LEAST, 1.0 - LEAST)
    return MboConstants(
        mbo=constant,
        bbl=np.log(bbl / (1.0 - bbl)),
        field_table=_fields(leavers, chance, young),
        levels=_levels(behaviour.mbo, leavers, young),
        applicants=young[:, 1, 1:].sum(axis=(0, 2)),
    )


def young_entrants(country: Country, behaviour: Behaviour) -> Array:
    """Entrants from secondary education who, with the adults, hold the students level; shape of `students_2019`."""
    entrants, _ = study.standing_still(country.students_2019, behaviour.study)
    cells, p = country.students, behaviour.mbo
    adults = np.zeros_like(entrants)
    share = adult_shares(cells, behaviour.population, p.adult_bbl)
    np.add.at(adults, (cells.level - 1, cells.pathway, cells.field, cells.sex), p.adults_per_year * share)
    return np.maximum(entrants - adults, 0.05 * entrants)


class Leavers(NamedTuple):
    """Persons a year who go from secondary education to mbo, one entry per cell; kind and origin are rows."""

    kind: NDArray[np.int64]
    origin: NDArray[np.int64]
    profile: NDArray[np.int64]
    sex: NDArray[np.int64]
    persons: Array


def leaving(country: Country, behaviour: Behaviour) -> Leavers:
    """Who goes to mbo in a year, by the rates of progress, from the pupils of 2019."""
    p, to_mbo, cells = behaviour.progress, behaviour.mbo.to_mbo, country.pupils
    n = np.zeros((len(p.quit), len(IS_TECHNICAL), cells.year.max() + 1, len(Sex)))
    np.add.at(n, (cells.track, cells.profile, cells.year, cells.sex), cells.n)
    track, profile, year, sex = np.nonzero(n)
    n = n[track, profile, year, sex]
    quits = np.where(track == Track.LOWER, 0.0, n * by_year(p)[track, year])
    passes = np.where(year >= FINAL_GRADE[track], (n - quits) * p.exam_pass[track], 0.0)
    diploma = np.repeat([False, True], len(n))
    track, profile, sex = np.tile(track, 2), np.tile(profile, 2), np.tile(sex, 2)
    kind = np.array([exit_kind(*of) for of in zip(track.tolist(), diploma.tolist(), strict=True)])
    known = (column.tolist() for column in (track, profile, IS_TECHNICAL[profile], diploma))
    origin = np.array([origin_of(*of) for of in zip(*known, strict=True)])
    return Leavers(kind, origin, profile, sex, np.concatenate([quits, passes]) * to_mbo[kind])


def technical_chance(p: MboChoice, leavers: Leavers, young: Array) -> Array:
    """Chance of a technical course per origin and sex, shape (origins, 2)."""
    chance = np.stack([p.continue_man, p.continue_vrouw], axis=1)
    chance = np.clip(chance, 1e-4, 1.0 - 1e-4)
    wanted = young[:, :, 1:].sum(axis=(0, 1, 2)) / young.sum() * leavers.persons.sum()
    for sex in Sex:
        persons = np.bincount(leavers.origin, leavers.persons * (leavers.sex == sex), len(ORIGINS)).astype(np.float64)
        odds = chance[:, sex] / (1.0 - chance[:, sex])
        odds[KNOWN_ORIGINS:] *= np.exp(_shift(odds, persons, wanted[sex]))
        chance[:, sex] = odds / (1.0 + odds)
    return chance


def _shift(odds: Array, persons: Array, wanted: float) -> float:
    """Shift in log odds of the origins that aren't known, at which `wanted` persons take a technical course.

    Within a factor e^6 of odds; beyond it the count and the known continuation can't both hold.
    """

    def excess(shift: float) -> float:
        now = odds * np.where(np.arange(len(odds)) >= KNOWN_ORIGINS, np.exp(shift), 1.0)
        return float((persons * now / (1.0 + now)).sum() - wanted)

    if excess(-FURTHEST) < 0.0 < excess(FURTHEST):
        return float(brentq(excess, -FURTHEST, FURTHEST))
    return float(np.sign(-excess(0.0)) * FURTHEST)


def _fields(leavers: Leavers, chance: Array, young: Array) -> Array:
    """Running sums over the technical sectors, shape (2 x codes, 5), rows 2 x Profile code + sex."""
    codes, fields = max(Profile) + 1, len(Field) - 1
    table = np.zeros((codes, 2, fields))
    technical = leavers.persons * chance[leavers.origin, leavers.sex]
    flow = np.zeros((codes, 2))
    np.add.at(flow, (leavers.profile, leavers.sex), technical)
    known = np.zeros((2, fields))
    for profile, shares in FIELD_OF_PROFILE.items():
        known += flow[profile][:, None] * np.array(shares)
    wanted = young[:, :, 1:].sum(axis=(0, 1)).T
    wanted = wanted / wanted.sum(axis=1, keepdims=True) * flow.sum(axis=0)[:, None]
    left = np.maximum(wanted - known, LEAST * wanted)
    table[:] = left / left.sum(axis=1, keepdims=True)
    for profile, shares in FIELD_OF_PROFILE.items():
        table[profile] = shares
    return np.cumsum(table, axis=2).reshape(2 * codes, fields)


def _levels(p: MboChoice, leavers: Leavers, young: Array) -> Array:
    """Running sums over the levels per kind of exit, shape (exits, 4)."""
    rules = np.stack([p.level_1, p.level_2, p.level_3, p.level_4], axis=1)
    persons = np.bincount(leavers.kind, leavers.persons, len(EXITS))
    wanted = young.sum(axis=(1, 2, 3))
    wanted = wanted / wanted.sum() * persons.sum()
    factor = np.ones(4)
    for _ in range(RAKINGS):
        shares = rules * factor
        shares = shares / shares.sum(axis=1, keepdims=True)
        # added up here: a matrix product is another in its last bits with every processor's own linear algebra
        factor = factor * wanted / np.maximum((persons[:, None] * shares).sum(axis=0), 1e-9)
    return np.cumsum(shares, axis=1)
