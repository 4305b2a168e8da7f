"""Where the money goes, by scenario and year."""

from __future__ import annotations

import numpy as np

from doorstroom.outcomes import SERIES
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.key import CARRIED, MONEY, title
from doorstroom.reporting.plots.national import thousands
from doorstroom.reporting.style import Plot, footer, house_style, legend, looks, sheet, year_axis

MILLION = 1e-6


def money_over_time(findings: Findings) -> Plot:
    """Money granted, for national lines, co-financed, absorbed, returned and carried over per year, by scenario."""
    comparison = findings.comparison
    with house_style():
        figure, axes = sheet(3, 2, 9.5, 8.2, legends=len(comparison.labels))
        for ax, series in zip(axes, (*MONEY, CARRIED), strict=True):
            column = SERIES.index(series)
            for label, look in looks(comparison.labels).items():
                mean, low, high = (part[:, column] * MILLION for part in findings.national[label][:3])
                ax.fill_between(findings.years, low, high, color=look.colour, alpha=0.13, linewidth=0)
                ax.plot(findings.years, mean, color=look.colour, linestyle=look.line, label=label)
                ax.plot(
                    findings.years[::4], mean[::4], color=look.colour, linestyle="none", marker=look.marker,
                    markersize=3.5,
                )  # fmt: skip
            ax.set_title(title(series))
            ax.set_ylabel("million euro per year", fontsize=8)
            ax.set_ylim(bottom=0)
            thousands(ax)
            year_axis(ax, findings.years)
            ax.set_xlabel("calendar year", fontsize=8)
            if not np.any([findings.national[label].mean[:, column] for label in comparison.labels]):
                ax.set_ylim(0, 1)
                ax.set_yticks([0])
                ax.text(0.5, 0.5, "none in any scenario", transform=ax.transAxes, ha="center", color="#555555")
        legend(figure, axes[0])
        note = "Shaded: 90% interval." if comparison.runs > 1 else "One run per scenario, no interval."
        footer(figure, comparison.manifest, note)
    return Plot("money", figure, f"Money per year under each scenario, in million euro; {note[0].lower()}{note[1:]}")
