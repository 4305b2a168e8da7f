"""Every number in the report's text is found in the store, and no effect is claimed that can't be told from zero."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from doorstroom.outcomes import COLUMN, COUNTRY, OUTCOMES
from doorstroom.reporting.findings import Findings, find, unit
from doorstroom.reporting.key import HEADLINE
from doorstroom.reporting.language import LANGUAGES, Language
from doorstroom.reporting.page.answer import answer
from doorstroom.reporting.wording import decimals, finding, number
from doorstroom.study.parts import RunReader
from doorstroom.study.results import RUNS, Results
from doorstroom.study.table import Series

NUMBER = re.compile(r"(?<![\w.,])[+\u2212]?\d[\d.,]*(?<![.,])")


@cache
def country(folder: Path, label: str) -> np.ndarray:
    """What the files of the runs hold for the country, shape (runs, years, series)."""
    table = pq.read_table(folder / RUNS).to_pandas()
    mine = table.loc[table["scenario"] == label, "run"]
    reader = RunReader(folder)
    return np.stack([reader.read(one)[0][:, COUNTRY] for one in mine])


def from_store(comparison: Results, label: str, series: Series, year: int) -> tuple[float, float, float]:
    """Median and ends of an effect, worked out anew from the files of the runs: of six draws, the range."""
    at = comparison.years.index(year)
    runs = [country(comparison.folder, name)[:, at, COLUMN[series]] for name in (label, comparison.baseline)]
    effect = np.sort(runs[0] - runs[1])
    return float(np.median(effect)), float(effect[0]), float(effect[-1])


def written(values: tuple[float, float, float], language: Language) -> set[str]:
    """The numbers with their sign, and without it behind words such as fewer."""
    places = decimals(values[1], values[2])
    return {
        number(one, places, signed=one is value, language=language) for value in values for one in (value, abs(value))
    }


@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_number_in_the_answer_is_in_the_store(findings: Findings, code: str) -> None:
    comparison, language = findings.comparison, LANGUAGES[code]
    told: set[str] = set()
    for series, sentence in zip(HEADLINE, answer(findings, language), strict=True):
        allowed = {str(findings.year)}
        for label in comparison.others:
            allowed |= written(from_store(comparison, label, series, findings.year), language)
        titles = " ".join(entry.title for entry in comparison.manifest.scenarios)
        found = set(NUMBER.findall(sentence)) - set(NUMBER.findall(titles))
        assert found <= allowed, sentence
        told |= found
    assert len(told) > 2  # the fake country has effects to tell


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
    for code, words in (("en", "exactly the same"), ("nl", "precies gelijk")):
        for sentence in answer(find(same), LANGUAGES[code]):
            assert words in sentence
            assert "[baseline (2)]" in sentence  # two scenarios of one title are told apart by their label
