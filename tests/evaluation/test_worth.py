"""Value of information where it is known: a normal effect seen with normal noise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from doorstroom.evaluation.worth import worth

MEAN, SPREAD, COST = 1.0, 1.0, 100.0


def known(noise: float) -> tuple[float, float]:
    """Variance taken away, and expected value of sample information where going on is just worth its cost."""
    narrowed = SPREAD**2 / (SPREAD**2 + noise**2)
    # the posterior mean of the net benefit is normal around 0: the mean of its positive part
    return narrowed, COST / MEAN * SPREAD * np.sqrt(narrowed) * norm.pdf(0.0)


@pytest.mark.parametrize("noise", [0.3, 1.0, 3.0])
def test_the_value_is_that_of_the_normal_case(noise: float) -> None:
    narrowed, value = known(noise)
    found = []
    for seed in range(16):
        rng = np.random.default_rng(seed)
        effect = rng.normal(MEAN, SPREAD, 200)
        found.append(worth(effect + rng.normal(0, noise, 200), effect, COST, resamples=20)[0])
    assert np.mean([one.narrowed for one in found]) == pytest.approx(narrowed, abs=0.04)
    assert np.mean([one.value for one in found]) == pytest.approx(value, abs=0.08 * known(0.0)[1])


def test_the_value_agrees_with_brute_force_on_a_skewed_effect() -> None:
    rng = np.random.default_rng(1)
    effect = rng.exponential(1.0, 2000)
    seen = effect + rng.normal(0, 1.0, 2000)
    # brute force: E[effect | seen] by Bayes' rule over a fine grid of effects
    grid = np.linspace(0.0005, 15, 6000)
    weight = np.exp(-grid) * np.exp(-0.5 * (seen[:, None] - grid) ** 2)
    given = (weight * grid).sum(axis=1) / weight.sum(axis=1)
    truth = np.maximum(COST * (given - 1.0), 0.0).mean() - max(0.0, COST * (given - 1.0).mean())
    assert worth(seen, effect, COST)[0].value == pytest.approx(truth, rel=0.1)


def test_an_estimate_that_says_nothing_is_worth_nothing() -> None:
    values = []
    for seed in range(16):
        rng = np.random.default_rng(seed)
        effect = rng.normal(MEAN, SPREAD, 200)
        values.append(worth(rng.normal(0, 1, 200), effect, COST, resamples=20)[0].value)
        assert worth(np.full(200, np.nan), effect, COST)[0].value == 0.0
    assert np.mean(values) < 0.06 * known(0.0)[1]


def test_perfect_information_bounds_it() -> None:
    rng = np.random.default_rng(1)
    effect = rng.normal(MEAN, SPREAD, 400)
    told, anew = worth(effect, effect, COST)
    assert told.value == pytest.approx(told.perfect, rel=0.02)
    assert told.narrowed > 0.99
    assert told.narrowed_low <= told.narrowed <= told.narrowed_high
    assert len(anew) == 400
