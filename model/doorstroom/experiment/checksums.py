"""One row per run: the checksum of its content, and a few of its numbers. Small enough to be kept where runs are not.

`runs.csv` is how a study that is committed without its runs can still be verified to the last byte. Its manifest
binds it by the root of a Merkle tree over its lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.errors import StoreError, explain
from doorstroom.experiment.merkle import root
from doorstroom.experiment.precision import checksum, kept
from doorstroom.experiment.results import Results
from doorstroom.experiment.run_store import RunReader
from doorstroom.experiment.table import Layout
from doorstroom.experiment.whole_files import atomic
from doorstroom.outcomes import COUNTRY, TOTAL

FILE: Final = "runs.csv"
_OUTCOMES: Final = (
    "vmbo_technique_pupils", "teacher_fte", "unfilled_fte", "mbo_technique_inflow", "technical_entrants",
    "technical_vacancies", "profile_locations", "granted",
)  # fmt: skip
_HEAD: Final = ("label", "draw", "seed", "identity", "checksum", "kept")


class Proof(NamedTuple):
    """What is known of a run without its file.

    Attributes
    ----------
    checksum : of all digits of all numbers
    kept : of those that are kept
    numbers : some of them, by column name, such as teacher_fte_2030
    """

    checksum: str
    kept: str
    numbers: dict[str, str]


def rows_of(results: Results, runs: Collection[str] | None = None) -> str:
    """What runs.csv says of the runs of a study that are there, in the order of the study.

    Parameters
    ----------
    runs : identities of those that are there; None is those that `results` says were made
    """
    text, first = io.StringIO(), results.manifest.first_year
    names = np.array(results.identities, dtype=object).reshape(results.made.shape)
    wanted = set(names[results.made]) if runs is None else set(runs)
    reader = RunReader(results.folder)
    known = {
        run: Proof(reader.checksum(run), checksum(values), numbers(values, first, layout))
        for run, values, layout in reader.each([run for run in results.identities if run in wanted])
    }
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_HEAD, *(next(iter(known.values())).numbers if known else {})])
    for point, seed, structure, label in np.ndindex(results.made.shape):
        run = str(names[point, seed, structure, label])
        if run in known:
            place = [results.labels[label], results.draw_number(point), results.streams[point, seed], run]
            writer.writerow([*place, known[run].checksum, known[run].kept, *known[run].numbers.values()])
    return text.getvalue()


def write(results: Results) -> str:
    """Write runs.csv for all runs of a study that are there; gives the root of the tree over its lines."""
    text = rows_of(results)
    with atomic(results.folder / FILE) as file:
        file.write(text.encode())
    return root_of(text)


def root_of(text: str) -> str:
    """Root of the Merkle tree over the lines of runs.csv."""
    return root(text.removesuffix("\n").split("\n"))


def read(folder: Path) -> dict[str, Proof]:
    """Proofs by the identity of the run; empty where there is no runs.csv."""
    path = folder / FILE
    if not path.exists():
        return {}
    proofs = {}
    try:
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
            if None in row or None in row.values():
                raise ValueError(f"a row of another length than the heading: {next(iter(row.values()))}")
            numbers_of = {key: row[key] for key in row if key not in _HEAD}
            proofs[row["identity"]] = Proof(row["checksum"], row.get("kept", ""), numbers_of)
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise StoreError(explain(path, "rows", str(error), f"the columns {', '.join(_HEAD)} and numbers")) from error
    return proofs


def numbers(values: NDArray[np.float64], first_year: int, layout: Layout) -> dict[str, str]:
    """Some numbers of the country in the middle and in the last year, with all their digits; those that are kept.

    Parameters
    ----------
    values : shape of the layout
    """
    if COUNTRY not in layout.regions:
        return {}
    years, row = (len(values) // 2, len(values) - 1), layout.regions.index(COUNTRY)
    columns = {name: layout.series.index((name, TOTAL)) for name in _OUTCOMES if (name, TOTAL) in layout.series}
    return {
        f"{name}_{first_year + at}": repr(float(values[at, row, column]))
        for name, column in columns.items()
        for at in years
    }


def compare(proof: Proof, again: NDArray[np.float64], first_year: int, layout: Layout) -> str:
    """How a run made again, shape (years, 1 + regions, series), differs from its proof; empty where it does not."""
    if checksum(again) == proof.checksum:
        return ""
    now = numbers(kept(again)[:, list(layout.regions)], first_year, layout)
    for name, then in proof.numbers.items():
        if now.get(name) != then:
            return f"the checksum differs; {name}: {then} then, {now.get(name, 'not there')} now"
    return "the checksum differs, the few numbers in runs.csv don't"
