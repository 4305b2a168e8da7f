"""A desk from its study file to its page, with runs of a country that answers by a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from doorstroom.desk import runs
from doorstroom.desk.basis import YEARS
from doorstroom.desk.file import load_desk
from doorstroom.desk.judging import FILE as ACCURACY
from doorstroom.desk.made import make_desk, read_desk
from doorstroom.desk.outcomes import REGIONAL, REGIONAL_YEARS, TOLD
from doorstroom.desk.runs import Job
from doorstroom.errors import StoreError
from doorstroom.inputs.sets import load_inputs

STUDY = Path(__file__).parents[2] / "experiments" / "desk.toml"


@pytest.fixture
def made_draws(monkeypatch: pytest.MonkeyPatch, truth_of: Callable[[np.ndarray, int], np.ndarray]) -> list[int]:
    """Runs come from the formula; which draws were made is kept."""
    asked: list[int] = []
    regions = len(load_inputs().regions)

    def run(job: Job) -> dict[str, Any]:
        asked.append(job.draw)
        effects = truth_of(job.places, job.draw)
        shape = len(job.places), len(REGIONAL_YEARS), regions, len(REGIONAL)
        return {
            "effects": effects,
            "levels": np.full((len(YEARS), len(TOLD)), 1000.0),
            "regional": np.broadcast_to(effects[:, [4, 14], None, : len(REGIONAL)] / regions, shape),
            "regional_levels": np.full(shape[1:], 10.0),
        }

    monkeypatch.setattr(runs, "run", run)
    return asked


def asked_for(folder: Path, draws: int, positions: int = 8) -> Path:
    text = STUDY.read_text(encoding="utf-8")
    lines = []
    for line in text.splitlines():
        key, table = line.split(" ")[0], "[held_out]" in "\n".join(lines)
        if key == "draws":
            line = f"draws = {3 if table else draws}"
        if key == "positions":
            line = f"positions = {4 if table else positions}"
        lines.append(line)
    file = folder / "desk.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_a_desk_is_made_goes_on_with_more_draws_and_is_read_back(tmp_path: Path, made_draws: list[int]) -> None:
    page = make_desk(asked_for(tmp_path, 5), tmp_path / "desk")
    assert made_draws == [1, 2, 3, 4, 5]
    first = page.read_bytes()
    assert len(first) < 5_000_000
    make_desk(asked_for(tmp_path, 7), tmp_path / "desk")
    assert made_draws == [1, 2, 3, 4, 5, 6, 7]  # nothing is made twice
    told = read_desk(tmp_path / "desk")
    assert told.study.draws == 7
    assert told.learned.coefficients.shape[:3] == (len(TOLD), len(YEARS), 7)
    with (tmp_path / "desk" / ACCURACY).open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert {row["outcome"] for row in rows} == set(TOLD)
    assert all(row["positions"] == "4" for row in rows)


def test_runs_of_another_study_are_refused(tmp_path: Path, made_draws: list[int]) -> None:
    runs.make_runs(load_desk(asked_for(tmp_path, 5)), tmp_path / "desk")
    with pytest.raises(StoreError, match="runs of another file, model or inputs"):
        make_desk(asked_for(tmp_path, 5, positions=9), tmp_path / "desk")
    (tmp_path / "other" / "runs").mkdir(parents=True)
    (tmp_path / "other" / "runs" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="something else"):
        make_desk(asked_for(tmp_path, 5), tmp_path / "other")
    with pytest.raises(StoreError, match="no desk stands here"):
        read_desk(tmp_path / "nowhere")


def test_a_real_draw_gives_what_is_kept(study: Any) -> None:
    places = np.array([runs.present_row(), runs.present_row()])
    places[1, 2] = 2028.0  # STO ends
    small = study.model_copy(update={"fraction": 0.01})
    found = runs.run(Job(1, small, places))
    assert not found["effects"][0].any()
    assert found["effects"][1].any()
    assert found["levels"].shape == (len(YEARS), len(TOLD))
    assert found["regional"].shape == (2, len(REGIONAL_YEARS), len(load_inputs().regions), len(REGIONAL))
