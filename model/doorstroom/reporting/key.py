"""Which outcomes and years a report shows first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from doorstroom.outcomes import OUTCOMES, SERIES, TOTAL
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

LOCAL: Final = tuple(
    (name, TOTAL) for name in ("vmbo_pupils", "granted", "absorbed", "cofinanced", "teacher_vacancies")
)
"""What a region's own sheet and the files have besides the key outcomes: its pupils, money and vacancies."""

REGIONAL: Final = tuple(
    dict.fromkeys(
        (
            *KEY,
            *LOCAL,
            *(
                (name, group)
                for name in ("vmbo_technique_pupils", "vmbo_technique_share", "profile_locations", "group_size")
                for group in OUTCOMES[name].groups
            ),
        )
    )
)
"""What is shown for every region: the key outcomes, its own pupils and money, and by group those it is asked about."""

PAIRED: Final = tuple(series for series in SERIES if series[1] == TOTAL)
"""By what pairs of scenarios are compared: totals; of twelve scenarios there are 66 pairs."""

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

PRESENT: Final = "The present policy"
"""Title of the scenario of what has been decided; the same words everywhere."""

LAST_OBSERVED: Final = 2022
"""Last school year whose outcome is known; later years are projection."""

MOVED: Final = {
    "orientation": (("activity_interest", "orientation"), ("po_interest", TOTAL)),
    "equipment": (("lesson_quality", TOTAL),),
    "programmes": (("cooperation", TOTAL),),
    "teachers": (("teacher_fte", TOTAL), ("unfilled_share", TOTAL)),
    "inclusion": (("activity_interest", "inclusion"),),
    "sustainability": (("activity_interest", "sustainability"),),
    "coordination": (("experience", TOTAL),),
}
"""What each activity moves first; from there on they work together."""

CHAIN: Final = (
    ("money", (("granted", TOTAL), ("national_line", TOTAL), ("absorbed", TOTAL))),
    *((activity, (("absorbed", activity), *moved)) for activity, moved in MOVED.items()),
    ("offer", (("profile_locations", TOTAL), ("near_technique_share", TOTAL))),
    ("choice", (("vmbo_technique_share", TOTAL), ("vmbo_technique_pupils", TOTAL), ("n_profile_share", TOTAL))),
    ("mbo", (("mbo_technique_inflow", TOTAL), ("mbo_technique_students", TOTAL))),
    ("work", (("technical_graduates", TOTAL), ("technical_entrants", TOTAL), ("technicians", TOTAL))),
)
"""The way of an effect from euro to technicians, step by step."""

RELATIVE: Final = tuple(
    one for _, steps in CHAIN for one in steps
    if OUTCOMES[one[0]].unit not in ("index", "utility") and one != ("unfilled_share", TOTAL)
)  # fmt: skip
"""Steps whose effect can be a share of what there is: an index has no zero to take it of, and of lessons hardly any may
be unfilled."""

HELPERS: Final = (
    "technical_pay", "cooperation_of_pupils", "lesson_quality_of_pupils", "activity_interest_of_pupils",
    "po_skill_of_pupils", "po_interest_of_pupils", "experience_of_pupils", "knowledge_of_pupils", "review_points",
)  # fmt: skip
"""Outcomes that only serve to work out others; they are in the files, not in the list that readers choose from."""

INNER: Final = (0.6, 0.3)
"""Masses of the bands within that of 90%, as in the fans of the CPB and the Bank of England."""

COUNTRY_NAME: Final = "Netherlands"

NODAL: Final = "Regions are nodal areas in which pupils go to school, not STO regions."
"""What stands wherever regions are shown."""


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


def short_title(series: tuple[str, str], language: Language = ENGLISH) -> str:
    """A headline outcome in one or two words."""
    return language(_SHORT.get(series, OUTCOMES[series[0]].title))


_SHORT: Final = {
    ("vmbo_technique_pupils", TOTAL): "technique pupils",
    ("teacher_fte", TOTAL): "technique teachers",
    ("technical_entrants", TOTAL): "new technicians",
}


def group_name(group: str, language: Language = ENGLISH) -> str:
    """A group in words; of a move, where from and where to."""
    return " \u2192 ".join(language(part) for part in group.split(" > "))
