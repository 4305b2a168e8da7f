"""Runs of the whole model from 2019 on, short ones, to be held against what was observed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.outcomes import COLUMN, COUNTRY
from doorstroom.parameters import CENTRAL, Draw, draw_parameters
from doorstroom.scenario import Scenario, load_scenario
from doorstroom.source import code_identity
from doorstroom.study.batch import Simulate, Task, execute
from doorstroom.study.identity import run_identity
from doorstroom.study.store import Store

Floats = NDArray[np.float64]
Series = tuple[str, str]

LAST_YEAR: Final = 2023
"""Enough for everything that is checked; one length, so that all commands of this room share their runs."""


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


def run_ensemble(
    draws: Sequence[Draw],
    series: Sequence[Series],
    *,
    folder: Path,
    own_seeds: bool = False,
    scenario: str | Scenario = "baseline",
    last_year: int = LAST_YEAR,
    fraction: float = 0.1,
    processes: int = 1,
    console: Console | None = None,
    simulate: Simulate | None = None,
    inputs: Inputs | None = None,
) -> Ensemble:
    """Run what isn't in `folder` yet, and read the series of all runs.

    Parameters
    ----------
    folder : study folder whose store is used
    own_seeds : each draw with its own stream of luck (1, 2, ...) instead of all with the first
    last_year : the scenario is cut off after it
    simulate, inputs : what makes a run, and its inputs; None is the model itself
    """
    tasks = tasks_of(draws, scenario, own_seeds=own_seeds, last_year=last_year, fraction=fraction, inputs=inputs)
    if simulate is None:
        from doorstroom.education import simulate as model

        simulate = model
    store = Store(folder)
    store.sweep()
    missing = [task for task in tasks if store.holds(task.identity) is None]
    if missing:
        execute(missing, store, simulate=simulate, processes=processes, console=console)
    columns = [COLUMN[one] for one in series]
    values = np.stack([store.read(task.identity).values[:, :, columns] for task in tasks])
    return Ensemble(tasks[0].scenario.years.first, tuple(series), values)


def tasks_of(
    draws: Sequence[Draw],
    scenario: str | Scenario = "baseline",
    *,
    own_seeds: bool = False,
    last_year: int = LAST_YEAR,
    fraction: float = 0.1,
    inputs: Inputs | None = None,
) -> list[Task]:
    """The runs that an ensemble is of; parameters as in `run_ensemble`."""
    asked = load_scenario(scenario) if isinstance(scenario, str) else scenario
    last = max(last_year, asked.years.first + 1)
    asked = asked.model_copy(update={"years": asked.years.model_copy(update={"last": last})})
    identity = (inputs or load_inputs()).identity
    names = [draw_parameters(draw).identity() for draw in draws]
    seeds = range(1, len(draws) + 1) if own_seeds else [1] * len(draws)
    return [
        Task(
            label=asked.name,
            asked=asked.name,
            scenario=asked,
            draw=draw,
            seed=seed,
            fraction=fraction,
            identity=run_identity(
                scenario=asked.identity(),
                parameters=name,
                seed=seed,
                fraction=fraction,
                inputs=identity,
                code=code_identity(),
            ),
        )
        for draw, name, seed in zip(draws, names, seeds, strict=True)
    ]


def prior_draws(number: int) -> list[Draw]:
    """The draws 1..number of the priors, or the central values where number is 0."""
    return list(range(1, number + 1)) if number else [CENTRAL]


def country(ensemble: Ensemble, series: Series, year: int) -> Floats:
    """The country's figure in every run."""
    return ensemble.at(series, year)[:, COUNTRY]
