"""The report as its readers use it: what they choose is what they see, and what they see is what the store holds."""

from __future__ import annotations

import csv
import html
import io
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from doorstroom.experiment.table import Series
from doorstroom.outcomes import OUTCOMES, SERIES
from doorstroom.reporting.citation import reference
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import CHAIN, REGIONAL, title
from doorstroom.reporting.language import LANGUAGES, Language
from doorstroom.reporting.page.answer import answer
from doorstroom.reporting.wording import scale, summary_text, verdict

VIEWS = [
    ("en", "effect", ("vmbo_technique_pupils", "total"), 0, 2030),
    ("nl", "effect", ("vmbo_technique_share", "total"), 12, 2035),
    ("en", "level", ("teacher_fte", "total"), 77, 2040),
    ("nl", "level", ("absorbed", "equipment"), 0, 2024),
    ("nl", "effect", ("vmbo_technique_pupils", "vrouw"), 9, 2028),
    ("en", "level", ("technical_entrants", "total"), 3, 2019),
]


def shown(findings: Findings, kind: str, label: str, series: Series, region: int, year: int) -> Any:
    """The summary that the page should show."""
    at = findings.years.index(year)
    if region:
        source = findings.regional if kind == "level" else findings.regional_effect
        return source[label].at(at, region, REGIONAL.index(series))
    source = findings.national if kind == "level" else findings.national_effect
    return source[label].at(at, SERIES.index(series))


def choose(page: Any, language: str, kind: str, series: Series, region: int, year: int, findings: Findings) -> None:
    """Choose with the controls, as a reader does."""
    page.click(f"#{language}")
    at = list(OUTCOMES).index(series[0])
    options = page.eval_on_selector_all("#c-outcome option", "all => all.map((one) => one.value)")
    page.select_option("#c-outcome", f"key:{at}" if f"key:{at}" in options else str(at))
    for control, value in (("#c-group", SERIES.index(series)), ("#c-region", region)):
        if page.is_enabled(control):
            page.select_option(control, str(value))
        assert page.input_value(control) == str(value)
    page.select_option("#c-year", str(findings.years.index(year)))
    page.select_option("#c-kind", kind)


@pytest.mark.parametrize(("language", "kind", "series", "region", "year"), VIEWS)
def test_the_page_shows_what_the_store_holds(
    view: Callable[..., Any], findings: Findings, language: str, kind: str, series: Series, region: int, year: int
) -> None:
    page, tongue = view(), LANGUAGES[language]
    choose(page, language, kind, series, region, year, findings)
    row = next(
        row
        for row in page.eval_on_selector_all(
            "#p-time tbody tr", "rows => rows.map((row) => [...row.cells].map((cell) => cell.innerHTML))"
        )
        if row[0] == str(year)
    )
    labels = findings.comparison.labels if kind == "level" else findings.comparison.others
    effect = kind == "effect"
    for cell, label in zip(row[1:], labels, strict=True):
        summary = shown(findings, kind, label, series, region, year)
        text = summary_text(summary, unit(series), effect=effect, show_unit=False, language=tongue)
        assert cell.split("<br>")[0] == text
        if effect:
            assert html.escape(verdict(summary, unit(series), tongue), quote=False) in cell
        assert text.split(" (")[0] in page.inner_text("#said")
    caption = page.inner_text("#p-time figcaption")
    assert title(series, tongue) in caption
    assert tongue(scale(unit(series), effect=effect).unit) in caption
    assert findings.region_names[region] in caption or region == 0


