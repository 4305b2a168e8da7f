"""Tables of an annex: the same numbers in four formats, with unit, interval, note and origin."""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from doorstroom.reporting.findings import Findings
from doorstroom.reporting.language import DUTCH, ENGLISH, LANGUAGES
from doorstroom.reporting.tables.annex import annex
from doorstroom.reporting.tables.formats import as_csv, as_docx, as_latex, as_xlsx, write_tables
from doorstroom.reporting.tables.long import write_effects
from doorstroom.reporting.tables.table import Table, Value


@pytest.fixture(scope="module")
def tables(findings: Findings) -> list[Table]:
    return list(annex(findings, ENGLISH))


def test_all_formats_are_written(findings: Findings, tables: list[Table], tmp_path: Path) -> None:
    written = write_tables(tables, tmp_path, findings.comparison.manifest, ENGLISH)
    names = {"outcomes", "effects", "money", "prices", "regions"}
    assert {path.name for path in written} == {
        *(f"{name}.csv" for name in names),
        *(f"{name}.tex" for name in names),
        "tables.xlsx",
        "tables.docx",
    }


def test_csv_and_workbook_hold_the_same_numbers(findings: Findings, tables: list[Table]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(tables, findings.comparison.manifest, ENGLISH)))
    assert book.sheetnames == [*(table.name for table in tables), "Source"]
    assert findings.comparison.manifest.study in book["Source"]["A2"].value
    for table in tables:
        rows = list(csv.reader(io.StringIO(as_csv(table))))[1 : len(table.rows) + 1]
        sheet = list(book[table.name].iter_rows(min_row=4, max_row=3 + len(table.rows), values_only=True))
        for line, cells, source in zip(rows, sheet, table.rows, strict=True):
            column = 0
            for cell in source:
                if not isinstance(cell, Value):
                    assert line[column] == cells[column] == cell
                    column += 1
                    continue
                for expected in cell.numbers():
                    if expected == expected:
                        assert_allclose(float(line[column]), expected, rtol=1e-7, atol=1e-12)
                        assert_allclose(cells[column], expected, rtol=1e-12)
                    column += 1
                column += cell.effect
        note = book[table.name].cell(row=len(table.rows) + 5, column=1).value
        assert note == table.note
        assert findings.comparison.manifest.study[:12] in note


def test_a_text_is_never_taken_for_a_formula(findings: Findings) -> None:
    table = Table("hostile", "=1+1", ("=A1",), (("=HYPERLINK(1)",),), "=note")
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([table], findings.comparison.manifest, ENGLISH)))
    assert all(cell.data_type != "f" for row in book["hostile"].iter_rows() for cell in row)


def test_the_document_reads_as_the_page_does(findings: Findings, tables: list[Table]) -> None:
    document = docx.Document(io.BytesIO(as_docx(tables, findings.comparison.manifest, ENGLISH)))
    assert len(document.tables) == len(tables)
    assert document.core_properties.identifier == findings.comparison.manifest.study
    effects = next(at for at, table in enumerate(tables) if table.name == "effects")
    first = tables[effects].rows[0]
    assert document.tables[effects].rows[1].cells[3].text == first[3].text(ENGLISH)  # type: ignore[union-attr]
    assert findings.comparison.manifest.code in document.paragraphs[-1].text


def test_latex_is_escaped_and_complete(findings: Findings) -> None:
    text = as_latex(Table("t", "50% & more_less", ("a_b", "c"), (("x#1", "\u2212"),), "note {1}"), ENGLISH)
    assert r"50\% \& more\_less" in text
    assert r"x\#1 & $-$ \\" in text
    assert text.count(r"\begin") == text.count(r"\end")
    assert r"note \{1\}" in text


def test_a_dutch_csv_opens_in_a_dutch_spreadsheet(findings: Findings) -> None:
    for english, dutch in zip(annex(findings, ENGLISH), annex(findings, DUTCH), strict=True):
        text = as_csv(dutch, DUTCH)
        assert text.startswith("\ufeff")  # else Excel takes it for the letters of Windows
        mine = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))[1 : len(dutch.rows) + 1]
        theirs = list(csv.reader(io.StringIO(as_csv(english))))[1 : len(english.rows) + 1]
        for line, other in zip(mine, theirs, strict=True):
            for cell, number in zip(line, other, strict=True):
                with contextlib.suppress(ValueError):
                    assert float(cell.replace(",", ".")) == float(number)
                    assert "." not in cell
        assert not any(word in text for word in ("median", "sureness", "likely"))


def test_dutch_tables_are_dutch(findings: Findings) -> None:
    for table in annex(findings, DUTCH):
        assert table.note.startswith(
            "De middelste van de berekeningen (bandbreedte van de berekeningen). Bron: doorstroom"
        )
    texts = [
        cell.text(LANGUAGES["nl"])
        for table in annex(findings, DUTCH)
        for row in table.rows
        for cell in row
        if isinstance(cell, Value)
    ]
    assert any(" tot " in text and "," in text for text in texts)
    assert not any(" to " in text for text in texts)


def test_columns_of_effects_hold_what_they_are_named_for(findings: Findings, tmp_path: Path) -> None:
    table = pd.read_csv(write_effects(findings, tmp_path / "effects.csv"))
    known = table.dropna(subset=["effect"])  # a ratio over nothing has no effect
    assert known["cover"].between(0.0, 1.0).all()
    assert (known["se"] >= 0).all()
    assert (known["low"] <= known["median"]).all()
    assert (known["median"] <= known["high"]).all()
