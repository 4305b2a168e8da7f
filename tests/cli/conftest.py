"""A run that several commands look at, made once."""

from __future__ import annotations

from pathlib import Path

import pytest
from typing_in import type_in


@pytest.fixture(scope="session")
def one_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "one"
    result = type_in("run", "no_sto", "--seed", 3, "--fraction", 0.02, "--out", folder)
    assert result.exit_code == 0, result.output
    assert Path(result.stdout.rstrip().splitlines()[-1]) == folder / "report.html"
    return folder
