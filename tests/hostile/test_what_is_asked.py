"""What somebody asks that can't be: too much, too little, under a name that is taken, in a text full of faults."""

from __future__ import annotations

import io
import pickle
import time
from pathlib import Path

import fake_country
import numpy as np
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from doorstroom import TechnicalEducation
from doorstroom.api import salib_problem, values_at
from doorstroom.cli import app
from doorstroom.errors import MOST_TOLD, ScenarioError
from doorstroom.experiment.experiment import Experiment, folder_name
from doorstroom.experiment.file import COLUMNS_OF_RUNS, StudyFaults
from doorstroom.experiment.run import conduct
from doorstroom.parameters import load_parameters
from doorstroom.scenario import ScenarioFaults, in_place_of_shipped, load_scenario

STUDY = """
title = "t"
scenarios = ["baseline", "no_sto"]
fraction = 0.01
[method]
name = "draws"
draws = 2
[outcomes.{name}]
outcome = "vmbo_pupils"
years = {years}
[structures]
"{structure}" = ["role_models"]
"""


def type_in(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def faults_of_study(folder: Path, **words: object) -> list[str]:
    file = folder / "study.toml"
    file.write_text(STUDY.format(**{"name": "e", "years": 2025, "structure": "alone", **words}), encoding="utf-8")
    with pytest.raises(StudyFaults) as caught:
        Experiment.from_file(file, fake_country.model())
    return caught.value.faults


@pytest.mark.parametrize("name", sorted(COLUMNS_OF_RUNS))
def test_an_outcome_can_not_have_the_name_of_a_column_that_says_which_run_it_is(tmp_path: Path, name: str) -> None:
    (fault,) = faults_of_study(tmp_path, name=name)
    assert f"outcomes: found {name!r}; allowed: names other than draw, made, point" in fault


def test_every_column_beside_the_outcomes_is_taken(tmp_path: Path) -> None:
    made = fake_country.compared([fake_country.scenario()], draws=2, out=tmp_path / "study")
    assert set(pq.read_schema(made.folder / "runs.parquet").names) <= COLUMNS_OF_RUNS


def test_a_structure_can_not_take_the_place_of_the_scenarios_own(tmp_path: Path) -> None:
    (fault,) = faults_of_study(tmp_path, structure="as specified")
    assert "structures: found 'as specified'; allowed: another name than 'as specified'" in fault


def test_wrong_years_are_told_with_all_that_is_wrong(tmp_path: Path) -> None:
    told = faults_of_study(tmp_path, years="[2019, 2050]", structure="as specified")
    assert len(told) == 2
    assert "outcomes.e.years: found [2019, 2050]; allowed: school years from 2019 to 2040" in told[0]
    assert "structures" in told[1]


@pytest.mark.parametrize("fraction", [0.0, 1e-9, 0.00009, 1.1, float("nan")])
def test_a_part_of_the_people_with_nobody_in_it_is_refused(fraction: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"fraction must be a number from 0\.0001 to 1"):
        TechnicalEducation("baseline", rng=1, fraction=fraction)
    with pytest.raises(ScenarioError, match=r"fraction: found .*; allowed: a number from 0\.0001 to 1"):
        Experiment.compare(["baseline"], fraction=fraction, model=fake_country.model())
    result = type_in("run", "baseline", f"--fraction={fraction}", "--out", tmp_path / "x")
    assert result.exit_code == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("option", "value"), [("--seed", 2**63), ("--seed", 2**64), ("--draw", 10**9), ("--seed", -1)])
def test_numbers_beyond_all_runs_are_refused_before_anything_is_written(
    option: str, value: int, tmp_path: Path
) -> None:
    result = type_in("run", "baseline", f"{option}={value}", "--out", tmp_path / "x")
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert not list(tmp_path.iterdir())
    only = (value, 1) if option == "--draw" else (1, value)
    with pytest.raises(ScenarioError, match=f"{option[2:]}: found {value}; allowed: a whole number from 0 to"):
        Experiment.compare(["baseline"], only=only, model=fake_country.model())


@pytest.mark.parametrize(("option", "value"), [("draws", 2_000_000), ("draws", 10**9), ("seeds", 10**7)])
def test_more_draws_than_can_be_are_refused_at_once(option: str, value: int) -> None:
    result = type_in("compare", "baseline", "no_sto", f"--{option}={value}")
    assert result.exit_code == 2
    assert "1000000" in result.output
    with pytest.raises(ScenarioError, match=f"{option}: found {value}; allowed: a whole number"):
        Experiment.compare(["baseline"], model=fake_country.model(), **{option: value})  # type: ignore[arg-type]


