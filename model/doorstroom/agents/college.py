"""Mbo colleges: who comes to them, and from where."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.country import Country
from doorstroom.agents.rows import Column, RowAgent, Rows
from doorstroom.geography import distances
from doorstroom.kernels import compiled
from doorstroom.terms import Field

if TYPE_CHECKING:
    from doorstroom.education import TechnicalEducation

Array = NDArray[np.float64]

FIELDS = (len(Field),)


class College(RowAgent):
    """An mbo college at its seat.

    Colleges must take who is qualified (toelatingsrecht), and technique has room: a seventh more students came in 2006
    than ten years later. So no college turns students away; what can be short is the work-based place at a firm.
    """

    region = Column("row", "region", np.int64)
    lat = Column("degrees", "latitude")
    lon = Column("degrees", "longitude")
    attraction = Column("weight", "pull per sector that reproduces the students of 2019", each=FIELDS)
    students = Column("students", "students per sector at the last count", each=FIELDS)
    intake = Column("students", "new students per sector this year", each=FIELDS)


class Colleges(Rows[College]):
    """All colleges together.

    Attributes
    ----------
    cumulative : running sums over the colleges that a region's students of a sector go to, rows region x 6 + sector
    catchment : running sums over the regions where a college's students of a sector live, rows college x 6 + sector
    """

    def __init__(self, model: TechnicalEducation, codes: list[str]) -> None:
        super().__init__(model, College, codes)
        self.model = model
        self.cumulative, self.catchment = np.zeros((0, 0)), np.zeros((0, 0))

    def attract(self, college_km: float) -> None:
        """Set the pull of each college so that a gravity table gives the students of 2019; see attraction."""
        students = students_by_sector(self.model.country)
        pull, self.cumulative, self.catchment = attraction(self.model.country, college_km)
        self.fill(attraction=pull, students=students)

    def count(self, students: NDArray[np.floating], intake: NDArray[np.floating]) -> None:
        """Learn the students of 1 October and those of them who are new, shape (colleges, sectors)."""
        self.fill(students=students, intake=intake)


def students_by_sector(country: Country) -> Array:
    """The students of 2019, shape (colleges, sectors)."""
    cells, students = country.students, np.zeros((len(country.seats), len(Field)))
    np.add.at(students, (cells.college, cells.field), cells.n)
    return students


@lru_cache(maxsize=4)
def attraction(country: Country, college_km: float) -> tuple[Array, Array, Array]:
    """The pull per college and sector at which people who go to near colleges give the students of 2019.

    Runs that share a country and `college_km`, the distance at which the pull falls by a factor e, share it.

    Returns
    -------
    pull : shape (colleges, sectors)
    cumulative : running sums over colleges of the chance to go there, rows region x sectors + sector
    catchment : running sums over regions of the chance to come from there, rows college x sectors + sector
    """
    students, people = students_by_sector(country), country.people
    near = np.exp(-distances(country.centres, country.seats) / college_km)
    pull = np.where(students > 0, students, 0.0)
    for _ in range(50):
        arriving = _arriving(people, near, pull)
        wanted = students / np.maximum(students.sum(axis=0), 1.0) * people.sum()
        pull *= np.divide(wanted, arriving, out=np.zeros_like(pull), where=arriving > 0)
    shares = _shares(near, pull).transpose(0, 2, 1)
    come = (people[:, None, None] * shares).transpose(2, 1, 0).reshape(-1, len(people))
    nobody = come.sum(axis=1) <= 0
    come[nobody] = (people[:, None] * near).T.repeat(len(Field), axis=0)[nobody]
    catchment = np.cumsum(come / come.sum(axis=1, keepdims=True), axis=1)
    return pull, np.cumsum(shares, axis=2).reshape(-1, len(students)), catchment


def _shares(near: Array, pull: Array) -> Array:
    weight = near[:, :, None] * pull[None, :, :]
    return np.asarray(weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300))


@compiled
def _arriving(people: Array, near: Array, pull: Array) -> Array:
    """People of all regions by the college and sector to which they are drawn, shape (colleges, sectors)."""
    arriving = np.zeros_like(pull)
    for region in range(len(people)):
        for sector in range(pull.shape[1]):
            total = 0.0
            for college in range(len(pull)):
                total += near[region, college] * pull[college, sector]
            total = max(total, 1e-300)
            for college in range(len(pull)):
                arriving[college, sector] += people[region] * (near[region, college] * pull[college, sector] / total)
    return arriving
