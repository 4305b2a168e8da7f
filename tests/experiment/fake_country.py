"""A country made of formulas, so that studies can be tested in milliseconds; importable by worker processes."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from doorstroom.experiment.model import COUNTRY, Model, RegionEntry
from doorstroom.outcomes import COLUMN, COUNTS, SERIES, complete
from doorstroom.parameters import Draw, Parameter, load_parameters
from doorstroom.priors import Normal
from doorstroom.scenario import Scenario, Scheme, Years
from doorstroom.source import code_identity

if TYPE_CHECKING:
    from doorstroom.experiment.results import Results

REGIONS = 78
FIRST = 2019


def scenario(name: str = "baseline", millions: float = 100.0, last: int = 2040) -> Scenario:
    scheme = Scheme(
        title="A scheme",
        programme="STO",
        first_year=2020,
        last_year=2028,
        budget=millions * 1e6,
        after=0.5,
        activities={"equipment": 1.0},
    )
    return Scenario(
        name=name,
        title=f"{name.capitalize()} pays {millions:g} million a year",
        question="What does the money do to technique?",
        changes=f"{millions:g} million euro a year from 2020 to 2028, half of it after that.",
        years=Years(last=last),
        schemes={"a_scheme": scheme},
    )


def places() -> tuple[RegionEntry, ...]:
    rng = np.random.default_rng(5)
    lat, lon = 50.8 + 2.6 * rng.random(REGIONS), 3.5 + 3.6 * rng.random(REGIONS)
    names = [f"Region {r} & Land van Cuijk" if r % 9 == 0 else f"Regio {r}" for r in range(1, REGIONS + 1)]
    return tuple(RegionEntry(region=at + 1, name=name, lat=lat[at], lon=lon[at]) for at, name in enumerate(names))


def model(simulate: Any = None, entries: Any = None, *, inputs: str = "f" * 64, code: str = "fake") -> Model:
    """The country for studies from a file, with one parameter."""
    strength = Parameter(
        value=0.01,
        unit="per unit of quality",
        domain=(-1.0, 1.0),
        grade="assumption",
        source="none",
        why="a toy",
        prior=Normal(dist="normal", mean=0.01, sd=0.003),
    )
    regions = {COUNTRY: 0, **{place.name: place.region for place in places()}}
    make, known = simulate or globals()["simulate"], entries or {"fake.strength": strength}
    return Model(make, known, SERIES, regions, inputs, code, places())


def compared(scenarios: Any, *, out: Path, simulate: Any = None, **asked: Any) -> Results:
    """A comparison of scenarios of this country, made quietly and with the parameters of the real one."""
    from rich.console import Console  # a worker needs none of this

    from doorstroom.experiment.experiment import Experiment
    from doorstroom.experiment.run import conduct

    inputs = asked.pop("inputs_identity", "f" * 64)
    how = {name: asked.pop(name) for name in ("processes", "cluster", "console") if name in asked}
    how = {"processes": 1, "console": Console(file=io.StringIO()), **how}
    country = model(simulate, load_parameters(), inputs=inputs, code=code_identity())
    return conduct(Experiment.compare(scenarios, **{"draws": 0, "model": country, **asked}), out=out, **how).results


def simulate(scenario: Scenario, *, draw: Draw, seed: int, fraction: float) -> NDArray[np.float64]:
    """Money makes quality with a delay, quality makes pupils, teachers and technicians; luck is common."""
    given = None if isinstance(draw, int) else draw.get("fake.strength")
    draw = draw if isinstance(draw, int) else 0
    scheme = scenario.schemes["a_scheme"]
    years = np.arange(FIRST, scenario.years.last + 1)
    paid = np.array([scheme.paid(int(year)) for year in years])
    quality = np.zeros(len(years))
    for t in range(1, len(years)):
        quality[t] = 0.8 * quality[t - 1] + paid[t] / 1e8
    strength = 0.01 + 0.003 * np.random.default_rng([7, draw]).standard_normal()
    strength = given or (strength if draw else 0.01)
    rng = np.random.default_rng([seed, draw])
    size = np.random.default_rng(3).uniform(0.3, 2.0, REGIONS) / REGIONS
    counts = np.zeros((len(years), REGIONS, len(COUNTS)))
    luck = 1 + 0.02 * rng.standard_normal(counts.shape)
    chance = 1 + 0.01 * np.random.default_rng([seed, draw, int(paid.sum() / 1e6)]).standard_normal(counts.shape[:2])
    base = np.random.default_rng(4).uniform(50, 40_000, len(COUNTS))
    counts[:] = np.round(base * size[:, None] * luck)
    boost = (1 + strength * quality)[:, None] * chance
    pupils = 70_000 * size * luck[..., 0]
    counts[..., COLUMN["vmbo_pupils", "total"]] = np.round(pupils)
    counts[..., COLUMN["vmbo_technique_pupils", "total"]] = np.round(pupils * 0.22 * boost)
    counts[..., COLUMN["teacher_fte", "total"]] = 3_800 * size * (0.9 + 0.1 * boost)
    counts[..., COLUMN["teacher_fte_needed", "total"]] = 4_000 * size
    counts[..., COLUMN["unfilled_fte", "total"]] = 200 * size / boost
    counts[..., COLUMN["mbo_technique_inflow", "total"]] = np.round(30_000 * size * boost)
    counts[..., COLUMN["technical_entrants", "total"]] = np.round(20_000 * size * luck[..., 1])
    counts[..., COLUMN["technical_vacancies", "total"]] = np.round(25_000 * size / boost)
    counts[..., COLUMN["profile_locations", "total"]] = np.round(900 * size * (0.95 + 0.05 * boost))
    money = paid[:, None] * size / size.sum()
    for name, share in {"granted": 1.0, "cofinanced": 0.2, "absorbed": 0.9, "returned": 0.1, "available": 1.2}.items():
        counts[..., COLUMN[name, "total"]] = np.round(share * money, 2)
    for name in ("national_line", "carried_in", "carried_out"):
        counts[..., COLUMN[name, "total"]] = 0.0
    return complete(counts)


SECOND = (2, 10_001)
"""The second stream of luck of the central values, and of draw 1; the first of draw 2."""


def fail_on_second_seed(scenario: Scenario, *, draw: int, seed: int, fraction: float) -> NDArray[np.float64]:
    if seed in SECOND:
        raise ZeroDivisionError("no teachers left")
    return simulate(scenario, draw=draw, seed=seed, fraction=fraction)


def die(scenario: Scenario, *, draw: int, seed: int, fraction: float) -> NDArray[np.float64]:
    os._exit(9)


def interrupted(scenario: Scenario, *, draw: int, seed: int, fraction: float) -> NDArray[np.float64]:
    if seed in SECOND:
        raise KeyboardInterrupt
    return simulate(scenario, draw=draw, seed=seed, fraction=fraction)


_made = 0


def not_deterministic(scenario: Scenario, *, draw: int, seed: int, fraction: float) -> NDArray[np.float64]:
    global _made
    _made += 1
    return simulate(scenario, draw=draw, seed=seed, fraction=fraction) + _made


def slow(scenario: Scenario, *, draw: int, seed: int, fraction: float) -> NDArray[np.float64]:
    time.sleep(0.1)
    return simulate(scenario, draw=draw, seed=seed, fraction=fraction)
