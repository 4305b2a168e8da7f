"""Observed figures are read from DUO's files of any edition, and from a plain long form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from made_up_country import make_country
from official_folder import Edition, write_folder

from doorstroom.errors import InputError
from doorstroom.inputs.observations import COLUMNS, read_observations
from doorstroom.inputs.sets import Inputs, load_inputs

KEY = ["year", "region", "outcome", "group"]
FILES = {
    "candidates": "*examenkandidaten*",
    "marks": "geslaagden*2018-2019*",
    "pupils": "*leerlingen-vo-per-vestiging-naar*",
}
EDITIONS: list[Edition] = ["newer", "portal"]
Folders = dict[tuple[Edition, bool], Path]
Table = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def inputs(small_set: Path) -> Inputs:
    return load_inputs(small_set)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    root = tmp_path_factory.mktemp("editions")
    made = {
        (edition, hidden): write_folder(root / f"{edition}{hidden}", edition, withhold=hidden)
        for edition in EDITIONS
        for hidden in (False, True)
    }
    return made | {("older", False): write_folder(root / "older", "older")}


@pytest.fixture(scope="module")
def table(folders: Folders, inputs: Inputs) -> Table:
    """The figures of one file of one edition, with or without counts hidden."""

    @cache
    def read(edition: Edition, what: str, *, hidden: bool = False) -> pd.DataFrame:
        path = next(folders[edition, hidden].glob(FILES[what]))
        return read_observations(path, inputs).table.set_index(KEY).sort_index()

    return read


@pytest.mark.parametrize("what", ["candidates", "pupils"])
def test_every_edition_says_the_same(table: Table, what: str) -> None:
    older, newer, portal = (table(edition, what) for edition in ("older", "newer", "portal"))
    numbers = ["value", "low", "high"]
    pd.testing.assert_frame_equal(older[numbers], newer[numbers])
    pd.testing.assert_frame_equal(older[numbers], portal[numbers])
    assert (older["low"] == older["value"]).all()
    assert (older["high"] == older["value"]).all()


def test_candidates_and_marks_are_counted_as_technique_is(table: Table) -> None:
    exams = [e for e in make_country().exams if e.year == 2019 and e.leerweg in ("BL", "KL", "GL")]
    technical = sum(sum(e.candidates) for e in exams if e.sector == "Techniek")
    everybody = sum(sum(e.candidates) for e in exams)
    girls = sum(e.candidates[1] for e in exams if e.sector == "Techniek")
    country = table("newer", "candidates")["value"].loc[2018, 0]
    assert country["vmbo_exam_technique", "total"] == technical
    assert country["vmbo_exam_candidates", "total"] == everybody
    assert country["vmbo_exam_technique_share", "total"] == pytest.approx(technical / everybody)
    assert country["vmbo_exam_technique", "vrouw"] == girls
    marks = table("newer", "marks")["value"].loc[2018, 0]
    assert marks["vmbo_exam_technique", "total"] == technical
    pie = sum(sum(e.candidates) for e in exams if e.department.startswith("Produceren"))
    assert marks["vmbo_exam_technique", "PIE"] == pie


@pytest.mark.parametrize("what", list(FILES))
@pytest.mark.parametrize("edition", EDITIONS)
def test_bounds_hold_what_is_withheld(table: Table, edition: Edition, what: str) -> None:
    true, hidden = table(edition, what), table(edition, what, hidden=True)
    both = hidden.join(true[["value"]].rename(columns={"value": "true"}), how="inner")
    assert len(both) == len(true)
    assert (both["low"] - 1e-9 <= both["true"]).all()
    assert (both["true"] <= both["high"] + 1e-9).all()
    assert (both["low"] <= both["value"]).all()
    assert (both["value"] <= both["high"]).all()
    if what != "marks":
        assert (both["low"] < both["high"]).any()


def test_regions_add_up_to_the_country(table: Table) -> None:
    found = table("newer", "candidates", hidden=True).reset_index()
    counts = found[(found["outcome"] == "vmbo_exam_candidates") & (found["group"] == "total")]
    of_regions = counts[counts["region"] > 0].groupby("year")["value"].sum()
    assert of_regions.to_dict() == counts[counts["region"] == 0].set_index("year")["value"].to_dict()


def test_a_sector_that_is_new_is_told_and_counted_with_everybody(
    folders: Folders, table: Table, inputs: Inputs, tmp_path: Path
) -> None:
    """Later files have no sector 'intersectoraal'; what they may have instead must not stop a reading."""
    source = next(folders["newer", False].glob(FILES["candidates"]))
    path = tmp_path / "examenkandidaten-en-geslaagden-2019-2024.csv"
    path.write_bytes(source.read_bytes().replace(b"intersectoraal", b"dienstverlening"))
    observed = read_observations(path, inputs)
    assert any("VMBO B - dienstverlening" in remark for remark in observed.remarks)
    assert any("no sector 'intersectoraal'" in remark for remark in observed.remarks)
    changed = observed.table.set_index(KEY)["value"].sort_index()
    pd.testing.assert_series_equal(changed, table("newer", "candidates")["value"])


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


HEADING = "year;region;outcome;group;value;unit;source"


def test_a_long_form_is_read_as_it_stands(inputs: Inputs, tmp_path: Path) -> None:
    lines = (
        "2021;Zand;vmbo_technique_share;;0,21;share;somebody",
        "2020;country;vmbo_technique_share;man;0.25;share;somebody",
        "2020;2;vmbo_technique_pupils;PIE;30;pupils;somebody",
    )
    observed = read_observations(write(tmp_path / "mine.csv", HEADING, *lines), inputs).table
    assert list(observed.columns) == list(COLUMNS)
    assert observed[[*KEY, "value", "low", "high"]].to_numpy().tolist() == [
        [2021, 3, "vmbo_technique_share", "total", 0.21, 0.21, 0.21],
        [2020, 0, "vmbo_technique_share", "man", 0.25, 0.25, 0.25],
        [2020, 2, "vmbo_technique_pupils", "PIE", 30.0, 30.0, 30.0],
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (("a;b;c", "1;2;3"), r"can't be told from its columns \(a, b, c, ...\); allowed: DUO's exam candidates"),
        (
            (HEADING, "21;;vmbo_technique_share;;1;share;x"),
            "row 2, column year: found '21'; allowed: the year of a 1 October",
        ),
        ((HEADING, "2021;Zandt;vmbo_technique_share;;1;share;x"), "row 2, column region: .*did you mean 'zand'"),
        (
            (HEADING, "2021;;vmbo_technique_shares;;1;share;x"),
            "column outcome: .*did you mean 'vmbo_technique_share'",
        ),
        ((HEADING, "2021;;vmbo_technique_share;boys;1;share;x"), "column group: found 'boys'; allowed: .* has total"),
        ((HEADING, "2021;;vmbo_technique_share;;a fifth;share;x"), "column value: found 'a fifth'; allowed: a number"),
        ((HEADING, "2021;;vmbo_technique_share;;1;share"), "row 2: found '6 fields'; allowed: 7 fields"),
    ],
)
def test_a_file_that_cant_be_is_refused(inputs: Inputs, tmp_path: Path, lines: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_observations(write(tmp_path / "mine.csv", *lines), inputs)


def test_a_file_that_is_not_there_is_named(inputs: Inputs, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: file: found 'No such file or directory'"):
        read_observations(tmp_path / "nowhere.csv", inputs)


def test_marks_under_another_name_have_no_year(folders: Folders, table: Table, inputs: Inputs, tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_bytes(next(folders["newer", False].glob(FILES["marks"])).read_bytes())
    with pytest.raises(InputError, match=r"name: found 'marks\.csv'; allowed: a name with the year in it"):
        read_observations(path, inputs)
