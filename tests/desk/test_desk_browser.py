"""The desk in a real Chromium without a network."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from doorstroom.desk.basis import YEARS, index_of, terms
from doorstroom.desk.design import positions
from doorstroom.desk.judging import refused, told_of
from doorstroom.desk.learned import answer
from doorstroom.desk.levers import LEVERS, PRESENT, Position, vector
from doorstroom.desk.outcomes import HEADLINE, TOLD, matters
from doorstroom.desk.page import Told, write_page
from doorstroom.desk.position import Money, scenario_of
from doorstroom.desk.runs import told as position_of
from doorstroom.desk.texts import DESK_DUTCH
from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.language import ENGLISH
from doorstroom.reporting.wording import summary_text
from doorstroom.scenario import load_scenario

STOPS = "#sto_end=2029&sto_near=0.5&staff=0.4&equipment=0.195&orientation=0.105&year=2034"
STOPPED = {"sto_end": 2029.0, "sto_near": 0.5, "staff": 0.4, "equipment": 0.195, "orientation": 0.105}


@pytest.fixture(scope="session")
def file(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(told, tmp_path_factory.mktemp("desk"))


@pytest.fixture
def view(offline: Callable[..., Any], file: Path) -> Callable[..., Any]:
    """Opens the desk offline."""
    return partial(offline, file)


def rows_of(page: Any, table: str) -> list[list[str]]:
    return page.eval_on_selector_all(
        f"{table} tbody tr", "rows => rows.map((row) => [...row.cells].map((cell) => cell.innerText))"
    )


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_says_what_the_emulator_says(view: Callable[..., Any], told: Told, language: str) -> None:
    page, tongue = view(f"{STOPS}&lang={language}"), {"en": ENGLISH, "nl": DESK_DUTCH}[language]
    found = answer(told.learned, STOPPED, told.study.policy_of())
    year = index_of(2034)
    for at, (name, row) in enumerate(zip(TOLD, rows_of(page, "#all"), strict=True)):
        assert row[0] == tongue(OUTCOMES[name].title)
        least = matters(name, float(np.median(told.learned.levels[:, year, at])))
        if refused(found, at, year, least):
            assert row[2] == tongue("run it")
            continue
        text = summary_text(
            told_of(found, at, year), OUTCOMES[name].unit, effect=True, show_unit=False, language=tongue
        )
        mine, theirs = (numbers(one) for one in (text, row[2].split("\n")[0]))
        width = abs(mine[2] - mine[1])
        assert np.allclose(mine, theirs, atol=0.06 * width)  # coefficients are packed in 16 bits
    assert len(page.locator("#sentences li").all()) == len(HEADLINE)


def numbers(text: str) -> list[float]:
    """The numbers of `median (low to high)`, in either language's form."""
    plain = text.replace("\u2212", "-").replace(" tot ", " to ")
    dutch = " tot " in text
    clean = plain.replace(".", "").replace(",", ".") if dutch else plain.replace(",", "")
    middle, ends = clean.rstrip(")").split(" (")
    return [float(part) for part in (middle, *ends.split(" to "))]


def test_no_lever_moved_is_the_same_and_one_that_acts_later_cant_differ_yet(view: Callable[..., Any]) -> None:
    page = view("#lang=en")
    assert page.inner_text("#sentences").count("the same: nothing is moved") == 3
    page = view("#ngf_after=1&year=2030&lang=en")
    assert page.inner_text("#sentences").count("can't differ yet") == 3


def test_the_scripts_terms_and_money_are_those_of_the_model(
    view: Callable[..., Any], tmp_path: Path, told: Told
) -> None:
    """The file that the page gives is the scenario that the desk's own position is, at twelve positions."""
    policy, ranges = told.study.policy_of(), told.study.range_of()
    for at, place in enumerate(positions(12, ranges, 9)):
        position = position_of(place)
        page = view("#" + "&".join(f"{key}={value!r}" for key, value in position.items()) + "&lang=en")
        page.fill("#name", f"tried {at}")
        with page.expect_download() as download:
            page.click("#toml")
        assert download.value.suggested_filename == f"tried_{at}.toml"
        file = tmp_path / f"tried_{at}.toml"
        download.value.save_as(file)
        assert load_scenario(file).identity() == scenario_of(position, policy).identity()
        page.click("#money-table", force=True) if page.locator("#money-table").is_visible() else page.click(
            "summary >> nth=1"
        )
        money = Money(position, policy)
        rows = page.eval_on_selector_all(
            "#money-table tbody tr", "rows => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
        )
        if not position["sto_indexed"]:
            for year, row in zip(range(len(YEARS)), rows, strict=True):
                assert float(row[3].replace(",", "")) == pytest.approx(money.total()[year] / 1e6, abs=0.051)
        page.context.close()


