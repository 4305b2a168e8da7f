"""One funding scheme as data: what it pays in which year, to whom, under which rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, ValidationInfo, field_validator

from doorstroom.scenario.values import (
    A_YEAR,
    ACTIVITIES,
    AN_AMOUNT,
    FROZEN,
    Euro,
    RegionName,
    Share,
    Strict,
    Table,
    Year,
    YearList,
    activity_name,
    once,
    year_key,
)
from doorstroom.toml_files import broken_rule

Programme = Literal["STO", "NGF", "other"]
Line = Literal["regional", "national"]
Division = Literal["fixed_shares", "per_pupil", "per_technique_pupil", "need_weighted", "equal"]
Participant = Literal["vmbo", "mbo", "po", "havo_vwo"]
Unspent = Literal["carry_over", "return"]

_SHARE_TOLERANCE: Final = 1e-6

Budget = Annotated[
    Annotated[Euro, Tag("<amount>")]
    | Annotated[Mapping[Annotated[Year, BeforeValidator(year_key)], Euro], *FROZEN, Tag("<per year>")],
    Discriminator(lambda found: "<per year>" if isinstance(found, Mapping) else "<amount>"),
]
Served = Annotated[
    Annotated[Literal["all", "technique_poor"], Tag("<kind>")]
    | Annotated[tuple[RegionName, ...], Field(strict=False, min_length=1), AfterValidator(once), Tag("<list>")],
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
    gap_years: YearList = Field(default=(), description=f"a list, each entry {A_YEAR}")
    division: Division = Field(default="fixed_shares", description=", ".join(get_args(Division)))
    regions: Served = Field(default="all", description="all, technique_poor or a list of region names")
    extra: Annotated[Mapping[RegionName, Euro], *FROZEN] = Field(
        default=Table(), description=f"a table of region = amount, {AN_AMOUNT}"
    )
    participants: Annotated[tuple[Participant, ...], Field(strict=False, min_length=1), AfterValidator(once)] = Field(
        default=("vmbo", "mbo"), description=f"a list of {', '.join(get_args(Participant))}"
    )
    activities: Annotated[Mapping[Annotated[str, AfterValidator(activity_name)], Share], *FROZEN] = Field(
        description=f"shares of 0 to 1 that sum to 1, by activity: {', '.join(ACTIVITIES)}"
    )
    cofinancing: Share = Field(default=0.0, description="share of the grant that partners must bring in, 0 to 1")
    unspent: Unspent = Field(default="carry_over", description="carry_over or return")
    plan_years: int = Field(default=2, ge=1, le=10, description="number of years of one activity plan, 1 to 10")
    review_years: YearList = Field(default=(), description=f"a list, each entry {A_YEAR}")
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

    @field_validator("gap_years", "review_years")
    @classmethod
    def _while_it_runs(cls, years: tuple[int, ...], info: ValidationInfo) -> tuple[int, ...]:
        first, last, after = (info.data.get(key) for key in ("first_year", "last_year", "after"))
        if first is None or last is None or after is None:
            return years
        if any(year < first or (year > last and after == 0.0) for year in years):
            raise broken_rule(f"years from {first} to {last}; later ones only where `after` is above 0")
        return years

    @field_validator("regions", "extra")
    @classmethod
    def _regional_only(cls, value: Any, info: ValidationInfo) -> Any:
        if info.data.get("line") == "national":
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

    def __hash__(self) -> int:
        return hash(json.dumps(self.model_dump(mode="json"), sort_keys=True))

    def paid(self, year: int) -> float:
        """Euro that the scheme pays in a calendar year over all regions, without `extra`."""
        if year < self.first_year or year in self.gap_years:
            return 0.0
        if year > self.last_year:
            return self.after * self._budget_of(self.last_year)
        return self._budget_of(year)

    def total(self, year: int) -> float:
        """Euro paid in a calendar year with what named regions get on top, which is paid when the scheme pays."""
        return self.paid(year) + (sum(self.extra.values()) if self.paid(year) > 0.0 else 0.0)

    def plan(self) -> NDArray[np.float64]:
        """The default plan: share of the money per activity in the order of `Activity`, shape (7,)."""
        return np.array([self.activities.get(name, 0.0) for name in ACTIVITIES])

    def _budget_of(self, year: int) -> float:
        return self.budget.get(year, 0.0) if isinstance(self.budget, Mapping) else self.budget
