"""Numbers in words: rounded as they deserve, in the form of the language, never without their interval."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import doorstroom
from doorstroom.errors import DoorstroomError
from doorstroom.experiment.effects import Size, Summary, Sureness
from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.language import DUTCH, ENGLISH
from doorstroom.reporting.wording import decimals, number, scale, summary_text
from doorstroom.scenario import load_scenario, scenario_files

ROOM = Path(doorstroom.__file__).parent / "reporting"
REASONABLE = st.floats(-1e9, 1e9, allow_nan=False)


def summary(mean: float, low: float, high: float) -> Summary:
    return Summary(mean, low, high, mean, 0.0, 0.9, 0, 30, 30, 0.98, 0.94, Sureness.LIKELY, Size.AT_MOST)


@pytest.mark.parametrize(
    ("value", "places", "english", "dutch"),
    [
        (1234.56, 1, "1,234.6", "1.234,6"),
        (-1234567, -3, "\u22121,235,000", "\u22121.235.000"),
        (0.005, 3, "0.005", "0,005"),
        (-0.001, 2, "0.00", "0,00"),
    ],
)
def test_numbers_take_the_form_of_the_language(value: float, places: int, english: str, dutch: str) -> None:
    assert number(value, places) == english
    assert number(value, places, language=DUTCH) == dutch


@pytest.mark.parametrize(
    ("low", "high", "places"), [(0, 1100, -2), (0, 0.0123, 3), (-5, 5, 0), (100, 100, 0), (0.5, 0.5, 2), (1, 2, 1)]
)
def test_two_digits_of_the_width_are_told(low: float, high: float, places: int) -> None:
    assert decimals(low, high) == places


@given(REASONABLE, st.floats(0, 1e8), st.sampled_from(["pupils", "share", "euro"]), st.booleans())
def test_a_number_always_comes_with_its_interval(middle: float, half: float, unit: str, effect: bool) -> None:
    for language, between in ((ENGLISH, "to"), (DUTCH, "tot")):
        text = summary_text(summary(middle, middle - half, middle + half), unit, effect=effect, language=language)
        assert re.fullmatch(rf"[+\u2212]?[\d.,]+%?[^()]* \([+\u2212]?[\d.,]+ {between} [+\u2212]?[\d.,]+\)", text), text


@given(REASONABLE, st.floats(1e-3, 1e8))
def test_rounding_stays_within_a_twentieth_of_the_width(middle: float, half: float) -> None:
    low, high = middle - half, middle + half
    places = decimals(low, high)
    eighth = 10.0 ** (math.floor(math.log10(max(abs(low), abs(high)))) - 7)  # no number has more than eight digits
    assert abs(round(middle, places) - middle) <= max(0.051 * (high - low), 0.5 * 10.0**-4, 0.51 * eighth)


def test_what_has_no_interval_or_no_value_says_so() -> None:
    nan = float("nan")
    assert summary_text(summary(12.34, nan, nan), "pupils", effect=False) == "12.3 pupils (one run, no interval)"
    assert summary_text(summary(nan, nan, nan), "pupils", effect=True) == "not defined"
    assert summary_text(summary(nan, nan, nan), "pupils", effect=True, language=DUTCH) == "niet bepaald"


def test_every_outcome_unit_and_group_has_a_dutch_name() -> None:
    for outcome in OUTCOMES.values():
        for text in (outcome.title, outcome.definition, outcome.section):
            assert text in DUTCH.texts, text
        for effect in (False, True):
            assert scale(outcome.unit, effect=effect).unit in DUTCH.texts
        for group in outcome.groups:
            assert all(part in DUTCH.texts for part in group.split(" > ")), group


def test_scenarios_of_the_demo_have_dutch_texts_and_none_is_left_of_texts_that_are_gone() -> None:
    said = {
        name: {one.title, one.question, one.changes}
        for name, one in ((name, load_scenario(file)) for name, file in scenario_files().items())
    }
    for name in ("baseline", "no_sto", "sto_ends", "no_ngf"):
        assert said[name] <= DUTCH.texts.keys()
    catalogue = tomllib.loads((ROOM / "texts" / "nl.toml").read_text(encoding="utf-8"))
    assert catalogue["scenarios"].keys() <= set().union(*said.values())


def test_every_text_of_the_page_and_its_script_has_a_dutch_form() -> None:
    found = set()
    for path in [*(ROOM / "templates").glob("*.js"), ROOM / "templates" / "report.html.j2"]:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'\bt\("((?:[^"\\]|\\.)*)"', text))
        found |= set(re.findall(r'choice\("[^"]+", "([^"]+)"\)', text))
    assert len(found) > 100
    assert not {text.replace("\\u2013", "\u2013") for text in found} - DUTCH.texts.keys()


def test_dutch_fills_in_the_same_values() -> None:
    catalogue = tomllib.loads((ROOM / "texts" / "nl.toml").read_text(encoding="utf-8"))
    for section in catalogue.values():
        for english, dutch in section.items():
            assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", dutch)), english


def test_a_text_without_dutch_is_a_fault_not_a_half_translated_page() -> None:
    with pytest.raises(DoorstroomError, match=r"nl\.toml"):
        DUTCH("Never heard of")
