"""Every number in the report's text is found in the store, and no effect is claimed that can't be told from zero."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from doorstroom.experiment.effects import summarise
from doorstroom.experiment.results import RUNS, Results
from doorstroom.experiment.run_store import RunReader
from doorstroom.experiment.table import Series
from doorstroom.outcomes import COLUMN, COUNTRY, OUTCOMES
from doorstroom.reporting.findings import Findings, find, unit
from doorstroom.reporting.key import HEADLINE
from doorstroom.reporting.language import LANGUAGES, Language
from doorstroom.reporting.page.answer import answer, options, sure, unsure
from doorstroom.reporting.wording import bound, decimals, finding, number

NUMBER = re.compile(r"(?<![\w.,])[+\u2212]?\d[\d.,]*(?<![.,])")


@cache
def country(folder: Path, label: str) -> np.ndarray:
    """What the files of the runs hold for the country, shape (runs, years, series)."""
    table = pq.read_table(folder / RUNS).to_pandas()
    mine = table.loc[table["scenario"] == label, "run"]
    reader = RunReader(folder)
    return np.stack([reader.read(one)[0][:, COUNTRY] for one in mine])


def from_store(comparison: Results, label: str, series: Series, year: int) -> tuple[float, float, float]:
    """Median and ends of an effect, worked out anew from the files of the runs: of six draws, the range.

    Where several runs take the value at an end, the other end leaves out the rest (`summarise`).
    """
    at = comparison.years.index(year)
    runs = [country(comparison.folder, name)[:, at, COLUMN[series]] for name in (label, comparison.baseline)]
    effect = np.sort(runs[0] - runs[1])
    if effect[0] == effect[1] or effect[-1] == effect[-2]:
        of = summarise(runs[0] - runs[1], comparison.seeds)
        return float(of.median), float(of.low), float(of.high)
    return float(np.median(effect)), float(effect[0]), float(effect[-1])


def level_from_store(comparison: Results, series: Series, year: int, language: Language) -> str:
    """The median of what there is under the baseline, as it is told beside an effect."""
    at = comparison.years.index(year)
    level = summarise(country(comparison.folder, comparison.baseline)[:, at, COLUMN[series]], comparison.seeds)
    places = decimals(float(level.low), float(level.high), effect=False)
    return number(float(level.median), places, language=language)


def written(values: tuple[float, float, float], language: Language) -> set[str]:
    """The numbers with their sign; and the ends as they stand alone, behind words such as at most."""
    places = decimals(values[1], values[2])
    signed = {number(value, places, signed=True, language=language) for value in values}
    return signed | {bound(abs(end), places, language) for end in values[1:]}


@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_number_in_the_answer_is_in_the_store(findings: Findings, code: str) -> None:
    comparison, language = findings.comparison, LANGUAGES[code]
    told: set[str] = set()
    titles = set(NUMBER.findall(" ".join(entry.title for entry in comparison.manifest.scenarios)))
    every: set[str] = set()
    for label, sentence in zip(comparison.others, answer(findings, language), strict=True):
        allowed: set[str] = set()
        for series in HEADLINE:
            allowed |= written(from_store(comparison, label, series, findings.year), language)
            allowed.add(level_from_store(comparison, series, findings.year, language))
        found = set(NUMBER.findall(sentence)) - titles
        assert found <= allowed, sentence
        told |= found
        every |= allowed
    assert len(told) >= 2  # the fake country has effects to tell
    for line in (*sure(findings, language), *unsure(findings, language)):
        assert set(NUMBER.findall(line)) - titles <= every | {str(findings.year)}, line


@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_number_in_the_table_of_options_is_in_the_store(findings: Findings, code: str) -> None:
    """Verdicts from the runs of the named year; money, and what a million buys, from those of all years."""
    comparison, language = findings.comparison, LANGUAGES[code]
    by_title = {findings.title(label, language): label for label in comparison.others}
    rows = options(findings, language)
    assert [findings.title(label, language) for label in ("none", "less")] == [row.name for row in rows]  # by money
    for row in rows:
        label = by_title[row.name]
        for series, told in zip(HEADLINE, row.outcomes, strict=True):
            assert set(NUMBER.findall(told)) <= written(from_store(comparison, label, series, findings.year), language)
        paid = [
            np.add(
                *(country(comparison.folder, name)[..., COLUMN[kind, "total"]] for kind in ("granted", "national_line"))
            )
            for name in (label, comparison.baseline)
        ]
        money = (paid[0] - paid[1]) / 1e6
        years = (money != 0).any(axis=0)
        assert number(float(money[:, years].mean()), 1, signed=True, language=language) in row.money
        for series, told in zip(HEADLINE, row.bought, strict=True):
            runs = [country(comparison.folder, name)[..., COLUMN[series]] for name in (label, comparison.baseline)]
            flow = OUTCOMES[series[0]].flow
            ratio = np.sort((runs[0] - runs[1]).sum(axis=1) / money.sum(axis=1))
            assert not flow or np.isfinite(ratio).all()
            places = decimals(ratio[0], ratio[-1], effect=False)
            amounts = {number(one, places, language=language) for one in (np.median(ratio), ratio[0], ratio[-1])}
            euros = {language.figure(f"{float(f'{1e6 / end:.2g}'):,.0f}") for end in (ratio[0], ratio[-1]) if end > 0}
            assert set(NUMBER.findall(told)) <= amounts | euros, told


@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_number_of_a_finding_is_in_the_store(findings: Findings, code: str) -> None:
    comparison, language = findings.comparison, LANGUAGES[code]
    for series in HEADLINE:
        for label in comparison.others:
            for year in (2019, 2025, findings.year, findings.years[-1]):
                effect = findings.effect_in(label, series, year)
                text = finding(effect, unit(series), year, language)
                allowed = written(from_store(comparison, label, series, year), language) | {str(year)}
                assert set(NUMBER.findall(text)) <= allowed, text


def test_a_direction_is_written_only_where_its_chance_bears_the_word(findings: Findings) -> None:
    for series in [(name, "total") for name, outcome in OUTCOMES.items() if "total" in outcome.groups]:
        for label in findings.comparison.others:
            effects = findings.effect(label, series)
            for at, year in enumerate(findings.years):
                one = effects.at(at)
                text = finding(one, unit(series), year)
                assert ("likely" in text) == (one.chance_low >= 0.66 and one.below + one.above > 0), text
                assert ("very likely" in text) == (0.9 <= one.chance_low < 0.99), text


def test_a_scenario_against_itself_is_told_to_be_the_same(same: Results) -> None:
    for code, words in (("en", "is the same as"), ("nl", "is in alles precies gelijk aan")):
        for sentence in answer(find(same), LANGUAGES[code]):
            assert words in sentence
            assert "[baseline (2)]" in sentence  # two scenarios of one title are told apart by their label
