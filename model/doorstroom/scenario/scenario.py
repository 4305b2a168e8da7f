"""A scenario: schemes, years, context, parameter values and feedback loops, with all that its file inherits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from doorstroom.fits import DEFAULT_FIT, Fit
from doorstroom.parameters import Change, load_parameters
from doorstroom.scenario.context import Context
from doorstroom.scenario.scheme import Scheme
from doorstroom.scenario.values import (
    FIRST_YEAR,
    FROZEN,
    LAST_YEAR,
    TRUE_OR_FALSE,
    ParameterName,
    ParameterValue,
    Strict,
    Table,
)


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

    offer: bool = Field(default=True, description=TRUE_OR_FALSE)
    unfilled: bool = Field(default=True, description=TRUE_OR_FALSE)
    tightness: bool = Field(default=True, description=TRUE_OR_FALSE)
    zij_instroom: bool = Field(default=True, description=TRUE_OR_FALSE)
    role_models: bool = Field(default=True, description=TRUE_OR_FALSE)
    shared_absorption: bool = Field(default=True, description=TRUE_OR_FALSE)


class Scenario(Strict):
    """Which schemes run, in which years and world, with which parameters: one scenario file with all it inherits."""

    name: str
    title: str = Field(min_length=1, description="text")
    question: str = Field(default="", description="text")
    changes: str = Field(default="", description="text")
    years: Years = Field(default=Years(), description="a table with first and last")
    schemes: Annotated[Mapping[Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]+$")], Scheme], *FROZEN] = Field(
        default=Table(), description="a table [schemes.name] per scheme; letters, digits, _ and - in its name"
    )
    context: Context = Field(default=Context(), description="a table with pupils, demand and teacher_pay")
    parameters: Annotated[Mapping[ParameterName, ParameterValue], *FROZEN] = Field(
        default=Table(),
        description="under a parameter's quoted name a number, or a change of the draw's own value, as in "
        '"profile_choice.distance_cost" = { times = 0.5 } or { plus = 0.1 }',
    )
    loops: Loops = Field(default=Loops(), description="a table of loop = true or false")
    fit: Fit = Field(default=DEFAULT_FIT, description="what values are made from: known_2019 or known_2022")

    @field_validator("schemes")
    @classmethod
    def _decided_by_somebody(cls, schemes: Mapping[str, Scheme]) -> Mapping[str, Scheme]:
        """Where a review decides about conditional money, there has to be one before that money is due."""
        for name, scheme in schemes.items():
            if scheme.release == "by_review" and not _reviewed_before_release(scheme, schemes.values()):
                raise PydanticCustomError(
                    "rule",
                    "allowed: {allowed}",
                    {
                        "allowed": f"yes or no, unless a regional scheme of {scheme.programme} has a review before "
                        "conditional_from",
                        "at": (name, "release"),
                        "found": scheme.release,
                    },
                )
        return schemes

    @field_validator("parameters")
    @classmethod
    def _in_domain(cls, parameters: Mapping[str, float | Change], info: ValidationInfo) -> Mapping[str, float | Change]:
        """Every value lies in its parameter's domain, in every draw."""
        entries = (info.context or {}).get("parameter", load_parameters)()
        refused = {
            name: allowed
            for name, value in parameters.items()
            if name in entries and (allowed := entries[name].refusal(value)) is not None
        }
        if refused:
            raise PydanticCustomError(
                "out_of_domain",
                "{told}",
                {
                    "told": "; ".join(
                        f"{name}: found {_told(parameters[name])}; allowed: {allowed}"
                        for name, allowed in refused.items()
                    ),
                    "several": [(name, _told(parameters[name]), allowed) for name, allowed in refused.items()],
                },
            )
        return parameters

    def __hash__(self) -> int:
        return hash(self.identity())

    def canonical(self) -> dict[str, Any]:
        """Everything in here that can change a result and isn't left at its default, as plain data."""
        parts = {"years", "context", "parameters", "loops", "fit"}
        content = self.model_dump(mode="json", include=parts, exclude_defaults=True)
        return {**content, "schemes": {name: scheme.rules() for name, scheme in self.schemes.items()}}

    def identity(self) -> str:
        """SHA-256 of `canonical`.

        Texts, comments and the order of keys don't count, amounts do. A key that is left out is the same as a key at
        its default, so that a key that a later version knows doesn't change the identity of who doesn't use it.
        """
        return hashlib.sha256(json.dumps(self.canonical(), sort_keys=True).encode()).hexdigest()

    def with_(self, name: str, /, **changes: Any) -> Scenario:
        """A scenario that differs from this one, as the file of a child does: tables merge key by key.

        Parameters
        ----------
        name : of the new scenario; also its title where `changes` has none
        changes : what a file may say, such as `parameters={"interest.po_effect": {"times": 0.5}}`,
            `schemes={"sto_regional": {"delay_years": 1}}` or `without=["sto_national"]`

        Raises
        ------
        ScenarioFaults
            Naming the scenario, key, what was found and what is allowed, for every fault.
        """
        from doorstroom.scenario.files import changed

        return changed(self, name, changes)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], name: str) -> Scenario:
        """The scenario of what a file would say, `parent` included.

        Raises
        ------
        ScenarioFaults
            Naming the scenario, key, what was found and what is allowed, for every fault.
        """
        from doorstroom.scenario.files import scenario_from

        return scenario_from(content, name)

    def first_difference(self, other: Scenario) -> int | None:
        """First calendar year in which two scenarios pay differently or play by other rules; None if never.

        Other parameters, loops or pupil numbers differ from the very first year.
        """
        if self._from_the_start() != other._from_the_start():
            return self.years.first
        for year in range(self.years.first + 1, max(self.years.last, other.years.last) + 1):
            if self._in_force(year) != other._in_force(year):
                return year
        return None

    def _from_the_start(self) -> tuple[object, ...]:
        ran = {name: scheme.ran(self.years.first) for name, scheme in self.schemes.items()}
        running = {name: found for name, found in ran.items() if found is not None}
        return self.years.first, self.parameters, self.loops, self.context.pupils, self.fit, running

    def _in_force(self, year: int) -> tuple[object, ...]:
        schemes = {name: scheme.in_force(year) for name, scheme in self.schemes.items()}
        return self.context.in_force(year), {name: found for name, found in schemes.items() if found is not None}


