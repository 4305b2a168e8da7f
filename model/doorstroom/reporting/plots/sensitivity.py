"""What the outcomes depend on: tornado, bars of indices with their confidence, and Morris' plane.

Read from the table of indices that `study.analyses.indices` hands over: columns kind, outcome, scenario,
measure, factor, with, value, low, high.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.plots.axes import tick
from doorstroom.reporting.plots.marks import index_bar, index_point
from doorstroom.reporting.plots.regional import slug
from doorstroom.reporting.style import HIGHER, LOWER, Plot, house_style, legend, note_below, sheet

MOST: Final = 20
"""Factors in one figure; the rest matter less than these and are counted in the note."""

_COLOURS: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7")
_TITLES: Final = {
    "S1": "S1, alone",
    "ST": "ST, with all its interactions",
    "mu_star": "\u03bc*",
    "low": "at the low end of its prior",
    "high": "at the high end of its prior",
}
_RESPONSE: Final = ["kind", "outcome", "scenario"]


def sensitivity(table: pd.DataFrame, study: str, language: Language = ENGLISH) -> Iterator[Plot]:
    """A figure per response: which one depends on the measures that its method has."""
    for response, part in table.groupby(_RESPONSE, sort=False):
        main = part[part["with"].fillna("") == ""]  # second-order indices have two factors and no bar
        measures = set(main["measure"])
        named = " ".join(str(word) for word in response)
        if {"low", "high", "range"} <= measures:
            yield _tornado(main, named, study, language)
        elif {"mu_star", "sigma"} <= measures:
            yield _plane(main, named, study, language)
        elif measures:
            yield _bars(main, named, study, language)


def _tornado(table: pd.DataFrame, named: str, study: str, language: Language) -> Plot:
    """Change of the response when one factor goes to either end of its prior, the widest on top."""
    factors = _ranked(table, "range")
    with house_style():
        figure, (ax,) = sheet(1, 1, 9.5, 1.6 + 0.27 * len(factors), legends=2)
        for measure, colour in (("low", LOWER), ("high", HIGHER)):
            _each(ax, table, measure, factors, colour, language)
        ax.axvline(0, color="black", linewidth=1)
        _finish(ax, factors, language, language("change of the outcome"))
        legend(figure, ax)
        ax.set_title(named)
        note_below(figure, _note(table, factors, study, language))
    return Plot(f"tornado-{slug(named)}", figure, f"{language('One factor at a time')}: {named}")


def _bars(table: pd.DataFrame, named: str, study: str, language: Language) -> Plot:
    """Indices with their confidence, the largest total (or only) index on top."""
    measures = list(dict.fromkeys(table["measure"]))
    factors = _ranked(table, "ST" if "ST" in measures else measures[0])
    with house_style():
        figure, (ax,) = sheet(1, 1, 9.5, 1.6 + 0.3 * len(factors), legends=len(measures))
        for at, measure in enumerate(measures):
            shift = (at - (len(measures) - 1) / 2) * 0.3
            _each(ax, table, measure, factors, _COLOURS[at % len(_COLOURS)], language, shift)
        ax.axvline(0, color="black", linewidth=1)
        _finish(ax, factors, language, language("index"))
        legend(figure, ax)
        ax.set_title(named)
        note_below(figure, _note(table, factors, study, language))
    return Plot(f"indices-{slug(named)}", figure, f"{language('Sensitivity indices')}: {named}")


def _plane(table: pd.DataFrame, named: str, study: str, language: Language) -> Plot:
    """Morris: how much a factor moves the response, against how unevenly it does so."""
    factors = _ranked(table, "mu_star")
    by_factor = table.set_index(["measure", "factor"])
    with house_style():
        figure, (ax,) = sheet(1, 1, 9.5, 6.2)
        for factor in factors:
            middle, low, high = (float(by_factor.loc[("mu_star", factor), part]) for part in ("value", "low", "high"))
            sigma = float(np.nan_to_num(by_factor.loc[("sigma", factor), "value"]))
            index_point(ax, middle, sigma, low, high, _COLOURS[0])
            ax.annotate(factor, (middle, sigma), xytext=(5, 3), textcoords="offset points", fontsize=7)
        ax.set_xlim(left=0)
        ax.set_ylim(bottom=0)
        ax.axline((0, 0), slope=1, color="#999999", linewidth=0.8, linestyle=":")
        ax.set_xlabel(language("\u03bc*: mean absolute elementary effect"), fontsize=8)
        ax.set_ylabel(language("\u03c3: their standard deviation"), fontsize=8)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(lambda value, _: tick(value, language))
        ax.set_title(named)
        note_below(figure, _note(table, factors, study, language))
    return Plot(f"morris-{slug(named)}", figure, f"{language('Elementary effects after Morris')}: {named}")


def _ranked(table: pd.DataFrame, measure: str) -> list[str]:
    """The factors that matter most, the largest first; those without an index are left out."""
    values = table[table["measure"] == measure].dropna(subset=["value"])
    return [str(factor) for factor in values.sort_values("value", ascending=False, kind="stable")["factor"][:MOST]]


def _each(
    ax: Axes,
    table: pd.DataFrame,
    measure: str,
    factors: Sequence[str],
    colour: str,
    language: Language,
    shift: float = 0.0,
) -> None:
    rows = table[table["measure"] == measure].set_index("factor")
    for at, factor in enumerate(factors):
        value, low, high = (float(rows.loc[factor, part]) for part in ("value", "low", "high"))
        label = language(_TITLES.get(measure, measure)) if at == 0 and measure in _TITLES else measure
        index_bar(ax, at + shift, value, low, high, colour, label=label if at == 0 else None)


def _finish(ax: Axes, factors: Sequence[str], language: Language, label: str) -> None:
    ax.set_yticks(range(len(factors)), factors, fontsize=7.5)
    ax.set_ylim(len(factors) - 0.4, -0.6)
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel(label, fontsize=8)
    ax.xaxis.set_major_formatter(lambda value, _: tick(value, language))


def _note(table: pd.DataFrame, factors: Sequence[str], study: str, language: Language) -> str:
    source = language("Source: doorstroom, study {study}", study=study[:12])
    what = language("Thin lines: confidence interval of the index; none where a line is missing.")
    left = table["factor"].nunique() - len(factors)
    rest = language(" {count} factors that matter less are left out.", count=left) if left > 0 else ""
    return f"{what}{rest} {source}."
