"""Study files: which scenarios, draws or factors, seeds, outcomes and method; one TOML file per study.

Whatever is wrong in a file is told at once, one line per fault, as `StudyFaults`.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from doorstroom.defaults import A_FRACTION, LEAST_FRACTION, MOST_SEEDS
from doorstroom.errors import DoorstroomError, explain, told
from doorstroom.experiment.convergence import StopRule
from doorstroom.experiment.design.base import Method
from doorstroom.experiment.design.draws import Draws
from doorstroom.experiment.design.efast import Efast
from doorstroom.experiment.design.morris import Morris
from doorstroom.experiment.design.one_at_a_time import OneAtATime
from doorstroom.experiment.design.sobol import Sobol
from doorstroom.experiment.factors import DUMMY, KeptPrior
from doorstroom.faults import message
from doorstroom.priors import Prior
from doorstroom.scenario import Loops
from doorstroom.toml_files import Words, broken_rule, read_toml

AS_SPECIFIED: Final = "as specified"
"""The structure in which every scenario has the loops of its own file."""
COLUMNS_OF_RUNS: Final = frozenset({"run", "draw", "point", "seed", "scenario", "structure", "made"})
"""What a table of runs says of a run besides its outcomes."""
NEEDED: Final = "a title, scenarios, tables [outcomes.name] and a table [method]"
_EURO: Final = "euro per unit of the objective"

_Methods = Draws | OneAtATime | Morris | Sobol | Efast
AnyMethod = Annotated[_Methods, Field(discriminator="name")]
METHODS: Final[dict[str, type[Method]]] = {
    get_args(method.model_fields["name"].annotation)[0]: method for method in get_args(_Methods)
}
Kind = Literal["level", "effect", "rank"]
Given = Literal["delta", "pawn"]


class StudyFaults(DoorstroomError):
    """Everything that is wrong with one study file, one line per fault."""

    @property
    def faults(self) -> list[str]:
        """The faults, one message each."""
        return str(self).splitlines()


def _known(kind: str, what: str) -> AfterValidator:
    """A check of a name against the names in the context, where there are any."""

    def check(name: str, info: ValidationInfo) -> str:
        known: Collection[str] | None = (info.context or {}).get(kind)
        if known is not None and name not in known:
            raise broken_rule(what, known)
        return name

    return AfterValidator(check)


def _once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        raise broken_rule("each entry once")
    return values


def _pair(found: object) -> object:
    """One year stands for a period of one year."""
    return (found, found) if isinstance(found, int) and not isinstance(found, bool) else found


OutcomeName = Annotated[str, _known("outcomes", "an outcome's name in the dictionary of outcomes")]
RegionName = Annotated[str, _known("regions", "country or a region's name")]
Texts = Annotated[tuple[str, ...], Field(strict=False), AfterValidator(_once)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class AskedOutcome(_Strict):
    """One number per run: an outcome in a group and a region, as the mean over some school years."""

    outcome: OutcomeName = Field(description="an outcome's name in the dictionary of outcomes")
    group: str = Field(default="total", description="a group of the outcome")
    region: RegionName = Field(default="country", description="country or a region's name")
    years: Annotated[tuple[int, int], BeforeValidator(_pair), Field(strict=False)] = Field(
        description="a school year, or [first, last] for the mean over years"
    )
    better: Literal["more", "less"] = Field(default="more", description="more or less")

    @field_validator("group")
    @classmethod
    def _of_the_outcome(cls, group: str, info: ValidationInfo) -> str:
        series = (info.context or {}).get("series")
        groups = [one for name, one in series or () if name == info.data.get("outcome")]
        if groups and group not in groups:
            raise broken_rule(f"the groups {', '.join(groups)}", groups)
        return group

    @field_validator("years")
    @classmethod
    def _in_order(cls, years: tuple[int, int], info: ValidationInfo) -> tuple[int, int]:
        if years[0] > years[1]:
            raise broken_rule("the first year first")
        first, last = (info.context or {}).get("years") or years
        if not first <= years[0] <= years[1] <= last:
            raise broken_rule(f"school years from {first} to {last}", found=list(years))
        return years


class AskedFactors(_Strict):
    """Which parameters vary, over which priors, and which of them move together."""

    parameters: Texts = Field(default=("*",), description="a list of names, or patterns such as interest.*")
    without: Texts = Field(default=(), description="a list of names, or patterns such as interest.*")
    groups: Mapping[str, Texts] = Field(default={}, description="a list of names or patterns under the group's name")
    alone: Texts = Field(default=(), description="a list of names or patterns of what is in no group")
    priors: Mapping[str, KeptPrior] = Field(
        default={},
        description='a prior under a parameter\'s quoted name, as in { dist = "uniform", low = 0, high = 1 }',
    )


class AskedDiscovery(_Strict):
    """Where in the space of factors an effect fails (or succeeds): PRIM."""

    outcome: str = Field(description="the name of one of the [outcomes]")
    scenario: str = Field(description="one of the scenarios, not the baseline")
    where: Literal["below", "above"] = Field(default="below", description="below or above")
    threshold: float = Field(default=0.0, description="a number in the unit of the outcome")
    smallest: float = Field(default=0.05, gt=0.0, lt=1.0, description="smallest share of the runs in a box, 0 to 1")
    peel: float = Field(default=0.05, gt=0.0, lt=0.5, description="share that is peeled off at a time, 0 to 0.5")
    density: float = Field(default=0.8, gt=0.0, le=1.0, description="density that a box has to reach, 0 to 1")


class AskedDecision(_Strict):
    """What a scenario is chosen for: regret and the value of information are counted in it."""

    objective: str = Field(description="the name of one of the [outcomes]")
    cost: str | None = Field(default=None, description="the name of one of the [outcomes], in euro")
    worth: Annotated[tuple[Annotated[float, Field(gt=0.0)], ...], Field(strict=False), AfterValidator(_once)] = Field(
        default=(), description=f"a list of amounts above 0, {_EURO}"
    )

    @model_validator(mode="after")
    def _priced(self) -> AskedDecision:
        if (self.cost is None) != (not self.worth):
            raise broken_rule("cost and worth together, or neither")
        return self


class StudyFile(_Strict):
    """A study as it is asked."""

    title: str = Field(min_length=1, description="text")
    question: str = Field(default="", description="text")
    scenarios: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] = Field(
        description="a list of names or files of scenarios, the baseline first"
    )
    seeds: int = Field(default=1, ge=1, le=MOST_SEEDS, description=f"number of streams of luck, 1 to {MOST_SEEDS:,}")
    fraction: float = Field(
        default=0.1, ge=LEAST_FRACTION, le=1.0, description=f"part of the people that is modelled, {A_FRACTION}"
    )
    inputs: str | None = Field(default=None, description="the folder of an input set")
    regions: Literal["asked", "all"] = Field(
        default="asked", description="asked or all: which regions are kept of a run; all takes a megabyte per run"
    )
    outcomes: Mapping[str, AskedOutcome] = Field(default={}, description="a table [outcomes.name] per outcome")
    responses: Annotated[tuple[Kind, ...], Field(strict=False, min_length=1), AfterValidator(_once)] = Field(
        default=("effect",), description=f"a list of {', '.join(get_args(Kind))}"
    )
    structures: Mapping[str, Texts] = Field(
        default={}, description=f"a list of loops that are off, of {', '.join(Loops.model_fields)}, under a name"
    )
    factors: AskedFactors = Field(
        default=AskedFactors(), description="a table with parameters, without, groups, alone and priors"
    )
    method: AnyMethod = Field(description=f'a table with name = "{" | ".join(METHODS)}"')
    stop: StopRule = Field(default=StopRule(), description="a table with width, matter and doublings")
    matters: Mapping[OutcomeName, Annotated[float, Field(gt=0.0)]] = Field(
        default={},
        description="the smallest difference that matters under an outcome's name: a part of the level under the "
        "baseline, or for a ratio a difference in its own unit, above 0",
    )
    given_data: Annotated[tuple[Given, ...], Field(strict=False), AfterValidator(_once)] = Field(
        default=(), description=f"a list of {', '.join(get_args(Given))}"
    )
    discovery: AskedDiscovery | None = Field(default=None, description="a table with outcome, scenario and where")
    decision: AskedDecision | None = Field(default=None, description="a table with objective, cost and worth")

    @model_validator(mode="before")
    @classmethod
    def _one_scenario_has_no_effect(cls, content: Any) -> Any:
        asked = content.get("scenarios") if isinstance(content, dict) else None
        alone = isinstance(asked, (list, tuple)) and len(asked) == 1
        return {"responses": ["level"], **content} if alone else content

    @field_validator("responses")
    @classmethod
    def _comparable(cls, kinds: tuple[Kind, ...], info: ValidationInfo) -> tuple[Kind, ...]:
        if len(info.data.get("scenarios", ("", ""))) < 2 and kinds != ("level",):
            raise broken_rule('["level"] where there is one scenario')
        return kinds

    @field_validator("outcomes")
    @classmethod
    def _own_names(cls, outcomes: Mapping[str, AskedOutcome]) -> Mapping[str, AskedOutcome]:
        """They are columns of the table of runs, beside those that say which run it is."""
        taken = sorted(set(outcomes) & COLUMNS_OF_RUNS)
        if taken:
            raise broken_rule(
                f"names other than {', '.join(sorted(COLUMNS_OF_RUNS))}, which are columns of the table of runs",
                found=taken[0],
            )
        return outcomes

    @field_validator("structures")
    @classmethod
    def _loops(cls, structures: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        for name, loops in structures.items():
            if name == AS_SPECIFIED:
                raise broken_rule(
                    f"another name than {AS_SPECIFIED!r}, which is that of the scenarios' own loops", found=name
                )
            if not loops or not set(loops) <= set(Loops.model_fields):
                raise broken_rule(f"lists of the loops {', '.join(Loops.model_fields)}", Loops.model_fields)
        return structures

    @field_validator("method")
    @classmethod
    def _fits(cls, method: Method, info: ValidationInfo) -> Method:
        factors: AskedFactors = info.data.get("factors", AskedFactors())
        if isinstance(method, Draws) and factors != AskedFactors():
            raise broken_rule("a method with factors; draws vary every parameter that has a prior")
        if factors.groups and not method.takes_groups:
            able = ", ".join(name for name, one in METHODS.items() if one.takes_groups)
            raise broken_rule(f"a method that takes groups: {able}")
        if not isinstance(method, Draws) and not info.data.get("outcomes", True):
            raise broken_rule("a table [outcomes.name] per outcome, which every method but draws needs")
        return method

    @field_validator("given_data", "discovery", "decision")
    @classmethod
    def _random(cls, asked: Any, info: ValidationInfo) -> Any:
        if asked and not isinstance(info.data.get("method", Draws), Draws | Sobol | type):
            raise broken_rule("this only with the methods draws and sobol, whose points are a sample of the priors")
        return asked


def chosen_factors(
    asked: AskedFactors, priors: Mapping[str, Prior], origin: Path | str
) -> tuple[dict[str, Prior], dict[str, str]]:
    """The priors of the factors and the group of those that move together.

    Parameters
    ----------
    priors : of every parameter that has one
    origin : the file, for messages

    Raises
    ------
    StudyFaults
        Where a name or pattern means no parameter, or a parameter would be in two groups.
    """
    priors = {**priors, **asked.priors}
    faults: list[str] = []

    def named(patterns: Collection[str], among: Collection[str], place: str) -> list[str]:
        found: dict[str, None] = {}
        for pattern in patterns:
            hits = fnmatch.filter(among, pattern)
            if not hits:
                faults.append(explain(origin, place, pattern, "a parameter with a prior, or a pattern of some", among))
            found.update(dict.fromkeys(hits))
        return list(found)

    wanted = named(asked.parameters, priors, "factors.parameters")
    left = set(named(asked.without, priors, "factors.without"))
    chosen = {name: priors[name] for name in priors if name in wanted and name not in left}
    groups: dict[str, str] = {}
    alone = set(named(asked.alone, chosen, "factors.alone"))
    for group, patterns in asked.groups.items():
        for name in named(patterns, chosen, f"factors.groups.{group}") if chosen else ():
            if name in alone:
                continue
            if groups.setdefault(name, group) != group:
                faults.append(explain(origin, f"factors.groups.{group}", name, f"not in {groups[name]!r} as well"))
        if group == DUMMY or (group in chosen and groups.get(group) != group):
            faults.append(explain(origin, f"factors.groups.{group}", group, "a name that no factor has"))
    if not chosen and not faults:
        faults.append(explain(origin, "factors", Words("none left"), "at least one factor"))
    if faults:
        raise StudyFaults("\n".join(dict.fromkeys(faults)))
    return chosen, groups


def load_study(file: Path, context: Mapping[str, Collection[Any]] | None = None) -> StudyFile:
    """Read and check a study file.

    Parameters
    ----------
    context : known names: `outcomes`, `series` and `regions` of the model that the study is about

    Raises
    ------
    StudyFaults
        Naming file, key, what was found and what is allowed, for every fault of the file.
    """
    return checked_study(read_toml(Path(file), StudyFaults, NEEDED), Path(file), context)


def checked_study(
    content: Mapping[str, Any], file: Path, context: Mapping[str, Collection[Any]] | None = None
) -> StudyFile:
    """The study of what a study file says; `file` is what messages call it.

    Raises
    ------
    StudyFaults
        Naming file, key, what was found and what is allowed, for every fault.
    """
    # checked first are those that others are checked against
    order = list(StudyFile.model_fields)
    content = dict(sorted(content.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))
    try:
        study = StudyFile.model_validate(content, context=dict(context or {}))
    except ValidationError as error:
        faults = told(file, error.errors(include_url=False), lambda fault: message(file, fault, StudyFile))
        raise StudyFaults("\n".join(faults)) from error
    faults = _unknown_references(file, study)
    if faults:
        raise StudyFaults("\n".join(faults))
    return study


def _unknown_references(file: Path, study: StudyFile) -> list[str]:
    """Faults of names that have to be those of something else in the file."""
    named = [Path(name).stem for name in study.scenarios]
    references = []
    if study.discovery is not None:
        references.append(("discovery.outcome", study.discovery.outcome, list(study.outcomes)))
        references.append(("discovery.scenario", study.discovery.scenario, named[1:]))
    if study.decision is not None:
        references.append(("decision.objective", study.decision.objective, list(study.outcomes)))
        references.append(("decision.cost", study.decision.cost or study.decision.objective, list(study.outcomes)))
    return [
        explain(file, key, found, f"one of {', '.join(known)}" if known else "nothing: there is one scenario", known)
        for key, found, known in references
        if found not in known
    ]
