"""A polynomial as control variate narrows the intervals of Sobol' indices, and they hold what they held before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import toys

from doorstroom.experiment.design.base import Floats
from doorstroom.experiment.design.sobol import Sobol
from doorstroom.experiment.design.surrogate import polynomial
from doorstroom.experiment.factors import DUMMY, Factors
from doorstroom.priors import LogNormal, Triangular, Uniform

PI = float(np.pi)
ANGLES = Factors({name: Uniform(dist="uniform", low=-PI, high=PI) for name in toys.names(3)}, {})
MIXED = Factors(
    {
        "a": LogNormal(dist="lognormal", median=2.0, factor=3.0),
        "b": Triangular(dist="triangular", low=0.0, mode=0.1, high=0.5, none=0.3),
        "c": Uniform(dist="uniform", low=-1.0, high=1.0),
        "d": Uniform(dist="uniform", low=5.0, high=6.0),
    },
    {"c": "both", "d": "both"},
)


def values(factors: Factors, unit: Floats) -> Floats:
    return np.stack([prior.quantiles(unit[:, at]) for at, prior in enumerate(factors.priors.values())], axis=1)


def indices(factors: Factors, response: Callable[[Floats], Floats], samples: int, **settings: Any) -> pd.DataFrame:
    """Of a response to points of the unit cube, by measure and factor."""
    method = Sobol(name="sobol", samples=samples, first=samples, **settings)
    design = method.design(factors)
    table = method.indices(factors, design, response(design.unit)[:, None])
    return table.set_index(["measure", "factor"])


def ishigami(unit: Floats) -> Floats:
    return toys.ishigami_at(values(ANGLES, unit))


def test_intervals_are_a_third_as_wide_and_hold_the_answer_as_often_as_they_say() -> None:
    first, total = toys.ishigami_answers()
    held, narrower = [], []
    for number in range(1, 13):
        width = []
        for surrogate in (False, True):
            table = indices(ANGLES, ishigami, 512, number=number, surrogate=surrogate)
            width.append(table.loc[("ST", "x1"), "high"] - table.loc[("ST", "x1"), "low"])
        narrower.append(width[1] / width[0])
        for measure, answers in (("S1", first), ("ST", total)):
            for factor, answer in answers.items():
                row = table.loc[(measure, factor)]
                held.append(row["low"] <= answer <= row["high"])
    assert np.median(narrower) < 1 / 3
    assert np.mean(held) >= 0.88  # of 72, 95% intervals


def test_what_is_a_polynomial_is_known_exactly() -> None:
    def response(unit: Floats) -> Floats:
        x = values(MIXED, unit)
        return x[:, 0] * x[:, 1] + 2 * x[:, 2]

    table = indices(MIXED, response, 128, surrogate=True)
    a, b = (MIXED.priors[name].quantiles((np.arange(10**6) + 0.5) / 10**6) for name in "ab")
    own = b.mean() ** 2 * a.var(), a.mean() ** 2 * b.var()
    both, variance = a.var() * b.var(), sum(own) + a.var() * b.var() + 4 / 3
    answers = {"a": (own[0], both), "b": (own[1], both), "both": (4 / 3, 0.0), DUMMY: (0.0, 0.0)}
    for factor, (alone, together) in answers.items():
        assert table.loc[("S1", factor), "value"] == pytest.approx(alone / variance, abs=2e-3), factor
        assert table.loc[("ST", factor), "value"] == pytest.approx((alone + together) / variance, abs=2e-3), factor
    assert (table["high"] - table["low"]).max() < 0.01


def test_where_no_polynomial_fits_little_is_lost() -> None:
    """A response that jumps about: the surrogate knows nothing, and the slope leaves it alone."""

    def noise(unit: Floats) -> Floats:
        return np.sin(1e4 * unit[:, 0] + 3e4 * unit[:, 1] * unit[:, 2])

    width = []
    for surrogate in (False, True):
        table = indices(ANGLES, noise, 256, surrogate=surrogate)
        width.append(float((table["high"] - table["low"]).max()))
    assert width[1] < 1.15 * width[0]


def test_terms_are_orthonormal_under_the_priors() -> None:
    unit = np.random.default_rng(1).random((500, 5))
    x = values(MIXED, unit)
    terms = polynomial(MIXED, unit, x[:, 0] * x[:, 1] + x[:, 2])
    assert terms.terms[0] == ()
    assert not any(MIXED.columns[column] == DUMMY for term in terms.terms for column, _ in term)
    grid = (np.arange(4096) + 0.5) / 4096
    for column in (0, 1):
        unit = np.full((len(grid), 5), 0.5)
        unit[:, column] = grid
        own = [at for at, term in enumerate(terms.terms) if all(factor == column for factor, _ in term)]
        columns = np.stack([terms.predict(unit[None], np.eye(len(terms.terms))[at])[0] for at in own], axis=1)
        np.testing.assert_allclose(columns.T @ columns / len(grid), np.eye(len(own)), atol=1e-6)
