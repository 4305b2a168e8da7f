"""Files of evaluation studies: questions, designs and how figures are collected, one TOML file per study."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator

from doorstroom.defaults import A_FRACTION, LEAST_FRACTION
from doorstroom.errors import DoorstroomError, explain, told
from doorstroom.evaluation.analysts import METHODS
from doorstroom.evaluation.assignment import BY_LOT, Kind
from doorstroom.faults import message
from doorstroom.outcomes import COLUMN, OUTCOMES
from doorstroom.parameters import load_parameters
from doorstroom.scenario import Scenario, load_scenario
from doorstroom.scenario.values import FROZEN, SOME, Share, Strict, Table, Year
from doorstroom.shipped import shipped
from doorstroom.toml_files import broken_rule, read_toml

_NEEDED = "a title, a scenario, schemes, tables [questions.name] and [designs.name]"
Name = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]*$")]


class EvaluationFaults(DoorstroomError):
    """Everything that is wrong with the file of an evaluation study, one line per fault."""


class Text(Strict):
    """The same in both languages of the summary."""

    en: str = Field(min_length=1, description="text in English")
    nl: str = Field(min_length=1, description="text in Dutch")


class Question(Strict):
    """What is to be learned of one outcome, and how its figures are collected."""

    title: Text = Field(description="a table with en and nl")
    unit: Text = Field(description="a table with en and nl")
    outcome: str = Field(description="an outcome of docs/outcomes.md that has a total")
    persons: str | None = Field(default=None, description="of a share, the outcome that counts the persons it is of")
    expected: str | None = Field(
        default=None, description="of a share, the outcome that tells its effects without the luck of who chose"
    )
    scale: Literal["points", "index"] = Field(description="points (of a share) or index (percent of the mean before)")
    sizes: Annotated[tuple[Annotated[float, Field(gt=0)], ...], *SOME] = Field(
        description="true effects whose power is shown, above 0, ascending, in the question's unit"
    )
    source: Text = Field(description="who collects the figures: a table with en and nl")
    error: Share = Field(default=0.0, description="standard deviation of a region's figure as a share of it, 0 to 1")
    lag: int = Field(default=1, ge=0, le=5, description="years from 1 October until a figure is out, 0 to 5")

    @field_validator("outcome", "persons", "expected")
    @classmethod
    def _known(cls, outcome: str | None) -> str | None:
        if outcome is not None and (outcome, "total") not in COLUMN:
            raise broken_rule("an outcome that has a total", OUTCOMES)
        return outcome

    @model_validator(mode="after")
    def _of_persons(self) -> Self:
        if (self.scale == "points") != (self.persons is not None):
            raise broken_rule("persons with the scale points, whose shares are of them, and not with index")
        return self

    @field_validator("sizes")
    @classmethod
    def _ascending(cls, sizes: tuple[float, ...]) -> tuple[float, ...]:
        if list(sizes) != sorted(sizes):
            raise broken_rule("sizes in ascending order")
        return sizes


class Design(Strict):
    """One way of giving or measuring, and of reading what comes of it."""

    title: Text = Field(description="a table with en and nl")
    asks: Text = Field(description="who has to agree, or what it takes: a table with en and nl")
    kind: Kind = Field(description="everywhere, stepped, amounts, split, cutoff, existing or survey")
    methods: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(), description=f"a list of {', '.join(METHODS)}; the first is the one to use"
    )
    waves: int = Field(default=4, ge=2, le=8, description="number of waves of a stepped start, 2 to 8")
    step: Share = Field(
        default=0.2, description="amounts: part up or down; cutoff: part of the regions that get the money; 0 to 1"
    )
    activities: Annotated[Mapping[str, Share], *FROZEN] = Field(
        default=Table(), description="of a split by lot: shares of 0 to 1 by activity"
    )
    first_year: Year | None = Field(default=None, description="a calendar year; by default that of the study")
    last_year: Year | None = Field(default=None, description="a calendar year; by default that of the study")
    costs: float = Field(default=0.0, ge=0, description="euro that it costs beside the money that is paid anyway")
    measures: str | None = Field(default=None, description="of a survey, the parameter that it measures")
    units: int = Field(default=0, ge=0, description="of a survey, the number of schools, teachers or pupils asked")
    spread: float = Field(default=1.0, gt=0, description="of a survey, spread of one answer in spreads of the prior")

    @field_validator("methods")
    @classmethod
    def _known(cls, methods: tuple[str, ...]) -> tuple[str, ...]:
        for method in methods:
            if method not in METHODS:
                raise broken_rule(", ".join(METHODS), METHODS)
        return methods

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "survey":
            if self.measures not in load_parameters() or not self.units or self.methods:
                raise broken_rule("of a survey: measures (a parameter) and units (1 or more), and no methods")
        elif not self.methods:
            raise broken_rule(f"a list methods with at least one of {', '.join(METHODS)}")
        elif "by_lot" in self.methods and self.kind not in BY_LOT:
            raise broken_rule(f"no method by_lot where nothing is drawn by lot ({self.kind})")
        if self.kind == "split" and not self.activities:
            raise broken_rule("of a split: a table activities with the other split")
        return self


class Evaluation(Strict):
    """A study of designs."""

    title: Text = Field(description="a table with en and nl")
    question: Text = Field(description="a table with en and nl")
    scenario: str = Field(description="name or path of the scenario that is in force until the first year")
    schemes: Annotated[tuple[str, ...], *SOME] = Field(description="the scenario's schemes whose money is given out")
    first_year: Year = Field(description="first calendar year of the designs")
    last_year: Year = Field(description="last calendar year of which figures are used")
    before: int = Field(default=6, ge=1, description="years before the first whose figures are used, 1 or more")
    worlds: int = Field(default=200, ge=20, le=10_000, description="number of worlds, 20 to 10,000")
    fraction: float = Field(
        default=0.1, ge=LEAST_FRACTION, le=1, description=f"part of the people that is modelled, {A_FRACTION}"
    )
    posterior: Path | None = Field(
        default=None,
        strict=False,
        description="path of the draws of a fit, one per world; without it, draws of the priors",
    )
    library: str = Field(description="version of the estimators' library, such as diff-diff==3.13.0")
    questions: Mapping[Name, Question] = Field(description="a table [questions.name] each")
    designs: Mapping[Name, Design] = Field(description="a table [designs.name] each")

    @field_validator("library")
    @classmethod
    def _installed(cls, asked: str) -> str:
        name, _, version = asked.partition("==")
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            raise broken_rule(f"{asked} to be installed: pip install 'doorstroom[evaluation]'") from None
        if found != version:
            raise broken_rule(f"the version that is installed, {name}=={found}; estimates may differ between versions")
        return asked

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.last_year <= self.first_year:
            raise broken_rule("a last_year after first_year")
        return self

    @property
    def euro_a_year(self) -> float:
        """What the schemes pay in the first year: what going on costs a year."""
        policy = load_scenario(self.scenario)
        return sum(policy.schemes[key].total(self.first_year) for key in self.schemes)

    def years_of(self, design: Design) -> tuple[int, int]:
        """First and last year of a design."""
        return design.first_year or self.first_year, design.last_year or self.last_year

    def policy(self) -> Scenario:
        """The scenario, until the last year that is looked at."""
        scenario = load_scenario(self.scenario)
        last = max(self.last_year, *(one.last_year or 0 for one in self.designs.values()))
        return scenario.model_copy(update={"years": {"first": scenario.years.first, "last": last}})


def load_evaluation(file: Path) -> Evaluation:
    """The study in a file.

    Raises
    ------
    EvaluationFaults
        Naming file, key, what was found and what is allowed, for every fault.
    """
    file = shipped(file)
    content = read_toml(file, EvaluationFaults, _NEEDED)
    try:
        study = Evaluation.model_validate(content)
    except ValidationError as error:
        faults = told(file, error.errors(include_url=False), lambda fault: message(file, fault, Evaluation))
        raise EvaluationFaults("\n".join(faults)) from error
    known = load_scenario(study.scenario).schemes
    unknown = [key for key in study.schemes if key not in known]
    if unknown:
        raise EvaluationFaults(explain(file, "schemes", unknown[0], f"schemes of {study.scenario}", known))
    return study
