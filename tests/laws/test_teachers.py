"""What an expert expects of the market for technique teachers, at its extremes and whatever the sampling fraction."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from doorstroom.agents.school import TECHNICAL
from doorstroom.agents.teachers import AWAY
from doorstroom.education import TechnicalEducation
from doorstroom.mechanisms import teacher_hours, teacher_market
from doorstroom.mechanisms.teacher_market import AGES_2019, AGES_ENTRY, CAUSES, ROUTES
from doorstroom.parameters import CENTRAL, draw_parameters
from doorstroom.scenario import Loops, Years, load_scenario
from doorstroom.terms import Teaching

EXITS = ("retire_60", "retire_65", "industry_exit", "starter_exit", "other_exit", "teaching_exit")
ENTRIES = ("training_yield", "side_entry_rate", "hybrid_rate", "instructor_rate", "teaching_entry", "cover_share")


class Year(NamedTuple):
    """FTE given, needed, missing and to spare, the last two per region; profiles on offer, teachers."""

    fte: float
    needed: float
    missing: np.ndarray
    spare: np.ndarray
    profiles: int
    persons: int


def look(model: TechnicalEducation) -> Year:
    schools, regions = model.schools, len(model.regions)
    missing = np.bincount(schools.region, np.maximum(schools.fte_needed - schools.fte, 0.0), regions)
    spare = np.bincount(schools.region, model.teachers.spare, regions)
    persons = int((model.teachers.school != AWAY).sum())
    return Year(
        schools.fte.sum(), schools.fte_needed.sum(), missing, spare, int(schools.open[:, :TECHNICAL].sum()), persons
    )


@lru_cache
def years(
    changed: tuple[tuple[str, float], ...] = (),
    times: float = 1.0,
    fraction: float = 0.05,
    draw: int = CENTRAL,
    last: int = 2040,
) -> list[Year]:
    """The years of a baseline with some parameters of the market changed and so many times the money."""
    base = load_scenario("baseline")
    schemes = {
        name: scheme.model_copy(update={"budget": _times(scheme.budget, times)})
        for name, scheme in base.schemes.items()
    }
    scenario = base.model_copy(
        update={
            "schemes": schemes,
            "parameters": {f"teacher_market.{name}": value for name, value in changed},
            "years": Years(last=last),
        }
    )
    model = TechnicalEducation(scenario, draw=draw, rng=1, fraction=fraction)
    found = [look(model)]
    while model.year < last:
        model.step()
        found.append(look(model))
    return found


def _times(budget: object, times: float) -> object:
    return {year: times * euro for year, euro in budget.items()} if hasattr(budget, "items") else times * budget


# ---------------------------------------------------------------- supply and demand meet


@pytest.mark.parametrize("draw", [0, 3, 11])
def test_hours_to_spare_and_hours_missing_in_one_region_are_below_two_percent(draw: int) -> None:
    for year in years(draw=draw):
        assert np.minimum(year.missing, year.spare).sum() < 0.02 * year.fte


def test_nobody_gives_lessons_that_no_group_asks() -> None:
    assert all(year.fte <= year.needed + 1e-9 for year in years())


def test_where_nobody_leaves_schools_stop_hiring_and_have_no_more_than_they_need() -> None:
    stay = years((*((name, 0.0) for name in EXITS), ("retirement_age", 80.0)), last=2030)
    base = years()
    hired = [after.persons - before.persons for before, after in pairwise(stay)]
    assert sum(hired[:4]) < 200  # what was missing in 2019
    for before, after in pairwise(stay[4:]):  # hours are taken on for lessons that are asked, and for nothing else
        assert after.fte - before.fte <= max(after.needed - before.needed, 0.0) + before.missing.sum() + 1e-9
    for year in stay[4:]:
        assert year.fte <= year.needed + 1e-9
        assert year.missing.sum() < 0.02 * year.needed
    assert stay[-1].missing.sum() < base[len(stay) - 1].missing.sum()


def test_where_nobody_enters_profiles_close_for_want_of_teachers() -> None:
    alone, base = years(tuple((name, 0.0) for name in ENTRIES)), years()
    assert alone[-1].persons < 0.3 * alone[0].persons
    assert alone[-1].profiles < 0.25 * base[-1].profiles
    for before, after in pairwise(alone):
        assert after.fte < before.fte
        assert after.missing.sum() < 0.65 * after.needed  # lessons don't stay on offer for nobody to give
    assert all(after.profiles < 0.7 * before.profiles for before, after in zip(alone[3:], alone[9:], strict=False))


def test_without_groups_a_region_soon_has_no_technique_teachers_and_asks_none() -> None:
    """The largest region loses its profiles: some move to schools nearby, the others teach something else or go."""
    base = load_scenario("baseline")
    scenario = base.model_copy(update={"loops": Loops(offer=False), "years": Years(last=2026)})
    model = TechnicalEducation(scenario, rng=1, fraction=0.05)
    schools, staff = model.schools, model.teachers
    region = int(np.argmax(np.bincount(schools.region, schools.fte)))
    there = schools.region == region
    for offered in (schools.open, schools.open_next):
        offered[there, :TECHNICAL] = False
    schools.group[there] = 0.0
    before, outflow, moved = schools.fte[there].sum(), np.zeros(len(CAUSES)), 0.0
    for _ in range(5):
        model.step()
        assert not staff.inflow[region].any()
        assert not staff.vacancies[there].any()
        outflow += staff.outflow[region]
        moved += staff.moved[region].sum() - staff.moved[region, region]
    assert before > 20
    assert schools.fte[there].sum() == 0
    assert moved > 0
    assert outflow[CAUSES.index("other subject")] > 0
    assert outflow[CAUSES.index("contract ended")] > 0


def test_ten_times_the_money_fills_lessons_and_makes_no_teachers_without_lessons() -> None:
    more, base = years(times=10.0), years()
    for rich, usual in zip(more[3:], base[3:], strict=True):
        assert rich.fte <= rich.needed + 1e-9
        assert rich.missing.sum() / rich.needed < usual.missing.sum() / usual.needed + 0.002
        assert rich.fte < 1.25 * usual.fte  # no more than there are lessons to give
    assert sum(year.missing.sum() for year in more) < sum(year.missing.sum() for year in base)


# ---------------------------------------------------------------- the fraction of the pupils


@pytest.mark.parametrize(("fraction", "noise"), [(0.05, 0.015), (0.1, 0.01)])
def test_a_sampled_fraction_gives_the_teachers_of_the_whole(fraction: float, noise: float) -> None:
    """Within three times the noise stated in docs/odd.md, and with as little bias over the years."""
    sample, whole = years(fraction=fraction), years(fraction=1.0)
    ratio = np.array([[a.fte / b.fte, a.needed / b.needed] for a, b in zip(sample, whole, strict=True)])
    assert np.abs(ratio - 1.0).max() < 3.2 * noise
    assert np.abs(ratio.mean(axis=0) - 1.0).max() < 1.6 * noise
    apart = np.array(
        [a.missing.sum() / a.needed - b.missing.sum() / b.needed for a, b in zip(sample, whole, strict=True)]
    )
    assert np.abs(apart).max() < 1.6 * noise, "a school that closes a year sooner moves staff for years"
    assert abs(apart.mean()) < 0.4 * noise, "but in no direction"
    for one, all_ in zip(sample, whole, strict=True):
        assert one.profiles == pytest.approx(all_.profiles, rel=5 * noise)


# ---------------------------------------------------------------- the same persons, counted once


def test_firms_gain_the_teachers_who_go_there_and_lose_those_who_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole persons come and go; of hybrid teachers firms miss the hours, as long as they teach."""
    model = TechnicalEducation("baseline", rng=1, fraction=0.02)
    staff, told = model.teachers, []
    monkeypatch.setattr(model.firms, "exchange", lambda *persons: told.append(persons))
    for _ in range(3):
        hybrid = (staff.kind == Teaching.HYBRIDE) & (staff.school != AWAY)
        model.step()
        to_teaching, from_teaching, lent = (part.sum() for part in told.pop())
        came = staff.inflow[:, [ROUTES.index("side_entry"), ROUTES.index("instructor")]].sum()
        left = staff.outflow[:, CAUSES.index("to industry")].sum()
        assert to_teaching - staff.others.from_firms.sum() == pytest.approx(came)
        assert left - hybrid.sum() <= round(from_teaching - staff.others.to_firms.sum(), 6) <= left
        hybrid = (staff.kind == Teaching.HYBRIDE) & (staff.school != AWAY)
        assert lent == pytest.approx(staff.fte[hybrid].sum())
        assert came > 0 < left


