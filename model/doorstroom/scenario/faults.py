"""What is wrong with a scenario file, told in one line per fault."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from doorstroom import faults
from doorstroom.errors import ScenarioError, explain, nearest, told
from doorstroom.scenario.scenario import Scenario
from doorstroom.toml_files import Words

_FIELDS: Final = list(Scenario.model_fields)
_KEYS: Final = ("parent", "without", *_FIELDS[_FIELDS.index("title") :])
_KEY_OF_SCHEME: Final = 3


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
    return faults.message(file, error, Scenario, keys={Scenario: _KEYS})
