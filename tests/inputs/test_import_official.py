"""From official files to a set: every edition says the same, whatever is missing is told, nothing is half written."""

from __future__ import annotations

import errno
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from made_up_country import LOCATIONS, make_country
from official_folder import TOTALS, Edition, write_folder

import doorstroom
from doorstroom.errors import InputError
from doorstroom.inputs import writing
from doorstroom.inputs.building import Building
from doorstroom.inputs.candidates import read_candidates
from doorstroom.inputs.checks import check_margins
from doorstroom.inputs.folder import Folder
from doorstroom.inputs.importing import import_official
from doorstroom.inputs.schema import TABLES
from doorstroom.inputs.sets import load_inputs
from doorstroom.terms import Profile, Track

Build = Callable[..., Building]


@pytest.mark.parametrize("edition", ["newer", "portal"])
def test_every_edition_makes_the_same_tables(build: Build, edition: Edition) -> None:
    older, other = build("older"), build(edition)
    for table in TABLES:
        pd.testing.assert_frame_equal(older.tables[table], other.tables[table])
    assert older.controls == other.controls


def test_the_tables_say_what_was_counted(build: Build) -> None:
    country, tables = make_country(), build("older").tables
    pupils = tables["pupils"]
    assert pupils["men"].sum() + pupils["women"].sum() == sum(sum(row.counts.values()) for row in country.pupils)
    girls = pupils[(pupils["profile"] == Profile.PIE) & (pupils["track"] == Track.KB) & (pupils["year"] == 3)]
    expected = {
        row.location: row.counts[3, 1]
        for row in country.pupils
        if row.type == "VMBO KL lj 3-4" and row.department.startswith("Produceren")
    }
    assert girls.set_index("location")["women"].to_dict() == expected
    candidates = tables["exams"].groupby("exam_year")[["candidates", "passed"]].sum()
    by_sex = tables["exams_sex"].groupby(["exam_year", "sex"])["passed"].sum()
    for year in range(2015, 2020):
        exams = [exam for exam in country.exams if exam.year == year]
        assert candidates.loc[year, "candidates"] == sum(sum(exam.candidates) for exam in exams)
        assert candidates.loc[year, "passed"] == sum(sum(exam.passed) for exam in exams)
        assert by_sex[year, 1] == sum(exam.passed[1] for exam in exams)
    students = tables["students"]
    women = sum(row.counts[1] for row in country.students if row.year == 2019)
    assert students.loc[students["year"] == 2019, "women"].sum() == women


def test_departments_of_before_2016_are_marked_as_our_translation(build: Build) -> None:
    exams = build("older").tables["exams"]
    bwi = exams[exams["profile"] == Profile.BWI].groupby("exam_year")["mapped"].unique().map(list)
    assert bwi.to_dict() == {2015: ["ours"], 2016: ["ours"], 2017: ["official"], 2018: ["official"], 2019: ["official"]}


def test_places_of_locations_without_an_address(build: Build) -> None:
    built = build("older")
    locations = built.tables["locations"].set_index("location")
    assert locations["placed"].to_dict() == {
        **{at.code: "address" for at in LOCATIONS},
        "00BB02": "town",
        "00CC01": "sibling",
    }
    assert locations.loc["00CC01", "lat"] == locations.loc["00CC00", "lat"]
    assert any("00BB02, 00CC01" in remark for remark in built.remarks)
    assert any(remark.startswith("1 locations of the address file have no pupils") for remark in built.remarks)


def test_the_order_of_rows_changes_no_byte(tmp_path: Path) -> None:
    def hashes(folder: Path) -> list[bytes]:
        target = import_official(folder, folder / "set").target
        return [(target / f"{table}.csv").read_bytes() for table in TABLES]

    in_order = hashes(write_folder(tmp_path / "a", "newer", withhold=True))
    assert hashes(write_folder(tmp_path / "b", "newer", withhold=True, shuffle=1)) == in_order


def test_the_same_files_give_the_same_bytes_wherever_they_are_written(official: Path, tmp_path: Path) -> None:
    one, two = (import_official(official, tmp_path / name).target for name in ("one", "two"))
    for file in sorted(one.iterdir()):
        assert file.read_bytes() == (two / file.name).read_bytes(), file.name


