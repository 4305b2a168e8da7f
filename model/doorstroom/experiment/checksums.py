"""One row per run: the checksum of its content, and a few of its numbers. Small enough to be kept where runs are not.

`runs.csv` is how a study that is committed without its runs can still be verified to the last byte.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.errors import StoreError, explain
from doorstroom.experiment.precision import checksum, kept
from doorstroom.experiment.results import Results
from doorstroom.experiment.run_store import RunReader
from doorstroom.experiment.whole_files import atomic
from doorstroom.outcomes import COLUMN, COUNTRY, TOTAL

FILE: Final = "runs.csv"
_OUTCOMES: Final = (
    "vmbo_technique_pupils", "teacher_fte", "unfilled_fte", "mbo_technique_inflow", "technical_entrants",
    "technical_vacancies", "profile_locations", "granted",
)  # fmt: skip
_HEAD: Final = ("label", "draw", "seed", "identity", "checksum")


class Proof(NamedTuple):
    """What is known of a run without its file; `numbers` by column name, such as teacher_fte_2030."""

    checksum: str
    numbers: dict[str, str]


def write(results: Results) -> Path:
    """Write runs.csv for all runs of a study that are there."""
    text, first = io.StringIO(), results.manifest.first_year
    reader = RunReader(results.folder)
    known = {
        run: Proof(reader.checksum(run), numbers(values, first)) for run, values, _ in reader.each(_there(results))
    }
    writer = csv.writer(text, lineterminator="\n")
    head = next(iter(known.values())).numbers if known else {}
    writer.writerow([*_HEAD, *head])
    names = np.array(results.identities, dtype=object).reshape(results.made.shape)
    for point, seed, structure, label in np.argwhere(results.made):
        run = names[point, seed, structure, label]
        place = [results.labels[label], results.draw_number(point), results.streams[point, seed], run]
        writer.writerow([*place, known[run].checksum, *known[run].numbers.values()])
    path = results.folder / FILE
    with atomic(path) as file:
        file.write(text.getvalue().encode())
    return path


def _there(results: Results) -> list[str]:
    return [run for run, made in zip(results.identities, results.made.ravel(), strict=True) if made]


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
            proofs[row["identity"]] = Proof(row["checksum"], {key: row[key] for key in row if key not in _HEAD})
    except (OSError, ValueError, KeyError, csv.Error) as error:
        raise StoreError(explain(path, "rows", str(error), f"the columns {', '.join(_HEAD)} and numbers")) from error
    return proofs


def numbers(values: NDArray[np.float64], first_year: int) -> dict[str, str]:
    """Some numbers of the country in the middle and in the last year, with all their digits.

    Parameters
    ----------
    values : shape (years, 1 + regions, series)
    """
    years = (len(values) // 2, len(values) - 1)
    return {
        f"{name}_{first_year + at}": repr(float(values[at, COUNTRY, COLUMN[name, TOTAL]]))
        for name in _OUTCOMES
        for at in years
    }


def compare(proof: Proof, again: NDArray[np.float64], first_year: int) -> str:
    """How a run that was made again differs from its proof; empty where it does not."""
    if checksum(again) == proof.checksum:
        return ""
    now = numbers(kept(again), first_year)
    for name, then in proof.numbers.items():
        if now.get(name) != then:
            return f"the checksum differs; {name}: {then} then, {now.get(name, 'not there')} now"
    return "the checksum differs, the few numbers in runs.csv don't"
