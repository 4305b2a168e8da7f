"""`scenarios check` as a user types it, in a folder with scenarios and in one without."""

from __future__ import annotations

from pathlib import Path

import pytest
from typing_in import type_in

SHIPPED = Path(__file__).parents[2] / "scenarios"


def test_without_a_folder_the_shipped_ones_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = type_in("scenarios", "check")
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{len(list(SHIPPED.glob('*.toml')))} checked, no faults\n"


def test_with_a_folder_that_one_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.toml").write_text('parent = "base_line"\n', encoding="utf-8")
    result = type_in("scenarios", "check")
    assert result.exit_code == 2
    assert "mine.toml" in result.stdout
    assert "baseline" in result.stdout
