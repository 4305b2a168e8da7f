"""Writes QUESTIONS.md, the list of what a case can ask: run it after adding a question.

python tests/cases/dictionary.py
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import questions  # noqa: F401  registers them
from form import QUESTIONS, Question

from doorstroom.parameters import load_parameters

FILE = Path(__file__).with_name("QUESTIONS.md")
HEAD = """# What a case can ask

Made by `python tests/cases/dictionary.py` from `questions/`; don't edit it. Per question what a case can give, with the
value that is usual when it doesn't; `needed` where there is none. Beside these a case can give every parameter of its
mechanism by its name in `model/doorstroom/inputs/parameters.toml`.
"""


def in_words(kind: Any) -> str:
    """A type as someone who writes YAML would call it."""
    if get_origin(kind) is Literal:
        return "word: " + ", ".join(get_args(kind))
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(in_words(part) for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is list:
        return f"a list; each a {in_words(get_args(kind)[0])}"
    if get_origin(kind) is dict:
        name, value = get_args(kind)
        return f"a table of {in_words(value)}s by {in_words(name)}"
    return {float: "number", bool: "true or false", str: "name", int: "year", date: "date"}[kind]


def usual(question: Question, name: str) -> str:
    if name not in question.usual:
        return "needed"
    value = question.usual[name]
    return "none" if value is None else f"`{value:g}`" if isinstance(value, float) else f"`{str(value).lower()}`"


def text() -> str:
    """QUESTIONS.md as it should be, mechanisms in the order of the parameter file."""
    lines = [HEAD]
    order = list(dict.fromkeys(name.split(".")[0] for name in load_parameters()))
    mechanisms = sorted({mechanism for mechanism, _ in QUESTIONS}, key=order.index)
    for number, mechanism in enumerate(mechanisms, start=1):
        lines.append(f"## {number}. {mechanism}\n")
        for question in (question for question in QUESTIONS.values() if question.mechanism == mechanism):
            lines.append(f"**{question.name}** — {' '.join(question.asks.split())}\n")
            lines.append("| given | usual | what |\n| --- | --- | --- |")
            lines += [
                f"| `{name}` | {usual(question, name)} | {in_words(kind)} |"
                for name, kind in question.arguments.items()
            ]
            lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
