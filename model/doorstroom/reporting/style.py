"""One style for all figures: readable in grey, colour-blind safe, and never without its source."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patheffects import withStroke

from doorstroom.experiment.effects import FEWEST_FOR_LEVEL
from doorstroom.experiment.manifest import Manifest
from doorstroom.parameters import CENTRAL
from doorstroom.reporting.language import ENGLISH, Language

# Okabe and Ito (2008) and darker ones of Tol (2021), each with a contrast of 3 or more on white; twelve, so that up to
# that many scenarios have a colour, a dash and a marker of their own; the baseline is black
_COLOURS: Final = (
    "#000000", "#0072B2", "#D55E00", "#00795A", "#AA3377", "#5A3E9B",
    "#8C6D00", "#00808C", "#B2182B", "#5E7D00", "#7A4A1E", "#555555",
)  # fmt: skip
_LINES: Final = (
    "-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)),
    (0, (1, 2)), (0, (10, 2, 2, 2)), (0, (3, 3)), (0, (6, 1)), (0, (2, 1, 4, 1)), (0, (12, 4)),
)  # fmt: skip
_MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "h", "*")

HIGHER: Final = "#0072B2"
LOWER: Final = "#D55E00"
UNSURE: Final = "#999999"

LEGEND_COLUMNS: Final = 5
_FOOT: Final = 0.5  # inches, for three lines

_SETTINGS: Final[Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and scaled
    "svg.hashsalt": "doorstroom",  # equal figures give equal files
}


class Look(NamedTuple):
    """How a scenario is drawn; colour, line and marker each tell it apart."""

    colour: str
    line: Any
    marker: str


class Plot(NamedTuple):
    """A figure and what it shows, for those who don't see it."""

    name: str
    figure: Figure
    caption: str


def looks(labels: Sequence[str]) -> dict[str, Look]:
    """A look for every scenario, the baseline first."""
    return {
        label: Look(
            _COLOURS[i % len(_COLOURS)], _LINES[(i + i // len(_COLOURS)) % len(_LINES)], _MARKERS[i % len(_MARKERS)]
        )
        for i, label in enumerate(labels)
    }


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style without touching the caller's settings."""
    with mpl.rc_context(_SETTINGS):
        yield


def sheet(rows: int, columns: int, width: float, height: float, *, legends: int = 0) -> tuple[Figure, list[Axes]]:
    """A figure of small multiples with room for a legend of so many entries above and for a footer below.

    Figures are made without pyplot: no global state, no window, whatever backend the caller uses.
    """
    top = 0.1 + 0.19 * -(-legends // LEGEND_COLUMNS) if legends else 0.0
    room = ConstrainedLayoutEngine(rect=(0, _FOOT / height, 1, 1 - (_FOOT + top) / height), hspace=0.06, wspace=0.04)
    figure = Figure(figsize=(width, height), layout=room)
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, list(axes.ravel())


def blank(width: float, height: float) -> Figure:
    """A figure whose axes are placed by hand."""
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def legend(figure: Figure, axes: Axes) -> None:
    """One legend for all axes, on top."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper left", ncols=LEGEND_COLUMNS, handlelength=3.5, fontsize=8)


def footer(figure: Figure, manifest: Manifest, language: Language, note: str = "") -> None:
    """Where the figure comes from."""
    titles = [one.title for one in manifest.scenarios]
    names = ", ".join(language(one) if language.translates(one) else one for one in titles)
    source = language("Source: doorstroom, study {study}", study=manifest.study[:12])
    note_below(figure, f"{note} {source}; {names}; {design(manifest, language)}.".strip())


def note_below(figure: Figure, text: str) -> None:
    """A note at the foot of a figure."""
    room = int(figure.get_figwidth() * 17)
    figure.text(0.006, 0.005, "\n".join(textwrap.wrap(text, room)), fontsize=7, color="#555555", va="bottom", ha="left")


def design(manifest: Manifest, language: Language = ENGLISH) -> str:
    """Size of the study in words."""
    draws, seeds = len(manifest.draws), manifest.seeds
    parameters = (
        language("the central parameter values")
        if manifest.draws == (CENTRAL,)
        else language("1 draw of the parameters")
        if draws == 1
        else language("{draws} draws of the parameters", draws=draws)
    )
    luck = language("1 seed") if seeds == 1 else language("{seeds} seeds", seeds=seeds)
    return ", ".join([people(manifest, language), parameters, *([luck] if seeds > 1 else [])])


def people(manifest: Manifest, language: Language = ENGLISH) -> str:
    """Who is modelled."""
    if manifest.fraction == 1:
        return language("everybody")
    return language("a sample of {part} of the people", part=language.figure(f"{manifest.fraction * 100:.4g}%"))


def band(manifest: Manifest, language: Language = ENGLISH) -> str:
    """What the interval is: that of 90%, or with too few draws for it the range of the runs."""
    units = len(manifest.draws) if len(manifest.draws) > 1 else manifest.seeds
    return language("90% interval" if units >= FEWEST_FOR_LEVEL else "range of the runs")


def border(axes: Axes, last_observed: int, years: Sequence[int], language: Language, *, named: bool) -> None:
    """A line between the years that have been observed and those that are projected."""
    if not years[0] <= last_observed < years[-1]:
        return
    at = last_observed + 0.5
    axes.axvline(at, color="#777777", linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
    if not named:
        return
    for word, side, alignment in (("hindcast", -0.25, "right"), ("projection", 0.25, "left")):
        axes.text(
            at + side, 0.985, language(word), ha=alignment, va="top", rotation=90,
            fontsize=6.5, color="#555555", transform=axes.get_xaxis_transform(),
            zorder=5, path_effects=[withStroke(linewidth=2, foreground="white")],
        )  # fmt: skip


def year_axis(axes: Axes, years: Sequence[int], language: Language) -> None:
    """School years along the axis, at round numbers."""
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    axes.set_xticks([year for year in years if year % 5 == 0])
    axes.set_xlabel(language("1 October of year"), fontsize=8)
