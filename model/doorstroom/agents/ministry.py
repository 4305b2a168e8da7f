"""The ministry: it holds the schemes, offers the year's money and reviews plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from doorstroom.mechanisms import schemes as mechanism
from doorstroom.mechanisms import steering

if TYPE_CHECKING:
    from doorstroom.education import TechnicalEducation
    from doorstroom.scenario import Scheme

Cents = NDArray[np.int64]

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
    conditioned: NDArray[np.bool_]


@dataclass
class SchemeState:
    """A scheme as it runs: this year's books, the plan per region, what a review decided."""

    scheme: Scheme
    account: Account
    plan: NDArray[np.float64]
    conditioned: NDArray[np.bool_]
    offered: NDArray[np.float64]
    received: NDArray[np.float64] = field(init=False)
    spent: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.received = np.zeros_like(self.offered)
        self.spent = np.zeros_like(self.offered)


class Ministry(mesa.Agent):
    """OCW, with the schemes of the scenario.

    Attributes
    ----------
    running : state of each regional scheme, by name
    support : euro per region that national lines pay this year
    national : euro that each programme's national lines pay this year
    reviews : every review held so far
    """

    model: TechnicalEducation

    def __init__(self, model: TechnicalEducation) -> None:
        super().__init__(model)
        regions = len(model.regions)
        self.p = model.parameters.take(mechanism.Schemes)
        self.steering = model.parameters.take(steering.Steering)
        self.running = {
            name: SchemeState(
                scheme,
                Account.empty(regions),
                np.tile(scheme.plan(), (regions, 1)),
                np.zeros(regions, bool),
                np.zeros(regions),
            )
            for name, scheme in sorted(model.policy.schemes.items())
            if scheme.line == "regional"
        }
        self.support = 0.0
        self.national: dict[str, float] = {}
        self.reviews: list[Review] = []

    def offer(self) -> None:
        """Offer each region its part of the year's budgets, and pay the national lines."""
        year, regions = self.model.year, self.model.regions
        base = {
            "technique_2019": regions.technique_2019,
            "technique": regions.technique_pupils,
            "pupils": regions.vocational_pupils,
        }
        for state in self.running.values():
            shares = mechanism.division(state.scheme.division, base, self.eligible(state.scheme), self.p)
            state.offered = state.scheme.paid(year) * shares
            if state.scheme.paid(year) > 0:
                for name, euro in state.scheme.extra.items():
                    state.offered[self.model.region_row(name)] += euro
            state.offered *= np.where(state.conditioned, 1.0 - self.steering.condition_cut, 1.0)
        self.national = {}
        for scheme in self.model.policy.schemes.values():
            if scheme.line == "national":
                self.national[scheme.programme] = self.national.get(scheme.programme, 0.0) + scheme.paid(year)
        self.support = sum(self.national.values()) / len(regions)

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
        regions = self.model.regions
        for name, state in self.running.items():
            if self.model.year not in state.scheme.review_years:
                continue
            default = state.scheme.plan()
            themes = state.plan[:, [3, 4, 5]].sum(axis=1) / max(default[[3, 4, 5]].sum(), 1e-9)
            scores = steering.score(
                state.spent / np.maximum(state.received, 1.0),
                regions.connection,
                themes,
                regions.technique_pupils / np.maximum(regions.vocational_y3, 1.0) - regions.technique_share_2019,
                self.steering,
            )
            state.conditioned = steering.conditioned(scores, self.steering)
            state.received[:], state.spent[:] = 0.0, 0.0
            self.reviews.append(Review(self.model.year, name, scores, state.conditioned))