def test_a_folder_that_nobody_named_has_a_name_that_every_disk_takes() -> None:
    for label in ("a" * 300, "𠀀" * 300, "../" * 100):
        name = folder_name([label] * 6, "f" * 64)
        assert len(name.encode()) <= 255
        assert "/" not in name


def test_the_largest_seed_makes_a_model() -> None:
    assert TechnicalEducation("baseline", rng=2**63 - 1, fraction=0.0005).outcome("vmbo_pupils") > 0
    with pytest.raises(ValueError, match="rng must be a seed"):
        TechnicalEducation("baseline", rng=2**63, fraction=0.0005)


def test_a_hundred_thousand_faults_are_told_in_seconds(tmp_path: Path) -> None:
    file = tmp_path / "many.toml"
    keys = "".join(f'"unknown.key{at}" = 1.0\n' for at in range(100_000))
    file.write_text(f'title = "t"\nparent = "baseline"\n[parameters]\n{keys}', encoding="utf-8")
    began = time.process_time()
    with pytest.raises(ScenarioFaults) as caught:
        load_scenario(file)
    assert time.process_time() - began < 20
    assert len(caught.value.faults) == MOST_TOLD + 1
    assert caught.value.faults[-1] == f"{file}: and {100_000 - MOST_TOLD:,} faults more"


def test_a_misspelt_scheme_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "half.toml"
    file.write_text('title = "t"\nparent = "baseline"\n[schemes.sto_2026]\nafter = 0.5\n', encoding="utf-8")
    with pytest.raises(ScenarioFaults) as caught:
        load_scenario(file)
    (fault,) = caught.value.faults
    assert fault.startswith(f"{file}: schemes.sto_2026: found a scheme that the parent doesn't have, without title, ")
    assert fault.endswith("; did you mean 'sto_2025'?")


def test_years_that_leave_an_inherited_budget_behind_are_told_with_the_amounts_that_fall_outside(
    tmp_path: Path,
) -> None:
    file = tmp_path / "short.toml"
    text = 'title = "t"\nparent = "baseline"\n[schemes.ngf_national]\nlast_year = 2029\n'
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioFaults) as caught:
        load_scenario(file)
    assert "budget: found { 2030 = 4_742_716, 2031 = 4_742_716, 2032 = 4_742_717 }; allowed:" in str(caught.value)


def test_a_scenario_in_the_place_of_a_shipped_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    assert in_place_of_shipped(["no_sto"]) == []
    own = tmp_path / "scenarios" / "no_sto.toml"
    own.write_text('title = "Mine"\nparent = "baseline"\n', encoding="utf-8")
    heir = tmp_path / "scenarios" / "heir.toml"
    heir.write_text('title = "Heir"\nparent = "no_sto"\n', encoding="utf-8")
    assert in_place_of_shipped(["baseline"]) == []
    (told,) = in_place_of_shipped(["baseline", "heir"])
    assert told.startswith(f"beware: no_sto is {Path('scenarios') / 'no_sto.toml'} and not the scenario")
    assert "yours, in place" in " ".join(type_in("scenarios", "list").stdout.split())
    shown = io.StringIO()
    own_model = fake_country.model(fake_country.simulate, load_parameters())
    experiment = Experiment.compare(["no_sto"], draws=0, model=own_model)
    monkeypatch.setattr("doorstroom.experiment.run.fill", _stop)
    with pytest.raises(KeyboardInterrupt):
        conduct(experiment, console=Console(file=shown), out=tmp_path / "study")
    assert "beware: no_sto is" in shown.getvalue()


def _stop(*asked: object, **how: object) -> None:
    raise KeyboardInterrupt


def test_corners_of_the_space_of_parameters_are_finite() -> None:
    problem = salib_problem()
    corners = np.array([[0.0] * problem["num_vars"], [1.0] * problem["num_vars"]])
    assert all(np.isfinite(list(draw.values())).all() for draw in values_at(corners, problem))


def test_a_scenario_made_in_python_can_not_pay_what_no_file_can_say() -> None:
    baseline = load_scenario("baseline")
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        baseline.schemes["sto_2025"].model_copy(update={"budget": -14e18})
    with pytest.raises(ValueError, match="10000000000"):
        baseline.schemes["sto_2025"].model_copy(update={"budget": 14e18})


def test_a_model_that_was_pickled_goes_on_as_it_would_have() -> None:
    model = TechnicalEducation("no_sto", rng=1, fraction=0.002)
    model.step()
    copy = pickle.loads(pickle.dumps(model))
    for one in (model, copy):
        one.step()
        one.step()
    np.testing.assert_array_equal(model.results(), copy.results())