def test_regions_rank_and_pairs_follow_the_choice(view: Callable[..., Any], findings: Findings) -> None:
    page = view()
    series = ("vmbo_technique_share", "total")
    choose(page, "en", "effect", series, 0, 2032, findings)
    page.select_option("#c-map-year", str(findings.years.index(2032)))
    page.select_option("#c-map-scenario", "2")
    page.click("#p-regions summary")
    rows = page.eval_on_selector_all("#p-regions tbody tr", "rows => rows.map((row) => row.innerText.split('\\t'))")
    assert len(rows) == 78
    for region in (1, 40, 78):
        summary = shown(findings, "effect", "none", series, region, 2032)
        text = summary_text(summary, "share", effect=True, show_unit=False)
        assert next(row[1] for row in rows if row[0] == findings.region_names[region]).startswith(text)
    page.click("#p-regions th:nth-child(2) button")
    values = page.eval_on_selector_all(
        "#p-regions td[data-value]", "cells => cells.map((cell) => Number(cell.dataset.value))"
    )
    assert values == sorted(values)
    pair = page.inner_text("#pairs tbody tr")
    difference = findings.between("less", "none").at(findings.years.index(2032), SERIES.index(series))
    assert summary_text(difference, "share", effect=True, show_unit=False) in pair
    page.select_option("#c-map-mode", "years")
    assert page.locator("#p-regions [data-region] path").count() == 2 * 78
    page.click('#p-regions [data-region="5"]')
    assert page.input_value("#c-sheet") == "5"
    assert findings.region_names[5] in page.inner_text("#sheet-body h4")


def test_twelve_scenarios_stay_readable(view: Callable[..., Any], twelve: Path) -> None:
    """A name at the end of every line, none over another; two brought forward; and a small plot for each."""
    page = view("#lang=en", page_of=twelve)
    plot = "#p-time .drawing > div:nth-of-type(1) svg"
    names = page.eval_on_selector_all(
        f"{plot} text[style]", "all => all.map((one) => [one.textContent, Number(one.getAttribute('y'))])"
    )
    assert len({name for name, _ in names}) == 11
    heights = sorted(y for _, y in names)
    assert min(after - before for before, after in itertools.pairwise(heights)) >= 10
    bold = f"{plot} text[font-weight=bold]"
    assert page.locator(bold).count() == 2
    page.click("#p-time .key button >> nth=5")
    page.click("#p-time .key button >> nth=7")
    forward = page.locator("#p-time .key button[aria-pressed=true]").all_inner_texts()
    assert sorted(page.locator(bold).all_text_contents()) == sorted(forward)
    assert len(forward) == 2
    small = page.locator("#p-time .each > div")
    assert small.count() == 11
    looks = page.eval_on_selector_all(
        "#c-scenarios svg", "all => all.map((one) => [...one.children].map((mark) => mark.outerHTML).join(''))"
    )
    assert len(set(looks)) == 12
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_the_way_of_an_effect_shows_what_each_activity_moves(view: Callable[..., Any], findings: Findings) -> None:
    page = view("#lang=nl")
    page.select_option("#c-chain-scenario", "2")
    page.click("#p-chain summary")
    rows = page.eval_on_selector_all("#p-chain tbody tr", "rows => rows.map((row) => row.innerText.split('\\t'))")
    at, language = findings.years.index(2030), LANGUAGES["nl"]
    assert len(rows) == sum(len(steps) for _, steps in CHAIN)
    for series in (("granted", "total"), ("teacher_fte", "total"), ("vmbo_technique_pupils", "total")):
        row = next(one for one in rows if one[1].startswith(f"{title(series, language)}, "))
        told = summary_text(
            findings.effect_in("none", series, 2030), unit(series), effect=True, show_unit=False, language=language
        )
        assert row[2].startswith(told)
        share = findings.relative("none", series).at(at)
        assert row[3] == summary_text(share, "share", effect=True, show_unit=False, language=language)


def test_the_answer_is_in_the_readers_language(view: Callable[..., Any], findings: Findings) -> None:
    page = view(locale="nl-NL")
    for code in ("nl", "en"):
        page.click(f"#{code}")
        assert page.get_attribute("html", "lang") == code
        assert page.locator(".sentences li").all_inner_texts() == answer(findings, LANGUAGES[code])
    assert not page.locator(".sentences .nl").first.is_visible()


def test_leaving_scenarios_out_and_coming_back_to_a_view(view: Callable[..., Any]) -> None:
    page = view()
    page.uncheck("#c-scenarios input[value='1']")
    assert page.locator("#p-time th[scope=col]").all_text_contents() == ["Year", "None pays 0 million a year"]
    assert page.evaluate("document.activeElement.value") == "1"  # the reader's place on the page is kept
    address = page.evaluate("location.hash")
    again = view(address)
    assert again.locator("#p-time th[scope=col]").all_text_contents() == ["Year", "None pays 0 million a year"]


