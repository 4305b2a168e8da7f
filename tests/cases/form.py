"""Reads the cases, explains what is wrong with one, and puts the question of one to its mechanism."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import numpy as np
import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from doorstroom.errors import explain
from doorstroom.parameters import CENTRAL, draw_parameters, load_parameters

Number = float
Answer = Number | bool | str | Mapping[str, Number | bool | str]

CASE_KEYS = ("case", "ask", "given", "than", "expect", "within", "by_hand")
ORDERINGS: dict[str, Callable[[float, float], bool]] = {
    "higher": lambda one, other: one > other and not math.isclose(one, other, rel_tol=1e-12),
    "lower": lambda one, other: one < other and not math.isclose(one, other, rel_tol=1e-12),
    "the same": lambda one, other: math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12),
    "not higher": lambda one, other: one <= other * (1 + 1e-12) + 1e-15,
    "not lower": lambda one, other: one >= other * (1 - 1e-12) - 1e-15,
}
EXACT = 1e-9


class CaseError(Exception):
    """A case can't be asked as it is written."""


@dataclass
class Question:
    """Something that can be asked of a mechanism: a function in questions/, by its name in words."""

    mechanism: str
    name: str
    asks: str
    function: Callable[..., Answer]
    takes: type
    arguments: dict[str, Any] = field(default_factory=dict)
    usual: dict[str, Any] = field(default_factory=dict)


QUESTIONS: dict[tuple[str, str], Question] = {}


def question(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Register a function as a question.

    Its first argument `p` are the parameters of the mechanism; the others are what a case may give, with the value that
    is usual when a case doesn't. Its name, with spaces, is how a case asks it, its docstring what it asks.
    """
    hints = get_type_hints(function)
    taken = hints["p"]
    mechanism = taken.__module__.rsplit(".", 1)[-1]
    given = {name: entry for name, entry in inspect.signature(function).parameters.items() if name != "p"}
    name = function.__name__.replace("_", " ")
    QUESTIONS[mechanism, name] = Question(
        mechanism,
        name,
        inspect.getdoc(function) or "",
        function,
        taken,
        {key: hints[key] for key in given},
        {key: entry.default for key, entry in given.items() if entry.default is not inspect.Parameter.empty},
    )
    return function


@dataclass
class Case:
    """One case as it stands in a file."""

    file: str
    mechanism: str
    sentence: str
    question: Question
    given: dict[str, Any]
    than: dict[str, Any] | None
    expect: Any
    within: float | None

    def __str__(self) -> str:
        return f"{self.mechanism}: {self.sentence}"

    def check(self, draw: int = CENTRAL) -> None:
        """Ask, and raise AssertionError with both sides where the answer is another than expected."""
        answer = ask(self, self.given, draw)
        other = None if self.than is None else ask(self, {**self.given, **self.than}, draw)
        expected = self.expect if isinstance(self.expect, Mapping) else {"": self.expect}
        for label, value in expected.items():
            got = self._part(answer, label)
            against = None if other is None else self._part(other, label)
            right = self._right(got, value, against)
            what = f"{label}: " if label else ""
            comparison = "" if against is None else f" than {against!r}"
            assert right, (
                f"{self.file}: {self.sentence!r}: {what}expected {value!r}{comparison}, the model says {got!r}"
            )

    def _part(self, answer: Answer, label: str) -> Number | bool | str:
        if not label:
            if isinstance(answer, Mapping):
                raise CaseError(f"{self.file}: {self.sentence!r}: expect: say which of {', '.join(answer)}, as a table")
            return answer
        if not isinstance(answer, Mapping):
            raise CaseError(
                f"{self.file}: {self.sentence!r}: expect: {self.question.name!r} has one answer, not a {label}"
            )
        if label not in answer:
            raise CaseError(explain(self.file, f"{self.sentence!r}: expect", label, ", ".join(answer), answer))
        return answer[label]

    def _right(self, got: Any, expected: Any, against: Any) -> bool:
        if against is not None:
            return ORDERINGS[expected](float(got), float(against))
        if got == expected or isinstance(expected, (str, bool)) or isinstance(got, (str, bool)):
            return bool(got == expected)
        within = EXACT * max(1.0, abs(expected)) if self.within is None else self.within
        return abs(float(got) - expected) <= within


def ask(case: Case, given: dict[str, Any], draw: int) -> Answer:
    """The model's answer to a case's question with these values; parameters that aren't among them are of the draw."""
    asked = case.question
    arguments = {**asked.usual, **{name: value for name, value in given.items() if name in asked.arguments}}
    changed = {name: value for name, value in given.items() if name not in asked.arguments}
    parameters = _taken(asked.takes, draw)._replace(**changed)
    answer = asked.function(parameters, **arguments)
    return {name: _plain(value) for name, value in answer.items()} if isinstance(answer, Mapping) else _plain(answer)


@lru_cache
def _taken(kind: type, draw: int) -> Any:
    return draw_parameters(draw).take(kind)


def _plain(value: Any) -> Number | bool | str:
    return value if isinstance(value, str) else np.asarray(value).reshape(-1)[0].item()


# ---------------------------------------------------------------------- reading


class _Reader(yaml.SafeLoader):
    """Plain YAML in which only true and false are such: on, off, yes and no are words."""


_Reader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Reader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def read_cases(path: Path) -> list[Case]:
    """All cases of a file named after its mechanism (02_absorption.yaml).

    Raises
    ------
    CaseError
        Naming the file, the case and the key that is wrong, with what was probably meant.
    """
    mechanism = path.stem.split("_", 1)[-1]
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=_Reader)
    except (OSError, yaml.YAMLError) as error:
        raise CaseError(f"{path.name}: can't be read as YAML: {error}") from error
    known = {name for section, name in QUESTIONS if section == mechanism}
    if not known:
        names = sorted({section for section, _ in QUESTIONS})
        raise CaseError(explain(path.name, "file name", mechanism, "a mechanism after the number", names))
    if not isinstance(entries, list):
        raise CaseError(f"{path.name}: needs a list of cases, each starting with '- case:'")
    cases = [_case(path.name, mechanism, entry, at) for at, entry in enumerate(entries, start=1)]
    sentences = [case.sentence for case in cases]
    twice = next((sentence for sentence in sentences if sentences.count(sentence) > 1), None)
    if twice:
        raise CaseError(f"{path.name}: {twice!r} stands there more than once")
    return cases