def test_exams_of_a_municipality_without_a_name_go_by_the_institution(official: Path) -> None:
    """A postcode without a municipality isn't the place of all that has none."""
    for pattern, old, new in (
        ("postcode4*", b"Zanddorp,Zandstad", b"Zanddorp,"),
        ("vo_examens*", b",00CC01,School,VEENSTAD", b",00CC99,School,"),
    ):
        file = next(official.glob(pattern))
        zipped = file.suffix == ".gz"
        raw = gzip.decompress(file.read_bytes()) if zipped else file.read_bytes()
        assert old in raw
        file.write_bytes(gzip.compress(raw.replace(old, new)) if zipped else raw.replace(old, new))
    built = Building(Folder(official))
    ways = built.controls["exam_candidates_placed_by"]
    assert ways["institution"] > 0
    assert ways["former municipality or town"] == 0


# withheld counts


def test_withheld_counts_are_bounded_fitted_and_told(build: Build) -> None:
    built, exact = build("newer", withhold=True), build("newer")
    bounds = built.tables["withheld"]
    truth = {name: dict(_cells(name, exact.tables[name])) for name in ("pupils", "students", "exams", "exams_sex")}
    value = {name: dict(_cells(name, built.tables[name])) for name in truth}
    assert set(bounds["table"]) >= {"pupils", "students", "exams_sex"}
    for row in bounds.itertuples(index=False):
        cell = row.row, row.column
        assert 0 < row.low < row.high
        assert row.low <= value[row.table][cell] <= row.high
        assert row.low <= truth[row.table][cell] <= row.high
    open_ = {(row.table, row.row, row.column) for row in bounds.itertuples(index=False)}
    for name, cells in truth.items():  # what isn't among the bounds is exact
        for cell, n in cells.items():
            assert (name, *cell) in open_ or value[name][cell] == n
    told = [remark for remark in built.remarks if "are withheld" in remark]
    assert len(told) == len([tally for tally in built.tallies if tally.withheld]) >= 4
    pupils = next(tally for tally in built.tallies if "leerlingen" in tally.file)
    small = sum(1 <= n <= 4 for row in make_country().pupils for n in row.counts.values())
    assert pupils.withheld == small
    assert pupils.exact + pupils.fitted + pupils.rule == small


def test_location_totals_are_kept_where_they_are_published(build: Build) -> None:
    fitted, exact = (
        built.tables["pupils"][["men", "women"]].sum(axis=1).groupby(built.tables["pupils"]["location"]).sum()
        for built in (build("newer", withhold=True), build("newer"))
    )
    assert (fitted - exact).abs().max() <= 3  # the difference is in pupils at vavo, whose own totals are withheld
    assert (fitted == exact).mean() > 0.5


def test_without_totals_the_rule_holds_and_is_told(build: Build) -> None:
    built = build("newer", withhold=True, totals=False)
    assert any("leerlingen-vo-per-vestiging-en-bestuur" in remark and "missing" in remark for remark in built.remarks)
    pupils = built.tables["withheld"][built.tables["withheld"]["table"] == "pupils"]
    assert set(pupils["basis"]) == {"rule"}
    assert not build("newer").tables["withheld"].size


def test_exams_by_department_are_bounded_by_the_file_by_sex(tmp_path: Path) -> None:
    """With it few counts stay open; without it more do, and still nobody passes who wasn't a candidate."""
    folder = write_folder(tmp_path / "official", "newer", withhold=True)
    with_it = Building(Folder(folder)).tables["withheld"]
    next(folder.glob("examenkandidaten*")).unlink()
    tables = Building(Folder(folder)).tables
    exams = tables["withheld"][tables["withheld"]["table"] == "exams"]
    assert len(exams) > (with_it["table"] == "exams").sum()
    assert set(exams["column"]) <= {"candidates", "passed"}
    assert (tables["exams"]["passed"] <= tables["exams"]["candidates"]).all()


def test_a_set_with_withheld_counts_is_whole(tmp_path: Path) -> None:
    official = write_folder(tmp_path / "official", "portal", withhold=True)
    target = import_official(official, tmp_path / "set").target
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["withheld"][0]["file"].startswith("01.-leerlingen")
    margins = check_margins(load_inputs(target), manifest["controls"])
    assert all(margin.holds for margin in margins)
    assert next(margin for margin in margins if "withheld" in margin.name).cells > 100


def _cells(name: str, table: pd.DataFrame) -> list[tuple[tuple[str, str], int]]:
    key = list(TABLES[name].key)
    columns = [column for column in ("men", "women", "candidates", "passed") if column in table]
    rows = ["/".join(map(str, row)) for row in table[key].itertuples(index=False)]
    return [((row, column), n) for column in columns for row, n in zip(rows, table[column], strict=True)]


# what may be missing, and what may not


