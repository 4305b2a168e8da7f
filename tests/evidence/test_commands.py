"""The commands, as a user gives them."""

from __future__ import annotations

from pathlib import Path

import pytest
from official_forms import exam_file
from typer.testing import CliRunner

from doorstroom.cli import app

ROOT = Path(__file__).parents[2]


def test_validate_reads_an_exam_file_of_later_years_without_a_change_of_code(tmp_path: Path) -> None:
    file = exam_file(tmp_path, locations=60)
    out = tmp_path / "validation"
    options = ["--draws=2", "--fraction=0.02", "--processes=1", f"--runs={tmp_path / 'runs'}", f"--out={out}"]
    result = CliRunner().invoke(app, ["validate", str(file), *options])
    assert result.exit_code == 0, result.output
    assert result.output.strip().splitlines()[-1] == str(out / "validation.md")
    page = (out / "validation.md").read_text(encoding="utf-8")
    assert "constant share" in page
    assert "holds a part of the country" in page
    assert "years ahead" in page
    assert {path.name for path in out.iterdir()} >= {"validation.md", "forecasts.csv", "fans-1.png"}


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["validate", "nowhere.csv"], "nowhere.csv"),
        (["patterns", "--file=nowhere.toml"], "nowhere.toml"),
        (["patterns", "--draws=1", "--posterior=nowhere.csv"], "nowhere.csv"),
        (["register", "nowhere"], "is nowhere a study folder?"),
    ],
)
def test_what_is_not_there_is_told_without_a_traceback(
    command: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output
