"""The ministry: it holds the schemes, offers the year's money and reviews plans."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.region import joins
from doorstroom.mechanisms import activities, steering
from doorstroom.mechanisms import schemes as mechanism
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
    """A scheme as it runs: this year's books, the plan per region, what a review decided and so holds back."""

    name: str
    scheme: Scheme
    account: Account
    plan: NDArray[np.float64]
    conditioned: NDArray[np.bool_]
    offered: NDArray[np.float64]
    held_back: NDArray[np.float64] = field(init=False)
    received: NDArray[np.float64] = field(init=False)
    spent: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.held_back = np.zeros_like(self.offered)
        self.received = np.zeros_like(self.offered)
        self.spent = np.zeros_like(self.offered)


class Ministry(mesa.Agent):
    """OCW, with the schemes of the scenario.

    Attributes
    ----------
    running : state of each regional scheme, by name
    support : euro of 2019 per region that national lines pay this year for support
    national : euro that each programme's national lines pay this year
    reviews : every review held so far
    decided : schemes whose conditional money a midterm review decided about, and whether it is released
    """

    model: TechnicalEducation

    def __init__(self, model: TechnicalEducation) -> None:
        super().__init__(model)
        self.p = model.parameters.take(mechanism.Schemes)
        self.steering = model.parameters.take(steering.Steering)
        self.running = self._begun()
        self.support = 0.0
        self.national: dict[str, float] = {}
        self.reviews: list[Review] = []
        self.decided: dict[str, bool] = {}
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
        """Offer each region its part of the year's budgets, and pay the national lines."""
        regions = self.model.regions
        self._counts.append(regions.count())
        for state in self.running.values():
            scheme, paid = state.scheme, self._paid(state.name)
            base = self._base(scheme)
            state.offered = paid * mechanism.division(scheme.division, base, self.eligible(scheme), self.p)
            if paid > 0:
                for name, euro in scheme.extra.items():
                    state.offered[self.model.region_row(name)] += euro * self._index(scheme)
            state.held_back = state.offered * state.conditioned * self.steering.condition_cut
            state.offered = state.offered - state.held_back
        self.national = {}
        support = 0.0
        for name, scheme in self._national_lines():
            paid = self._paid(name)
            self.national[scheme.programme] = self.national.get(scheme.programme, 0.0) + paid
            support += paid * scheme.plan()[Activity.COORDINATION]
        self.support = support / len(regions) / self.price_level

    def _base(self, scheme: Scheme) -> dict[str, NDArray[np.float64]]:
        """What the division of a scheme goes by: technique pupils of 2019, and technique pupils and pupils of now."""
        now = {name: np.mean([count[name] for count in self._counts], axis=0) for name in self._counts[0]}
        taught = [now[name] for name in scheme.participants if name in now] or [now["vmbo"]]
        pupils = np.sum(taught, axis=0) if scheme.division == "per_pupil" else now["vmbo"]
        return {"technique_2019": self.model.regions.technique_2019, "technique": now["technique"], "pupils": pupils}

    def national_work(self) -> NDArray[np.float64]:
        """What national lines do besides support, euro of 2019 per region, activity and target, by vocational pupils.

        National organisations do it, so it takes nothing of what regions can absorb.
        """
        regions = self.model.regions
        part = regions.vocational_pupils / max(regions.vocational_pupils.sum(), 1.0)
        done = np.zeros_like(regions.work)
        for name, scheme in self._national_lines():
            plan = scheme.plan()
            plan[Activity.COORDINATION] = 0.0
            euro = self._paid(name) * plan.sum() * part / self.price_level
            done += activities.over_targets(euro, np.tile(plan, (len(part), 1)), joins(scheme), regions.act)
        return done

    @property
    def price_level(self) -> float:
        """Price level of this year relative to that of 2019."""
        return mechanism.price_level(self.model.year, self.p)

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
        return mechanism.price_level(self.model.year, self.p) / mechanism.price_level(first, self.p)

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
        funded = state.received > 0
        state.conditioned = steering.conditioned(scores, self.steering)
        state.received[:], state.spent[:] = 0.0, 0.0
        return Review(self.model.year, state.name, scores, funded, state.conditioned)
