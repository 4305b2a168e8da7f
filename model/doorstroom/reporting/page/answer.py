"""The answer in three plain sentences, made from the numbers: pupils, teachers, technicians."""

from __future__ import annotations

from collections.abc import Iterator

from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import HEADLINE, title
from doorstroom.reporting.language import Language
from doorstroom.reporting.style import band, design
from doorstroom.reporting.wording import verdict
from doorstroom.study.table import Series


def answer(findings: Findings, language: Language) -> list[str]:
    """A sentence per headline outcome, on all scenarios, in the named year."""
    return [_sentence(findings, series, language) for series in HEADLINE]


def how_sure(findings: Findings, language: Language) -> str:
    """One sentence on what the intervals rest on."""
    return language(
        "In brackets: the median and the {band}. It rests on {runs} runs per scenario ({design}) and holds what draws "
        "of the parameters and luck can do, not what the model leaves out.",
        band=band(findings.comparison.manifest, language),
        runs=findings.comparison.runs,
        design=design(findings.comparison.manifest, language),
    )


def listed(words: list[str], language: Language) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {language('and')} {words[-1]}"


def _sentence(findings: Findings, series: Series, language: Language) -> str:
    comparison = findings.comparison
    clauses = [
        f"{named(findings, label, language)} "
        f"{verdict(findings.effect_in(label, series, findings.year), unit(series), language)}"
        for label in comparison.others
    ]
    return language(
        "{outcome} in {year}, against {baseline}: {clauses}.",
        outcome=title(series, language),
        year=findings.year,
        baseline=named(findings, comparison.baseline, language),
        clauses="; ".join(clauses),
    )


def named(findings: Findings, label: str, language: Language) -> str:
    """A scenario by its title, in quotation marks; by its label too where titles are not unique."""
    titles = {entry.label: entry.title for entry in findings.comparison.manifest.scenarios}
    text = language(titles[label]) if language.translates(titles[label]) else titles[label]
    unique = list(titles.values()).count(titles[label]) == 1
    return f"\u2018{text}\u2019" if unique else f"\u2018{text}\u2019 [{label}]"


def scenario_answers(findings: Findings, language: Language) -> Iterator[str]:
    """Definitions of the headline outcomes, for who wonders what is counted."""
    for name, _ in HEADLINE:
        yield f"{language(OUTCOMES[name].title)}: {language(OUTCOMES[name].definition)}"
