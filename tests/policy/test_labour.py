"""Firms and the labour market: levels that were counted, and what demand without growth, a boom and a slump do."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from doorstroom.education import TechnicalEducation
from doorstroom.outcomes import COLUMN, TOTAL
from doorstroom.scenario import Context, Scenario, Years, load_scenario

OBSERVED = range(2019, 2025)
SEEDS = range(1, 9)
FRACTION = 0.01


def lasting(last: int, **changes: object) -> Scenario:
    return load_scenario("baseline").model_copy(update={"years": Years(last=last), **changes})


class Country:
    """A finished run, its outcomes for the country by year."""

    def __init__(self, scenario: Scenario, *, draw: int = 0, seed: int = 1, fraction: float = FRACTION) -> None:
        self.model = TechnicalEducation(scenario, draw=draw, rng=seed, fraction=fraction)
        self.results = self.model.run()

    def at(self, outcome: str, year: int, group: str = TOTAL) -> float:
        return float(self.results[year - 2019, 0, COLUMN[outcome, group]])

    def over(self, outcome: str, years: range, group: str = TOTAL) -> float:
        return float(np.mean([self.at(outcome, year, group) for year in years]))


@lru_cache
def demand(growth: float | None, first: int = 2020, last: int = 2029) -> Country:
    """The country to 2030 where demand grows by so much a year in some years; None is the baseline, nothing the end."""
    table = {} if growth is None else {"all": dict.fromkeys(range(first, last + 1), growth)}
    return Country(lasting(2030, context=Context(demand=table)))


@pytest.fixture(scope="module")
def draws() -> list[Country]:
    return [Country(lasting(2024), draw=seed, seed=seed) for seed in SEEDS]


def test_vacancies_of_observed_years_lie_around_what_was_counted(draws: list[Country]) -> None:
    central = draws[0].model.parameters.entries["firms.vacancies_observed"].value
    for year, vacancies in zip(OBSERVED, central, strict=False):
        found = [one.at("technical_vacancies", year) for one in draws]
        assert min(found) < vacancies < max(found), year
        assert np.mean(found) == pytest.approx(vacancies, rel=0.12), year


def test_tightness_fell_in_2020_and_stood_far_above_2019_from_2021_to_2024(draws: list[Country]) -> None:
    """Technical vacancies (UWV, CBS) over the unemployed of the country (CBS, first releases on one footing)."""
    against = np.array([[one.at("tightness", year) / one.at("tightness", 2019) for year in OBSERVED] for one in draws])
    for at, index in enumerate((0.58, 1.27, 1.53, 1.53, 1.43), start=1):
        assert against[:, at].min() / 1.12 < index < against[:, at].max() * 1.12, 2019 + at


def test_demand_is_the_same_whatever_schemes_do_to_supply() -> None:
    two = [TechnicalEducation(name, rng=1, fraction=FRACTION) for name in ("baseline", "no_sto")]
    first, second = (model.firms.market for model in two)
    for year in range(2020, 2032):
        assert np.array_equal(first.growth(year), second.growth(year)), year


def test_what_was_counted_later_is_unknown_where_only_2019_is_known() -> None:
    known = Country(lasting(2024, fit="known_2019"))
    assert known.model.firms.market.observed == {}
    assert known.at("technical_vacancies", 2022) != demand(None).at("technical_vacancies", 2022)


def test_every_region_has_technical_graduates_from_the_first_year_on() -> None:
    """Of everybody: none without, and between two and eight per thousand technicians' worth of inhabitants."""
    model = Country(lasting(2020), fraction=1.0).model
    graduates = model.pupils.counted.graduates.sum(axis=1)
    assert graduates.min() > 0
    against = graduates / graduates.sum() / (model.country.people / model.country.people.sum())
    assert np.quantile(against, [0.0, 1.0]) == pytest.approx([1.0, 1.0], abs=0.5)


def test_where_demand_stands_still_those_who_leave_are_replaced() -> None:
    """No growth for ten years, cycle and observed years apart: as many are hired as retire or lose the job."""
    parameters = {"firms.growth": 0.0, "firms.cycle_spread": 0.0}
    run = Country(lasting(2030, fit="known_2019", parameters=parameters))
    years = range(2021, 2031)
    hired, here = run.over("technical_hires", years), run.over("technicians", years)
    assert hired == pytest.approx(0.06 * here, rel=0.1)
    assert run.at("technicians", 2030) == pytest.approx(720_000, rel=0.04)
    assert run.over("technical_hires", years, "graduates") > 0.25 * hired


