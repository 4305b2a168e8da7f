"""The times a run lives in: the walks of the country, of regions and of locations, for all its years.

They are a function of the draw, the seed and the fit, so that all scenarios of a draw and seed share them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import ndtri, stdtrit

from doorstroom.agents.conditioning import conditioned
from doorstroom.draws import Purpose
from doorstroom.fits import DEFAULT_FIT
from doorstroom.mechanisms import walks
from doorstroom.mechanisms.walks import Walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

    Array = NDArray[np.float64]

EACH: Final = 12
"""So many numbers a region and year has for where its candidates are counted: all, six tracks, five mixes."""
LASTING: Final = 0
"""Year under which the numbers of drifts stand."""


def numbers_of(model: TechnicalEducation, years: range, scale: float) -> tuple[Array, Array]:
    """The standard normal numbers of the walks, of drifts and of each year, moved by what is known in the run's fit.

    Those of each year go on with the kinds of candidates; these have no drift.
    """
    draws = model.draws
    lasting = np.asarray(ndtri(draws.block(Purpose.MOOD, LASTING, 0, walks.NUMBERS)))
    yearly = np.stack([ndtri(draws.block(Purpose.MOOD, year, 0, walks.NUMBERS)) for year in years])
    if model.policy.fit != DEFAULT_FIT:
        return lasting, yearly
    pupils = float(model.country.pupils.n.sum())
    return conditioned(lasting, yearly, scale, model.drawn, draws, pupils)


class Times:
    """The walks of one run.

    Attributes
    ----------
    walk : where the walks of the country stand, shape (years, walks); row 0 is the first year
    region_taste, location_taste : taste for technique in vmbo, shape (years, regions) and (years, locations)
    exams : what part of a region's candidates is counted there, log, shape (years, regions, 6 tracks)
    exams_mix : the same for kinds of candidates on top of it, shape (years, regions, 5 mixes)
    """

    def __init__(self, model: TechnicalEducation) -> None:
        self.first = model.policy.years.first
        years = range(self.first + 1, model.policy.years.last + 2)  # exams of the last year are after its 1 October
        self.p = model.parameters.take(walks.Walks)
        draws, regions, locations = model.draws, len(model.country.people), len(model.country.places)

        def numbers(purpose: Purpose, year: int, size: int) -> Array:
            # the numbers of everybody who draws stand in one block, so that they cost as much as one
            return np.asarray(ndtri(draws.block(purpose, year, 0, size)))

        lasting, yearly = numbers_of(model, years, self.p.scale)
        self.walk = walks.course(lasting[: len(Walk)], yearly[:, : len(Walk)], self.p)
        self._of_kinds = yearly[:, len(Walk) :]

        def sums(purpose: Purpose, size: int, spread: float) -> Array:
            steps = np.stack([np.zeros(size), *(numbers(purpose, year, size) for year in years)])
            return np.asarray(self.p.scale * spread * np.cumsum(steps, axis=0))

        self.region_taste = sums(Purpose.REGION_TASTE, regions, self.p.region_taste)
        self.location_taste = sums(Purpose.LOCATION_TASTE, locations, self.p.location_taste)
        uniform = np.stack([draws.block(Purpose.EXAM_PLACE, year, 0, EACH * regions) for year in (self.first, *years)])
        # scaled to a variance of one
        steps = stdtrit(walks.TAIL, uniform).reshape(-1, regions, EACH) * np.sqrt(1.0 - 2.0 / walks.TAIL)
        stand = self.p.scale * np.cumsum(steps, axis=0)
        of_tracks = slice(1, 1 + len(self.p.region_track_exams))
        self.exams = self.p.region_exams * stand[:, :, :1] + self.p.region_track_exams * stand[:, :, of_tracks]
        self.exams_mix = self.p.region_mix_exams * stand[:, :, of_tracks.stop :]

    def now(self, year: int) -> Array:
        """The walks of the country in a year, shape (walks,)."""
        return np.asarray(self.walk[year - self.first])

    def kinds(self, exam_year: int) -> walks.Kinds:
        """What chance makes of the candidates of each kind in an exam year."""
        return walks.luck_of_kinds(self._of_kinds[exam_year - self.first - 1], self.p)

    def placement(self, year: int) -> Array:
        """Shares that go from one track to the next beside the drift, shape (boundaries,)."""
        return self.now(year)[Walk.BB_KB : Walk.HAVO_VWO + 1]

    def cohort(self, year: int) -> float:
        """Size of the cohort that enters in a year, relative to the forecast."""
        return float(np.exp(self.now(year)[Walk.COHORT]))
