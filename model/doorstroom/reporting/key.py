"""Which outcomes and years a report shows first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from doorstroom.outcomes import OUTCOMES, TOTAL
from doorstroom.reporting.language import ENGLISH, Language

KEY: Final = tuple(
    (name, TOTAL)
    for name in (
        "vmbo_technique_pupils",
        "vmbo_technique_share",
        "teacher_fte",
        "unfilled_share",
        "mbo_technique_inflow",
        "technical_entrants",
        "technical_vacancies",
        "profile_locations",
    )
)
"""The key outcomes, in the order of the school career: pupils, teachers, mbo, work, offer."""

REGIONAL: Final = tuple(
    dict.fromkeys(
        (
            *KEY,
            *(
                (name, group)
                for name in ("vmbo_technique_pupils", "vmbo_technique_share", "profile_locations", "group_size")
                for group in OUTCOMES[name].groups
            ),
        )
    )
)
"""What is shown for every region: the key outcomes, and by group those that a region is asked about."""

SHOWN: Final = KEY[1]
"""Regions differ tenfold in size, so they are compared by their share, not by their count."""

HEADLINE: Final = (KEY[0], KEY[2], KEY[5])
"""Pupils, teachers and labour supply: what the answer on top is about."""

MONEY: Final = tuple((name, TOTAL) for name in ("granted", "national_line", "cofinanced", "absorbed", "returned"))
"""Kinds of money that can be added up over the years; what is carried over would be counted every year anew."""

CARRIED: Final = ("carried_out", TOTAL)

PER_EXTRA: Final = {
    ("vmbo_technique_pupils", TOTAL): "extra technique pupil",
    ("teacher_fte", TOTAL): "extra teacher FTE for a year",
    ("technical_entrants", TOTAL): "extra technician",
}
"""What a euro buys: outcomes by which the difference in money is divided, and one unit of each in words."""

LAST_OBSERVED: Final = 2021
"""Last school year whose outcome is known; later years are projection."""

COUNTRY_NAME: Final = "Netherlands"


def key_years(years: Sequence[int]) -> list[int]:
    """Years for the tables: 2025, 2030 and 2040 where the study has them, and always the last."""
    return sorted({year for year in (2025, 2030, 2040) if year in years} | {years[-1]})


def named_year(years: Sequence[int]) -> int:
    """The one year for rankings and regions: 2030 where the study has it, else the last."""
    return 2030 if 2030 in years else years[-1]


def title(series: tuple[str, str], language: Language = ENGLISH) -> str:
    """A series in words."""
    name, group = series
    whole = language(OUTCOMES[name].title)
    return whole if group == TOTAL else f"{whole}: {group_name(group, language)}"


def group_name(group: str, language: Language = ENGLISH) -> str:
    """A group in words; of a move, where from and where to."""
    return " \u2192 ".join(language(part) for part in group.split(" > "))
