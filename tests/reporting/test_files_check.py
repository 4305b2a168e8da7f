"""A report that was changed, cut short or is of another study is never taken for what the runs say."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import fake_country
import pytest

from doorstroom.experiment.results import RUNS, Results
from doorstroom.reporting import compare, crate
from doorstroom.reporting.files_check import faults


@pytest.fixture(autouse=True)
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """They take most of the time and are files like the others."""
    monkeypatch.setattr(compare, "figures", lambda findings, language: [])


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenarios = [fake_country.scenario(last=2022), fake_country.scenario("none", 0.0, last=2022)]
    results = fake_country.compared(scenarios, draws=3, out=tmp_path_factory.mktemp("reported") / "study")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compare, "figures", lambda findings, language: [])
        compare.report(results)
    return results.folder


@pytest.fixture
def folder(reported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(reported, tmp_path / "study"))


def test_what_was_just_written_has_no_fault(folder: Path) -> None:
    assert faults(Results.open(folder), runs=folder / "runs") == []


def edit(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    content = (folder / name).read_bytes()
    changed = change(content)
    assert changed != content
    (folder / name).write_bytes(changed)


@pytest.mark.parametrize("name", ["effects.csv", "outcomes.csv", "report.html", "tables/effects.csv"])
def test_a_figure_that_was_edited_is_told_and_so_where_its_checksum_was_edited_too(folder: Path, name: str) -> None:
    edit(folder, name, lambda content: content.replace(b"1", b"2", 1))
    results = Results.open(folder)
    assert faults(results, runs=None) == [f"{folder / name}: was changed since the report was written"]
    content = json.loads((folder / crate.FILE).read_bytes())
    for thing in content["@graph"]:
        if thing["@id"] == name:
            thing[crate.HASH] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / crate.FILE).write_text(json.dumps(content))
    assert faults(results, runs=None) == []
    assert faults(results, runs=folder / "runs") == [f"{folder / name}: isn't what the stored runs give"]


def test_a_report_that_was_stopped_is_not_finished(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compare, "write_tables", killed)
    with pytest.raises(KeyboardInterrupt):
        compare.report(Results.open(folder))
    [told] = faults(Results.open(folder), runs=None)
    assert "its report was never finished; write it with: doorstroom report" in told


def test_files_that_are_gone_and_a_list_of_another_study_are_told(folder: Path) -> None:
    (folder / "effects.csv").unlink()
    assert faults(Results.open(folder), runs=None) == [f"{folder / 'effects.csv'}: is gone"]
    edit(folder, crate.FILE, lambda content: content.replace(Results.open(folder).manifest.study.encode(), b"0" * 64))
    [told] = faults(Results.open(folder), runs=None)
    assert "its report is of another study (000000000000)" in told
    (folder / RUNS).unlink()
