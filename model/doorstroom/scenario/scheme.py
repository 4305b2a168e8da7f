"""One funding scheme as data: what it pays in which year, to whom, under which rules.

The years in a scheme are those of its plan; `delay_years` moves them all. Who asks a scheme what it does in a calendar
year asks its methods, which know of the delay, the gaps and the condition.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo, field_validator

from doorstroom.scenario.values import (
    A_YEAR,
    ACTIVITIES,
    AN_AMOUNT,
    FROZEN,
    LAST_YEAR,
    SOME,
    TRUE_OR_FALSE,
    Euro,
    RegionName,
    Share,
    Strict,
    Table,
    Year,
    YearKey,
    YearList,
    activity_name,
)
from doorstroom.terms import CAN_DO, TARGETS
from doorstroom.toml_files import broken_rule

Programme = Literal["STO", "NGF", "other"]
Line = Literal["regional", "national"]
Division = Literal["fixed_shares", "per_pupil", "per_technique_pupil", "need_weighted", "equal"]
Participant = Literal["vmbo", "mbo", "po", "havo_vwo", "firms", "others"]
Scope = Literal["all_vocational", "hard_technique"]
Unspent = Literal["carry_over", "return"]
Release = Literal["yes", "no", "by_review"]

FARTHEST_PROMISE: Final = 4
"""Years ahead beyond which a promise of money makes no difference: the length of a regulation."""

_STAFF_PLAN: Final = (3, 1)
"""Month and day by which schools plan the staff of the next school year."""
_SHARE_TOLERANCE: Final = 1e-6

Budget = Annotated[
    Annotated[Euro, Tag("<amount>")] | Annotated[Mapping[YearKey, Euro], *FROZEN, Tag("<per year>")],
    Discriminator(lambda found: "<per year>" if isinstance(found, Mapping) else "<amount>"),
]
Served = Annotated[
    Annotated[Literal["all", "technique_poor"], Tag("<kind>")]
    | Annotated[tuple[RegionName, ...], *SOME, Tag("<list>")],
    Discriminator(lambda found: "<list>" if isinstance(found, (list, tuple)) else "<kind>"),
]


class Scheme(Strict):
    """One funding scheme. Amounts in euro per calendar year, years inclusive."""

    title: str = Field(min_length=1, description="text")
    programme: Programme = Field(description="STO, NGF or other")
    line: Line = Field(default="regional", description="regional or national")
    first_year: Year = Field(description=A_YEAR)
    last_year: Year = Field(description=A_YEAR)
    after: Share = Field(
        default=0.0, description="share of the last year's budget that is paid each year after last_year, 0 to 1"
    )
    budget: Budget = Field(description=f"{AN_AMOUNT}; or a table of year = amount")
    indexed: bool = Field(default=False, description=TRUE_OR_FALSE)
    gap_years: YearList = Field(default=(), description=f"a list, each entry {A_YEAR}")
    division: Division = Field(default="fixed_shares", description=", ".join(get_args(Division)))
    regions: Served = Field(default="all", description="all, technique_poor or a list of region names")
    extra: Annotated[Mapping[RegionName, Euro], *FROZEN] = Field(
        default=Table(), description=f"a table of region = amount, {AN_AMOUNT}"
    )
    participants: Annotated[tuple[Participant, ...], *SOME] = Field(
        default=("vmbo", "mbo"), description=f"a list of {', '.join(get_args(Participant))}"
    )
    scope: Scope = Field(default="all_vocational", description="all_vocational or hard_technique")
    activities: Annotated[Mapping[Annotated[str, AfterValidator(activity_name)], Share], *FROZEN] = Field(
        description=f"shares of 0 to 1 that sum to 1, by activity: {', '.join(ACTIVITIES)}"
    )
    cofinancing: Share = Field(default=0.0, description="share of the grant that partners must bring in, 0 to 1")
    unspent: Unspent = Field(default="carry_over", description="carry_over or return")
    spend_until: Year | None = Field(default=None, description=f"{A_YEAR}, until which kept money may be spent")
    plan_years: int = Field(default=2, ge=1, le=10, description="number of years of one activity plan, 1 to 10")
    outline: bool = Field(default=False, description=TRUE_OR_FALSE)
    review_years: YearList = Field(default=(), description=f"a list, each entry {A_YEAR}")
    indicators: bool = Field(default=False, description=TRUE_OR_FALSE)
    announced: date | None = Field(default=None, description="a date such as 2025-01-31, without quotes")
    conditional_from: Year | None = Field(default=None, description=A_YEAR)
    release: Release = Field(default="yes", description=", ".join(get_args(Release)))
    delay_years: int = Field(default=0, ge=0, le=10, description="number of years that all years slip, 0 to 10")
    sources: Annotated[tuple[str, ...], Field(strict=False)] = Field(default=(), description="a list of texts")

    @field_validator("last_year")
    @classmethod
    def _in_order(cls, last: int, info: ValidationInfo) -> int:
        if last < info.data.get("first_year", last):
            raise broken_rule(f"first_year ({info.data['first_year']}) or a later year")
        return last

    @field_validator("budget")
    @classmethod
    def _in_its_years(cls, budget: float | Mapping[int, float], info: ValidationInfo) -> float | Mapping[int, float]:
        first, last, after = (info.data.get(key) for key in ("first_year", "last_year", "after"))
        if first is None or last is None or not isinstance(budget, Mapping):
            return budget
        if not all(first <= year <= last for year in budget):
            raise broken_rule(f"amounts for years from {first} to {last}")
        if after and last not in budget:
            raise broken_rule(f"a table with an amount for {last}, because `after` is a share of it")
        return budget

    @field_validator("gap_years", "review_years", "conditional_from")
    @classmethod
    def _while_it_runs(cls, years: tuple[int, ...] | int | None, info: ValidationInfo) -> tuple[int, ...] | int | None:
        first, last, after = (info.data.get(key) for key in ("first_year", "last_year", "after"))
        if first is None or last is None or after is None or years is None:
            return years
        if any(year < first or (year > last and after == 0.0) for year in np.atleast_1d(years)):
            raise broken_rule(f"years from {first} to {last}; later ones only where `after` is above 0")
        return years

    @field_validator("scope")
    @classmethod
    def _of_vmbo(cls, scope: str, info: ValidationInfo) -> str:
        joins = info.data.get("line") != "national" and "vmbo" in info.data.get("participants", ("vmbo",))
        if scope == "hard_technique" and not joins:
            raise broken_rule("all_vocational where vmbo does not take part; scope says whom the money of vmbo reaches")
        return scope

    @field_validator("spend_until")
    @classmethod
    def _later_than_paid(cls, until: int | None, info: ValidationInfo) -> int | None:
        last, unspent = info.data.get("last_year"), info.data.get("unspent")
        if until is not None and (unspent == "return" or (last is not None and until <= last)):
            raise broken_rule(f"a year after last_year ({last}), where unspent is carry_over")
        return until

    @field_validator("announced")
    @classmethod
    def _before_its_end(cls, announced: date | None, info: ValidationInfo) -> date | None:
        last = info.data.get("last_year")
        if announced is not None and last is not None and announced.year > last:
            raise broken_rule(f"a date not after last_year ({last})")
        return announced

    @field_validator("release")
    @classmethod
    def _of_a_condition(cls, release: str, info: ValidationInfo) -> str:
        if release != "yes" and info.data.get("conditional_from", 0) is None:
            raise broken_rule("yes where conditional_from is left out, because nothing is conditional then")
        return release

    @field_validator("delay_years")
    @classmethod
    def _in_sight(cls, delay: int, info: ValidationInfo) -> int:
        last = info.data.get("last_year")
        if last is not None and last + delay > LAST_YEAR:
            raise broken_rule(f"a number of years that keeps last_year ({last}) within {LAST_YEAR}")
        return delay

    @field_validator("regions", "extra")
    @classmethod
    def _regional_only(cls, value: Any, info: ValidationInfo) -> Any:
        default = cls.model_fields[str(info.field_name)].default
        if info.data.get("line") == "national" and value != default:
            raise broken_rule("nothing; a national line is not divided over regions")
        return value

    @field_validator("extra")
    @classmethod
    def _on_top_of_something(cls, extra: Mapping[str, float], info: ValidationInfo) -> Mapping[str, float]:
        budget = info.data.get("budget")
        amounts = budget.values() if isinstance(budget, Mapping) else (budget,)
        if extra and budget is not None and not any(amounts):
            raise broken_rule(
                "nothing where the budget is 0, because it is paid on top; use budget and regions instead"
            )
        return extra

    @field_validator("activities")
    @classmethod
    def _whole(cls, shares: Mapping[str, float]) -> Mapping[str, float]:
        if abs(sum(shares.values()) - 1.0) > _SHARE_TOLERANCE:
            raise broken_rule(f"shares that sum to 1 (these sum to {sum(shares.values()):.6g})")
        return shares

    @field_validator("activities")
    @classmethod
    def _done_by_somebody(cls, shares: Mapping[str, float], info: ValidationInfo) -> Mapping[str, float]:
        """Money that no participant can turn into anything would be absorbed and gone."""
        if info.data.get("line") != "regional" or "participants" not in info.data:
            return shares
        able = CAN_DO[[TARGETS.index(name) for name in info.data["participants"]]].max(axis=0).tolist()
        known = [name for name, done in zip(ACTIVITIES, able, strict=True) if done]
        if not any(shares.get(name, 0.0) for name in known):
            who = ", ".join(info.data["participants"])
            raise broken_rule(
                f"a share for at least one activity that the participants ({who}) can do: {', '.join(known)}"
            )
        return shares

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
        if at > self.last_year:
            return self.after * self._budget_of(self.last_year)
        return self._budget_of(at)

    def total(self, year: int, released: bool = True) -> float:
        """Euro paid in a calendar year with what named regions get on top, which is paid when the scheme pays."""
        paid = self.paid(year, released)
        return paid + (sum(self.extra.values()) if paid > 0.0 else 0.0)

    def conditional(self, year: int) -> bool:
        """Whether the year belongs to the conditional part."""
        return self.conditional_from is not None and year - self.delay_years >= self.conditional_from

    def keeps(self, year: int, released: bool = True) -> bool:
        """Whether what is unspent in a year may be spent in the next."""
        still = self.spend_until is not None and year - self.delay_years < self.spend_until
        return self.unspent == "carry_over" and (still or self.paid(year + 1, released) > 0.0)

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

    def in_force(self, year: int) -> tuple[object, ...] | None:
        """All by which a year under this scheme can differ from one under another; None where it does nothing."""
        at = year - self.delay_years
        kept = self.spend_until is not None and self.first_year <= at <= self.spend_until
        if not (self.paid(year) > 0.0 or self.reviewed(year) or kept):
            return None
        decided = self.release if self.conditional(year + 1) else None
        moments = (self.paid(year), self.keeps(year), self.reviewed(year), self.starts_plan(year))
        promises = (self.committed(year), self.known_in_time(year), decided)
        rules = {key: value for key, value in self.rules().items() if key not in _TIMES}
        return moments, promises, rules

    def rules(self) -> dict[str, Any]:
        """What the scheme says, as plain data: without its texts, and without what it leaves at its default."""
        return self.model_dump(mode="json", exclude={"title", "sources"}, exclude_defaults=True)

    def plan(self) -> NDArray[np.float64]:
        """The default plan: share of the money per activity in the order of `Activity`, shape (7,)."""
        return np.array([self.activities.get(name, 0.0) for name in ACTIVITIES])

    def _budget_of(self, year: int) -> float:
        return self.budget.get(year, 0.0) if isinstance(self.budget, Mapping) else self.budget


_TIMES: Final = frozenset(
    [
        *("first_year", "last_year", "after", "budget", "gap_years", "unspent", "spend_until", "outline"),
        *("review_years", "announced", "conditional_from", "release", "delay_years"),
    ]
)
"""Keys that matter through what they do in a year, which `in_force` compares instead."""