def test_a_position_outside_what_was_tried_gets_no_number(view: Callable[..., Any]) -> None:
    page = view("#sto_near=7&lang=en")
    assert page.inner_text("#sentences").startswith("Run it because these levers stand where nothing was tried: STO")
    assert all(row[2] == "run it" for row in rows_of(page, "#all"))
    assert not rows_of(page, "#regions-table")


def test_a_lever_answers_within_a_tenth_of_a_second_and_by_keyboard(view: Callable[..., Any]) -> None:
    page = view("#lang=en&year=2034")
    page.focus("#c-sto_later")
    took = page.evaluate(
        """() => {
          const range = document.getElementById("c-sto_later"), all = [];
          for (let at = 0; at < 15; at++) {
            const begun = performance.now();
            range.value = String(0.1 + 0.05 * at);
            range.dispatchEvent(new Event("input", { bubbles: true }));
            document.body.getBoundingClientRect();  // laid out
            all.push(performance.now() - begun);
          }
          return all.sort((a, b) => a - b)[7];
        }"""
    )
    assert took < 100, took
    before = page.inner_text("#sentences")
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    assert page.inner_text("#sentences") != before
    assert "million" in page.get_attribute("#c-sto_later", "aria-valuetext")
    page.wait_for_timeout(200)
    assert "sto_later=0.5" in page.evaluate("location.hash")


def test_two_positions_are_kept_and_compared_and_the_address_holds_both(view: Callable[..., Any]) -> None:
    page = view(f"{STOPS}&lang=en")
    page.click("#keep")
    page.select_option("#c-example", "0")
    heads = page.locator("#all thead th").all_text_contents()
    assert heads[2:5] == ["This position", "Kept position", "This minus the kept one"]
    page.wait_for_timeout(200)
    address = page.evaluate("location.hash")
    assert rows_of(view(address), "#all") == rows_of(page, "#all")
    first = rows_of(page, "#all")[1]
    page.click("#swap")
    assert [rows_of(page, "#all")[1][at] for at in (3, 2)] == first[2:4]
    page.click("#drop")
    assert page.locator("#all thead th").count() == 4


def test_what_one_part_of_the_split_gains_the_others_lose_in_proportion(view: Callable[..., Any]) -> None:
    page = view("#lang=en")
    page.evaluate(
        """() => { const range = document.getElementById("c-staff"); range.value = "0.4";
        range.dispatchEvent(new Event("input", { bubbles: true })); }"""
    )
    assert page.inner_text("#l-equipment output") == "19.5%"  # 0.26 x 0.6 / 0.8
    page.wait_for_timeout(200)
    assert "equipment=0.195" in page.evaluate("location.hash")


def test_money_that_is_the_same_has_no_price_and_regions_are_told(view: Callable[..., Any]) -> None:
    page = view("#staff=0.3&lang=en")
    page.wait_for_timeout(200)
    assert "nothing to divide by" in page.inner_text("#prices")
    assert len(rows_of(page, "#regions-table")) == 78
    page = view("#sto_later=0.4&lang=nl")
    page.wait_for_timeout(200)
    assert "per miljoen euro" in page.inner_text("#prices") or "reken het door" in page.inner_text("#prices")
    assert "miljoen euro vergeleken met het huidige beleid" in page.inner_text("#money-said")


def test_a_picture_holds_the_identity(view: Callable[..., Any], told: Told, tmp_path: Path) -> None:
    page = view(f"{STOPS}&lang=nl")
    with page.expect_download() as download:
        page.click("#p-years .svg")
    file = tmp_path / "picture.svg"
    download.value.save_as(file)
    root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    assert told.identity in file.read_text(encoding="utf-8")
    assert root.find("{http://www.w3.org/2000/svg}title").text.startswith("Verschil met het huidige beleid")  # type: ignore[union-attr]


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("nl", 390)])
def test_axe_finds_no_fault(view: Callable[..., Any], language: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = view(f"{STOPS}&lang={language}", width=width)
    for summary in page.locator("summary").all():
        summary.click()
    faults = axe.run(page).response["violations"]
    assert [(fault["impact"], fault["id"], fault["nodes"][0]["html"][:200]) for fault in faults] == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768), (1920, 1080)])
def test_nothing_hangs_over_the_edge_of_a_phone_a_laptop_or_a_projector(
    view: Callable[..., Any], width: int, height: int
) -> None:
    page = view(f"{STOPS}&kept=sto_end:2028", width=width, height=height)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    drawn = page.eval_on_selector_all("figure.plot svg", "all => all.map((one) => one.getBoundingClientRect().right)")
    assert max(drawn) <= width


def test_terms_vanish_at_the_present_policy() -> None:
    nothing: Position = PRESENT
    assert (terms(vector(nothing)[None]) == 0.0).all()
    assert len(LEVERS) == len(PRESENT)
