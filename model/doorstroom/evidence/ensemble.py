"""Runs of the whole model from 2019 on, short ones, to be held against what was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from doorstroom.defaults import FRACTION
from doorstroom.errors import DoorstroomError
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.factors import Factors
from doorstroom.experiment.model import Model
from doorstroom.experiment.plan import Plan, plan_of
from doorstroom.experiment.run import fill
from doorstroom.experiment.run_index import Ledger, failures
from doorstroom.experiment.run_store import RunReader
from doorstroom.outcomes import COLUMN, COUNTRY
from doorstroom.parameters import CENTRAL, Draw
from doorstroom.scenario import Scenario, load_scenario

Floats = NDArray[np.float64]
Series = tuple[str, str]

LAST_YEAR: Final = 2023
"""Enough for everything that is checked; one length, so that all commands of this room share their runs."""


class LostRuns(DoorstroomError):
    """Runs failed that a table can't do without."""


class Ensemble(NamedTuple):
    """Some series of some runs.

    Attributes
    ----------
    first_year : year of the first row
    series : in the order of the last axis
    values : shape (runs, years, 1 + regions, series), runs in the order of their draws
    """

    first_year: int
    series: tuple[Series, ...]
    values: Floats

    def at(self, series: Series, year: int) -> Floats:
        """A series in a year, shape (runs, 1 + regions)."""
        return self.values[:, year - self.first_year, :, self.series.index(series)]

    @property
    def last_year(self) -> int:
        """Year of the last row."""
        return self.first_year + self.values.shape[1] - 1


class Task(NamedTuple):
    """One run of an ensemble, and the identity that it is kept under."""

    identity: str
    scenario: Scenario
    draw: Draw
    seed: int
    fraction: float


def run_ensemble(
    draws: Sequence[Draw],
    series: Sequence[Series],
    *,
    folder: Path,
    own_seeds: bool = False,
    scenario: str | Scenario = "baseline",
    last_year: int = LAST_YEAR,
    fraction: float = FRACTION,
    processes: int = 1,
    console: Console | None = None,
    model: Model | None = None,
) -> Ensemble:
    """Make the runs that aren't in a store yet, and read some series of all.

    Parameters
    ----------
    folder : whose store is used
    own_seeds : each draw with luck of its own (streams 1, 2, ...) instead of all with the first
    last_year : the scenario is cut off after it
    model : what is run; None is technical education in the Netherlands

    Raises
    ------
    LostRuns
        Where a run failed; the message names it.
    """
    plan = _plan(draws, scenario, own_seeds=own_seeds, last_year=last_year, fraction=fraction, model=model)
    ledger = Ledger(plan, folder)
    fill(ledger, [plan.runs], processes=processes, console=console)
    lost = np.flatnonzero(~ledger.there(plan.runs))
    if len(lost):
        name = ledger.names(lost)[0]
        told = next((one for one in failures(folder) if one["identity"] == name), {"error": "", "command": ""})
        raise LostRuns(
            f"{len(lost)} of {plan.runs} runs failed; the first: {told['error']}. Finished runs are kept. "
            f"This run alone: {told['command']}"
        )
    columns = [COLUMN[one] for one in series]
    names = ledger.names(range(plan.runs))
    made = {run: values[:, :, columns] for run, values, _ in RunReader(folder).each(names)}
    first = plan.layout.years[0]
    return Ensemble(first, tuple(series), np.stack([made[name] for name in names]))


def tasks_of(
    draws: Sequence[Draw],
    scenario: str | Scenario = "baseline",
    *,
    own_seeds: bool = False,
    last_year: int = LAST_YEAR,
    fraction: float = FRACTION,
    model: Model | None = None,
) -> list[Task]:
    """The runs that an ensemble is of; parameters as in `run_ensemble`."""
    plan = _plan(draws, scenario, own_seeds=own_seeds, last_year=last_year, fraction=fraction, model=model)
    asked = plan.worlds[0].scenario
    streams = plan.streams.ravel().tolist()
    names = plan.identities(0, plan.runs)
    return [Task(name, asked, draw, seed, fraction) for name, draw, seed in zip(names, draws, streams, strict=True)]


def _plan(
    draws: Sequence[Draw],
    scenario: str | Scenario,
    *,
    own_seeds: bool,
    last_year: int,
    fraction: float,
    model: Model | None,
) -> Plan:
    """The central values, draws 1, 2, ... of the priors, or draws that are given by their values."""
    scenario = load_scenario(scenario) if isinstance(scenario, str) else scenario
    last = max(last_year, scenario.years.first + 1)
    scenario = scenario.model_copy(update={"years": scenario.years.model_copy(update={"last": last})})
    numbers = [draw if isinstance(draw, int) else None for draw in draws]
    seeds = np.arange(1, len(draws) + 1) if own_seeds else np.ones(len(draws), np.int64)
    if set(numbers) == {CENTRAL}:
        asked = Experiment.compare([scenario], draws=0, seeds=len(draws), fraction=fraction, model=model)
        return replace(plan_of(asked), luck=seeds[None])
    asked = Experiment.compare([scenario], draws=len(draws), fraction=fraction, model=model)
    plan = plan_of(asked)
    if None not in numbers:
        if numbers != list(range(1, len(draws) + 1)):
            raise ValueError(f"draws of the priors are asked from 1 on; found {numbers}")
        return replace(plan, luck=seeds[:, None])
    names = list(draws[0]) if not isinstance(draws[0], int) else []
    values = np.array([[draw[name] for name in names] for draw in draws if not isinstance(draw, int)])
    factors = Factors({name: plan.factors.priors[name] for name in names}, {})
    design = plan.design._replace(unit=plan.design.unit[:, -len(names) - 1 :], draws=None)
    return replace(plan, factors=factors, design=design, posterior=values, luck=seeds[:, None])


def prior_draws(number: int) -> list[Draw]:
    """The draws 1..number of the priors, or the central values where number is 0."""
    return list(range(1, number + 1)) if number else [CENTRAL]


def country(ensemble: Ensemble, series: Series, year: int) -> Floats:
    """The country's figure in every run."""
    return ensemble.at(series, year)[:, COUNTRY]
