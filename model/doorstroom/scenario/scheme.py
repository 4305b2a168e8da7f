"""One funding scheme in time: what its regulation comes to in a calendar year.

Who asks a scheme what it does in a calendar year asks its methods, which know of the delay, the gaps and the condition.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorstroom.scenario.regulation import Regulation
from doorstroom.scenario.values import ACTIVITIES
from doorstroom.terms import TARGETS

FARTHEST_PROMISE: Final = 4
"""Years ahead beyond which a promise of money makes no difference: the length of a regulation."""

_STAFF_PLAN: Final = (3, 1)
"""Month and day by which schools plan the staff of the next school year."""


class Scheme(Regulation):
    """One funding scheme: a regulation, and what follows from it year by year."""

    def __hash__(self) -> int:
        return hash(json.dumps(self.model_dump(mode="json"), sort_keys=True))

    def paid(self, year: int, released: bool = True) -> float:
        """Euro that the scheme pays in a calendar year over all regions, without `extra` and before indexation.

        `released` is what the midterm review decided on the conditional part, where it is for the review to decide.
        """
        at = year - self.delay_years
        if at < self.first_year or at in self.gap_years:
            return 0.0
        if self.conditional(year) and (self.release == "no" or (self.release == "by_review" and not released)):
            return 0.0
        granted = self.granted.get(at, 1.0) if isinstance(self.granted, Mapping) else self.granted
        if at > self.last_year:
            return granted * self.after * self._budget_of(self.last_year)
        return granted * self._budget_of(at)

    def asked(self, year: int) -> float:
        """Share of the grant that partners must bring in a calendar year."""
        if not isinstance(self.cofinancing, Mapping):
            return self.cofinancing
        begun = [first for first in self.cofinancing if first <= year - self.delay_years]
        return self.cofinancing[max(begun)] if begun else 0.0

    def own_amounts(self, year: int, released: bool = True) -> dict[str, float]:
        """Euro of the regions that have an amount of their own in a calendar year: less where less than all is paid."""
        usual = self._budget_of(min(year - self.delay_years, self.last_year))
        part = self.paid(year, released) / usual if usual > 0.0 else 0.0
        return {name: part * euro for name, euro in self.amounts.items()}

    def total(self, year: int, released: bool = True) -> float:
        """Euro paid in a calendar year with what named regions get on top, which is paid when the scheme pays."""
        paid = self.paid(year, released)
        return paid + (sum(self.extra.values()) if paid > 0.0 else 0.0)

    def conditional(self, year: int) -> bool:
        """Whether the year belongs to the conditional part."""
        return self.conditional_from is not None and year - self.delay_years >= self.conditional_from

    def settles(self, year: int) -> int:
        """Calendar year in which the regulation of a year is settled: what is unspent then is returned.

        The structural phase is settled as often as the regulation before it lasted.
        """
        at, length = year - self.delay_years, self.last_year - self.first_year + 1
        end = self.last_year if self.spend_until is None else self.spend_until
        if at > end and self.after > 0.0:
            end = self.last_year + length * -(-(at - self.last_year) // length)
        return end + self.delay_years

    def keeps(self, year: int) -> bool:
        """Whether what is unspent in a year may be spent in the next."""
        return self.unspent == "carry_over" and year < self.settles(year)

    def reviewed(self, year: int) -> bool:
        """Whether the assessment committee looks at plans and results in a year."""
        return year - self.delay_years in self.review_years

    def starts_plan(self, year: int) -> bool:
        """Whether regions make a new activity plan for the years from this one on."""
        return (year - self.delay_years - self.first_year) % self.plan_years == 0

    def committed(self, year: int) -> int:
        """Years after a year for which money is promised without a break, 0 to FARTHEST_PROMISE.

        A promise reaches to the end of the running activity plan or, where regions applied in outline for the whole
        period, to its last year, and in the structural phase without end. Conditional money is no promise before
        its time has come.
        """
        at = year - self.delay_years
        end = at + self.plan_years - 1 - (at - self.first_year) % self.plan_years
        if self.outline:
            end = max(end, self.last_year if at <= self.last_year else at + FARTHEST_PROMISE)
        if self.conditional_from is not None and at < self.conditional_from:
            end = min(end, self.conditional_from - 1)
        years = 0
        while years < FARTHEST_PROMISE and at + years < end and self.paid(year + years + 1) > 0.0:
            years += 1
        return years if self.paid(year) > 0.0 else 0

    def known_in_time(self, year: int) -> bool | None:
        """Whether a year's money is known when schools plan their staff in spring; None where no date is given."""
        if self.announced is None:
            return None
        return self.announced < date(year - self.delay_years, *_STAFF_PLAN)

    def time_left(self, year: int) -> float:
        """Part of a calendar year that is left when its money is announced, 0..1."""
        if self.announced is None or self.announced.year + self.delay_years != year:
            return 1.0
        return 1.0 - (self.announced.timetuple().tm_yday - 1) / 366.0

    def in_force(self, year: int) -> tuple[object, ...] | None:
        """All by which a year under this scheme can differ from one under another; None where it does nothing."""
        at = year - self.delay_years
        kept = self.first_year < at and self.keeps(year - 1)
        if not (self.paid(year) > 0.0 or self.reviewed(year) or kept):
            return None
        decided = self.release if self.conditional(year + 1) else None
        reviews = self.reviewed(year), self.reviewed(year + 1)
        moments = (self.paid(year), self.asked(year), self.keeps(year), reviews, self.starts_plan(year))
        promises = (self.committed(year), self.known_in_time(year), self.time_left(year), decided)
        rules = {key: value for key, value in self.rules().items() if key not in _TIMES}
        return moments, promises, rules

    def ran(self, year: int) -> tuple[object, ...] | None:
        """What a national line did in a year before the model's first, which is in the state that it starts from."""
        if self.line == "regional" or not self.paid(year) > 0.0:
            return None
        return self.paid(year), self.participants, dict(self.carriers), dict(self.activities)

    def rules(self) -> dict[str, Any]:
        """What the scheme says, as plain data: without its texts, and without what it leaves at its default."""
        return self.model_dump(mode="json", exclude={"title", "sources"}, exclude_defaults=True)

    def plan(self) -> NDArray[np.float64]:
        """The default plan: share of the money per activity in the order of `Activity`, shape (7,)."""
        return np.array([self.activities.get(name, 0.0) for name in ACTIVITIES])

    def weights(self, usual: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weight of each of TARGETS as carrier, shape (7,), from the usual ones."""
        return usual * np.array([self.carriers.get(name, 1.0) for name in TARGETS])

    def _budget_of(self, year: int) -> float:
        return self.budget.get(year, 0.0) if isinstance(self.budget, Mapping) else self.budget


_TIMES: Final = frozenset(
    [
        *(
            "first_year",
            "last_year",
            "after",
            "budget",
            "granted",
            "cofinancing",
            "gap_years",
            "unspent",
            "spend_until",
            "outline",
        ),
        *("review_years", "announced", "conditional_from", "release", "delay_years"),
    ]
)
"""Keys that matter through what they do in a year, which `in_force` compares instead."""
