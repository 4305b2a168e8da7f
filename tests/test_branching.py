"""A run that starts from another's state is, to the last bit, the run made from its first year."""

from __future__ import annotations

import numpy as np
import pytest

from doorstroom.branching import NEVER, Branch, Family, first_difference, simulate_family
from doorstroom.education import TechnicalEducation, simulate
from doorstroom.scenario import Scenario, load_scenario
from doorstroom.scenario.scheme import Scheme

FRACTION = 0.003
LAST = 2030
NAMES = ("baseline", "no_sto", "sto_ends", "no_ngf", "ngf_by_review", "recession", "pupils_low", "sto_ends")


def known(name: str) -> Scenario:
    """A scenario file, some years of it."""
    scenario = load_scenario(name)
    return scenario.model_copy(update={"years": scenario.years.model_copy(update={"last": LAST})})


def with_scheme(scenario: Scenario, name: str, rules: dict[str, object]) -> Scenario:
    """A scenario with a scheme more, or another under that name."""
    return scenario.model_copy(update={"schemes": {**scenario.schemes, name: Scheme.model_validate(rules)}})


def family_is_each_by_itself(scenarios: list[Scenario]) -> list[bool]:
    together = simulate_family(scenarios, draw=3, seed=2, fraction=FRACTION)
    apart = [simulate(scenario, draw=3, seed=2, fraction=FRACTION) for scenario in scenarios]
    assert not np.array_equal(apart[0], apart[1], equal_nan=True)
    return [np.array_equal(*pair, equal_nan=True) for pair in zip(together, apart, strict=True)]


def test_a_family_is_its_scenarios_each_by_itself() -> None:
    assert all(family_is_each_by_itself([known(name) for name in NAMES]))


def test_in_another_order_too() -> None:
    assert all(family_is_each_by_itself([known(name) for name in ("sto_ends", "no_ngf", "baseline")]))


def test_who_starts_from_whom() -> None:
    names = ("baseline", "sto_ends", "pupils_low", "no_sto", "sto_ends")
    tree = Family([load_scenario(name) for name in names]).branches
    assert tree == [None, Branch(0, 2029), None, Branch(0, 2020), Branch(1, NEVER)]


def test_plans_made_before_the_first_euro_are_taken_over() -> None:
    """They stand for ten years or for three, and what they say hangs on the year in which they are made."""
    baseline, rules = known("baseline"), {
        "title": "another", "programme": "other", "first_year": 2023, "last_year": 2032, "budget": {2027: 5e7},
        "activities": {"teachers": 0.5, "inclusion": 0.5}, "plan_years": 10,
    }  # fmt: skip
    new = with_scheme(baseline, "another", rules)
    sooner = with_scheme(baseline, "another", {**rules, "plan_years": 3})
    later = with_scheme(baseline, "another", {**rules, "budget": {2028: 5e7}})
    begun = with_scheme(baseline, "another", {**rules, "first_year": 2024})
    assert all(family_is_each_by_itself([baseline, new, sooner, later, begun]))
    assert first_difference(baseline, new) == first_difference(new, begun) == 2023
    assert first_difference(baseline, baseline) is None


def test_a_fork_and_its_origin_go_their_own_ways() -> None:
    model = TechnicalEducation(known("baseline"), draw=3, rng=2, fraction=FRACTION)
    for _ in range(4):
        model.step()
    other = model.fork(known("no_ngf"))
    assert other.schools[3] is not model.schools[3]
    assert other.schools[3].model is other
    assert other.datacollector.get_model_vars_dataframe().equals(model.datacollector.get_model_vars_dataframe())
    other.schools[3].capital = other.schools[3].capital + 1.0
    other.pupils.stage[:] = 0
    expected = simulate(known("baseline"), draw=3, seed=2, fraction=FRACTION)
    assert np.array_equal(model.run(), expected, equal_nan=True)


def test_other_years_share_nothing() -> None:
    shorter = known("baseline")
    assert first_difference(load_scenario("baseline"), shorter) == shorter.years.first
    runs = simulate_family([shorter, load_scenario("baseline")], fraction=FRACTION)
    assert [len(run) for run in runs] == [LAST - 2018, 22]


def test_a_run_that_fails_fails_the_family(monkeypatch: pytest.MonkeyPatch) -> None:
    scenarios = [known(name) for name in ("baseline", "no_ngf")]
    step = TechnicalEducation.step

    def stumble(model: TechnicalEducation) -> None:
        if model.policy is scenarios[1] and model.year == 2025:
            raise ArithmeticError("stumbled")
        step(model)

    monkeypatch.setattr(TechnicalEducation, "step", stumble)
    with pytest.raises(ArithmeticError, match="stumbled"):
        simulate_family(scenarios, fraction=FRACTION)
