"""What the page says of its own evidence: what an effect rests on and how good the model was, number by number."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

import fake_country
import numpy as np
import pyarrow.parquet as pq
import pytest

from doorstroom.evidence.calibration import prior_scores
from doorstroom.evidence.grades import LUCK, attribute
from doorstroom.experiment.effects import summarise
from doorstroom.experiment.results import RUNS, Results
from doorstroom.experiment.run_store import RunReader
from doorstroom.inputs.observed import observed
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import COLUMN, COUNTRY, OUTCOMES
from doorstroom.parameters import load_parameters
from doorstroom.reporting.findings import Findings, find
from doorstroom.reporting.key import HEADLINE, MOVED, RELATIVE, title
from doorstroom.reporting.language import DUTCH, ENGLISH, LANGUAGES
from doorstroom.reporting.page.rests import share_text
from doorstroom.reporting.page.write import write_report
from doorstroom.reporting.parameter_names import parameter_name
from doorstroom.reporting.wording import decimals, number, scale, summary_text
from doorstroom.terms import Activity

DRAWS = 40


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Forty draws of one seed, with the inputs of the real country, whose counts are then at hand."""
    return fake_country.compared(
        [fake_country.scenario(), fake_country.scenario("none", 0.0)],
        draws=DRAWS,
        inputs_identity=load_inputs().identity,
        out=tmp_path_factory.mktemp("evidence") / "study",
    )


@pytest.fixture(scope="module")
def told(study: Results) -> Findings:
    return find(study)


@pytest.fixture(scope="module")
def page(told: Findings) -> str:
    return write_report(told).read_text(encoding="utf-8")


def country(study: Results, label: str) -> np.ndarray:
    """What the files of the runs hold for the country, shape (runs, years, series)."""
    return _country(study.folder, label)


@cache
def _country(folder: Path, label: str) -> np.ndarray:
    table = pq.read_table(folder / RUNS).to_pandas()
    reader = RunReader(folder)
    return np.stack([reader.read(one)[0][:, COUNTRY] for one in table.loc[table["scenario"] == label, "run"]])


def section(page: str, name: str) -> str:
    return re.search(rf'<section id="{name}".*?</section>', page, flags=re.DOTALL)[0]  # type: ignore[index]


def rows(part: str, code: str) -> list[list[str]]:
    """The rows of the first table of a part of the page, in one language."""
    body = re.search(r"<tbody>(.*?)</tbody>", part, flags=re.DOTALL)[1]  # type: ignore[index]
    other = "nl" if code == "en" else "en"
    body = re.sub(rf'<span class="{other}" lang="{other}">.*?</span>', "", body, flags=re.DOTALL)
    cells = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL)
        for row in re.findall(r"<tr>(.*?)</tr>", body, flags=re.DOTALL)
    ]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_number_of_what_an_effect_rests_on_follows_from_the_store(study: Results, page: str, code: str) -> None:
    language, at = LANGUAGES[code], study.years.index(2030)
    names, scores = prior_scores(study.whole_draws)
    shown = rows(section(page, "rests"), code)
    assert shown
    for row in shown:
        series = next(one for one in HEADLINE if title(one, language) in row[0])
        effect = (country(study, "none") - country(study, "baseline"))[:, at, COLUMN[series]]
        found = attribute(effect.reshape(DRAWS, 1), scores, names)
        assert found is not None
        grades = [share for grade, share in found.by_grade.items() if grade != LUCK]
        assert row[1:-1] == [share_text(share, language) for share in grades]
        for key, share in list(found.by_parameter.items())[:3]:
            assert f"{parameter_name(key, language)} {key} {share_text(share, language)}" in row[-1]
        allowed = " ".join(share_text(one, language) for one in found.by_parameter.values())
        assert set(re.findall(r"\d+%", row[-1])) <= set(re.findall(r"\d+%", allowed))


@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_number_of_how_good_the_model_is_follows_from_counts_and_store(
    study: Results, page: str, code: str
) -> None:
    language, runs = LANGUAGES[code], country(study, "baseline")
    table = observed(load_inputs())
    part = section(page, "good")
    shown = rows(part, code)
    inside = 0
    for name, year, counted, level, word in shown:
        series = next(
            (outcome, group)
            for outcome, group in COLUMN
            if group in ("total", "havo", "vwo") and title((outcome, group), language) == name
        )
        unit = OUTCOMES[series[0]].unit
        summary = summarise(runs[:, study.years.index(int(year)), COLUMN[series]])
        assert level == summary_text(summary, unit, effect=False, language=language)
        mine = (table["region"] == 0) & (table["outcome"] == series[0]) & (table["group"] == series[1])
        truth = table.loc[mine & (table["year"] == int(year)), "value"]
        if len(truth):  # students of mbo come from a table of their own
            value = float(truth.iloc[-1])
            factor = scale(unit, effect=False).factor
            low, high = float(summary.low) * factor, float(summary.high) * factor
            assert counted.removesuffix("%") == number(
                value * factor, decimals(low, high, effect=False), language=language
            )
            held = bool(summary.low <= value <= summary.high)
            assert word == language("yes" if held else "no")
        inside += word == language("yes")
    assert language("{held} of {all} lie within the interval", held=inside, all=len(shown)) in unescape(part)


def test_every_parameter_has_a_name_in_both_languages() -> None:
    names = {key: (parameter_name(key, ENGLISH), parameter_name(key, DUTCH)) for key in load_parameters()}
    for key, (english, dutch) in names.items():
        assert english != key.replace("_", " "), f"{key}: no name in texts/parameters.toml"
        assert english != dutch or len(english.split()) == 1, key
        assert "_" not in english + dutch, key
    assert len({english for english, _ in names.values()}) == len(names)
    assert len({dutch for _, dutch in names.values()}) == len(names)
    assert parameter_name("own.new_thing") == "own.new thing"


def test_no_key_of_a_parameter_stands_on_the_first_screen(page: str) -> None:
    first = section(page, "answer")
    assert not [key for key in load_parameters() if key in first]


def test_every_activity_is_followed_to_what_it_moves() -> None:
    assert set(MOVED) == {activity.name.lower() for activity in Activity}


def test_a_step_of_the_chain_is_a_share_of_what_there_is_run_by_run(study: Results, told: Findings) -> None:
    at = study.years.index(2030)
    for series in RELATIVE:
        base, other = (country(study, label)[:, at, COLUMN[series]] for label in ("baseline", "none"))
        with np.errstate(invalid="ignore", divide="ignore"):
            of_runs = np.where(base != 0, (other - base) / np.abs(base), np.nan)
        summary = told.relative("none", series).at(at)
        if np.isfinite(of_runs).all():
            assert summary.median == pytest.approx(np.median(of_runs), abs=1e-12)
            assert of_runs.min() <= summary.low <= summary.high <= of_runs.max()
