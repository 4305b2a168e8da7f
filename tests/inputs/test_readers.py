"""The reader takes any dialect of a file for the same table."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorstroom.errors import InputError
from doorstroom.inputs import official as files
from doorstroom.inputs.readers import Column, Form, Official, read

FORM = Official(
    key="made up",
    names=(r"(?:\d\d\W*)?made-up-(?P<first>\d{4})-(?P<last>\d{4})\.csv",),
    example="made-up-2018-2019.csv",
    columns={
        "code": Column(("CODE", "ANDERE CODE"), Form(r"\d+", "a number")),
        "name": Column(("NAAM VAN IETS", "NAAM")),
        "count": Column(("AANTAL",)),
    },
    title="Made up",
    publisher="nobody",
    edition="school years {first}-{last}",
    licence="CC0",
    repeated={r"jaar (?P<year>\d{4})": "year_{year}"},
)
LETTERS = st.text("abc éëïöü'&/()-.,;|0129 ", max_size=12).map(str.strip)
ROWS = st.lists(
    st.tuples(st.integers(0, 10**6).map(str), LETTERS, st.integers(0, 9999).map(str)), min_size=1, max_size=8
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    delimiter=st.sampled_from(";,|\t"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252"]),
    newline=st.sampled_from(["\r\n", "\n"]),
    headings=st.sampled_from(
        [("CODE", "NAAM VAN IETS", "AANTAL"), ("andere_code", "Naam", "aantal"), ("CODE ", "NAAM  VAN_IETS", "Aantal")]
    ),
    order=st.permutations(range(4)),
    zipped=st.booleans(),
)
def test_every_dialect_reads_the_same(
    tmp_path: Path,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    quoting: int,
    encoding: str,
    newline: str,
    headings: tuple[str, str, str],
    order: list[int],
    zipped: bool,
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=newline)
    for row in [(*headings, "NIET GELEZEN"), *((*row, "x") for row in rows)]:
        writer.writerow([row[place] for place in order])
    raw = text.getvalue().encode(encoding)
    path = tmp_path / ("01.-made-up-2018-2019.csv" + ".gz" * zipped)
    path.write_bytes(gzip.compress(raw) if zipped else raw)
    published = read(path, FORM)
    assert list(published.table.columns) == ["code", "name", "count"]
    # rows keep their numbers and come in an order of their own
    assert [tuple(published.table.loc[number]) for number in range(2, len(rows) + 2)] == rows
    assert [tuple(row) for row in published.table.itertuples(index=False)] == sorted(rows)
    assert (published.first, published.last) == (2018, 2019)
    assert published.source == "Made up; nobody; school years 2018-2019; CC0"
    by_number = dict(zip(published.table.index, published.counts("count").low, strict=True))
    assert [by_number[number] for number in range(2, len(rows) + 2)] == [int(count) for *_, count in rows]


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_columns_that_stand_there_once_per_year_are_found(tmp_path: Path) -> None:
    path = write(tmp_path / "made-up-2018-2019.csv", "CODE;NAAM;AANTAL;JAAR 2018;JAAR_2019;JAAR", "1;a;2;3;4;5")
    assert list(read(path, FORM).table.columns) == ["code", "name", "count", "year_2018", "year_2019"]


@pytest.mark.parametrize(
    ("text", "bounds"), [("<5", (1, 4)), ("< 5", (1, 4)), ("-1", (1, 4)), ("0", (0, 0)), ("12.0", (12, 12))]
)
def test_withheld_counts_have_bounds(tmp_path: Path, text: str, bounds: tuple[int, int]) -> None:
    published = read(write(tmp_path / "made-up-2018-2019.csv", "CODE;NAAM;AANTAL", f"1;a;{text}"), FORM)
    counts = published.counts("count")
    assert (counts.low[0], counts.high[0]) == bounds
    assert bool(counts.withheld[0]) == (bounds == (1, 4))


@pytest.mark.parametrize("text", ["", "<4", "<", "-5", "1.5", "1,5", "1e3", "x", "*", "nan", "0x10", "١٢"])
def test_nothing_else_is_a_count(tmp_path: Path, text: str) -> None:
    published = read(write(tmp_path / "made-up-2018-2019.csv", "CODE;NAAM;AANTAL", f"1;a;{text}"), FORM)
    with pytest.raises(InputError, match=r"made-up-2018-2019.csv: row 2, column AANTAL: found"):
        published.counts("count")


def test_an_empty_field_is_nobody_only_where_that_is_said(tmp_path: Path) -> None:
    published = read(write(tmp_path / "made-up-2018-2019.csv", "CODE;NAAM;AANTAL", "1;a;"), FORM)
    assert published.counts("count", empty_is_none=True).high.tolist() == [0]


def test_numbers_take_comma_and_point(tmp_path: Path) -> None:
    published = read(
        write(tmp_path / "made-up-2018-2019.csv", "CODE;NAAM;AANTAL", "1;a;52,5", "2;b;52.25", "3;c;"), FORM
    )
    assert published.numbers("count", 0, 100, empty_is_unknown=True)[:2].tolist() == [52.5, 52.25]
    with pytest.raises(InputError, match="row 4, column AANTAL: found ''; allowed: a number from 0 to 100"):
        published.numbers("count", 0, 100)
    with pytest.raises(InputError, match="row 2, column AANTAL: found '52,5'; allowed: a number from 0 to 50"):
        published.numbers("count", 0, 50, empty_is_unknown=True)


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv", files.PUPILS),
        ("01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2025.csv", files.PUPILS),
        ("01.-leerlingen-vo-per-vestiging-naar-onderwijstype-2014-2015.csv", files.PUPILS),
        ("01-Leerlingen-VO-per-vestiging-naar-onderwijstype-2022.CSV", files.PUPILS),
        ("03.-leerlingen-vo-per-vestiging-en-bestuur-(vavo-apart)-2025.csv", files.TOTALS),
        ("alle-vestigingen-vo.csv", files.ADDRESSES),
        ("02.-alle-vestigingen-vo.csv", files.ADDRESSES),
        ("vestigingenvo.csv", files.ADDRESSES),
        ("geslaagden-gezakten-en-cijfers-2024-2025.csv", files.EXAMS_DUO),
        ("geslaagden,-gezakten-en-cijfers-2021-2022.csv", files.EXAMS_DUO),
        ("07.-geslaagden,-gezakten-en-cijfers-2016-2017.csv", files.EXAMS_DUO),
        ("examenkandidaten-en-geslaagden-2019-2024.csv", files.CANDIDATES),
        ("06-examenkandidaten-en-geslaagden-2013-2018.csv", files.CANDIDATES),
        ("03-studenten-per-opleiding-mbo-2023.csv", files.STUDENTS_DUO),
        ("mbo_studenten_2015_2019_lang.csv.gz", files.STUDENTS),
        ("cbs_inwoners_pc4_leeftijd_2021.csv", files.PEOPLE),
    ],
)
def test_the_names_that_duo_gave_its_files_are_known(name: str, official: Official) -> None:
    assert [form for form in files.ALL if form.match(name)] == [official]


@pytest.mark.parametrize(
    "name",
    [
        "examenkandidaten-vmbo-en-examencijfers-2018-2019.csv",
        "01-studenten-per-instelling-mbo-bestuur-2023.csv",
        "01.-hoofdvestigingen-vo.csv",
        "07.-geslaagden,-gezakten-en-cijfers-2016-2017.xlsx",
    ],
)
def test_other_files_are_not_taken_for_them(name: str) -> None:
    assert not any(form.match(name) for form in files.ALL)
