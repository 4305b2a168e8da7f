"""The first screen: the question, one sentence per option, the table of options, and what is sure and what isn't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from doorstroom.experiment.effects import FEWEST_FOR_LEVEL, Size, Summary, Sureness, distinguishable
from doorstroom.experiment.table import Series
from doorstroom.reporting.findings import Cost, Findings, unit
from doorstroom.reporting.key import HEADLINE, short_title
from doorstroom.reporting.language import Language
from doorstroom.reporting.style import people
from doorstroom.reporting.wording import decimals, direction, money_a_year, number, price_text, summary_text, verdict


class Option(NamedTuple):
    """A row of the table of options; texts in one language.

    Attributes
    ----------
    money : difference in money a year from the present policy
    outcomes : per headline outcome the verdict
    bought : per headline outcome what a million euro buys, and what one costs
    since : from which year it shows
    """

    name: str
    money: str
    outcomes: tuple[str, ...]
    bought: tuple[str, ...]
    since: str


def heading(findings: Findings, language: Language) -> str:
    """The question that the page answers."""
    comparison = findings.comparison
    entries, others = comparison.manifest.scenarios, comparison.others
    if len(others) > 1:
        count = language(_COUNTS[len(others)]) if len(others) < len(_COUNTS) else str(len(others))
        return language(
            "{count} choices for STO and NGF money: what difference do they make to {baseline}?",
            count=count,
            baseline=findings.named(comparison.baseline, language),
        )
    text = entries[1].question if others else entries[0].title
    return language(text) if language.translates(text) else text


_COUNTS = ("", "", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def answer(findings: Findings, language: Language) -> list[str]:
    """A sentence per option: what it does to pupils, teachers and technicians in the named year."""
    return [_sentence(findings, label, language) for label in findings.comparison.others]


def _sentence(findings: Findings, label: str, language: Language) -> str:
    name = findings.title(label, language)
    if findings.never_differs(label):
        base = findings.named(findings.comparison.baseline, language)
        return language("{name} is the same as {baseline} in everything.", name=name, baseline=base)
    firm: list[str] = []
    open_: list[str] = []
    untold: dict[Sureness | Size, list[str]] = {}
    for series in HEADLINE:
        effect, what = findings.effect_in(label, series, findings.year), short_title(series, language)
        if distinguishable(effect.sureness):
            firm.append(phrase(findings, effect, series, language))
        elif effect.size == Size.NO_MATTER:
            untold.setdefault(Size.NO_MATTER, []).append(what)
        elif effect.sureness == Sureness.EITHER_WAY:
            words = verdict(effect, unit(series), language)
            open_.append(language("the number of {what} {words}", what=what, words=words))
        else:
            untold.setdefault(effect.sureness, []).append(what)
    there = [language("there are {which}", which=listed(firm, language))] if firm else []
    since = findings.differs_from(label)
    for word, names in untold.items():
        there.append(language(_UNTOLD[word], which=listed(names, language), since=since))
    told = [*there[: len(firm) > 0], *open_, *there[len(firm) > 0 :]]
    return f"{name}: {'. '.join([told[0], *map(upper, told[1:])])}."


_UNTOLD: Final = {
    Size.NO_MATTER: "for {which} the difference is too small to matter",
    Sureness.TOO_SMALL: "for {which} the difference is too small to see with this many people modelled",
    Sureness.NOT_YET: "{which} can't differ yet: this option differs from {since} on",
    Sureness.TOO_FEW: "for {which} there are not enough runs to say",
    Sureness.SAME: "for {which} nothing differs",
    Sureness.UNDEFINED: "for {which} there is nothing to compare",
}


def phrase(findings: Findings, effect: Summary, series: Series, language: Language) -> str:
    """An effect that has a direction, within a sentence: the chance, the direction, how much at most, and of what."""
    values = direction(effect, unit(series), language) | {"what": short_title(series, language)}
    if effect.size == Size.NO_MATTER:
        return language("{sure} {way} {what} (too small to matter)", **values)
    level = findings.level(findings.comparison.baseline, series).at(findings.years.index(findings.year))
    places = decimals(float(level.low), float(level.high), effect=False)
    values["level"] = number(float(level.median), places, language=language)
    if effect.size == Size.AT_LEAST:
        return language("{sure} {way} {what} (at least {near} and at most {far} {way}, of some {level})", **values)
    return language("{sure} {way} {what} (at most {far} {way}, of some {level})", **values)


def upper(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def options(findings: Findings, language: Language) -> list[Option]:
    """The rows of the table, in the order of the money."""
    costs: dict[str, list[Cost]] = {}
    for cost in findings.costs():
        costs.setdefault(cost.scenario, []).append(cost)
    order = sorted(findings.comparison.others, key=lambda label: float(costs[label][0].money.median))
    return [_option(findings, label, costs[label], language) for label in order]


def _option(findings: Findings, label: str, costs: list[Cost], language: Language) -> Option:
    effects = [findings.effect_in(label, series, findings.year) for series in HEADLINE]
    outcomes = tuple(verdict(effect, unit(series), language) for effect, series in zip(effects, HEADLINE, strict=True))
    return Option(
        findings.title(label, language),
        money_a_year(findings.money_a_year(label), language),
        outcomes,
        tuple(_bought(cost, language) for cost in costs),
        _since(findings, label, language),
    )


def _bought(cost: Cost, language: Language) -> str:
    if not np.isfinite(cost.bought.median):
        return language("the same money")
    amount = summary_text(cost.bought, unit(cost.outcome), effect=False, show_unit=False, language=language)
    if not np.isfinite(cost.euro.low):
        return language("{amount} per million euro", amount=amount)
    price = price_text(cost.euro, language)
    return language("{amount} per million euro; one costs {price}", amount=amount, price=price)


def _since(findings: Findings, label: str, language: Language) -> str:
    years = [findings.onset(label, series).year for series in HEADLINE]
    known = [year for year in years if year is not None]
    return str(min(known)) if known else language("in no year")


def sure(findings: Findings, language: Language) -> list[str]:
    """What has a direction that is very likely or surer, and what is too small to matter, in the named year."""
    firm = (Sureness.VIRTUALLY_CERTAIN, Sureness.VERY_LIKELY)
    found = [
        f"{findings.title(label, language)}: {phrase(findings, effect, series, language)}."
        for label, series, effect in _effects(findings)
        if effect.sureness in firm
    ]
    small = [(label, series) for label, series, effect in _effects(findings) if effect.size == Size.NO_MATTER]
    if small:
        told = _by_option(findings, small, language)
        found.append(language("Too small to matter: {which}.", which=told))
    return found or [language("In {year} no direction is very likely or surer.", year=findings.year)]


def unsure(findings: Findings, language: Language) -> list[str]:
    """What could go either way, is too small to see or has too few runs."""
    words = (Sureness.EITHER_WAY, Sureness.TOO_SMALL, Sureness.TOO_FEW, Sureness.NOT_YET)
    found: dict[str, list[tuple[str, Series]]] = {}
    for label, series, effect in _effects(findings):
        if effect.sureness in words and effect.size != Size.NO_MATTER:
            found.setdefault(upper(language(str(effect.sureness))), []).append((label, series))
    told_of = [f"{word}: {_by_option(findings, which, language)}." for word, which in found.items()]
    return [*told_of, language("What the model leaves out, such as mistakes in how it is built, is in no interval.")]


def _by_option(findings: Findings, which: list[tuple[str, Series]], language: Language) -> str:
    """`option (outcome, outcome); option (outcome)`."""
    of: dict[str, list[str]] = {}
    for label, series in which:
        of.setdefault(findings.title(label, language), []).append(short_title(series, language))
    return "; ".join(f"{name} ({', '.join(outcomes)})" for name, outcomes in of.items())


def _effects(findings: Findings) -> Iterator[tuple[str, Series, Summary]]:
    for label in findings.comparison.others:
        for series in HEADLINE:
            yield label, series, findings.effect_in(label, series, findings.year)


def how_sure(findings: Findings, language: Language) -> str:
    """What the intervals rest on, in plain words."""
    manifest = findings.comparison.manifest
    units = len(manifest.draws) if len(manifest.draws) > 1 else manifest.seeds
    values: dict[str, object] = {"runs": findings.comparison.runs, "people": people(manifest, language)}
    if findings.comparison.runs == 1:
        return language("Every scenario was computed once, so there is no telling how sure the differences are.")
    told = [
        language("The interval holds nine in ten computations.")
        if units >= FEWEST_FOR_LEVEL
        else language("There are too few computations for an interval of 90%: the lowest and the highest are given."),
        language("Each scenario was computed {runs} times, with other assumptions each time, for {people}.", **values)
        if len(manifest.draws) > 1
        else language("Each scenario was computed {runs} times, with other luck each time, for {people}.", **values),
        language("What the model leaves out doesn't count."),
    ]
    return " ".join(told)


def listed(words: list[str], language: Language) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {language('and')} {words[-1]}"
