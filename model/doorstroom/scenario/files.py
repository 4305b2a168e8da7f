"""Scenario files: where they are found, what they inherit, and the scenario that they make.

A scenario may name a parent; its file then states only what differs: tables merge key by key, except a scheme's
`budget`, `activities` and `carriers` and the change of a parameter, which are replaced as a whole. Title, question and
changes are never inherited.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from doorstroom.errors import explain
from doorstroom.parameters import load_parameters
from doorstroom.scenario.faults import ScenarioFaults, messages
from doorstroom.scenario.scenario import Scenario
from doorstroom.toml_files import Words, quoted, read_toml

_REPLACED: Final = ("budget", "activities", "carriers")
_TEXTS: Final = ("title", "question", "changes")
_DEPTH_OF_SCHEME: Final = 2


def scenario_folders() -> list[Path]:
    """Folders in which a bare name is looked up: ./scenarios, then those that come with the package."""
    shipped = Path(str(files("doorstroom") / "scenarios"))
    beside = Path(str(files("doorstroom"))).parents[1] / "scenarios"  # a source tree keeps them beside model/
    return [folder for folder in (Path("scenarios"), shipped, beside) if folder.is_dir()]


def scenario_files() -> dict[str, Path]:
    """Every scenario that can be called by its bare name; a file of the user goes before a shipped one."""
    return {name: file for folder in reversed(scenario_folders()) for name, file in _toml_files(folder).items()}


def replaced_scenarios() -> dict[str, Path]:
    """Files of the user that are called by the name of a shipped scenario and say something else."""
    own, *shipped = scenario_folders() if os.path.isdir("scenarios") else [Path("scenarios"), *scenario_folders()]
    others = {name: file for folder in reversed(shipped) for name, file in _toml_files(folder).items()}
    return {
        name: file
        for name, file in _toml_files(own).items()
        if name in others and file.read_bytes() != others[name].read_bytes()
    }


def in_place_of_shipped(names: Iterable[str]) -> list[str]:
    """A warning per scenario of the user that takes the place of a shipped one, among those named and their parents."""
    replaced = replaced_scenarios()
    met: dict[str, None] = {}
    waiting = list(names) if replaced else []
    while waiting:
        name = waiting.pop(0).removesuffix(".toml")
        if name not in met:
            met[name] = None
            with suppress(ScenarioFaults):
                file = find_scenario(name)
                parent = read_toml(file, ScenarioFaults, "").get("parent")
                waiting += [parent] if isinstance(parent, str) else []
    return [
        f"beware: {name} is {replaced[name]} and not the scenario of that name that comes with doorstroom"
        for name in met
        if name in replaced
    ]


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


def scenario_from(content: Mapping[str, Any], name: str) -> Scenario:
    """The scenario of what a file would say; its parent is looked up as a bare name or a path.

    Raises
    ------
    ScenarioFaults
        Naming the scenario, key, what was found and what is allowed, for every fault.
    """
    own = dict(content)
    parent = own.pop("parent", None)
    if parent is not None:
        return changed(load_scenario(parent), name, own)
    return _validated({**own, "name": name})


def changed(scenario: Scenario, name: str, changes: Mapping[str, Any]) -> Scenario:
    """A scenario that differs from another as the file of a child does from its parent."""
    content = json.loads(scenario.model_dump_json(exclude_defaults=True, exclude=set(_TEXTS)))
    own = {"title": name, **changes}
    faults = _drop(Path(name), own.pop("without", []), content.setdefault("schemes", {}))
    if faults:
        raise ScenarioFaults("\n".join(faults))
    merged = _merge(content, own)
    if isinstance(merged.get("parameters"), dict) and isinstance(own.get("parameters"), Mapping):
        merged["parameters"] |= own["parameters"]
    return _validated({**merged, "name": name})


def _validated(content: Mapping[str, Any]) -> Scenario:
    """Checked as JSON is, which has tables, lists, numbers and texts as a file has."""
    known = {"region": _region_names, "parameter": load_parameters}
    try:
        return Scenario.model_validate_json(json.dumps(content, default=str), context=known)
    except ValidationError as error:
        raise ScenarioFaults("\n".join(messages(content["name"], error.errors(include_url=False)))) from error


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
    if isinstance(content.get("parameters"), dict) and isinstance(own.get("parameters"), dict):
        content["parameters"] |= own["parameters"]
    try:
        scenario = Scenario.model_validate({**content, "name": file.stem}, context=dict(context))
    except ValidationError as error:
        # without its parent nobody knows what a file leaves out
        details = [fault for fault in error.errors(include_url=False) if not (orphan and fault["type"] == "missing")]
        schemes = inherited.get("schemes", {})
        faults += messages(file, details, list(schemes) if isinstance(schemes, dict) else ())
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


def _region_names() -> list[str] | None:
    """The regions of the package's input set, None where it has none."""
    file = files("doorstroom") / "inputs" / "data" / "nl2019" / "regions.csv"
    if not file.is_file():
        return None
    return [row["name"] for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())]
