"""Runs of one draw and seed share their past: a scenario starts from another's state, in the year they first differ.

All luck belongs to a person, a purpose and a year, so a run that starts from the state of another, whose policy was the
same until then, is to the last bit the run that was made from its first year. In a comparison the country is built once
for all scenarios, and every year is made once for those to which it is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.defaults import FRACTION
from doorstroom.education import TechnicalEducation
from doorstroom.inputs.sets import load_inputs
from doorstroom.parameters import CENTRAL, Draw
from doorstroom.scenario import Scenario, Scheme

NEVER = 9999
"""The year in which scenarios differ that never do."""


def first_difference(one: Scenario, other: Scenario) -> int | None:
    """The first year that the model can make otherwise under two scenarios; None if there is none.

    It is their first year, so that nothing is shared, where they differ from the start. A scheme that one of them alone
    has, or that pays nothing for a time, is planned before it can be seen: then its first year counts.
    """
    if one.years != other.years:
        return min(one.years.first, other.years.first)
    year = one.first_difference(other)
    if year == one.years.first:
        return year
    end = one.years.last + 1
    differing = [
        (scheme, theirs.get(name))
        for mine, theirs in ((one.schemes, other.schemes), (other.schemes, one.schemes))
        for name, scheme in mine.items()
        if name not in theirs or scheme.rules() != theirs[name].rules()
    ]
    found = min([year or end, *(_seen(scheme, twin, year or end) for scheme, twin in differing)])
    return max(found, one.years.first + 1) if found < end else None


def _seen(scheme: Scheme, twin: Scheme | None, year: int) -> int:
    """The year, or the one before it in which the scheme was first planned where that may have left a trace."""
    begins = scheme.first_year + scheme.delay_years
    alike = twin is not None and all(
        getattr(scheme, key) == getattr(twin, key) for key in ("first_year", "delay_years", "plan_years")
    )
    runs = all(scheme.in_force(before) is not None for before in range(begins, year))
    return year if alike and runs else min(year, begins)


class Branch(NamedTuple):
    """From whose state a scenario starts, by its place in the family, and in which year; NEVER is a run that is its."""

    parent: int
    year: int


class Family:
    """Scenarios that are run together, under one draw and seed after another.

    Parameters
    ----------
    inputs : the folder of an input set, by default that of the package
    roots : how many of the first scenarios others may start from, by default all; with few it is known sooner who
        starts where, and many scenarios share little that their roots don't

    Attributes
    ----------
    branches : for each scenario the one before it with which it shares most years; None for who is built
    """

    def __init__(self, scenarios: Sequence[Scenario], *, inputs: Path | None = None, roots: int | None = None) -> None:
        self.scenarios, self.inputs, self.roots = tuple(scenarios), inputs, roots
        self.branches: list[Branch | None] = []
        for scenario in self.scenarios:
            self.branches.append(self._branch(scenario))

    def _branch(self, scenario: Scenario) -> Branch | None:
        """The branch of the next scenario; of others with which it shares as much it starts from the first."""
        found = None
        for place, branch in enumerate(self.branches[: self.roots]):
            year = first_difference(self.scenarios[place], scenario)
            year = NEVER if year is None else year
            made = branch is None or branch.year != NEVER
            if made and year > scenario.years.first and (found is None or year > found.year):
                found = Branch(place, year)
        return found

    def simulate(self, *, draw: Draw = CENTRAL, seed: int = 1, fraction: float = FRACTION) -> list[NDArray[np.float64]]:
        """The run of each scenario, as `education.simulate` makes it: same bytes, fewer years.

        In memory are the country that was built and, for each branch between it and the run, one more.
        """
        runs: dict[int, NDArray[np.float64]] = {}
        for place, branch in enumerate(self.branches):
            if branch is None:
                scenario, inputs = self.scenarios[place], load_inputs(self.inputs)
                built = TechnicalEducation(scenario, draw=draw, rng=seed, fraction=fraction, inputs=inputs)
                runs.update(self._finish(place, built))
        return [runs[place] for place in range(len(self.scenarios))]

    def _finish(self, place: int, model: TechnicalEducation) -> Iterator[tuple[int, NDArray[np.float64]]]:
        """Step a model to its end, and those that start from it before it goes on."""
        starting = [(branch.year, at) for at, branch in enumerate(self.branches) if branch and branch.parent == place]
        try:
            for year, at in sorted(starting):
                while model.year < min(year - 1, model.policy.years.last):
                    model.step()
                if year != NEVER:
                    yield from self._finish(at, model.fork(self.scenarios[at]))
            run = model.run()
        finally:
            model.pupils.let_go()
        yield place, run
        yield from ((at, run.copy()) for year, at in starting if year == NEVER)


def simulate_family(
    scenarios: Sequence[Scenario],
    *,
    draw: Draw = CENTRAL,
    seed: int = 1,
    fraction: float = FRACTION,
    inputs: Path | None = None,
) -> list[NDArray[np.float64]]:
    """The runs of scenarios under one draw and seed; for many draws make the Family once."""
    return Family(scenarios, inputs=inputs).simulate(draw=draw, seed=seed, fraction=fraction)
