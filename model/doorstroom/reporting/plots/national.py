"""The country over the years: outcomes, effects, and the ranking of scenarios."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.key import KEY, title
from doorstroom.reporting.style import (
    HIGHER,
    LOWER,
    UNSURE,
    Look,
    Plot,
    border,
    footer,
    house_style,
    legend,
    looks,
    sheet,
    year_axis,
)
from doorstroom.reporting.wording import MINUS, scale
from doorstroom.study.compare import Series
from doorstroom.study.effects import Summary, Sureness, distinguishable

_COLUMNS = 2


def outcomes_over_time(findings: Findings, series: Sequence[Series] = KEY) -> Plot:
    """Outcomes of all scenarios over the years, each with its 90% fan."""
    comparison = findings.comparison
    with house_style():
        rows = -(-len(series) // _COLUMNS)
        figure, axes = sheet(rows, _COLUMNS, 9.5, 2.5 * rows + 0.9, legends=len(comparison.labels))
        for at, (ax, one) in enumerate(zip(axes, series, strict=False)):
            for label, look in looks(comparison.labels).items():
                _fan(ax, findings.years, findings.level(label, one), one, look, label, effect=False)
            _finish(ax, findings, one, effect=False, named=at == 0)
        _hide(axes[len(series) :])
        legend(figure, axes[0])
        note = "Shaded: 90% interval." if comparison.runs > 1 else "One run per scenario, no interval."
        footer(figure, comparison.manifest, note)
    caption = (
        f"Key outcomes for the country under {len(comparison.labels)} scenario(s), by year; {note[0].lower()}{note[1:]}"
    )
    return Plot("outcomes", figure, caption)


def effects_over_time(findings: Findings, series: Sequence[Series] = KEY) -> Plot:
    """Paired effects against the baseline over the years, with their 90% interval and a zero line."""
    comparison = findings.comparison
    with house_style():
        rows = -(-len(series) // _COLUMNS)
        figure, axes = sheet(rows, _COLUMNS, 9.5, 2.5 * rows + 0.9, legends=len(comparison.labels))
        for at, (ax, one) in enumerate(zip(axes, series, strict=False)):
            for label, look in list(looks(comparison.labels).items())[1:]:
                _fan(ax, findings.years, findings.effect(label, one), one, look, label, effect=True)
            ax.axhline(0, color="black", linewidth=1)
            _say_if_nothing(ax, [findings.effect(label, one) for label in comparison.others])
            _finish(ax, findings, one, effect=True, named=at == 0)
        _hide(axes[len(series) :])
        legend(figure, axes[0])
        note = "Shaded: 90% interval." if comparison.runs > 1 else "One run per scenario, no interval."
        footer(figure, comparison.manifest, f"Difference from {comparison.baseline} at equal draw and seed. {note}")
    return Plot(
        "effects", figure, f"Effects on key outcomes against {comparison.baseline}, by year; a band that "
        "includes zero is no effect that can be told from none."
    )  # fmt: skip


def ranking(findings: Findings, series: Sequence[Series] = KEY) -> Plot:
    """Forest plot: effects of all scenarios in the named year, the largest on top."""
    comparison = findings.comparison
    with house_style():
        rows = -(-len(series) // _COLUMNS)
        height = (0.85 + 0.24 * len(comparison.others)) * rows + 0.9
        figure, axes = sheet(rows, _COLUMNS, 9.5, height)
        for ax, one in zip(axes, series, strict=False):
            summaries = {label: findings.effect_in(label, one, findings.year) for label in comparison.others}
            _forest(ax, summaries, one)
        _hide(axes[len(series) :])
        footer(
            figure,
            comparison.manifest,
            f"Year {findings.year}; difference from {comparison.baseline}; bar: 90% interval; "
            "blue, filled: higher; orange, filled: lower; open grey: can't tell.",
        )
    caption = f"Scenarios ranked by their effect in {findings.year} against {comparison.baseline}, with 90% intervals."
    return Plot("ranking", figure, caption)


def _fan(
    ax: Axes, years: Sequence[int], summary: Summary, series: Series, look: Look, label: str, *, effect: bool
) -> None:
    factor = scale(OUTCOMES[series[0]].unit, effect=effect).factor
    mean, low, high = (np.asarray(part, dtype=float) * factor for part in (summary.mean, summary.low, summary.high))
    ax.fill_between(years, low, high, color=look.colour, alpha=0.08, linewidth=0)
    for edge in (low, high):
        ax.plot(years, edge, color=look.colour, linestyle=look.line, linewidth=0.5, alpha=0.7)
    ax.plot(years, mean, color=look.colour, linestyle=look.line, label=label)
    ax.plot(years[::4], mean[::4], color=look.colour, linestyle="none", marker=look.marker, markersize=3.5)


def _finish(ax: Axes, findings: Findings, series: Series, *, effect: bool, named: bool) -> None:
    ax.set_title(title(series))
    ax.set_ylabel(scale(OUTCOMES[series[0]].unit, effect=effect).unit, fontsize=8)
    thousands(ax)
    year_axis(ax, findings.years)
    border(ax, findings.last_observed, findings.years, named=named)


def _say_if_nothing(ax: Axes, effects: Sequence[Summary]) -> None:
    if all((effect.sureness == Sureness.NO_DIFFERENCE).all() for effect in effects):
        ax.set_ylim(-1, 1)
        ax.set_yticks([0])
        ax.text(0.5, 0.62, "no difference in any run", transform=ax.transAxes, ha="center", color="#555555")


def _forest(ax: Axes, summaries: dict[str, Summary], series: Series) -> None:
    factor = scale(OUTCOMES[series[0]].unit, effect=True).factor
    order = sorted(summaries, key=lambda label: float(np.nan_to_num(summaries[label].mean)))
    for at, label in enumerate(order):
        one = summaries[label]
        sure = distinguishable(one.sureness)
        colour = (HIGHER if one.mean > 0 else LOWER) if sure else UNSURE
        if np.isfinite(one.low):
            ax.plot([one.low * factor, one.high * factor], [at, at], color=colour, linewidth=2, solid_capstyle="butt")
        ax.plot([one.mean * factor], [at], "o", color=colour, markerfacecolor=colour if sure else "white", markersize=6)
    ax.axvline(0, color="black", linewidth=1)
    ax.set_yticks(range(len(order)), order)
    ax.set_ylim(-0.6, len(order) - 0.4)
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_title(title(series))
    ax.set_xlabel(scale(OUTCOMES[series[0]].unit, effect=True).unit, fontsize=8)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(tick)


def thousands(ax: Axes) -> None:
    """Numbers along the vertical axis with thousands separators."""
    ax.yaxis.set_major_formatter(tick)


def tick(value: float, _: object = None) -> str:
    """A number along an axis."""
    return f"{value:,.6g}".replace("-", MINUS)


def _hide(axes: Sequence[Axes]) -> None:
    for ax in axes:
        ax.set_visible(False)
