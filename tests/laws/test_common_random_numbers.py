"""Scenarios differ only where policy makes them differ; order, processes and hash seeds change nothing."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from doorstroom.education import TechnicalEducation
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import COLUMN, SERIES, TOTAL
from doorstroom.scenario import Scenario, load_scenario

FRACTION = 0.02
Finish = Callable[..., TechnicalEducation]


def with_schemes(scenario: Scenario, **schemes: dict[str, object]) -> Scenario:
    """The scenario with some fields of its schemes changed."""
    changed = {
        name: scheme.model_copy(update=schemes[name]) if name in schemes else scheme
        for name, scheme in scenario.schemes.items()
    }
    return scenario.model_copy(update={"schemes": changed})


def steps(scenario: Scenario, years: int, seed: int = 1) -> TechnicalEducation:
    model = TechnicalEducation(scenario, rng=seed, fraction=FRACTION)
    for _ in range(years):
        model.step()
    return model


def test_a_scenario_equal_to_the_baseline_differs_by_exactly_nothing(finish: Finish, baseline: Scenario) -> None:
    again = TechnicalEducation(baseline, rng=1, fraction=FRACTION)
    assert np.array_equal(again.run(), finish("baseline").results(), equal_nan=True)


def test_a_policy_without_money_differs_by_exactly_nothing(finish: Finish) -> None:
    """Schemes that pay nothing, though they run and are reviewed, do nothing."""
    nothing = load_scenario("no_sto")
    penniless = load_scenario("baseline")
    zero = {
        name: {"budget": 0.0, "extra": {}} for name, scheme in penniless.schemes.items() if scheme.programme == "STO"
    }
    assert zero
    with_zero = TechnicalEducation(with_schemes(penniless, **zero), rng=1, fraction=FRACTION).run()
    without = TechnicalEducation(nothing, rng=1, fraction=FRACTION).run()
    assert np.array_equal(with_zero, without, equal_nan=True)


def test_nothing_differs_before_the_policy_does(finish: Finish) -> None:
    base, ends = finish("baseline").results(), finish("sto_ends").results()
    first = load_scenario("baseline").first_difference(load_scenario("sto_ends"))
    assert first is not None
    before = first - 2019
    assert before > 5
    assert np.array_equal(base[:before], ends[:before], equal_nan=True)
    assert not np.array_equal(base[before:], ends[before:], equal_nan=True)


def test_one_regions_extra_money_reaches_others_only_through_a_mechanism() -> None:
    """In its first year the money is spent in its own region and nothing can have carried it elsewhere yet."""
    baseline = load_scenario("baseline")
    region = load_inputs().regions["name"].iloc[30]
    regional = {name: scheme for name, scheme in baseline.schemes.items() if scheme.line == "regional"}
    name = next(name for name, scheme in sorted(regional.items()) if scheme.paid(2020) > 0)
    richer = with_schemes(baseline, **{name: {"extra": {region: 5_000_000.0}}})
    one, other = steps(baseline, 1), steps(richer, 1)
    row = one.region_row(region)
    difference = one.history[-1] != other.history[-1]
    assert difference[row].any()
    assert difference[row, COLUMN["granted", TOTAL]]
    elsewhere = np.delete(difference, row, axis=0)
    # chances of pupils across its border to come to its schools move with their quality; nobody came in this year
    elsewhere[:, [SERIES.index(series) for series in SERIES if series[0] == "vmbo_technique_choices"]] = False
    assert not elsewhere.any(), {SERIES[column] for column in np.flatnonzero(elsewhere.any(axis=0))}


def test_one_extra_pupil_changes_nobody_elsewhere() -> None:
    baseline = load_scenario("baseline")
    plain, extra = steps(baseline, 0), steps(baseline, 0)
    number = extra.pupils.add(like=50)
    plain.step()
    extra.step()
    school = extra.pupils.school[50]
    far = plain.pupils.school[:number] != school
    for name in ("stage", "track", "grade", "profile", "school", "level", "field", "college"):
        before, after = getattr(plain.pupils, name), getattr(extra.pupils, name)[:number]
        assert np.array_equal(before[far], after[far]), name
    assert len(extra.pupils) == len(plain.pupils) + 1


def test_the_order_of_regions_and_rows_changes_nothing(finish: Finish) -> None:
    inputs = load_inputs()
    shuffled = {
        name: table.sample(frac=1.0, random_state=4).reset_index(drop=True)
        for name, table in vars(inputs).items()
        if isinstance(table, pd.DataFrame)
    }
    mixed = type(inputs).ordered(**{**vars(inputs), **shuffled})
    result = TechnicalEducation("baseline", rng=1, fraction=FRACTION, inputs=mixed).run()
    assert np.array_equal(result, finish("baseline").results(), equal_nan=True)


@pytest.mark.parametrize(("hash_seed", "threads", "kernels"), [("0", "1", "Prescott"), ("4242", "4", "Haswell")])
def test_hash_seed_threads_process_and_linear_algebra_change_nothing(
    finish: Finish, hash_seed: str, threads: str, kernels: str
) -> None:
    """`kernels` are those that OpenBLAS takes for a processor: matrix products end in other bits with each of them."""
    code = (
        "import hashlib; from doorstroom.education import simulate; from doorstroom.scenario import load_scenario;"
        f"print(hashlib.sha256(simulate(load_scenario('baseline'), seed=1, fraction={FRACTION}).tobytes()).hexdigest())"
    )
    path = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "OPENBLAS_CORETYPE": kernels, "PYTHONPATH": path}
    environment |= {f"{pool}_NUM_THREADS": threads for pool in ("OMP", "OPENBLAS", "NUMBA")}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    here = hashlib.sha256(finish("baseline").results().tobytes()).hexdigest()
    assert printed.stdout.strip() == here


def test_seeds_differ(finish: Finish) -> None:
    column = COLUMN["vmbo_technique_pupils", TOTAL]
    one, other = (finish("baseline", seed=seed).results()[:, 0, column] for seed in (1, 2))
    assert (one != other).any()
