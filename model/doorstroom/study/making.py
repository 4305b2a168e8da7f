"""Making runs: chunks of them for workers, large where runs are quick and single where they are slow."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.parameters import Draw
from doorstroom.scenario import Scenario
from doorstroom.study.batch import Simulate
from doorstroom.study.ledger import Ledger
from doorstroom.study.plan import Plan

Floats = NDArray[np.float64]

_PATIENCE: Final = 0.5
"""Seconds that a chunk should take: so much work is lost when a study is killed, and so long it takes to stop."""
_PARTS_PER_SECOND: Final = 20
"""What the process that hands out the work can write without falling behind."""
_BYTES: Final = 32e6
"""Most that a chunk's results may hold."""
_MOST: Final = 16_384
_WINDOW: Final = 4096
"""Runs whose identities are looked up together."""


class Order(NamedTuple):
    """What all chunks of a study have in common."""

    simulate: Simulate
    scenarios: tuple[Scenario, ...]
    fraction: float
    regions: tuple[int, ...]
    shape: tuple[int, int, int]
    names: tuple[str, ...]

    @classmethod
    def of(cls, plan: Plan) -> Order:
        """The order that makes the runs of a plan."""
        layout = plan.layout
        scenarios = tuple(world.scenario for world in plan.worlds)
        return cls(plan.model.simulate, scenarios, plan.file.fraction, layout.regions, layout.shape, plan.factors.names)


class Chunk(NamedTuple):
    """Some runs to be made: their numbers, identities, worlds, seeds and draws.

    `draws` are numbers of draws, shape (runs,), or values of the parameters `order.names`, shape (runs, parameters).
    """

    order: Order
    runs: NDArray[np.int64]
    identities: tuple[str, ...]
    worlds: NDArray[np.int64]
    seeds: NDArray[np.int64]
    draws: NDArray[np.int64] | Floats

    def split(self) -> list[Chunk]:
        """Each run by itself."""
        return [
            self._replace(
                runs=self.runs[at : at + 1],
                identities=self.identities[at : at + 1],
                worlds=self.worlds[at : at + 1],
                seeds=self.seeds[at : at + 1],
                draws=self.draws[at : at + 1],
            )
            for at in range(len(self.runs))
        ]


class Failure(NamedTuple):
    """A run that failed, by its place in the chunk."""

    at: int
    error: str
    trace: str


class Made(NamedTuple):
    """What came of a chunk: places and values of the runs that were made, seconds they took together, failures."""

    at: NDArray[np.int64]
    values: Floats
    seconds: float
    failures: tuple[Failure, ...]


def make(chunk: Chunk) -> Made:
    """Make the runs of a chunk, one after another; what one does wrong doesn't touch the others."""
    order = chunk.order
    years, _, series = order.shape
    everything = order.regions == tuple(range(order.regions[-1] + 1))
    rows = slice(order.regions[-1] + 1) if everything else np.array(order.regions)
    values = np.empty((len(chunk.runs), *order.shape))
    failures: list[Failure] = []
    start = time.perf_counter()
    worlds, seeds, draws = chunk.worlds.tolist(), chunk.seeds.tolist(), chunk.draws.tolist()
    named = chunk.draws.ndim == 2
    for at, (world, seed, given) in enumerate(zip(worlds, seeds, draws, strict=True)):
        draw: Draw = dict(zip(order.names, given, strict=True)) if named else given
        try:
            found = order.simulate(order.scenarios[world], draw=draw, seed=seed, fraction=order.fraction)
            if found.ndim != 3 or found.shape[0] != years or found.shape[2] != series:
                raise ValueError(f"a run of shape {found.shape}, expected ({years}, regions, {series})")
            values[at] = found[:, rows]
        except Exception as error:  # whatever a run does wrong, the others go on
            failures.append(Failure(at, f"{type(error).__name__}: {error}", traceback.format_exc()))
    seconds = time.perf_counter() - start
    sound = np.ones(len(chunk.runs), np.bool_)
    sound[[failure.at for failure in failures]] = False
    return Made(np.flatnonzero(sound), values[sound] if failures else values, seconds, tuple(failures))


class Pace:
    """How many runs a chunk should have, from how long runs have taken."""

    def __init__(self, workers: int, plan: Plan) -> None:
        self._seconds = max(_PATIENCE, workers / _PARTS_PER_SECOND)
        self._most = int(np.clip(_BYTES / (8 * np.prod(plan.layout.shape)), 1, _MOST))
        self.size = 1

    def saw(self, runs: int, seconds: float) -> None:
        """A chunk of so many runs took so long."""
        wanted = self._seconds * runs / max(seconds, 1e-9)
        self.size = int(np.clip(min(wanted, 4 * runs), 1, self._most))


def chunks(ledger: Ledger, first: int, last: int, pace: Pace, *, offset: int = 0) -> Iterator[Chunk]:
    """What is missing of the runs first..last-1, in chunks; `offset` is where to begin.

    Before each chunk the folder is looked at: what others have made meanwhile isn't made again.
    """
    plan = ledger.plan
    order = Order.of(plan)
    draws = plan.values if plan.design.draws is None else plan.design.draws
    for position, stop in ((first + offset, last), (first, first + offset)):
        while position < stop:
            end = min(position + max(_WINDOW, pace.size), stop)
            missing, identities = ledger.visit(position, end)
            while len(missing):
                ledger.look(only_if_due=True)
                runs = ledger.take(missing[: pace.size])
                missing = missing[pace.size :]
                if len(runs):
                    points, seeds, worlds = np.unravel_index(runs, plan.shape)
                    named = tuple(identities[run - position] for run in runs.tolist())
                    yield Chunk(order, runs, named, worlds, seeds + 1, draws[points])
            position = end
