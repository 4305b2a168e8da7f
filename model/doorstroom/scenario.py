"""What a scenario file may say: which schemes pay what, and which world it asks about.

A scenario is TOML. It may name a parent, over which it is laid table by table; a scheme's `budget`, `extra` and
`activities` are replaced as a whole. Everything is checked before anything runs, and all faults of a file are told
at once.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from doorstroom.errors import ScenarioError, explain
from doorstroom.parameters import load_parameters
from doorstroom.terms import Activity

FIRST_YEAR: Final = 2019
LAST_YEAR: Final = 2060
TOO_MUCH: Final = 10_000_000_000
TOO_LITTLE: Final = 10_000
WHOLE: Final = ("budget", "extra", "activities")
"""Tables of a scheme that a child replaces rather than merges."""
TEXTS: Final = {"title", "question", "changes", "sources", "name"}
"""Fields that explain and determine nothing."""


def _euro(amount: float) -> float:
    if amount < 0:
        raise ValueError("an amount of 0 or more, in euro per year")
    if amount > TOO_MUCH or 0 < amount < TOO_LITTLE:
        raise ValueError(
            f"an amount in euro per year, 0 or from {TOO_LITTLE:,} to {TOO_MUCH:,}; write 100_000_000 for 100 million"
        )
    return amount


Euro = Annotated[float, Field(strict=True, allow_inf_nan=False), AfterValidator(_euro)]
Share = Annotated[float, Field(strict=True, ge=0.0, le=1.0)]
Year = Annotated[int, Field(strict=True, ge=FIRST_YEAR, le=LAST_YEAR)]
ActivityName = Literal[
    "orientation", "equipment", "programmes", "teachers", "inclusion", "sustainability", "coordination"
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Years(_Strict):
    """School years from the first to the last; 2019 stands for 2019/20."""

    first: Literal[2019] = 2019
    last: Year = 2040

    @model_validator(mode="after")
    def _ordered(self) -> Years:
        if self.last <= self.first:
            raise ValueError(f"last must come after first ({self.first})")
        return self


class Loops(_Strict):
    """Feedback loops; false switches one off, for analysis.

    `offer`: few pupils close profiles. `unfilled`: lessons that nobody gives lower quality, success and offer.
    `tightness`: the labour market acts on teachers, pupils and training. `zij_instroom`: more technicians, more who
    may turn to teaching. `role_models`: a cohort shows the next the way. `shared_absorption`: programmes draw on
    the same people.
    """

    offer: bool = True
    unfilled: bool = True
    tightness: bool = True
    zij_instroom: bool = True
    role_models: bool = True
    shared_absorption: bool = True


class Scheme(_Strict):
    """One funding scheme, as data. Amounts in euro per calendar year, years inclusive."""

    title: str
    programme: Literal["STO", "NGF", "other"]
    line: Literal["regional", "national"] = "regional"
    first_year: Year
    last_year: Year
    budget: Euro | dict[int, Euro]
    after: Share = 0.0
    gap_years: tuple[Year, ...] = ()
    division: Literal["fixed_shares", "per_pupil", "per_technique_pupil", "need_weighted", "equal"] = "fixed_shares"
    regions: Literal["all", "technique_poor"] | tuple[str, ...] = "all"
    extra: dict[str, Euro] = {}
    participants: tuple[Literal["vmbo", "havo_vwo", "po", "mbo"], ...] = ("vmbo", "mbo")
    activities: dict[ActivityName, Share]
    cofinancing: Share = 0.0
    unspent: Literal["carry_over", "return"] = "carry_over"
    plan_years: Annotated[int, Field(strict=True, ge=1, le=10)] = 2
    review_years: tuple[Year, ...] = ()
    sources: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Scheme:
        if self.last_year < self.first_year:
            raise ValueError(f"last_year: {self.last_year} comes before first_year {self.first_year}")
        if isinstance(self.budget, dict):
            outside = sorted(year for year in self.budget if not self.first_year <= year <= self.last_year)
            if outside:
                raise ValueError(f"budget: years {outside} lie outside {self.first_year}-{self.last_year}")
        end = LAST_YEAR if self.after > 0 else self.last_year
        for name in ("gap_years", "review_years"):
            outside = sorted(year for year in getattr(self, name) if not self.first_year <= year <= end)
            if outside:
                raise ValueError(f"{name}: {outside} lie outside {self.first_year}-{end}")
        if abs(sum(self.activities.values()) - 1.0) > 1e-6:
            raise ValueError(f"activities: shares sum to {sum(self.activities.values()):.4g} and must sum to 1")
        if not self.participants:
            raise ValueError("participants: at least one of vmbo, havo_vwo, po, mbo")
        return self

    def paid(self, year: int) -> float:
        """Euro that the scheme pays in a calendar year, the whole country, extras for named regions apart."""
        if year in self.gap_years or year < self.first_year:
            return 0.0
        if year > self.last_year:
            return self.after * self._budget(self.last_year)
        return self._budget(year)

    def _budget(self, year: int) -> float:
        return self.budget.get(year, 0.0) if isinstance(self.budget, dict) else self.budget

    def plan(self) -> NDArray[np.float64]:
        """Default shares per activity in the order of terms.Activity, shape (7,)."""
        return np.array([self.activities.get(activity.name.lower(), 0.0) for activity in Activity])  # type: ignore[call-overload]


class Scenario(_Strict):
    """One policy and one world."""

    name: str
    title: str
    question: str
    changes: str
    years: Years = Years()
    schemes: dict[str, Scheme]
    parameters: dict[str, Annotated[float, Field(strict=True, allow_inf_nan=False)]] = {}
    loops: Loops = Loops()

    def __hash__(self) -> int:
        return hash(self.identity())

    def canonical(self) -> dict[str, Any]:
        """Everything in here that can change a result, as plain data with sorted keys."""
        return {key: value for key, value in _without_texts(self.model_dump(mode="json")).items()}

    def identity(self) -> str:
        """SHA-256 of `canonical`: texts, comments and the order of keys don't count, amounts do."""
        return hashlib.sha256(json.dumps(self.canonical(), sort_keys=True).encode()).hexdigest()

    def first_difference(self, other: Scenario) -> int | None:
        """First calendar year in which two scenarios pay differently or play by other rules; None if never."""
        if self.identity() == other.identity():
            return None
        for year in range(self.years.first + 1, max(self.years.last, other.years.last) + 1):
            if self._rules(year) != other._rules(year):
                return year
        return self.years.first

    def _rules(self, year: int) -> list[tuple[str, float, str]]:
        """What holds in a year: the schemes that pay, what they pay and how they work."""
        world = json.dumps([self.parameters, self.loops.model_dump()], sort_keys=True)
        paying = [
            (name, scheme.paid(year), json.dumps(_timeless(scheme, year), sort_keys=True))
            for name, scheme in sorted(self.schemes.items())
            if scheme.paid(year) > 0
        ]
        return [("world", 0.0, world), *paying]


