"""The model with a few knobs: amounts of the schemes and parameters, as Mesa's controls hand them over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from doorstroom.education import TechnicalEducation
from doorstroom.parameters import load_parameters
from doorstroom.scenario import Scenario, Scheme, load_scenario
from doorstroom.scenario.values import Table
from doorstroom.terms import Stage

KNOBS: Final = {
    "orientation": "interest.orientation_effect",
    "quality": "profile_choice.quality_weight",
    "fading": "technique_capital.depreciation",
    "attraction": "teacher_market.attraction_effect",
    "closing": "offer.closing_at_10",
}
"""Parameters that can be turned, under names that fit an argument."""


FOLLOWED: Final = 12
"""Pupils of the first year who are followed through the years."""


class Explored(TechnicalEducation):
    """A country whose money and parameters can be changed before it starts.

    Parameters
    ----------
    scenario : name of the scenario to start from
    sto, ngf : amounts of its schemes, in percent of what the scenario says
    seed : stream of luck
    orientation, quality, fading, attraction, closing : values of the parameters in KNOBS; None is the central one
    """

    def __init__(
        self,
        scenario: str = "baseline",
        *,
        sto: float = 100.0,
        ngf: float = 100.0,
        seed: int = 1,
        fraction: float = 0.02,
        orientation: float | None = None,
        quality: float | None = None,
        fading: float | None = None,
        attraction: float | None = None,
        closing: float | None = None,
    ) -> None:
        turned = dict(zip(KNOBS, (orientation, quality, fading, attraction, closing), strict=True))
        values = {KNOBS[name]: float(value) for name, value in turned.items() if value is not None}
        policy = changed(load_scenario(scenario), {"STO": sto / 100, "NGF": ngf / 100}, values)
        super().__init__(policy, rng=int(seed), fraction=float(fraction))
        entering = np.flatnonzero((self.pupils.stage == Stage.VO) & (self.pupils.grade == 1))
        self.followed: list[int] = entering[:: max(1, len(entering) // FOLLOWED)][:FOLLOWED].tolist()
        self.tracks: list[dict[int, str]] = []
        self.look_at_them()

    def step(self) -> None:
        """One school year."""
        super().step()
        self.look_at_them()

    def look_at_them(self) -> None:
        """Note where the pupils that are followed are this year."""
        self.tracks.append({number: _where(self, number) for number in self.followed})


def changed(scenario: Scenario, amounts: Mapping[str, float], parameters: Mapping[str, float]) -> Scenario:
    """A scenario with its schemes' amounts multiplied by programme, and with other parameter values."""
    schemes = {
        name: _multiplied(scheme, amounts.get(scheme.programme, 1.0)) for name, scheme in scenario.schemes.items()
    }
    return scenario.model_copy(
        update={"schemes": Table(schemes), "parameters": Table({**scenario.parameters, **parameters})}
    )


def range_of(knob: str) -> tuple[float, float, float]:
    """Lowest, central and highest value of a knob: the middle 98% of the parameter's prior."""
    entry = load_parameters()[KNOBS[knob]]
    if entry.prior is None or not isinstance(entry.value, float | int):
        raise ValueError(f"{KNOBS[knob]} is not a single uncertain number")
    return entry.prior.quantile(0.01), float(entry.value), entry.prior.quantile(0.99)


def _multiplied(scheme: Scheme, factor: float) -> Scheme:
    budget = scheme.budget
    update: dict[str, object] = {
        "budget": Table({year: amount * factor for year, amount in budget.items()})
        if isinstance(budget, Mapping)
        else budget * factor,
        "extra": Table({region: amount * factor for region, amount in scheme.extra.items()}),
    }
    return scheme.model_copy(update=update)


def _where(model: Explored, number: int) -> str:
    pupil = model.pupils[number]
    place = [pupil.stage, pupil.track if pupil.stage == "vo" else "", pupil.profile or "", pupil.field or ""]
    return " ".join(str(part).lower() for part in place if part)