@pytest.mark.parametrize("code", ["en", "nl"])
def test_numbers_can_be_taken_along(view: Callable[..., Any], findings: Findings, tmp_path: Path, code: str) -> None:
    """In the page's language, as that language's spreadsheets read it, with title, reference and identity inside."""
    page, tongue = view(), LANGUAGES[code]
    choose(page, code, "effect", ("teacher_fte", "total"), 0, 2030, findings)
    with page.expect_download() as download:
        page.click("#p-time .csv")
    file = tmp_path / "numbers.csv"
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    assert text.startswith("\ufeff")
    assert reference(findings.comparison.manifest, tongue) in text
    table, _, about = text.removeprefix("\ufeff").partition("\n\n")
    assert title(("teacher_fte", "total"), tongue) in about
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";" if code == "nl" else ","))
    assert len(rows) == 2 * len(findings.years)
    labels = {findings.title(label, tongue): label for label in findings.comparison.others}
    for row in rows:
        effect = findings.effect_in(labels[row[tongue("scenario")]], ("teacher_fte", "total"), int(row[tongue("year")]))
        width = float(effect.high) - float(effect.low)
        median = float(row[tongue("median")].replace(",", "." if code == "nl" else ","))
        assert abs(median - float(effect.median)) <= 0.011 * width + 1e-9
        assert row[tongue("sureness")] == tongue(str(effect.sureness))
        assert int(row[tongue("runs_below_zero")]) == effect.below
        assert row[tongue("study")] == findings.comparison.manifest.study


@pytest.mark.parametrize("form", ["png", "svg"])
def test_every_picture_can_be_taken_along(
    view: Callable[..., Any], findings: Findings, tmp_path: Path, form: str
) -> None:
    page = view("#lang=nl")
    for figure in ("p-first", "p-time", "p-regions", "p-way"):
        caption = page.inner_text(f"#{figure} figcaption")
        with page.expect_download() as download:
            page.click(f"#{figure} .{form}")
        file = tmp_path / f"{figure}.{form}"
        download.value.save_as(file)
        if form == "svg":
            root = ElementTree.fromstring(file.read_text(encoding="utf-8"))
            assert root.find("{http://www.w3.org/2000/svg}title").text == caption  # type: ignore[union-attr]
            assert findings.comparison.manifest.study in file.read_text(encoding="utf-8")
        else:
            image = Image.open(file)
            image.load()
            assert image.text["Title"] == caption  # type: ignore[attr-defined]
            assert findings.comparison.manifest.study in image.text["Source"]  # type: ignore[attr-defined]
            assert image.width > 600


def test_a_region_has_a_sheet_with_an_address_of_its_own(view: Callable[..., Any], findings: Findings) -> None:
    name = findings.region_names[12]
    page = view(f"#sheet={name.replace('&', '%26').replace(' ', '+')}&year=2030&lang=nl")
    assert page.inner_text("#sheet-body h4") == name
    rows = page.eval_on_selector_all("#sheet-body tr", "rows => rows.map((row) => row.innerText)")
    at = findings.years.index(2030)
    for series in (("vmbo_technique_pupils", "total"), ("granted", "total")):
        for region in (12, 0):
            level = findings.regional["baseline"].at(at, region, REGIONAL.index(series))
            text = summary_text(level, unit(series), effect=False, show_unit=False, language=LANGUAGES["nl"])
            assert any(title(series, LANGUAGES["nl"]) in row and text in row for row in rows), (series, text)
    assert page.evaluate("document.getElementById('sheet').getBoundingClientRect().top") < 200  # it is scrolled to
    page.click("#sheet-body button >> nth=0")
    assert page.inner_text("#sheet-body h4") != name
    assert "STO-regio" in page.inner_text("#sheet-body")


