"""Regions: they plan activities and turn grants and co-financing into work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstroom.agents.rows import Column, RowAgent, Rows
from doorstroom.mechanisms import absorption, activities, schemes
from doorstroom.mechanisms.activities import TARGETS
from doorstroom.outcomes import GROUPS
from doorstroom.terms import TECHNICAL_FIELDS, Activity

if TYPE_CHECKING:
    from doorstroom.agents.ministry import SchemeState
    from doorstroom.education import TechnicalEducation

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
    experience = Column("years", "experience with schemes")
    connection = Column("index", "cooperation of schools, mbo and firms; 0 = 2019")
    capacity = Column("euro per year", "absorptive capacity")
    lasting_cofinancing = Column("factor", "lasting difference in what partners bring")
    brought = Column("share", "co-financing that partners bring, share of an offer")
    spending = Column("euro", "work done this year by activity and target", each=SPENDING)
    money = Column("euro", "grants, co-financing and carried money this year")
    staff_money_before = Column("euro", "spent on staff a year before")
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
        ministry = self.model.ministry
        self.fill(
            capacity=absorption.capacity(
                self.vocational_pupils, self.experience, ministry.support, 1.0 - self.unfilled, self.absorb
            )
        )
        for state in ministry.running.values():
            self._receive(state)
            self._plan(state)
        pools = [list(ministry.running.values())]
        if not self.model.policy.loops.shared_absorption:
            pools = [
                [state for state in ministry.running.values() if state.scheme.programme == programme]
                for programme in GROUPS["programmes"]
            ]
        spending = np.zeros_like(self.spending)
        for pool in pools:
            money = sum((state.account.available for state in pool), np.zeros(len(self), np.int64)) / 100.0
            work = absorption.effective(money, self.capacity)
            for state in pool:
                spending += self._work(state, np.divide(work, money, out=np.zeros_like(work), where=money > 0))
        self.fill(
            spending=spending,
            money=sum((state.account.available for state in ministry.running.values()), np.zeros(len(self))) / 100.0,
        )
        self._learn()

    def _receive(self, state: SchemeState) -> None:
        """Open the year's books of a scheme."""
        account = state.account
        granted, cofinanced = schemes.after_cofinancing(state.offered, self.brought, state.scheme.cofinancing)
        account.carried_in = account.carried_out
        account.granted = np.rint(granted * 100.0).astype(np.int64)
        account.cofinanced = np.rint(cofinanced * 100.0).astype(np.int64)

    def _plan(self, state: SchemeState) -> None:
        """Make a new activity plan in the years in which one is due."""
        scheme = state.scheme
        if (self.model.year - scheme.first_year) % scheme.plan_years:
            return
        national = np.average(self.girls_share, weights=self.technique_pupils + 1e-9)
        behind = np.clip(1.0 - self.girls_share / max(national, 1e-9), 0.0, 1.0)
        plan = activities.plan(scheme.plan(), self.unfilled, behind, self.act)
        state.plan = np.where(state.conditioned[:, None], scheme.plan(), plan)

    def _work(self, state: SchemeState, rate: np.ndarray) -> np.ndarray:
        """Close the year's books of a scheme and give its work per region, activity and target, in euro."""
        account, scheme = state.account, state.scheme
        account.absorbed = np.floor(account.available * rate).astype(np.int64)
        unspent = account.available - account.absorbed
        keeps = scheme.unspent == "carry_over" and scheme.paid(self.model.year + 1) > 0
        account.carried_out = unspent if keeps else np.zeros_like(unspent)
        account.returned = np.zeros_like(unspent) if keeps else unspent
        state.received += account.granted / 100.0
        state.spent += account.absorbed / 100.0
        joins = np.array([target in scheme.participants for target in TARGETS])
        return activities.over_targets(account.absorbed / 100.0, state.plan, joins, self.act)

    def _learn(self) -> None:
        """Experience and connection grow with the work done and fade without it."""
        total = self.spending.sum(axis=(1, 2))
        coordination = self.spending[:, Activity.COORDINATION].sum(axis=1)
        share = np.divide(coordination, total, out=np.zeros_like(total), where=total > 0)
        programmes = self.spending[:, Activity.PROGRAMMES].sum(axis=1) / np.maximum(self.vocational_pupils, 1.0)
        self.fill(
            experience=absorption.next_experience(self.experience, self.money, share, self.absorb),
            connection=activities.next_connection(self.connection, programmes, self.act),
        )

    def per_pupil(self, activity: Activity, target: str) -> np.ndarray:
        """Euro of an activity per pupil whom the target teaches at that age, shape (regions,)."""
        pupils = {"vmbo": self.lower_vmbo, "havo_vwo": self.lower_havo_vwo, "po": self.po_pupils}[target]
        return np.asarray(self.spending[:, activity, TARGETS.index(target)] / np.maximum(pupils, 1.0))
