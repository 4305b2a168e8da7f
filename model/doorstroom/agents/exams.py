"""Who sits which exam in the school year that begins: the candidates that DUO will count, as expected on 1 October.

Most pupils of a last year sit the exam of their track; the exceptions are those of `progress`. The chance of each is
known, so candidates are expected numbers; what chance makes of it over a region is added as one number each, with the
spread that the whole country's pupils would give it, whatever part of them is modelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from doorstroom.agents.census import FOURTH, LAST, Pupils
from doorstroom.agents.constants import HAS_NATURE, HAS_TECHNIQUE, IS_TECHNICAL
from doorstroom.draws import Purpose
from doorstroom.mechanisms import progress, walks
from doorstroom.mechanisms.walks import Walk
from doorstroom.terms import Profile, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

    Array = NDArray[np.float64]

OTHER: Final = 0
NG: Final = 1
NT: Final = 2
_VMBO: Final = slice(0, FOURTH.index(Track.TL))
_TL: Final = FOURTH.index(Track.TL)
_LAST_YEAR: Final = (5, 6)
_TECHNIQUE, _GIRLS, _NT, _NG, _TL_TECHNIQUE = range(5)


class Sitting(NamedTuple):
    """Candidates, in rows of people, by region or by location.

    Attributes
    ----------
    vmbo : shape (rows, 3 leerwegen, profiles, sexes)
    tl : shape (rows, other sectors and techniek, sexes)
    havo_vwo : shape (rows, 2 tracks, OTHER, NG and NT, sexes)
    """

    vmbo: Array
    tl: Array
    havo_vwo: Array


def sitting(model: TechnicalEducation, counted: Pupils, region: NDArray[np.integer]) -> Sitting:
    """The candidates of the school year that begins on the model's 1 October.

    Parameters
    ----------
    counted : pupils of that day by region, or by location
    region : of each row of what is counted
    """
    p, times = model.progress_p, model.times
    walk = times.now(model.year + 1)  # who leaves does so before the next 1 October
    stays = (1.0 - progress.leaving(walk, p))[:, :, :, IS_TECHNICAL.astype(int)].transpose(0, 1, 3, 2)
    fourth = counted.fourth[:, : _TL + 1] * stays[list(FOURTH[: _TL + 1]), 4]
    chance = Chance(model, len(fourth))
    own = walks.shifted(np.where(IS_TECHNICAL, p.gl_exam_technique, p.gl_exam), walk[Walk.GL_EXAM])
    vmbo = fourth[:, _VMBO]
    gl = vmbo[:, -1].copy()
    vmbo[:, -1] = chance.of(gl, own[:, None])
    over = gl - vmbo[:, -1]
    in_techniek = IS_TECHNICAL | (np.arange(len(IS_TECHNICAL)) == Profile.TL_TECHNIEK)
    others = over[:, ~IS_TECHNICAL].sum(axis=1)
    chosen = chance.of(others, p.gl_tl_technique)
    technique = fourth[:, _TL, in_techniek].sum(axis=1) + over[:, IS_TECHNICAL].sum(axis=1) + chosen
    tl = np.stack([fourth[:, _TL].sum(axis=1) + over.sum(axis=1) - technique, technique], axis=1)
    last = (counted.last * stays[list(LAST), _LAST_YEAR]).astype(np.float64)
    kinds = [last[:, :, kind].sum(axis=2) for kind in (~HAS_NATURE, HAS_NATURE & ~HAS_TECHNIQUE, HAS_TECHNIQUE)]
    both = chance.of(kinds[NG], walks.shifted(p.double.reshape(2, 2), walk[Walk.DOUBLE]))
    havo_vwo = np.stack([kinds[OTHER], kinds[NG] - both, kinds[NT] + both], axis=2)
    at, luck = model.year - times.first, times.kinds(model.year + 1)
    vmbo *= np.exp(luck.vmbo)[:, IS_TECHNICAL.astype(int)]
    tl, havo_vwo = tl * np.exp(luck.tl), havo_vwo * np.exp(luck.havo_vwo)
    return _where_counted(Sitting(vmbo, tl, havo_vwo), times.exams[at][region], times.exams_mix[at][region])


class Chance:
    """What chance makes of expected numbers, a normal number for each."""

    def __init__(self, model: TechnicalEducation, rows: int) -> None:
        self.model, self.rows, self.used = model, rows, 0

    def of(self, persons: Array, part: Array | float) -> Array:
        """How many of `persons`, each with chance `part`: as if all whom a row stands for had their own luck."""
        size = persons[0].size
        slots = (self.used + np.arange(size)) * self.rows + np.arange(self.rows)[:, None]
        self.used += size
        luck = self.model.draws.normal(Purpose.EXAM_SITS, self.model.year, slots.ravel()).reshape(persons.shape)
        spread = np.sqrt(persons * part * (1.0 - part) / self.model.pupils.weight)
        return np.clip(persons * part + spread * luck, 0.0, persons)


def _where_counted(exams: Sitting, log_part: Array, log_mix: Array) -> Sitting:
    """The candidates where they are counted: the country's total of each kind stays."""

    def moved(persons: Array, log_factor: Array) -> Array:
        there = persons * np.exp(log_factor)
        return np.asarray(there * (persons.sum(axis=0) / np.maximum(there.sum(axis=0), 1e-9)))

    girls = log_mix[:, _GIRLS, None] * np.array([-0.5, 0.5])
    technique, tl_technique = log_mix[:, _TECHNIQUE, None], log_mix[:, _TL_TECHNIQUE, None]
    nature = np.stack([np.zeros(len(log_mix)), log_mix[:, _NG], log_mix[:, _NT]], axis=1)
    of_vmbo = log_part[:, _VMBO, None] + technique[:, :, None] * IS_TECHNICAL
    of_tl = log_part[:, _TL, None] + tl_technique * np.array([0.0, 1.0])
    of_havo_vwo = log_part[:, _TL + 1 :, None] + nature[:, None]
    return Sitting(
        moved(exams.vmbo, of_vmbo[..., None] + girls[:, None, None]),
        moved(exams.tl, of_tl[..., None] + girls[:, None]),
        moved(exams.havo_vwo, of_havo_vwo[..., None] + girls[:, None, None]),
    )
