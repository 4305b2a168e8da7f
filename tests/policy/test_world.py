"""Rows 12 and 15: the labour market, and the world around the policy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from money_works import Run

from doorstroom.scenario import Context

Runs = Callable[..., Run]
BOOM = range(2027, 2031)


def test_row_12_a_boom_runs_through_the_labour_market(run: Runs, base: Run) -> None:
    boom = run("energy_boom")
    for outcome in ("tightness", "technical_vacancies", "technical_wage", "bbl_places", "technicians"):
        assert boom.at(outcome, BOOM) > base.at(outcome, BOOM), outcome
    assert boom.at("leakage_share", BOOM) < base.at("leakage_share", BOOM)
    assert boom.at("tightness", BOOM, "industrie") > base.at("tightness", BOOM, "industrie")
    later = range(2028, 2033)
    assert boom.at("mbo_technique_inflow", later) > base.at("mbo_technique_inflow", later)  # near the job it is felt


def test_row_12_teachers_go_to_industry_and_fewer_come_from_it(run: Runs, base: Run) -> None:
    boom = run("energy_boom")
    assert boom.at("teacher_outflow", BOOM, "to industry") > base.at("teacher_outflow", BOOM, "to industry")
    back = [sum(one.at("teacher_inflow", BOOM, way) for way in ("zij-instroom", "hybrid")) for one in (boom, base)]
    assert back[0] < back[1]


def test_row_15_a_recession_is_the_other_way_round(run: Runs, base: Run) -> None:
    slump, years = run("recession"), range(2027, 2030)
    for outcome in ("tightness", "technical_vacancies", "technical_wage", "bbl_places", "technicians"):
        assert slump.at(outcome, years) < base.at(outcome, years), outcome
    assert slump.at("leakage_share", years) > base.at("leakage_share", years)
    assert slump.at("teacher_outflow", years, "to industry") < base.at("teacher_outflow", years, "to industry")
    assert slump.at("tightness", 2025) == base.at("tightness", 2025)
    assert slump.at("technical_wage", years) > 0.85


def test_row_15_pupil_numbers_have_two_edges_around_the_same_people(run: Runs, base: Run) -> None:
    low, high = run("pupils_low"), run("pupils_high")
    for year, spread in ((2021, 0.0), (2030, 0.04), (2032, 0.052)):
        came = [one.at("persons_in", year, "vo") for one in (low, base, high)]
        assert came[0] / came[1] == pytest.approx(1 - spread, abs=0.006)
        assert came[2] / came[1] == pytest.approx(1 + spread, abs=0.006)
    assert low.at("vmbo_pupils", 2032) < base.at("vmbo_pupils", 2032) < high.at("vmbo_pupils", 2032)
    assert low.at("teacher_fte_needed", 2032) < high.at("teacher_fte_needed", 2032)
    both = slice(0, len(base.model.pupils.taste))
    come = low.model.pupils.stage[both] > 0
    assert np.array_equal(low.model.pupils.taste[both][come], base.model.pupils.taste[come])
    assert np.array_equal(high.model.pupils.taste[both], base.model.pupils.taste)


def test_row_15_better_pay_keeps_and_brings_teachers(run: Runs, base: Run) -> None:
    paid, years = run("teacher_pay"), range(2026, 2033)
    assert paid.at("teacher_outflow", years, "to industry") < base.at("teacher_outflow", years, "to industry")
    back = [sum(one.at("teacher_inflow", years, way) for way in ("zij-instroom", "hybrid")) for one in (paid, base)]
    assert back[0] > back[1]
    assert paid.at("unfilled_share", years) < base.at("unfilled_share", years)


def test_row_15_shocks_add_up_and_pay_lasts() -> None:
    context = Context(
        demand={"all": {2026: -0.03}, "bouw": {2026: -0.02, 2027: 0.01}}, teacher_pay={2026: 1.1, 2028: 1.05}
    )
    assert context.shock(2026) == pytest.approx([-0.05, -0.03, -0.03, -0.03, -0.03])
    assert context.shock(2027) == pytest.approx([0.01, 0, 0, 0, 0])
    assert [context.pay(year) for year in (2025, 2026, 2027, 2028, 2040)] == [1.0, 1.1, 1.1, 1.05, 1.05]
