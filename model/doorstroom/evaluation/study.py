"""A study of designs, made world by world: what a world told is kept, and the study goes on where it was stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.branching import simulate_family
from doorstroom.errors import StoreError
from doorstroom.evaluation.file import Evaluation, load_evaluation
from doorstroom.evaluation.learning import Finding, Row, diagnosed, observe
from doorstroom.evaluation.worlds import make_world
from doorstroom.experiment.pieces import claim, make_missing
from doorstroom.experiment.posterior import load as load_posterior
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.experiment.worker_setup import one_thread
from doorstroom.inputs.sets import load_inputs
from doorstroom.parameters import Draw
from doorstroom.scenario import Scenario
from doorstroom.source import code_identity
from doorstroom.source import identity_of as source_identity

WORLDS: Final = "worlds"
ESTIMATES: Final = "estimates.parquet"


class Learned(NamedTuple):
    """A finished study: its file's content, what every method told in every world, and what was found."""

    study: Evaluation
    identity: str
    rows: pd.DataFrame
    findings: list[Finding]


class _Job(NamedTuple):
    """A world to be made."""

    number: int
    study: Evaluation


def identity_of(study: Evaluation) -> str:
    """SHA-256 over all that can change an estimate: what the file asks, scenario, draws, inputs, model and analysis."""
    content = study.model_dump(mode="json", exclude={"worlds", "title", "question", "posterior"})
    draws = None if study.posterior is None else load_posterior(study.posterior).about
    parts = [content, draws, study.policy().identity(), load_inputs().identity, code_identity()]
    parts.append(source_identity("evaluation.worlds") + source_identity("evaluation.learning"))
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def evaluate(
    file: Path, folder: Path, *, processes: int = 1, told: Callable[[int, int], None] = lambda done, of: None
) -> Learned:
    """Make the worlds of a study that aren't there yet, and diagnose its designs.

    Parameters
    ----------
    folder : of the study; one that holds another study, or one made with other code, is refused
    told : called with the worlds that are there and those asked for

    Raises
    ------
    StoreError
        Where the folder holds something else.
    RunError
        Where a world can't be made.
    """
    study = load_evaluation(file)
    identity = identity_of(study)
    claim(folder, identity, "a study of another file, code or inputs", title=study.title.en)
    kept = made(folder / WORLDS)
    make_missing(
        [_Job(number, study) for number in range(1, study.worlds + 1)],
        make,
        part=lambda job: _part(kept, job.number),
        keep=lambda part, rows: rows.to_parquet(part, index=False),
        name=lambda job: f"world {job.number}",
        processes=processes,
        told=told,
    )
    return finished(study, identity, folder)


def make(job: _Job) -> pd.DataFrame:
    """What one world tells."""

    def run(scenarios: Sequence[Scenario], draw: Draw, seed: int, fraction: float) -> list[NDArray[np.float64]]:
        return simulate_family(scenarios, draw=draw, seed=seed, fraction=fraction)

    with one_thread():
        return pd.DataFrame(
            observe(make_world(job.number, job.study, load_inputs(), run), job.study), columns=Row._fields
        )


def finished(study: Evaluation, identity: str, folder: Path) -> Learned:
    """The study of which all worlds are there; writes them as one table, whose order is that of the worlds."""
    rows = pd.concat(list(_parts(folder / WORLDS, study.worlds)), ignore_index=True)
    with atomic(folder / ESTIMATES) as table:
        rows.to_parquet(table, index=False)
    return Learned(study, identity, rows, diagnosed(study, rows))


def _part(folder: Path, number: int) -> Path:
    return folder / f"{number:05}.parquet"


def _parts(folder: Path, count: int) -> Iterator[pd.DataFrame]:
    for number in range(1, count + 1):
        try:
            yield pd.read_parquet(_part(folder, number))
        except (OSError, ValueError) as error:
            raise StoreError(f"{_part(folder, number)}: can't be read; remove it and start again") from error
