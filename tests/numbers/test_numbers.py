"""Today's model gives the committed numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from committed import RUNS, Run, differences, read, rows

from doorstroom.education import TechnicalEducation


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.file.stem)
def test_the_model_gives_the_committed_numbers(finish: Callable[..., TechnicalEducation], run: Run) -> None:
    changed = list(differences(read(run), rows(finish(run.scenario, draw=run.draw))))
    assert not changed, f"{len(changed)} numbers; where this is meant: python tests/numbers/committed.py --write"
