"""From primary school to technical work: how many persons took each step in a year, under one scenario."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from doorstroom.experiment.effects import Summary
from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.style import Plot, blank, footer, house_style
from doorstroom.reporting.wording import summary_text

COLUMNS: Final = (
    ("primary school", "outside"),
    ("secondary education",),
    ("vmbo technique", "tl", "other secondary"),
    ("mbo technique", "other mbo"),
    ("technical work", "other work", "hbo technique", "elsewhere"),
)
"""Where persons are, from left to right. Those who leave secondary education are told apart by what they chose."""

TECHNICAL: Final = ("vmbo technique", "mbo technique", "technical work", "hbo technique")


class Flow(NamedTuple):
    """A band: from, to, and how many persons."""

    start: str
    end: str
    persons: Summary


class Node(NamedTuple):
    """A place in the drawing: its column, and its top and height in persons."""

    column: int
    top: float
    size: float


def flows(findings: Findings, label: str, year: int) -> list[Flow]:
    """All steps of a year for the country."""
    at = findings.years.index(year)
    return [
        Flow(start, end, findings.level(label, ("moves", f"{start} > {end}")).at(at))
        for start, end in (group.split(" > ") for group in OUTCOMES["moves"].groups)
    ]


def way(findings: Findings, language: Language = ENGLISH) -> Plot:
    """The flow diagram of the baseline in the named year; every band is told with its 90% interval."""
    label, year = findings.comparison.baseline, findings.year
    steps = flows(findings, label, year)
    with house_style():
        figure = blank(9.5, 6.4)
        ax = figure.add_axes((0.005, 0.09, 0.99, 0.83))
        _draw(ax, steps, language)
        about: dict[str, object] = {"scenario": findings.title(label, language), "year": year}
        heading = language("The way to technical work: {scenario}, school year before 1 October {year}", **about)
        figure.suptitle(heading, x=0.006, ha="left", fontsize=10, fontweight="bold")
        note = language("Width of a band: median number of persons; in brackets: the interval. Blue: technique.")
        footer(figure, findings.comparison.manifest, language, note)
    return Plot("way", figure, f"{heading}. {note}")


def nodes(sizes: Mapping[tuple[str, str], float], gap: float = 0.06) -> dict[str, Node]:
    """Places of all nodes, each as tall as the larger of what comes in and what goes out.

    `sizes` has the persons of each band, and `gap` is the room between nodes as a part of the tallest column.
    """
    tall = {}
    for name in (name for column in COLUMNS for name in column):
        into = sum(size for (_, end), size in sizes.items() if end == name)
        out = sum(size for (start, _), size in sizes.items() if start == name)
        tall[name] = max(into, out)
    room = max(sum(tall[name] for name in column) for column in COLUMNS) * gap
    places = {}
    for at, column in enumerate(COLUMNS):
        top = 0.0
        for name in column:
            places[name] = Node(at, top, tall[name])
            top += tall[name] + room
    return places


def _draw(ax: Axes, steps: list[Flow], language: Language) -> None:
    sizes = {(flow.start, flow.end): float(np.nan_to_num(flow.persons.median)) for flow in steps}
    places = nodes(sizes)
    width = 0.035
    left = {name: 0.005 + node.column * 0.86 / (len(COLUMNS) - 1) for name, node in places.items()}
    out = {name: node.top for name, node in places.items()}
    into = dict(out)
    depth = max(node.top + node.size for node in places.values())
    for flow in sorted(steps, key=lambda flow: (places[flow.start].top, places[flow.end].top)):
        size = sizes[flow.start, flow.end]
        x0, x1 = left[flow.start] + width, left[flow.end]
        y0, y1 = out[flow.start], into[flow.end]
        technical = flow.end in TECHNICAL or (flow.start in TECHNICAL and flow.end in TECHNICAL)
        ax.add_patch(_band(x0, y0, x1, y1, size, "#0072B2" if technical else "#8a8a8a"))
        if size > 0.018 * depth:
            text = summary_text(flow.persons, "persons", effect=False, show_unit=False, language=language)
            ax.text(x0 + 0.004, y0 + size / 2, text, fontsize=6, va="center", ha="left")
        out[flow.start] += size
        into[flow.end] += size
    for name, node in places.items():
        colour = "#0072B2" if name in TECHNICAL else "#555555"
        ax.add_patch(Rectangle((left[name], node.top), width, max(node.size, depth * 0.002), color=colour, linewidth=0))
        ax.text(left[name], node.top - 0.008 * depth, language(name), fontsize=7.5, fontweight="bold", va="bottom")
    ax.set_xlim(0, 1)
    ax.set_ylim(depth * 1.01, -depth * 0.05)
    ax.axis("off")


def _band(x0: float, y0: float, x1: float, y1: float, size: float, colour: str) -> PathPatch:
    middle = (x0 + x1) / 2
    points = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1),
        (x1, y1 + size), (middle, y1 + size), (middle, y0 + size), (x0, y0 + size), (x0, y0),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=colour, alpha=0.3, linewidth=0)
