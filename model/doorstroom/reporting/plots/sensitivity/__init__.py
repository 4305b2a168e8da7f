"""Figures of the analyses of a study, one file per kind of question; all draw from the tables of an analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from doorstroom.experiment.analyses.base import Analysis
from doorstroom.experiment.results import Results
from doorstroom.reporting.plots.sensitivity import choice, indices, shares
from doorstroom.reporting.style import Plot

_FIGURES: dict[str, Callable[[Analysis, Results], Iterator[Plot]]] = {
    "means": shares.means,
    "indices": indices.indices,
    "delta": indices.given_data,
    "pawn": indices.given_data,
    "variance": shares.variance,
    "discovery": choice.discovery,
    "regret": choice.regret,
    "information": choice.information,
}


def figures(analysis: Analysis, results: Results) -> Iterator[Plot]:
    """The figures of an analysis, of what varies; none where nothing does."""
    tables = {name: _varying(table) for name, table in analysis.tables.items()}
    if len(tables[next(iter(tables))]):
        yield from _FIGURES[analysis.name](analysis._replace(tables=tables), results)


def _varying(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of responses that have indices."""
    of = [column for column in ("kind", "outcome", "scenario") if column in table]
    if len(of) < 3 or "value" not in table:
        return table
    return table[table.groupby(of, sort=False)["value"].transform("count") > 0]
