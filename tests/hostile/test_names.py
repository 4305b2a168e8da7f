"""Names and texts of strangers stay text: no path, option, formula, markup or script."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fake_country
import pytest

from doorstroom.errors import StoreError
from doorstroom.experiment.checksums import FILE as FILE_OF_PROOF
from doorstroom.experiment.manifest import FILE, Manifest
from doorstroom.experiment.results import Results
from doorstroom.experiment.run_index import failures
from doorstroom.reporting.compare import report
from doorstroom.reporting.tables.formats import inert

HOSTILE = ["../../escaped", "=1+2", "[/bold]x[red]", "</script><script>alert(1)</script>", "x" * 300]


def compared(folder: Path, *names: str) -> Results:
    scenarios = [fake_country.scenario(name, 100.0 - at, last=2021) for at, name in enumerate(names)]
    return fake_country.compared(scenarios, processes=1, out=folder)


ALL_AT_ONCE = "=../../escaped[/bold]x[red]\x00\x1b[2J\ud7ff\uffff</script><script>alert(1)</script>"


@pytest.mark.filterwarnings("ignore:Glyph", "ignore:constrained_layout")  # no font has such letters
@pytest.mark.parametrize(
    "names",
    [
        [ALL_AT_ONCE],
        pytest.param(
            HOSTILE, marks=pytest.mark.skipif("DOORSTROOM_FUZZ" not in os.environ, reason="slow; set DOORSTROOM_FUZZ")
        ),
    ],
    ids=["all at once", "one by one"],
)
def test_a_report_of_hostile_names_stays_in_its_folder_and_holds_no_script(tmp_path: Path, names: list[str]) -> None:
    folder = tmp_path / "deep" / "er" / "study"
    page = report(compared(folder, "baseline", *names)).page
    assert "<script>alert(1)" not in page.read_text(encoding="utf-8")
    for file in sorted(folder.rglob("*.csv")):
        if file.name == FILE_OF_PROOF:
            continue  # a register for the program itself, with labels as they are
        with file.open(encoding="utf-8", newline="") as text:
            assert not any(cell.startswith(("=", "@")) for row in csv.reader(text) for cell in row), file
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep"]
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == ["er"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("commit", "--output=/tmp/escaped"),  # git would write there
        ("started", "yesterday"),
        ("study", "../x"),
        ("scenarios", []),
    ],
)
def test_a_manifest_that_is_not_of_one_piece_is_refused(tmp_path: Path, key: str, value: object) -> None:
    compared(tmp_path, "baseline", "half")
    content = json.loads((tmp_path / FILE).read_bytes())
    (tmp_path / FILE).write_text(json.dumps({**content, key: value}))
    with pytest.raises(StoreError, match="can't be read as a manifest"):
        Manifest.load(tmp_path)


@pytest.mark.parametrize("change", [lambda regions: [*regions, regions[0]], lambda regions: regions[1:]])
def test_a_manifest_of_other_regions_than_its_runs_is_refused(tmp_path: Path, change: Callable[[Any], Any]) -> None:
    compared(tmp_path, "baseline")
    manifest = json.loads((tmp_path / FILE).read_bytes())
    (tmp_path / FILE).write_text(json.dumps({**manifest, "regions": change(manifest["regions"])}))
    with pytest.raises(StoreError, match="can't be read as a manifest"):
        report(Results.open(tmp_path))


def test_a_note_of_a_failure_removes_no_file_but_its_own(tmp_path: Path) -> None:
    (tmp_path / "failures").mkdir()
    note = {"run": 0, "point": 0, "seed": 1, "identity": "../precious", "scenario": "", "structure": "", "error": ""}
    (tmp_path / "failures" / "note.json").write_text(json.dumps({**note, "command": ""}))
    assert failures(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "kept"), [("=1+2", "'=1+2"), ("@x", "'@x"), ("-x", "'-x"), ("-5.2%", "-5.2%"), ("Venlo", "Venlo")]
)
def test_no_text_is_a_formula(text: str, kept: str) -> None:
    assert inert(text) == kept