@pytest.mark.parametrize("place", ["p-way", "p-regions", "p-costs"])
def test_a_link_to_a_view_restores_it_and_scrolls_to_it(view: Callable[..., Any], place: str) -> None:
    page = view("#lang=nl&year=2027&outcome=teacher_fte")
    address = page.get_attribute(f"#{place} a.here", "href")
    again = view(address)
    assert again.get_attribute("html", "lang") == "nl"
    assert again.input_value("#c-year") == str(2027 - 2019)
    assert again.locator("#p-time figcaption").inner_text().startswith("Techniekdocenten")
    top = again.evaluate(f"document.getElementById('{place}').getBoundingClientRect().top")
    assert -5 <= top < 400  # the last ones can't reach the top of the window


def test_a_region_is_said_to_be_a_nodal_area_wherever_it_is_chosen(view: Callable[..., Any]) -> None:
    page = view("#lang=nl")
    assert not page.locator("#nodal").is_visible()
    page.select_option("#c-region", "5")
    assert "niet de STO-regio" in page.inner_text("#nodal")
    assert "niet de STO-regio" in page.inner_text("#regions")


def test_a_printed_page_is_titled_in_its_language(view: Callable[..., Any]) -> None:
    pypdf = pytest.importorskip("pypdf")
    for code, word in (("nl", "vergeleken met"), ("en", "compared with")):
        reader = pypdf.PdfReader(io.BytesIO(view(f"#lang={code}").pdf(prefer_css_page_size=True)))
        assert word in reader.metadata.title


def test_the_title_of_the_page_is_in_its_language(view: Callable[..., Any], findings: Findings) -> None:
    for code, word in (("nl", "vergeleken met"), ("en", "compared with")):
        assert word in view(f"#lang={code}").title()


def test_values_under_the_pointer_and_by_arrow_keys(view: Callable[..., Any], findings: Findings) -> None:
    page = view()
    plot = page.locator("#p-time .drawing > div")
    plot.scroll_into_view_if_needed()
    plot.hover()
    assert re.search(r"\(.+ to .+\)", page.inner_text("#tip"))
    plot.focus()
    plot.press("ArrowLeft")
    effect = findings.effect_in("none", ("vmbo_technique_pupils", "total"), findings.years[-2])
    assert (
        f"None pays 0 million a year: {summary_text(effect, 'pupils', effect=True, show_unit=False)}"
        in page.inner_text("#said")
    )
    plot.press("Escape")
    assert page.locator("#tip").is_hidden()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_number_stands_in_a_table_without_its_interval(view: Callable[..., Any], language: str) -> None:
    page = view()
    page.click(f"#{language}")
    cells = page.eval_on_selector_all(
        "figure.plot td[data-value], #pairs td[data-value]", "cells => cells.map((cell) => cell.textContent)"
    )
    assert len(cells) > 300
    tongue: Language = LANGUAGES[language]
    between = tongue("{low} to {high}", low=".+", high=".+")
    assert all(re.search(rf"\({between}\)", cell) or tongue("not defined") in cell for cell in cells)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1366, 768), (1920, 1080)])
def test_nothing_hangs_over_the_edge_of_a_phone_a_laptop_or_a_projector(
    view: Callable[..., Any], width: int, height: int
) -> None:
    page = view(width=width, height=height)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    drawn = page.eval_on_selector_all("figure.plot svg", "all => all.map((one) => one.getBoundingClientRect().right)")
    assert max(drawn) <= width


@pytest.mark.parametrize(("language", "width"), [("en", 1366), ("nl", 390)])
def test_axe_finds_no_fault(view: Callable[..., Any], language: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = view(width=width)
    page.click(f"#{language}")
    for summary in page.locator("summary").all():
        summary.click()
    faults = axe.run(page).response["violations"]
    assert [(fault["impact"], fault["id"], fault["nodes"][0]["html"][:200]) for fault in faults] == []


def test_it_prints_to_a_clean_pdf(view: Callable[..., Any], findings: Findings) -> None:
    pypdf = pytest.importorskip("pypdf")
    page = view()
    pdf = page.pdf(prefer_css_page_size=True)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    text = " ".join(one.extract_text() for one in reader.pages)
    words = re.sub(r"\s+", " ", text)
    assert findings.comparison.manifest.study in text.replace("\n", "")
    assert "The numbers in a table" not in words  # buttons stay on the screen
    assert "2040" in words
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    assert abs(width - 595) < 2  # A4
    assert abs(height - 842) < 2
    assert len(reader.pages) <= 10
