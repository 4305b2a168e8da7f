"""The project's own studies can be asked: their files have no faults and fit the model."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.plan import plan_of

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
STUDIES = [file for file in sorted(EXPERIMENTS.glob("*.toml")) if "scenarios" in tomllib.loads(file.read_text("utf-8"))]


@pytest.mark.parametrize("file", STUDIES, ids=lambda file: file.stem)
def test_a_study_of_the_project_has_no_faults(file: Path) -> None:
    plan = plan_of(Experiment.from_file(file))
    assert plan.runs > 0
    assert len(plan.cells()) == len(plan.file.outcomes)


def test_they_are_all_listed() -> None:
    listed = (EXPERIMENTS / "README.md").read_text(encoding="utf-8")
    assert all(file.name in listed for file in STUDIES)
