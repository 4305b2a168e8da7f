"""The regulation of one funding scheme as data: what it pays, to whom and under which rules, and what it can't say.

The years are those of its plan; `delay_years` moves them all. What a scheme does in a calendar year follows from it in
`scheme`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, get_args

import numpy as np
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
    once,
)
from doorstroom.terms import CAN_DO, TARGETS
from doorstroom.toml_files import broken_rule

Programme = Literal["STO", "NGF", "other"]
Line = Literal["regional", "national"]
Division = Literal["fixed_shares", "per_pupil", "per_technique_pupil", "need_weighted", "equal"]
Participant = Literal["vmbo", "mbo", "po", "havo_vwo", "firms", "others", "hbo"]
Split = Literal["prescribed", "own_plans"]
Within = Literal["agreed", "by_pupils"]
Way = Literal["indicators", "self_report", "peer_review", "research"]
Scope = Literal["all_vocational", "hard_technique"]
Unspent = Literal["carry_over", "return"]
Release = Literal["yes", "no", "by_review"]

_SHARE_TOLERANCE: Final = 1e-6

Budget = Annotated[
    Annotated[Euro, Tag("<amount>")] | Annotated[Mapping[YearKey, Euro], *FROZEN, Tag("<per year>")],
    Discriminator(lambda found: "<per year>" if isinstance(found, Mapping) else "<amount>"),
]
PerYear = Annotated[
    Annotated[Share, Tag("<amount>")] | Annotated[Mapping[YearKey, Share], *FROZEN, Tag("<per year>")],
    Discriminator(lambda found: "<per year>" if isinstance(found, Mapping) else "<amount>"),
]
Times = Annotated[float, Field(ge=0.0, le=100.0)]
Served = Annotated[
    Annotated[Literal["all", "technique_poor"], Tag("<kind>")]
    | Annotated[tuple[RegionName, ...], *SOME, Tag("<list>")],
    Discriminator(lambda found: "<list>" if isinstance(found, (list, tuple)) else "<kind>"),
]


class Regulation(Strict):
    """What one funding scheme says. Amounts in euro per calendar year, years inclusive."""

    title: str = Field(min_length=1, description="text")
    programme: Programme = Field(description="STO, NGF or other")
    line: Line = Field(default="regional", description="regional or national")
    first_year: Year = Field(description=A_YEAR)
    last_year: Year = Field(description=A_YEAR)
    after: Share = Field(
        default=0.0, description="share of the last year's budget that is paid each year after last_year, 0 to 1"
    )
    budget: Budget = Field(description=f"{AN_AMOUNT}; or a table of year = amount")
    granted: PerYear = Field(
        default=1.0, description="share of the budget that is granted, 0 to 1; or a table of year = share"
    )
    indexed: bool = Field(default=False, description=TRUE_OR_FALSE)
    gap_years: YearList = Field(default=(), description=f"a list, each entry {A_YEAR}")
    division: Division = Field(default="fixed_shares", description=", ".join(get_args(Division)))
    regions: Served = Field(default="all", description="all, technique_poor or a list of region names")
    extra: Annotated[Mapping[RegionName, Euro], *FROZEN] = Field(
        default=Table(), description=f"a table of region = amount, {AN_AMOUNT}"
    )
    amounts: Annotated[Mapping[RegionName, Euro], *FROZEN] = Field(
        default=Table(), description=f"a table of region = amount in place of its share, {AN_AMOUNT}"
    )
    participants: Annotated[tuple[Participant, ...], *SOME] = Field(
        default=("vmbo", "mbo"), description=f"a list of {', '.join(get_args(Participant))}"
    )
    partners: Annotated[tuple[Participant, ...], Field(strict=False), AfterValidator(once)] = Field(
        default=(),
        description=f"a list of those without whom an application is refused, {', '.join(get_args(Participant))}",
    )
    scope: Scope = Field(default="all_vocational", description="all_vocational or hard_technique")
    within: Within = Field(default="agreed", description=", ".join(get_args(Within)))
    split: Split = Field(default="prescribed", description=", ".join(get_args(Split)))
    carriers: Annotated[Mapping[Participant, Times], *FROZEN] = Field(
        default=Table(),
        description="a table of participant = times its usual part in carrying activities out, 0 to 100",
    )
    activities: Annotated[Mapping[Annotated[str, AfterValidator(activity_name)], Share], *FROZEN] = Field(
        description=f"shares of 0 to 1 that sum to 1, by activity: {', '.join(ACTIVITIES)}"
    )
    cofinancing: PerYear = Field(
        default=0.0,
        description="share of the grant that partners must bring in, 0 to 1; or a table of year = share from then on",
    )
    unspent: Unspent = Field(default="carry_over", description="carry_over or return")
    reserve: Share = Field(
        default=1.0,
        description="what may be carried over, as a share of the last year's grant and co-financing, 0 to 1",
    )
    spend_until: Year | None = Field(default=None, description=f"{A_YEAR}, until which kept money may be spent")
    plan_years: int = Field(default=2, ge=1, le=10, description="number of years of one activity plan, 1 to 10")
    outline: bool = Field(default=False, description=TRUE_OR_FALSE)
    review_years: YearList = Field(default=(), description=f"a list, each entry {A_YEAR}")
    learning: Annotated[tuple[Way, ...], Field(strict=False), AfterValidator(once)] = Field(
        default=(), description=f"a list of {', '.join(get_args(Way))}"
    )
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
        outside = {year: euro for year, euro in budget.items() if not first <= year <= last}
        if outside:
            raise broken_rule(
                f"amounts for years from {first} to {last}, as first_year and last_year say", found=outside
            )
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

    @field_validator("granted")
    @classmethod
    def _granted_in_its_years(cls, granted: float | Mapping[int, float], info: ValidationInfo) -> Any:
        first, last, after = (info.data.get(key) for key in ("first_year", "last_year", "after"))
        if not isinstance(granted, Mapping) or first is None or last is None:
            return granted
        if not all(first <= year and (year <= last or after) for year in granted):
            raise broken_rule(f"shares for years from {first} to {last}")
        return granted

    @field_validator("amounts")
    @classmethod
    def _within_the_budget(cls, amounts: Mapping[str, float], info: ValidationInfo) -> Mapping[str, float]:
        budget, served = info.data.get("budget"), info.data.get("regions", "all")
        paid = [amount for amount in (budget.values() if isinstance(budget, Mapping) else (budget,)) if amount]
        if amounts and budget is not None and sum(amounts.values()) > min(paid, default=0.0):
            raise broken_rule(f"amounts that sum to at most the budget of a year ({min(paid, default=0.0):,.0f} euro)")
        if isinstance(served, tuple) and not set(amounts) <= set(served):
            raise broken_rule("amounts for regions that the scheme serves", served)
        return amounts

    @field_validator("partners", "carriers")
    @classmethod
    def _of_the_participants(cls, named: Any, info: ValidationInfo) -> Any:
        joins = info.data.get("participants", ())
        if info.field_name == "carriers" and joins and named and not set(named) <= set(joins):
            raise broken_rule(f"participants ({', '.join(joins)})", joins)
        return named

    @field_validator("regions", "extra", "amounts")
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
        """The split that is stated is the split that is spent, so each of it needs somebody who can do it."""
        if "participants" not in info.data:
            return shares
        idle_ones = [name for name, times in info.data.get("carriers", {}).items() if times == 0.0]
        joins = [name for name in info.data["participants"] if name not in idle_ones]
        able = (CAN_DO[[TARGETS.index(name) for name in joins]].sum(axis=0) > 0).tolist()
        known = [name for name, done in zip(ACTIVITIES, able, strict=True) if done]
        idle = [name for name, share in shares.items() if share > 0.0 and name not in known]
        if idle:
            raise broken_rule(
                f"shares only for activities that the participants ({', '.join(joins)}) can do: {', '.join(known)}"
            )
        return shares
