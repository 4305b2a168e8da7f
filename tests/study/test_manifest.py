"""The manifest: what was run can be known, and run again, from its folder alone."""

from __future__ import annotations

import io
from pathlib import Path

import fake_country
import pytest
from rich.console import Console

from doorstroom.errors import StoreError
from doorstroom.study.compare import Comparison, run_study
from doorstroom.study.manifest import FILE, Manifest


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return run_study(
        [fake_country.scenario(), fake_country.scenario("no_money", 0.0)],
        seeds=2,
        draws=3,
        processes=1,
        fraction=0.25,
        out=tmp_path_factory.mktemp("study"),
        simulate=fake_country.simulate,
        inputs=fake_country.inputs(),
        console=Console(file=io.StringIO()),
    )


def test_it_comes_back_as_it_was_written(comparison: Comparison) -> None:
    assert Comparison.open(comparison.folder) == comparison


def test_it_says_all_that_a_rerun_needs(comparison: Comparison) -> None:
    manifest = comparison.manifest
    assert manifest.command == "doorstroom compare baseline no_money --draws=3 --seeds=2 --fraction=0.25"
    assert (manifest.draws, manifest.seeds, manifest.fraction) == ((1, 2, 3), 2, 0.25)
    assert [one.label for one in manifest.scenarios] == ["baseline", "no_money"]
    assert [one.differs_from for one in manifest.scenarios] == [None, 2020]
    assert manifest.inputs == "f" * 64
    assert len(manifest.code) == 64
    assert manifest.machine.packages.keys() >= {"numpy", "pyarrow", "pydantic"}
    assert len(manifest.regions) == fake_country.REGIONS


def test_every_run_is_listed_with_its_identity_and_time(comparison: Comparison) -> None:
    runs = comparison.manifest.runs
    assert len(runs) == 2 * 3 * 2
    assert len({run.identity for run in runs}) == len(runs)
    assert all(run.seconds is not None and run.seconds >= 0 for run in runs)
    for label in comparison.labels:
        mine = comparison.manifest.identities(label)
        by_draw_and_seed = {(run.draw, run.seed): run.identity for run in runs if run.label == label}
        assert mine == [by_draw_and_seed[key] for key in sorted(by_draw_and_seed)]


def test_a_folder_that_is_no_study_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"is .* a study folder"):
        Manifest.load(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"study": 1}'])
def test_a_broken_manifest_is_told_and_replaced_by_the_next_run(
    comparison: Comparison, tmp_path: Path, content: str
) -> None:
    (tmp_path / FILE).write_text(content)
    with pytest.raises(StoreError, match="can't be read as a manifest"):
        Comparison.open(tmp_path)
    again = run_study(
        [fake_country.scenario()],
        processes=1,
        out=tmp_path,
        simulate=fake_country.simulate,
        inputs=fake_country.inputs(),
        console=Console(file=io.StringIO()),
    )
    assert Manifest.load(tmp_path) == again.manifest