@pytest.mark.parametrize(
    ("pattern", "remark"),
    [
        ("gemeente_regio_indeling*", "region of the location nearest to it"),
        ("geo_gemeenten*", "mean of their postcodes"),
        ("po_groep8*", "unknown (-1)"),
        ("vo_examens*", "table of exams is empty"),
        ("*examenkandidaten*", "table of exams by sex is empty"),
    ],
)
def test_what_no_run_needs_may_be_missing(official: Path, tmp_path: Path, pattern: str, remark: str) -> None:
    next(official.glob(pattern)).unlink()
    report = import_official(official, tmp_path / "set")
    assert any(remark in line and "is missing" in line for line in report.remarks), report.remarks
    assert load_inputs(report.target).year == 2019


@pytest.mark.parametrize(
    "pattern", ["leerlingen*", "alle-vestigingen*", "postcode4*", "cbs_inwoners*", "mbo_studenten*"]
)
def test_what_every_run_needs_is_named_when_it_is_missing(official: Path, tmp_path: Path, pattern: str) -> None:
    file = next(official.glob(pattern))
    near = official / f"x{file.name.removesuffix('.gz').removesuffix('.csv')}.txt"
    file.rename(near)
    with pytest.raises(InputError, match=rf"no such file.*did you mean '{near.name}'"):
        import_official(official, tmp_path / "set")
    assert not (tmp_path / "set").exists()


def test_files_that_are_not_read_are_told_with_the_reason(official: Path, tmp_path: Path) -> None:
    for name in ("notes.txt", "vsv-per-swv-2015.csv", "01.-onderwijspersoneel-vo-in-personen-2011-2025.xlsx"):
        (official / name).touch()
    unused = dict(import_official(official, tmp_path / "set").unused)
    assert unused["notes.txt"] == ""
    assert "parameters" in unused["vsv-per-swv-2015.csv"]
    assert "spreadsheet" in unused["01.-onderwijspersoneel-vo-in-personen-2011-2025.xlsx"]


def test_a_later_count_makes_a_set_of_its_own_year(tmp_path: Path) -> None:
    official = write_folder(tmp_path / "official", "newer")
    (official / TOTALS).unlink()
    for file in list(official.glob("*2019.csv")):
        if "leerlingen" in file.name or "studenten" in file.name:
            text = file.read_bytes().replace(b"MAN2019", b"MAN2022").replace(b"VROUW2019", b"VROUW2022")
            file.with_name(file.name.replace("2019", "2022")).write_bytes(text.replace(b"TOTAAL2019", b"TOTAAL2022"))
            file.unlink()
    report = import_official(official, tmp_path / "set")
    inputs = load_inputs(report.target)
    assert (report.name, inputs.name, inputs.year) == ("nl2022", "nl2022", 2022)
    assert inputs.cohorts["year"].min() == 2023
    first = inputs.cohorts[inputs.cohorts["year"] == 2023]["index"]
    assert first.between(0.8, 1.25).all()  # relative to 2022


def test_two_counts_in_one_folder_are_refused(official: Path, tmp_path: Path) -> None:
    file = next(official.glob("leerlingen*"))
    shutil.copy(file, official / file.name.replace("2019", "2020"))
    with pytest.raises(InputError, match=r"found '.*2019\.csv and .*2020\.csv'; allowed: one of them"):
        import_official(official, tmp_path / "set")


def test_students_have_to_be_of_the_year_of_the_pupils(official: Path, tmp_path: Path) -> None:
    file = next(official.glob("leerlingen*"))
    file.rename(official / file.name.replace("2019", "2021"))
    with pytest.raises(InputError, match="2021 among them, the year of the pupil count"):
        import_official(official, tmp_path / "set")


def test_a_year_that_stands_in_two_exam_files_is_taken_from_duos_own(official: Path, tmp_path: Path) -> None:
    newer = write_folder(tmp_path / "newer", "newer")
    shutil.copy(newer / "geslaagden-gezakten-en-cijfers-2018-2019.csv", official)
    built, alone = Building(Folder(official)), Building(Folder(newer))
    pd.testing.assert_frame_equal(built.tables["exams"], alone.tables["exams"])
    assert any(remark.startswith("exams of 2019 were taken from geslaagden") for remark in built.remarks)


# own regions


