"""Panels, names and the footer that the figures of analyses have in common."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from doorstroom.experiment.results import Response, Results
from doorstroom.reporting.files import DPI
from doorstroom.reporting.language import ENGLISH
from doorstroom.reporting.plots.axes import hide, tick
from doorstroom.reporting.style import sheet

SHOWN = 15
"""Factors in a panel; the tables have all of them."""

_OF = ["kind", "outcome", "scenario"]


def panels(count: int, rows_each: float, *, columns: int = 2, legends: int = 0) -> tuple[Figure, list[Axes]]:
    """A sheet of so many panels, each with room for so many rows of names."""
    columns = min(columns, count)
    rows = -(-count // columns)
    height = rows * (0.9 + 0.19 * max(rows_each, 5)) + 0.8
    figure, axes = sheet(rows, columns, 5.4 * columns, height, legends=legends)
    figure.set_dpi(DPI)  # names are as wide as in the file, so that the layout leaves room for them
    hide(axes[count:])
    return figure, axes


def by_response(table: pd.DataFrame) -> Iterator[tuple[Response, pd.DataFrame]]:
    """The rows of each response, in the order of the table."""
    for key, part in table.groupby(_OF, sort=False):
        yield Response(*key), part


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """Names of rows, the first on top, and a line at zero."""
    ax.set_yticks(range(len(names))[::-1], names, fontsize=7)
    ax.set_ylim(-0.7, len(names) - 0.3)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.axvline(0, color="black", linewidth=0.8)
    ax.xaxis.set_major_formatter(lambda value, _: tick(value, ENGLISH))
    ax.tick_params(axis="x", labelsize=7)


def headed(ax: Axes, response: Response | str, below: str = "") -> None:
    """The title of a panel, in at most two lines, and what its axis is."""
    ax.set_title("\n".join(textwrap.wrap(str(response), 58)[:2]), fontsize=8.5)
    ax.set_xlabel(below, fontsize=8)


def signed(figure: Figure, results: Results, note: str = "") -> None:
    """Where the figure comes from."""
    points, seeds = results.readings.shape[:2]
    design = (
        f"{points:,} points x {seeds} seed{'s' if seeds > 1 else ''}, {results.file.fraction:.3g} of the population"
    )
    text = f"{note} Source: doorstroom, study {results.manifest.study[:12]}; {', '.join(results.labels)}; {design}."
    lines = textwrap.wrap(text.strip(), int(figure.get_figwidth() * 17))
    figure.text(0.006, 0.005, "\n".join(lines), fontsize=7, color="#555555", va="bottom", ha="left")