def _timeless(scheme: Scheme, year: int) -> dict[str, Any]:
    """A scheme's rules without what only matters in other years."""
    rules: dict[str, Any] = _without_texts(scheme.model_dump(mode="json"))
    for key in ("budget", "after", "last_year", "gap_years", "review_years"):
        rules.pop(key)
    # unspent money may be kept only if the scheme pays again next year
    return {**rules, "reviewed": year in scheme.review_years, "goes_on": scheme.paid(year + 1) > 0}


def _without_texts(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_texts(value) for key, value in sorted(data.items()) if key not in TEXTS}
    return data


@lru_cache
def _region_names() -> tuple[str, ...]:
    """Names of the regions of the default input set."""
    import pandas as pd

    table = pd.read_csv(str(files("doorstroom.inputs") / "data" / "nl2019" / "regions.csv"))
    return tuple(table["name"])


def load_scenario(name: str | Path, regions: Iterable[str] | None = None) -> Scenario:
    """Read, complete from its parents and check a scenario.

    Parameters
    ----------
    name : path of a TOML file, or a bare name looked up in ./scenarios and then among those that come with doorstroom
    regions : names that `regions` and `extra` may use; those of the default input set if None

    Raises
    ------
    ScenarioError
        With one line per fault: file, key, what was found, what is allowed, what was probably meant.
    """
    path = find_scenario(name)
    data, faults = _completed(path, ())
    known = tuple(regions) if regions is not None else _region_names()
    faults += _check_names(path, data, known)
    try:
        scenario = Scenario.model_validate({**data, "name": path.stem})
    except ValidationError as error:
        raise ScenarioError("\n".join(dict.fromkeys(faults + _faults(path, error)))) from error
    if faults:
        raise ScenarioError("\n".join(dict.fromkeys(faults)))
    return scenario


def scenario_folders() -> list[Path]:
    """Folders in which a bare name is looked up, the user's own first."""
    packaged = Path(str(files("doorstroom"))) / "scenarios"
    repository = Path(str(files("doorstroom"))).parents[1] / "scenarios"
    return [folder for folder in (Path("scenarios"), packaged, repository) if folder.is_dir()]


