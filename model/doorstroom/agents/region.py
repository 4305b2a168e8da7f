"""Regions: they plan activities, turn grants and co-financing into work, and learn what works.

The default set's 78 regions are made of DUO's nodal areas, because the list of STO regions isn't open data; an input
set can hold a user's own (docs/inputs.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from doorstroom.agents.rows import Column, RowAgent, Rows
from doorstroom.draws import Purpose
from doorstroom.mechanisms import absorption, activities, firms, knowledge, schemes, young
from doorstroom.outcomes import GROUPS
from doorstroom.terms import KIND_OF, KINDS, TARGETS, TECHNICAL_FIELDS, Activity

if TYPE_CHECKING:
    from doorstroom.agents.ministry import SchemeState
    from doorstroom.education import TechnicalEducation
    from doorstroom.scenario import Scheme

FIELDS = (len(TECHNICAL_FIELDS),)
SPENDING = (len(Activity), len(TARGETS))
EACH_KIND = (len(KINDS),)
WAYS_TO_REACH = 4
SCHOOLS = ("vmbo", "havo_vwo", "po")
UNSKILLED = ("po", "havo_vwo")
OUTSIDE = ("others", "hbo")
BROAD_BY_PUPILS = 1


class Region(RowAgent):
    """A region of sterk techniekonderwijs: one of DUO's nodal areas, or of a user's own division."""

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
    experience = Column("years", "experience with schemes of each kind of participant", each=EACH_KIND)
    knowledge = Column("index", "what it knows of what works, 0 = 2019")
    skill = Column("index", "skill of teachers of primary school and of havo and vwo", each=(len(UNSKILLED),))
    agreement = Column("number", "lasting part of how its schools agree to divide money, standard normal")
    connection = Column("index", "cooperation of schools, mbo and firms; 0 = 2019")
    connection_broad = Column("index", "the part of it that counts for D&P as well")
    capacity = Column("euro per year", "absorptive capacity of each kind of participant", each=EACH_KIND)
    load = Column("factor", "money planned for a kind of participant relative to its capacity", each=EACH_KIND)
    lasting_cofinancing = Column("factor", "lasting difference in what partners bring")
    brought = Column("share", "co-financing that partners bring, share of an offer")
    committed = Column("years", "years ahead for which the year's money is promised, mean over its schemes")
    spending = Column("euro", "spent this year by activity and target", each=SPENDING)
    work = Column("euro of 2019", "what it is worth: its quality counted, and national lines", each=SPENDING)
    narrow = Column("euro of 2019", "the part of the work that reaches the five technical profiles", each=SPENDING)
    for_vmbo = Column(
        "euro of 2019",
        "work for vmbo by how it reaches locations: all or technical profiles, agreed or by pupils",
        each=(WAYS_TO_REACH, len(Activity)),
    )
    work_2019 = Column("euro of 2019", "work of national lines that ran in 2019", each=SPENDING)
    money = Column("euro", "grants, co-financing and carried money this year")
    spent_before = Column("euro of 2019", "spent a year before by each kind of participant", each=EACH_KIND)
    staff_money_before = Column("euro of 2019", "work for staff a year before")
    staff_money_known = Column("share", "part of this year's work for staff that was known in spring")
    seekers = Column("persons", "job-seeking technicians per sector", each=FIELDS)
    tightness_2019 = Column("vacancies per seeker", "tightness in 2019 per sector", each=FIELDS)
    relative_tightness = Column("factor", "tightness relative to 2019, all sectors")
    wage = Column("factor", "technical wage relative to 2019, all sectors")


class Regions(Rows[Region]):
    """All regions together."""

    def __init__(self, model: TechnicalEducation, names: list[str]) -> None:
        super().__init__(model, Region, names)
        self.model = model
        self.names = names
        self.absorb = model.parameters.take(absorption.Absorption)
        self.act = model.parameters.take(activities.Activities)
        self.learn = model.parameters.take(knowledge.Knowledge)
        self.young = model.parameters.take(young.Young)
        self.usual_carriers = activities.usual_carriers(self.act)
        self.fill(agreement=model.draws.normal(Purpose.AGREEMENT, 0, np.arange(len(names))))

    def spend(self) -> None:
        """Turn grants and co-financing into activities as far as each kind of participant can."""
        states = list(self.model.ministry.running.values())
        for state in states:
            self._receive(state)
            self._plan(state)
        planned = {state.name: self._planned(state) for state in states}
        self._prepare(states, sum(planned.values(), np.zeros_like(self.work)))
        pools = [states]
        if not self.model.policy.loops.shared_absorption:
            pools = [[state for state in states if state.scheme.programme == name] for name in GROUPS["programmes"]]
        national = self.model.ministry.national_work()
        self.fill(spending=0.0, narrow=0.0, work=national, for_vmbo=0.0, load=0.0)
        self.for_vmbo[:, BROAD_BY_PUPILS] = national[:, :, TARGETS.index("vmbo")]
        timely = self.staff_work.copy()
        for pool in pools:
            money = by_kind(sum((planned[state.name] for state in pool), np.zeros_like(self.work)))
            self.fill(load=self.load + money / np.maximum(self.capacity, 1e-9))
            for state in pool:
                if not state.account.available.any():
                    self._close(state, np.zeros(len(self)))
                    continue
                done = absorption.done(money, self.capacity * state.scheme.time_left(self.model.year))
                timely += self._work(state, planned[state.name], done[:, KIND_OF])
        staff = self.staff_work
        self.fill(
            money=sum((state.account.available for state in states), np.zeros(len(self))) / 100.0,
            staff_money_known=np.divide(timely, staff, out=np.ones_like(staff), where=staff > 0),
            staff_money_before=staff,
        )
        self._gain_experience()
        self._cooperate()
        self._learn(states)

    @property
    def staff_work(self) -> np.ndarray:
        """Work for technique teachers, euro of 2019, shape (regions,)."""
        return np.asarray(self.work[:, Activity.TEACHERS, TARGETS.index("vmbo")])

    def _receive(self, state: SchemeState) -> None:
        """Open the year's books of a scheme."""
        account, asked = state.account, state.scheme.asked(self.model.year)
        brought = firms.under_norm(self.brought, asked, self.model.firms.p)
        granted, cofinanced = schemes.after_cofinancing(state.offered, brought, asked)
        account.carried_in = account.carried_out
        account.granted = np.rint(granted * 100.0).astype(np.int64)
        account.cofinanced = np.rint(cofinanced * 100.0).astype(np.int64)

    def _plan(self, state: SchemeState) -> None:
        """Make a new activity plan in the years in which one is due, with what is known then."""
        scheme = state.scheme
        if not scheme.starts_plan(self.model.year):
            return
        state.known = self.knowledge.copy()
        if scheme.split == "prescribed":
            return
        national = np.average(self.girls_share, weights=self.technique_pupils + 1e-9)
        behind = np.clip(1.0 - self.girls_share / max(national, 1e-9), 0.0, 1.0)
        unfilled, behind = (activities.foreseen(need, scheme.plan_years, self.act) for need in (self.unfilled, behind))
        split = activities.of_own_plans(scheme.plan(), self.act)
        plan = activities.plan(split, unfilled, behind, self.vocational_pupils, self.act)
        state.plan = np.where(state.conditioned[:, None], split, plan)

    def _planned(self, state: SchemeState) -> np.ndarray:
        """Euro of the year that a plan lets each target spend on each activity, shape (regions, 7, 7)."""
        if not state.account.available.any():
            return np.zeros_like(self.work)
        carried = activities.carriers(state.scheme.weights(self.usual_carriers), joins(state.scheme))
        return np.asarray((state.account.available / 100.0)[:, None, None] * state.plan[:, :, None] * carried)

    def _prepare(self, states: list[SchemeState], planned: np.ndarray) -> None:
        """Absorptive capacity of the year in its own euro, given what is promised and who else takes part."""
        year, p, context = self.model.year, self.absorb, self.model.policy.context
        granted = sum((state.account.granted for state in states), np.zeros(len(self)))
        promised = sum((state.account.granted * state.scheme.committed(year) for state in states), np.zeros(len(self)))
        committed = np.divide(promised, granted, out=np.zeros_like(granted), where=granted > 0)
        level, schools = self.model.ministry.price_level, np.isin(KINDS, SCHOOLS)
        filled = np.where(np.array(KINDS) == "vmbo", 1.0 - self.unfilled[:, None], 1.0)
        filled = filled * np.where(schools, 1.0 - context.teacher_shortage_in(year), 1.0)
        able = filled**p.staff_elasticity * np.where(schools, 1.0 - context.basic_skills_in(year), 1.0)
        outside = by_kind(planned)[:, KINDS.index("outside school"), None] / level * schools
        support = self.model.ministry.support
        capacity = absorption.capacity(self._untrained(), self.experience, support, outside, able, p)
        capacity = capacity * absorption.certainty(committed, p)[:, None]
        self.fill(committed=committed, capacity=capacity * level)

    def _untrained(self) -> np.ndarray:
        """Absorptive capacity of each kind without experience and support, euro of 2019, shape (regions, 5)."""
        general = self.lower_havo_vwo + self.upper_havo_vwo
        outside = self.po_pupils + self.lower_vmbo + self.lower_havo_vwo
        pupils = (self.vocational_pupils, general, self.po_pupils, self.vocational_pupils, outside)
        return np.asarray(np.stack(pupils, axis=1) * absorption.per_pupil(self.absorb))

    def _work(self, state: SchemeState, planned: np.ndarray, done: np.ndarray) -> np.ndarray:
        """Close the year's books of a scheme and do its work; gives the work for staff that was known in spring."""
        account, scheme, year, level = state.account, state.scheme, self.model.year, self.model.ministry.price_level
        euro = activities.carried_out(planned, done)
        total, available = euro.sum(axis=(1, 2)), account.available / 100.0
        self._close(state, np.divide(total, available, out=np.zeros_like(total), where=available > 0))
        exact = np.divide(account.absorbed / 100.0, total, out=np.zeros_like(total), where=total > 0)
        spending = euro * exact[:, None, None]
        quality = knowledge.quality(state.known, self.model.ministry.helped, self.learn)
        work = spending * quality[:, None, None] / level
        self.fill(spending=self.spending + spending, work=self.work + work)
        narrow = scheme.scope == "hard_technique"
        if narrow:
            self.fill(narrow=self.narrow + work)
        reaches = 2 * narrow + (scheme.within == "by_pupils")
        self.for_vmbo[:, reaches] += work[:, :, TARGETS.index("vmbo")]
        known = scheme.known_in_time(year)
        timely = self.staff_money_before > 0 if known is None else known
        return np.asarray(work[:, Activity.TEACHERS, TARGETS.index("vmbo")] * timely)

    def _close(self, state: SchemeState, rate: np.ndarray) -> None:
        """Close the year's books of a scheme of which a share `rate` was spent, shape (regions,)."""
        account = state.account
        account.absorbed = np.minimum(np.floor(account.available * rate).astype(np.int64), account.available)
        self._settle(state)
        state.received += account.granted / 100.0
        state.spent += account.absorbed / 100.0

    def _settle(self, state: SchemeState) -> None:
        """Carry over what is unspent as far as the scheme lets a region keep it; the rest is returned."""
        account, scheme = state.account, state.scheme
        given = account.granted + account.cofinanced
        state.reserve = np.where(given > 0, np.floor(scheme.reserve * given).astype(np.int64), state.reserve)
        unspent = account.available - account.absorbed
        keeps = scheme.keeps(self.model.year)
        account.carried_out = np.minimum(unspent, state.reserve) if keeps else np.zeros_like(unspent)
        account.returned = unspent - account.carried_out

    def _gain_experience(self) -> None:
        """Experience of each kind grows with what it does of what it could untrained, and falls without money."""
        level = self.model.ministry.price_level
        spent = by_kind(self.spending) / level
        coordination = by_kind(self.spending[:, [Activity.COORDINATION]]) / level
        share = np.divide(coordination, spent, out=np.zeros_like(spent), where=spent > 0)
        untrained = self._untrained()
        used = np.divide(spent, untrained, out=np.zeros_like(spent), where=untrained > 0)
        left = absorption.after_a_fall(self.experience, spent, self.spent_before, self.absorb)
        self.fill(experience=absorption.next_experience(left, used, share, self.absorb), spent_before=spent)

    def _cooperate(self) -> None:
        """Connection and the skill of teachers grow with the work done and fade without it."""
        pupils = np.maximum(self.vocational_pupils, 1.0)
        programmes, narrow, then = (
            of[:, Activity.PROGRAMMES].sum(axis=1) / pupils for of in (self.work, self.narrow, self.work_2019)
        )
        people = {"po": self.po_pupils, "havo_vwo": self.lower_havo_vwo + self.upper_havo_vwo}
        staff = [
            self.work[:, Activity.TEACHERS, TARGETS.index(name)] / np.maximum(people[name], 1.0) for name in UNSKILLED
        ]
        self.fill(
            connection=activities.next_connection(self.connection, programmes, then, self.act),
            connection_broad=activities.next_connection(self.connection_broad, programmes - narrow, then, self.act),
            skill=young.next_skill(self.skill, np.stack(staff, axis=1), self.young),
        )

    def _learn(self, states: list[SchemeState]) -> None:
        """What the year shows a region of what works."""
        year, ministry = self.model.year, self.model.ministry
        paid = [(state.scheme.learning, state.account.granted > 0, state) for state in states]
        nothing = np.zeros(len(self), bool)

        def where(way: str) -> np.ndarray:
            return np.any([nothing, *(funded for ways, funded, _ in paid if way in ways)], axis=0)

        advised = np.any([nothing, *(funded for _, funded, state in paid if state.scheme.reviewed(year + 1))], axis=0)
        ways = knowledge.Ways(
            where("indicators"), where("self_report"), advised, where("peer_review"),
            ministry.research * where("research"),
        )  # fmt: skip
        luck = self.model.draws.uniform(Purpose.LEARNING, year, np.arange(len(self) + 1))
        self.fill(knowledge=knowledge.next_knowledge(self.knowledge, ways, luck[1:], luck[0], self.learn))

    def per_pupil(self, activity: Activity, target: str) -> np.ndarray:
        """Euro of an activity per pupil whom the target, or others, teach at that age, shape (regions,).

        `target` is po or lower: the last two years of primary school, or the lower years of all secondary education.
        Skilled teachers make more of orientation, and what a new curriculum gives comes on top of it.
        """
        euro = self._per_pupil(self.work, activity, target, self.skill)
        given = activity == Activity.ORIENTATION
        return euro + self.model.policy.context.curriculum_in(self.model.year) if given else euro

    def per_pupil_2019(self, activity: Activity, target: str) -> np.ndarray:
        """The same of what already ran in 2019, and so is in the choices of 2019."""
        return self._per_pupil(self.work_2019, activity, target, np.zeros_like(self.skill))

    def _per_pupil(self, work: np.ndarray, activity: Activity, target: str, skill: np.ndarray) -> np.ndarray:
        lower = self.lower_vmbo + self.lower_havo_vwo
        pupils, schools = {"po": (self.po_pupils, ["po"]), "lower": (lower, ["vmbo", "havo_vwo"])}[target]
        worth = np.ones((len(self), len(TARGETS)))
        if activity == Activity.ORIENTATION:
            worth[:, [TARGETS.index(name) for name in UNSKILLED]] += skill
        euro = work[:, activity] * worth
        at_school = euro[:, [TARGETS.index(school) for school in schools]].sum(axis=1)
        by_others = euro[:, [TARGETS.index(name) for name in OUTSIDE]].sum(axis=1)
        return np.asarray(at_school / np.maximum(pupils, 1.0) + by_others / np.maximum(lower + self.po_pupils, 1.0))

    def count(self) -> dict[str, np.ndarray]:
        """Technique pupils at the last count, and the pupils whom a participant teaches, by name, each (regions,)."""
        return {
            "technique": self.technique_pupils.copy(),
            "vmbo": self.vocational_pupils.copy(),
            "havo_vwo": self.lower_havo_vwo + self.upper_havo_vwo,
            "po": self.po_pupils.copy(),
        }


def by_kind(euro: np.ndarray) -> np.ndarray:
    """Euro per region, activity and target as euro per region and kind of participant, shape (regions, 5)."""
    by_target = euro.sum(axis=1)
    return np.stack([by_target[:, kind == KIND_OF].sum(axis=1) for kind in range(len(KINDS))], axis=1)


def joins(scheme: Scheme) -> np.ndarray:
    """Which TARGETS take part in a scheme, shape (7,)."""
    return np.array([target in scheme.participants for target in TARGETS])
