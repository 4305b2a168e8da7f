"""The plan of a study: every run that a study file asks for, in one order, each with its identity.

Runs are numbered point by point, then seed by seed, then world by world, where a world is a scenario in one
of the structures. A study that is stopped half-way therefore holds whole comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.errors import explain
from doorstroom.parameters import CENTRAL, Draw, prior_text, reach, sample_priors
from doorstroom.scenario import Scenario, load_scenario
from doorstroom.study.batch import command_of_run
from doorstroom.study.compare import labels_of
from doorstroom.study.evidence.posterior import load as load_posterior
from doorstroom.study.factors import Factors
from doorstroom.study.file import StudyFaults, StudyFile, chosen_factors
from doorstroom.study.identity import ParameterNames, RunNames
from doorstroom.study.methods.base import Design
from doorstroom.study.methods.draws import Draws
from doorstroom.study.model import COUNTRY, Model
from doorstroom.study.table import Layout
from doorstroom.toml_files import Words

Floats = NDArray[np.float64]

AS_SPECIFIED: Final = "as specified"
"""The structure in which every scenario has the loops of its own file."""


class World(NamedTuple):
    """A scenario in one of the structures; `asked` is the name or file by which it was asked for."""

    structure: str
    label: str
    asked: str
    scenario: Scenario


class Place(NamedTuple):
    """Where a run stands in its study."""

    point: int
    seed: int
    world: World


@dataclass(frozen=True)
class Plan:
    """All runs that a study may come to; a study that converges early makes the first of them only.

    `posterior` holds the draws of the points where they are not of the priors, shape (points, parameters).
    """

    file: StudyFile
    model: Model
    worlds: tuple[World, ...]
    factors: Factors
    design: Design
    posterior: Floats | None = None

    @cached_property
    def values(self) -> Floats:
        """Values of the factors at every point, shape (points, parameters)."""
        if self.posterior is not None:
            return self.posterior
        if self.design.draws is None:
            return self.factors.values(self.design.unit, self.model.entries)
        numbers = self.design.draws
        if numbers[0] == CENTRAL:
            return self.factors.values(np.full((1, len(self.factors.columns)), np.nan), self.model.entries)
        drawn = sample_priors(int(numbers[0]), int(numbers[-1]) + 1, self.model.entries)
        return np.stack([drawn[name] for name in self.factors.names], axis=1)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Streams of luck."""
        return tuple(range(1, self.file.seeds + 1))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Points, seeds and worlds."""
        return len(self.design.unit), self.file.seeds, len(self.worlds)

    @property
    def runs(self) -> int:
        """How many there are, those with equal identities counted each."""
        return int(np.prod(self.shape))

    @property
    def labels(self) -> tuple[str, ...]:
        """Scenarios, the baseline first."""
        return tuple(dict.fromkeys(world.label for world in self.worlds))

    @property
    def structures(self) -> tuple[str, ...]:
        """Structures, the one as specified first."""
        return tuple(dict.fromkeys(world.structure for world in self.worlds))

    @cached_property
    def layout(self) -> Layout:
        """What is kept of a run: all series in all years, of the country and the regions that are asked for."""
        years = self.worlds[0].scenario.years
        regions = {
            self.model.regions[COUNTRY],
            *(self.model.regions[one.region] for one in self.file.outcomes.values()),
        }
        return Layout(tuple(range(years.first, years.last + 1)), tuple(sorted(regions)), self.model.series)

    def place(self, run: int) -> Place:
        """Point, seed and world of a run."""
        point, seed, world = np.unravel_index(run, self.shape)
        return Place(int(point), self.seeds[seed], self.worlds[world])

    def draw(self, point: int) -> Draw:
        """The parameter values at a point, as the model takes them."""
        if self.design.draws is not None:
            return int(self.design.draws[point])
        return dict(zip(self.factors.names, self.values[point].tolist(), strict=True))

    def identities(self, start: int, stop: int) -> list[str]:
        """Identities of the runs start..stop-1."""
        _, seeds, worlds = self.shape
        each = seeds * worlds
        first, last = start // each, -(-stop // each)
        order = [(names, seed) for seed in self.seeds for names in self._names]
        sets = self._sets.of(self.values[first:last])
        named = [names.name(parameters, seed) for parameters in sets for names, seed in order]
        return named[start - first * each : stop - first * each]

    def upto(self, blocks: int) -> int:
        """How many runs the first blocks of the design have; they are the first of all."""
        return int(np.count_nonzero(self.design.block < blocks)) * self.shape[1] * self.shape[2]

    def cells(self) -> list[tuple[slice, int, int]]:
        """Per outcome the years, the region and the series, as places on the axes of the layout."""
        layout = self.layout
        places = []
        for one in self.file.outcomes.values():
            first, last = (layout.years.index(year) for year in one.years)
            region = layout.regions.index(self.model.regions[one.region])
            places.append((slice(first, last + 1), region, layout.series.index((one.outcome, one.group))))
        return places

    def readings(self, values: Floats) -> Floats:
        """What the study asks of runs, shape (runs, outcomes), from all that is kept of them."""
        return np.stack([values[:, years, region, series].mean(axis=1) for years, region, series in self.cells()], 1)

    def command(self, run: int, folder: Path) -> str:
        """The command that makes one run again."""
        place = self.place(run)
        draw = self.draw(place.point)
        if isinstance(draw, int) and place.world.structure == AS_SPECIFIED and self.file.inputs is None:
            return command_of_run(place.world.asked, draw, place.seed, self.file.fraction)
        return f"doorstroom study replay {folder} {run}"

    @cached_property
    def _names(self) -> list[RunNames]:
        model, fraction = self.model, self.file.fraction
        return [
            RunNames(scenario=world.scenario.identity(), fraction=fraction, inputs=model.inputs, code=model.code)
            for world in self.worlds
        ]

    @cached_property
    def _sets(self) -> ParameterNames:
        return ParameterNames(self.model.entries, self.factors.names)


def plan_of(file: StudyFile, model: Model, origin: Path) -> Plan:
    """The plan of a study file.

    Parameters
    ----------
    origin : where the study file is; scenarios in files are looked up from there, and messages name it

    Raises
    ------
    StudyFaults
        Where scenarios, factors or outcomes don't fit the model or each other.
    ScenarioError
        Where a scenario file has faults.
    """
    scenarios = [load_scenario(_beside(name, origin)) for name in file.scenarios]
    years = {(one.years.first, one.years.last) for one in scenarios}
    if len(years) > 1:
        raise StudyFaults(explain(origin, "scenarios", sorted(years), "scenarios over the same years"))
    [(first, last)] = years
    faults = [
        explain(origin, f"outcomes.{name}.years", list(one.years), f"school years from {first} to {last}")
        for name, one in file.outcomes.items()
        if not first <= one.years[0] <= one.years[1] <= last
    ]
    for name, prior in file.factors.priors.items():
        if name not in model.entries:
            faults.append(explain(origin, "factors.priors", name, "a parameter's name", model.entries))
        elif not all(model.entries[name].allows(end) for end in reach(prior)):
            found, allowed = Words(prior_text(prior)), f"a prior that stays in {model.entries[name].allowed()}"
            faults.append(explain(origin, f'factors.priors."{name}"', found, allowed))
    if faults:
        raise StudyFaults("\n".join(faults))
    known = {name: entry.prior for name, entry in model.entries.items() if entry.prior is not None}
    factors = Factors(*chosen_factors(file.factors, known, origin))
    plan = Plan(file, model, _worlds(file, scenarios), factors, file.method.design(factors))
    return _of_posterior(plan, origin) if isinstance(file.method, Draws) and file.method.posterior else plan


def _of_posterior(plan: Plan, origin: Path) -> Plan:
    """The plan with the draws of a posterior in place of those of the priors."""
    method = plan.file.method
    assert isinstance(method, Draws)
    assert method.posterior is not None
    found = load_posterior(origin.parent / method.posterior)
    if not 1 <= method.draws <= len(found.values):
        raise StudyFaults(
            explain(origin, "method.draws", method.draws, f"1 to {len(found.values)}, as in the posterior")
        )
    priors = {name: plan.factors.priors[name] for name in found.names}
    return replace(
        plan,
        factors=Factors(priors, {}),
        design=plan.design._replace(unit=plan.design.unit[:, -len(priors) - 1 :], draws=None),
        posterior=found.values[: method.draws],
    )


def _worlds(file: StudyFile, scenarios: Sequence[Scenario]) -> tuple[World, ...]:
    worlds = []
    for structure, off in {AS_SPECIFIED: (), **file.structures}.items():
        for label, asked, scenario in zip(labels_of(scenarios), file.scenarios, scenarios, strict=True):
            worlds.append(World(structure, label, asked, in_structure(scenario, off)))
    return tuple(worlds)


def in_structure(scenario: Scenario, off: Sequence[str]) -> Scenario:
    """The scenario with these feedback loops switched off."""
    loops = scenario.loops.model_copy(update=dict.fromkeys(off, False))
    return scenario.model_copy(update={"loops": loops})


def _beside(name: str, origin: Path) -> str | Path:
    """A scenario's file relative to the study file, or its bare name."""
    path = origin.parent / name
    return path if name.endswith(".toml") and path.is_file() else name