def find_scenario(name: str | Path) -> Path:
    """The file that a name or path means; raises ScenarioError when there is none."""
    path = Path(name)
    if path.suffix == ".toml" or len(path.parts) > 1:
        return path
    for folder in scenario_folders():
        if (folder / f"{name}.toml").is_file():
            return folder / f"{name}.toml"
    known = [file.stem for folder in scenario_folders() for file in sorted(folder.glob("*.toml"))]
    allowed = "a path to a TOML file, or one of " + ", ".join(dict.fromkeys(known))
    raise ScenarioError(explain("scenarios", "name", str(name), allowed, known))


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        near = [file.name for file in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        raise ScenarioError(explain(path, "file", path.name, "a scenario file that exists", near)) from None
    except (IsADirectoryError, PermissionError, OSError) as error:
        raise ScenarioError(f"{path}: can't be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(f"{path}: is not TOML: {error}") from None


def _completed(path: Path, children: tuple[Path, ...]) -> tuple[dict[str, Any], list[str]]:
    """A file's data laid over that of its parents, and the faults that only show while doing so."""
    here = path.resolve()
    if here in children:
        chain = " -> ".join(file.name for file in (*children[children.index(here) :], here))
        raise ScenarioError(f"{children[0]}: parent: found a loop: {chain}; allowed: parents that end at a scenario without one")
    data = _read(path)
    if not data and not children:
        raise ScenarioError(f"{path}: is empty; allowed: at least title, question, changes and a parent or schemes")
    parent, without = data.pop("parent", None), data.pop("without", [])
    if parent is None:
        return data, [explain(path, "without", without, "only where there is a parent")] if without else []
    if not isinstance(parent, str):
        raise ScenarioError(explain(path, "parent", parent, "the name of a scenario file, as text"))
    file = path.parent / (parent if parent.endswith(".toml") else f"{parent}.toml")
    if not file.is_file():
        near = [other.stem for other in path.parent.glob("*.toml")]
        raise ScenarioError(explain(path, "parent", parent, "a scenario file in the same folder", near))
    base, faults = _completed(file, (*children, here))
    if not isinstance(without, list) or not all(isinstance(name, str) for name in without):
        return _laid_over(base, data), [*faults, explain(path, "without", without, "a list of names of schemes")]
    schemes = base.get("schemes", {})
    faults += [explain(path, "without", name, "schemes of the parent", schemes) for name in without if name not in schemes]
    base["schemes"] = {name: scheme for name, scheme in schemes.items() if name not in without}
    return _laid_over(base, data), faults


def _laid_over(base: Any, child: Any, key: str = "") -> Any:
    if isinstance(base, dict) and isinstance(child, dict) and key not in WHOLE:
        return {**base, **{name: _laid_over(base.get(name), value, name) for name, value in child.items()}}
    return child


def _check_names(path: Path, data: Mapping[str, Any], regions: tuple[str, ...]) -> list[str]:
    """Regions and parameters that don't exist."""
    faults = []
    schemes = data.get("schemes", {})
    for name, scheme in schemes.items() if isinstance(schemes, dict) else ():
        if not isinstance(scheme, dict):
            continue
        chosen, extra = scheme.get("regions", "all"), scheme.get("extra", {})
        named = chosen if isinstance(chosen, list) else [chosen] if chosen not in ("all", "technique_poor") else []
        for key, region in [*(("regions", r) for r in named), *(("extra", r) for r in extra if isinstance(extra, dict))]:
            if region not in regions:
                allowed = f"all, technique_poor or names of the {len(regions)} regions"
                faults.append(explain(path, f"schemes.{name}.{key}", region, allowed, [*regions, "all", "technique_poor"]))
    parameters = data.get("parameters", {})
    known = load_parameters()
    for name in parameters if isinstance(parameters, dict) else ():
        if name not in known:
            faults.append(explain(path, f"parameters.{name}", name, "names of parameters", known))
    return faults


def _faults(path: Path, error: ValidationError) -> list[str]:
    """One line per fault that pydantic found."""
    lines = []
    for fault in error.errors():
        steps = [str(step) for step in fault["loc"] if not _internal(str(step))]
        key = ".".join(steps) or "scenario"
        found, message, kind = fault["input"], fault["msg"], fault["type"]
        if kind == "extra_forbidden":
            allowed = _fields_at(steps[:-1])
            lines.append(explain(path, key, steps[-1], "keys " + ", ".join(allowed), allowed))
        elif kind == "missing":
            lines.append(f"{path}: {key}: is missing; allowed: it must be given here or in a parent")
        elif kind == "literal_error":
            allowed = [word.strip(" '") for word in str(fault["ctx"]["expected"]).replace(" or ", ", ").split(",")]
            lines.append(explain(path, key, found, ", ".join(allowed), allowed))
        elif isinstance(found, (dict, BaseModel)) and kind == "value_error":
            lines.append(f"{path}: {key}: {message.removeprefix('Value error, ')}")
        else:
            lines.append(explain(path, key, found, message.removeprefix("Value error, ").removeprefix("Input should be ")))
    return lines


def _internal(step: str) -> bool:
    """Whether a step of pydantic's path names a branch of a type rather than a key of the file."""
    return step == "[key]" or step.startswith(("literal[", "tuple[", "dict[", "function-", "constrained-")) or step == "float"


def _fields_at(steps: list[str]) -> list[str]:
    """The keys a scenario file may have under a dotted key."""
    if not steps:
        return [*(name for name in Scenario.model_fields if name != "name"), "parent", "without"]
    kinds: dict[str, type[BaseModel]] = {"schemes": Scheme, "years": Years, "loops": Loops}
    return list(kinds[steps[0]].model_fields) if steps[0] in kinds else []
