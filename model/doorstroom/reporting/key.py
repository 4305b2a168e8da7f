"""Which outcomes and years a report shows first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from doorstroom.outcomes import OUTCOMES, TOTAL

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

KEY_SHORT: Final = {name: OUTCOMES[name].title for name, _ in KEY}
"""Titles of the key outcomes by name."""

HEADLINE: Final = (KEY[0], KEY[2], KEY[5])
"""Pupils, teachers and labour supply: what the answer on top is about."""

MONEY: Final = tuple((name, TOTAL) for name in ("granted", "national_line", "cofinanced", "absorbed", "returned"))
"""Kinds of money that can be added up over the years; what is carried over would be counted every year anew."""

CARRIED: Final = ("carried_out", TOTAL)

PER_EXTRA: Final = {
    ("vmbo_technique_pupils", TOTAL): "technique pupil",
    ("teacher_fte", TOTAL): "teacher FTE, for a year",
    ("technical_entrants", TOTAL): "technician",
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


def title(series: tuple[str, str]) -> str:
    """A series in words."""
    name, group = series
    return OUTCOMES[name].title if group == TOTAL else f"{OUTCOMES[name].title}: {group}"
