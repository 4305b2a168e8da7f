"""Make runs of a stored study again and say whether every byte agrees, and if not, what differs."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from doorstroom.errors import DoorstroomError
from doorstroom.experiment.derived import faults
from doorstroom.experiment.precision import checksum
from doorstroom.experiment.provenance import Difference, differences
from doorstroom.experiment.run_store import RunStore
from doorstroom.experiment.stored import Kept, KeptRun
from doorstroom.experiment.worker_setup import one_thread

SAMPLE = 3
"""Runs that are made again when nobody says how many."""


class Checked(NamedTuple):
    """A run that was made again; `fault` is empty where every byte agrees."""

    run: KeptRun
    fault: str


class Verdict(NamedTuple):
    """What came of it.

    Attributes
    ----------
    checked : the runs made again
    differs : what differs between then and now
    faults : what isn't what the question and the runs of the study give
    """

    checked: list[Checked]
    differs: list[Difference]
    faults: list[str]

    @property
    def agrees(self) -> bool:
        """Whether every run that was made again agrees, and what is derived from them."""
        return bool(self.checked) and not self.faults and not any(one.fault for one in self.checked)


def verify(
    study: Kept,
    *,
    runs: int | None = SAMPLE,
    keep: Path | None = None,
    finished: Callable[[Checked], None] = lambda checked: None,
) -> Verdict:
    """Make a random sample of the runs of a study again, or all where `runs` is None, and all that follows from them.

    Parameters
    ----------
    keep : folder that gets the runs made again, as a study's folder has them
    """
    manifest = study.results.manifest
    differs = differences(study.results.folder, manifest, study.inputs)
    wanted = list(range(len(study.runs)))
    if runs is not None and runs < len(wanted):
        wanted = sorted(random.SystemRandom().sample(wanted, runs))
    store = None if keep is None else RunStore(keep, study.layout())
    checked = []
    for at in wanted:
        one = Checked(study.runs[at], _fault(study, study.runs[at], store))
        checked.append(one)
        finished(one)
    return Verdict(checked, differs, faults(study))


def _fault(study: Kept, run: KeptRun, store: RunStore | None) -> str:
    """How a run that is made again differs from what its study keeps of it; empty where it does not."""
    simulate, fraction = study.experiment.model.simulate, study.results.manifest.fraction
    try:
        with one_thread():  # as when it was made
            values = simulate(run.scenario, draw=run.draw(), seed=run.seed, fraction=fraction)
    except DoorstroomError as error:
        return f"can't be made again: {error}"
    if store is not None:
        store.append([run.identity], values[None][:, :, list(store.layout.regions)], [checksum(values)], 0.0)
    return study.fault(run, values)
