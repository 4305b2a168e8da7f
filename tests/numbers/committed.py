"""The committed numbers: what a few small runs gave, so that a change of results is seen and reviewed, never silent.

    python tests/numbers/committed.py            what differs from the committed numbers
    python tests/numbers/committed.py --write    make today's numbers the committed ones; say why in the commit

One file per run, one row per recorded series, for some years the country's value and a sum over regions weighted by
their row, in which also a shift between regions shows.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from doorstroom.education import TechnicalEducation
from doorstroom.experiment.installation import write_expected
from doorstroom.outcomes import COUNTS

FOLDER = Path(__file__).parent
FRACTION = 0.02
YEARS = (2019, 2020, 2021, 2025, 2030, 2040)
TOLERANCE = 1e-9
"""Relative. One person deciding otherwise is at least a hundred times as much; sums in another order are less."""


class Run(NamedTuple):
    """A run whose numbers are committed; all of them have seed 1."""

    scenario: str
    draw: int

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.scenario}_draw{self.draw}.csv"


RUNS = (Run("baseline", 0), Run("baseline", 3), Run("no_sto", 0), Run("no_sto", 3))
Row = dict[str, str]


def rows(model: TechnicalEducation) -> list[Row]:
    """The numbers of a finished model as they are committed."""
    counts = np.stack(model.history)
    by_part = {"country": counts.sum(axis=1), "regions": np.arange(1.0, counts.shape[1] + 1) @ counts}
    return [
        {"outcome": outcome, "group": group, "part": part}
        | {str(year): f"{numbers[year - model.policy.years.first, column]:.12g}" for year in YEARS}
        for column, (outcome, group) in enumerate(COUNTS)
        for part, numbers in by_part.items()
    ]


def read(run: Run) -> list[Row]:
    with run.file.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(run: Run, found: list[Row]) -> None:
    with run.file.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, found[0], lineterminator="\n")
        table.writeheader()
        table.writerows(found)


def differences(committed: list[Row], found: list[Row]) -> Iterator[str]:
    """One line per number that differs."""

    def named(table: list[Row]) -> dict[tuple[str, ...], Row]:
        return {(row["outcome"], row["group"], row["part"]): row for row in table}

    before, now = named(committed), named(found)
    for series in sorted(before.keys() ^ now.keys()):
        yield f"{' '.join(series)}: {'gone' if series in before else 'new'}"
    for series in (series for series in now if series in before):
        for year in map(str, YEARS):
            was, became = float(before[series][year]), float(now[series][year])
            if not np.isclose(became, was, rtol=TOLERANCE, atol=1e-12, equal_nan=True):
                yield f"{' '.join(series)} {year}: {was:.12g} -> {became:.12g}"


def main() -> None:
    for run in RUNS:
        model = TechnicalEducation(run.scenario, draw=run.draw, rng=1, fraction=FRACTION)
        model.run()
        found = rows(model)
        changed = list(differences(read(run), found)) if run.file.exists() else ["new"]
        print(f"{run.file.name}: {len(changed)} of {len(found) * len(YEARS)} numbers differ")
        print(*changed[:10], sep="\n")
        if "--write" in sys.argv:
            write(run, found)
    if "--write" in sys.argv:
        write_expected()


if __name__ == "__main__":
    main()
