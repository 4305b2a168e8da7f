"""The tables of rows and of feedback ask for what is there, and every row has scenarios and tests."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.file import StudyFile
from doorstroom.scenario import Loops

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
SCENARIOS = {path.stem for path in (EXPERIMENTS.parent / "scenarios").glob("*.toml")}


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tables", EXPERIMENTS / "tables.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def study(name: str) -> StudyFile:
    return Experiment.from_file(EXPERIMENTS / f"{name}.toml").file


def test_every_row_has_scenarios_and_tests(tables: ModuleType) -> None:
    assert list(tables.ROWS) == list(range(1, 16))
    for row, (_, shown) in tables.ROWS.items():
        assert shown
        assert tables.tests_of(row), row


def test_the_table_shows_what_the_study_runs(tables: ModuleType) -> None:
    asked, shown = study("rows"), list(tables.effects_shown())
    assert {scenario for _, scenario, _ in shown} | {"baseline"} == set(asked.scenarios)
    assert {outcome for _, _, outcome in shown} <= set(asked.outcomes)


def test_every_scenario_is_in_a_row() -> None:
    assert SCENARIOS - set(study("rows").scenarios) == {"baseline"} - set(study("rows").scenarios)


def test_every_loop_is_switched_off_once() -> None:
    off = list(study("feedback").structures.values())
    assert sorted(loop for loops in off for loop in loops) == sorted(Loops.model_fields)
    assert all(len(loops) == 1 for loops in off)


def test_every_test_that_the_note_names_is_there() -> None:
    """No statement of the policy note stands without a test of its name."""
    here = EXPERIMENTS.parent / "tests"
    named = re.findall(r"(test_\w+): `(test_\w+)`", (EXPERIMENTS.parent / "docs" / "note.md").read_text("utf-8"))
    assert len(named) > 30
    for file, test in named:
        [path] = here.rglob(f"{file}.py")
        assert f"def {test}(" in path.read_text("utf-8"), (file, test)
