"""Identity: equal runs have one name, and whatever can change a number changes it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from doorstroom.parameters import draw_parameters, load_parameters
from doorstroom.study import identity
from doorstroom.study.identity import ParameterNames, canonical, code_identity, run_identity

RUN = {"scenario": "s", "parameters": "p", "seed": 1, "fraction": 0.1, "inputs": "i", "code": "c"}


def test_it_does_not_depend_on_the_order_of_keys_or_the_kind_of_number() -> None:
    assert canonical({"b": 1, "a": [1, {"d": 2, "c": 3}]}) == '{"a":[1,{"c":3,"d":2}],"b":1}'
    assert run_identity(**{**RUN, "fraction": 1}) == run_identity(**{**RUN, "fraction": 1.0})


@pytest.mark.parametrize(
    ("key", "value"),
    [("scenario", "t"), ("parameters", "q"), ("seed", 2), ("fraction", 0.2), ("inputs", "j"), ("code", "d")],
)
def test_everything_that_determines_a_run_changes_it(key: str, value: object) -> None:
    assert run_identity(**{**RUN, key: value}) != run_identity(**RUN)


def test_it_stays_what_it_was() -> None:
    """Stored runs are found by it, years later and on other machines."""
    assert run_identity(**RUN) == "59cc2c75efa5414561957542d7f7e096c1a8333cae5fc4fa15dbb5c2c857952f"


def test_sets_of_values_are_named_as_each_of_them() -> None:
    entries = load_parameters()
    factors = list(draw_parameters(1).drawn)
    draws = [draw_parameters(k) for k in range(1, 4)]
    values = np.array([[draw.drawn[name] for name in factors] for draw in draws])
    assert ParameterNames(entries, factors).of(values) == [draw.identity() for draw in draws]
    assert ParameterNames(entries, []).of(np.empty((1, 0))) == [draw_parameters(0).identity()]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "doorstroom"
    shutil.copytree(identity.PACKAGE, copy, ignore=shutil.ignore_patterns("data", "__pycache__"))
    monkeypatch.setattr(identity, "PACKAGE", copy)
    return copy


def source_identity() -> str:
    return code_identity.__wrapped__()


@pytest.mark.parametrize(
    "file", ["mechanisms/interest.py", "inputs/parameters.toml", "outcomes.toml", "education.py", "agents/new.py"]
)
def test_a_change_of_the_model_makes_other_runs(package: Path, file: str) -> None:
    before = source_identity()
    with (package / file).open("a") as text:
        text.write("\n# changed\n")
    assert source_identity() != before


@pytest.mark.parametrize(
    "file", ["study/effects.py", "reporting/style.py", "cli/runs.py", "reporting/templates/report.css", "notes.md"]
)
def test_a_change_of_what_only_reads_results_does_not(package: Path, file: str) -> None:
    before = source_identity()
    with (package / file).open("a") as text:
        text.write("\n# changed\n")
    assert source_identity() == before
