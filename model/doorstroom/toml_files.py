"""TOML files that people write: read them, and say what is wrong with them in one line per fault."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic_core import PydanticCustomError

from doorstroom.errors import DoorstroomError, explain

_LONGEST_QUOTE: Final = 80


def read_toml(file: Path, fault: type[DoorstroomError], needed: str) -> dict[str, Any]:
    """The content of a TOML file.

    Parameters
    ----------
    fault : the exception that tells what is wrong, with the line where it is
    needed : what a file of this kind holds, for one that holds nothing
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise fault(explain(file, "file", error.strerror, "a file that can be read")) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise fault(explain(file, f"line {line}", data[error.start : error.end], "text in UTF-8")) from error
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise fault(_not_toml(file, text, error)) from error
    if not content:
        raise fault(explain(file, "file", Words("nothing"), needed))
    return content


def _not_toml(file: Path, text: str, error: Exception) -> str:
    """tomllib names the line, or says that the text ended too early."""
    if not isinstance(error, tomllib.TOMLDecodeError):
        return explain(file, "file", str(error), "TOML")
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
    lines = text.rstrip().split("\n")
    line = int(place[1]) if place and place[1] else len(lines)
    reason = str(error)[: place.start()] if place else str(error)
    twice = reason.startswith(("Cannot overwrite", "Cannot declare", "Cannot mutate"))
    found = lines[line - 1].strip() if line <= len(lines) else ""
    return explain(file, f"line {line}", quoted(found), "each key once" if twice else f"TOML ({reason})")


class _Names(tuple[str, ...]):
    """Names that may have been meant. Pydantic prints what an error holds, also where nobody asks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{len(self)} names"


def broken_rule(allowed: str, known: Collection[str] = (), found: object = None) -> PydanticCustomError:
    """The error of a rule that a value breaks: what is allowed, and the names it may have meant.

    `found` is the part of the value that breaks it, where that isn't all of it.
    """
    about = {"allowed": allowed, "known": _Names(known)} | ({} if found is None else {"found": found})
    return PydanticCustomError("rule", "allowed: {allowed}", about)


class Words(str):
    """Text that is printed without quotes, because it tells about what was found."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def quoted(found: object) -> object:
    """What was found, in at most one line; of a long table as many entries as fit, whole."""
    if isinstance(found, Mapping) and found:
        return Words(_table(found))
    try:
        text = repr(found)
    except (ValueError, RecursionError):  # numbers of thousands of digits, tables in tables without end
        return Words("something too long to print")
    return found if len(text) <= _LONGEST_QUOTE else Words(text[: _LONGEST_QUOTE - 3] + "...")


def _table(found: Mapping[Any, Any]) -> str:
    """A table as TOML writes it."""
    told: list[str] = []
    for key, value in found.items():
        whole = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1
        told.append(f"{dotted([str(key)])} = {f'{int(value):_}' if whole else repr(quoted(value))}")
        if len(", ".join(told)) > _LONGEST_QUOTE and len(told) > 1:
            told[-1:] = [f"and {len(found) - len(told) + 1:,} more"]
            break
    return f"{{ {', '.join(told)} }}"


def dotted(path: list[int | str]) -> str:
    """A place in a file as TOML writes it."""
    place = ""
    for part in path:
        if isinstance(part, int):
            place += f"[{part}]"
        else:
            plain = re.fullmatch("[A-Za-z0-9_-]+", part)
            place += ("." if place else "") + (part if plain else f'"{repr(part)[1:-1]}"')
    return place
