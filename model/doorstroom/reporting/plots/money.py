"""Where the money goes, by scenario, year and activity, and what it bought."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from doorstroom.outcomes import OUTCOMES, TOTAL
from doorstroom.reporting.findings import Cost, Findings
from doorstroom.reporting.key import CARRIED, MONEY
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.plots.marks import whisker
from doorstroom.reporting.plots.national import lying_down, outcomes_over_time
from doorstroom.reporting.style import Plot, band, footer, house_style, sheet

ACTIVITIES = tuple(("absorbed", group) for group in OUTCOMES["absorbed"].groups if group != TOTAL)


def money_over_time(findings: Findings, language: Language = ENGLISH) -> Plot:
    """Money granted, for national lines, co-financed, absorbed, returned and carried over per calendar year."""
    return outcomes_over_time(findings, (*MONEY, CARRIED), language, name="money")


def money_by_activity(findings: Findings, language: Language = ENGLISH) -> Plot:
    """Money absorbed by each activity per calendar year."""
    return outcomes_over_time(findings, ACTIVITIES, language, name="activities")


def bought(findings: Findings, language: Language = ENGLISH) -> Plot:
    """What a million euro buys of pupils, teachers and technicians."""
    comparison, costs = findings.comparison, list(findings.costs())
    kinds = list(dict.fromkeys(cost.unit for cost in costs))
    with house_style():
        figure, axes = sheet(1, len(kinds), 9.5, 1.5 + 0.3 * len(comparison.others))
        for ax, kind in zip(axes, kinds, strict=True):
            mine = [cost for cost in costs if cost.unit == kind]
            for at, cost in enumerate(reversed(mine)):
                _price(ax, at, cost, language)
            ax.set_yticks(range(len(mine)), [findings.title(cost.scenario, language) for cost in reversed(mine)])
            ax.set_ylim(-0.6, len(mine) - 0.4)
            lying_down(ax, language("per million euro"), language)
            ax.xaxis.set_major_locator(MaxNLocator(3))
            ax.set_title(language(kind), fontsize=9)
            if not any(np.isfinite(cost.bought.median) for cost in mine):
                ax.set_xticks([])
        note = language(
            "Difference in the outcome from {baseline} over the difference in money, both summed over all years; "
            "dot: median of the runs, bar: {band}.",
            baseline=findings.named(comparison.baseline, language),
            band=band(comparison.manifest, language),
        )
        footer(figure, comparison.manifest, language, note)
    return Plot(
        "prices", figure, language("What a million euro buys of pupils, teachers and technicians, with intervals")
    )


def _price(ax: Axes, at: int, cost: Cost, language: Language) -> None:
    if np.isfinite(cost.bought.median):
        whisker(ax, at, cost.bought, 1.0, size=6)
    else:
        ax.text(
            0.03,
            at,
            language("the same money"),
            va="center",
            fontsize=8,
            color="#555555",
            transform=ax.get_yaxis_transform(),
        )
