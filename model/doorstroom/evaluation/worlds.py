"""Worlds in which the truth is known: which scenarios are run in each, and what comes out of them.

A world is a draw of the parameters with luck of its own. In each of them one scenario per design is run, with its own
lot, beside those in which everybody or nobody gets the money; all share draw and luck, so that the difference between
two of them is the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.evaluation.assignment import Assignment, assign
from doorstroom.evaluation.file import Design, Evaluation
from doorstroom.evaluation.money import Money
from doorstroom.experiment.posterior import load as load_posterior
from doorstroom.inputs.sets import Inputs
from doorstroom.outcomes import COLUMN, TOTAL
from doorstroom.parameters import Draw, draw_parameters
from doorstroom.scenario import Scenario

Array = NDArray[np.float64]

PRESENT: Final = "present policy"
STOPPED: Final = "stopped"
NEVER_PAID: Final = "never paid"
GRANTED: Final = "granted"

RUN: Final = frozenset({"stepped", "amounts", "split", "cutoff"})
"""Kinds of designs that give the money otherwise than the present policy does, and so have a run of their own."""

Simulate = Callable[[Sequence[Scenario], Draw, int, float], Sequence[Array]]
"""Scenarios, draw, seed and fraction to all series of each scenario, shape (years, 1 + regions, series)."""


class World(NamedTuple):
    """One world as its runs tell it.

    Attributes
    ----------
    number : of the draw and of its luck
    years : shape (years,)
    runs : name of a scenario to its series, arrays of shape (years, 1 + regions, series of `Lens`)
    assignments : who got what in the scenario of a design
    blocks : what regions were like in 2019, by which lots are drawn among neighbours, shape (regions,)
    parameters : values of the parameters that surveys measure
    """

    number: int
    years: NDArray[np.int64]
    runs: Mapping[str, Array]
    assignments: Mapping[str, Assignment]
    blocks: Array
    parameters: Mapping[str, float]


class Lens(NamedTuple):
    """The series that a study looks at."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, study: Evaluation) -> Lens:
        """Those of its questions, the persons that shares are of, what tells effects, and the money granted."""
        asked = [name for one in study.questions.values() for name in (one.outcome, one.persons, one.expected) if name]
        return cls(tuple(dict.fromkeys([*asked, GRANTED])))

    @property
    def columns(self) -> list[int]:
        """Their places among all series."""
        return [COLUMN[name, TOTAL] for name in self.names]

    def at(self, name: str) -> int:
        """Place of a series among those looked at."""
        return self.names.index(name)


def generator(world: int, purpose: str) -> np.random.Generator:
    """Random numbers of a world for a purpose; the same whatever else is asked of the study."""
    return np.random.default_rng([world, *purpose.encode()])


def draw_lot(design: Design, name: str, study: Evaluation, world: int, before: Array) -> Assignment:
    """The assignment of a design in a world."""
    first, _ = study.years_of(design)
    return assign(design.kind, before, first, design.waves, design.step, generator(world, f"lot {name}"))


def make_world(number: int, study: Evaluation, inputs: Inputs, simulate: Simulate) -> World:
    """Run everything that a world is asked for."""
    policy, lens = study.policy(), Lens.of(study)
    money = Money.of(policy, study.schemes, inputs)
    before = inputs.regions["technique_share"].to_numpy(np.float64)
    assignments = {
        name: draw_lot(one, name, study, number, before) for name, one in study.designs.items() if not one.measures
    }
    scenarios = {PRESENT: policy, STOPPED: money.stopped(study.first_year, STOPPED)}
    if any(one.kind == "existing" for one in study.designs.values()):
        programme = policy.schemes[study.schemes[0]].programme
        paid = [key for key, one in policy.schemes.items() if one.programme == programme]
        scenarios[NEVER_PAID] = money.stopped(policy.years.first + 1, NEVER_PAID, paid)
    for name, one in study.designs.items():
        if one.kind in RUN:
            scenarios[name] = money.given(one, assignments[name], study.years_of(one)[0], name)
    draw = number if study.posterior is None else load_posterior(study.posterior).draw(number)
    found = simulate([*scenarios.values()], draw, number, study.fraction)
    runs = {name: run[:, :, lens.columns] for name, run in zip(scenarios, found, strict=True)}
    years = np.arange(policy.years.first, policy.years.last + 1)
    _tell_existing_doses(study, assignments, runs[PRESENT], years, lens)
    values = draw_parameters(draw)
    measured = {
        one.measures: float(np.mean(values.value(one.measures))) for one in study.designs.values() if one.measures
    }
    return World(number, years, runs, assignments, before, measured)


def _tell_existing_doses(
    study: Evaluation, assignments: dict[str, Assignment], run: Array, years: NDArray[np.int64], lens: Lens
) -> None:
    """What regions got, relative to the mean: euro per person of the first question, from the first year on."""
    persons = next(one.persons for one in study.questions.values() if one.persons)
    for name, one in study.designs.items():
        if one.kind == "existing":
            first, last = study.years_of(one)
            paid = run[(years >= first) & (years <= last), 1:, lens.at(GRANTED)].sum(axis=0)
            euro = paid / np.maximum(run[years == first - 1, 1:, lens.at(persons)][0], 1.0)
            assignments[name] = assignments[name]._replace(dose=euro / euro.mean() - 1.0)
