"""`run --inputs`: another set than the package's own, from the command to the manifest."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typing_in import type_in

from doorstroom.experiment.stored import Kept
from doorstroom.inputs.sets import place


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return Path(shutil.copytree(str(place()), tmp_path / "other"))


def test_a_run_of_another_set_says_so_in_the_command_that_repeats_it(other: Path, tmp_path: Path) -> None:
    result = type_in("run", "no_sto", "--fraction", 0.02, "--inputs", other, "--out", tmp_path / "study")
    assert result.exit_code == 0, result.output
    manifest = json.loads((tmp_path / "study" / "manifest.json").read_bytes())
    assert manifest["command"].endswith(f"--inputs={other}")
    assert Kept(tmp_path / "study").inputs == other.resolve()  # where verify reads them
    again = type_in("verify", tmp_path / "study")
    assert again.exit_code == 0, again.output


def test_a_set_of_another_year_is_refused_before_anything_is_written(other: Path, tmp_path: Path) -> None:
    manifest = json.loads((other / "manifest.json").read_bytes())
    (other / "manifest.json").write_text(json.dumps({**manifest, "date": "2020-10-01"}))
    result = type_in("compare", "baseline", "no_sto", "--inputs", other, "--out", tmp_path / "study")
    assert result.exit_code == 2
    assert (
        "baseline: years.first: found 2019; allowed: 2020, the year of the input set that it is run on" in result.stderr
    )
    assert not (tmp_path / "study").exists()


def test_a_folder_that_holds_no_set_is_told(tmp_path: Path) -> None:
    result = type_in("run", "baseline", "--inputs", tmp_path, "--out", tmp_path / "study")
    assert result.exit_code == 2
    assert "manifest.json is missing" in result.stderr
