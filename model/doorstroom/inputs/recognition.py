"""What a file of a folder is: by DUO's name for it, or else by its columns, whatever it is called."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Final

from doorstroom.inputs import official as files
from doorstroom.inputs.readers import Official, first_headings, plain

_BY_COLUMNS: Final = tuple(form for form in files.ALL if form is not files.MEMBERS)
"""A membership file is short and the user's own: only its name tells it from any other list of locations."""


def form_of(path: Path) -> Official | None:
    """The official file that this one is, in one of its editions; None where it is none that is read."""
    named = [form for form in files.ALL if form.match(path.name)]
    if named:
        return named[0]
    return _by_columns(_headings(path)) if path.name.casefold().removesuffix(".gz").endswith(".csv") else None


def why_not_read(path: Path) -> str:
    """Why a file isn't read, where that is known: by what it holds, or else by its name."""
    there = set(_headings(path))
    held = next((one.why for one in files.NOT_READ if one.columns and set(map(plain, one.columns)) <= there), "")
    if held:
        return held
    return next((one.why for one in files.NOT_READ if one.name and re.fullmatch(one.name, path.name.casefold())), "")


def _by_columns(there: Collection[str]) -> Official | None:
    fitting = [form for form in _BY_COLUMNS if _fits(form, there)]
    fitting.sort(key=lambda form: -len(form.columns))
    if len(fitting) > 1 and len(fitting[0].columns) == len(fitting[1].columns):
        return None
    return fitting[0] if fitting else None


def _fits(form: Official, there: Collection[str]) -> bool:
    """Whether all columns that are needed are there, and one of those that are repeated."""
    needed = [column for column in form.columns.values() if column.needed]
    once = all(any(plain(alias) in there for alias in column.headings) for column in needed)
    often = not form.repeated or any(re.fullmatch(pattern, text) for pattern in form.repeated for text in there)
    return once and often


def _headings(path: Path) -> tuple[str, ...]:
    stat = path.stat()
    return _read_headings(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=256)
def _read_headings(path: Path, size: int, changed: int) -> tuple[str, ...]:
    return first_headings(path)
