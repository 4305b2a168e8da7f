"""Where an effect falls: the regions in order, and on a map of tiles."""

from __future__ import annotations

import re
import textwrap

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, TwoSlopeNorm
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import KEY, title
from doorstroom.reporting.style import HIGHER, LOWER, UNSURE, Plot, footer, house_style, sheet
from doorstroom.reporting.wording import scale
from doorstroom.study.compare import Series
from doorstroom.study.effects import distinguishable

GRID = (12, 11)
"""Rows and columns of the tile map: as tall as the country, with a third of the tiles left over as sea."""

_PARTS = ((0.02, 0.78, 0.48, 0.18), (0.02, 0.04, 0.96, 0.74), (0.5, 0.78, 0.48, 0.18))
"""Left, top, width and height within a tile of low end, mean and high end."""

SHOWN = KEY[1]
"""Regions differ tenfold in size, so they are compared by their share, not by their count."""


def region_dots(findings: Findings, label: str, series: Series = SHOWN) -> Plot:
    """The effect in every region with its interval, the largest on top, in two columns."""
    summary = findings.regions_in(label, series, findings.year)
    names = findings.region_names[1:]
    way = scale(unit(series), effect=True)
    mean, low, high = (np.asarray(part, dtype=float) * way.factor for part in (summary.mean, summary.low, summary.high))
    order = np.argsort(-np.nan_to_num(mean), kind="stable")
    half = -(-len(order) // 2)
    with house_style():
        figure, axes = sheet(1, 2, 9.5, 0.145 * half + 1.4)
        for ax, part in zip(axes, (order[:half], order[half:]), strict=True):
            for at, region in enumerate(part):
                sure = distinguishable(summary.sureness[region])
                colour = (HIGHER if mean[region] > 0 else LOWER) if sure else UNSURE
                ax.plot([low[region], high[region]], [at, at], color=colour, linewidth=1.6, solid_capstyle="butt")
                ax.plot(mean[region], at, "o", color=colour, markerfacecolor=colour if sure else "white", markersize=4)
            ax.axvline(0, color="black", linewidth=1)
            ax.set_yticks(range(len(part)), [_short(names[region], 34) for region in part], fontsize=6.5)
            ax.set_ylim(half - 0.4, -0.6)
            ax.set_xlabel(way.unit, fontsize=8)
            ax.grid(axis="x")
            ax.grid(visible=False, axis="y")
            ax.set_xlim(*_wide(np.nanmin([low, mean]), np.nanmax([high, mean])))
        figure.suptitle(
            f"{title(series)}: {label} against {findings.comparison.baseline}, {findings.year}",
            x=0.006, ha="left", fontsize=10, fontweight="bold",
        )  # fmt: skip
        footer(
            figure,
            findings.comparison.manifest,
            "Bar: 90% interval; blue, filled: higher; orange, filled: lower; open grey: can't tell.",
        )
    caption = f"Effect of {label} on {title(series).lower()} in {findings.year} in every region, with 90% interval."
    return Plot(f"regions-{slug(label)}", figure, caption)


def region_tiles(findings: Findings, label: str, series: Series = SHOWN) -> Plot:
    """A tile per region, about where it lies: the mean, and at its foot the low and the high end of its interval."""
    summary = findings.regions_in(label, series, findings.year)
    way = scale(unit(series), effect=True)
    strips = np.stack(
        [np.asarray(part, dtype=float) * way.factor for part in (summary.low, summary.mean, summary.high)]
    )
    regions = findings.comparison.manifest.regions
    places = assign_tiles(np.array([r.lat for r in regions]), np.array([r.lon for r in regions]))
    # a few regions with very wide intervals must not wash out the colours of all others
    widest = float(np.nanquantile(np.abs(strips), 0.9)) if np.isfinite(strips).any() else 1.0
    norm: Normalize = TwoSlopeNorm(0, -(widest or 1.0), widest or 1.0)
    with house_style():
        figure, (ax,) = sheet(1, 1, 9.5, 8.6)
        colours = figure.colorbar(
            ScalarMappable(norm, "RdBu"), ax=ax, shrink=0.5, label=way.unit, pad=0.01, extend="both"
        )
        colours.ax.tick_params(labelsize=8)
        for at, (region, (row, column)) in enumerate(zip(regions, places, strict=True)):
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
            size = min(7.0, 72 / max(map(len, lines)))
            ax.text(
                column + 0.5, row + 0.41, "\n".join(lines),
                ha="center", va="center", fontsize=size, color="white" if dark else "black",
            )  # fmt: skip
        ax.set_xlim(0, GRID[1])
        ax.set_ylim(GRID[0], 0)
        ax.set_aspect("equal")
        ax.axis("off")
        figure.suptitle(
            f"{title(series)}: {label} against {findings.comparison.baseline}, {findings.year}",
            x=0.006, ha="left", fontsize=10, fontweight="bold",
        )  # fmt: skip
        footer(
            figure,
            findings.comparison.manifest,
            "Tile: mean; its foot: low and high end of the 90% interval; black frame: the interval excludes zero.",
        )
    caption = (
        f"Map of tiles, one per region: effect of {label} on {title(series).lower()} in {findings.year}. "
        "The table of regions has the numbers."
    )
    return Plot(f"tiles-{slug(label)}", figure, caption)


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


def slug(label: str) -> str:
    """A scenario's label as part of a file name."""
    return "".join(letter if letter.isalnum() else "_" for letter in label).strip("_")


def _short(name: str, room: int) -> str:
    return name if len(name) <= room else name[: room - 1].rstrip() + "\u2026"


def _wide(low: float, high: float) -> tuple[float, float]:
    low, high = min(low, 0.0), max(high, 0.0)
    margin = 0.03 * (high - low) or 1.0
    return low - margin, high + margin
