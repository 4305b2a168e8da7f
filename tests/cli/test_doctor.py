"""`doorstroom doctor`: fine where the model works, and where it doesn't it says why and what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest
from typing_in import type_in

from doorstroom.experiment import installation
from doorstroom.experiment.installation import Finding, State
from doorstroom.inputs import sets

Patch = Callable[[pytest.MonkeyPatch], None]
DATA = Path(sets.__file__).parent / "data" / sets.DEFAULT


def versions(**other: str | None) -> Patch:
    """Other versions of some packages, None for one that isn't there."""
    real = metadata.version

    def version(name: str) -> str:
        found = other.get(name.replace("-", "_"), real(name) if name.replace("-", "_") not in other else None)
        if found is None:
            raise metadata.PackageNotFoundError(name)
        return found

    return lambda patch: patch.setattr(installation.metadata, "version", version)


def numbers(factor: float) -> Patch:
    found = {name: value * factor for name, value in installation.expected()["numbers"].items()}
    return lambda patch: patch.setattr(installation, "tiny_run", lambda: ("0" * 64, found))


def raising(error: Exception) -> Patch:
    def tiny_run() -> None:
        raise error

    return lambda patch: patch.setattr(installation, "tiny_run", tiny_run)


def disk(free: float) -> Patch:
    return lambda patch: patch.setattr(installation.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))


def memory(free: float) -> Patch:
    return lambda patch: patch.setattr(installation, "free_memory", lambda: free)


def one_processor(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(os, "cpu_count", lambda: 8)
    patch.setattr(os, "sched_getaffinity", lambda process: {0}, raising=False)


def looked_at(what: str) -> Finding:
    return next(one for one in installation.examine() if one.what == what)


def test_an_installation_that_works_is_said_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    memory(1e11)(monkeypatch)
    result = type_in("doctor")
    assert result.exit_code == 0, result.output
    assert result.output.rstrip().endswith("The model works here.")
    for what in ("Python", "packages", "disk", "memory", "processors", "input set", "a tiny run", "compiled code"):
        assert what in result.output
    assert not list(tmp_path.iterdir())


def test_the_expected_numbers_are_those_of_todays_model() -> None:
    _, found = installation.tiny_run()
    assert found == pytest.approx(installation.expected()["numbers"], rel=1e-9), "tests/numbers/committed.py --write"


@pytest.mark.parametrize(
    ("patch", "what", "told", "advice"),
    [
        (versions(numpy="1.26.4"), "numpy", "1.26.4; allowed: >=2.0", "pip install 'numpy>=2.0'"),
        (versions(mesa="4.0.0"), "mesa", "4.0.0; allowed: <4,>=3.3", "pip install 'mesa<4,>=3.3'"),
        (versions(xlsxwriter=None), "xlsxwriter", "not installed", "pip install 'xlsxwriter>=3.2'"),
        (numbers(1.1), "a tiny run", "differs from what is expected by 10.00%", "constraints.txt"),
        (raising(ImportError("libsvml.so: no such file")), "run", "libsvml.so", "install again"),
        (disk(1e6), "disk", "0.0 GiB free", "free some space"),
        (memory(1e8), "memory", "0.1 GiB free", "--processes 1"),
        (lambda patch: patch.setenv("NUMBA_DISABLE_JIT", "1"), "compiled code", "switched off", "unset"),
    ],
)
def test_what_keeps_the_model_from_working_ends_with_1_and_advice(
    patch: Patch, what: str, told: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if what != "a tiny run":
        numbers(1.0)(monkeypatch)  # a run that needn't be made
    patch(monkeypatch)
    found = looked_at(what)
    assert found.state is State.WRONG
    assert told in found.found
    assert advice in found.advice
    result = type_in("doctor")
    assert result.exit_code == 1
    assert f"Not in order: {what}" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("patch", "what", "state", "told"),
    [
        (numbers(1.01), "a tiny run", State.FINE, "by 1.00% at most"),
        (versions(distributed=None), "extra cluster", State.MISSING, "only for doorstroom study run --cluster: "),
        (versions(ema_workbench="2.0"), "extra discovery", State.MISSING, "only for a table [discovery]"),
        (disk(1e9), "disk", State.BEWARE, "gigabytes"),
        (memory(1e9), "memory", State.BEWARE, "--processes 1"),
        (one_processor, "processors", State.FINE, "1 of 8 may be used"),
        (lambda patch: patch.setattr(os, "access", lambda path, mode: False), "compiled code", State.BEWARE, "NUMBA_"),
    ],
)
def test_what_the_model_can_do_without_is_told_and_ends_with_0(
    patch: Patch, what: str, state: State, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if what != "a tiny run":
        memory(1e11)(monkeypatch)
    patch(monkeypatch)
    found = looked_at(what)
    assert found.state is state, found
    assert told in found.found + found.advice
    assert type_in("doctor").exit_code == 0


@pytest.mark.parametrize("damage", ["a figure", "another set"])
def test_an_input_set_that_is_not_the_one_it_should_be_is_wrong(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, real = shutil.copytree(DATA, tmp_path / "set"), sets.load_inputs
    if damage == "a figure":
        table = folder / "exams.csv"
        table.write_bytes(table.read_bytes()[:-3] + b"9\n")
    else:
        monkeypatch.setattr(installation, "expected", lambda: {"inputs": "0" * 64})
    monkeypatch.setattr(sets, "load_inputs", lambda: real(folder))
    (found,) = installation._inputs()
    assert found.state is State.WRONG
    assert ("exams.csv" if damage == "a figure" else "expected 000000000000") in found.found
    assert "--force-reinstall" in found.advice


def test_without_a_package_that_everything_needs_it_still_says_so() -> None:
    script = "import sys; sys.modules['numpy'] = None; from doorstroom.cli import app; app(['doctor'])"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Not in order: " in ended.stderr
    assert "numpy" in ended.stdout
