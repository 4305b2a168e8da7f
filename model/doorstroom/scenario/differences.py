"""What two scenarios say differently, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from doorstroom.scenario.scenario import Scenario
from doorstroom.toml_files import dotted

_ABSENT: Final = "not there"


def differences(one: Scenario, other: Scenario) -> list[tuple[str, str, str]]:
    """Keys with what either scenario says, without texts and sources; a scheme of one alone is told as a whole."""
    first, second = _said(one), _said(other)
    alone = {name for name in {*one.schemes, *other.schemes} if not (name in one.schemes and name in other.schemes)}
    found = [(f"schemes.{name}", _title(one, name), _title(other, name)) for name in sorted(alone)]
    for path in sorted({*first, *second}):
        if path[:1] == ("schemes",) and path[1] in alone:
            continue
        if first.get(path) != second.get(path):
            found.append((dotted(list(path)), _text(first.get(path)), _text(second.get(path))))
    return found


def _title(scenario: Scenario, name: str) -> str:
    return scenario.schemes[name].title if name in scenario.schemes else _ABSENT


def _said(scenario: Scenario) -> dict[tuple[str, ...], Any]:
    content = scenario.model_dump(mode="json", exclude={"name", "title", "question", "changes"})
    return dict(_leaves(content, ()))


def _leaves(content: Mapping[str, Any], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    leaves: list[tuple[tuple[str, ...], Any]] = []
    for key, value in content.items():
        here = (*path, str(key))
        if isinstance(value, Mapping):
            leaves += _leaves(value, here)
        elif here[-1] not in ("title", "sources"):
            leaves.append((here, value))
    return leaves


def _text(value: Any) -> str:
    if value is None:
        return _ABSENT
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return f"{value:,.12g}" if isinstance(value, float) else str(value)
