"""`report`, `cite` and `verify` as a user types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typing_in import type_in


def test_verify_agrees_with_what_was_just_made(one_run: Path) -> None:
    result = type_in("verify", one_run)
    assert result.exit_code == 0, result.output
    assert "no_sto, draw 0, seed 3: every byte agrees" in result.stdout
    assert "Code, inputs, packages and platform are those of the study." in result.stdout


def test_cite_prints_the_reference_in_three_forms(one_run: Path) -> None:
    text = type_in("cite", one_run).stdout
    assert text.startswith("The doorstroom authors (")
    assert type_in("cite", one_run, "--as", "bibtex").stdout.startswith("@misc{doorstroom-")
    assert type_in("cite", one_run, "--as", "cff").stdout.startswith("cff-version:")


def test_report_writes_dutch_figures_and_tables(one_run: Path) -> None:
    result = type_in("report", one_run, "--language", "nl")
    assert result.exit_code == 0, result.output
    assert Path(result.stdout.rstrip().splitlines()[-1]) == one_run / "report.html"
    assert "Techniekleerlingen" in (one_run / "figures" / "nl" / "outcomes.svg").read_text(encoding="utf-8")
    assert "Technique pupils" in (one_run / "figures" / "outcomes.svg").read_text(encoding="utf-8")
    assert "Techniekleerlingen" in (one_run / "tables" / "nl" / "outcomes.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["verify", "cite", "report"])
def test_a_folder_that_is_no_study_is_told(command: str, tmp_path: Path) -> None:
    result = type_in(command, tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "is" in result.stderr
    assert "a study folder?" in result.stderr
    assert "Traceback" not in result.output
