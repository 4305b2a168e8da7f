"""The plan of an experiment: every run that it asks for, in one order, each with its identity.

Runs are numbered point by point, then seed by seed, then world by world, where a world is a scenario in one
of the structures. A study that is stopped half-way therefore holds whole comparisons.

Luck belongs to the draw: draw k has stream k, the same under all scenarios, and further seeds are k + 10,000,
k + 20,000, ... More seeds or more draws keep the streams of fewer. One stream for all draws would let its luck pass for
certainty. Of a design that isn't made of draws each block has luck of its own, because a method compares the points of
a block with each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.errors import ScenarioError, explain
from doorstroom.experiment.design.base import Design
from doorstroom.experiment.design.draws import Draws
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.factors import Factors, told
from doorstroom.experiment.file import AS_SPECIFIED, StudyFaults, StudyFile, chosen_factors
from doorstroom.experiment.identity import ParameterNames, RunNames, command_of_run, digest, git_commit
from doorstroom.experiment.manifest import Machine, Manifest, ScenarioEntry, now, plain, question_identity
from doorstroom.experiment.model import COUNTRY, Model
from doorstroom.experiment.posterior import load as load_posterior
from doorstroom.experiment.table import Layout
from doorstroom.packaged import source_swhid
from doorstroom.parameters import CENTRAL, Draw, sample_priors
from doorstroom.priors import prior_text, reach
from doorstroom.scenario import Scenario
from doorstroom.toml_files import Words

Floats = NDArray[np.float64]

_NEXT_STREAM: Final = 10_000


def streams(number: int, seeds: int) -> tuple[int, ...]:
    """Streams of luck of a draw or block: its own number, and on from there; 1..n of the central values."""
    if number == CENTRAL:
        return tuple(range(1, seeds + 1))
    return tuple(range(number, number + seeds * _NEXT_STREAM, _NEXT_STREAM))


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
    """All runs that an experiment may come to; a study that converges early makes the first of them only.

    `posterior` holds the draws of the points where they are not of the priors, shape (points, parameters), and `luck`
    the streams of every point where they are not those of the rule, shape (points, seeds).
    """

    experiment: Experiment
    worlds: tuple[World, ...]
    factors: Factors
    design: Design
    posterior: Floats | None = None
    luck: NDArray[np.int64] | None = None

    @property
    def file(self) -> StudyFile:
        """What is asked."""
        return self.experiment.file

    @property
    def model(self) -> Model:
        """What is run."""
        return self.experiment.model

    @cached_property
    def sample(self) -> Floats:
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

    @cached_property
    def streams(self) -> NDArray[np.int64]:
        """Streams of luck of every point, shape (points, seeds)."""
        if self.luck is not None:
            return self.luck
        method = self.file.method
        if isinstance(method, Draws) and method.stream is not None:
            return np.array([np.arange(method.stream, method.stream + self.file.seeds)])
        numbers = self.design.block + 1 if self.design.draws is None else self.design.draws
        return np.array([streams(int(number), self.file.seeds) for number in numbers])

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
        """What is kept of a run."""
        return layout_of(self.experiment)

    def place(self, run: int) -> Place:
        """Point, seed and world of a run."""
        point, seed, world = np.unravel_index(run, self.shape)
        return Place(int(point), int(self.streams[point, seed]), self.worlds[world])

    def draw(self, point: int) -> Draw:
        """The parameter values at a point, as the model takes them."""
        if self.design.draws is not None:
            return int(self.design.draws[point])
        return dict(zip(self.factors.names, self.sample[point].tolist(), strict=True))

    def identities(self, start: int, stop: int) -> list[str]:
        """Identities of the runs start..stop-1."""
        _, seeds, worlds = self.shape
        each = seeds * worlds
        first, last = start // each, -(-stop // each)
        points = zip(self._sets.of(self.sample[first:last]), self.streams[first:last].tolist(), strict=True)
        named = [names.name(parameters, seed) for parameters, own in points for seed in own for names in self._names]
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
        cells = [values[:, years, region, series].mean(axis=1) for years, region, series in self.cells()]
        return np.stack(cells, axis=1) if cells else np.empty((len(values), 0))

    def command(self, run: int, folder: Path) -> str:
        """The command that makes one run again."""
        place = self.place(run)
        draw = self.draw(place.point)
        inputs = self.experiment.inputs
        if isinstance(draw, int) and place.world.structure == AS_SPECIFIED:
            return command_of_run(place.world.asked, draw, place.seed, self.file.fraction, inputs)
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


def plan_of(experiment: Experiment) -> Plan:
    """The plan of an experiment.

    Raises
    ------
    StudyFaults, ScenarioError
        Where scenarios, factors or outcomes don't fit the model or each other.
    """
    file, model, origin, scenarios = experiment.file, experiment.model, experiment.origin, experiment.scenarios
    years = {(one.years.first, one.years.last) for one in scenarios}
    for one in scenarios:
        if model.first_year is not None and one.years.first != model.first_year:
            allowed = f"{model.first_year}, the year of the input set that it is run on"
            raise ScenarioError(explain(one.name, "years.first", one.years.first, allowed))
    if len(years) > 1 and not experiment.asked:
        raise ScenarioError(f"scenarios can only be compared over the same years, found {sorted(years)}")
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
    plan = Plan(experiment, _worlds(file, scenarios), factors, file.method.design(factors))
    return plan if experiment.posterior is None else _of_posterior(plan, experiment.posterior)


def _of_posterior(plan: Plan, posterior: Path) -> Plan:
    """The plan with the draws of a posterior in place of those of the priors."""
    method = plan.file.method
    assert isinstance(method, Draws)
    found = load_posterior(posterior)
    if method.draws == 0:
        return plan  # the central values are no draw
    if method.draws > len(found.values):
        allowed = f"1 to {len(found.values)}, as in the posterior"
        raise StudyFaults(explain(plan.experiment.origin, "method.draws", method.draws, allowed))
    priors = {name: plan.factors.priors[name] for name in found.names}
    return replace(
        plan,
        factors=Factors(priors, {}),
        design=plan.design._replace(unit=plan.design.unit[:, -len(priors) - 1 :], draws=None),
        posterior=found.values[: method.draws],
    )


def layout_of(experiment: Experiment) -> Layout:
    """What is kept of a run: all series in all years, of the country and the regions asked for, or of all."""
    file, model, years = experiment.file, experiment.model, experiment.scenarios[0].years
    asked = (one.region for one in file.outcomes.values())
    names = model.regions if file.regions == "all" else (COUNTRY, *asked)
    regions = {model.regions[name] for name in names}
    return Layout(tuple(range(years.first, years.last + 1)), tuple(sorted(regions)), model.series)


def manifest_of(plan: Plan) -> Manifest:
    """The manifest of a plan that begins now."""
    first = {world.label: world for world in plan.worlds if world.structure == plan.structures[0]}
    baseline = first[plan.labels[0]].scenario
    experiment, file, model, factors = plan.experiment, plan.file, plan.model, plan.factors
    drawn = None if plan.posterior is None else plan.posterior.tolist()
    priors = [[name, told(prior)] for name, prior in factors.priors.items()]
    method = plain(file.method.model_dump(mode="json", exclude={"posterior"}))
    about: dict[str, Any] = {
        "command": experiment.command,
        "asked": experiment.asked,
        "design": digest([method, priors, factors.group_of, drawn]),
        "file": file,
        "scenarios": tuple(ScenarioEntry.of(world.scenario, label, baseline) for label, world in first.items()),
        "structures": plan.structures,
        "priors": dict(factors.priors),
        "groups": dict(factors.groups),
        "draws": _numbers(plan),
        "first_year": baseline.years.first,
        "last_year": baseline.years.last,
        "regions": model.places,
        "posterior": None if plan.posterior is None else digest(drawn),
        "runs": plan.runs,
        "inputs": model.inputs,
        "inputs_folder": None if experiment.inputs is None else str(experiment.inputs.resolve()),
        "code": model.code,
    }
    return Manifest(
        study=question_identity(about),
        commit=git_commit(),
        swhid=source_swhid(),
        machine=Machine.here(),
        started=now(),
        **about,
    )


def _numbers(plan: Plan) -> tuple[int, ...]:
    if plan.design.draws is not None:
        return tuple(int(number) for number in plan.design.draws)
    return tuple(range(1, len(plan.sample) + 1)) if plan.posterior is not None else ()


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


def labels_of(scenarios: Sequence[Scenario]) -> list[str]:
    """Names of scenarios, numbered where one is asked twice."""
    seen: Counter[str] = Counter()
    labels = []
    for scenario in scenarios:
        seen[scenario.name] += 1
        again = seen[scenario.name]
        labels.append(scenario.name if again == 1 else f"{scenario.name} ({again})")
    return labels