def test_moves_bring_hours_nearer_to_what_lessons_ask(
    move_all: Callable[..., tuple[np.ndarray, np.ndarray]],
) -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        school, usual = rng.integers(0, 6, 30), rng.uniform(0.2, 1.0, 30)
        needed, places = rng.uniform(0.0, 4.0, 6), rng.uniform(0, 30, (6, 2))
        before, after = move_all(school, usual, needed, places)
        wanted = np.bincount(school, usual, 6)
        gap = np.abs(wanted - needed).sum()
        assert np.abs(after - needed).sum() <= gap + 1e-9
        assert before.sum() == pytest.approx(after.sum())


@pytest.fixture
def move_all() -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """Hours per school before and after all who would move have been asked."""

    def moved(
        school: np.ndarray, usual: np.ndarray, needed: np.ndarray, places: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        low = np.bincount(school, usual, len(needed))
        staff = teacher_market.Staff(school.copy(), np.zeros(len(usual), np.int8), usual, usual, usual)
        spare, missing = np.maximum(low - needed, 0.0), np.maximum(needed - low, 0.0)
        everybody = np.arange(len(usual))
        went = teacher_hours.move_on(everybody, np.ones(len(usual), bool), spare, missing, places, staff, 20.0)
        for one in went:
            assert np.hypot(*(places[school[one]] - places[staff.school[one]])) <= 20.0
        return low, np.bincount(staff.school, usual, len(needed))

    return moved


# ---------------------------------------------------------------- ages


def test_ages_are_smooth_and_have_the_share_that_was_asked() -> None:
    p = draw_parameters(CENTRAL).take(teacher_market.TeacherMarket)
    u = (np.arange(100_000) + 0.5) / 100_000
    for old in (0.30, 0.37, 0.48):
        ages = teacher_market.ages(u, p.age_2019, AGES_2019, old)
        assert (ages >= 55.0).mean() == pytest.approx(old, abs=0.002)
        assert (np.diff(ages) > 0).all()
        per_year = np.bincount(ages.astype(int), minlength=68)[30:62]
        assert (np.abs(np.diff(per_year)) < 0.2 * per_year[:-1]).all()
    entering = teacher_market.ages(u, p.age_entry, AGES_ENTRY)
    assert 33 < entering.mean() < 41


def test_the_share_of_55_and_over_moves_no_faster_than_it_was_seen_to() -> None:
    """Among mbo teachers it rose from 31.9% to 38.9% and fell to 34.6% in two times five years."""
    model = TechnicalEducation("baseline", rng=1, fraction=0.02)
    shares = []
    for year in range(2019, 2041):
        here = model.teachers.school != AWAY
        shares.append((model.teachers.age[here] >= 55.0).mean())
        if year < 2040:
            model.step()
    assert np.abs(np.diff(shares)).max() < 0.025
    assert np.abs(np.array(shares[5:]) - shares[:-5]).max() < 0.08
    assert min(shares) > 0.22
