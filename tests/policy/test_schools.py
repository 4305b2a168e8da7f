"""Rows 2, 5, 9, 10, 11 and 13: what money reaches in schools, whom it moves, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from money_works import Run

from doorstroom.education import TechnicalEducation
from doorstroom.mechanisms import activities
from doorstroom.parameters import CENTRAL, draw_parameters
from doorstroom.scenario import Scheme
from doorstroom.terms import Sex, Stage, Track

Runs = Callable[..., Run]
LATER = range(2028, 2033)
take = draw_parameters(CENTRAL).take


# ---------------------------------------------------------------- 2. scope


def test_row_2_hard_technique_money_goes_where_technique_is(run: Runs, base: Run) -> None:
    """Locations without a technical profile get nothing of it, those with much technique get more."""
    narrow = run("sto_hard_technique")
    schools = base.model.schools
    technique, pupils = schools.group.sum(axis=1), schools.vocational_2019
    in_region = [np.bincount(schools.region, values)[schools.region] for values in (technique, pupils)]
    vocational = (pupils > 0) & (in_region[0] > 0)
    against_region = technique[vocational] / in_region[0][vocational] / (pupils / in_region[1])[vocational]
    gained = (narrow.model.schools.capital[:, 0] - base.model.schools.capital[:, 0])[vocational]
    assert (gained[against_region < 0.3] < 0).mean() > 0.95
    assert np.corrcoef(against_region, gained)[0, 1] > 0.7


def test_row_2_broad_cooperation_counts_for_dp(run: Runs, base: Run) -> None:
    narrow = run("sto_hard_technique")
    technical, everybody = "technical profiles", "all profiles of vmbo"
    # what ran in 2019 already is worth a little less every year
    assert -0.01 < base.at("cooperation", range(2020, 2025), everybody) <= 0 < base.at("cooperation", 2024, technical)
    assert narrow.at("cooperation", 2032, technical) == pytest.approx(base.at("cooperation", 2032, technical), rel=0.01)
    assert narrow.at("cooperation", 2032, everybody) < 0.2 * base.at("cooperation", 2032, everybody)
    assert narrow.at("mbo_technique_inflow", LATER) < base.at("mbo_technique_inflow", LATER)


def test_row_2_the_money_of_a_region_is_all_reached() -> None:
    """Whatever its scope, euro per pupil times pupils is the money of the region."""
    pupils, technique = np.array([100.0, 300.0, 600.0, 50.0]), np.array([50.0, 0.0, 100.0, 10.0])
    region = np.array([0, 0, 0, 1])
    parts = [values / np.bincount(region, values)[region] for values in (technique, pupils)]
    euro = np.array([1e6, 2e5])
    for part in parts:
        for lasting in (np.array([-3.0, 1.0]), np.zeros(2)):
            agreed = activities.agreed(part, lasting, region, take(activities.Activities))
            reached = activities.reach(euro, np.bincount(region, pupils), agreed, parts[1], region)
            assert np.bincount(region, reached * pupils) == pytest.approx(euro)
            assert (reached[1] == 0) == (part is parts[0])


# ---------------------------------------------------------------- 5. themes


THEMES = {"inclusion": {"interest"}, "sustainability": {"interest"}, "teachers": {"teachers"}}


@pytest.mark.parametrize("theme", THEMES)
def test_row_5_a_theme_moves_what_it_names_and_nothing_else(
    until: Callable[..., TechnicalEducation], theme: str
) -> None:
    """In its first year a scheme for one theme, with people of its own, changes only what the theme is about."""
    added = Scheme(
        title=theme,
        programme="other",
        line="national",
        first_year=2024,
        last_year=2024,
        budget=50_000_000,
        participants=("vmbo",),
        activities={theme: 1.0},
    )
    plain, more = until(2024), until(2024, added)
    looks = {
        "interest": lambda model: model.pupils.added,
        "teachers": lambda model: np.concatenate([model.teachers.inflow.ravel(), model.teachers.outflow.ravel()]),
        "capital": lambda model: model.schools.capital,
        "connection": lambda model: model.regions.connection,
        "capacity": lambda model: model.regions.capacity,
        "experience": lambda model: model.regions.experience,
        "firms": lambda model: model.firms.demand,
    }
    moved = {name for name, look in looks.items() if not np.array_equal(look(plain), look(more))}
    assert moved == THEMES[theme]
    if theme == "inclusion":
        people = plain.pupils
        changed = people.added != more.pupils.added
        meant = (people.sex == Sex.VROUW) | (people.background == 1)
        lower = (people.stage == Stage.VO) & np.isin(people.track, (Track.LOWER, Track.HAVO_VWO_3))
        assert changed[meant & lower & (people.entered < 2024)].mean() > 0.99
        assert not changed[~meant].any()


@pytest.mark.parametrize(
    ("scenario", "activity", "outcome", "group", "sign"),
    [
        ("theme_girls", "inclusion", "vmbo_technique_share", "vrouw", 1),
        ("theme_sustainability", "sustainability", "absorbed", "sustainability", 1),
        ("theme_teachers", "teachers", "unfilled_share", "total", -1),
    ],
)
def test_row_5_more_for_a_theme_shows_in_it(
    run: Runs, base: Run, scenario: str, activity: str, outcome: str, group: str, sign: int
) -> None:
    more = run(scenario)
    assert more.at("absorbed", 2028, activity) > 1.2 * base.at("absorbed", 2028, activity)
    assert more.at("absorbed", 2028) == pytest.approx(base.at("absorbed", 2028), rel=0.01)
    assert sign * more.at(outcome, LATER, group) > sign * base.at(outcome, LATER, group)


# ---------------------------------------------------------------- 9. teachers


ROUTES = ("teacher training", "zij-instroom", "hybrid")


def test_row_9_money_known_late_is_used_late(run: Runs, base: Run) -> None:
    late = run("sto_known_late")

    def came(one: Run, year: int) -> float:
        return sum(one.at("teacher_inflow", year, route) for route in ROUTES)

    assert late.at("granted", 2025) == pytest.approx(base.at("granted", 2025))
    assert came(late, 2024) == came(base, 2024)
    assert came(late, 2025) < came(base, 2025)
    assert late.at("unfilled_share", 2025) >= base.at("unfilled_share", 2025)


def test_row_9_without_a_date_a_first_year_counts_as_late(base: Run) -> None:
    schemes = base.model.policy.schemes
    assert schemes["sto_2020"].known_in_time(2020)
    assert not schemes["ngf_regional_1"].known_in_time(2025)
    assert schemes["ngf_regional_1"].known_in_time(2026)
    assert schemes["ngf_regional_2"].known_in_time(2030) is None


def test_row_9_money_for_staff_brings_teachers_and_fills_lessons(run: Runs, base: Run) -> None:
    without = run("no_sto")
    assert without.at("teacher_fte", LATER) < base.at("teacher_fte", LATER)
    assert without.at("unfilled_share", LATER) > base.at("unfilled_share", LATER)
    for cause in ("to industry", "other"):
        leaves = [one.at("teacher_outflow", LATER, cause) / one.at("teachers", LATER) for one in (without, base)]
        assert leaves[0] > leaves[1]


# ---------------------------------------------------------------- 10. offer


def test_row_10_thin_profiles_close_money_and_agreements_keep_them(run: Runs, base: Run) -> None:
    without, covered = run("no_sto"), run("covering_offer")
    assert without.at("profile_locations", 2032) < base.at("profile_locations", 2032)
    assert without.at("profile_closures", range(2020, 2033)) > base.at("profile_closures", range(2020, 2033))
    assert without.at("near_technique_share", LATER) < base.at("near_technique_share", LATER)
    assert covered.at("profile_locations", 2032) > base.at("profile_locations", 2032)
    assert covered.at("near_technique_share", LATER) >= base.at("near_technique_share", LATER)


def test_row_10_an_agreement_keeps_the_last_location_of_a_region(run: Runs, base: Run) -> None:
    def pairs(one: Run) -> int:
        schools = one.model.schools
        offered = np.zeros((78, 5), bool)
        np.logical_or.at(offered, schools.region, schools.open[:, :5])
        return int(offered.sum())

    assert pairs(run("covering_offer")) > pairs(base)


# ---------------------------------------------------------------- 11. connection


def test_row_11_connection_grows_fades_and_is_used(run: Runs, base: Run) -> None:
    without = run("sto_without_cooperation")
    assert base.at("cooperation", 2020) < base.at("cooperation", 2024) < base.at("cooperation", 2032)
    assert without.at("cooperation", 2032) < 0.5 * without.at("cooperation", 2024)
    years = range(2029, 2033)
    assert without.at("mbo_technique_inflow", years) < base.at("mbo_technique_inflow", years)
    assert without.at("bbl_places", years) < base.at("bbl_places", years)
    brought = [one.at("cofinanced", years) / one.at("granted", years) for one in (without, base)]
    assert brought[0] < brought[1]


# ---------------------------------------------------------------- 13. outside the vocational vmbo


def test_row_13_ngf_moves_n_profiles_and_tl(run: Runs, base: Run) -> None:
    without = run("no_ngf")
    for outcome in ("n_profile_share", "tl_technique_share"):
        before = range(2020, 2024)  # in 2024 the national line begins
        assert without.at(outcome, before) == base.at(outcome, before)
        assert without.at(outcome, LATER) < base.at(outcome, LATER)
    assert (without.model.schools.capital[:, 1] < base.model.schools.capital[:, 1]).all()
