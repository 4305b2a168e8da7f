"""DUO's files in their old and new form, and the long form, are read; damaged ones are told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from official_forms import exam_file

from doorstroom.errors import InputError
from doorstroom.inputs.observations import Observed, read_observations
from doorstroom.inputs.sets import load_inputs

OFFICIAL = os.environ.get("DOORSTROOM_OFFICIAL")


def figure(observed: Observed, **at: object) -> pd.Series:
    table = observed.table
    for column, value in at.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def read(path: Path) -> Observed:
    return read_observations(path, load_inputs())


def test_the_newer_exam_file_is_read_with_its_withheld_counts(tmp_path: Path) -> None:
    observed = read(exam_file(tmp_path, locations=60))
    raw = pd.read_csv(tmp_path / "examenkandidaten-en-geslaagden-2019-2024.csv", sep=";", dtype=str, encoding="cp1252")
    vocational = raw[raw["OPLEIDINGSNAAM"].str.contains("VMBO (?:B|LWT|K|G) - techniek")]
    withheld = 0
    for year in range(2019, 2024):
        counts = vocational[f"EXAMENKANDIDATEN SCHOOLJAAR {year}-{year + 1} - TOTAAL"]
        exact = pd.to_numeric(counts.where(counts != "<5", "0")).sum()
        row = figure(observed, year=year, region=0, outcome="vmbo_exam_technique", group="total")
        masked = int((counts == "<5").sum())
        assert exact + masked <= row["low"] <= row["value"] <= row["high"] <= exact + 4 * masked
        withheld += masked
    assert withheld > 0
    assert any("withheld" in remark for remark in observed.remarks)
    assert any("intersectoraal" in remark for remark in observed.remarks)


def test_a_withheld_count_that_follows_from_the_total_is_exact(tmp_path: Path) -> None:
    path = exam_file(tmp_path, locations=1)
    lines = path.read_text(encoding="cp1252").splitlines()
    row = lines[1].split(";")
    row[7:16] = ['"20"', '"20"', '"95"', '"<5"', '"<5"', '"95"', '"23"', '"23"', '"95"']
    path.write_text("\n".join([lines[0], ";".join(row)]), encoding="cp1252")
    girls = figure(read(path), year=2019, region=0, outcome="vmbo_exam_technique", group="vrouw")
    assert (girls["value"], girls["low"], girls["high"]) == (3, 3, 3)


def test_the_long_form_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    name = load_inputs().regions["name"].iloc[4]
    path.write_text(
        "year,region,outcome,group,value,unit,source\n"
        f'2021,"{name}",vmbo_technique_pupils,BB,41,pupils,a letter\n'
        "2021,,vmbo_technique_share,,0.195,share,monitor\n",
        encoding="utf-8",
    )
    observed = read(path)
    assert figure(observed, outcome="vmbo_technique_pupils")["region"] == 5
    assert figure(observed, outcome="vmbo_technique_share")[["region", "group", "value"]].tolist() == [
        0,
        "total",
        0.195,
    ]


def change(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


LONG = "year,region,outcome,group,value,unit,source\n2021,country,vmbo_technique_pupils,BB,4000,pupils,x\n"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (change("vmbo_technique_pupils", "vmbo_technique_pupil"), "did you mean 'vmbo_technique_pupils'"),
        (change(",BB,", ",bb,"), "did you mean 'BB'"),
        (change("4000", "four thousand"), "row 2, column value: found 'four thousand'"),
        (change("2021", "21"), "row 2, column year: found '21'"),
        (change("country", "Atlantis"), "row 2, column region: found 'Atlantis'"),
        (change(",source", ",bron"), "allowed: a column 'source'"),
        (change(",x", ""), "row 2: found '6 fields'"),
        (lambda text: "", "at least one row below it"),
        (lambda text: "a,b\n1,2\n", "can't be told from its columns"),
    ],
)
def test_a_damaged_long_form_is_told(tmp_path: Path, damage: Callable[[str], str], told: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(damage(LONG), encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.csv") as caught:
        read(path)
    assert told in str(caught.value)


def test_damaged_official_files_are_told(tmp_path: Path) -> None:
    path = exam_file(tmp_path, locations=2)
    text = path.read_text(encoding="cp1252")
    path.write_text(text.replace("2021-2022 - MAN", "2021-2022 - MANNEN"), encoding="cp1252")
    with pytest.raises(InputError, match="allowed: a column 'EXAMENKANDIDATEN SCHOOLJAAR 2021-2022 - MAN'"):
        read(path)
    path.write_text(text.replace("VMBO B - techniek", "VMBO B - technik"), encoding="cp1252")
    with pytest.raises(InputError, match="did you mean 'VMBO B - techniek'"):
        read(path)
    path.write_text(text.replace("OPLEIDINGSNAAM", "OPLEIDING"), encoding="cp1252")
    with pytest.raises(InputError, match="did you mean 'OPLEIDING'"):
        read(path)
    with pytest.raises(InputError, match="a file that can be read"):
        read(tmp_path / "nowhere.csv")


@pytest.mark.skipif(OFFICIAL is None, reason="set DOORSTROOM_OFFICIAL to the folder with DUO's files")
def test_official_files_of_the_old_form_give_the_figures_known_of_them() -> None:
    folder = Path(OFFICIAL or "")
    exams = read(folder / "examenkandidaten-en-geslaagden-2014-2019.csv")
    assert figure(exams, year=2018, region=0, outcome="vmbo_exam_technique", group="total")["value"] == 11_229
    marks = read(folder / "geslaagden-gezakten-en-cijfers-2018-2019.csv")
    assert figure(marks, year=2018, region=0, outcome="vmbo_exam_technique", group="BWI")["value"] == 2_921
    pupils = read(folder / "leerlingen-vo-per-vestiging-naar-onderwijstype-2019.csv")
    assert figure(pupils, year=2019, region=0, outcome="vmbo_technique_pupils", group="total")["value"] == 11_763


@pytest.mark.skipif(OFFICIAL is None, reason="set DOORSTROOM_OFFICIAL to the folder with DUO's files")
def test_the_exam_history_is_made_again_as_it_is() -> None:
    from doorstroom.inputs.exam_history import load_exam_history, make

    places, candidates = make(Path(OFFICIAL or ""), load_inputs())
    history = load_exam_history()
    assert tuple(places["location"]) == history.location
    assert candidates[list(range(2011, 2020))].to_numpy().sum() == history.candidates.sum()