def test_where_nobody_is_wanted_nobody_is_hired_or_trained_and_technique_in_mbo_shrinks() -> None:
    gone, base, years = demand(-0.5), demand(None), range(2026, 2031)
    assert gone.over("technical_hires", years) == 0.0
    assert gone.at("technicians", 2030) < 0.15 * base.at("technicians", 2030)
    assert gone.over("tightness", years) == 0.0
    assert gone.over("leakage_share", years) == 1.0
    assert gone.over("mbo_technique_inflow", years, "bbl") < 0.15 * base.over("mbo_technique_inflow", years, "bbl")
    assert gone.over("bbl_turned_away", range(2021, 2026)) > base.over("bbl_turned_away", range(2021, 2026))
    fall = gone.over("mbo_technique_inflow", years) / base.over("mbo_technique_inflow", years)
    assert 0.6 < fall < 0.9


def test_a_slump_as_deep_as_after_2008_costs_two_fifths_of_work_based_entrants() -> None:
    """Bbl fell from 165,000 to 95,000 in 2009-2015, building from 14 to 11% of mbo (CBS, Techniekpact)."""
    slump, base, years = demand(-0.05, 2026, 2029), demand(None), range(2028, 2031)
    assert (
        0.5 < slump.over("mbo_technique_inflow", years, "bbl") / base.over("mbo_technique_inflow", years, "bbl") < 0.9
    )
    assert 0.8 < slump.over("mbo_technique_inflow", years) / base.over("mbo_technique_inflow", years) < 0.97
    assert slump.at("technicians", 2030) < base.at("technicians", 2030)
    assert slump.at("technical_wage", 2029) < base.at("technical_wage", 2029)
    assert slump.over("technical_hires", years, "elsewhere") < base.over("technical_hires", years, "elsewhere")


def test_a_boom_tightens_the_market_and_elsewhere_has_an_end() -> None:
    boom, base, years = demand(0.03, 2026, 2029), demand(None), range(2027, 2031)
    for outcome in ("technical_vacancies", "tightness", "technical_wage", "bbl_places", "technicians"):
        assert boom.over(outcome, years) > base.over(outcome, years), outcome
    assert boom.over("leakage_share", years) < base.over("leakage_share", years)
    most = 0.022 * 720_000 * 1.5
    assert (
        base.over("technical_hires", years, "elsewhere") < boom.over("technical_hires", years, "elsewhere") <= most + 1
    )


def test_with_fewer_graduates_there_are_in_time_fewer_technicians() -> None:
    """Who comes from elsewhere makes up for a part only: of those lost over ten years two thirds are missed."""
    fewer = Country(lasting(2030, parameters={"first_job.leak": 1.6}))
    base, years = demand(None), range(2020, 2031)
    lost = sum(base.at("technical_entrants", year) - fewer.at("technical_entrants", year) for year in years)
    missing = base.at("technicians", 2030) - fewer.at("technicians", 2030)
    assert lost > 30_000
    assert 0.6 * lost < missing < lost


def test_technicians_change_by_who_comes_and_goes() -> None:
    model = TechnicalEducation(lasting(2024), rng=1, fraction=FRACTION)
    p = model.firms.p
    for _ in range(4):
        employed = model.firms.employed.copy()
        model.step()
        gone = ((p.retire + model.firms.separation) * employed + model.firms.dismissed).sum()
        went = model.firms.to_teaching.sum()
        assert model.firms.employed.sum() == pytest.approx(employed.sum() - gone - went + model.firms.hired.sum())


def test_persons_who_change_between_firms_and_schools_are_counted_once() -> None:
    """Ten technicians of every region go to teach, six teachers come: openings and employment move by just that."""
    two = [TechnicalEducation(lasting(2024), rng=1, fraction=FRACTION) for _ in range(2)]
    ten = np.full(78, 10.0)
    for model in two:
        model.year += 1
        model.firms.plan()
    free, traded = (model.firms for model in two)
    openings = free.openings.sum()
    traded.exchange(ten, 0.6 * ten, 0.2 * ten)
    assert traded.openings.sum() == pytest.approx(openings + 12 * 78)  # ten gone, the hours of hybrid ones missing
    for one in (free, traded):
        one.hire(np.zeros((78, 5)))
    assert traded.hired[:, 3] == pytest.approx(0.6 * ten)
    stayed = traded.employed.sum() - traded.hired.sum()
    assert stayed == pytest.approx(free.employed.sum() - free.hired.sum() - 780)


def test_size_classes_differ_in_what_they_fill_train_and_bring() -> None:
    model = demand(None).model
    part = {name: model.firms.by_size(name).sum(axis=(0, 1)) for name in ("employed", "vacancies", "places")}
    rate, trained = part["vacancies"] / part["employed"], part["places"] / part["employed"]
    assert rate[0] > rate[1] > rate[2]
    assert trained[0] > trained[1] > trained[2]
