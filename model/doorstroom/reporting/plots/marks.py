"""The marks that carry numbers. No other file of this room draws a value: so none is drawn without its interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from doorstroom.experiment.effects import Summary, distinguishable
from doorstroom.reporting.observed import History
from doorstroom.reporting.style import HIGHER, LOWER, UNSURE, Look


def fan(
    ax: Axes,
    years: Sequence[float],
    summary: Summary,
    factor: float,
    look: Look,
    label: str,
    *,
    inner: Sequence[Summary] = (),
) -> None:
    """A line over the years with its 90% interval, and within it, darker, those of `inner`."""
    middle, low, high = (np.asarray(part, dtype=float) * factor for part in (summary.median, summary.low, summary.high))
    ax.fill_between(years, low, high, color=look.colour, alpha=0.08, linewidth=0)
    for band in inner:
        ax.fill_between(
            years, np.asarray(band.low) * factor, np.asarray(band.high) * factor,
            color=look.colour, alpha=0.14, linewidth=0,
        )  # fmt: skip
    for edge in (low, high):
        ax.plot(years, edge, color=look.colour, linestyle=look.line, linewidth=0.5, alpha=0.7)
    ax.plot(years, middle, color=look.colour, linestyle=look.line, label=label)
    ax.plot(years[::4], middle[::4], color=look.colour, linestyle="none", marker=look.marker, markersize=3.5)


def whisker(ax: Axes, at: float, summary: Summary, factor: float, *, size: float, effect: bool = True) -> None:
    """A median with its interval, lying down: open and grey where no direction can be told."""
    middle, low, high = (float(part) * factor for part in (summary.median, summary.low, summary.high))
    sure = not effect or distinguishable(summary.sureness)
    colour = "black" if not effect else (HIGHER if middle > 0 else LOWER) if sure else UNSURE
    if np.isfinite(low):
        ax.plot([low, high], [at, at], color=colour, linewidth=size / 3, solid_capstyle="butt")
    ax.plot([middle], [at], "o", color=colour, markerfacecolor=colour if sure else "white", markersize=size)


def counted(ax: Axes, past: History, factor: float, label: str) -> None:
    """Counts of the years before: what was counted has no interval."""
    ax.plot(past.years, np.asarray(past.values) * factor, "+", color="black", markersize=6, label=label)
