"""One agent per person, written from the docstrings, takes exactly the decisions of the fast model."""

from __future__ import annotations

import pytest
from compare import Outcome, SideBySide
from institutions import Rules
from pupils_year import PupilsYear

from doorstroom.scenario import Context, Loops, Scenario, load_scenario

YEARS = 4
HEAVY = {
    "interest.orientation_effect": 0.5,
    "interest.po_effect": 0.5,
    "interest.inclusion_effect": 0.5,
    "interest.role_model_effect": 5.0,
    "interest.sustainability_effect": 2.0,
    "young.skill_gain": 0.5,
    "track.upward_drift": 0.1,
    "profile_choice.quality_weight": 2.0,
    "progress.unfilled_effect": 0.8,
    "mbo_choice.connection_weight": 5.0,
    "mbo_choice.image_weight": 2.0,
    "mbo_choice.places_weight": 5.0,
    "first_job.tightness_weight": 10.0,
    "first_job.wage_weight": 30.0,
}
"""Effects that are near zero in the model, made so large that leaving one out would show."""


def heavy() -> Scenario:
    """A world in which everything weighs heavily, every school takes part from the start."""
    baseline = load_scenario("baseline")
    everybody = {"participants": ("vmbo", "havo_vwo", "po", "mbo", "firms", "others", "hbo"), "carriers": {}}
    schemes = {name: scheme.model_copy(update=everybody) for name, scheme in baseline.schemes.items()}
    return baseline.model_copy(update={"parameters": HEAVY, "schemes": schemes})


def slump() -> Scenario:
    """Firms shrink from the start and train ever fewer: who wants bbl doesn't find a place."""
    demand = {"all": {2020: -0.1, 2021: -0.1, 2022: -0.1}}
    changed = {"context": Context(demand=demand), "parameters": {"firms.bbl_tightness": 0.5}}
    return load_scenario("baseline").model_copy(update=changed)


def without_feedback() -> Scenario:
    off = Loops(**dict.fromkeys(Loops.model_fields, False))
    return load_scenario("ngf_borged").model_copy(update={"loops": off})


@pytest.mark.parametrize(
    ("scenario", "seed", "draw"),
    [
        (load_scenario("baseline"), 1, 0),
        (load_scenario("no_sto"), 2, 5),
        (heavy(), 3, 0),
        (without_feedback(), 4, 9),
        (slump(), 6, 0),
    ],
    ids=["baseline", "no_sto, draw 5", "heavy effects", "no feedback, draw 9", "slump"],
)
def test_person_by_person_the_decisions_are_the_same(
    scenario: Scenario, seed: int, draw: int, compared: list[Outcome]
) -> None:
    outcome = SideBySide(scenario, seed=seed, draw=draw).run(YEARS)
    compared.append(outcome)
    assert outcome.persons > 40_000
    assert outcome.decisions.total() > 150_000
    assert min(outcome.decisions.values()) > 400, outcome.decisions
    assert not outcome.differences, outcome.differences[:10]


Met = tuple[SideBySide, list]


def after(years: int, scenario: Scenario, fraction: float) -> Met:
    """A comparison after some years, with what the people met and who came, so that the slow half can be replayed."""
    pair = SideBySide(scenario, seed=5, fraction=fraction)
    met = []
    for _ in range(years):
        pair.step()
        met.append((pair.now, pair.newcomers))
    assert not pair.differences()
    return pair, met


@pytest.fixture(scope="module")
def two_years() -> Met:
    return after(2, heavy(), 0.01)


@pytest.fixture(scope="module")
def slump_years() -> Met:
    return after(3, slump(), 0.02)


@pytest.mark.parametrize("parameter", ["mbo_choice.spare_places", "mbo_choice.stay_without_place"])
def test_a_parameter_of_scarce_places_that_is_wrong_shows(slump_years: Met, parameter: str) -> None:
    assert replayed(slump_years, parameter)


@pytest.mark.parametrize(
    "parameter",
    [
        *(name for name in HEAVY if not name.startswith("young")),  # what institutions do isn't decided here
        "interest.fade",
        "interest.spending_scale",
        "profile_choice.background_effect",
        "profile_choice.distance_cost",
        "profile_choice.leaving_cost",
        "progress.vavo_share",
        "study.hbo_technique",
        "first_job.level_4",
        "first_job.woman",
        "first_job.commute_km",
    ],
)
def test_a_parameter_that_is_wrong_shows(two_years: Met, parameter: str) -> None:
    """The comparison can fail: with one parameter at half its value, somebody decides otherwise."""
    assert replayed(two_years, parameter)


def replayed(of: Met, parameter: str) -> list[str]:
    """Differences where the slow half takes a parameter at half its value."""
    pair, met = of
    rules = Rules(pair.fast)
    section, name = parameter.split(".")
    part = {"profile_choice": "profile", "mbo_choice": "mbo", "first_job": "job"}.get(section, section)
    taken = getattr(rules, part)
    setattr(rules, part, taken._replace(**{name: getattr(taken, name) / 2}))
    right, pair.slow = pair.slow, PupilsYear(rules, pair.slow.draws.seed)
    try:
        for number, traits in pair.started_with.items():
            pair.slow.add(number, traits)
        for now, newcomers in met:
            pair.slow.year(now, newcomers)
        return pair.differences()
    finally:
        pair.slow = right
