"""One style for all figures: readable in grey, colour-blind safe, and never without its source."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from doorstroom.parameters import CENTRAL
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.study.manifest import Manifest
from doorstroom.study.store import atomic

# Okabe and Ito (2008), without the yellow that is lost on white; the baseline is black
_COLOURS: Final = ("#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
_LINES: Final = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 2)))
_MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X")

HIGHER: Final = "#0072B2"
LOWER: Final = "#D55E00"
UNSURE: Final = "#999999"

LEGEND_COLUMNS: Final = 5

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
    room = ConstrainedLayoutEngine(rect=(0, 0.42 / height, 1, 1 - (0.42 + top) / height), hspace=0.06, wspace=0.04)
    figure = Figure(figsize=(width, height), layout=room)
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, list(axes.ravel())


def legend(figure: Figure, axes: Axes) -> None:
    """One legend for all axes, on top."""
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper left", ncols=LEGEND_COLUMNS, handlelength=3.5, fontsize=8)


def footer(figure: Figure, manifest: Manifest, note: str = "") -> None:
    """Where the figure comes from."""
    names = ", ".join(scenario.label for scenario in manifest.scenarios)
    source = f"Source: doorstroom, study {manifest.study[:12]}; scenarios {names}; {design(manifest)}."
    text = f"{note} {source}".strip()
    room = int(figure.get_figwidth() * 17)
    figure.text(0.006, 0.005, "\n".join(textwrap.wrap(text, room)), fontsize=7, color="#555555", va="bottom", ha="left")


def design(manifest: Manifest, language: Language = ENGLISH) -> str:
    """Size of the study in words."""
    draws, seeds = len(manifest.draws), len(manifest.seeds)
    part = language.figure(f"{manifest.fraction * 100:.4g}%")
    parameters = (
        language("the central parameter values")
        if manifest.draws == (CENTRAL,)
        else language("1 draw of the parameters")
        if draws == 1
        else language("{draws} draws of the parameters", draws=draws)
    )
    luck = language("1 seed") if seeds == 1 else language("{seeds} seeds", seeds=seeds)
    people = language("everybody") if manifest.fraction == 1 else language("{part} of the population", part=part)
    return f"{people}, {parameters} \u00d7 {luck}"


def border(axes: Axes, last_observed: int, years: Sequence[int], *, named: bool) -> None:
    """A line between the years that have been observed and those that are projected."""
    if not years[0] <= last_observed < years[-1]:
        return
    at = last_observed + 0.5
    axes.axvline(at, color="#777777", linewidth=0.9, linestyle=(0, (2, 2)), zorder=1)
    if named:
        place = axes.get_xaxis_transform()
        axes.text(
            at - 0.25,
            0.985,
            "hindcast",
            fontsize=6.5,
            color="#555555",
            ha="right",
            va="top",
            rotation=90,
            transform=place,
        )
        axes.text(
            at + 0.25,
            0.985,
            "projection",
            fontsize=6.5,
            color="#555555",
            ha="left",
            va="top",
            rotation=90,
            transform=place,
        )


def year_axis(axes: Axes, years: Sequence[int]) -> None:
    """School years along the axis, at round numbers."""
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    axes.set_xticks([year for year in years if year % 5 == 0])
    axes.set_xlabel("1 October of year", fontsize=8)


def save(plot: Plot, folder: Path, manifest: Manifest) -> str:
    """Write SVG and PNG with the study's identity in their metadata; returns the SVG for the page."""
    folder.mkdir(parents=True, exist_ok=True)
    about = {"Title": plot.name, "Description": f"{plot.caption} doorstroom study {manifest.study}"}
    with house_style():
        drawn = io.BytesIO()
        plot.figure.savefig(drawn, format="svg", metadata={**about, "Date": None, "Creator": "doorstroom"})
        svg = drawn.getvalue()
        with atomic(folder / f"{plot.name}.svg") as file:
            file.write(svg)
        with atomic(folder / f"{plot.name}.png") as file:
            plot.figure.savefig(file, format="png", dpi=150, metadata={**about, "Software": "doorstroom"})
    return for_page(svg.decode(), plot.name, plot.caption)


def for_page(svg: str, name: str, caption: str) -> str:
    """An SVG file as a part of a page: ids that are its own, a label to be read aloud, no fixed size."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    body = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{name}-\1"', body)
    body = re.sub(r'\s(?:width|height)="[\d.]+pt"', "", body, count=2)
    body = re.sub(r' xmlns(?::xlink)?="[^"]+"', "", body)
    # three decimals of a point are finer than any screen, and a third of the bytes
    body = re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", body)
    label = caption.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return body.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
