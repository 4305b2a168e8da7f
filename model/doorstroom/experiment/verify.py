"""Make runs of a stored study again and say whether every byte agrees, and if not, what differs."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from doorstroom.errors import DoorstroomError
from doorstroom.experiment.model import Simulate, model_on
from doorstroom.experiment.provenance import Difference, differences
from doorstroom.experiment.stored import Kept, KeptRun
from doorstroom.experiment.worker_setup import one_thread

SAMPLE = 3
"""Runs that are made again when nobody says how many."""


class Checked(NamedTuple):
    """A run that was made again; `fault` is empty where every byte agrees."""

    run: KeptRun
    fault: str


class Verdict(NamedTuple):
    """What came of it: the runs made again, and what differs between then and now."""

    checked: list[Checked]
    differs: list[Difference]

    @property
    def agrees(self) -> bool:
        """Whether every run that was made again agrees."""
        return bool(self.checked) and not any(one.fault for one in self.checked)


def verify(
    folder: Path,
    *,
    runs: int | None = SAMPLE,
    simulate: Simulate | None = None,
    finished: Callable[[Checked], None] = lambda checked: None,
) -> Verdict:
    """Make a random sample of the runs of a study again, or all where `runs` is None.

    Raises
    ------
    StoreError
        When the folder holds no study, or one that isn't finished.
    """
    study = Kept(folder)
    differs = differences(folder, study.results.manifest, study.inputs)
    wanted = list(range(len(study.runs)))
    if runs is not None and runs < len(wanted):
        wanted = sorted(random.SystemRandom().sample(wanted, runs))
    checked = []
    for at in wanted:
        one = Checked(study.runs[at], _fault(study, study.runs[at], simulate))
        checked.append(one)
        finished(one)
    return Verdict(checked, differs)


def _fault(study: Kept, run: KeptRun, simulate: Simulate | None) -> str:
    """How a run that is made again differs from what its study keeps of it; empty where it does not."""
    if simulate is None:
        simulate = model_on(study.inputs)
    try:
        with one_thread():  # as when it was made
            values = simulate(run.scenario, draw=run.draw(), seed=run.seed, fraction=study.results.manifest.fraction)
    except DoorstroomError as error:
        return f"can't be made again: {error}"
    return study.fault(run, values)
