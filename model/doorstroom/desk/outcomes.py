"""What the desk tells of: outcomes of the country and, more coarsely, of its regions."""

from __future__ import annotations

from typing import Final

from doorstroom.outcomes import COLUMN, OUTCOMES, TOTAL

HEADLINE: Final = ("vmbo_technique_choices", "teacher_fte", "technical_entrants")
"""Pupils, teachers and labour supply, as in the reports; pupils by their chances, which carry no luck of their own."""

TOLD: Final = (
    *HEADLINE,
    "vmbo_technique_choice_share",
    "unfilled_share",
    "mbo_technique_inflow",
    "technical_vacancies",
    "profile_locations",
    "absorbed",
)

REGIONAL: Final = ("vmbo_technique_choices", "teacher_fte", "granted")
"""Of which regions are told."""
REGIONAL_YEARS: Final = (2030, 2040)

COLUMNS: Final = [COLUMN[name, TOTAL] for name in TOLD]
REGIONAL_COLUMNS: Final = [COLUMN[name, TOTAL] for name in REGIONAL]


def matters(name: str, level: float) -> float:
    """The smallest difference that matters, in the outcome's own unit; a part of its level where it is no ratio."""
    outcome = OUTCOMES[name]
    return outcome.matters if outcome.is_ratio else outcome.matters * level
