"""Technique teachers and instructors of vmbo: one row per person, one Mesa agent owns them all.

Who may come is known beforehand: a candidate is a numbered place in (year, region, route), so that the same person
has the same luck in every scenario. Teachers are always modelled one to one, whatever fraction of the pupils is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import mesa
import numpy as np

from doorstroom.agents.school import TECHNICAL
from doorstroom.draws import Purpose
from doorstroom.mechanisms import teacher_market as market
from doorstroom.terms import Activity, Teaching

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

CANDIDATES: Final = 12
"""Places for candidates per year, region and route; the last route is unqualified cover."""
ROUTES: Final = (*market.ROUTES, "cover")
KIND_OF_ROUTE: Final = np.array(
    [Teaching.BEVOEGD, Teaching.ZIJ_INSTROMER, Teaching.HYBRIDE, Teaching.INSTRUCTEUR, Teaching.ONBEVOEGD], np.int8
)
AWAY: Final = -1


class Teacher(NamedTuple):
    """One technique teacher, to look at."""

    number: int
    school: str | None
    age: float
    years: float
    fte: float
    kind: str


class Teachers(mesa.Agent):
    """All technique teachers; `school` is the row of a teacher's location, or AWAY.

    Attributes
    ----------
    school, age, years, fte, kind : one entry per person, those who may still come included
    inflow : persons who entered this year, by region and route, shape (regions, 5)
    outflow : persons who left this year, by region and cause, shape (regions, 3)
    vacancies : FTE asked in spring, shape (schools,)
    """

    model: TechnicalEducation

    def __init__(self, model: TechnicalEducation) -> None:
        super().__init__(model)
        self.p = model.parameters.take(market.TeacherMarket)
        regions, years = len(model.regions), model.policy.years.last - model.policy.years.first
        needed = self._needed()
        order = np.argsort(model.schools.region, kind="stable")
        self._by_region = order, np.searchsorted(model.schools.region[order], np.arange(regions + 1))
        self.first_candidate = round(self.p.persons_2019)
        size = self.first_candidate + years * regions * len(ROUTES) * CANDIDATES
        everyone = np.arange(size)
        draws = model.draws
        u_age = draws.uniform(Purpose.TEACHER_AGE, 0, everyone)
        u_traits = draws.uniform(Purpose.TEACHER_TRAITS, 0, everyone, 2)
        self.school = np.full(size, AWAY, np.int64)
        self.age = np.where(everyone < self.first_candidate, self._age_2019(u_age), 26.0 + 24.0 * u_age)
        self.years = np.where(everyone < self.first_candidate, (self.age - 25.0) * u_traits[:, 1], 0.0)
        self.fte = self.p.mean_fte * (0.6 + 0.8 * u_traits[:, 1])
        self.kind = np.full(size, Teaching.BEVOEGD, np.int8)
        self._settle(needed, u_traits[:, 0])
        self.inflow = np.zeros((regions, len(ROUTES)))
        self.outflow = np.zeros((regions, 3))
        self.vacancies = np.zeros(len(model.schools))
        self._count()

    def __getitem__(self, number: int) -> Teacher:
        at = self.school[number]
        return Teacher(
            number,
            None if at == AWAY else self.model.schools[at].code,
            float(self.age[number]),
            float(self.years[number]),
            float(self.fte[number]),
            Teaching(self.kind[number]).name.lower(),
        )

    def _needed(self) -> NDArray[np.float64]:
        """FTE that technique lessons ask per location: schools plan on the groups they expect, for two years each."""
        schools = self.model.schools
        return market.fte_needed(2.0 * schools.group.sum(axis=1), schools.open[:, :TECHNICAL].sum(axis=1), self.p)

    def _age_2019(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Ages by inversion: share_55plus_2019 lies evenly over 55-66, the rest evenly over 25-54."""
        old = self.p.share_55plus_2019
        young = 25.0 + 30.0 * u / (1.0 - old)
        return np.where(u < 1.0 - old, young, 55.0 + 12.0 * (u - (1.0 - old)) / old)

    def _settle(self, needed: NDArray[np.float64], u: NDArray[np.float64]) -> None:
        """Give the teachers of 2019 a location, in proportion to the lessons there, and a qualification."""
        p, n = self.p, self.first_candidate
        edges = np.cumsum(needed) / max(needed.sum(), 1e-9)
        self.school[:n] = np.searchsorted(edges, (np.arange(n) + 0.5) / n)
        self.kind[:n] = np.select(
            [u[:n] < p.instructors_2019, u[:n] < p.instructors_2019 + p.qualified_2019],
            [Teaching.INSTRUCTEUR, Teaching.BEVOEGD],
            Teaching.ONBEVOEGD,
        )

    def move(self) -> None:
        """Retire, leave, qualify; schools then fill what vacancies they can."""
        self._leave()
        self._qualify()
        self._enter()
        self._count()

    def _leave(self) -> None:
        schools = self.model.schools
        here = np.flatnonzero(self.school != AWAY)
        at = schools.region[self.school[here]]
        tight, wage = self._market()
        cause = market.leave(
            self.age[here],
            self.years[here],
            self.model.draws.uniform(Purpose.TEACHER_LEAVE, self.model.year, here),
            tight[at],
            wage[at],
            self._staff_money()[at],
            self.p,
        )
        gone = cause != market.STAY
        self.outflow = np.zeros_like(self.outflow)
        np.add.at(self.outflow, (at[gone], cause[gone]), 1.0)
        self.school[here[gone]] = AWAY
        stay = here[~gone]
        self.age[stay] += 1.0
        self.years[stay] += 1.0

    def _market(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Relative tightness and wage per region, as teachers feel them: technical wages against their own pay."""
        regions, pay = self.model.regions, self.model.policy.context.pay(self.model.year)
        if self.model.policy.loops.tightness:
            return regions.relative_tightness, regions.wage / pay
        return np.ones(len(regions)), np.full(len(regions), 1.0 / pay)

    def _staff_money(self) -> NDArray[np.float64]:
        """Euro for staff per FTE of technique teaching, shape (regions,)."""
        needed = np.bincount(self.model.schools.region, self._needed(), len(self.model.regions))
        return np.asarray(self.model.regions.work[:, Activity.TEACHERS].sum(axis=1) / np.maximum(needed, 1.0))

    def _qualify(self) -> None:
        studying = (self.school != AWAY) & np.isin(self.kind, (Teaching.ZIJ_INSTROMER, Teaching.ONBEVOEGD))
        who = np.flatnonzero(studying)
        u = self.model.draws.uniform(Purpose.TEACHER_HOURS, self.model.year, who)
        self.kind[who[u < self.p.qualify_rate]] = Teaching.BEVOEGD

    def _enter(self) -> None:
        model, schools, regions = self.model, self.model.schools, self.model.regions
        needed = self._needed()
        self.vacancies = np.maximum(needed - self._given(), 0.0)
        per_region = np.bincount(schools.region, needed, len(regions))
        known = regions.staff_money_known
        euro = self._staff_money() * (known + (1.0 - known) * self.p.late_share)
        tight, wage = self._market()
        technicians = model.firms.by_sector("employed").sum(axis=1)
        if not model.policy.loops.zij_instroom:
            technicians = model.firms.employed_2019.sum(axis=1)
        expected = market.candidates(per_region / max(per_region.sum(), 1e-9), technicians, tight, wage, euro, self.p)
        slots = np.arange(len(regions) * len(ROUTES) * CANDIDATES).reshape(len(regions), len(ROUTES), CANDIDATES)
        first = self.first_candidate + (model.year - model.policy.years.first - 1) * slots.size
        luck = model.draws.uniform(Purpose.TEACHER_ENTRY, model.year, slots[:, :, 0].ravel()).reshape(-1, len(ROUTES))
        come = np.minimum(np.floor(expected + luck[:, :-1]), CANDIDATES).astype(np.int64)
        staff = market.Staff(self.school, self.kind, self.fte)
        self.inflow = market.fill_vacancies(
            come, first + slots, KIND_OF_ROUTE, *self._by_region, self.vacancies.copy(), staff, self.p
        )

    def _given(self) -> NDArray[np.float64]:
        """FTE of technique lessons given per location."""
        here = self.school != AWAY
        return np.asarray(np.bincount(self.school[here], self.fte[here], len(self.model.schools)), np.float64)

    def _count(self) -> None:
        """Pass staff on to schools and regions."""
        model, schools = self.model, self.model.schools
        needed, given = self._needed(), self._given()
        unqualified = (self.school != AWAY) & (self.kind == Teaching.ONBEVOEGD)
        untrained = np.bincount(self.school[unqualified], self.fte[unqualified], len(schools))
        missing = np.maximum(needed - given, 0.0)
        schools.fill(
            fte=given,
            fte_needed=needed,
            unfilled=np.divide(missing, needed, out=np.zeros_like(needed), where=needed > 0),
            unqualified=np.divide(untrained, given, out=np.zeros_like(given), where=given > 0),
        )
        in_region = np.bincount(schools.region, needed, len(model.regions))
        short = np.bincount(schools.region, missing, len(model.regions))
        model.regions.fill(unfilled=np.divide(short, in_region, out=np.zeros_like(short), where=in_region > 0))
