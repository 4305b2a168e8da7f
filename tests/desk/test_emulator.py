"""The emulator on responses that are known: it finds them, and says honestly how far it is off."""

from __future__ import annotations

import numpy as np
import pytest

from doorstroom.desk.basis import TERMS, YEARS, terms
from doorstroom.desk.design import positions
from doorstroom.desk.emulator import cross_validated, fit, spread_of, widened
from doorstroom.desk.levers import LEVERS
from doorstroom.desk.runs import present_row

RANGES = {lever.key: (lever.low, lever.high) for lever in LEVERS}
DRAWS, OWN = 40, 24


@pytest.fixture(scope="module")
def phi() -> np.ndarray:
    """Terms in 2034 of a design, and of 50 positions that no fit sees."""
    at = [year == 2034 for year in YEARS].index(True)
    placed = positions(DRAWS * OWN + 50, RANGES, 1)
    return terms(placed)[:, at]


def response(phi: np.ndarray, seed: int) -> np.ndarray:
    """Coefficients of draws that share a part and differ in a part, both as large as their terms are seen."""
    luck = np.random.default_rng(seed)
    unit = np.sqrt((phi**2).mean(axis=0))
    shared = luck.normal(size=TERMS) * (luck.random(TERMS) < 0.4)
    own = luck.normal(size=(DRAWS, 3)) @ luck.normal(size=(3, TERMS)) * 0.3
    return np.divide(shared + own, unit, out=np.zeros((DRAWS, TERMS)), where=unit > 1e-9)


def split(phi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return phi[: DRAWS * OWN].reshape(DRAWS, OWN, -1), phi[DRAWS * OWN :]


def test_a_response_without_luck_is_found_in_every_draw(phi: np.ndarray) -> None:
    seen, unseen = split(phi)
    truth = response(phi, 1)
    found = fit(seen, np.einsum("dpt,dt->dp", seen, truth))
    expected = unseen @ truth.T
    error = unseen @ found.coefficients.T - expected
    assert np.sqrt((error**2).mean()) < 0.12 * expected.std()
    medians = np.median(error, axis=1)
    assert np.abs(medians).mean() < 0.05 * expected.std()


def test_its_own_word_for_its_error_is_that_of_runs_held_out(phi: np.ndarray) -> None:
    seen, unseen = split(phi)
    truth, luck = response(phi, 2), np.random.default_rng(3)
    size = np.abs(np.einsum("dpt,dt->dp", seen, truth))
    y = np.einsum("dpt,dt->dp", seen, truth) + luck.normal(size=size.shape) * 0.5 * np.sqrt(size)
    found = fit(seen, y)
    expected = unseen @ truth.T
    fresh = expected + luck.normal(size=expected.shape) * 0.5 * np.sqrt(np.abs(expected))
    out = fresh - unseen @ found.coefficients.T
    missed = cross_validated(seen, y, folds=3)
    assert np.sqrt((missed**2).mean()) == pytest.approx(np.sqrt((out**2).mean()), rel=0.25)
    found = widened(found, float(np.sqrt((missed**2).mean() / (found.left**2).mean())))
    scale = np.sqrt(((unseen * found.size) ** 2).sum(axis=1))
    told = spread_of(scale, found.variance)[:, None]
    inside = (np.abs(out) < 1.645 * told).mean()
    assert 0.82 < inside < 0.97  # of intervals of 90%


def test_no_change_has_no_effect_whatever_was_learned(phi: np.ndarray) -> None:
    seen, _ = split(phi)
    found = fit(seen, np.random.default_rng(4).normal(size=seen.shape[:2]))
    nothing = terms(present_row()[None])[0]
    assert (nothing == 0.0).all()
    assert (nothing @ found.coefficients.T == 0.0).all()
    assert (spread_of(np.sqrt(((nothing * found.size) ** 2).sum(axis=1)), found.variance) == 0.0).all()


def test_an_outcome_that_nothing_moves_has_no_response(phi: np.ndarray) -> None:
    seen, _ = split(phi)
    found = fit(seen, np.zeros(seen.shape[:2]))
    assert not found.coefficients.any()
    assert found.variance == (0.0, 0.0)
