"""Runs of the model counted by school location, for figures of a part of the country.

What a run yields is by region. A file of one municipality or of three schools is held against the same locations of
the model, so its runs are made with a count per location, of pupils and exam candidates alone. The counts are kept
beside the store, so that another file of other locations needs no new run.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorstroom.evidence.ensemble import Ensemble, Series, Task
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.inputs.figures import EXAMS, FOURTH, THIRD, UPPER
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import COLUMN, COUNTS, complete

Floats = NDArray[np.float64]

_OUTCOMES: Final = {
    name
    for schooling in (*EXAMS, *THIRD, *FOURTH, *UPPER)
    for name in (schooling.everybody, *(chosen.number for chosen in schooling.chosen))
}
LOCAL: Final = [column for column, (outcome, _) in enumerate(COUNTS) if outcome in _OUTCOMES]
"""Columns of COUNTS that are kept per location."""


def ensemble_at(
    locations: Collection[str], tasks: Sequence[Task], series: Sequence[Series], *, folder: Path, processes: int
) -> Ensemble:
    """Series of these locations together in every run, in the place of the country's.

    Parameters
    ----------
    tasks : the runs, of one scenario
    folder : where the counts per location are kept
    """
    kept = folder / "locations"
    made(kept)
    files = [kept / f"{task.identity}.npz" for task in tasks]
    missing = [(task, file) for task, file in zip(tasks, files, strict=True) if not file.exists()]
    if processes > 1 and len(missing) > 1:
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            list(pool.map(_keep, *zip(*missing, strict=True)))
    else:
        for task, file in missing:
            _keep(task, file)
    at = load_inputs().locations["location"].isin(locations).to_numpy()
    columns = [COLUMN[one] for one in series]
    values = []
    for file in files:
        with np.load(file) as stored:
            here = stored["counts"][:, at].sum(axis=1, dtype=np.float64)
        counts = np.zeros((len(here), 1, len(COUNTS)))
        counts[:, 0, LOCAL] = here
        values.append(complete(counts)[:, :1, columns])
    return Ensemble(tasks[0].scenario.years.first, tuple(series), np.stack(values))


def count_locations(task: Task) -> Floats:
    """One run's counts, shape (years, locations, len(LOCAL))."""
    from doorstroom.education import TechnicalEducation
    from doorstroom.indicators import record_locations

    model = TechnicalEducation(task.scenario, draw=task.draw, rng=task.seed, fraction=task.fraction)
    try:
        counts = [record_locations(model)[:, LOCAL]]
        while model.year < task.scenario.years.last:
            model.step()
            counts.append(record_locations(model)[:, LOCAL])
    finally:
        model.pupils.let_go()
    return np.stack(counts)


def _keep(task: Task, file: Path) -> None:
    with atomic(file) as target:
        np.savez_compressed(target, counts=count_locations(task).astype(np.float32))
