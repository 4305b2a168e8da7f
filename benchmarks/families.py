"""What a comparison saves by making scenarios of one draw and seed together, and what one more scenario costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from doorstroom.branching import Family
from doorstroom.education import TechnicalEducation, simulate
from doorstroom.experiment.worker_setup import housekeeping
from doorstroom.scenario import Scenario, load_scenario

SCENARIOS = ("baseline", "no_sto", "sto_ends", "no_ngf")
FRACTIONS = (0.01, 0.02, 0.1)
DRAWS = 3
YEARS_APART = 5


class Comparison(NamedTuple):
    """Processor seconds: of all scenarios apart and together, of one run, of one that differs at its end, of a fork."""

    fraction: float
    apart: float
    together: float
    run: float
    late: float
    fork: float


def compared(fraction: float) -> Comparison:
    """Medians over some draws; each draw's constants are fitted anew in both."""
    scenarios = [load_scenario(name) for name in SCENARIOS]
    base = scenarios[0]
    late = base.model_copy(
        update={"context": base.context.model_copy(update={"teacher_pay": {base.years.last - YEARS_APART + 1: 1.1}})}
    )
    four, two, one = Family(scenarios), Family([base, late]), Family([base])
    simulate(base, draw=0, fraction=fraction)  # kernels are loaded, the country is read
    taken: list[tuple[float, ...]] = []
    with housekeeping() as tidy:
        for draw in range(1, DRAWS + 1):
            new = {"draw": 2 * draw + 1, "fraction": fraction}  # whose constants are fitted when it is first met
            apart = _seconds(_apart, scenarios, 2 * draw, fraction)
            together, run, pair = (_seconds(family.simulate, **new) for family in (four, one, two))
            fork = _seconds(TechnicalEducation(base, draw=2 * draw + 1, fraction=fraction).fork, late)
            taken.append((apart, together, run, pair - run, fork))
            tidy()
    return Comparison(fraction, *np.median(taken, axis=0).tolist())


def _apart(scenarios: Sequence[Scenario], draw: int, fraction: float) -> None:
    for scenario in scenarios:
        simulate(scenario, draw=draw, fraction=fraction)


def _seconds(job: Callable[..., object], *arguments: Any, **named: Any) -> float:
    start = time.process_time()
    job(*arguments, **named)
    return time.process_time() - start