def fixed_apart(scenarios: Sequence[Scenario]) -> list[str]:
    """A warning per uncertain parameter that scenarios to be compared set apart, one of them to a value of its own.

    Their difference is then that of the policy and of the draw's distance from that value together.
    """
    entries = load_parameters()
    warnings = []
    for name in dict.fromkeys(name for scenario in scenarios for name in scenario.parameters):
        found = [scenario.parameters.get(name) for scenario in scenarios]
        uncertain = name in entries and entries[name].prior is not None
        if uncertain and any(one != found[0] for one in found) and any(isinstance(one, float) for one in found):
            own = ", ".join(
                f"{scenario.name} {value}"
                for scenario, value in zip(scenarios, found, strict=True)
                if value is not None
            )
            warnings.append(
                f"beware: {name} is uncertain and set apart ({own}), so differences hold the draw's own value too; "
                "{ times = ... } or { plus = ... } changes each draw's own, and a baseline with the same value pairs"
            )
    return warnings


def _told(value: float | Change) -> str:
    return str(value) if isinstance(value, Change) else repr(value)


def _reviewed_before_release(scheme: Scheme, schemes: Collection[Scheme]) -> bool:
    assert scheme.conditional_from is not None
    due = scheme.conditional_from + scheme.delay_years
    return any(
        other.line == "regional"
        and other.programme == scheme.programme
        and any(review + other.delay_years < due for review in other.review_years)
        for other in schemes
    )
