"""The ledger: which runs of a plan are there, and what the study reads from each of them."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from doorstroom.experiment.identity import digest
from doorstroom.experiment.manifest import now
from doorstroom.experiment.plan import Plan
from doorstroom.experiment.run_store import NOTHING, Reading, RunStore
from doorstroom.experiment.whole_files import atomic, made

Floats = NDArray[np.float64]

FAILURES: Final = "failures"

_LOOK: Final = 2.0
"""Seconds between looks at what other processes have added to the folder."""


class State(IntEnum):
    """Of a run."""

    UNKNOWN = 0
    IN_HAND = 1
    THERE = 2
    FAILED = 3


class Ledger:
    """The runs of a plan in a folder.

    Runs of one identity are one: it gets a slot when it is first met, in the plan or in the store.

    Attributes
    ----------
    seconds, timed : time that the runs in the store took together, and how many those are
    """

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        asked = digest([(*one.years, one.region, one.outcome, one.group) for one in plan.file.outcomes.values()])
        self.store = RunStore(folder, plan.layout, Reading(plan.readings, asked) if plan.file.outcomes else NOTHING)
        self.seconds = 0.0
        self.timed = 0
        self._slots: dict[str, int] = {}
        self._slot = np.full(plan.runs, -1, np.int64)  # of every run that was visited
        self._names: list[str] = [""] * plan.runs
        self._state = np.zeros(1024, np.int8)
        self._readings = np.full((1024, len(plan.file.outcomes)), np.nan)
        self._looked = -np.inf
        self.look()

    def look(self, *, only_if_due: bool = False) -> None:
        """See which runs have come into the folder."""
        if only_if_due and time.monotonic() - self._looked < _LOOK:
            return
        for part in self.store.news():
            slots = self._slots_of(part.runs)
            self._state[slots] = State.THERE
            self._readings[slots] = part.readings
            self.seconds += part.seconds
            self.timed += len(part.runs)
        self._looked = time.monotonic()

    def visit(self, start: int, stop: int) -> NDArray[np.int64]:
        """The runs start..stop-1 that have to be made, each identity once."""
        names = self.plan.identities(start, stop)
        slots = self._slots_of(names)
        self._slot[start:stop] = slots
        self._names[start:stop] = names
        _, first = np.unique(slots, return_index=True)
        first.sort()
        return start + first[self._state[slots[first]] == State.UNKNOWN]

    def names(self, runs: NDArray[np.int64] | range) -> list[str]:
        """Identities of runs that were visited."""
        return [self._names[run] for run in (runs if isinstance(runs, range) else runs.tolist())]

    def take(self, runs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Those of the runs that nobody has made meanwhile; they are in hand from now on."""
        missing = runs[self._state[self._slot[runs]] == State.UNKNOWN]
        self._state[self._slot[missing]] = State.IN_HAND
        return missing

    def keep(
        self, runs: NDArray[np.int64], values: NDArray[np.floating[Any]], checksums: Sequence[str], seconds: float
    ) -> None:
        """These runs were made; they are in the store when this returns."""
        if len(runs):
            readings = self.store.append(self.names(runs), values, checksums, seconds)
            self._state[self._slot[runs]] = State.THERE
            self._readings[self._slot[runs]] = readings
            self.seconds += seconds
            self.timed += len(runs)

    def fail(self, run: int, error: str, trace: str) -> None:
        """This run failed: its error, its place and the command that makes it again are written down."""
        self._state[self._slot[run]] = State.FAILED
        identity = self._names[run]
        place = self.plan.place(run)
        entry = {
            "run": run,
            "identity": identity,
            "scenario": place.world.label,
            "structure": place.world.structure,
            "point": place.point,
            "seed": place.seed,
            "error": error,
            "command": self.plan.command(run, self.store.folder),
            "when": now(),
            "traceback": trace,
        }
        folder = self.store.folder / FAILURES
        made(folder)
        with atomic(folder / f"{identity}.json") as file:
            file.write(json.dumps(entry, indent=1).encode())

    def forgive(self) -> None:
        """Forget failures of runs that are there now, or that are no longer asked."""
        for entry in failures(self.store.folder):
            slot = self._slots.get(entry["identity"])
            if slot is None or self._state[slot] == State.THERE:
                with contextlib.suppress(OSError):
                    (self.store.folder / FAILURES / f"{entry['identity']}.json").unlink()

    def count(self, first: int, last: int) -> tuple[int, int]:
        """How many of the runs first..last-1 are there, and how many failed, as far as they have been visited."""
        slots = self._slot[first:last]
        states = self._state[slots[slots >= 0]]
        return int(np.count_nonzero(states == State.THERE)), int(np.count_nonzero(states == State.FAILED))

    def stale(self) -> int:
        """How many runs in the folder are not of this plan, all of whose runs must have been visited."""
        there = int(np.count_nonzero(self._state[: len(self._slots)] == State.THERE))
        return there - len(np.unique(self._slot[self._state[self._slot] == State.THERE]))

    def there(self, stop: int) -> NDArray[np.bool_]:
        """Which of the runs 0..stop-1 are in the store."""
        return (self._slot[:stop] >= 0) & (self._state[self._slot[:stop]] == State.THERE)

    def readings(self, stop: int) -> Floats:
        """What the runs 0..stop-1 say, shape (runs, outcomes); NaN where a run is not there."""
        return np.where((self._slot[:stop] >= 0)[:, None], self._readings[self._slot[:stop]], np.nan)

    def _slots_of(self, identities: Sequence[str]) -> NDArray[np.int64]:
        known = self._slots
        slots = np.array([known.setdefault(identity, len(known)) for identity in identities], np.int64)
        while len(known) > len(self._state):
            self._state = np.concatenate([self._state, np.zeros_like(self._state)])
            self._readings = np.concatenate([self._readings, np.full_like(self._readings, np.nan)])
        return slots


def failures(folder: Path) -> list[dict[str, Any]]:
    """Runs that failed, as they were written down, in the order of their numbers."""
    entries = []
    for path in sorted((Path(folder) / FAILURES).glob("*.json")):
        try:
            entry = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            continue  # being replaced by another process
        if _is_failure(entry, path):
            entries.append(entry)
    return sorted(entries, key=lambda entry: entry["run"])


def _is_failure(entry: Any, path: Path) -> bool:
    """Whether this is what `fail` wrote: files are removed by the identity in it, so it has to be that of its name."""
    texts = ("identity", "scenario", "structure", "error", "command")
    return (
        isinstance(entry, dict)
        and all(isinstance(entry.get(key), str) for key in texts)
        and all(isinstance(entry.get(key), int) for key in ("run", "point", "seed"))
        and entry["identity"] == path.stem
    )
