"""How a study stands: how much of it is there, who is working on it, and how long it will take."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple

from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.heartbeat import present
from doorstroom.experiment.manifest import Manifest, holds_a_study
from doorstroom.experiment.plan import manifest_of, plan_of
from doorstroom.experiment.results import RUNS
from doorstroom.experiment.run_index import Ledger, failures
from doorstroom.experiment.workers import processors


class Standing(NamedTuple):
    """How a study stands.

    Attributes
    ----------
    there, asked : runs that are in the store, and all that the study may come to
    stale : runs in the folder that were made for another question, or with other code or inputs
    failed : failures as they were written down
    workers : processes that are making runs now
    rate : runs per second of those, 0 where nobody is at work
    seconds : that a run has taken, on average; NaN where none was made
    damaged : parts of the store that were set aside
    finished : whether the tables are written
    """

    title: str
    folder: Path
    there: int
    asked: int
    stale: int
    failed: list[dict[str, Any]]
    workers: int
    rate: float
    seconds: float
    damaged: int
    finished: bool

    @property
    def left(self) -> float:
        """Seconds until all that may be asked is there, at the rate of now or with one process per processor."""
        missing = self.asked - self.there - len(self.failed)
        rate = self.rate or processors() / self.seconds
        return missing / rate if rate > 0 else float("nan")


def standing(experiment: Experiment, folder: Path) -> Standing:
    """How a study stands in its folder; nothing is made, and nothing written where nothing is."""
    plan = plan_of(experiment)
    there, stale, damaged, seconds = 0, 0, 0, float("nan")
    if (folder / "runs").is_dir():
        ledger = Ledger(plan, folder)
        ledger.visit(0, plan.runs)
        there, _ = ledger.count(0, plan.runs)
        stale = ledger.stale()
        damaged = len(ledger.store.damaged())
        seconds = ledger.seconds / ledger.timed if ledger.timed else seconds
    notes = present(folder)
    rate = sum(note["made"] / max(time.time() - note["started"], 1.0) for note in notes)
    kept = Manifest.load(folder) if (folder / RUNS).exists() and holds_a_study(folder) else None
    finished = kept is not None and kept.ended is not None and kept.study == manifest_of(plan).study
    return Standing(
        experiment.file.title,
        folder,
        there,
        plan.runs,
        stale,
        failures(folder),
        len(notes),
        rate,
        seconds,
        damaged,
        finished,
    )
