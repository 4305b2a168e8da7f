"""Every number in the report's text is found in the store, and no effect is claimed that can't be told from zero."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from doorstroom.outcomes import COLUMN, COUNTRY, OUTCOMES
from doorstroom.reporting.findings import Findings, find
from doorstroom.reporting.key import HEADLINE
from doorstroom.reporting.language import LANGUAGES, Language
from doorstroom.reporting.page.answer import answer
from doorstroom.reporting.wording import decimals, finding, number
from doorstroom.study.compare import Comparison, Series
from doorstroom.study.manifest import Manifest
from doorstroom.study.store import Store

NUMBER = re.compile(r"(?<![\w.,])[+\u2212]?\d[\d.,]*(?<![.,])")


@cache
def country(folder: Path, label: str) -> np.ndarray:
    """What the files of the runs hold for the country, shape (runs, years, series)."""
    store = Store(folder)
    return np.stack([store.read(one).values[:, COUNTRY] for one in Manifest.load(folder).identities(label)])


def from_store(comparison: Comparison, label: str, series: Series, year: int) -> tuple[float, float, float]:
    """Mean and prediction interval of an effect, worked out anew from the files of the runs."""
    at = comparison.years.index(year)
    runs = [country(comparison.folder, name)[:, at, COLUMN[series]] for name in (label, comparison.baseline)]
    effect = runs[0] - runs[1]
    half = stats.t.ppf(0.95, len(effect) - 1) * effect.std(ddof=1) * np.sqrt(1 + 1 / len(effect))
    return float(effect.mean()), float(effect.mean() - half), float(effect.mean() + half)


def written(values: tuple[float, float, float], language: Language) -> set[str]:
    places = decimals(values[1], values[2])
    return {number(value, places, signed=True, language=language) for value in values}


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
    assert len(told) > 5  # the fake country has effects to tell


@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_number_of_a_finding_is_in_the_store(findings: Findings, code: str) -> None:
    comparison, language = findings.comparison, LANGUAGES[code]
    for series in HEADLINE:
        for label in comparison.others:
            for year in (2019, 2025, findings.year, findings.years[-1]):
                effect = findings.effect_in(label, series, year)
                text = finding(effect, series[0], year, label, comparison.baseline, language)
                allowed = written(from_store(comparison, label, series, year), language) | {str(year), "90"}
                assert set(NUMBER.findall(text)) <= allowed, text


def test_an_effect_that_may_be_zero_is_never_written_as_one(findings: Findings) -> None:
    for series in [(name, "total") for name, outcome in OUTCOMES.items() if "total" in outcome.groups]:
        for label in findings.comparison.others:
            effects = findings.effect(label, series)
            for at, year in enumerate(findings.years):
                one = effects.at(at)
                text = finding(one, series[0], year, label, "baseline")
                claimed = "higher" in text or "lower" in text
                assert claimed == bool(one.low > 0 or one.high < 0), text


def test_a_scenario_against_itself_is_told_to_be_the_same(same: Comparison) -> None:
    for code, words in (("en", "exactly the same"), ("nl", "precies gelijk")):
        for sentence in answer(find(same), LANGUAGES[code]):
            assert words in sentence
            assert "[baseline (2)]" in sentence  # two scenarios of one title are told apart by their label
