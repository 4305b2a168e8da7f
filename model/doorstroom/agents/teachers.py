"""Technique teachers and instructors of vmbo: one row per person, one Mesa agent owns them all.

Who may come is known beforehand: a candidate is a numbered place in (year, region, route), so that the same person
has the same luck in every scenario. Teachers are always modelled one to one, whatever fraction of the pupils is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import mesa
import numpy as np

from doorstroom.agents.other_teaching import GENERAL, MBO, OtherTeachers
from doorstroom.agents.school import TECHNICAL
from doorstroom.draws import Purpose
from doorstroom.geography import distances, plane
from doorstroom.mechanisms import teacher_hours as hours
from doorstroom.mechanisms import teacher_market as market
from doorstroom.mechanisms.other_teaching import FTE_PER_PERSON
from doorstroom.terms import Teaching

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

CANDIDATES: Final = 12
"""Places for candidates per year, region and route; the last route is unqualified cover."""
ROUTES: Final = (*market.ROUTES, "cover")
KIND_OF_ROUTE: Final = np.array(
    [
        Teaching.BEVOEGD,
        Teaching.ZIJ_INSTROMER,
        Teaching.HYBRIDE,
        Teaching.INSTRUCTEUR,
        Teaching.BEVOEGD,
        Teaching.ONBEVOEGD,
    ],
    np.int8,
)
FROM_FIRMS: Final = (ROUTES.index("side_entry"), ROUTES.index("instructor"))
"""Routes of those who leave a firm; a hybrid teacher leaves it for part of the week."""
FLOWS: Final = ("inflow", "outflow", "more hours", "fewer hours", "came from a school", "went to a school")
ENTERED, LEFT, MORE, FEWER, CAME, WENT = range(len(FLOWS))
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
    school, age, years, kind : one entry per person, those who may still come included
    contract, usual, fte : FTE of technique that a person wants, has come to give, and gives this year
    inflow : persons who entered this year, by region of their school and route, shape (regions, 6)
    outflow : persons who left this year, by region and cause, shape (regions, 6)
    moved : persons who changed school this year, by region of the old and of the new school, shape (regions, regions)
    fte_flows : FTE that came and went this year by FLOWS, shape (regions, 6)
    spare : usual FTE that no group asked this year, shape (schools,)
    vacancies : FTE asked in spring, shape (schools,)
    """

    model: TechnicalEducation

    def __init__(self, model: TechnicalEducation) -> None:
        super().__init__(model)
        self.p = model.parameters.take(market.TeacherMarket)
        self.hours_p = model.parameters.take(hours.TeacherHours)
        regions, years = len(model.regions), model.policy.years.last - model.policy.years.first
        self._map()
        self.first_candidate = self._last = round(self.p.persons_2019)
        size = self.first_candidate + years * regions * len(ROUTES) * CANDIDATES
        everyone, start = np.arange(size), np.arange(size) < self.first_candidate
        draws = model.draws
        u_age = draws.uniform(Purpose.TEACHER_AGE, 0, everyone)
        u_traits = draws.uniform(Purpose.TEACHER_TRAITS, 0, everyone, 2)
        u_hours = draws.uniform(Purpose.TEACHER_HOURS, 0, everyone)
        self.school = np.full(size, AWAY, np.int64)
        self.age = np.empty(size)
        self.age[start] = market.ages(u_age[start], self.p.age_2019, market.AGES_2019, self.p.share_55plus_2019)
        self.age[~start] = market.ages(u_age[~start], self.p.age_entry, market.AGES_ENTRY)
        self.years = np.where(start, np.maximum(self.age - 25.0, 0.0) * u_traits[:, 1], 0.0)
        self.contract = self.p.mean_fte * (0.6 + 0.8 * u_hours)
        self.kind = np.full(size, Teaching.BEVOEGD, np.int8)
        self.usual, self.fte = self.contract.copy(), np.zeros(size)
        self.others = OtherTeachers(model)
        self._settle(u_traits[:, 0])
        self._open_books()
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

    def _map(self) -> None:
        """Lay out the locations of each region, and those within commuting distance of its middle."""
        schools, regions = self.model.schools, self.model.regions
        taught = schools.teaches.any(axis=1)
        own = taught & (schools.region == np.arange(len(regions))[:, None])
        middle = plane(regions.lat, regions.lon)
        near = taught & (distances(middle, self.model.country.places) <= self.hours_p.commute_km)
        self._own, self._near = (
            market.Reach(np.nonzero(table)[1], np.append(0, np.cumsum(table.sum(axis=1)))) for table in (own, near)
        )

    def _needed(self) -> NDArray[np.float64]:
        """FTE that technique lessons ask per location: schools plan on the groups they expect, for two years each."""
        schools = self.model.schools
        return market.fte_needed(2.0 * schools.group.sum(axis=1), schools.open[:, :TECHNICAL].sum(axis=1), self.p)

    def _settle(self, u: NDArray[np.float64]) -> None:
        """Give the teachers of 2019 a location and hours, in proportion to the lessons there, and a qualification."""
        p, n, needed = self.p, self.first_candidate, self._needed()
        edges = np.cumsum(needed) / max(needed.sum(), 1e-9)
        self.school[:n] = np.searchsorted(edges, (np.arange(n) + 0.5) / n)
        self.kind[:n] = np.select(
            [u[:n] < p.instructors_2019, u[:n] < p.instructors_2019 + p.qualified_2019],
            [Teaching.INSTRUCTEUR, Teaching.BEVOEGD],
            Teaching.ONBEVOEGD,
        )
        wanted = np.bincount(self.school[:n], self.contract[:n], len(needed))
        given = needed * (1.0 - p.unfilled_2019)
        fits = np.divide(given, wanted, out=np.ones_like(given), where=wanted > 0)
        self.contract[:n] = np.minimum(self.contract[:n] * fits[self.school[:n]], 1.0)
        self.usual[:n] = self.fte[:n] = self.contract[:n]

    def _open_books(self) -> None:
        """Begin a year with nothing come or gone."""
        regions = len(self.model.regions)
        self.inflow, self.outflow = np.zeros((regions, len(ROUTES))), np.zeros((regions, len(market.CAUSES)))
        self.fte_flows, self.moved = np.zeros((regions, len(FLOWS))), np.zeros((regions, regions))
        self.spare = np.zeros(len(self.model.schools))
        self._from_firms, self._to_firms, self._from_others = np.zeros((3, regions))
        self._to_others = np.zeros((regions, 2))

    def move(self) -> None:
        """Retire, leave, qualify; schools then share out hours, pass on staff and fill what vacancies they can."""
        self._open_books()
        self.others.look(market.lured(*self._market(), self.p))
        self._leave()
        self._qualify()
        self._rearrange()
        self._enter()
        self._exchange()
        self._count()

    def _here(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.school[: self._last] != AWAY)

    def _go(self, who: NDArray[np.int64], cause: NDArray[np.int64]) -> None:
        """Let teachers leave technique teaching, and tell firms and other teaching who comes to them."""
        region, fte = self.model.schools.region[self.school[who]], self.fte[who]
        np.add.at(self.outflow, (region, cause), 1.0)
        np.add.at(self.fte_flows[:, LEFT], region, fte)
        hybrid = self.kind[who] == Teaching.HYBRIDE  # who never left the firm
        np.add.at(self._to_firms, region, (cause == market.TO_INDUSTRY) & ~hybrid)
        for kind, going in ((MBO, market.TO_TEACHING), (GENERAL, market.OTHER_SUBJECT)):
            np.add.at(self._to_others[:, kind], region, FTE_PER_PERSON * ((cause == going) & ~hybrid))
        self.school[who], self.fte[who] = AWAY, 0.0

    def _leave(self) -> None:
        here = self._here()
        at = self.model.schools.region[self.school[here]]
        tight, wage = self._market()
        cause = market.leave(
            self.age[here],
            self.years[here],
            self.model.draws.uniform(Purpose.TEACHER_LEAVE, self.model.year, here),
            tight[at],
            wage[at],
            self._staff_money()[at],
            self.others.openings[at],
            self.p,
        )
        gone = cause != market.STAY
        self._go(here[gone], cause[gone])
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
        return np.asarray(self.model.regions.staff_work / np.maximum(needed, 1.0))

    def _qualify(self) -> None:
        here = self._here()
        kind = self.kind[here]
        who = here[(kind == Teaching.ZIJ_INSTROMER) | (kind == Teaching.ONBEVOEGD)]
        u = self.model.draws.uniform(Purpose.TEACHER_HOURS, self.model.year, who)
        self.kind[who[u < self.p.qualify_rate]] = Teaching.BEVOEGD

    def _rearrange(self) -> None:
        """Pass on staff whom groups no longer ask, end temporary contracts, and share out the hours."""
        p, schools, needed = self.hours_p, self.model.schools, self._needed()
        here = self._here()
        low, high = (
            np.bincount(self.school[here], hours_of, len(schools))
            for hours_of in (self.usual[here], hours.most(self.usual[here], self.contract[here], p))
        )
        spare, missing = np.maximum(low - needed, 0.0), np.maximum(needed - high, 0.0)
        u = self.model.draws.uniform(Purpose.TEACHER_MOVE, self.model.year, here)
        asked = np.argsort(self.years[here], kind="stable")
        who, willing = here[asked], u[asked] < p.move_chance
        was = schools.region[self.school]
        moved = hours.move_on(who, willing, spare, missing, self.model.country.places, self._staff(), p.commute_km)
        old, new = was[moved], schools.region[self.school[moved]]
        np.add.at(self.moved, (old, new), 1.0)
        np.add.at(self.fte_flows[:, WENT], old, self.fte[moved])
        np.add.at(self.fte_flows[:, CAME], new, self.fte[moved])
        temporary = (self.years[who] < p.temporary_years) | (self.kind[who] == Teaching.ONBEVOEGD)
        who = who[temporary]
        ended = who[hours.end_contracts(who, spare, self._staff())]
        self._go(ended, np.full(len(ended), market.CONTRACT_ENDED))
        self._share_out(needed)

    def _share_out(self, needed: NDArray[np.float64]) -> None:
        """Hours of technique of each teacher this year; who has none left teaches something else."""
        here, p = self._here(), self.hours_p
        school, usual, contract = self.school[here], self.usual[here], self.contract[here]
        self.spare = np.maximum(np.bincount(school, usual, len(needed)) - needed, 0.0)
        given = hours.give(needed, school, usual, contract, p)
        self.usual[here] = hours.become_usual(given, usual, contract, p)
        region, change = self.model.schools.region[school], given - self.fte[here]
        np.add.at(self.fte_flows[:, MORE], region, np.maximum(change, 0.0))
        np.add.at(self.fte_flows[:, FEWER], region, np.maximum(-change, 0.0))
        self.fte[here] = given
        done = here[given < hours.LEAST]
        self._go(done, np.full(len(done), market.OTHER_SUBJECT))

    def _staff(self) -> market.Staff:
        return market.Staff(self.school, self.kind, self.contract, self.usual, self.fte)

    def _enter(self) -> None:
        model, schools, regions = self.model, self.model.schools, self.model.regions
        needed = self._needed()
        self.vacancies = np.maximum(needed - self._given(), 0.0)
        per_region = np.bincount(schools.region, needed, len(regions))
        known = regions.staff_money_known
        euro = self._staff_money() * (known + (1.0 - known) * self.p.late_share)
        technicians = model.firms.by_sector("employed").sum(axis=1)
        if not model.policy.loops.zij_instroom:
            technicians = model.firms.employed_2019.sum(axis=1)
        expected = market.candidates(
            per_region / max(per_region.sum(), 1e-9),
            technicians,
            self.others.persons(),
            *self._market(),
            euro,
            self.others.openings,
            self.p,
        )
        slots = np.arange(len(regions) * len(ROUTES) * CANDIDATES).reshape(len(regions), len(ROUTES), CANDIDATES)
        first = self.first_candidate + (model.year - model.policy.years.first - 1) * slots.size
        luck = model.draws.uniform(Purpose.TEACHER_ENTRY, model.year, slots[:, :, 0].ravel()).reshape(-1, len(ROUTES))
        come = np.minimum(np.floor(expected + luck[:, :-1]), CANDIDATES).astype(np.int64)
        places, open_fte = first + slots, self.vacancies.copy()
        self._last = first + slots.size
        market.fill_vacancies(
            come,
            places,
            KIND_OF_ROUTE,
            self._own,
            self._near,
            open_fte,
            self._staff(),
            self.p.hybrid_fte,
            self.p.cover_share,
        )
        self._welcome(places)

    def _welcome(self, places: NDArray[np.int64]) -> None:
        """Count who entered, at the school; firms and other teaching lose them where they came from."""
        origin, route, slot = np.nonzero(self.school[places] != AWAY)
        who = places[origin, route, slot]
        region = self.model.schools.region[self.school[who]]
        np.add.at(self.inflow, (region, route), 1.0)
        np.add.at(self.fte_flows[:, ENTERED], region, self.fte[who])
        np.add.at(self._from_firms, origin, np.isin(route, FROM_FIRMS))
        np.add.at(self._from_others, origin, FTE_PER_PERSON * (route == ROUTES.index("teaching")))

    def _exchange(self) -> None:
        """Settle with other teaching and with the firms: the same persons teach or work there, never both."""
        self.others.year(self._to_others, self._from_others, market.drawn(*self._market(), self.p))
        here = self._here()
        hybrid = here[self.kind[here] == Teaching.HYBRIDE]
        region = self.model.schools.region[self.school[hybrid]]
        lent = np.bincount(region, self.fte[hybrid], len(self.model.regions)).astype(np.float64)
        self.model.firms.exchange(
            self._from_firms + self.others.from_firms, self._to_firms + self.others.to_firms, lent
        )

    def _given(self) -> NDArray[np.float64]:
        """FTE of technique lessons given per location."""
        here = self._here()
        return np.asarray(np.bincount(self.school[here], self.fte[here], len(self.model.schools)), np.float64)

    def _count(self) -> None:
        """Pass staff on to schools and regions."""
        model, schools = self.model, self.model.schools
        needed, given = self._needed(), self._given()
        here = self._here()
        unqualified = here[self.kind[here] == Teaching.ONBEVOEGD]
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
