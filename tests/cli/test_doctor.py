"""`doctor`: fine here, and plain about what is not."""

from __future__ import annotations

import pytest
from typing_in import type_in

from doorstroom.cli import doctor
from doorstroom.errors import InputError


def test_each_thing_is_looked_at() -> None:
    result = type_in("doctor")
    said = " ".join(result.output.split())
    for what in (
        "Python",
        "compile cache",
        "processors",
        "disk",
        "inputs",
        "nl2019 is whole",
        "61,508 pupils",
        "extra viz",
    ):
        assert what in said, result.output


def test_what_is_wrong_comes_with_advice_and_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise InputError("homes.csv: differs from its manifest")

    monkeypatch.setattr("doorstroom.inputs.sets.load_inputs", damaged)
    monkeypatch.setattr(doctor, "_free_memory", lambda: 0.5)
    result = type_in("doctor")
    assert result.exit_code == 1
    assert "homes.csv" in result.stdout
    assert "memory" in result.stderr
    assert "inputs" in result.stderr
    assert "Traceback" not in result.output


def test_a_check_that_fails_is_a_finding() -> None:
    def _broken() -> None:
        raise OSError("no such device")

    (found,) = doctor._looked(_broken)
    assert "no such device" in found.found
    assert found.advice
