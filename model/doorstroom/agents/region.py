"""Regions: they plan activities and turn grants and co-financing into work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstroom.agents.rows import Column, RowAgent, Rows
from doorstroom.mechanisms import absorption, activities, firms, schemes
from doorstroom.outcomes import GROUPS
from doorstroom.terms import TARGETS, TECHNICAL_FIELDS, Activity

if TYPE_CHECKING:
    from doorstroom.agents.ministry import SchemeState
    from doorstroom.education import TechnicalEducation
    from doorstroom.scenario import Scheme

FIELDS = (len(TECHNICAL_FIELDS),)
SPENDING = (len(Activity), len(TARGETS))


class Region(RowAgent):
    """One of the 78 STO regions."""

    lat = Column("degrees", "centre")
    lon = Column("degrees", "centre")
    technique_2019 = Column("pupils", "year-3 technique pupils on 1 October 2019")
    technique_share_2019 = Column("share", "technique share of year 3 of bb, kb, gl on 1 October 2019")
    technique_pupils = Column("pupils", "year-3 technique pupils at the last count")
    vocational_y3 = Column("pupils", "year-3 pupils of bb, kb, gl at the last count")
    vocational_pupils = Column("pupils", "upper-years pupils of bb, kb, gl at the last count")
    girls_share = Column("share", "girls among technique pupils at the last count")
    lower_vmbo = Column("pupils", "lower-years pupils bound for vmbo")
    lower_havo_vwo = Column("pupils", "lower-years pupils bound for havo or vwo")
    upper_havo_vwo = Column("pupils", "upper-years pupils of tl, havo and vwo")
    po_pupils = Column("pupils", "pupils in the last two years of primary school")
    unfilled = Column("share", "technique lessons that nobody gives")
    other_fte = Column("FTE", "teachers of technique in tl, havo and vwo, and in mbo", each=(2,))
    other_needed = Column("FTE", "what their lessons ask, smoothed", each=(2,))
    experience = Column("years", "experience with schemes")
    connection = Column("index", "cooperation of schools, mbo and firms; 0 = 2019")
    connection_broad = Column("index", "the part of it that counts for D&P as well")
    capacity = Column("euro per year", "absorptive capacity")
    lasting_cofinancing = Column("factor", "lasting difference in what partners bring")
    brought = Column("share", "co-financing that partners bring, share of an offer")
    committed = Column("years", "years ahead for which the year's money is promised, mean over its schemes")
    spending = Column("euro", "spent this year by activity and target", each=SPENDING)
    work = Column("euro of 2019", "what it is worth: its quality counted, and national lines", each=SPENDING)
    narrow = Column("euro of 2019", "the part of the work that reaches the five technical profiles", each=SPENDING)
    money = Column("euro", "grants, co-financing and carried money this year")
    spent_before = Column("euro of 2019", "spent a year before")
    staff_money_before = Column("euro of 2019", "work for staff a year before")
    staff_money_known = Column("share", "part of this year's work for staff that was known in spring")
    seekers = Column("persons", "job-seeking technicians per sector", each=FIELDS)
    tightness_2019 = Column("vacancies per seeker", "tightness in 2019 per sector", each=FIELDS)
    relative_tightness = Column("factor", "tightness relative to 2019, all sectors")
    wage = Column("factor", "technical wage relative to 2019, all sectors")


class Regions(Rows[Region]):
    """The 78 regions together."""

    def __init__(self, model: TechnicalEducation, names: list[str]) -> None:
        super().__init__(model, Region, names)
        self.model = model
        self.absorb = model.parameters.take(absorption.Absorption)
        self.act = model.parameters.take(activities.Activities)

    def spend(self) -> None:
        """Turn grants and co-financing into activities as far as absorptive capacity reaches."""
        states = list(self.model.ministry.running.values())
        for state in states:
            self._receive(state)
            self._plan(state)
        self._prepare(states)
        pools = [states]
        if not self.model.policy.loops.shared_absorption:
            pools = [[state for state in states if state.scheme.programme == name] for name in GROUPS["programmes"]]
        self.fill(spending=0.0, narrow=0.0, work=self.model.ministry.national_work())
        timely = self.work[:, Activity.TEACHERS].sum(axis=1)
        for pool in pools:
            money = sum((state.account.available for state in pool), np.zeros(len(self), np.int64)) / 100.0
            rate = np.divide(
                absorption.effective(money, self.capacity), money, out=np.zeros_like(money), where=money > 0
            )
            for state in pool:
                timely += self._work(state, rate)
        staff = self.work[:, Activity.TEACHERS].sum(axis=1)
        self.fill(
            money=sum((state.account.available for state in states), np.zeros(len(self))) / 100.0,
            staff_money_known=np.divide(timely, staff, out=np.ones_like(staff), where=staff > 0),
            staff_money_before=staff,
        )
        self._learn()

    def _receive(self, state: SchemeState) -> None:
        """Open the year's books of a scheme."""
        account, asked = state.account, state.scheme.cofinancing
        brought = firms.under_norm(self.brought, asked, self.model.firms.p)
        granted, cofinanced = schemes.after_cofinancing(state.offered, brought, asked)
        account.carried_in = account.carried_out
        account.granted = np.rint(granted * 100.0).astype(np.int64)
        account.cofinanced = np.rint(cofinanced * 100.0).astype(np.int64)

    def _plan(self, state: SchemeState) -> None:
        """Make a new activity plan in the years in which one is due."""
        scheme = state.scheme
        if not scheme.starts_plan(self.model.year):
            return
        national = np.average(self.girls_share, weights=self.technique_pupils + 1e-9)
        behind = np.clip(1.0 - self.girls_share / max(national, 1e-9), 0.0, 1.0)
        unfilled, behind = (activities.foreseen(need, scheme.plan_years, self.act) for need in (self.unfilled, behind))
        plan = activities.plan(scheme.plan(), unfilled, behind, self.act)
        state.plan = np.where(state.conditioned[:, None], scheme.plan(), plan)

    def _prepare(self, states: list[SchemeState]) -> None:
        """Absorptive capacity of the year in its own euro, given what is promised for the years to come."""
        granted = sum((state.account.granted for state in states), np.zeros(len(self)))
        promised = sum(
            (state.account.granted * state.scheme.committed(self.model.year) for state in states), np.zeros(len(self))
        )
        committed = np.divide(promised, granted, out=np.zeros_like(granted), where=granted > 0)
        support, filled = self.model.ministry.support, 1.0 - self.unfilled
        capacity = absorption.capacity(self.vocational_pupils, self.experience, support, filled, self.absorb)
        capacity = capacity * absorption.certainty(committed, self.absorb)
        self.fill(committed=committed, capacity=capacity * self.model.ministry.price_level)

    def _work(self, state: SchemeState, rate: np.ndarray) -> np.ndarray:
        """Close the year's books of a scheme and do its work; gives the work for staff that was known in spring."""
        account, scheme, year = state.account, state.scheme, self.model.year
        account.absorbed = np.floor(account.available * rate).astype(np.int64)
        unspent = account.available - account.absorbed
        keeps = scheme.keeps(year, self.model.ministry.released(state.name))
        account.carried_out = unspent if keeps else np.zeros_like(unspent)
        account.returned = np.zeros_like(unspent) if keeps else unspent
        state.received += account.granted / 100.0
        state.spent += account.absorbed / 100.0
        spending = activities.over_targets(account.absorbed / 100.0, state.plan, joins(scheme), self.act)
        quality = absorption.quality(self.model.ministry.support, self.experience, scheme.indicators, self.absorb)
        work = spending * quality[:, None, None] / self.model.ministry.price_level
        self.fill(spending=self.spending + spending, work=self.work + work)
        if scheme.scope == "hard_technique":
            self.fill(narrow=self.narrow + work)
        known = scheme.known_in_time(year)
        timely = self.staff_money_before > 0 if known is None else known
        return np.asarray(work[:, Activity.TEACHERS].sum(axis=1) * timely)

    def _learn(self) -> None:
        """Experience and connection grow with the work done and fade without it."""
        total = self.spending.sum(axis=(1, 2))
        coordination = self.spending[:, Activity.COORDINATION].sum(axis=1)
        share = np.divide(coordination, total, out=np.zeros_like(total), where=total > 0)
        spent = total / self.model.ministry.price_level
        left = absorption.after_a_fall(self.experience, spent, self.spent_before, self.absorb)
        programmes, narrow = (
            self.work[:, Activity.PROGRAMMES].sum(axis=1),
            self.narrow[:, Activity.PROGRAMMES].sum(axis=1),
        )
        pupils = np.maximum(self.vocational_pupils, 1.0)
        self.fill(
            experience=absorption.next_experience(left, self.money, share, self.absorb),
            spent_before=spent,
            connection=activities.next_connection(self.connection, programmes / pupils, self.act),
            connection_broad=activities.next_connection(
                self.connection_broad, (programmes - narrow) / pupils, self.act
            ),
        )

    def per_pupil(self, activity: Activity, target: str) -> np.ndarray:
        """Euro of an activity per pupil whom the target, or others, teach at that age, shape (regions,).

        `target` is po or lower: the last two years of primary school, or the lower years of all secondary education.
        """
        lower = self.lower_vmbo + self.lower_havo_vwo
        pupils, schools = {"po": (self.po_pupils, ["po"]), "lower": (lower, ["vmbo", "havo_vwo"])}[target]
        at_school = self.work[:, activity, [TARGETS.index(school) for school in schools]].sum(axis=1)
        by_others = self.work[:, activity, TARGETS.index("others")] / np.maximum(lower + self.po_pupils, 1.0)
        return np.asarray(at_school / np.maximum(pupils, 1.0) + by_others)

    def count(self) -> dict[str, np.ndarray]:
        """Technique pupils at the last count, and the pupils whom a participant teaches, by name, each (regions,)."""
        return {
            "technique": self.technique_pupils.copy(),
            "vmbo": self.vocational_pupils.copy(),
            "havo_vwo": self.lower_havo_vwo + self.upper_havo_vwo,
            "po": self.po_pupils.copy(),
        }


def joins(scheme: Scheme) -> np.ndarray:
    """Which TARGETS take part in a scheme, shape (6,)."""
    return np.array([target in scheme.participants for target in TARGETS])
