"""Figures of the analyses of a study, one file per kind of question; all draw from the tables of an analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from doorstroom.reporting.plots.sensitivity import choice, indices, shares
from doorstroom.reporting.style import Plot
from doorstroom.study.analyses.base import Analysis
from doorstroom.study.results import Results

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
    """The figures of an analysis; none where its table is empty."""
    if len(analysis.table):
        yield from _FIGURES[analysis.name](analysis, results)
