"""Schools and their teachers: group sizes, closing of profiles, and who teaches."""

from __future__ import annotations

from doorstroom.outcomes import OUTCOMES, TOTAL
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.plots.national import outcomes_over_time
from doorstroom.reporting.style import Plot

GROUPS = tuple(("group_size", group) for group in OUTCOMES["group_size"].groups if group != TOTAL)
OFFER = tuple((name, TOTAL) for name in ("profile_locations", "profile_closures", "profile_openings"))
TEACHERS = (
    *((name, TOTAL) for name in ("share_55plus", "share_qualified", "unfilled_share")),
    *(("teachers", group) for group in OUTCOMES["teachers"].groups if group != TOTAL),
)


def group_sizes(findings: Findings, language: Language = ENGLISH) -> Plot:
    """Pupils per location of each technical profile."""
    return outcomes_over_time(findings, GROUPS, language, name="group-sizes")


def profiles_on_offer(findings: Findings, language: Language = ENGLISH) -> Plot:
    """Locations with a technical profile, and how many close and open in a year."""
    return outcomes_over_time(findings, OFFER, language, name="offer")


def teachers(findings: Findings, language: Language = ENGLISH) -> Plot:
    """Shares of technique teachers of 55 and over, qualified, and lessons unfilled; persons by qualification."""
    return outcomes_over_time(findings, TEACHERS, language, name="teachers")
