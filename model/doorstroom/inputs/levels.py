"""Levels that were observed of the country, year by year, to stand beside the model's.

The tables lie in `data/levels`, one per subject, a row per figure:

    year, outcome, group    what of the dictionary of outcomes, on the 1 October of that year
    base                    a year where the figure is the outcome's ratio to that year's, else empty
    value, low, high        the figure and how far off it may be (rounding, sampling, how it was derived)
    role                    drives, where the model takes the figure itself as an input, else check
    source                  who says so, and how it was derived where nobody says it outright
    if_missed               why, where it is known that the model misses it

Whoever finds a figure adds a row; the command and its page need nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final, Literal, NamedTuple

import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.outcomes import OUTCOMES

COLUMNS: Final = ("year", "outcome", "group", "base", "value", "low", "high", "role", "source", "if_missed")
ROLES: Final = ("check", "drives")
_NUMBERS: Final = ("value", "low", "high")


class Level(NamedTuple):
    """One observed figure; `subject` is the table it stands in."""

    subject: str
    year: int
    outcome: str
    group: str
    base: int | None
    value: float
    low: float
    high: float
    role: Literal["check", "drives"]
    source: str
    if_missed: str

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the outcome that the figure is made of."""
        return (self.year,) if self.base is None else (self.year, self.base)


def load_levels(files: Sequence[Path] = ()) -> list[Level]:
    """All figures of the package, or of these files instead.

    Raises
    ------
    InputError
        Naming the file, the row and the column, what was found and what is allowed.
    """
    folder = resources.files("doorstroom.inputs") / "data" / "levels"
    tables: list[Traversable] = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".csv")), key=lambda file: file.name
    )
    return [level for file in list(files) or tables for level in _read(file)]


def _read(file: Traversable) -> list[Level]:
    try:
        with file.open(encoding="utf-8") as text:
            table = pd.read_csv(text, dtype=str, keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{file}: can't be read as a table: {error}") from error
    for column in COLUMNS:
        if column not in table:
            raise InputError(explain(str(file), column, "no such column", ", ".join(COLUMNS), list(table.columns)))
    return [_level(file, row, cells) for row, cells in enumerate(table[list(COLUMNS)].to_dict("records"), start=2)]


def _level(file: Traversable, row: int, cells: dict[str, str]) -> Level:
    def refuse(column: str, allowed: str, known: Sequence[str] = ()) -> InputError:
        return InputError(explain(str(file), f"row {row}: {column}", cells[column], allowed, known))

    if cells["outcome"] not in OUTCOMES:
        raise refuse("outcome", "an outcome of docs/outcomes.md", list(OUTCOMES))
    groups = OUTCOMES[cells["outcome"]].groups
    if cells["group"] not in groups:
        raise refuse("group", ", ".join(groups), groups)
    if cells["role"] not in ROLES:
        raise refuse("role", " or ".join(ROLES), ROLES)
    for column in ("year", "base"):
        if not cells[column].isdecimal() and not (column == "base" and cells[column] == ""):
            raise refuse(column, "a year")
    numbers = {}
    for column in _NUMBERS:
        try:
            numbers[column] = float(cells[column])
        except ValueError:
            raise refuse(column, "a number") from None
    if not numbers["low"] <= numbers["value"] <= numbers["high"]:
        raise refuse("value", f"a number from low to high, {numbers['low']:g} to {numbers['high']:g}")
    if not cells["source"]:
        raise refuse("source", "who says so")
    return Level(
        subject=file.name.removesuffix(".csv"),
        year=int(cells["year"]),
        outcome=cells["outcome"],
        group=cells["group"],
        base=int(cells["base"]) if cells["base"] else None,
        role="drives" if cells["role"] == "drives" else "check",
        source=cells["source"],
        if_missed=cells["if_missed"],
        **numbers,
    )
