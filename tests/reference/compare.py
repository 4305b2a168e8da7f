"""The fast model and the slow one side by side, person by person; run it to see the count.

python tests/reference/compare.py --scenario no_sto --seed 2 --years 6 --fraction 0.05
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from institutions import Institutions, Rules
from pupils_year import PupilsYear

from doorstroom.agents.pupils import ATTRIBUTES
from doorstroom.education import TechnicalEducation
from doorstroom.scenario import Scenario
from doorstroom.terms import Stage, Track

EVERYWHERE = ("stage", "region")
OF_STAGE: dict[Stage, tuple[str, ...]] = {
    Stage.VO: ("track", "grade", "profile", "school"),
    Stage.MBO: ("level", "pathway", "field", "study_year", "college"),
    Stage.TECHNICIAN: ("level", "pathway", "field"),
    Stage.OTHER_WORK: ("level", "pathway", "field"),
}
"""What a person's decisions have come to, by the stage they are in."""
ADDED_TOLERANCE = 1e-6
"""Interest is kept in single precision by the fast model and in double precision by the slow one."""


class Outcome(NamedTuple):
    """What a comparison came to; seconds are those of the pupils' year alone."""

    persons: int
    decisions: Counter[str]
    differences: list[str]
    fast_seconds: float
    slow_seconds: float


class SideBySide:
    """A fast model whose pupils' year is taken again by one agent per person.

    Parameters
    ----------
    scenario, draw, seed, fraction : as of TechnicalEducation

    Attributes
    ----------
    started_with, newcomers : traits by number of the people of the start, and of who came in the last year
    now : what people met in the last year
    """

    def __init__(self, scenario: Scenario | str | Path, *, seed: int = 1, draw: int = 0, fraction: float = 0.02):
        self.fast = TechnicalEducation(scenario, rng=seed, draw=draw, fraction=fraction)
        self.slow = PupilsYear(Rules(self.fast), seed)
        here = np.flatnonzero(self.fast.pupils.stage != Stage.FUTURE)
        self.started_with = dict(self._traits(here))
        for number, traits in self.started_with.items():
            self.slow.add(number, traits)
        self.fast_seconds = self.slow_seconds = 0.0
        self._watch()

    def _watch(self) -> None:
        """Take down the institutions just before the fast pupils' year, and time its four parts."""
        fast = self.fast
        pupils_year = fast.secondary.year

        def look_and_go() -> None:
            self.now = Institutions.of(fast)
            self._timed(pupils_year)()

        fast.secondary.year = look_and_go  # type: ignore[method-assign]
        for part, name in ((fast.builder, "enter"), (fast.students, "year"), (fast.students, "look_for_work")):
            setattr(part, name, self._timed(getattr(part, name)))

    def _timed(self, function: Callable[..., None]) -> Callable[..., None]:
        def run(*arguments: Any) -> None:
            start = time.perf_counter()
            function(*arguments)
            self.fast_seconds += time.perf_counter() - start

        return run

    def _traits(self, rows: np.ndarray) -> Iterable[tuple[int, dict[str, Any]]]:
        table = [getattr(self.fast.pupils, name)[rows].tolist() for name in ATTRIBUTES]
        people = zip(*table, strict=True)
        return ((row, dict(zip(ATTRIBUTES, one, strict=True))) for row, one in zip(rows.tolist(), people, strict=True))

    def step(self) -> None:
        """One school year of both."""
        self.fast.step()
        self.newcomers = dict(self._traits(np.flatnonzero(self._entered_this_year())))
        start = time.perf_counter()
        self.slow.year(self.now, self.newcomers)
        self.slow_seconds += time.perf_counter() - start

    def _entered_this_year(self) -> np.ndarray:
        people = self.fast.pupils
        return (people.entered == self.fast.year) & (people.stage != Stage.FUTURE)

    def differences(self) -> list[str]:
        """Every attribute of every person in which the two models differ."""
        people, found = self.fast.pupils, []
        for number, person in self.slow.people.items():
            names: tuple[str, ...] = EVERYWHERE + OF_STAGE.get(person.stage, ())
            if person.stage == Stage.VO and person.track == Track.LOWER:
                names += ("toward", "upper")
            found += [
                f"{self.fast.year}, person {number}: {name} {getattr(people, name)[number]}, "
                f"one by one {int(getattr(person, name))}"
                for name in names
                if getattr(people, name)[number] != getattr(person, name)
            ]
            if abs(people.added[number] - person.added) > ADDED_TOLERANCE:
                found.append(f"{self.fast.year}, person {number}: interest {people.added[number]}, {person.added}")
        missing = np.flatnonzero(people.stage != Stage.FUTURE)
        if len(missing) != len(self.slow.people):
            found.append(f"{self.fast.year}: {len(missing)} persons, one by one {len(self.slow.people)}")
        return found

    def run(self, years: int) -> Outcome:
        """So many school years, compared at the end of each."""
        found: list[str] = []
        for _ in range(years):
            self.step()
            found += self.differences()
        slow = self.slow
        return Outcome(len(slow.people), slow.decisions, found, self.fast_seconds, self.slow_seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", default="baseline")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--fraction", type=float, default=0.02)
    asked = parser.parse_args()
    pair = SideBySide(asked.scenario, seed=asked.seed, draw=asked.draw, fraction=asked.fraction)
    outcome = pair.run(asked.years)
    print(f"{asked.scenario}, draw {asked.draw}, seed {asked.seed}, {asked.years} school years")
    for kind, times in outcome.decisions.items():
        print(f"{times:>12,}  {kind}")
    print(f"{outcome.persons:>12,}  persons compared")
    print(f"{outcome.decisions.total():>12,}  decisions compared")
    print(f"{len(outcome.differences):>12,}  differences")
    print(f"{outcome.slow_seconds / outcome.fast_seconds:>12,.0f}  times as fast as one by one")
    print(*outcome.differences[:20], sep="\n")


if __name__ == "__main__":
    main()
