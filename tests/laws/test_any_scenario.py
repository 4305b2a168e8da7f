"""What must hold whatever anybody writes into a scenario file: random schemes, loops and parameter draws, all years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from small_country import REGIONS, national_numbers, small_country

from doorstroom.agents.school import LEERWEGEN, TECHNICAL
from doorstroom.agents.teachers import AWAY
from doorstroom.education import TechnicalEducation
from doorstroom.outcomes import COLUMN, GROUPS, OUTCOMES
from doorstroom.parameters import CENTRAL, draw_parameters
from doorstroom.scenario import Loops, Scenario, Scheme, Years
from doorstroom.terms import CAN_DO, TARGETS, VMBO_PROFILES, Activity, Stage, Track

FIRST, LAST = 2019, 2024
FRACTION = 0.1
BOOKS = ("granted", "cofinanced", "carried_in", "absorbed", "returned", "carried_out")
NAMES = tuple(small_country().regions["name"])
FROM_THE_START = {
    "first_year": FIRST + 1,
    "last_year": LAST,
    "gap_years": (),
    "delay_years": 0,
    "conditional_from": None,
    "release": "yes",
    "spend_until": None,
    "granted": 1.0,
    "cofinancing": 0.0,
}
ALONE = {"absorption.outside_relief": 0.0}
"""Where organisations outside school take no work off the hands of schools, they help nobody else's scheme."""

VOCATIONAL = (Track.BB, Track.KB, Track.GL)

