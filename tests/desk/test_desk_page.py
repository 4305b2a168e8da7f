"""The page without a browser: it needs nothing else, and every text of it has a Dutch form."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest

import doorstroom.desk
from doorstroom.desk.examples import EXAMPLES
from doorstroom.desk.levers import LEVERS
from doorstroom.desk.page import Told, page
from doorstroom.desk.texts import DESK_DUTCH
from doorstroom.reporting.language import DUTCH

ROOM = Path(doorstroom.desk.__file__).parent


@pytest.fixture(scope="module")
def text(told: Told) -> str:
    return page(told)


def test_the_page_needs_nothing_but_itself_and_stays_small(text: str, told: Told) -> None:
    assert not set(re.findall(r"https?://[^\s\"'<>)`]+", text)) - {"http://www.w3.org/2000/svg"}
    assert not re.search(r"<(link|img|iframe|script)\b[^>]*\b(src|href)=", text)
    script = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)[-1]
    assert f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}" in text
    assert "connect-src" not in text  # it may ask nobody
    assert "connect-src &#39;self&#39;" in page(told, "token")
    assert len(text.encode()) < 5_000_000


def test_equal_desks_give_equal_pages(text: str, told: Told) -> None:
    assert page(told) == text


def test_every_text_has_a_dutch_form() -> None:
    found = {one.title for one in EXAMPLES}
    for lever in LEVERS:
        found |= {lever.room, lever.title, lever.explained, *lever.choices}
    for path in [*(ROOM / "templates").glob("*.js"), ROOM / "templates" / "desk.html.j2"]:
        found |= set(re.findall(r'\bt\("((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8")))
    assert len(found) > 80
    assert not {text.replace("\\u2013", "\u2013") for text in found} - DESK_DUTCH.texts.keys()


def test_dutch_fills_in_the_same_values_and_repeats_no_text_of_the_reports() -> None:
    catalogue = tomllib.loads((ROOM / "texts" / "nl.toml").read_text(encoding="utf-8"))
    for section in catalogue.values():
        for english, dutch in section.items():
            assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", dutch)), english
            assert DUTCH.texts.get(english) != dutch, english


def test_the_page_has_all_that_its_scripts_read(text: str) -> None:
    data = json.loads(re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, flags=re.DOTALL)[0])
    script = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)[-1]
    assert not set(re.findall(r"\bdata\.(\w+)", script)) - data.keys()
