"""`inputs import` and `inputs check` as a user types them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from doorstroom.cli import app
from doorstroom.inputs.sets import load_inputs

sys.path.insert(0, str(Path(__file__).parents[1] / "inputs"))
from official_folder import write_folder


def type_in(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_import_goes_into_a_folder_of_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_folder(tmp_path / "official", "newer", withhold=True)
    result = type_in("inputs", "import", "official")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "nl2019"
    assert (tmp_path / "nl2019" / "manifest.json").is_file()
    said = " ".join(result.stdout.split())
    assert "nl2019: 14 tables" in said
    assert "locations 10" in said
    assert "counts are withheld (1 to 4 persons each)" in said
    assert "2 locations have no known address" in said
    checked = type_in("inputs", "check", "nl2019")
    assert checked.exit_code == 0, checked.output
    assert "Every margin holds. The largest deviation is" in checked.stdout


def test_import_says_where_it_writes_and_what_it_leaves(tmp_path: Path) -> None:
    text = " ".join(type_in("inputs", "import", "--help").stdout.replace("│", " ").split())
    assert "named after the set, such as ./nl2019" in text
    assert "the set that comes with the package is left as it is" in text


def test_a_damaged_file_ends_the_import_with_code_2_and_one_line(tmp_path: Path) -> None:
    official = write_folder(tmp_path / "official")
    file = next(official.glob("leerlingen*"))
    file.write_bytes(file.read_bytes().replace(b"AFDELING", b"AFDELNG"))
    result = type_in("inputs", "import", official, "--to", tmp_path / "set")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "did you mean 'AFDELNG'" in result.stderr
    assert not result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["official"]


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_a_folder_without_official_files_ends_with_code_2(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    result = type_in("inputs", "import", tmp_path / folder)
    assert result.exit_code == 2
    assert folder in result.stderr
    assert "no such f" in result.stderr


def test_check_takes_the_packages_own_set_by_default() -> None:
    result = type_in("inputs", "check")
    assert result.exit_code == 0, result.output
    assert "nl2019: whole, 14 tables as its manifest says, all references found" in result.stdout
    assert "Every margin holds." in result.stdout


def test_check_ends_with_code_2_where_a_set_was_changed(tmp_path: Path) -> None:
    from doorstroom.inputs.sets import place

    folder = Path(shutil.copytree(str(place()), tmp_path / "copy"))
    (folder / "homes.csv").write_bytes(b"")
    result = type_in("inputs", "check", folder)
    assert result.exit_code == 2
    assert "homes.csv: differs from its manifest" in result.stderr


def test_every_control_total_is_printed_under_a_name_of_its_own() -> None:
    from doorstroom.cli.inputs import _CONTROLS
    from doorstroom.inputs.sets import place, read_manifest

    controls = set(read_manifest(place())["controls"])
    assert controls - set(_CONTROLS) == {"pupils_by_track_profile_year_sex"}  # too long to print
    assert set(_CONTROLS) <= controls


def test_own_regions_make_a_set_and_say_how_to_run_it(tmp_path: Path) -> None:
    rows = [f"{code},{'Noord' if lat > 52.2 else 'Zuid'}" for code, lat in _locations()]
    (tmp_path / "mine.csv").write_text("\n".join(["location,region", *rows]) + "\n", encoding="utf-8")
    result = type_in("inputs", "regions", tmp_path / "mine.csv", "--to", tmp_path / "set")
    assert result.exit_code == 0, result.output
    assert "2 regions" in result.output
    assert result.output.splitlines()[-1] == str(tmp_path / "set")
    assert type_in("inputs", "check", tmp_path / "set").exit_code == 0


def _locations() -> list[tuple[str, float]]:
    table = load_inputs().locations
    return list(zip(table["location"], table["lat"], strict=True))