# no shrinking: it would run the model hundreds of times more
few_runs = settings(
    max_examples=15,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    """Any scheme that a scenario file may hold, on four regions and five years."""
    first = draw(st.integers(FIRST + 1, LAST))
    last = draw(st.integers(first, LAST))
    years = st.lists(st.integers(first, last), max_size=2, unique=True).map(sorted)
    line = draw(st.sampled_from(["regional", "regional", "national"]))
    shares = np.array(draw(st.lists(st.integers(0, 5), min_size=7, max_size=7).filter(any)), float)
    money = draw(st.just(0.0) | st.floats(1e4, 1e8))
    joins = draw(st.lists(st.sampled_from(TARGETS), min_size=1, unique=True))
    shares[~CAN_DO[[TARGETS.index(name) for name in joins]].any(axis=0)] = 0.0
    if not shares.any():
        shares[Activity.COORDINATION] = 1.0  # which everybody can do
    unspent = draw(st.sampled_from(["carry_over", "return"]))
    conditional = draw(st.none() | st.integers(first, last))
    reviewed = line == "regional" and conditional is not None and first < conditional
    release = draw(st.sampled_from(["yes", "no", *["by_review"] * reviewed])) if conditional else "yes"
    regional = {
        "regions": draw(st.just("all") | st.lists(st.sampled_from(NAMES), min_size=1, unique=True)),
        "extra": draw(st.dictionaries(st.sampled_from(NAMES), st.floats(1e4, 1e6), max_size=2)) if money else {},
        "division": draw(st.sampled_from(get_args(Scheme.model_fields["division"].annotation))),
        "scope": draw(st.sampled_from(["all_vocational", "hard_technique"] if "vmbo" in joins else ["all_vocational"])),
    }
    return Scheme(
        title="A scheme",
        programme=draw(st.sampled_from(["STO", "NGF"])),
        line=line,
        first_year=first,
        last_year=last,
        after=draw(st.sampled_from([0.0, 0.5, 1.0])),
        budget=money,
        gap_years=draw(years),
        review_years=[first] if release == "by_review" else draw(years),
        participants=joins,
        activities={activity.name.lower(): shares[activity] / shares.sum() for activity in Activity},
        partners=draw(st.lists(st.sampled_from(["mbo", "firms"]), max_size=2, unique=True)),
        within=draw(st.sampled_from(["agreed", "by_pupils"])),
        split=draw(st.sampled_from(["prescribed", "own_plans"])),
        carriers=draw(st.dictionaries(st.sampled_from(joins), st.floats(0.1, 5.0), max_size=2)),
        granted=draw(st.just(1.0) | st.floats(0.1, 1.0) | st.just({first: 0.5})),
        reserve=draw(st.sampled_from([0.0, 0.3, 1.0])),
        cofinancing=draw(st.just(0.0) | st.floats(0.01, 0.3) | st.just({first: 0.1, last: 0.2})),
        unspent=unspent,
        spend_until=draw(st.none() | st.integers(last + 1, LAST + 1)) if unspent == "carry_over" else None,
        plan_years=draw(st.integers(1, 3)),
        outline=draw(st.booleans()),
        learning=draw(st.lists(st.sampled_from(["indicators", "self_report", "peer_review", "research"]), unique=True)),
        announced=draw(st.none() | st.dates(date(FIRST, 1, 1), date(last, 12, 31))),
        conditional_from=conditional,
        release=release,
        delay_years=draw(st.sampled_from([0, 0, 1, 2])),
        **(regional if line == "regional" else {}),
    )


loops = st.fixed_dictionaries({name: st.booleans() for name in Loops.model_fields}).map(lambda on: Loops(**on))
several = st.dictionaries(st.sampled_from(["a", "b", "c"]), schemes(), max_size=3)


def start(
    of: dict[str, Scheme],
    feedback: Loops | None = None,
    draw: int = 0,
    seed: int = 1,
    parameters: Mapping[str, float] | None = None,
) -> TechnicalEducation:
    """The small country with these schemes, on 1 October 2019."""
    scenario = Scenario(
        name="any",
        title="Any scenario",
        years=Years(last=LAST),
        schemes=of,
        loops=feedback or Loops(),
        parameters={**national_numbers(), **(parameters or {})},
    )
    return TechnicalEducation(scenario, draw=draw, rng=seed, fraction=FRACTION, inputs=small_country())


@few_runs
@given(several, loops, st.integers(0, 50), st.integers(1, 50))
def test_balances_hold_in_any_scenario(of: dict[str, Scheme], feedback: Loops, draw: int, seed: int) -> None:
    model = start(of, feedback, draw, seed)
    carried = dict.fromkeys(model.ministry.running, 0)
    staff = (model.teachers.school != AWAY).sum()
    for _ in range(FIRST, LAST):
        model.step()
        money_balances(model, carried)
        people_are_where_they_can_be(model)
        staff = teachers_balance(model, staff)
    flows_balance(model)


def money_balances(model: TechnicalEducation, carried: dict[str, np.ndarray]) -> None:
    """To the cent, per scheme and region; every absorbed euro is spent by who takes part, on what they can do."""
    absorbed = np.zeros(len(REGIONS))
    for name, state in model.ministry.running.items():
        books = {entry: getattr(state.account, entry) for entry in BOOKS}
        assert all((amount >= 0).all() and amount.dtype == np.int64 for amount in books.values())
        into = books["granted"] + books["cofinanced"] + books["carried_in"]
        assert np.array_equal(into, books["absorbed"] + books["returned"] + books["carried_out"])
        assert np.array_equal(books["carried_in"], carried[name] + 0 * into)
        assert (books["granted"] <= np.rint(100.0 * state.offered)).all()
        asked = state.scheme.asked(model.year)
        assert (books["cofinanced"] >= asked * books["granted"] - 1.0).all()
        if state.scheme.unspent == "return":
            assert not books["carried_out"].any()
        if model.year >= state.scheme.settles(model.year):
            assert not books["carried_out"].any()
        if state.scheme.split == "prescribed":
            assert state.plan == pytest.approx(np.tile(state.scheme.plan(), (len(REGIONS), 1)))
        assert state.plan.sum(axis=1) == pytest.approx(np.ones(len(REGIONS)))
        carried[name] = books["carried_out"]
        absorbed += books["absorbed"] / 100.0
    spending = model.regions.spending
    assert (spending >= 0).all()
    assert not spending[:, CAN_DO.T == 0].any()
    outside = set(TARGETS) - {
        target for state in model.ministry.running.values() for target in state.scheme.participants
    }
    assert not spending[:, :, [TARGETS.index(target) for target in outside]].any()
    assert (spending.sum(axis=(1, 2)) <= absorbed + 0.01).all()


def people_are_where_they_can_be(model: TechnicalEducation) -> None:
    """One stage each; pupils at a location that teaches their track, new technique pupils in a profile on offer."""
    people, schools = model.pupils, model.schools
    stages = [(people.stage == stage) for stage in Stage]
    assert np.sum(stages, axis=0) == pytest.approx(np.ones(len(people)))
    taught = np.isin(people.track, (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO))
    here = np.flatnonzero((people.stage == Stage.VO) & taught & (people.entered < model.year))
    assert schools.teaches_track[people.school[here], people.track[here]].all()
    assert np.array_equal(people.region[here], schools.region[people.school[here]])
    third = here[np.isin(people.track[here], VOCATIONAL) & (people.grade[here] == 3)]
    assert np.isin(people.profile[third], (*VMBO_PROFILES, *range(11, 15))).all()
    students = people.stage == Stage.MBO
    assert (people.college[students] >= 0).all()
    assert ((people.level[students] >= 1) & (people.level[students] <= 4)).all()
    assert np.isfinite(people.added).all()


def teachers_balance(model: TechnicalEducation, before: int) -> int:
    staff = model.teachers
    now = int((staff.school != AWAY).sum())
    assert now == before + staff.inflow.sum() - staff.outflow.sum()
    teaching = staff.school[staff.school != AWAY]
    assert ((teaching >= 0) & (teaching < len(model.schools))).all()
    given = np.bincount(teaching, staff.fte[staff.school != AWAY], len(model.schools))
    assert given == pytest.approx(model.schools.fte)
    return now


def flows_balance(model: TechnicalEducation) -> None:
    results = model.results()
    for stage in GROUPS["stages"]:
        stock, came, went = (
            results[:, 0, COLUMN[outcome, stage]] for outcome in ("persons", "persons_in", "persons_out")
        )
        assert np.diff(stock) == pytest.approx(came[1:] - went[1:])
    for outcome in OUTCOMES.values():
        if outcome.unit == "share":
            values = results[:, :, [COLUMN[outcome.name, group] for group in outcome.groups]]
            known = values[np.isfinite(values)]
            assert ((known >= 0) & (known <= 1 + 1e-9)).all(), outcome.name


@few_runs
@given(several, st.integers(0, 50))
def test_schemes_without_money_do_nothing(of: dict[str, Scheme], draw: int) -> None:
    penniless = {name: scheme.model_copy(update={"budget": 0.0, "extra": {}}) for name, scheme in of.items()}
    assert np.array_equal(start(penniless, draw=draw).run(), start({}, draw=draw).run(), equal_nan=True)


@few_runs
@given(schemes(), st.floats(1.0, 10.0), st.integers(0, 50))
def test_more_money_never_means_less_work_in_its_first_year(scheme: Scheme, times: float, draw: int) -> None:
    """Later years also depend on what the work has led to."""
    scheme = scheme.model_copy(update=FROM_THE_START)
    more = scheme.model_copy(update={"budget": scheme.budget * times})
    work = []
    for one in (scheme, more):
        model = start({"one": one}, draw=draw)
        model.step()
        work.append(model.regions.spending.sum(axis=(1, 2)))
    assert (work[1] >= work[0] - 0.01).all()


@few_runs
@given(schemes(), st.integers(0, 50))
def test_a_second_scheme_never_helps_the_first_in_its_first_year(scheme: Scheme, draw: int) -> None:
    """They draw on one absorptive capacity: beside another scheme no more of a scheme's money becomes work."""
    first = scheme.model_copy(update={**FROM_THE_START, "line": "regional", "partners": ()})
    other = first.model_copy(update={"budget": 1e6, "programme": "NGF"})
    absorbed = []
    for of in ({"one": first}, {"one": first, "other": other}):
        model = start(of, draw=draw, parameters=ALONE)
        model.step()
        absorbed.append(model.ministry.running["one"].account.absorbed)
    assert (absorbed[1] <= absorbed[0]).all()


@few_runs
@given(st.sampled_from(sorted(Loops.model_fields)), several, st.integers(0, 50))
def test_what_is_switched_off_feeds_back_nothing(name: str, of: dict[str, Scheme], draw: int) -> None:
    """A loop that is off leaves at its place what it would have moved."""
    model = start(of, Loops(**{name: False}), draw)
    before = model.schools.open.copy()
    for _ in range(FIRST, LAST):
        model.step()
        if name == "offer":
            assert np.array_equal(model.schools.open, before)
        elif name == "tightness":
            assert np.array_equal(model.firms.relative_tightness(), np.ones((len(REGIONS), 5)))
            assert np.array_equal(model.regions.wage, np.ones(len(REGIONS)))
        elif name == "role_models":
            assert not model.schools.exposure()[2].any()


def test_the_small_country_has_all_it_takes() -> None:
    model = start({})
    assert len(model.regions) == len(REGIONS)
    assert model.schools.open[:, :TECHNICAL].any(axis=0).all()
    assert model.schools.teaches.any(axis=0).sum() == LEERWEGEN
    assert len(model.colleges) > 1


def test_a_higher_exit_hazard_never_raises_the_countrys_teachers_of_next_year() -> None:
    """In one region it can: who fills a small vacancy may bring more hours than it asks."""
    hours = []
    for more in (0.0, 0.01):
        central = draw_parameters(CENTRAL)
        hazards = ("teacher_market.starter_exit", "teacher_market.other_exit")
        scenario = Scenario(
            name="exits",
            title="More teachers leave",
            parameters={name: float(central.value(name)) + more for name in hazards},
        )
        model = TechnicalEducation(scenario, rng=1, fraction=0.005)
        model.step()
        hours.append(model.schools.fte.sum())
    assert hours[1] < hours[0]