def test_an_own_membership_file_replaces_the_nodal_areas(official: Path, tmp_path: Path) -> None:
    rows = [f"{at.code},{'Noord' if at.code < '00CC' else 'Zuid'}" for at in LOCATIONS]
    (official / "regions_members.csv").write_text("\n".join(["location,region_name", *rows]) + "\n", encoding="utf-8")
    report = import_official(official, tmp_path / "set")
    inputs = load_inputs(report.target)
    assert report.name == "nl2019-own-regions"
    assert inputs.regions["name"].tolist() == ["Noord", "Zuid"]
    assert inputs.regions["nodal_areas"].tolist() == ["Klei+Zand", "Veen"]
    assert inputs.locations.groupby("region")["location"].count().tolist() == [6, 4]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("99ZZ00,Noord", "row 12, column location: found '99ZZ00'; allowed: the code of a location in the pupil count"),
        ("00AA00,Noord", "row 12: the same location as row 2"),
        ("00AA09,Noord", "did you mean '00AA0"),
    ],
)
def test_an_own_membership_file_with_a_fault_is_refused(
    official: Path, tmp_path: Path, line: str, message: str
) -> None:
    rows = [f"{at.code},Noord" for at in LOCATIONS]
    text = "\n".join(["location,region_name", *rows, line]) + "\n"
    (official / "regions_members.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        import_official(official, tmp_path / "set")


def test_an_own_membership_file_has_to_be_complete(official: Path, tmp_path: Path) -> None:
    rows = [f"{at.code},Noord" for at in LOCATIONS[1:]]
    (official / "regions_members.csv").write_text("\n".join(["location,region", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="1 locations have no region, the first is 00AA00"):
        import_official(official, tmp_path / "set")


# whole or not at all


def test_an_import_replaces_a_set_and_nothing_else(official: Path, tmp_path: Path) -> None:
    target = tmp_path / "set"
    import_official(official, target)
    (target / "left.txt").touch()
    import_official(official, target)
    assert not (target / "left.txt").exists()
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.docx").touch()
    with pytest.raises(InputError, match="found 'a folder with other files'"):
        import_official(official, other)
    with pytest.raises(InputError, match="found 'a file'"):
        import_official(official, other / "thesis.docx")
    assert [path.name for path in other.iterdir()] == ["thesis.docx"]


@pytest.mark.parametrize("killed", [False, True])
def test_a_full_disk_leaves_the_old_set_and_nothing_else(
    official: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    """Also after an import that was killed when the old set was moved aside and the new one not yet in its place."""
    target = tmp_path / "sets" / "mine"
    import_official(official, target)
    before = {file.name: file.read_bytes() for file in target.iterdir()}
    if killed:
        target.rename(target.with_name(".mine.1.old.unfinished"))
    written: list[int] = []

    def full(number: int) -> None:
        written.append(number)
        if len(written) == 9:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writing.os, "fsync", full)
    with pytest.raises(InputError, match="can't be written: No space left on device"):
        import_official(official, target)
    assert {file.name: file.read_bytes() for file in target.iterdir()} == before
    assert [path.name for path in target.parent.iterdir()] == ["mine"]


def test_a_killed_import_leaves_nothing_that_is_read(official: Path, tmp_path: Path) -> None:
    """Stopped for good after the first table; what is left is swept by the next import."""
    target = tmp_path / "sets" / "mine"
    program = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from doorstroom.inputs import importing, writing\n"
        "def stop(number): os.kill(os.getpid(), signal.SIGKILL)\n"
        "writing.os.fsync = stop\n"
        f"importing.import_official(Path({str(official)!r}), Path({str(target)!r}))\n"
    )
    root = str(Path(doorstroom.__file__).parents[1])
    ended = subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": root}, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert not target.exists()
    left = list(target.parent.iterdir())
    assert left
    for folder in left:
        with pytest.raises(InputError):
            load_inputs(folder)
    import_official(official, target)
    assert [path.name for path in target.parent.iterdir()] == ["mine"]


# the exam file on its own, as a validation reads it


@pytest.mark.parametrize("edition", ["older", "newer", "portal"])
def test_candidates_can_be_read_from_one_file(tmp_path: Path, edition: Edition) -> None:
    folder = write_folder(tmp_path / edition, edition, withhold=edition != "older")
    count = read_candidates(next(folder.glob("*examenkandidaten*")))
    rows = count.rows
    assert set(rows["exam_year"]) == set(range(2015, 2020))
    assert (rows["candidates_low"] <= rows["candidates"]).all()
    assert (rows["candidates"] <= rows["candidates_high"]).all()
    assert (rows["passed"] <= rows["candidates"]).all()
    exams = [exam for exam in make_country().exams if exam.year == 2018]
    assert rows.loc[rows["exam_year"] == 2018, "candidates"].sum() == pytest.approx(
        sum(sum(exam.candidates) for exam in exams), rel=0.01
    )
    assert bool(count.tallies[0].withheld) == (edition != "older")
    # totals are published too, so that both sexes together are known where one of them isn't
    both = count.both.loc[count.both["exam_year"] == 2018]
    assert (both["candidates"] == both["candidates_low"]).mean() > 0.9
    assert both["candidates"].sum() == rows.loc[rows["exam_year"] == 2018, "candidates"].sum()
