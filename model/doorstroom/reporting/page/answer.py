"""The answer in three plain sentences, made from the numbers: pupils, teachers, technicians."""

from __future__ import annotations

from collections.abc import Iterator

from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import HEADLINE, title
from doorstroom.reporting.language import Language
from doorstroom.reporting.style import design
from doorstroom.reporting.wording import interval, scale, summary_text
from doorstroom.study.compare import Series
from doorstroom.study.effects import Summary, Sureness, distinguishable

_CLAUSES = {
    (Sureness.VERY_LIKELY, True): "very likely higher under {scenarios}",
    (Sureness.VERY_LIKELY, False): "very likely lower under {scenarios}",
    (Sureness.LIKELY, True): "likely higher under {scenarios}",
    (Sureness.LIKELY, False): "likely lower under {scenarios}",
    (Sureness.CANT_TELL, None): "we can't tell whether it differs under {scenarios}",
    (Sureness.ONE_RUN, None): "a single run can't tell a difference from chance under {scenarios}",
    (Sureness.NO_DIFFERENCE, None): "exactly the same under {scenarios}",
    (Sureness.UNDEFINED, None): "not defined under {scenarios}",
}
"""From what is surest to what is least; a direction is named only where the interval excludes zero."""


def answer(findings: Findings, language: Language) -> list[str]:
    """A sentence per headline outcome, on all scenarios, in the named year."""
    return [_sentence(findings, series, language) for series in HEADLINE]


def how_sure(findings: Findings, language: Language) -> str:
    """One sentence on what the intervals rest on."""
    return language(
        "In brackets: the mean where an effect is claimed, and the 90% interval. It rests on {runs} runs per scenario "
        "({design}) and holds what draws of the parameters and luck can do, not what the model leaves out.",
        runs=findings.comparison.runs,
        design=design(findings.comparison.manifest, language),
    )


def listed(words: list[str], language: Language) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {language('and')} {words[-1]}"


def _sentence(findings: Findings, series: Series, language: Language) -> str:
    comparison = findings.comparison
    effects = {label: findings.effect_in(label, series, findings.year) for label in comparison.others}
    clauses = []
    for (word, higher), clause in _CLAUSES.items():
        mine = [label for label, effect in effects.items() if _falls_under(effect, word, higher)]
        if mine:
            told = [_told(findings, label, effects[label], series, language) for label in mine]
            clauses.append(language(clause, scenarios=listed(told, language)))
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


def _falls_under(effect: Summary, word: Sureness, higher: bool | None) -> bool:
    return bool(effect.sureness == word) and higher in (None, float(effect.mean) > 0)


def _told(findings: Findings, label: str, effect: Summary, series: Series, language: Language) -> str:
    name = named(findings, label, language)
    if distinguishable(effect.sureness) or effect.sureness == Sureness.ONE_RUN:
        return f"{name} ({summary_text(effect, unit(series), effect=True, language=language).replace(' (', ', ')}"
    if effect.sureness == Sureness.CANT_TELL:
        ends = interval(float(effect.low), float(effect.high), unit(series), effect=True, language=language)
        return f"{name} ({ends} {language(scale(unit(series), effect=True).unit)})"
    return name


def scenario_answers(findings: Findings, language: Language) -> Iterator[str]:
    """Definitions of the headline outcomes, for who wonders what is counted."""
    for name, _ in HEADLINE:
        yield f"{language(OUTCOMES[name].title)}: {language(OUTCOMES[name].definition)}"
