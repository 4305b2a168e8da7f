"""The manifest: what was run can be known, and run again, from its folder alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import fake_country
import pytest

from doorstroom.errors import StoreError
from doorstroom.experiment.manifest import FILE, Manifest
from doorstroom.experiment.results import Results


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return fake_country.compared(
        [fake_country.scenario(), fake_country.scenario("no_money", 0.0)],
        seeds=2,
        draws=3,
        fraction=0.25,
        out=tmp_path_factory.mktemp("study"),
    )


def test_it_comes_back_as_it_was_written(comparison: Results) -> None:
    assert Manifest.load(comparison.folder) == comparison.manifest


def test_it_says_all_that_a_rerun_needs(comparison: Results) -> None:
    manifest = comparison.manifest
    assert manifest.command == "doorstroom compare baseline no_money --draws=3 --seeds=2 --fraction=0.25"
    assert (manifest.draws, manifest.seeds, manifest.fraction) == ((1, 2, 3), 2, 0.25)
    assert [one.label for one in manifest.scenarios] == ["baseline", "no_money"]
    assert [one.differs_from for one in manifest.scenarios] == [None, 2020]
    assert manifest.inputs == "f" * 64
    assert len(manifest.code) == 64
    assert manifest.machine.packages.keys() >= {"numpy", "pyarrow", "pydantic"}
    assert len(manifest.regions) == fake_country.REGIONS
    assert (manifest.runs, manifest.failed) == (12, 0)
    assert manifest.seconds is not None


def test_a_folder_that_is_no_study_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"is .* a study folder"):
        Manifest.load(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_what_is_no_manifest_is_told_and_replaced_by_the_next_run(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(StoreError, match="can't be read as a manifest"):
        Results.open(tmp_path)
    again = fake_country.compared([fake_country.scenario()], out=tmp_path)
    assert Manifest.load(tmp_path) == again.manifest


def test_a_manifest_of_another_version_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"study": "of tomorrow"}')
    with pytest.raises(StoreError, match="can't be read as a manifest of this version"):
        fake_country.compared([fake_country.scenario()], out=tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(started="2020-01-01T00:00:00+00:00"),
        lambda content: content.update(commit="0" * 40),
        lambda content: content.update(command="doorstroom run baseline"),
        lambda content: content["machine"].update(platform="Plan9 mips"),
        lambda content: content.update(first_year=content["first_year"] + 1),
        lambda content: content.update(draws=content["draws"][:1]),
        lambda content: content.update(scenarios=content["scenarios"][::-1]),
        lambda content: content["scenarios"][0].update(title="Something else"),
        lambda content: content["regions"][0].update(name=content["regions"][1]["name"]),
        lambda content: content.update(study="0" * 64),
        lambda content: content["file"].update(title="Something else"),
    ],
)
def test_a_manifest_that_was_changed_by_hand_is_not_read(comparison: Results, tmp_path: Path, change: object) -> None:
    folder = Path(shutil.copytree(comparison.folder, tmp_path / "copy"))
    content = json.loads((folder / FILE).read_bytes())
    change(content)  # type: ignore[operator]
    (folder / FILE).write_text(json.dumps(content))
    with pytest.raises(StoreError, match=r"was changed|can't be read"):
        Results.open(folder)
