"""The few exceptions a user can meet; each message says what to do."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeVar

Fault = TypeVar("Fault")

MOST_TOLD: Final = 50
"""Faults of one file that are told; who made more made one mistake many times."""


class DoorstroomError(Exception):
    """Base of every error that is the input's fault or the machine's, not the program's."""


class InputError(DoorstroomError):
    """An input file (official data, input set, stored run) can't be used as it is."""


class ScenarioError(DoorstroomError):
    """A scenario file says something that is not allowed."""


class ParameterError(DoorstroomError):
    """A parameter is unknown, malformed or out of range."""


class StoreError(DoorstroomError):
    """A study folder can't be read or written."""


def explain(file: Path | str, key: str, found: object, allowed: str, known: Iterable[str] = ()) -> str:
    """One message for one fault: file, key, what was found, what is allowed, what was probably meant.

    `known` are the valid names near which a misspelt one is looked up.
    """
    message = f"{file}: {key}: found {found!r}; allowed: {allowed}"
    near = nearest(str(found), known) or nearest(key.rsplit(".", 1)[-1], known)
    return f"{message}; did you mean {near!r}?" if near else message


def told(file: Path | str, faults: Sequence[Fault], tell: Callable[[Fault], str]) -> list[str]:
    """A message per fault, each once, and after the first fifty how many more there are."""
    messages = list(dict.fromkeys(line for fault in faults[:MOST_TOLD] for line in tell(fault).splitlines()))
    if len(faults) > MOST_TOLD:
        messages.append(f"{file}: and {len(faults) - MOST_TOLD:,} faults more")
    return messages


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name closest to `word`, or None when nothing is close."""
    names = {name.casefold(): name for name in known}
    if word.casefold() in names:
        return None if names[word.casefold()] == word else names[word.casefold()]
    match = difflib.get_close_matches(word.casefold(), names, n=1, cutoff=0.6)
    return names[match[0]] if match else None
