"""The ministry: it holds the schemes, offers the year's money and reviews plans."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.region import joins
from doorstroom.draws import Purpose
from doorstroom.geography import distances, plane
from doorstroom.mechanisms import absorption, activities, firms, knowledge, steering
from doorstroom.mechanisms import schemes as mechanism
from doorstroom.outcomes import GROUPS
from doorstroom.terms import Activity

if TYPE_CHECKING:
    from doorstroom.education import TechnicalEducation
    from doorstroom.scenario import Scheme

Cents = NDArray[np.int64]

THEMES = [Activity.TEACHERS, Activity.INCLUSION, Activity.SUSTAINABILITY]
TECHNIQUE_POOR_REGIONS = 5
"""Regions that a scheme for technique-poor regions can serve: 20 million euro at 4 million at most each."""


@dataclass
class Account:
    """One scheme's books of one calendar year in whole eurocents, each array of shape (regions,).

    granted + cofinanced + carried_in = absorbed + returned + carried_out, per region and exactly.
    """

    granted: Cents
    cofinanced: Cents
    carried_in: Cents
    absorbed: Cents
    returned: Cents
    carried_out: Cents

    @classmethod
    def empty(cls, regions: int) -> Account:
        """Books without a cent."""
        return cls(*(np.zeros(regions, np.int64) for _ in range(6)))

    @property
    def available(self) -> Cents:
        """What can be spent this year, shape (regions,)."""
        return self.granted + self.cofinanced + self.carried_in


@dataclass
class Review:
    """What the assessment committee decided in one year for one scheme."""

    year: int
    scheme: str
    score: NDArray[np.float64]
    funded: NDArray[np.bool_]
    conditioned: NDArray[np.bool_]


@dataclass
class SchemeState:
    """A scheme as it runs, per region.

    Attributes
    ----------
    account : this year's books
    plan : shares of the running activity plan, shape (regions, 7)
    known : what was known of what works when that plan was made
    conditioned : whether the last review set conditions
    offered, refused, held_back : euro of this year: offered, and before that refused or held back
    began : whether an application was ever approved
    received, spent : euro since the last review
    reserve : cents that may be carried over at most
    """

    name: str
    scheme: Scheme
    account: Account
    plan: NDArray[np.float64]
    conditioned: NDArray[np.bool_]
    offered: NDArray[np.float64]
    known: NDArray[np.float64] = field(init=False)
    began: NDArray[np.bool_] = field(init=False)
    refused: NDArray[np.float64] = field(init=False)
    held_back: NDArray[np.float64] = field(init=False)
    received: NDArray[np.float64] = field(init=False)
    spent: NDArray[np.float64] = field(init=False)
    reserve: Cents = field(init=False)

    def __post_init__(self) -> None:
        self.began = np.zeros_like(self.conditioned)
        self.reserve = np.zeros_like(self.account.granted)
        for name in ("known", "refused", "held_back", "received", "spent"):
            setattr(self, name, np.zeros_like(self.offered))


class Ministry(mesa.Agent):
    """OCW, with the schemes of the scenario.

    Attributes
    ----------
    running : state of each regional scheme, by name
    support : euro of 2019 per region that national lines pay this year for support
    research : whether national research follows what works this year, 0 or 1
    national : euro that each programme's national lines pay this year
    reviews : every review held so far
    decided : schemes whose conditional money a midterm review decided about, and whether it is released
    """

    model: TechnicalEducation

    def __init__(self, model: TechnicalEducation) -> None:
        super().__init__(model)
        self.p = model.parameters.take(mechanism.Schemes)
        self.steering = model.parameters.take(steering.Steering)
        self.learn = model.parameters.take(knowledge.Knowledge)
        self.absorb = model.parameters.take(absorption.Absorption)
        self.running = self._begun()
        self.support = 0.0
        self.national: dict[str, float] = {}
        self.reviews: list[Review] = []
        self.decided: dict[str, bool] = {}
        self.research = 0.0
        self._near_mbo: NDArray[np.bool_] | None = None
        self._levels: dict[int, float] = {}
        self._counts: deque[dict[str, NDArray[np.float64]]] = deque(maxlen=3)

    def _begun(self) -> dict[str, SchemeState]:
        """The regional schemes of the scenario, before their first year."""
        regions = len(self.model.regions)
        return {
            name: SchemeState(
                name,
                scheme,
                Account.empty(regions),
                np.tile(scheme.plan(), (regions, 1)),
                np.zeros(regions, bool),
                np.zeros(regions),
            )
            for name, scheme in sorted(self.model.policy.schemes.items())
            if scheme.line == "regional"
        }

    def take_over(self) -> None:
        """Go on with the schemes of a scenario that was the same until now: books, plans and decisions stay."""
        before, self.running = self.running, self._begun()
        for name, state in self.running.items():
            scheme = state.scheme
            if name in before and scheme.first_year + scheme.delay_years <= self.model.year:
                self.running[name] = before[name]
                before[name].scheme = scheme
        self.decided = {}
        for year in sorted({review.year for review in self.reviews}):
            self._decide(year)

    def offer(self) -> None:
        """Offer each region its part of the budgets where its application is approved; pay the national lines."""
        regions = self.model.regions
        self._counts.append(regions.count())
        now = {name: np.mean([count[name] for count in self._counts], axis=0) for name in self._counts[0]}
        for state in self.running.values():
            scheme, paid = state.scheme, self._paid(state.name)
            if paid <= 0:
                state.refused, state.held_back, state.offered = np.zeros((3, len(regions)))
                continue
            offered = paid * mechanism.division(scheme.division, self._base(scheme, now), self.eligible(scheme), self.p)
            offered = mechanism.named(offered, self._amounts(state.name))
            for name, euro in scheme.extra.items():
                offered[self.model.region_row(name)] += euro * self._index(scheme)
            state.refused = np.where(self._approved(state), 0.0, offered)
            state.held_back = (offered - state.refused) * state.conditioned * self.steering.condition_cut
            state.offered = offered - state.refused - state.held_back
        self.national = {}
        support, self.research = 0.0, 0.0
        for name, scheme in self._national_lines():
            paid = self._paid(name)
            self.national[scheme.programme] = self.national.get(scheme.programme, 0.0) + paid
            support += paid * scheme.plan()[Activity.COORDINATION]
            self.research = max(self.research, float(paid > 0 and "research" in scheme.learning))
        self.support = support / len(regions) / self.price_level

    @property
    def helped(self) -> float:
        """How far national support reaches this year, 0..1."""
        return float(absorption.helped(self.support, self.absorb))

    def _amounts(self, name: str) -> NDArray[np.float64]:
        """Euro of the regions that have an amount of their own this year, NaN elsewhere."""
        scheme, amounts = self.model.policy.schemes[name], np.full(len(self.model.regions), np.nan)
        for region, euro in scheme.own_amounts(self.model.year, self.released(name)).items():
            amounts[self.model.region_row(region)] = euro * self._index(scheme)
        return amounts

    def _approved(self, state: SchemeState) -> NDArray[np.bool_]:
        """Which regions' applications have the partners that a scheme obliges them to, shape (regions,)."""
        scheme, regions = state.scheme, self.model.regions
        if not set(scheme.partners) <= set(scheme.participants):
            return np.zeros(len(regions), bool)
        approved = np.ones(len(regions), bool)
        if "mbo" in scheme.partners:
            approved &= self._mbo_within_reach()
        asked = scheme.asked(self.model.year)
        if "firms" in scheme.partners and asked > 0:
            brought = firms.under_norm(regions.brought, asked, self.model.firms.p)
            approved &= steering.firms_join(brought, asked, self.steering)
        if scheme.partners:
            slots = _place(scheme) * len(regions) + np.arange(len(regions))
            luck = self.model.draws.uniform(Purpose.APPLICATION, self._first(scheme), slots)
            late = ~steering.in_time(regions.experience.max(axis=1), luck, self.steering)
            approved &= state.began | ~late | (self.model.year > self._first(scheme))
        state.began |= approved
        return approved

    def _first(self, scheme: Scheme) -> int:
        return scheme.first_year + scheme.delay_years

    def _mbo_within_reach(self) -> NDArray[np.bool_]:
        """Whether an mbo college with technique is within reach of a region's centre, shape (regions,)."""
        if self._near_mbo is None:
            model = self.model
            teaches = model.colleges_with_technique()
            place, college = (plane(of.lat, of.lon) for of in (model.regions, model.colleges))
            km = distances(place, college[teaches])
            self._near_mbo = np.asarray((km <= self.steering.mbo_km).any(axis=1))
        return self._near_mbo

    def _base(self, scheme: Scheme, now: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        """What the division of a scheme goes by: technique pupils of 2019, and technique pupils and pupils of now."""
        taught = [now[name] for name in scheme.participants if name in now] or [now["vmbo"]]
        pupils = np.sum(taught, axis=0) if scheme.division == "per_pupil" else now["vmbo"]
        return {"technique_2019": self.model.regions.technique_2019, "technique": now["technique"], "pupils": pupils}

    def national_work(self, year: int | None = None) -> NDArray[np.float64]:
        """What national lines do besides support, euro of 2019 per region, activity and target, by vocational pupils.

        National organisations do it, so it takes nothing of what regions can absorb. `year` is this one if left out.
        """
        regions = self.model.regions
        part = regions.vocational_pupils / max(regions.vocational_pupils.sum(), 1.0)
        done = np.zeros_like(regions.work)
        for name, scheme in self._national_lines():
            plan = scheme.plan()
            plan[Activity.COORDINATION] = 0.0
            paid = self._paid(name) / self.price_level if year is None else scheme.paid(year)
            carried = plan[:, None] * activities.carriers(scheme.weights(regions.usual_carriers), joins(scheme))
            done += (paid * part)[:, None, None] * carried
        return done

    @property
    def price_level(self) -> float:
        """Price level of this year relative to that of 2019."""
        return self._level(self.model.year)

    def _level(self, year: int) -> float:
        if year not in self._levels:
            self._levels[year] = mechanism.price_level(year, self.p)
        return self._levels[year]

    def released(self, name: str) -> bool:
        """Whether a review released a scheme's conditional money; matters only where a review is to decide."""
        return self.decided.get(name, False)

    def _national_lines(self) -> list[tuple[str, Scheme]]:
        return [(name, scheme) for name, scheme in self.model.policy.schemes.items() if scheme.line == "national"]

    def _paid(self, name: str) -> float:
        """Euro that a scheme pays this year, given what a midterm review decided."""
        scheme = self.model.policy.schemes[name]
        return scheme.paid(self.model.year, self.released(name)) * self._index(scheme)

    def _index(self, scheme: Scheme) -> float:
        """By what the amounts of a scheme have been raised since its first year."""
        first = scheme.first_year + scheme.delay_years
        if not scheme.indexed or self.model.year <= first:
            return 1.0
        return self.price_level / self._level(first)

    def eligible(self, scheme: Scheme) -> NDArray[np.bool_]:
        """Which regions a scheme serves, shape (regions,)."""
        regions = self.model.regions
        if scheme.regions == "all":
            return np.ones(len(regions), bool)
        if scheme.regions == "technique_poor":
            poorest = np.argsort(regions.technique_share_2019, kind="stable")[:TECHNIQUE_POOR_REGIONS]
            return np.isin(np.arange(len(regions)), poorest)
        return np.isin(np.arange(len(regions)), [self.model.region_row(name) for name in scheme.regions])

    def review(self) -> None:
        """Score plans and results where a review is due; the outcome holds until the next review."""
        year = self.model.year
        held = [self._score(state) for state in self.running.values() if state.scheme.reviewed(year)]
        self.reviews += held
        self._decide(year)

    def _decide(self, year: int) -> None:
        """Decide on conditional money that hangs on the reviews of a year."""
        held = [review for review in self.reviews if review.year == year and review.scheme in self.running]
        for name, scheme in self.model.policy.schemes.items():
            mine = [review for review in held if self.running[review.scheme].scheme.programme == scheme.programme]
            if mine and scheme.release == "by_review" and not scheme.conditional(year):
                scores = np.concatenate([review.score for review in mine])
                funded = np.concatenate([review.funded for review in mine])
                self.decided[name] = steering.released(scores, funded, self.steering)

    def _score(self, state: SchemeState) -> Review:
        """Review one scheme: score its regions, and set conditions where the score is low."""
        regions = self.model.regions
        default = state.scheme.plan()
        themes = state.plan[:, THEMES].sum(axis=1) / max(default[THEMES].sum(), 1e-9)
        scores = steering.score(
            state.spent / np.maximum(state.received, 1.0),
            regions.connection,
            themes,
            regions.technique_pupils / np.maximum(regions.vocational_y3, 1.0) - regions.technique_share_2019,
            self.steering,
        )
        slots = _place(state.scheme) * (len(regions) + 1) + np.arange(len(regions) + 1)
        z = self.model.draws.normal(Purpose.REVIEW, self.model.year, slots)
        scores = np.clip(scores + steering.judgement(z[1:], z[0], self.steering), 0.0, 1.0)
        funded = state.received > 0
        state.conditioned = steering.conditioned(scores, self.steering)
        state.received[:], state.spent[:] = 0.0, 0.0
        return Review(self.model.year, state.name, scores, funded, state.conditioned)


def _place(scheme: Scheme) -> int:
    """Whose luck a scheme has: that of its programme, so that other schemes beside it change nothing."""
    return GROUPS["programmes"].index(scheme.programme)
