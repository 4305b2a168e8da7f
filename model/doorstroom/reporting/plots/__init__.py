"""The figures of a study, one file per kind of question."""

from __future__ import annotations

from collections.abc import Iterator

from doorstroom.reporting.findings import Findings
from doorstroom.reporting.language import Language
from doorstroom.reporting.plots.money import bought, money_by_activity, money_over_time
from doorstroom.reporting.plots.national import effects_over_time, history_and_fan, outcomes_over_time, ranking
from doorstroom.reporting.plots.regional import region_dots, region_lines, region_tiles
from doorstroom.reporting.plots.schools import group_sizes, profiles_on_offer, teacher_ages, teachers
from doorstroom.reporting.plots.way import way
from doorstroom.reporting.style import Plot


def figures(findings: Findings, language: Language) -> Iterator[Plot]:
    """All figures of a study, one at a time: each holds some megabytes while it is drawn."""
    yield outcomes_over_time(findings, language=language)
    yield history_and_fan(findings, language)
    for figure in (money_over_time, money_by_activity, group_sizes, profiles_on_offer, teachers, teacher_ages, way):
        yield figure(findings, language)
    if not findings.comparison.others:
        return
    for figure in (effects_over_time, ranking, bought):
        yield figure(findings, language)
    for label in findings.comparison.others:
        if not findings.never_differs(label):
            yield region_dots(findings, label, language)
            yield region_tiles(findings, label, language)
            yield region_lines(findings, label, language)
