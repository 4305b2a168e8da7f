"""Scenarios: what policy and world a run asks about, read from one TOML file.

A scheme is data: what it pays in which year, to whom, under which rules. A scenario is a set of schemes,
with other parameter values or switched-off feedback loops where the question needs them. A scenario may
name a parent; its file then states only what differs: tables merge key by key, except a scheme's `budget`,
`activities` and `extra`, which are replaced as a whole. Title, question and changes are never inherited.

Whatever is wrong in a file is told at once, one line per fault, as `ScenarioFaults`.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    StringConstraints,
    Tag,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails

from doorstroom.errors import ScenarioError, explain
from doorstroom.parameters import load_parameters
from doorstroom.terms import Activity
from doorstroom.toml_files import Words, broken_rule, dotted, quoted, read_toml

K = TypeVar("K")
V = TypeVar("V")

ACTIVITIES: Final = tuple(activity.name.lower() for activity in Activity)

Programme = Literal["STO", "NGF", "other"]
Line = Literal["regional", "national"]
Division = Literal["fixed_shares", "per_pupil", "per_technique_pupil", "need_weighted", "equal"]
Participant = Literal["vmbo", "mbo", "po", "havo_vwo"]
Unspent = Literal["carry_over", "return"]

_EURO: Final = "euro per year: 0, or 10_000 to 10_000_000_000 (100 million is 100_000_000)"
_FIRST: Final = 2019
_LAST: Final = 2060
_YEAR: Final = f"a calendar year, {_FIRST} to {_LAST}"
_REPLACED: Final = ("budget", "activities", "extra")
_TEXTS: Final = ("title", "question", "changes")
_SHARE_TOLERANCE: Final = 1e-6
_DEPTH_OF_SCHEME: Final = 2
_TAGS: Final = ("<amount>", "<per year>", "<kind>", "<list>", "[key]")
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "programme": get_args(Programme),
    "line": get_args(Line),
    "division": get_args(Division),
    "participants": get_args(Participant),
    "unspent": get_args(Unspent),
    "regions": ("all", "technique_poor"),
}


class ScenarioFaults(ScenarioError):
    """Everything that is wrong with one scenario file (and its parents), one line per fault."""

    @property
    def faults(self) -> list[str]:
        """The faults, one message each."""
        return str(self).splitlines()


class Table(Mapping[K, V]):
    """A mapping that can't change, in the order of its keys, so that a scenario stays what was checked."""

    def __init__(self, items: Mapping[K, V] | None = None) -> None:
        self._items: dict[K, V] = {} if items is None else {key: items[key] for key in sorted(items, key=str)}

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"Table({self._items!r})"


def _once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        raise broken_rule("each entry once")
    return values


def _year_key(key: object) -> object:
    """TOML writes every key as text."""
    return int(key) if isinstance(key, str) and re.fullmatch("[0-9]{4}", key) else key


