"""The parameter file: complete, sourced, and the same as what the mechanisms take."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from doorstroom import mechanisms
from doorstroom.agents import population
from doorstroom.errors import ParameterError
from doorstroom.parameters import CENTRAL, Parameters, draw_parameters, load_parameters, sample_priors

GOOD = """
[absorption.capacity_per_pupil]
value = 900.0
unit = "euro"
domain = [0.0, 10_000.0]
grade = "assumption"
source = "none"
why = "because"
prior = { dist = "uniform", low = 1.0, high = 2.0 }
"""


def takers() -> list[type]:
    modules = [
        importlib.import_module(f"doorstroom.mechanisms.{info.name}")
        for info in pkgutil.iter_modules(mechanisms.__path__)
    ]
    found = [population.Population]
    for module in modules:
        camel = module.__name__.rsplit(".", 1)[-1].replace("_", "").lower()
        found += [
            value
            for name, value in vars(module).items()
            if isinstance(value, type) and name.lower() == camel and issubclass(value, tuple)
        ]
    return found


def test_every_mechanism_takes_its_section() -> None:
    taken = takers()
    assert len(taken) == len(list(pkgutil.iter_modules(mechanisms.__path__))) + 1
    parameters = draw_parameters(CENTRAL)
    for kind in taken:
        assert len(parameters.take(kind)) > 0
    sections = {name.split(".")[0] for name in load_parameters()}
    assert sections == {kind.__module__.rsplit(".", 1)[-1] for kind in taken}


def test_every_parameter_says_where_it_comes_from() -> None:
    for name, entry in load_parameters().items():
        assert entry.source.strip(), name
        assert entry.why.strip(), name
        assert entry.unit.strip(), name
        if entry.prior is not None and not isinstance(entry.value, list):
            low, high = entry.prior.quantile(0.0005), entry.prior.quantile(0.9995)
            assert low <= entry.value <= high, f"{name}: the central value lies outside its own prior"


def test_what_is_judged_is_not_graded_literature() -> None:
    for name, entry in load_parameters().items():
        if entry.grade == "literature":
            own = [word for word in ("judgement", "derived", "analogy", "assumption", "set so") if word in entry.source]
            assert not own, (name, own)


def test_effects_of_money_on_choice_have_zero_inside_their_prior() -> None:
    entries = load_parameters()
    for name in (
        "profile_choice.quality_weight",
        "interest.orientation_effect",
        "interest.po_effect",
        "interest.inclusion_effect",
        "mbo_choice.connection_weight",
    ):
        prior = entries[name].prior
        assert prior is not None
        assert prior.quantile(0.05) < 0 < prior.quantile(0.95), name


def test_a_draw_is_the_same_whatever_else_is_drawn() -> None:
    entries = load_parameters()
    some = {name: entries[name] for name in list(entries)[:20]}
    for name in (name for name, entry in some.items() if entry.prior):
        assert np.array_equal(draw_parameters(4).value(name), draw_parameters(4, some).value(name))


def test_draws_follow_the_prior() -> None:
    values = np.array([draw_parameters(k).value("absorption.gap_loss") for k in range(1, 400)])
    assert values.min() >= 0.1
    assert values.max() <= 0.8
    assert np.mean(values) == pytest.approx(0.45, abs=0.03)


def test_identity_changes_with_any_value() -> None:
    central = draw_parameters(CENTRAL)
    assert central.identity() == draw_parameters(CENTRAL).identity()
    changed = central.with_values({"absorption.gap_loss": 0.41}, "test")
    assert changed.identity() != central.identity()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("value = 900.0", 'value = "much"'), ["absorption.capacity_per_pupil", "much"]),
        (("grade = ", "grad = "), ["capacity_per_pupil", "grad"]),
        (('"assumption"', '"guess"'), ["grade", "guess", "judgement"]),
        (("prior = { dist", "prior = { distt"), ["prior"]),
        (("high = 2.0 }", "high = 2.0"), ["TOML"]),
    ],
)
def test_a_broken_file_is_explained(tmp_path: Path, edit: tuple[str, str], words: list[str]) -> None:
    path = tmp_path / "parameters.toml"
    path.write_text(GOOD.replace(*edit), encoding="utf-8")
    with pytest.raises(ParameterError) as caught:
        load_parameters(path)
    assert all(word in str(caught.value) for word in [*words, "parameters.toml"]), str(caught.value)


def test_an_unknown_name_gets_the_nearest_right_one() -> None:
    with pytest.raises(ParameterError, match=r"absorption\.gap_los.*did you mean 'absorption\.gap_loss'"):
        draw_parameters(CENTRAL).with_values({"absorption.gap_los": 1.0}, "my.toml")


def test_a_mechanism_that_takes_something_else_is_refused() -> None:
    class Absorption(NamedTuple):
        nonsense: float

    Absorption.__module__ = "doorstroom.mechanisms.absorption"
    with pytest.raises(ParameterError, match=r"missing .*gap_loss|not used|nonsense"):
        Parameters(load_parameters()).take(Absorption)


def test_a_draw_may_be_given_by_its_values() -> None:
    sample = draw_parameters(4)
    again = draw_parameters(sample.drawn)
    assert again.identity() == sample.identity()
    one = draw_parameters({"absorption.gap_loss": 0.5})
    assert one.value("absorption.gap_loss") == 0.5
    assert one.value("absorption.learning_gain") == draw_parameters(CENTRAL).value("absorption.learning_gain")
    with pytest.raises(ParameterError, match=r"draw: parameters\.absorption\.gap_los.*did you mean"):
        draw_parameters({"absorption.gap_los": 0.5})


def test_quantiles_of_many_are_those_of_each() -> None:
    u = np.linspace(0.01, 0.99, 7)
    for entry in load_parameters().values():
        if entry.prior is not None:
            assert entry.prior.quantiles(u).tolist() == [entry.prior.quantile(one) for one in u]


def test_draws_made_together_are_those_made_alone() -> None:
    entries = load_parameters()
    together = sample_priors(1, 40, entries)
    for k in (1, 7, 39):
        assert draw_parameters(k).drawn == {name: values[k - 1] for name, values in together.items()}


def test_who_may_be_nothing_says_why_it_may_or_may_not_be_less() -> None:
    """And nobody else has a sign: where zero is far from the prior there is nothing to explain."""
    for name, entry in load_parameters().items():
        assert (entry.sign is None) == (entry.direction is None), name
    assert load_parameters()["offer.money_relief"].direction == "not negative"
    assert load_parameters()["interest.orientation_effect"].direction == "either"
    assert load_parameters()["profile_choice.background_effect"].direction == "not positive"
    assert load_parameters()["firms.retire"].direction is None
