"""A desk of a country that answers by a formula: quick, and its truth is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from doorstroom.desk.basis import YEARS, terms
from doorstroom.desk.design import positions
from doorstroom.desk.examples import EXAMPLES
from doorstroom.desk.file import Desk, load_desk
from doorstroom.desk.judging import accuracy, judged
from doorstroom.desk.learned import Learned, learn
from doorstroom.desk.levers import KEYS, vector
from doorstroom.desk.outcomes import REGIONAL, REGIONAL_YEARS, TOLD
from doorstroom.desk.page import Told
from doorstroom.desk.runs import Made
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import OUTCOMES

STUDY = Path(__file__).parents[2] / "experiments" / "desk.toml"
DRAWS, OWN, JUDGED = 24, 16, 10


@pytest.fixture(scope="session")
def study() -> Desk:
    held_out = {"positions": JUDGED, "draws": DRAWS}
    return load_desk(STUDY).model_copy(update={"draws": DRAWS, "positions": OWN, "held_out": held_out})


def truth(placed: np.ndarray, draw: int) -> np.ndarray:
    """Effects of positions in a draw, shape (positions, years, outcomes): linear in a few terms."""
    luck = np.random.default_rng([7, draw])
    phi, at = terms(placed), [0, 1, 4, 10, 18, 20, 33, 37, 39]
    slopes = np.stack([1.0 + 0.3 * luck.normal() - 0.1 * np.arange(len(at)) for _ in TOLD], axis=1)
    scale = np.array([SCALE[OUTCOMES[name].unit] for name in TOLD])
    return np.einsum("pyt,to->pyo", phi[:, :, at], slopes) * scale


@pytest.fixture(scope="session")
def truth_of() -> Callable[[np.ndarray, int], np.ndarray]:
    """What the country answers to positions in a draw."""
    return truth


SCALE = {
    "pupils": 300.0, "FTE": 40.0, "persons": 300.0, "share": 0.02, "students": 500.0, "vacancies": 900.0,
    "locations": 20.0, "euro": 4e7,
}  # fmt: skip


@pytest.fixture(scope="session")
def made(study: Desk) -> Made:
    ranges = study.range_of()
    fitted = positions(DRAWS * OWN, ranges, 1).reshape(DRAWS, OWN, len(KEYS))
    judges = np.concatenate([positions(JUDGED, ranges, 2), [vector(one.position) for one in EXAMPLES]])
    regions, luck = len(load_inputs().regions), np.random.default_rng(11)
    size = np.abs(np.stack([truth(fitted[draw], draw) for draw in range(DRAWS)]))
    noise = luck.normal(size=size.shape) * 0.1 * size
    effects = np.stack([truth(fitted[draw], draw) for draw in range(DRAWS)]) + noise
    judged_effects = np.stack([truth(judges, draw) for draw in range(DRAWS)])
    years = [list(YEARS).index(year) for year in REGIONAL_YEARS]
    part = np.linspace(0.5, 1.5, regions) / regions

    def regional(national: np.ndarray) -> np.ndarray:
        return national[:, :, years][..., None, : len(REGIONAL)] * part[:, None]

    level = np.array([1000.0 * SCALE[OUTCOMES[name].unit] / 30.0 for name in TOLD])
    levels = np.ones((DRAWS, len(YEARS), 1)) * level
    regional_levels = np.ones((DRAWS, len(years), regions, 1)) * level[: len(REGIONAL)] / regions
    return Made(
        fitted, effects, levels, regional(effects), regional_levels, judges, judged_effects, regional(judged_effects)
    )


@pytest.fixture(scope="session")
def learned(study: Desk, made: Made) -> Learned:
    return judged(learn(made), made, study.policy_of())


@pytest.fixture(scope="session")
def told(study: Desk, made: Made, learned: Learned) -> Told:
    rows = accuracy(learned, made, study.policy_of())
    return Told(study, learned, rows, "ab" * 32, {"en": "A reference", "nl": "Een verwijzing"}, "doorstroom desk")
