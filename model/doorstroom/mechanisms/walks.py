"""18. Walks.

What moves everybody from year to year and no mechanism here explains: tastes, advice and placement, how many are lost
before the exam, how many are born or come. Each is a random walk with a drift that fades, from 0 in 2019:

    w_t = w_(t-1) + (drift + drift_sd x z_0) x exp(-(t - 2020) / drift_years) + scale x spread x z_t,

z_0 and z_t standard normal, z_0 the same in all years. Drift and spread are per walk; `Walk` says what each moves:

- tastes, in utility: technique as a whole (as far as a profile is technical), technique in bb, kb and gl each, of
  girls, each technical profile and D&P; the sector techniek in tl, and of girls there; N-profiles of havo and vwo
  together, of each, of girls; N&T beside that in havo, in vwo, of girls;
- placement, as the share of one track that goes to the next instead (of the upper one to the lower where negative):
  bb to kb, kb to gl, gl to tl, tl to havo, havo to vwo;
- passage, in log odds of leaving: in the lower years; before the exam bb, kb, gl, tl, havo, vwo, and of all of these
  girls, and pupils of a technical profile; of sitting the exam of gl rather than tl, of N&T beside N&G; of going from
  year 3 of havo and vwo to tl;
- the size of the cohort that enters secondary education, in log;
- taste for technique of those who come to mbo from secondary education, in utility.

Beside the walks each kind of candidate (track, technique or N-profile, sex) has luck of its own in each exam year, in
log: of some hundred girls chance alone makes a tenth more or fewer, and pupils change leerweg or profile, sit again or
come from elsewhere between 1 October and the exam. It moves counts and nobody in them, and is new every year.

Regions and locations have walks of their own beside these: taste for technique in vmbo (region and location), and
where candidates are counted, per region: of all tracks, of each, and the part of technique, of girls, of N&T and of
N&G among them. Schools merge and move, and sit exams at another place than they teach. That moves counts and nobody in
them; the country's total stays. Such moves are rare and large: their steps have Student's t, TAIL degrees of freedom.

All of it is luck: it belongs to the draw and the seed, never to the scenario.

Source: exam candidates of 2010/11 to 2018/19 by leerweg, profile and region, and by sex from 2014/15 on (DUO), year on
year; spreads of like walks are estimated together, drifts are drawn towards their common mean by what eight steps can
tell (experiments/walks.py says how). That a drift fades is an assumption.
Wrong if: a hindcast's intervals hold another part of the figures than they say.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.terms import VMBO_PROFILES, Profile, Sex

Array = NDArray[np.float64]


class Walk(IntEnum):
    """The walks of the country. Never renumber; append only."""

    TECHNIQUE = 0
    BB = 1
    KB = 2
    GL = 3
    GIRLS = 4
    BWI = 5
    PIE = 6
    MT = 7
    MVI = 8
    MAT = 9
    DP = 10
    TL_TECHNIQUE = 11
    TL_GIRLS = 12
    NATURE = 13
    NATURE_HAVO = 14
    NATURE_VWO = 15
    NATURE_GIRLS = 16
    NT_HAVO = 17
    NT_VWO = 18
    NT_GIRLS = 19
    BB_KB = 20
    KB_GL = 21
    GL_TL = 22
    TL_HAVO = 23
    HAVO_VWO = 24
    PASSAGE_BB = 25
    PASSAGE_KB = 26
    PASSAGE_GL = 27
    PASSAGE_TL = 28
    PASSAGE_HAVO = 29
    PASSAGE_VWO = 30
    PASSAGE_GIRLS = 31
    GL_EXAM = 32
    TO_TL = 33
    COHORT = 34
    PASSAGE_TECHNIQUE = 35
    DOUBLE = 36
    MBO = 37
    PASSAGE_LOWER = 38


KINDS: Final = (3 * 2 + 2 + 2 * 3) * len(Sex)
"""Kinds of candidates: bb, kb and gl by technical profile or not, tl by sector techniek or not, havo and vwo by
other, N&G and N&T; each by sex."""
NUMBERS: Final = len(Walk) + KINDS
"""So many standard normal numbers a year has: of the walks, then of the kinds of candidates."""
TAIL = 4
"""Degrees of freedom of the steps in where candidates are counted."""


class Walks(NamedTuple):
    """Parameters; vectors run over Walk."""

    spread: Array
    drift: Array
    drift_sd: Array
    scale: float
    drift_years: float
    kinds: Array
    region_taste: float
    location_taste: float
    region_exams: float
    region_track_exams: Array
    region_mix_exams: Array


def course(lasting: Array, yearly: Array, p: Walks) -> Array:
    """Where the walks stand, from 2019 on, shape (1 + years, walks).

    Parameters
    ----------
    lasting : standard normal numbers of the drifts, shape (walks,)
    yearly : of each year from 2020 on, shape (years, walks)
    """
    fading = np.exp(-np.arange(len(yearly)) / p.drift_years)[:, None]
    steps = fading * (p.drift + p.drift_sd * lasting) + p.scale * p.spread * yearly
    return np.concatenate([np.zeros((1, steps.shape[1])), np.cumsum(steps, axis=0)])


class Kinds(NamedTuple):
    """Candidates of a year against those that are expected, by kind, in log.

    Attributes
    ----------
    vmbo : shape (3 leerwegen, others and technical profiles, sexes)
    tl : shape (other sectors and techniek, sexes)
    havo_vwo : shape (2 tracks, other, N&G and N&T, sexes)
    """

    vmbo: Array
    tl: Array
    havo_vwo: Array


def luck_of_kinds(numbers: Array, p: Walks) -> Kinds:
    """What a year's numbers, shape (KINDS,), make of the candidates of each kind."""
    vmbo, tl, havo_vwo = np.split(p.scale * p.kinds * numbers, np.cumsum((6 * len(Sex), 2 * len(Sex))))
    return Kinds(vmbo.reshape(3, 2, -1), tl.reshape(2, -1), havo_vwo.reshape(2, 3, -1))


