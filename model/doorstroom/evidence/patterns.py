"""Patterns that a fitted model must meet: figures with tolerances, written down before anything is tuned.

`experiments/patterns.toml` says what a pattern is and where each comes from. A pattern holds in a run when its figure
lies within the tolerance. Over runs with different draws it is said to hold when it does in at least half of them; the
share is reported with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from doorstroom.errors import DoorstroomError, explain
from doorstroom.evidence.ensemble import Ensemble, Series
from doorstroom.faults import first
from doorstroom.outcomes import COUNTRY, OUTCOMES
from doorstroom.shipped import shipped
from doorstroom.toml_files import read_toml

Floats = NDArray[np.float64]

FILE: Final = Path("experiments") / "patterns.toml"
_MAJORITY: Final = 0.5


class PatternError(DoorstroomError):
    """A file of patterns says something that is not allowed."""


class Figure(NamedTuple):
    """A series in one year."""

    series: Series
    year: int


class Pattern(BaseModel):
    """One pattern as the file states it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    statistic: Literal["country", "correlation", "quartiles"] = "country"
    of: tuple[Figure, ...] = Field(min_length=1)
    over: tuple[Figure, ...] = ()
    value: float
    tolerance: float = Field(gt=0)
    unit: str
    source: str
    why: str

    def figures(self, ensemble: Ensemble) -> Floats:
        """The pattern's figure in every run, shape (runs,)."""
        above = [ensemble.at(*figure) for figure in self.of]
        below = [ensemble.at(*figure) for figure in self.over]
        if self.statistic == "correlation":
            return np.array([np.corrcoef(x[1:], y[1:])[0, 1] for x, y in zip(above[0], below[0], strict=True)])
        if self.statistic == "quartiles":
            low, high = np.nanquantile(above[0][:, 1:], [0.25, 0.75], axis=1)
            return np.asarray(high - low)
        total = sum(part[:, COUNTRY] for part in above)
        return np.asarray(total / sum(part[:, COUNTRY] for part in below) if below else total, np.float64)


class Check(NamedTuple):
    """A pattern held against runs."""

    pattern: Pattern
    figures: Floats

    @property
    def inside(self) -> float:
        """Share of runs in which it holds."""
        return float((np.abs(self.figures - self.pattern.value) <= self.pattern.tolerance).mean())

    @property
    def holds(self) -> bool:
        """Whether it holds in at least half of the runs."""
        return self.inside >= _MAJORITY


def load_patterns(file: Path = FILE) -> list[Pattern]:
    """Read and check a file of patterns.

    Raises
    ------
    PatternError
        Naming the file, the key, what was found and what is allowed.
    """
    patterns, file = [], shipped(file)
    for name, entry in read_toml(file, PatternError, "a table per pattern, such as [technique_share_2021]").items():
        if not isinstance(entry, dict):
            raise PatternError(explain(file, name, entry, "a table"))
        read: dict[str, Any] = {**entry, "name": name}
        for key in ("of", "over"):
            found = entry.get(key, [])
            if not isinstance(found, list):
                raise PatternError(explain(file, f"{name}.{key}", found, 'a list such as ["vmbo_pupils/BB@2021"]'))
            read[key] = [_figure(file, f"{name}.{key}", one) for one in found]
        try:
            patterns.append(Pattern.model_validate(read))
        except ValidationError as error:
            raise PatternError(first(file, error, Pattern, at=[name])) from error
    return patterns


def check(patterns: Sequence[Pattern], ensemble: Ensemble) -> list[Check]:
    """Every pattern against the runs of an ensemble that has the series of `series_of`."""
    return [Check(pattern, pattern.figures(ensemble)) for pattern in patterns]


def series_of(patterns: Sequence[Pattern]) -> list[Series]:
    """The series that the patterns need, each once."""
    return list(dict.fromkeys(figure.series for pattern in patterns for figure in (*pattern.of, *pattern.over)))


def _figure(file: Path, key: str, text: object) -> Figure:
    parts = re.fullmatch(r"([a-z0-9_]+)/(.+)@(\d{4})", text) if isinstance(text, str) else None
    if parts is None:
        raise PatternError(explain(file, key, text, 'outcome/group@year, such as "vmbo_pupils/BB@2021"'))
    outcome, group, year = parts[1], parts[2], int(parts[3])
    if outcome not in OUTCOMES:
        raise PatternError(explain(file, key, outcome, "an outcome of docs/outcomes.md", OUTCOMES))
    if group not in OUTCOMES[outcome].groups:
        groups = OUTCOMES[outcome].groups
        raise PatternError(explain(file, key, group, f"{outcome} has {', '.join(groups)}", groups))
    return Figure((outcome, group), year)
