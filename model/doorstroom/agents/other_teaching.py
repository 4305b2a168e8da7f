"""Teachers of technique in tl, havo, vwo and mbo: a stock in FTE per region, held in the columns of Regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstroom.geography import distances, plane
from doorstroom.mechanisms import other_teaching as others
from doorstroom.mechanisms import teacher_hours as hours
from doorstroom.mechanisms import teacher_market as market

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

GENERAL, MBO = range(len(others.OTHERS))


class OtherTeachers:
    """Moves the two stocks through a year.

    Attributes
    ----------
    openings : within commuting distance of each region, relative to 2019, shape (regions,)
    from_firms, to_firms : persons who came from the region's firms, and who went there, this year, shape (regions,)
    """

    def __init__(self, model: TechnicalEducation) -> None:
        take = model.parameters.take
        self.model, self.p, self.leave_p = model, take(others.OtherTeaching), take(market.TeacherMarket)
        regions = model.regions
        place = plane(regions.lat, regions.lon)
        self.nearness = np.exp(-distances(place, place) / take(hours.TeacherHours).commute_km)
        regions.fill(other_needed=others.needed(self._people(), self.p))
        regions.fill(other_fte=regions.other_needed * (1.0 - self.p.unfilled_2019))
        self.fte_2019, self.lured = regions.other_fte.copy(), np.ones(len(regions))
        self.near_2019 = others.near(self._open(), self.nearness)
        self.openings = np.ones(len(regions))
        self.from_firms, self.to_firms = np.zeros((2, len(regions)))

    def look(self, lured: NDArray[np.float64]) -> None:
        """What is open this year, as everybody sees it in spring; `lured` is who leaves for industry against 2019."""
        self.lured = lured
        regions, memory = self.model.regions, self.model.schools.offer_p.memory
        needed = others.needed(self._people(), self.p)
        regions.fill(other_needed=memory * regions.other_needed + (1.0 - memory) * needed)
        near = others.near(self._open(), self.nearness)
        self.openings = np.divide(near, self.near_2019, out=np.ones_like(near), where=self.near_2019 > 0)

    def year(self, come: NDArray[np.float64], go: NDArray[np.float64], pull: NDArray[np.float64]) -> None:
        """Let the stocks lose and find teachers.

        Parameters
        ----------
        come : FTE of teachers of vmbo who now teach here, shape (regions, 2)
        go : FTE of those who went to teach in vmbo, shape (regions,)
        pull : how many technicians turn to teaching, relative to 2019, shape (regions,)
        """
        regions, p = self.model.regions, self.p
        total = np.maximum(regions.other_fte.sum(axis=1), 1e-9)
        left = regions.other_fte * (1.0 - self._leaving() - (go / total)[:, None])
        entered = others.entry(self._open(), self.fte_2019, pull, come, p)
        came, went = others.from_firms(entered, come, pull, p), self._industry()[:, None] * regions.other_fte
        self.from_firms, self.to_firms = (fte.sum(axis=1) / others.FTE_PER_PERSON for fte in (came, went))
        regions.fill(other_fte=np.maximum(left, 0.0) + entered)

    def persons(self) -> NDArray[np.float64]:
        """Persons who teach technique in tl, havo, vwo and mbo, shape (regions,)."""
        return np.asarray(self.model.regions.other_fte.sum(axis=1) / others.FTE_PER_PERSON)

    def _industry(self) -> NDArray[np.float64]:
        return np.asarray(self.leave_p.industry_exit * self.lured)

    def _leaving(self) -> NDArray[np.float64]:
        return others.leaving(self._industry() - self.leave_p.industry_exit, self.p)

    def _open(self) -> NDArray[np.float64]:
        return others.openings(self.model.regions.other_fte, self.model.regions.other_needed, self._leaving())

    def _people(self) -> NDArray[np.float64]:
        """Pupils of the lower years and of upper tl, havo and vwo, and students of technique, shape (regions, 2)."""
        model, regions = self.model, self.model.regions
        pupils = regions.lower_vmbo + regions.lower_havo_vwo + regions.upper_havo_vwo
        students = model.pupils.counted.students.at[:, 1:].sum(axis=1) * model.pupils.weight
        return np.stack([pupils, np.bincount(model.colleges.region, students, len(regions))], axis=1)