def _case(file: str, mechanism: str, entry: Any, at: int) -> Case:
    if not isinstance(entry, Mapping):
        raise CaseError(f"{file}: case {at}: needs the keys {', '.join(CASE_KEYS)}; found {entry!r}")
    where = repr(entry.get("case", f"case {at}"))
    for key in entry:
        _known(file, where, str(key), CASE_KEYS)
    for key in ("case", "ask", "expect"):
        if key not in entry:
            raise CaseError(f"{file}: {where}: {key} is missing")
    names = [name for section, name in QUESTIONS if section == mechanism]
    _known(file, f"{where}: ask", str(entry["ask"]), names)
    asked = QUESTIONS[mechanism, str(entry["ask"])]
    given = _values(file, f"{where}: given", asked, entry.get("given", {}))
    lacking = [name for name in asked.arguments if name not in given and name not in asked.usual]
    if lacking:
        raise CaseError(f"{file}: {where}: given: {asked.name!r} needs {', '.join(lacking)}")
    than = _values(file, f"{where}: than", asked, entry["than"]) if "than" in entry else None
    case = Case(file, mechanism, str(entry["case"]), asked, given, than, _number(entry["expect"]), None)
    _check_expectation(case, where, entry)
    case.within = _number(entry["within"]) if "within" in entry else None
    return case


def _check_expectation(case: Case, where: str, entry: Mapping[str, Any]) -> None:
    values = case.expect.values() if isinstance(case.expect, Mapping) else [case.expect]
    for value in values:
        if case.than is not None and value not in ORDERINGS:
            allowed = f"{', '.join(ORDERINGS)}, because there is a 'than'"
            raise CaseError(explain(case.file, f"{where}: expect", value, allowed, ORDERINGS))
        if case.than is None and isinstance(value, str) and value in ORDERINGS:
            raise CaseError(
                f"{case.file}: {where}: expect: {value!r} needs 'than': the values of the case it is set against"
            )
    if "within" in entry and not isinstance(_number(entry["within"]), float):
        raise CaseError(explain(case.file, f"{where}: within", entry["within"], "a number of 0 or more"))


def _known(file: str, where: str, found: str, allowed: Iterable[str]) -> None:
    allowed = list(allowed)
    if found not in allowed:
        raise CaseError(explain(file, where, found, ", ".join(allowed), allowed))


def _values(file: str, where: str, asked: Question, given: Any) -> dict[str, Any]:
    """The values of `given` or `than`, checked against what the question and its mechanism take."""
    if not isinstance(given, Mapping):
        raise CaseError(explain(file, where, given, "a table of name: value"))
    checked = {}
    for name, value in given.items():
        _known(file, where, str(name), [*asked.arguments, *asked.takes._fields])  # type: ignore[attr-defined]
        check = _argument if name in asked.arguments else _parameter
        checked[str(name)] = check(file, f"{where}.{name}", asked, name, _number(value))
    return checked


def _argument(file: str, where: str, asked: Question, name: str, value: Any) -> Any:
    kind = asked.arguments[name]
    try:
        return TypeAdapter(kind, config=ConfigDict(strict=True)).validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        words = [word for part in _parts(kind) for word in get_args(part) if get_origin(part) is Literal]
        allowed = ", ".join(words) if first["type"] == "literal_error" else first["msg"]
        raise CaseError(explain(file, where, first["input"], allowed, words)) from error


def _parameter(file: str, where: str, asked: Question, name: str, value: Any) -> Any:
    """A number, or for a parameter of several labelled values a table that replaces some of them."""
    entry = load_parameters()[f"{asked.mechanism}.{name}"]
    if entry.labels is None:
        if isinstance(value, float):
            return value
        raise CaseError(explain(file, where, value, f"a number, in {entry.unit}"))
    if not isinstance(value, Mapping):
        raise CaseError(explain(file, where, value, f"a table with some of {', '.join(entry.labels)}"))
    changed = np.array(entry.value, np.float64)
    for label, number in value.items():
        _known(file, where, str(label), entry.labels)
        if not isinstance(number, float):
            raise CaseError(explain(file, f"{where}.{label}", number, f"a number, in {entry.unit}"))
        changed[entry.labels.index(label)] = number
    return changed


def _parts(kind: Any) -> list[Any]:
    """A type and all types inside it."""
    inside = [] if get_origin(kind) is Literal else [part for arg in get_args(kind) for part in _parts(arg)]
    return [kind, *inside]


def _number(value: Any) -> Any:
    """Percentages as shares and whole numbers as numbers, also inside tables and lists."""
    if isinstance(value, Mapping):
        return {key: _number(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [_number(inside) for inside in value]
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+(\.\d+)?\s?%", value):
        return float(value.rstrip("% ")) / 100.0
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
