"""Mbo colleges: who comes to them, and the places they keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstroom.agents.rows import Column, RowAgent, Rows
from doorstroom.geography import distances, plane
from doorstroom.terms import Field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

FIELDS = (len(Field),)


class College(RowAgent):
    """An mbo college at its seat. Colleges must take who is qualified (toelatingsrecht): places follow demand."""

    region = Column("row", "region", np.int64)
    lat = Column("degrees", "latitude")
    lon = Column("degrees", "longitude")
    attraction = Column("weight", "pull per sector that reproduces the students of 2019", each=FIELDS)
    students = Column("students", "students per sector at the last count", each=FIELDS)
    intake = Column("students", "new students per sector this year", each=FIELDS)
    places = Column("students", "places per sector that the college keeps, mean of recent years", each=FIELDS)


class Colleges(Rows[College]):
    """All colleges together."""

    def __init__(self, model: TechnicalEducation, codes: list[str]) -> None:
        super().__init__(model, College, codes)
        self.model = model
        self.reach = np.zeros((0, 0))

    def attract(self, students: NDArray[np.float64], college_km: float) -> None:
        """Set the pull of each college so that a gravity table gives the students of 2019.

        Parameters
        ----------
        students : shape (colleges, sectors)
        college_km : distance at which the pull falls by a factor e
        """
        regions = self.model.regions
        km = distances(plane(regions.lat, regions.lon), plane(self.lat, self.lon))
        self.near = np.exp(-km / college_km)
        people = self.model.country.people
        pull = np.where(students > 0, students, 0.0)
        for _ in range(50):
            table = people[:, None, None] * self._shares(pull)
            arriving = table.sum(axis=0)
            wanted = students / np.maximum(students.sum(axis=0), 1.0) * people.sum()
            pull *= np.divide(wanted, arriving, out=np.zeros_like(pull), where=arriving > 0)
        self.fill(attraction=pull, students=students, places=students)
        shares = self._shares(pull).transpose(0, 2, 1)
        self.cumulative = np.cumsum(shares, axis=2).reshape(-1, len(self))

    def _shares(self, pull: NDArray[np.float64]) -> NDArray[np.float64]:
        weight = self.near[:, :, None] * pull[None, :, :]
        return np.asarray(weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300))

    def count(self, students: NDArray[np.floating], intake: NDArray[np.floating]) -> None:
        """Learn the students of 1 October and those of them who are new, shape (colleges, sectors); places follow."""
        self.fill(students=students, intake=intake, places=0.7 * self.places + 0.3 * students)
