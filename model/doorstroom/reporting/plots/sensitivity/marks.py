"""The marks that carry numbers, each with its interval; the other files of this folder place and name them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from doorstroom.reporting.style import UNSURE, Look


def ranked(ax: Axes, table: pd.DataFrame, look: Look, label: str, *, shift: float = 0.0) -> None:
    """Values with their intervals, lying down, the first row on top; columns value, low, high.

    A value without an interval (one seed) is drawn open.
    """
    at = np.arange(len(table))[::-1] + shift
    value, low, high = (table[column].to_numpy(np.float64) for column in ("value", "low", "high"))
    known = np.isfinite(low) & np.isfinite(high)
    for place, left, right in zip(at[known], low[known], high[known], strict=True):
        ax.plot([left, right], [place, place], color=look.colour, linewidth=1.6, solid_capstyle="butt")
    for some, face in ((known, look.colour), (~known, "white")):
        ax.plot(
            value[some], at[some], linestyle="none", marker=look.marker, markersize=4.5, color=look.colour,
            markerfacecolor=face,
        )  # fmt: skip
    ax.plot([], [], color=look.colour, marker=look.marker, markersize=4.5, linewidth=1.6, label=label)


def beyond(ax: Axes, edge: float) -> None:
    """Everything up to what the inert dummy reaches by chance, in grey."""
    if np.isfinite(edge) and edge > 0:
        ax.axvspan(0, edge, color=UNSURE, alpha=0.18, linewidth=0)


def spans(ax: Axes, table: pd.DataFrame, looks: Sequence[Look], labels: Sequence[str]) -> None:
    """Bars from zero to the change at a low and at a high value, with their intervals; columns low and high of each.

    Columns: low, high and their intervals low_low, low_high, high_low, high_high.
    """
    at = np.arange(len(table))[::-1]
    for side, look, label in zip(("low", "high"), looks, labels, strict=True):
        value = table[side].to_numpy(np.float64)
        ax.barh(at, value, height=0.62, color=look.colour, label=label)
        left, right = (table[f"{side}_{end}"].to_numpy(np.float64) for end in ("low", "high"))
        for place, from_, to in zip(at, left, right, strict=True):
            if np.isfinite(from_):
                ax.plot([from_, to], [place, place], color="black", linewidth=0.9)


def over_sizes(ax: Axes, table: pd.DataFrame, look: Look, label: str) -> None:
    """An index against the size of the sample, with its interval; columns size, value, low, high."""
    sizes, value, low, high = (table[column].to_numpy(np.float64) for column in ("size", "value", "low", "high"))
    ax.fill_between(sizes, low, high, color=look.colour, alpha=0.10, linewidth=0)
    ax.plot(sizes, value, color=look.colour, linestyle=look.line, marker=look.marker, markersize=3.5, label=label)


def against(ax: Axes, table: pd.DataFrame, look: Look) -> None:
    """mu* with its interval against sigma; columns value, low, high, sigma."""
    for row in table.itertuples():
        ax.plot([row.low, row.high], [row.sigma, row.sigma], color=look.colour, linewidth=0.8, alpha=0.6)
    ax.plot(table["value"], table["sigma"], linestyle="none", marker=look.marker, markersize=4, color=look.colour)


def limits(ax: Axes, table: pd.DataFrame, look: Look) -> None:
    """Limits of a box within the whole range of each factor, which is the grey bar; columns from 0 to 1."""
    at = np.arange(len(table))[::-1]
    ax.barh(at, np.ones(len(table)), height=0.5, color="#e4e4e4")
    ax.barh(at, table["high"] - table["low"], left=table["low"], height=0.5, color=look.colour)


def path(ax: Axes, table: pd.DataFrame, look: Look) -> None:
    """Boxes by coverage and density, the chosen one marked; they describe runs and have no interval."""
    ax.plot(table["coverage"], table["density"], color=look.colour, marker=look.marker, markersize=3, linewidth=0.8)
    chosen = table[table["chosen"] == "yes"]
    ax.plot(chosen["coverage"], chosen["density"], "o", markersize=9, markerfacecolor="none", color="black")
