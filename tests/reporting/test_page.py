"""The page without a browser: it needs nothing else, stays small, and says the same in both languages."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import fake_country
import numpy as np
import pytest

from doorstroom.experiment.effects import summarise
from doorstroom.experiment.results import Results
from doorstroom.outcomes import SERIES
from doorstroom.reporting.findings import Findings, find
from doorstroom.reporting.page.payload import LEVEL, SIZES, WORDS, cells
from doorstroom.reporting.page.write import write_report
from doorstroom.reporting.wording import number

MOST = 5_000_000
BYTES = 3 * 4 + 2 * 2 + 3
"""Of a packed cell."""


@pytest.fixture(scope="module")
def page(findings: Findings) -> str:
    return write_report(findings, "again.html").read_text(encoding="utf-8")


def test_twelve_scenarios_78_regions_and_22_years_stay_under_5_mb(twelve: Path) -> None:
    assert twelve.stat().st_size < MOST


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    # names of namespaces are no addresses: nothing is ever fetched from them
    outside = set(re.findall(r"https?://[^\s\"'<>)]+", page)) - {"http://www.w3.org/2000/svg"}
    assert not outside
    assert not re.search(r"<(link|img|iframe|script)\b[^>]*\b(src|href)=", page)
    script = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)[-1]
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"sha256-{allowed}" in page


def test_equal_studies_give_equal_pages(findings: Findings, page: str) -> None:
    assert write_report(findings, "twice.html").read_text(encoding="utf-8") == page


def test_texts_of_others_cant_break_out(tmp_path: Path) -> None:
    hostile = "</script><script>alert(1)</script><b>&\"'"
    scenario = fake_country.scenario().model_copy(update={"title": hostile, "question": hostile, "changes": hostile})
    other = scenario.model_copy(update={"name": "other"})
    comparison = fake_country.compared([scenario, other], processes=1, out=tmp_path)
    page = write_report(find(comparison)).read_text(encoding="utf-8")
    assert "alert(1)</script>" not in page
    assert page.count("<script") == 3


def test_packed_cells_tell_what_rounding_at_once_would_tell() -> None:
    rng = np.random.default_rng(2)
    runs = rng.normal(rng.uniform(-1e4, 1e4, 4000), 10.0 ** rng.uniform(-3, 4, 4000), size=(12, 4000))
    runs[:, ::7] = 0.0
    runs[:, ::11] = 3.5
    summary = summarise(runs)
    packed = cells(summary, 1.0, effect=True)
    for at in range(4000):
        places = int(packed.places[at])
        for fine, value in (
            (packed.middle[at], summary.median[at]),
            (packed.middle[at] - packed.under[at], summary.low[at]),
            (packed.middle[at] + packed.over[at], summary.high[at]),
        ):
            told = np.trunc(fine / 10 + np.sign(fine) * 0.5) * 10.0**-places
            assert number(told, places) == number(value, places)
            assert abs(fine * 10.0 ** -(places + 1) - value) <= 1.01 * 10.0 ** -(places + 1)
        assert WORDS[packed.word[at]] == summary.sureness[at]
        assert SIZES[packed.size[at]] == summary.size[at]
        assert (packed.fewer[at], packed.more[at]) == (summary.below[at], summary.above[at])


def test_all_numbers_are_in_the_packed_part(findings: Findings, page: str) -> None:
    packed = re.search(r'id="packed">([^<]+)<', page)
    assert packed
    raw = gzip.decompress(base64.b64decode(packed[1]))
    data = json.loads(re.search(r'id="data">(.+?)</script>', page, flags=re.DOTALL)[1])  # type: ignore[index]
    scenarios, years = len(data["scenarios"]), len(data["years"])
    pairs = (scenarios - 1) * (scenarios - 2) // 2
    national = ((2 * scenarios - 1) * len(SERIES) + pairs * len(data["paired"])) * years
    regional = (2 * scenarios - 1) * len(data["regional"]) * len(data["regions"]) * years
    relative = (scenarios - 1) * len(data["relative"]) * years
    assert len(raw) == (national + regional + relative) * BYTES
    count = scenarios * len(SERIES) * years
    words = np.frombuffer(raw[count * (BYTES - 2) : count * (BYTES - 1)], np.int8).reshape(
        scenarios, len(SERIES), years
    )
    assert set(np.unique(words)) <= {LEVEL, WORDS.index("not defined")}


def test_one_run_has_no_interval_to_show(tmp_path: Path) -> None:
    comparison: Results = fake_country.compared(
        [fake_country.scenario()],
        only=(0, 1),
        processes=1,
        out=tmp_path,
    )
    page = write_report(find(comparison)).read_text(encoding="utf-8")
    assert "This is a single run: its numbers have no interval." in page
    assert "Dit is één berekening: de getallen hebben geen bandbreedte." in page
