"""The model behaves as a Mesa user expects."""

from __future__ import annotations

import gc
import inspect
import weakref

import mesa
import pytest

from doorstroom import TechnicalEducation, load_scenario
from doorstroom.agents.college import College
from doorstroom.agents.firm import Firm
from doorstroom.agents.region import Region
from doorstroom.agents.school import School
from doorstroom.errors import ScenarioError
from doorstroom.outcomes import COLUMN, COUNTRY, TOTAL

FRACTION = 0.01


@pytest.fixture(scope="module")
def model() -> TechnicalEducation:
    model = TechnicalEducation("baseline", rng=1, fraction=FRACTION)
    model.pupils.follow(5)
    model.step()
    return model


def test_every_institution_is_an_agent(model: TechnicalEducation) -> None:
    found = {kind.__name__: len(agents) for kind, agents in model.agents_by_type.items()}
    assert found["Region"] == 78
    assert found["School"] == len(model.inputs.locations)
    assert found["College"] == len(model.inputs.colleges)
    assert found["Firm"] == 78 * 5 * 3
    assert found["Ministry"] == found["Pupils"] == found["Teachers"] == 1


def test_agent_sets_work_on_the_arrays_of_the_model(model: TechnicalEducation) -> None:
    schools = model.agents_by_type[School]
    technical = schools.select(lambda school: school.open[:5].any())
    assert len(technical) == int(model.schools.open[:, :5].any(axis=1).sum())
    before = model.schools.capital.copy()
    technical.do(lambda school: setattr(school, "capital", school.capital + 10.0))
    moved = model.schools.capital != before
    assert moved.any(axis=1).sum() == len(technical)
    by_region = schools.groupby("region").count()
    assert sum(by_region.values()) == len(schools)
    assert model.agents_by_type[Region].get("unfilled") == model.regions.unfilled.tolist()
    assert sum(model.agents_by_type[Firm].get("employed")) == pytest.approx(model.firms.employed.sum())
    assert all(college.students.sum() >= 0 for college in model.agents_by_type[College])


def test_agents_of_institutions_are_made_once_and_keep_their_state(model: TechnicalEducation) -> None:
    school = model.schools[7]
    assert school in model.agents
    assert school is model.schools[7]
    assert school.code == model.inputs.locations["location"][7]
    numbers = [agent.unique_id for agent in model.agents]
    assert len(set(numbers)) == len(numbers)
    assert {kind for kind in model.agent_types if kind is School} == {School}
    assert not any(isinstance(kept, TechnicalEducation) for kept in getattr(mesa.Agent, "_ids", {}))


def test_a_single_pupil_is_looked_at_and_followed(model: TechnicalEducation) -> None:
    diary = model.pupils.follow(5)
    assert [year for year, _ in diary] == [2019, 2020]
    (_, before), (_, now) = diary
    assert before.number == now.number == 5
    assert before.sex == now.sex
    assert model.pupils[5] == now
    with pytest.raises(IndexError, match="numbered 0 to"):
        model.pupils[len(model.pupils)]


def test_national_indicators_are_collected(model: TechnicalEducation) -> None:
    table = model.datacollector.get_model_vars_dataframe()
    assert len(table) == 2
    assert table["vmbo_pupils"].iloc[-1] == model.outcome("vmbo_pupils")
    assert (
        table["vmbo_technique_share"].tolist()
        == model.results()[:, COUNTRY, COLUMN["vmbo_technique_share", TOTAL]].tolist()
    )
    other = TechnicalEducation("baseline", rng=1, fraction=FRACTION)
    first = other.datacollector.get_model_vars_dataframe()
    other.step()
    assert len(first) == 1
    assert other.datacollector.get_model_vars_dataframe().equals(table)


def test_batch_run_takes_scenarios_and_seeds() -> None:
    newer = "rng" in inspect.signature(mesa.batch_run).parameters
    parameters = {"scenario": ["baseline", "no_sto"], "fraction": FRACTION}
    seeds = {"rng": [1, 2]} if newer else {}
    rows = mesa.batch_run(
        TechnicalEducation,
        parameters if newer else {**parameters, "rng": [1, 2]},
        max_steps=1,
        number_processes=1,
        display_progress=False,
        **seeds,
    )
    assert len(rows) == 4
    assert {row["scenario"] for row in rows} == {"baseline", "no_sto"}


def test_iterations_of_a_batch_are_replicates_and_no_copies() -> None:
    if "iterations" not in inspect.signature(mesa.batch_run).parameters:
        pytest.skip("this Mesa asks for seeds instead")
    rows = mesa.batch_run(
        TechnicalEducation,
        {"scenario": "baseline", "fraction": FRACTION},
        iterations=2,
        max_steps=0,
        number_processes=1,
        display_progress=False,
    )
    assert len({row["vmbo_exam_candidates"] for row in rows}) == 2


def test_stepping_past_the_last_year_is_told() -> None:
    short = load_scenario("baseline").with_("short", years={"last": 2020})
    model = TechnicalEducation(short, rng=1, fraction=0.002)
    model.step()
    assert not model.running
    with pytest.raises(ScenarioError, match=r"short: its last school year is 2020, .* make years.last .* later"):
        model.step()


def test_no_seed_is_a_seed_that_nobody_chose() -> None:
    one, other = (TechnicalEducation("baseline", rng=None, fraction=FRACTION) for _ in range(2))
    assert one.draws.seed != other.draws.seed


def test_a_model_that_is_done_with_is_forgotten() -> None:
    """Mesa's table of agents' numbers keeps no model alive: a process that makes thousands of runs would fill up."""
    model = TechnicalEducation("baseline", rng=1, fraction=0.002)
    model.step()
    seen = weakref.ref(model)
    del model
    gc.collect()
    assert seen() is None