def _known(names: str) -> Callable[[str, ValidationInfo], str]:
    """A check of a name against the names in the context, where there are any."""

    def check(name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(names, lambda: None)()
        if known is not None and name not in known:
            raise broken_rule(f"a {names}'s name", known)
        return name

    return check


_FROZEN = (AfterValidator(Table), PlainSerializer(dict))
Year = Annotated[int, Field(ge=_FIRST, le=_LAST)]
YearList = Annotated[tuple[Year, ...], Field(strict=False), AfterValidator(_once)]
Amount = Annotated[float, Field(ge=0.0, le=1e10)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
RegionName = Annotated[str, AfterValidator(_known("region"))]
ParameterName = Annotated[str, AfterValidator(_known("parameter"))]


def _of_size(amount: float) -> float:
    if 0.0 < amount < 10_000.0:
        raise broken_rule(_EURO)
    return amount + 0.0  # there is one zero


def _activity(name: str) -> str:
    if name not in ACTIVITIES:
        raise broken_rule(f"the activities {', '.join(ACTIVITIES)}", ACTIVITIES)
    return name


Euro = Annotated[Amount, AfterValidator(_of_size)]
Budget = Annotated[
    Annotated[Euro, Tag("<amount>")]
    | Annotated[Mapping[Annotated[Year, BeforeValidator(_year_key)], Euro], *_FROZEN, Tag("<per year>")],
    Discriminator(lambda found: "<per year>" if isinstance(found, Mapping) else "<amount>"),
]
Served = Annotated[
    Annotated[Literal["all", "technique_poor"], Tag("<kind>")]
    | Annotated[tuple[RegionName, ...], Field(strict=False, min_length=1), AfterValidator(_once), Tag("<list>")],
    Discriminator(lambda found: "<list>" if isinstance(found, (list, tuple)) else "<kind>"),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Scheme(_Strict):
    """One funding scheme. Amounts in euro per calendar year, years inclusive."""

    title: str = Field(min_length=1, description="text")
    programme: Programme = Field(description="STO, NGF or other")
    line: Line = Field(default="regional", description="regional or national")
    first_year: Year = Field(description=_YEAR)
    last_year: Year = Field(description=_YEAR)
    after: Share = Field(
        default=0.0, description="share of the last year's budget that is paid each year after last_year, 0 to 1"
    )
    budget: Budget = Field(description=f"{_EURO}; or a table of year = amount")
    gap_years: YearList = Field(default=(), description=f"a list, each entry {_YEAR}")
    division: Division = Field(default="fixed_shares", description=", ".join(get_args(Division)))
    regions: Served = Field(default="all", description="all, technique_poor or a list of region names")
    extra: Annotated[Mapping[RegionName, Euro], *_FROZEN] = Field(
        default=Table(), description=f"a table of region = amount, {_EURO}"
    )
    participants: Annotated[tuple[Participant, ...], Field(strict=False, min_length=1), AfterValidator(_once)] = Field(
        default=("vmbo", "mbo"), description=f"a list of {', '.join(get_args(Participant))}"
    )
    activities: Annotated[Mapping[Annotated[str, AfterValidator(_activity)], Share], *_FROZEN] = Field(
        description=f"shares of 0 to 1 that sum to 1, by activity: {', '.join(ACTIVITIES)}"
    )
    cofinancing: Share = Field(default=0.0, description="share of the grant that partners must bring in, 0 to 1")
    unspent: Unspent = Field(default="carry_over", description="carry_over or return")
    plan_years: int = Field(default=2, ge=1, le=10, description="number of years of one activity plan, 1 to 10")
    review_years: YearList = Field(default=(), description=f"a list, each entry {_YEAR}")
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


class Years(_Strict):
    """First and last school year of a run; 2019 stands for 2019/20."""

    first: Literal[2019] = Field(default=_FIRST, description="2019, the only year whose 1 October the inputs describe")
    last: int = Field(default=2040, gt=_FIRST, le=_LAST, description=f"a school year, {_FIRST + 1} to {_LAST}")


class Loops(_Strict):
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


class Scenario(_Strict):
    """Which schemes run, in which years, with which parameters: one scenario file with all it inherits."""

    name: str
    title: str = Field(min_length=1, description="text")
    question: str = Field(default="", description="text")
    changes: str = Field(default="", description="text")
    years: Years = Field(default=Years(), description="a table with first and last")
    schemes: Annotated[Mapping[Annotated[str, StringConstraints(pattern="^[A-Za-z0-9_-]+$")], Scheme], *_FROZEN] = (
        Field(Table(), description="a table [schemes.name] per scheme; letters, digits, _ and - in its name")
    )
    parameters: Annotated[Mapping[ParameterName, float], *_FROZEN] = Field(
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


# ---------------------------------------------------------------- files


def scenario_folders() -> list[Path]:
    """Folders in which a bare name is looked up: ./scenarios, then those that come with the package."""
    shipped = Path(str(files("doorstroom") / "scenarios"))
    beside = Path(str(files("doorstroom"))).parents[1] / "scenarios"  # a source tree keeps them beside model/
    return [folder for folder in (Path("scenarios"), shipped, beside) if folder.is_dir()]


def scenario_files() -> dict[str, Path]:
    """Every scenario that can be called by its bare name; a file of the user goes before a shipped one."""
    return {name: file for folder in reversed(scenario_folders()) for name, file in _toml_files(folder).items()}


def _toml_files(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.glob("*.toml"))} if os.path.isdir(folder) else {}


def load_scenario(name_or_path: str | Path, region_names: Collection[str] | None = None) -> Scenario:
    """Read and check a scenario with all it inherits.

    Parameters
    ----------
    name_or_path : a path, or a bare name looked up in ./scenarios and then among the shipped scenarios
    region_names : regions that a scheme may name; by default those of the package's input set

    Raises
    ------
    ScenarioFaults
        Naming file, key, what was found and what is allowed, for every fault of the file.
    """

    def regions() -> Collection[str] | None:
        return _region_names() if region_names is None else region_names

    return _load(find_scenario(name_or_path), (), {"region": regions, "parameter": load_parameters})[1]


def find_scenario(name_or_path: str | Path) -> Path:
    """The file that a path or a bare name means; raises ScenarioFaults when there is none."""
    path = Path(name_or_path)
    if os.path.isfile(path):
        return path
    bare = len(path.parts) == 1
    known = scenario_files() if bare else {file.name: file for file in _toml_files(path.parent).values()}
    if bare and path.name.removesuffix(".toml") in known:
        return known[path.name.removesuffix(".toml")]
    found = Words("a folder") if os.path.isdir(path) else quoted(path.name)
    allowed = f"a scenario file, or a scenario's name: {', '.join(scenario_files())}"
    raise ScenarioFaults(explain(repr(str(name_or_path))[1:-1], "file", found, allowed, known))


def _load(file: Path, heirs: tuple[Path, ...], context: Mapping[str, Any]) -> tuple[dict[str, Any], Scenario]:
    """The content of a file merged with its parents', and the scenario it makes; `heirs` are those that led here."""
    own = read_toml(file, ScenarioFaults, "a title and tables [schemes.name]")
    faults: list[str] = []
    inherited: dict[str, Any] = {}
    parent, without = own.pop("parent", None), own.pop("without", [])
    if "name" in own:
        faults.append(explain(file, "name", quoted(own.pop("name")), "nothing; a scenario is named after its file"))
    try:
        inherited = {} if parent is None else _inherit(file, parent, heirs, context)
        faults += _drop(file, without, inherited.setdefault("schemes", {}))
        orphan = False
    except ScenarioFaults as error:
        faults += error.faults
        orphan = True
    content = _merge(inherited, own)
    try:
        scenario = Scenario.model_validate({**content, "name": file.stem}, context=dict(context))
    except ValidationError as error:
        # without its parent nobody knows what a file leaves out
        details = [fault for fault in error.errors(include_url=False) if not (orphan and fault["type"] == "missing")]
        faults += [_message(file, fault) for fault in details]
    if faults:
        raise ScenarioFaults("\n".join(dict.fromkeys(faults)))
    return content, scenario


def _inherit(file: Path, parent: object, heirs: tuple[Path, ...], context: Mapping[str, Any]) -> dict[str, Any]:
    """What a parent passes on."""
    stem = parent.removesuffix(".toml") if isinstance(parent, str) else ""
    known = {**scenario_files(), **_toml_files(file.parent)}
    if stem not in known:
        allowed = "the name of a scenario file in the same folder, or of a shipped scenario"
        raise ScenarioFaults(
            explain(file, "parent", quoted(parent), allowed, [name for name in known if name != file.stem])
        )
    chain = (*heirs, file)
    if known[stem].resolve() in (heir.resolve() for heir in chain):
        circle = " -> ".join(heir.name for heir in (*chain, known[stem]))
        allowed = f"a scenario that does not inherit from this one ({circle})"
        raise ScenarioFaults(explain(file, "parent", parent, allowed))
    content = _load(known[stem], chain, context)[0]
    return {key: value for key, value in content.items() if key not in _TEXTS}


def _drop(file: Path, without: object, schemes: dict[str, Any]) -> list[str]:
    """Take the schemes `without` out of those of the parent; the faults of that list."""
    if not isinstance(without, list):
        return [explain(file, "without", quoted(without), "a list of schemes of the parent")]
    allowed = f"schemes of the parent, once each ({', '.join(schemes) or 'it has none'})"
    faults = []
    for name in without:
        if isinstance(name, str) and name in schemes:
            del schemes[name]
        else:
            faults.append(explain(file, "without", quoted(name), allowed, list(schemes)))
    return faults


def _merge(inherited: Mapping[str, Any], own: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """The child over the parent, table by table."""
    merged = dict(inherited)
    for key, value in own.items():
        tables = isinstance(merged.get(key), dict) and isinstance(value, dict)
        whole = depth == _DEPTH_OF_SCHEME and key in _REPLACED
        merged[key] = _merge(merged[key], value, depth + 1) if tables and not whole else value
    return merged


def _message(file: Path, error: ErrorDetails) -> str:
    """A fault found by pydantic, in our words."""
    path = [part for part in error["loc"] if part not in _TAGS]
    model, field = _spot(path)
    if error["type"] == "extra_forbidden":
        known = [*model.model_fields]
        if model is Scenario:
            known = ["parent", "without", *known[known.index("title") :]]
        return explain(file, dotted(path), quoted(path[-1]), f"the keys {', '.join(known)}", known)
    context = error.get("ctx", {})
    allowed = context.get("allowed") or model.model_fields[field].description or ""
    found = Words("nothing") if error["type"] == "missing" else quoted(error["input"])
    return explain(file, dotted(path), found, allowed, context.get("known") or _NAMES.get(field, ()))


def _spot(path: list[int | str]) -> tuple[type[BaseModel], str]:
    """The model, and the field of it, that a place in a file belongs to."""
    first = str(path[0])
    if first == "schemes" and len(path) > 2:
        return Scheme, str(path[2])
    tables: dict[str, type[BaseModel]] = {"years": Years, "loops": Loops}
    if first in tables and len(path) > 1:
        return tables[first], str(path[1])
    return Scenario, first


def _region_names() -> list[str] | None:
    """The regions of the package's input set, None where it has none."""
    file = files("doorstroom") / "inputs" / "data" / "nl2019" / "regions.csv"
    if not file.is_file():
        return None
    return [row["name"] for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())]
