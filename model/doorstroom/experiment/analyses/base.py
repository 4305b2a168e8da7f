"""What an analysis hands over: tables, the statement of its method with its settings, and what to beware of."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from doorstroom.experiment.results import Results
from doorstroom.experiment.whole_files import atomic, made

FOLDER: Final = "analyses"
_DIGITS: Final = "%.10g"


FEWEST: Final = 50
"""Points below which measures from given data are worth nothing."""


class Told:
    """Warnings, those of equal reason together."""

    def __init__(self) -> None:
        self._of: dict[str, list[str]] = {}

    def add(self, response: object, reason: str) -> None:
        """Something to beware of in a response."""
        self._of.setdefault(reason, []).append(str(response))

    def all(self) -> tuple[str, ...]:
        """One warning per reason."""
        return tuple(f"{', '.join(responses)}: {reason}" for reason, responses in self._of.items())


class Analysis(NamedTuple):
    """One analysis of a study.

    Attributes
    ----------
    name : of its files
    tables : by name; all are written as CSV
    statement : what was done, one or two paragraphs for a method section
    settings : everything that was chosen
    warnings : what keeps the numbers from meaning what they seem to
    read : names of the tables that are to be read, where it is not the first alone
    """

    name: str
    title: str
    tables: Mapping[str, pd.DataFrame]
    statement: str
    settings: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    read: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The first table."""
        return next(iter(self.tables.values()))

    def to_read(self) -> list[pd.DataFrame]:
        """The tables that are to be read."""
        return [self.tables[name] for name in self.read] or [self.table]

    def save(self, folder: Path, results: Results) -> None:
        """Write the tables and the statement into the study's folder."""
        to = folder / FOLDER
        made(to)
        for name, table in self.tables.items():
            with atomic(to / f"{name}.csv") as file:
                file.write(table.to_csv(index=False, float_format=_DIGITS, lineterminator="\n").encode())
        with atomic(to / f"{self.name}.md") as file:
            file.write(self._page(results).encode())

    def _page(self, results: Results) -> str:
        """The statement of method as Markdown."""
        page = io.StringIO()
        page.write(f"# {self.title}\n\n{self.statement}\n\n")
        for warning in self.warnings:
            page.write(f"**Beware.** {warning}\n\n")
        page.write("| setting | value |\n| --- | --- |\n")
        for name, value in {**design_of(results), **self.settings}.items():
            page.write(f"| {name} | {value} |\n")
        page.write(f"\nTables: {', '.join(f'{name}.csv' for name in self.tables)}. Study {results.manifest.study}.\n")
        return page.getvalue()


def design_of(results: Results) -> dict[str, Any]:
    """What every analysis of a study has in common."""
    points, seeds, structures, scenarios, _ = results.readings.shape
    file = results.file
    outcomes = "; ".join(
        f"{name}: {one.outcome} ({one.group}, {one.region}), {_years(one.years)}" for name, one in file.outcomes.items()
    )
    return {
        "study": file.title,
        "scenarios": ", ".join(results.labels) + (f"; baseline {results.labels[0]}" if scenarios > 1 else ""),
        "outcomes": outcomes,
        "design": file.method.title,
        "points": points,
        "seeds": seeds,
        **({"structures": ", ".join(results.manifest.structures)} if structures > 1 else {}),
        "factors": len(results.factors.names),
        "part of the population": f"{file.fraction:g}",
        "inputs": results.manifest.inputs[:12],
        "code": results.manifest.code[:12],
    }


def _years(years: tuple[int, int]) -> str:
    return f"{years[0]}" if years[0] == years[1] else f"mean of {years[0]}-{years[1]}"
