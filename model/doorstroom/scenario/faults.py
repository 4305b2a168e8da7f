"""What is wrong with a scenario file, told in one line per fault."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from doorstroom.errors import ScenarioError, explain, nearest, told
from doorstroom.parameters import Change
from doorstroom.scenario.context import Context, PupilNumbers
from doorstroom.scenario.scenario import Loops, Scenario, Years
from doorstroom.scenario.scheme import Division, Line, Participant, Programme, Release, Scheme, Scope, Unspent
from doorstroom.toml_files import Words, dotted, quoted

_TAGS: Final = ("<amount>", "<per year>", "<kind>", "<list>", "<number>", "<change>", "[key]")
_KEY_OF_SCHEME: Final = 3
_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "programme": get_args(Programme),
    "line": get_args(Line),
    "division": get_args(Division),
    "participants": get_args(Participant),
    "scope": get_args(Scope),
    "unspent": get_args(Unspent),
    "release": get_args(Release),
    "pupils": get_args(PupilNumbers),
    "regions": ("all", "technique_poor"),
}


class ScenarioFaults(ScenarioError):
    """Everything that is wrong with one scenario file (and its parents), one line per fault."""

    @property
    def faults(self) -> list[str]:
        """The faults, one message each."""
        return str(self).splitlines()


def checked(scenario: Scenario) -> Scenario:
    """The scenario itself, checked again: one can be put together past all checks in Python.

    Raises
    ------
    ScenarioFaults
        Naming the scenario, key, what was found and what is allowed, for every fault.
    """
    try:
        return Scenario.model_validate(scenario)
    except ValidationError as error:
        raise ScenarioFaults("\n".join(messages(scenario.name, error.errors(include_url=False)))) from error


def messages(file: Path | str, errors: Sequence[ErrorDetails], inherited: Collection[str] = ()) -> list[str]:
    """Faults found by pydantic, in our words.

    A scheme that lacks nearly everything was meant to change one of the `inherited`, and is told in one line.
    """
    lacking: dict[str, list[str]] = {}
    for error in errors:
        if error["type"] == "missing" and error["loc"][0] == "schemes" and len(error["loc"]) == _KEY_OF_SCHEME:
            lacking.setdefault(str(error["loc"][1]), []).append(str(error["loc"][-1]))
    strays = {name for name, keys in lacking.items() if len(keys) > 1 and inherited}
    told_of = [
        explain(
            file,
            f"schemes.{name}",
            Words(f"a scheme that the parent doesn't have, without {', '.join(lacking[name])}"),
            f"changes of a scheme of the parent ({', '.join(inherited)}), or a whole scheme",
        )
        + (f"; did you mean {near!r}?" if (near := nearest(name, inherited)) else "")
        for name in lacking
        if name in strays
    ]
    others = [
        error
        for error in errors
        if error["loc"][0] != "schemes" or error["loc"][1:2] not in {(name,) for name in strays}
    ]
    return told_of + told(file, others, lambda fault: message(file, fault))


def message(file: Path | str, error: ErrorDetails) -> str:
    """A fault found by pydantic, in our words; of several under one key, one line each."""
    context = error.get("ctx", {})
    if "several" in context:
        return "\n".join(
            explain(file, dotted([*error["loc"], name]), Words(found), allowed)
            for name, found, allowed in context["several"]
        )
    path = [part for part in (*error["loc"], *context.get("at", ())) if part not in _TAGS]
    model, field = _spot(path)
    if error["type"] == "extra_forbidden":
        known = [*model.model_fields]
        if model is Scenario:
            known = ["parent", "without", *known[known.index("title") :]]
        return explain(file, dotted(path), quoted(path[-1]), f"the keys {', '.join(known)}", known)
    allowed = context.get("allowed") or model.model_fields[field].description or ""
    found = context.get("found", error["input"])
    if isinstance(found, date):
        found = Words(found.isoformat())
    found = Words("nothing") if error["type"] == "missing" else quoted(found)
    return explain(file, dotted(path), found, allowed, context.get("known") or _NAMES.get(field, ()))


def _spot(path: list[int | str]) -> tuple[type[BaseModel], str]:
    """The model, and the field of it, that a place in a file belongs to."""
    first = str(path[0])
    if first in ("schemes", "parameters") and len(path) > 2:
        return Scheme if first == "schemes" else Change, str(path[2])
    tables: dict[str, type[BaseModel]] = {"years": Years, "context": Context, "loops": Loops}
    if first in tables and len(path) > 1:
        return tables[first], str(path[1])
    return Scenario, first
