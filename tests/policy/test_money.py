"""Rows 1, 3, 4, 6, 7, 8 and 14: who gets the money, on which terms, when, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from money_works import FRACTION, Run, changed

from doorstroom.education import TechnicalEducation
from doorstroom.inputs.sets import load_inputs
from doorstroom.mechanisms import absorption, activities, firms, schemes, steering
from doorstroom.parameters import CENTRAL, draw_parameters
from doorstroom.scenario import Context, load_scenario
from doorstroom.terms import KINDS, TARGETS, Activity

Runs = Callable[..., Run]
take = draw_parameters(CENTRAL).take


# ---------------------------------------------------------------- 1. divisions


def test_row_1_money_goes_where_the_division_says(run: Runs, base: Run) -> None:
    """By need, the technique-poor fifth gets more of the same budget; its technique share gains on that of the rest."""
    poor, rest = "technique-poor fifth", "other regions"
    needy = run("sto_need_weighted")
    for year in (2025, 2028):
        assert needy.at("granted", year) == pytest.approx(base.at("granted", year), rel=0.01)
        assert needy.at("granted", year, poor) > 1.5 * base.at("granted", year, poor)

    def gap(one: Run) -> float:
        share = [one.at("technique_share_by_region_kind", range(2028, 2033), kind) for kind in (poor, rest)]
        return share[1] - share[0]

    assert gap(needy) < gap(base)


def test_row_1_money_follows_technique_pupils(run: Runs, base: Run) -> None:
    """What a region gains by the division of now goes with what its part of the technique pupils grew since 2019."""
    follows = run("sto_per_technique_pupil")
    pupils = np.mean([follows.by_region("vmbo_technique_pupils", year) for year in range(2024, 2028)], axis=0)
    then = {"technique_2019": base.model.regions.technique_2019, "pupils": np.ones(78), "technique": np.ones(78)}
    fixed = schemes.division("fixed_shares", then, np.ones(78, bool), take(schemes.Schemes))
    grown = pupils / pupils.sum() - fixed
    gained = follows.by_region("granted", 2028) - base.by_region("granted", 2028)
    assert np.corrcoef(grown, gained)[0, 1] > 0.7
    assert follows.at("granted", 2028) == pytest.approx(base.at("granted", 2028), rel=0.01)


def test_row_1_technique_poor_regions_have_a_budget_of_their_own(base: Run) -> None:
    ministry = base.model.ministry
    served = ministry.eligible(base.model.policy.schemes["sto_2025_poor"])
    assert served.sum() == 5
    assert (
        base.model.regions.technique_share_2019[served].max() <= base.model.regions.technique_share_2019[~served].min()
    )
    granted = ministry.running["sto_2025_poor"].account.granted
    assert (granted[served] > 0).all()
    assert (granted[~served] == 0).all()


def test_row_1_prices_eat_what_is_not_indexed(run: Runs, base: Run) -> None:
    indexed, p = run("sto_indexed"), take(schemes.Schemes)
    risen = schemes.price_level(2032, p) / schemes.price_level(2025, p)
    assert risen == pytest.approx(1.02**7)
    assert indexed.at("granted", 2025) == base.at("granted", 2025)
    sto = [one.at("granted", 2032, "STO") for one in (base, indexed)]
    assert sto[1] / sto[0] == pytest.approx(risen, rel=0.01)
    assert indexed.at("work_done", 2032) > 1.05 * base.at("work_done", 2032)
    assert base.at("work_done", 2032) < base.at("absorbed", 2032) / 1.2


def test_row_1_the_price_level_follows_what_was_measured_and_then_the_assumption() -> None:
    p = take(schemes.Schemes)._replace(price_rise=np.array([0.1, 0.2]), inflation=0.5)
    level = [schemes.price_level(year, p) for year in (2019, 2020, 2021, 2022, 2023)]
    assert level == pytest.approx([1.0, 1.1, 1.32, 1.98, 2.97])


# ---------------------------------------------------------------- 3. plans, promises, steering


def test_row_3_certainty_raises_capacity_and_short_plans_follow_need(run: Runs, base: Run) -> None:
    names = ("sto_yearly_plans", "baseline", "sto_one_plan")
    yearly, fixed = run(names[0]), run(names[2])
    assert base.model.policy.schemes["sto_2025"].committed(2025) == 3
    assert yearly.model.policy.schemes["sto_2025"].committed(2025) == 0
    assert yearly.at("absorptive_capacity", 2025) < base.at("absorptive_capacity", 2025)
    assert fixed.at("absorptive_capacity", 2025) == pytest.approx(base.at("absorptive_capacity", 2025), rel=1e-4)

    def lean(name: str) -> float:
        """How far the plans for staff of 2029, when all three plan anew, lie apart, as needs do."""
        model = TechnicalEducation(changed(load_scenario(name)), rng=1, fraction=FRACTION)
        while model.year < 2029:
            model.step()
        return float(model.ministry.running["sto_2025"].plan[:, Activity.TEACHERS].std())

    leans = [lean(name) for name in names]
    assert leans[0] > leans[1] > leans[2] > 0


def test_row_3_a_plan_for_longer_leans_less_and_nothing_promised_is_no_certainty() -> None:
    p, a = take(activities.Activities), take(absorption.Absorption)
    need = np.array([0.2])
    lean = [activities.foreseen(need, years, p)[0] for years in (1, 2, 4)]
    assert lean[0] == 0.2 > lean[1] > lean[2]
    assert absorption.certainty(np.zeros(1), a) == 1.0 < absorption.certainty(np.full(1, 4.0), a)


def test_row_3_strict_reviews_hold_money_back(run: Runs, base: Run) -> None:
    strict = run("strict_reviews")
    assert base.at("plans_reviewed", 2027) >= 78
    assert base.at("plans_conditioned", 2027) == 0 < strict.at("plans_conditioned", 2027)
    held = strict.at("grant_cut", 2027, "conditions of a review")
    assert held > 0
    assert strict.at("granted", 2027) == pytest.approx(base.at("granted", 2027) - held, rel=0.01)
    conditioned = strict.model.ministry.running["sto_2025"].conditioned
    plan = strict.model.ministry.running["sto_2025"].plan
    assert np.allclose(plan[conditioned], strict.model.policy.schemes["sto_2025"].plan())


# ---------------------------------------------------------------- 4. co-financing


def test_row_4_a_higher_norm_cuts_grants_and_brings_more(run: Runs, base: Run) -> None:
    short = "too little co-financing"
    first = run("cofinancing_10")
    assert first.at("grant_cut", range(2020, 2024), short) > 2 * base.at("grant_cut", range(2020, 2024), short)
    assert first.at("cofinanced", 2020) > base.at("cofinanced", 2020)
    more = run("cofinancing_15")
    assert more.at("grant_cut", 2026, short) > base.at("grant_cut", 2026, short)
    assert more.at("cofinanced", 2025) > base.at("cofinanced", 2025)
    assert more.at("absorbed", range(2026, 2033)) < base.at("absorbed", range(2026, 2033))


def test_row_4_effort_closes_part_of_the_gap_and_nothing_asked_is_nothing_brought() -> None:
    p = take(firms.Firms)._replace(cofinancing_effort=0.3)
    brought = np.array([0.05, 0.10, 0.13])
    assert firms.under_norm(brought, 0.10, p) == pytest.approx([0.065, 0.10, 0.13])
    assert (firms.under_norm(brought, 0.0, p) == 0).all()


def test_row_4_primary_schools_that_join_get_their_part(run: Runs, base: Run) -> None:
    without, po = run("sto_without_po"), TARGETS.index("po")
    spent = [one.model.regions.spending[:, :, po].sum() for one in (without, base)]
    assert spent[0] < spent[1]  # NGF reaches primary schools too
    assert without.at("absorbed", 2030, "po") < base.at("absorbed", 2030, "po")
    assert without.at("po_interest", 2030) < base.at("po_interest", 2030)
    assert base.at("absorbed", 2021, "po") > 0  # po could join in 2020-2024 too


# ---------------------------------------------------------------- 6. national line


def test_row_6_national_support_raises_capacity_and_quality_at_a_cost(run: Runs, base: Run) -> None:
    without = run("no_national_line")
    years = range(2025, 2033)
    assert base.at("absorptive_capacity", years) > without.at("absorptive_capacity", years)
    price = base.model.ministry.price_level
    worth = [price * one.model.regions.work.sum() / one.model.regions.spending.sum() for one in (base, without)]
    assert worth[0] > worth[1] > 1  # without it, NGF still steers on indicators
    cost = [base.at("national_line", year, "NGF") for year in range(2024, 2033)]
    assert sum(cost) == pytest.approx(16.8e6 * 351.6 / 145.8)
    assert without.at("national_line", years, "NGF") == 0


def test_row_6_the_support_team_works_since_2020(run: Runs, base: Run) -> None:
    without = run("no_support_team")
    assert base.at("national_line", 2020, "STO") > 0 == without.at("national_line", 2020, "STO")
    for year in (2020, 2023, 2030):
        assert base.at("absorptive_capacity", year) > without.at("absorptive_capacity", year)


def test_row_6_what_ran_in_2019_is_missed_when_it_ends(run: Runs, base: Run) -> None:
    """Jet-Net and TechNet of 2019 are in the choices of 2019: as long as they go on they change hardly anything."""
    ended = run("jetnet_ends")
    assert ended.at("cooperation", 2025) == base.at("cooperation", 2025)
    assert ended.at("cooperation", range(2027, 2033)) < base.at("cooperation", range(2027, 2033))


def test_row_6_a_company_network_builds_cooperation_and_takes_no_capacity(run: Runs, base: Run) -> None:
    network = run("company_network")
    assert network.at("national_line", 2026) - base.at("national_line", 2026) == pytest.approx(5e6)
    assert network.at("cooperation", 2032) > base.at("cooperation", 2032)
    assert network.at("absorbed", 2026) == pytest.approx(base.at("absorbed", 2026), rel=1e-3)


# ---------------------------------------------------------------- 7. NGF


def test_row_7_the_second_half_is_released_or_not(run: Runs, base: Run) -> None:
    half = run("ngf_first_half")
    unconditional = sum(
        half.at(name, year, "NGF") for name in ("granted", "national_line") for year in range(2024, 2033)
    )
    assert unconditional == pytest.approx(145.8e6, rel=1e-6)
    assert half.at("granted", 2027, "NGF") > 0 == half.at("granted", 2028, "NGF")
    assert half.at("n_profile_share", range(2030, 2033)) < base.at("n_profile_share", range(2030, 2033))


def test_row_7_a_review_decides(run: Runs, base: Run) -> None:
    """A norm that every score reaches is a release, one that none reaches is none, to the bit."""
    never, always = (run("ngf_by_review", steering__release_at=at) for at in (1.0, 0.0))
    assert always.model.ministry.decided == dict.fromkeys(("ngf_national", "ngf_regional_1", "ngf_regional_2"), True)
    assert np.array_equal(always.results, run("baseline", steering__release_at=0.0).results, equal_nan=True)
    assert np.array_equal(never.results, run("ngf_first_half", steering__release_at=1.0).results, equal_nan=True)


def test_row_7_the_mean_of_the_funded_decides() -> None:
    p = take(steering.Steering)._replace(release_at=0.5)
    scores, funded = np.array([0.9, 0.4, 0.0]), np.array([True, True, False])
    assert steering.released(scores, funded, p)
    assert not steering.released(scores, np.ones(3, bool), p)
    assert not steering.released(scores, np.zeros(3, bool), p)


def test_row_7_borging_goes_on_in_full_in_part_or_not() -> None:
    after = [
        sum(scheme.total(2035) for scheme in load_scenario(name).schemes.values() if scheme.programme == "NGF")
        for name in ("baseline", "ngf_half_borged", "ngf_borged")
    ]
    assert after[0] == 0
    assert after[1] == pytest.approx(after[2] / 2) == pytest.approx(41.16e6 / 2)


def test_row_7_indicators_make_the_same_money_do_more(run: Runs, base: Run) -> None:
    without = run("ngf_without_indicators")
    assert without.at("absorbed", 2025) == pytest.approx(base.at("absorbed", 2025), rel=1e-9)
    assert without.at("knowledge", 2028) < base.at("knowledge", 2028)
    assert without.model.regions.work.sum() < base.model.regions.work.sum()


def test_row_7_what_works_is_learned_with_luck_and_by_plans(base: Run) -> None:
    """Regions differ in what they know, it changes with the years, and a plan holds what was known when it was made."""
    ministry, knowledge = base.model.ministry, base.by_region("knowledge", 2030)
    assert knowledge.std() > 0.02
    assert base.at("knowledge", 2024) < base.at("knowledge", 2030)
    known = ministry.running["ngf_regional_2"].known
    assert (known != base.model.regions.knowledge).all()


def test_row_7_who_joins_gets_money_and_does_what_it_can(run: Runs, base: Run) -> None:
    only = run("ngf_schools_only")
    for outside in ("others", "hbo"):  # hbo, cultural and other organisations may apply, and then get their part
        assert only.at("absorbed", 2030, outside) == 0 < base.at("absorbed", 2030, outside)
    assert only.at("absorbed", 2026) < base.at("absorbed", 2026)  # nobody takes work off the hands of schools
    assert only.at("cooperation", 2032) < base.at("cooperation", 2032)


# ---------------------------------------------------------------- 8. absorption


def test_row_8_twice_the_money_is_less_than_twice_the_work_at_first(run: Runs, base: Run) -> None:
    double = run("sto_doubled")
    assert double.at("absorbed_share", 2025) < base.at("absorbed_share", 2025)
    extra = double.at("absorbed", 2025) - base.at("absorbed", 2025)
    assert 0 < extra < double.at("available", 2025) - base.at("available", 2025)
    assert double.at("carried_out", 2025) > base.at("carried_out", 2025)


def test_row_8_sto_and_ngf_compete_for_the_same_people(run: Runs, base: Run) -> None:
    apart = run("separate_people")
    assert apart.at("absorbed", 2024) == base.at("absorbed", 2024)
    assert apart.at("absorbed", 2025) > 1.01 * base.at("absorbed", 2025)


def test_row_8_a_gap_loses_people_and_experience_though_ngf_runs_on(run: Runs, base: Run) -> None:
    gap = run("sto_gap_year")
    assert gap.at("experience", 2028) == base.at("experience", 2028)
    assert gap.at("experience", 2029) < base.at("experience", 2028)
    assert gap.at("absorptive_capacity", 2030) < base.at("absorptive_capacity", 2030)


def test_row_8_what_shrinks_loses_in_proportion() -> None:
    p = take(absorption.Absorption)._replace(gap_loss=0.4)
    e, before = np.full(4, 10.0), np.full(4, 1e6)
    left = absorption.after_a_fall(e, np.array([2e6, 1e6, 5e5, 0.0]), before, p)
    assert left == pytest.approx([10.0, 10.0, 8.0, 10.0])  # a full stop is told by next_experience
    stopped = absorption.next_experience(left, np.array([1.0, 1.0, 1.0, 0.0]), np.zeros(4), p)
    assert stopped == pytest.approx([11.0, 11.0, 9.0, 6.0])


def test_row_8_kept_money_can_be_spent_until_its_date(base: Run) -> None:
    assert base.at("carried_out", 2023) > 0
    books = base.model.policy.schemes["sto_2020"]
    assert [books.keeps(year) for year in (2022, 2023, 2024)] == [True, True, False]


def test_row_8_nothing_is_carried_over_beyond_its_regulation(base: Run) -> None:
    """Ten times the money too is settled at the end: no amount is older than the regulation it was paid under."""
    ten = dict.fromkeys(("sto_2020", "sto_2024", "sto_2025", "sto_2025_poor"), 10.0)
    scenario = changed(load_scenario("baseline"), last=2036)
    schemes_of = {
        name: scheme.model_copy(update={"budget": ten.get(name, 1.0) * scheme.budget}) if name in ten else scheme
        for name, scheme in scenario.schemes.items()
    }
    model = TechnicalEducation(scenario.model_copy(update={"schemes": schemes_of}), rng=1, fraction=0.005)
    born: dict[str, int] = {}
    while model.year < 2036:
        model.step()
        for name, state in model.ministry.running.items():
            if not state.account.carried_in.any():
                born[name] = model.year
            settles = state.scheme.settles(born[name])
            assert model.year <= settles or not state.account.carried_in.any(), (name, model.year)
            given = state.account.granted + state.account.cofinanced
            assert (state.account.carried_out <= np.where(given > 0, given, state.reserve)).all()
    assert base.at("carried_out", 2024) == 0
    assert base.at("returned", 2024) > 1e6


def test_row_8_schools_new_to_it_are_at_their_capacity(base: Run) -> None:
    """With NGF beside STO, some kind of participant is asked for more than it can in at least a fifth of regions."""
    model = TechnicalEducation("baseline", rng=1, fraction=FRACTION)
    while model.year < 2026:
        model.step()
    assert model.outcome("regions_at_capacity") >= 78 / 5
    assert model.outcome("regions_at_capacity", "havo_vwo") > model.outcome("regions_at_capacity", "vmbo")


def test_row_8_basic_skills_shortage_and_outside_places_move_what_schools_can(until: Callable[..., Any]) -> None:
    base, schools = until(2025), [KINDS.index(name) for name in ("vmbo", "havo_vwo", "po")]
    for key, share in (("basic_skills", 0.2), ("teacher_shortage", 0.1)):
        context = Context(**{key: {2025: share}})
        model = TechnicalEducation(
            changed(load_scenario("baseline")).model_copy(update={"context": context}), rng=1, fraction=FRACTION
        )
        while model.year < 2025:
            model.step()
        usual = base.regions.capacity[:, schools]
        assert (model.regions.capacity[:, schools][usual > 0] < usual[usual > 0]).all()
        other = [KINDS.index(name) for name in ("mbo", "outside school")]
        assert model.regions.capacity[:, other] == pytest.approx(base.regions.capacity[:, other], rel=1e-9)


# ---------------------------------------------------------------- stated is spent


def test_the_stated_split_is_the_split_that_is_spent(base: Run, until: Callable[..., Any]) -> None:
    """Prescribed, in every region and draw; of own plans, together and at the centre."""
    split = {"orientation": 0.14, "equipment": 0.26, "programmes": 0.20, "teachers": 0.20, "inclusion": 0.06}
    split |= {"sustainability": 0.06, "coordination": 0.08}
    alone = (
        load_scenario("baseline").schemes["sto_2025"].model_copy(update={"split": "prescribed", "activities": split})
    )
    for draw in (0, 7):
        scenario = load_scenario("baseline").model_copy(update={"schemes": {"sto_2025": alone}})
        model = TechnicalEducation(scenario, draw=draw, rng=1, fraction=0.005)
        while model.year < 2027:
            model.step()
        spent = model.regions.spending.sum(axis=2)[model.regions.capacity[:, KINDS.index("vmbo")] > 0]
        share = spent / spent.sum(axis=1, keepdims=True)
        assert len(share) > 70  # a small sample of the people has none in the smallest regions
        assert share == pytest.approx(np.tile(alone.plan(), (len(share), 1)), abs=1e-9)
    model = until(2023)
    spent = model.regions.spending.sum(axis=(0, 2))
    assert spent / spent.sum() == pytest.approx(model.policy.schemes["sto_2020"].plan(), abs=0.005)
    assert base.at("absorbed", 2023, "teachers") == pytest.approx(0.20 * base.at("absorbed", 2023), rel=0.02)


def test_the_split_of_own_plans_is_uncertain(until: Callable[..., Any]) -> None:
    shares = []
    for draw in (1, 2):
        model = TechnicalEducation("baseline", draw=draw, rng=1, fraction=0.005)
        while model.year < 2021:
            model.step()
        spent = model.regions.spending.sum(axis=(0, 2))
        shares.append(spent / spent.sum())
    assert abs(shares[0] - shares[1]).max() > 0.01


# ---------------------------------------------------------------- applications and amounts


def first_year(**rules: object) -> TechnicalEducation:
    """The first year of STO with other rules, nothing else paid, and nobody late."""
    scheme = load_scenario("baseline").schemes["sto_2020"].model_copy(update=rules)
    scenario = load_scenario("baseline").model_copy(
        update={"schemes": {"sto": scheme}, "parameters": {"steering.late_share": 0.0}}
    )
    model = TechnicalEducation(scenario, rng=1, fraction=0.005)
    model.step()
    return model


def test_an_application_without_mbo_or_firms_is_refused() -> None:
    no_mbo = {"participants": ("vmbo", "firms"), "carriers": {}}
    assert first_year().outcome("granted") > 9e7
    assert first_year(**no_mbo).outcome("granted") == 0
    assert first_year(**no_mbo).outcome("grant_cut", "application refused") == pytest.approx(1e8)
    assert first_year(**no_mbo, partners=()).outcome("granted") > 9e7
    far = changed(load_scenario("baseline"), steering__mbo_km=1.0)
    model = TechnicalEducation(far, rng=1, fraction=0.005)
    model.step()
    refused = model.ministry.running["sto_2020"].refused > 0
    assert refused.any()
    strict = changed(load_scenario("baseline"), steering__least_brought=1.0, steering__late_share=0.0)
    model = TechnicalEducation(strict, rng=1, fraction=0.005)
    model.step()
    assert model.outcome("grant_cut", "application refused") > 0


def test_some_regions_are_late_at_the_start_and_apply_again() -> None:
    model = TechnicalEducation("baseline", rng=1, fraction=0.005)
    model.step()
    late = model.ministry.running["sto_2020"].refused > 0
    assert 1 <= late.sum() <= 20
    model.step()
    assert not model.ministry.running["sto_2020"].refused.any()


def test_a_part_granted_an_amount_for_one_region_and_a_norm_that_rises() -> None:
    usual = first_year()
    row = usual.region_row("Twente") if "Twente" in usual.inputs.regions["name"].tolist() else 0
    name = usual.regions[row].code
    assert first_year(granted={2020: 0.5}).outcome("granted") == pytest.approx(usual.outcome("granted") / 2)
    model = first_year(amounts={name: 3_000_000.0}, cofinancing=0.0)
    granted = model.ministry.running["sto"].account.granted / 100.0
    assert granted[row] == pytest.approx(3e6)
    assert granted.sum() == pytest.approx(1e8)
    for norm in (0.05, 0.2):
        rising = first_year(cofinancing={2020: norm, 2022: 0.3})
        assert rising.outcome("cofinanced") == pytest.approx(first_year(cofinancing=norm).outcome("cofinanced"))


def test_the_division_meets_what_is_published(base: Run) -> None:
    """Of 400 million over four years the smallest region told of 1.4, the largest of 19; up to 22 says SEO."""
    four = 400e6 * schemes.division(
        "fixed_shares",
        {"technique_2019": base.model.regions.technique_2019, "pupils": np.ones(78), "technique": np.ones(78)},
        np.ones(78, bool),
        take(schemes.Schemes),
    )
    assert four.min() >= 1.38e6
    assert four.max() <= 22.1e6


def test_schools_divide_by_an_agreement_of_their_own(run: Runs) -> None:
    own, by_pupils = first_year(), first_year(within="by_pupils")
    vocational = own.schools.vocational_2019 > 0
    got = [one.schools.money_per_pupil[vocational] for one in (own, by_pupils)]
    assert np.abs(got[0] / np.maximum(got[1], 1e-9) - 1.0).max() > 0.1
    assert (got[0] >= own.regions.act.approved_part * got[1] * 0.999).all()


def test_an_advised_second_plan_makes_more_of_the_same_money(run: Runs, base: Run) -> None:
    """What the review of 2027 taught is in the second plan; a single plan holds what was known in 2025."""
    one = run("sto_one_plan")
    for year in (2025, 2026):
        assert one.at("work_done", year) == pytest.approx(base.at("work_done", year), rel=1e-3)
    assert base.at("work_done", 2028) > 1.002 * one.at("work_done", 2028)


def test_the_condition_on_half_of_ngf_can_fail() -> None:
    """In some draws the review of NGF's first half releases the second, in others it doesn't."""
    released = []
    for draw in range(1, 13):
        model = TechnicalEducation(load_scenario("ngf_by_review"), draw=draw, rng=draw, fraction=0.002)
        while model.year < 2027:
            model.step()
        released.append(model.ministry.decided["ngf_regional_2"])
    assert True in released
    assert False in released


def test_what_ngf_does_in_primary_school_is_counted(run: Runs, base: Run) -> None:
    without = run("no_ngf")
    for outcome in ("po_reach", "po_skill", "po_interest"):
        assert base.at(outcome, 2028) > without.at(outcome, 2028)
    assert 0 < base.at("po_reach", 2028) < 1


def test_a_curriculum_gives_what_a_scheme_need_not(until: Callable[..., Any]) -> None:
    scenario = changed(load_scenario("baseline")).model_copy(update={"context": Context(curriculum={2024: 30.0})})
    model = TechnicalEducation(scenario, rng=1, fraction=FRACTION)
    while model.year < 2024:
        model.step()
    usual = until(2024)
    assert model.outcome("po_interest") > usual.outcome("po_interest")
    assert model.schools.exposure()[0].mean() > usual.schools.exposure()[0].mean()


def test_demand_in_one_region_moves_that_region() -> None:
    region = load_inputs().regions["name"].iloc[30]
    context = Context(demand_in={region: {"all": {2020: 0.1}}})
    plain, more = (
        TechnicalEducation(load_scenario("baseline").model_copy(update={"context": one}), rng=1, fraction=0.005)
        for one in (Context(), context)
    )
    plain.step()
    more.step()
    demand = [one.firms.demand.reshape(one.firms.shape).sum(axis=(1, 2)) for one in (plain, more)]
    row = plain.region_row(region)
    assert demand[1][row] == pytest.approx(1.1 * demand[0][row], rel=0.01)
    assert np.array_equal(np.delete(demand[0], row), np.delete(demand[1], row))


# ---------------------------------------------------------------- 14. timing


def test_row_14_a_decision_that_slips_takes_everything_with_it(run: Runs, base: Run) -> None:
    late = run("sto_late")
    assert late.at("granted", 2025, "STO") == 0 < base.at("granted", 2025, "STO")
    assert late.at("granted", 2026, "STO") == pytest.approx(base.at("granted", 2025, "STO"), rel=0.06)
    assert late.at("experience", 2025) < base.at("experience", 2025)
    now, then = (load_scenario(name).schemes["sto_2025"] for name in ("baseline", "sto_late"))
    for year in range(2024, 2042):
        assert then.paid(year + 1) == now.paid(year)
        assert then.reviewed(year + 1) == now.reviewed(year)
        assert then.starts_plan(year + 1) == now.starts_plan(year)
        assert then.committed(year + 1) == now.committed(year)
        assert then.known_in_time(year + 1) == now.known_in_time(year)


def test_row_14_ngf_a_year_later_pays_the_same_a_year_later(run: Runs, base: Run) -> None:
    late = run("ngf_late")
    for year in range(2024, 2032):
        for name in ("granted", "national_line"):
            assert late.at(name, year + 1, "NGF") == pytest.approx(
                base.at(name, year, "NGF"), rel=1e-3
            )  # reviews differ
    assert late.at("granted", 2025, "NGF") == 0