def vmbo_taste(walk: Array, loading: Array) -> Array:
    """What the walks of a year add to the utility of each profile, shape (3 leerwegen, 2 sexes, 10 profiles).

    `loading` is how far a profile is technical.
    """
    drawn = walk[Walk.TECHNIQUE] + walk[[Walk.BB, Walk.KB, Walk.GL]][:, None] + _of_girls(walk[Walk.GIRLS])
    own = np.zeros(len(VMBO_PROFILES))
    own[: Profile.MAT] = walk[Walk.BWI : Walk.MAT + 1]
    own[Profile.DP - 1] = walk[Walk.DP]
    return np.asarray(drawn[:, :, None] * loading + own)


def tl_taste(walk: Array, loading: Array) -> Array:
    """The same for the sectors of tl, shape (1, 2 sexes, sectors)."""
    return np.asarray((walk[Walk.TL_TECHNIQUE] + _of_girls(walk[Walk.TL_GIRLS]))[None, :, None] * loading)


def havo_vwo_taste(walk: Array, nature: Array, technique: Array) -> Array:
    """The same for the profiles of havo and vwo, shape (2 tracks, 2 sexes, profiles).

    `nature` and `technique` are 1 for a profile with N&G or N&T in it and for one with N&T, and 0 for the others.
    """
    both = walk[Walk.NATURE] + walk[[Walk.NATURE_HAVO, Walk.NATURE_VWO]][:, None] + _of_girls(walk[Walk.NATURE_GIRLS])
    more = walk[[Walk.NT_HAVO, Walk.NT_VWO]][:, None] + _of_girls(walk[Walk.NT_GIRLS])
    return np.asarray(both[:, :, None] * nature + more[:, :, None] * technique)


def _of_girls(step: float) -> Array:
    """A step of girls alone, per sex."""
    return np.where(np.arange(len(Sex)) == Sex.VROUW, step, 0.0)


def shifted(chance: Array, log_odds: Array | float) -> Array:
    """Chances, other than one, with their log odds shifted, same shape."""
    odds = chance / (1.0 - chance) * np.exp(log_odds)
    return np.asarray(odds / (1.0 + odds))
