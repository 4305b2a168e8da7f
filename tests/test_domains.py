"""A value outside its domain makes no model, wherever it comes from; a change acts on the draw's own value."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from doorstroom.education import TechnicalEducation
from doorstroom.errors import DoorstroomError, ParameterError
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.factors import Factors
from doorstroom.experiment.plan import plan_of
from doorstroom.parameters import Change, draw_parameters, load_parameters
from doorstroom.priors import EDGE, Uniform
from doorstroom.scenario import Scenario, ScenarioFaults, Years, checked, fixed_apart, load_scenario

NAN, INF = math.nan, math.inf
WRONG: tuple[tuple[str, float], ...] = (
    ("schemes.need_weight", -1.0),
    ("schemes.price_rise", 12.0),
    ("schemes.inflation", 2.0),
    ("absorption.learning_half", 0.0),
    ("absorption.gap_loss", 1.5),
    ("absorption.support_scale", 0.0),
    ("absorption.staff_elasticity", NAN),
    ("activities.need_memory", 1.1),
    ("activities.connection_scale", 0.0),
    ("activities.connection_fade", -0.1),
    ("technique_capital.depreciation", 5.0),
    ("technique_capital.scale", 0.0),
    ("technique_capital.initial", -400.0),
    ("technique_capital.penalty_unfilled", -1.0),
    ("interest.taste_sd", -0.8),
    ("interest.fade", 1.2),
    ("interest.spending_scale", 0.0),
    ("interest.orientation_effect", 1e3),
    ("interest.po_effect", 1e300),
    ("interest.inclusion_effect", INF),
    ("interest.parent_share", 15.0),
    ("track.upward_drift", 0.5),
    ("track.drift_years", -1.0),
    ("profile_choice.distance_cost", -0.1),
    ("profile_choice.leaving_cost", -3.0),
    ("profile_choice.quality_weight", 1e6),
    ("progress.repeat", 5.0),
    ("progress.quit", 50.0),
    ("progress.switch", 3.0),
    ("progress.exam_pass", 1.1),
    ("progress.vavo_share", 50.0),
    ("progress.unfilled_effect", -0.1),
    ("offer.closing_slope", -1.0),
    ("offer.relief_scale", -300.0),
    ("offer.cover_base", 1.01),
    ("offer.opening_rate", 3.0),
    ("offer.memory", -INF),
    ("teacher_market.pupils_per_fte", 0.0),
    ("teacher_market.mean_fte", 0.0),
    ("teacher_market.share_55plus_2019", 37.0),
    ("teacher_market.retire_60", -0.06),
    ("teacher_market.retire_65", 45.0),
    ("teacher_market.retirement_age", 6.7),
    ("teacher_market.starter_exit", 8.0),
    ("teacher_market.training_yield", -25.0),
    ("teacher_market.side_entry_rate", 3.0),
    ("teacher_market.hybrid_fte", -0.4),
    ("teacher_market.qualify_rate", 30.0),
    ("mbo_choice.to_mbo", 1.5),
    ("mbo_choice.continue_man", -1.0),
    ("mbo_choice.adults_per_year", -5e4),
    ("mbo_choice.college_km", 0.0),
    ("mbo_choice.adult_bbl", 70.0),
    ("study.diploma_bol", 2.0),
    ("study.quit_bbl", 100.0),
    ("study.hbo_technique", 75.0),
    ("first_job.leak", 10.0),
    ("first_job.commute_km", -20.0),
    ("firms.technicians_2019", 0.0),
    ("firms.growth", 100.0),
    ("firms.retire", 3.0),
    ("firms.match", 1.0),
    ("steering.threshold", 30.0),
    ("steering.condition_cut", -0.1),
    ("population.migration_share", 5.0),
    ("population.home_km", 0.0),
)


def in_a_file(name: str, value: float, folder: Path) -> None:
    file = folder / "wrong.toml"
    file.write_text(f'title = "t"\nparent = "baseline"\n[parameters]\n"{name}" = {value}\n', encoding="utf-8")
    load_scenario(file)


def in_a_copy(name: str, value: float, _: Path) -> None:
    load_scenario("baseline").model_copy(update={"parameters": {name: value}})


def in_a_draw(name: str, value: float, _: Path) -> None:
    draw_parameters({name: value})


def in_a_study(name: str, value: float, folder: Path) -> None:
    prior = Uniform(dist="uniform", low=min(value, 0.5), high=max(value, 0.51))
    load_a_study(name, f"{{ dist = 'uniform', low = {prior.low}, high = {prior.high} }}", folder)


def load_a_study(name: str, prior: str, folder: Path) -> None:
    file = folder / "wrong.toml"
    file.write_text(
        'title = "t"\nscenarios = ["no_sto", "baseline"]\nmethod = { name = "morris", trajectories = 2, first = 2 }\n'
        '[outcomes.e]\noutcome = "vmbo_technique_pupils"\nyears = 2025\n'
        f'[factors.priors]\n"{name}" = {prior}\n',
        encoding="utf-8",
    )
    plan_of(Experiment.from_file(file))


@pytest.mark.parametrize("way", [in_a_file, in_a_copy, in_a_draw, in_a_study])
def test_sixty_wrong_values_are_refused_by_name_value_and_domain(
    way: Callable[[str, float, Path], None], tmp_path: Path
) -> None:
    assert len({name for name, _ in WRONG}) == len(WRONG) >= 60
    for name, value in WRONG:
        if way is in_a_study and not math.isfinite(value):
            continue  # told as no number before any domain is looked at
        with pytest.raises((DoorstroomError, ValidationError)) as caught:
            way(name, value, tmp_path)
        text = str(caught.value)
        assert name in text, (name, text)
        assert f"{value:g}" in text or repr(value) in text, (name, text)
        assert load_parameters()[name].allowed() in text, (name, text)


def test_no_number_is_no_value() -> None:
    for value in (True, "much", None, [0.5]):
        with pytest.raises(ParameterError, match=r"interest\.fade"):
            draw_parameters({"interest.fade": value})  # type: ignore[dict-item]


def test_every_domain_has_two_ends_that_are_refused_beyond() -> None:
    for name, entry in load_parameters().items():
        for end, beyond in zip(entry.limits, (-1.0, 1.0), strict=True):
            assert math.isfinite(end), name
            assert entry.allows(end), name
            assert not entry.allows(end + beyond * max(abs(end), 1.0) * 1e-9), name


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    wrong = '"progress.repeat" = 5\n"interest.fade" = nan\n"offer.memory" = { times = 3 }\n'
    file.write_text(f'title = "t"\nparent = "baseline"\n[parameters]\n{wrong}', encoding="utf-8")
    with pytest.raises(ScenarioFaults) as caught:
        load_scenario(file)
    assert len(caught.value.faults) == 3
    assert '"offer.memory": found { times = 3 }; allowed: a change that takes every draw' in str(caught.value)


def test_the_far_corners_of_a_design_stay_in_every_domain() -> None:
    entries = load_parameters()
    factors = Factors({name: entry.prior for name, entry in entries.items() if entry.prior is not None}, {})
    corners = factors.values(np.repeat([[0.0], [1.0], [EDGE]], len(factors.columns), axis=1), entries)
    for corner in corners:
        draw_parameters(dict(zip(factors.names, corner.tolist(), strict=True)))


def test_a_scenario_put_together_past_all_checks_makes_no_model() -> None:
    baseline = load_scenario("baseline")
    scheme = baseline.schemes["sto_2025"]
    nonsense = scheme.model_construct(**{**dict(scheme), "budget": -14e18})
    forced = Scenario.model_construct(
        **{**dict(baseline), "schemes": {"sto_2025": nonsense}, "years": Years(last=2021)}
    )
    with pytest.raises(ScenarioFaults, match=r"baseline: schemes\.sto_2025\.budget: found -1\.4e\+19; allowed: euro"):
        TechnicalEducation(forced, fraction=0.001)
    with pytest.raises(ValidationError):
        scheme.model_copy(update={"cofinancing": 3.0})
    assert checked(baseline) == baseline


def test_a_change_acts_on_the_draws_own_value() -> None:
    changes = {"interest.fade": Change(times=0.5), "offer.cover_base": Change(plus=0.4)}
    for draw in (0, 1, 2, 3):
        own = draw_parameters(draw)
        changed = own.with_values(changes, "x")
        assert changed.value("interest.fade") == 0.5 * own.value("interest.fade")
        assert changed.value("offer.cover_base") == own.value("offer.cover_base") + 0.4
    repeat = draw_parameters(2).with_values({"progress.repeat": Change(times=0.5)}, "x").value("progress.repeat")
    assert np.allclose(repeat, 0.5 * draw_parameters(2).value("progress.repeat"))
    with pytest.raises(ParameterError, match="one common factor"):
        draw_parameters(0).with_values({"progress.repeat": Change(plus=0.1)}, "x")
    with pytest.raises(ParameterError, match=r"interest\.fade: found \{ times = 2 \}"):
        draw_parameters(0).with_values({"interest.fade": Change(times=2.0)}, "x")


def test_a_childs_change_replaces_its_parents(tmp_path: Path) -> None:
    for name, parent, change in (
        ("a", "baseline", "{ times = 0.5 }"),
        ("b", "a", "{ plus = 0.01 }"),
        ("c", "b", "0.2"),
    ):
        text = f'title = "{name}"\nparent = "{parent}"\n[parameters]\n"interest.fade" = {change}\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    scenarios = [load_scenario(tmp_path / f"{name}.toml") for name in "abc"]
    assert [str(one.parameters["interest.fade"]) for one in scenarios] == ["{ times = 0.5 }", "{ plus = 0.01 }", "0.2"]
    assert len({one.identity() for one in scenarios}) == 3


def test_scenarios_set_apart_in_an_uncertain_parameter_are_warned_of() -> None:
    base = load_scenario("baseline")
    fixed, other, changed = (
        base.model_copy(update={"parameters": {"interest.fade": value}}) for value in (0.4, 0.4, Change(times=0.5))
    )
    assert "beware: interest.fade" in fixed_apart([base, fixed])[0]
    assert fixed_apart([fixed, other]) == fixed_apart([base, changed]) == fixed_apart([base]) == []
    measured = base.model_copy(update={"parameters": {"interest.parent_share": 0.2}})
    assert fixed_apart([base, measured]) == []
