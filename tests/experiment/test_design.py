"""Designs: those of SALib, extended by taking more of them, with a factor that does nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from SALib.analyze import morris as analyze_morris
from SALib.analyze import sobol as analyze_sobol
from SALib.sample import sobol as sample_sobol

from doorstroom.experiment.design.base import Method, doubling
from doorstroom.experiment.design.draws import Draws
from doorstroom.experiment.design.efast import Efast
from doorstroom.experiment.design.morris import Morris
from doorstroom.experiment.design.one_at_a_time import OneAtATime
from doorstroom.experiment.design.sobol import Sobol
from doorstroom.experiment.factors import DUMMY, Factors
from doorstroom.parameters import load_parameters
from doorstroom.priors import LogNormal, Normal, Prior, Uniform

PRIORS: dict[str, Prior] = {
    "a": Uniform(dist="uniform", low=0.0, high=2.0),
    "b": Normal(dist="normal", mean=1.0, sd=0.5),
    "c": LogNormal(dist="lognormal", median=3.0, factor=2.0),
}
ALONE = Factors(PRIORS, {})
GROUPED = Factors(PRIORS, {"a": "pair", "c": "pair"})


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("factors", [ALONE, GROUPED], ids=["alone", "grouped"])
def test_the_sobol_design_is_that_of_salib(factors: Factors, second: bool) -> None:
    method = Sobol(name="sobol", samples=16, second_order=second)
    theirs = sample_sobol.sample(factors.problem, 16, calc_second_order=second, seed=1)
    np.testing.assert_array_equal(method.design(factors).unit, theirs)


def test_sobol_and_morris_indices_are_those_of_salib() -> None:
    sobol, morris = Sobol(name="sobol", samples=64), Morris(name="morris", trajectories=12)
    for method, theirs, measure in (
        (sobol, lambda d, y: analyze_sobol.analyze(ALONE.problem, y, calc_second_order=False, seed=1), "ST"),
        (morris, lambda d, y: analyze_morris.analyze(ALONE.problem, (d.unit - 0.05) / 0.9, y, seed=1), "mu_star"),
    ):
        design = method.design(ALONE)
        y = design.unit @ np.array([1.0, 2.0, -1.0, 0.0])
        ours = method.indices(ALONE, design, y[:, None])
        np.testing.assert_allclose(ours[ours["measure"] == measure]["value"], theirs(design, y)[measure])


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (Sobol(name="sobol", samples=8), Sobol(name="sobol", samples=32)),
        (Morris(name="morris", trajectories=3), Morris(name="morris", trajectories=9)),
        (Efast(name="efast", curves=2), Efast(name="efast", curves=5)),
        (Draws(name="draws", draws=4), Draws(name="draws", draws=9)),
    ],
    ids=["sobol", "morris", "efast", "draws"],
)
def test_a_larger_design_begins_with_the_smaller(small: Method, large: Method) -> None:
    """So a study that grows makes none of its runs again."""
    first, whole = small.design(ALONE), large.design(ALONE)
    np.testing.assert_array_equal(whole.unit[: len(first.unit)], first.unit)
    np.testing.assert_array_equal(whole.block[: len(first.block)], first.block)
    assert np.all(np.diff(whole.block) >= 0)


@pytest.mark.parametrize(
    "method",
    [
        Sobol(name="sobol", samples=64),
        Morris(name="morris", trajectories=20),
        Efast(name="efast", curves=2),
        OneAtATime(name="one_at_a_time"),
    ],
    ids=["sobol", "morris", "efast", "one at a time"],
)
def test_the_dummy_moves_and_reaches_no_model(method: Method) -> None:
    design = method.design(ALONE)
    values = ALONE.values(design.unit, _entries())
    assert len(np.unique(design.unit[:, -1][~np.isnan(design.unit[:, -1])])) > 1
    assert values.shape == (len(design.unit), 3)
    assert np.isfinite(values).all()
    found = method.indices(ALONE, design, values.sum(axis=1)[:, None])
    dummy = found[(found["factor"] == DUMMY) & (found["measure"] == method.main)].iloc[0]
    # harmonics of the others count for the total index of eFAST, so its dummy is not at zero
    assert dummy["value"] == pytest.approx(0.0, abs=0.1 if isinstance(method, Efast) else 1e-12)


def test_values_follow_the_priors_and_central_values() -> None:
    unit = np.array([[0.25, 0.5, 0.5, 0.3], [np.nan, np.nan, np.nan, np.nan], [0.0, 1.0, 0.0, 0.0]])
    values = ALONE.values(unit, _entries())
    np.testing.assert_allclose(values[0], [0.5, 1.0, 3.0])
    np.testing.assert_allclose(values[1], [7.0, 8.0, 1.0])  # a list is multiplied by 1
    assert np.isfinite(values).all()  # the ends of an endless prior are cut off


def _entries() -> dict[str, Any]:
    some = next(iter(load_parameters().values()))
    listed = some.model_copy(update={"value": [1.0, 2.0], "labels": ["x", "y"]})
    return {"a": some.model_copy(update={"value": 7.0}), "b": some.model_copy(update={"value": 8.0}), "c": listed}


def test_groups_are_units_of_a_design() -> None:
    assert GROUPED.units == ("pair", "b", DUMMY)
    assert GROUPED.members.tolist() == [[True, False, True, False], [False, True, False, False], [False] * 3 + [True]]
    design = Sobol(name="sobol", samples=8).design(GROUPED)
    assert len(design.unit) == 8 * (3 + 2)
    assert design.independent.sum() == 16


def test_a_response_that_does_not_vary_has_no_indices() -> None:
    for method in (Sobol(name="sobol", samples=8), Efast(name="efast", curves=2)):
        design = method.design(ALONE)
        found = method.indices(ALONE, design, np.full((len(design.unit), 1), 3.0))
        assert found["value"].isna().all()
        assert found["factor"].tolist() == [*ALONE.columns, *ALONE.columns]


def test_sizes_double() -> None:
    assert doubling(64, 1024) == [64, 128, 256, 512, 1024]
    assert doubling(10, 35) == [10, 20, 35]
    assert doubling(4, 4) == [4]
    assert Morris(name="morris", trajectories=4).sizes == [4]
