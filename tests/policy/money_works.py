"""Scenarios against the baseline in a world where money works: small runs, each made once.

Most effects of money have zero in their prior, and at the central values they are small. What a test asks here is
whether a rule moves what it should and in which direction, so parameters stand where it would show.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from doorstroom.education import TechnicalEducation
from doorstroom.outcomes import COLUMN, TOTAL
from doorstroom.scenario import Scenario, Scheme, Years, load_scenario

FRACTION = 0.02
LAST = 2032
MONEY_WORKS: Mapping[str, float] = {
    "absorption.certainty_gain": 0.15,
    "knowledge.support_quality": 0.1,
    "knowledge.gain": 0.15,
    "young.skill_gain": 0.1,
    "interest.orientation_effect": 0.1,
    "interest.po_effect": 0.1,
    "interest.inclusion_effect": 0.2,
    "interest.sustainability_effect": 0.006,
    "profile_choice.quality_weight": 0.3,
    "offer.money_relief": 0.25,
    "teacher_market.attraction_effect": 0.5,
    "teacher_market.retention_effect": 0.25,
    "mbo_choice.connection_weight": 1.0,
}


class Run:
    """A finished run of a scenario."""

    def __init__(self, model: TechnicalEducation) -> None:
        self.model = model
        self.results = model.run()

    def at(self, outcome: str, years: int | range, group: str = TOTAL) -> float:
        """An outcome of the country in a year, or its mean over some years."""
        rows = [year - 2019 for year in ([years] if isinstance(years, int) else years)]
        return float(np.mean(self.results[rows, 0, COLUMN[outcome, group]]))

    def by_region(self, outcome: str, year: int, group: str = TOTAL) -> np.ndarray:
        return np.asarray(self.results[year - 2019, 1:, COLUMN[outcome, group]])


def changed(scenario: Scenario, last: int = LAST, **parameters: float) -> Scenario:
    """A scenario in the world where money works, with parameters of its own on top."""
    own = {name.replace("__", "."): value for name, value in parameters.items()}
    return scenario.model_copy(
        update={"parameters": {**MONEY_WORKS, **scenario.parameters, **own}, "years": Years(last=last)}
    )


@lru_cache(maxsize=64)
def made(name: str, parameters: tuple[tuple[str, float], ...] = ()) -> Run:
    return Run(TechnicalEducation(changed(load_scenario(name), **dict(parameters)), rng=1, fraction=FRACTION))


@lru_cache(maxsize=8)
def so_far(year: int, added: Scheme | None = None) -> TechnicalEducation:
    """The baseline, with a scheme added, as it stands on 1 October of a year."""
    scenario = changed(load_scenario("baseline"))
    if added is not None:
        scenario = scenario.model_copy(update={"schemes": {**scenario.schemes, "added": added}})
    model = TechnicalEducation(scenario, rng=1, fraction=FRACTION)
    while model.year < year:
        model.step()
    return model
