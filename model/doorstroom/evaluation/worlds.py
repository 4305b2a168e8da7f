"""Worlds in which the truth is known: which scenarios are run in each, and what comes out of them.

A world is a draw of the parameters with luck of its own. In each of them one scenario per design is run, with its own
lot, beside those in which everybody or nobody gets the money; all share draw and luck, so that the difference between
two of them is the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.ministry import TECHNIQUE_POOR_REGIONS
from doorstroom.evaluation.assignment import Assignment, assign
from doorstroom.evaluation.file import Design, Evaluation
from doorstroom.evaluation.money import designed, without
from doorstroom.inputs.sets import Inputs
from doorstroom.outcomes import COLUMN, TOTAL
from doorstroom.parameters import draw_parameters
from doorstroom.scenario import Scenario

Array = NDArray[np.float64]

PRESENT: Final = "present policy"
STOPPED: Final = "stopped"
NEVER_PAID: Final = "never paid"
GRANTED: Final = "granted"

Simulate = Callable[[Scenario, int, int, float], Array]
"""Scenario, draw, seed and fraction to all series, shape (years, 1 + regions, series)."""


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
        """Those of its questions, the persons that shares are of, and the money granted."""
        asked = [name for one in study.questions.values() for name in (one.outcome, one.persons) if name]
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
    first = design.first_year or study.first_year
    return assign(design.kind, before, first, design.waves, design.step, generator(world, f"lot {name}"))


def make_world(number: int, study: Evaluation, inputs: Inputs, simulate: Simulate) -> World:
    """Run everything that a world is asked for."""
    policy, lens = study.policy(), Lens.of(study)
    regions = inputs.regions["name"].tolist()
    technique = (inputs.regions["pupils_y3_vocational"] * inputs.regions["technique_share"]).to_numpy(np.float64)
    paid = [key for key, one in policy.schemes.items() if one.programme == policy.schemes[study.schemes[0]].programme]
    scenarios: dict[str, Scenario] = {
        PRESENT: policy,
        STOPPED: without(policy, study.schemes, study.first_year, STOPPED),
    }
    if any(one.kind == "existing" for one in study.designs.values()):
        scenarios[NEVER_PAID] = without(policy, paid, policy.years.first + 1, NEVER_PAID)
    # blocks and cut-offs are settled by what regions were like in 2019, which everybody knows beforehand
    before = inputs.regions["technique_share"].to_numpy(np.float64)
    weight = technique / technique.sum()
    poor = np.isin(np.arange(len(before)), np.argsort(before, kind="stable")[:TECHNIQUE_POOR_REGIONS])
    assignments = {name: draw_lot(one, name, study, number, before) for name, one in study.designs.items()}
    for name, one in study.designs.items():
        if one.kind in ("stepped", "amounts", "split", "cutoff"):
            first = one.first_year or study.first_year
            scenarios[name] = designed(
                policy,
                study.schemes,
                first,
                regions,
                weight,
                poor,
                one.kind,
                assignments[name],
                one.activities or {},
                name,
            )
    runs = {name: simulate(one, number, number, study.fraction)[:, :, lens.columns] for name, one in scenarios.items()}
    years = np.arange(policy.years.first, policy.years.last + 1)
    _tell_existing_doses(study, assignments, runs[PRESENT], years, lens)
    values = draw_parameters(number)
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
            first, last = one.first_year or study.first_year, one.last_year or study.last_year
            paid = run[(years >= first) & (years <= last), 1:, lens.at(GRANTED)].sum(axis=0)
            euro = paid / np.maximum(run[years == first - 1, 1:, lens.at(persons)][0], 1.0)
            assignments[name] = assignments[name]._replace(dose=euro / euro.mean() - 1.0)


def worlds(study: Evaluation, inputs: Inputs, simulate: Simulate) -> Iterator[World]:
    """All worlds of a study, one by one; worlds are numbered from 1, as draws are."""
    for number in range(1, study.worlds + 1):
        yield make_world(number, study, inputs, simulate)
