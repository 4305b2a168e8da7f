"""Where an effect falls: the regions in order, and on a map of tiles."""

from __future__ import annotations

import re
import textwrap

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, TwoSlopeNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from doorstroom.experiment.effects import distinguishable
from doorstroom.experiment.table import Series
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import NODAL, REGIONAL, SHOWN, title
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.plots.axes import tick
from doorstroom.reporting.plots.marks import fan, whisker
from doorstroom.reporting.plots.national import COLOURS, lying_down
from doorstroom.reporting.style import Plot, band, footer, house_style, looks, sheet
from doorstroom.reporting.wording import scale

GRID = (12, 11)
"""Rows and columns of the tile map: as tall as the country, with a third of the tiles left over as sea."""

_PARTS = ((0.02, 0.78, 0.48, 0.18), (0.02, 0.04, 0.96, 0.74), (0.5, 0.78, 0.48, 0.18))
"""Left, top, width and height within a tile of low end, median and high end."""


def region_dots(findings: Findings, label: str, language: Language = ENGLISH, series: Series = SHOWN) -> Plot:
    """The effect in every region with its interval, the largest on top, in two columns."""
    summary = findings.regions_in(label, series, findings.year)
    names = findings.region_names[1:]
    way = scale(unit(series), effect=True)
    order = np.argsort(-np.nan_to_num(summary.median), kind="stable")
    half = -(-len(order) // 2)
    with house_style():
        figure, axes = sheet(1, 2, 9.5, 0.145 * half + 1.4)
        for ax, part in zip(axes, (order[:half], order[half:]), strict=True):
            for at, region in enumerate(part):
                whisker(ax, at, summary.at(region), way.factor, size=4)
            ax.axvline(0, color="black", linewidth=1)
            ax.set_yticks(range(len(part)), [_short(names[region], 34) for region in part], fontsize=6.5)
            ax.set_ylim(half - 0.4, -0.6)
            lying_down(ax, language(way.unit), language)
            known = (summary.low, summary.high, summary.median)  # one run has no interval
            ends = np.array([np.asarray(part, dtype=float) * way.factor for part in known])
            ax.set_xlim(*_wide(np.nanmin(ends, initial=0.0), np.nanmax(ends, initial=0.0)))
        heading = _heading(findings, label, series, language)
        figure.suptitle(heading, x=0.006, ha="left", fontsize=10, fontweight="bold")
        note = f"{language('Bar: {band}.', band=band(findings.comparison.manifest, language))} {language(COLOURS)}"
        footer(figure, findings.comparison.manifest, language, f"{note} {language(NODAL)}")
    return Plot(f"regions-{slug(label)}", figure, f"{heading}. {language('Every region with its interval.')}")


def region_tiles(findings: Findings, label: str, language: Language = ENGLISH, series: Series = SHOWN) -> Plot:
    """A tile per region, about where it lies: the median, and at its foot the low and the high end of its interval."""
    summary = findings.regions_in(label, series, findings.year)
    way = scale(unit(series), effect=True)
    strips = np.stack(
        [np.asarray(part, dtype=float) * way.factor for part in (summary.low, summary.median, summary.high)]
    )
    regions = findings.comparison.manifest.regions
    # a few regions with very wide intervals must not wash out the colours of all others
    widest = float(np.nanquantile(np.abs(strips), 0.9)) if np.isfinite(strips).any() else 1.0
    norm: Normalize = TwoSlopeNorm(0, -(widest or 1.0), widest or 1.0)
    with house_style():
        figure, (ax,) = sheet(1, 1, 9.5, 8.6)
        colours = figure.colorbar(
            ScalarMappable(norm, "RdBu"), ax=ax, shrink=0.5, label=language(way.unit), pad=0.01, extend="both",
            format=lambda value, _: tick(value, language),
        )  # fmt: skip
        colours.ax.tick_params(labelsize=8)
        for at, (region, (row, column)) in enumerate(zip(regions, _places(findings), strict=True)):
            for value, (left, top, width, height) in zip(strips[:, at], _PARTS, strict=True):
                colour = colours.cmap(norm(value)) if np.isfinite(value) else "white"
                ax.add_patch(Rectangle((column + left, row + top), width, height, color=colour, linewidth=0))
            sure = distinguishable(summary.sureness[at])
            ax.add_patch(
                Rectangle(
                    (column + 0.02, row + 0.04), 0.96, 0.92, fill=False,
                    edgecolor="black" if sure else "#aaaaaa", linewidth=1.3 if sure else 0.6,
                )
            )  # fmt: skip
            middle = strips[1, at]
            dark = np.isfinite(middle) and abs(middle) > 0.55 * widest
            lines = tile_lines(region.name)
            ax.text(
                column + 0.5, row + 0.41, "\n".join(lines), fontsize=min(7.0, 72 / max(map(len, lines))),
                ha="center", va="center", color="white" if dark else "black",
            )  # fmt: skip
        ax.set_xlim(0, GRID[1])
        ax.set_ylim(GRID[0], 0)
        ax.set_aspect("equal")
        ax.axis("off")
        heading = _heading(findings, label, series, language)
        figure.suptitle(heading, x=0.006, ha="left", fontsize=10, fontweight="bold")
        note = "Tile: median; its foot: both ends of the interval; black frame: a direction that is likely or surer."
        footer(figure, findings.comparison.manifest, language, f"{language(note)} {language(NODAL)}")
    return Plot(f"tiles-{slug(label)}", figure, f"{heading}. {language('A map of tiles, one per region.')}")


def region_lines(findings: Findings, label: str, language: Language = ENGLISH, series: Series = SHOWN) -> Plot:
    """A small plot per region, about where it lies: its effect over the years, all on one scale."""
    column = REGIONAL.index(series)
    factor = scale(unit(series), effect=True).factor
    look = looks(findings.comparison.labels)[label]._replace(marker="none")
    effect = findings.regional_effect[label]
    ends = np.stack([effect.low[:, 1:, column], effect.high[:, 1:, column]])
    ends = ends if np.isfinite(ends).any() else effect.median[:, 1:, column]
    low, high = (min(np.nanquantile(ends, 0.03), 0) * factor, max(np.nanquantile(ends, 0.97), 0) * factor)
    low, high = (low, high) if low < high else (-1.0, 1.0)
    with house_style():
        figure, (ax,) = sheet(1, 1, 9.5, 8.9)
        across = 0.04 + 0.92 * np.linspace(0, 1, len(findings.years))
        for at, (region, (row, place)) in enumerate(
            zip(findings.comparison.manifest.regions, _places(findings), strict=True), start=1
        ):
            here = effect.at(slice(None), at, column)
            # one pair of axes for all: each region's years and values moved to its tile
            middle, bottom, top = (
                row + 0.95 - 0.7 * (np.clip(np.asarray(part, dtype=float) * factor, low, high) - low) / (high - low)
                for part in (here.median, here.low, here.high)
            )
            zero = row + 0.95 + 0.7 * low / (high - low)
            ax.add_line(Line2D(place + across[[0, -1]], [zero, zero], color="black", linewidth=0.4))
            fan(ax, place + across, here._replace(median=middle, low=bottom, high=top), 1.0, look, label)
            ax.text(place + 0.5, row + 0.13, _short(region.name, 19), fontsize=5.5, ha="center", va="center")
        ax.set_xlim(0, GRID[1])
        ax.set_ylim(GRID[0], 0)
        ax.axis("off")
        heading = _heading(findings, label, series, language, over_years=True)
        figure.suptitle(heading, x=0.006, ha="left", fontsize=10, fontweight="bold")
        note = language(
            "Every panel runs from {first} to {last} and from {low} to {high} {unit}; what is wider is cut off. "
            "Shaded: {band}; line: zero.",
            band=band(findings.comparison.manifest, language),
            first=findings.years[0], last=findings.years[-1], unit=language(scale(unit(series), effect=True).unit),
            low=tick(float(f"{low:.2g}"), language), high=tick(float(f"{high:.2g}"), language),
        )  # fmt: skip
        footer(figure, findings.comparison.manifest, language, f"{note} {language(NODAL)}")
    return Plot(f"lines-{slug(label)}", figure, f"{heading}. {language('A small plot per region.')}")


def _heading(findings: Findings, label: str, series: Series, language: Language, *, over_years: bool = False) -> str:
    when = f"{findings.years[0]}\u2013{findings.years[-1]}" if over_years else findings.year
    return language(
        "{outcome}: {scenario} against {baseline}, {year}",
        outcome=title(series, language), scenario=findings.title(label, language),
        baseline=findings.named(findings.comparison.baseline, language), year=when,
    )  # fmt: skip


def _places(findings: Findings) -> NDArray[np.int64]:
    regions = findings.comparison.manifest.regions
    return assign_tiles(np.array([r.lat for r in regions]), np.array([r.lon for r in regions]))


def assign_tiles(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.int64]:
    """Row and column of the tile nearest to where each region lies, one region per tile, shape (regions, 2).

    The assignment makes the sum of squared distances as small as it can be.
    """
    rows, columns = GRID
    down = (lat.max() - lat) / max(float(np.ptp(lat)), 1e-9) * (rows - 1)
    right = (lon - lon.min()) / max(float(np.ptp(lon)), 1e-9) * (columns - 1)
    tiles = np.stack(np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij"), axis=-1).reshape(-1, 2)
    distance = (down[:, None] - tiles[:, 0]) ** 2 + (right[:, None] - tiles[:, 1]) ** 2
    return np.asarray(tiles[linear_sum_assignment(distance)[1]])


def tile_lines(name: str) -> list[str]:
    """A region's name over the lines of a tile, broken between its parts and never inside a word."""
    parts = re.sub(r"([/-])(?=\w{3})", r"\1 ", name)
    return textwrap.wrap(parts, max(9, *map(len, parts.split())), break_long_words=False, break_on_hyphens=False)


_LONGEST_NAME = 100
"""Letters of a name that a file takes over; systems stop at 255 bytes."""


def slug(label: str) -> str:
    """A scenario's label as part of a file name."""
    return ("".join(letter if letter.isalnum() else "_" for letter in label).strip("_"))[:_LONGEST_NAME]


def _short(name: str, room: int) -> str:
    return name if len(name) <= room else name[: room - 1].rstrip() + "\u2026"


def _wide(low: float, high: float) -> tuple[float, float]:
    low, high = min(low, 0.0), max(high, 0.0)
    margin = 0.03 * (high - low) or 1.0
    return low - margin, high + margin
