"""What a small school's year is worth is found from counts that forecast each other."""

from __future__ import annotations

import numpy as np
import pytest

from doorstroom.agents.choice_constants import POOLING
from doorstroom.agents.constants import Observed, Pooling, smoothed
from doorstroom.evidence import pooling
from doorstroom.inputs.exam_history import ExamHistory
from doorstroom.inputs.sets import load_inputs

SHARES = np.array([0.5, 0.3, 0.2])


def test_the_strengths_of_the_model_are_those_estimated() -> None:
    found = pooling.of_count(load_inputs())
    assert found.cell == pytest.approx(POOLING.cell, rel=0.05)
    assert found.location == pytest.approx(POOLING.location, rel=0.05)


def test_a_strength_that_made_the_counts_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cells whose shares are spread by a Dirichlet distribution of 25 pupils' worth, as in the counts of nine years."""
    rng = np.random.default_rng(5)
    locations = 500
    share = rng.dirichlet(25.0 * SHARES, (locations, 3))
    counts = np.zeros((9, locations, 3, 10))
    for year in range(9):
        counts[year, :, :, :3] = rng.multinomial(rng.integers(5, 60, (locations, 3)), share)
    nowhere = np.zeros(locations)
    history = ExamHistory(tuple(map(str, range(locations))), nowhere.astype(int), nowhere, nowhere, counts)
    monkeypatch.setattr(pooling, "load_exam_history", lambda: history)
    pooling.estimated.cache_clear()
    found = pooling.estimated()
    pooling.estimated.cache_clear()
    assert found.cell == pytest.approx(25.0, rel=0.15)


def test_a_cell_weighs_as_its_pupils_against_the_strength() -> None:
    counted = np.array([[8.0, 2.0], [400.0, 100.0], [300.0, 700.0]])
    observed = Observed(counted, np.arange(3), np.zeros(3, int), np.ones((3, 2), bool))
    made = smoothed(observed, Pooling(location=1e9, cell=10.0))
    national = counted.sum(axis=0) / counted.sum()
    for cell, n in ((0, 10.0), (1, 500.0)):
        expected = n / (n + 10.0) * np.array([0.8, 0.2]) + 10.0 / (n + 10.0) * national
        assert made[cell] == pytest.approx(expected, abs=1e-4)
