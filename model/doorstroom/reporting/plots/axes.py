"""Axes as all figures have them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from doorstroom.experiment.table import Series
from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.key import title
from doorstroom.reporting.language import Language
from doorstroom.reporting.style import band, border, year_axis
from doorstroom.reporting.wording import MINUS, scale


def over_years(
    ax: Axes,
    findings: Findings,
    series: Series,
    language: Language,
    *,
    effect: bool,
    named: bool,
    first: int | None = None,
) -> None:
    """Title, unit and years of one panel; `named` writes beside the border what lies on either side of it."""
    ax.set_title(title(series, language))
    ax.set_ylabel(language(scale(OUTCOMES[series[0]].unit, effect=effect).unit), fontsize=8)
    ax.yaxis.set_major_formatter(lambda value, _: tick(value, language))
    years = findings.years if first is None else range(min(first, findings.years[0]), findings.years[-1] + 1)
    year_axis(ax, list(years), language)
    border(ax, findings.last_observed, findings.years, language, named=named)


def tick(value: float, language: Language) -> str:
    """A number along an axis."""
    text = f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"
    return language.figure(text).replace("-", MINUS)


def hide(axes: Sequence[Axes]) -> None:
    """Leave panels empty that a sheet has too many."""
    for ax in axes:
        ax.set_visible(False)


def interval_note(findings: Findings, language: Language) -> str:
    """What the shaded bands are."""
    if findings.comparison.runs > 1:
        return language("Shaded: {band}.", band=band(findings.comparison.manifest, language))
    return language("One run per scenario, no interval.")
