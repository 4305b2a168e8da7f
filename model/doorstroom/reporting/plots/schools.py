"""Schools and their teachers: group sizes, closing of profiles, and who teaches."""

from __future__ import annotations

from doorstroom.outcomes import GROUPS as ALL_GROUPS
from doorstroom.outcomes import OUTCOMES, TOTAL
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.plots.marks import whisker
from doorstroom.reporting.plots.national import lying_down, outcomes_over_time
from doorstroom.reporting.style import Plot, band, footer, house_style, sheet

GROUPS = tuple(("group_size", group) for group in OUTCOMES["group_size"].groups if group != TOTAL)
OFFER = tuple((name, TOTAL) for name in ("profile_locations", "profile_closures", "profile_openings"))
TEACHERS = (
    *((name, TOTAL) for name in ("share_55plus", "share_qualified", "unfilled_share")),
    *(("teachers", group) for group in ALL_GROUPS["qualifications"]),
)
AGES = tuple(("teachers", group) for group in ALL_GROUPS["ages"])


def group_sizes(findings: Findings, language: Language = ENGLISH) -> Plot:
    """Pupils per location of each technical profile."""
    return outcomes_over_time(findings, GROUPS, language, name="group-sizes")


def profiles_on_offer(findings: Findings, language: Language = ENGLISH) -> Plot:
    """Locations with a technical profile, and how many close and open in a year."""
    return outcomes_over_time(findings, OFFER, language, name="offer")


def teachers(findings: Findings, language: Language = ENGLISH) -> Plot:
    """Shares of technique teachers of 55 and over, qualified, and lessons unfilled; persons by qualification."""
    return outcomes_over_time(findings, TEACHERS, language, name="teachers")


def teacher_ages(findings: Findings, language: Language = ENGLISH) -> Plot:
    """The age pyramid of technique teachers under the baseline: the start year and the named year side by side."""
    comparison = findings.comparison
    years = [findings.years[0], findings.year]
    with house_style():
        figure, axes = sheet(1, len(years), 9.5, 3.4)
        for ax, year in zip(axes, years, strict=True):
            at = findings.years.index(year)
            for row, series in enumerate(AGES):
                whisker(ax, row, findings.level(comparison.baseline, series).at(at), 1.0, size=6, effect=False)
            ax.set_yticks(range(len(AGES)), [language(group) for _, group in AGES])
            ax.set_ylim(-0.6, len(AGES) - 0.4)
            lying_down(ax, language("persons"), language)
            ax.set_xlim(left=0)
            ax.set_title(str(year))
        widest = max(ax.get_xlim()[1] for ax in axes)
        for ax in axes:
            ax.set_xlim(right=widest)
        about = language(
            "Technique teachers by age under {scenario}", scenario=findings.title(comparison.baseline, language)
        )
        figure.suptitle(about, x=0.006, ha="left", fontsize=10, fontweight="bold")
        footer(
            figure, comparison.manifest, language, language("Bar: {band}.", band=band(comparison.manifest, language))
        )
    return Plot("teacher-ages", figure, f"{about}, {years[0]}, {years[1]}")
