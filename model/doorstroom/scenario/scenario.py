"""A scenario: schemes, years, parameter values and feedback loops, as one file states them with all it inherits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from doorstroom.scenario.scheme import Scheme
from doorstroom.scenario.values import FIRST_YEAR, FROZEN, LAST_YEAR, ParameterName, Strict, Table


class Years(Strict):
    """First and last school year of a run; 2019 stands for 2019/20."""

    first: Literal[2019] = Field(
        default=FIRST_YEAR, description="2019, the only year whose 1 October the inputs describe"
    )
    last: int = Field(
        default=2040, gt=FIRST_YEAR, le=LAST_YEAR, description=f"a school year, {FIRST_YEAR + 1} to {LAST_YEAR}"
    )


class Loops(Strict):
    """Feedback loops, each of which can be switched off for analysis.

    Attributes
    ----------
    offer : few pupils, closed profile, longer way, fewer pupils
    unfilled : few teachers, unfilled lessons, lower quality, fewer pupils
    tightness : tight labour market, teachers leave and firms train more
    zij_instroom : more technicians, more who can turn to teaching
    role_models : technique pupils of one cohort as an example to the next
    shared_absorption : all schemes draw on one absorptive capacity of a region
    """

    offer: bool = Field(default=True, description="true or false")
    unfilled: bool = Field(default=True, description="true or false")
    tightness: bool = Field(default=True, description="true or false")
    zij_instroom: bool = Field(default=True, description="true or false")
    role_models: bool = Field(default=True, description="true or false")
    shared_absorption: bool = Field(default=True, description="true or false")


class Scenario(Strict):
    """Which schemes run, in which years, with which parameters: one scenario file with all it inherits."""

    name: str
    title: str = Field(min_length=1, description="text")
    question: str = Field(default="", description="text")
    changes: str = Field(default="", description="text")
    years: Years = Field(default=Years(), description="a table with first and last")
    schemes: Annotated[Mapping[Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]+$")], Scheme], *FROZEN] = Field(
        Table(), description="a table [schemes.name] per scheme; letters, digits, _ and - in its name"
    )
    parameters: Annotated[Mapping[ParameterName, float], *FROZEN] = Field(
        default=Table(),
        description='a number under a parameter\'s quoted name, as in "profile_choice.distance_cost" = -0.08',
    )
    loops: Loops = Field(default=Loops(), description="a table of loop = true or false")

    def __hash__(self) -> int:
        return hash(self.identity())

    def canonical(self) -> dict[str, Any]:
        """Everything in here that can change a result, as plain data."""
        content = self.model_dump(mode="json", include={"years", "parameters", "loops"})
        return {**content, "schemes": {name: _rules(scheme) for name, scheme in self.schemes.items()}}

    def identity(self) -> str:
        """SHA-256 of `canonical`: texts, comments and the order of keys don't count, amounts do."""
        return hashlib.sha256(json.dumps(self.canonical(), sort_keys=True).encode()).hexdigest()

    def first_difference(self, other: Scenario) -> int | None:
        """First calendar year in which two scenarios pay differently or play by other rules; None if never.

        Other parameters or loops differ from the very first year.
        """
        if (self.years.first, self.parameters, self.loops) != (other.years.first, other.parameters, other.loops):
            return self.years.first
        for year in range(self.years.first + 1, max(self.years.last, other.years.last) + 1):
            if self._in_force(year) != other._in_force(year):
                return year
        return None

    def _in_force(self, year: int) -> dict[str, tuple[object, ...]]:
        """What matters in a year of the schemes that pay or are reviewed in it."""
        other_years = ("budget", "after", "last_year", "gap_years", "review_years")
        return {
            name: (
                scheme.paid(year),
                year in scheme.review_years,
                scheme.paid(year + 1) > 0.0,  # unspent money may be kept only if the scheme pays again
                {key: value for key, value in _rules(scheme).items() if key not in other_years},
            )
            for name, scheme in self.schemes.items()
            if scheme.paid(year) > 0.0 or year in scheme.review_years
        }


def _rules(scheme: Scheme) -> dict[str, Any]:
    """A scheme without its texts."""
    return scheme.model_dump(mode="json", exclude={"title", "sources"})
