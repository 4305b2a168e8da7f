"""Chunks: what is missing of a plan, cut into jobs, large where runs are quick and single where they are slow."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorstroom.experiment.plan import Plan
from doorstroom.experiment.run_index import Ledger
from doorstroom.experiment.worker import Chunk, Order
from doorstroom.source import code_identity

_PATIENCE: Final = 0.5
"""Seconds that a chunk should take: so much work is lost when a study is killed, and so long it takes to stop."""
_PARTS_PER_SECOND: Final = 20
"""What the process that hands out the work can write without falling behind."""
_BYTES: Final = 32e6
"""Most that the results of a chunk may hold."""
_MOST: Final = 65_536
"""Runs of a chunk at most, and runs whose identities are looked up together."""


class Pace:
    """How many runs a chunk should have, from how long runs have taken."""

    def __init__(self, workers: int, plan: Plan) -> None:
        self._seconds = max(_PATIENCE, workers / _PARTS_PER_SECOND)
        self._most = int(np.clip(_BYTES / (4 * np.prod(plan.layout.shape)), 1, _MOST))
        self.size = 1

    def saw(self, runs: int, seconds: float) -> None:
        """A chunk of so many runs took so long."""
        wanted = self._seconds * runs / max(seconds, 1e-9)
        self.size = int(np.clip(min(wanted, 4 * runs), 1, self._most))


def order_of(plan: Plan) -> Order:
    """What the chunks of a plan have in common."""
    layout = plan.layout
    return Order(
        simulate=plan.model.simulate,
        family=plan.model.family,
        scenarios=tuple(world.scenario for world in plan.worlds),
        fraction=plan.file.fraction,
        regions=layout.regions,
        shape=layout.shape,
        names=plan.factors.names,
        code=plan.model.code if plan.model.code == code_identity() else "",
    )


def chunks(ledger: Ledger, first: int, last: int, pace: Pace, *, shuffled: bool = False) -> Iterator[Chunk]:
    """What is missing of the runs first..last-1, in chunks, in the order of the plan or `shuffled`.

    Worlds of one point and seed stay in one chunk, because they are made together. Before each chunk the folder is
    looked at: what others have made meanwhile isn't made again. Of processes that share a study all but the first
    shuffle, lest they make the same runs at the same time, step by step.
    """
    plan = ledger.plan
    order = order_of(plan)
    draws = plan.sample if plan.design.draws is None else plan.design.draws
    luck = np.random.default_rng()
    for start in range(first, last, _MOST):
        missing = ledger.visit(start, min(start + _MOST, last))
        families = np.split(missing, np.flatnonzero(np.diff(missing // len(plan.worlds))) + 1)
        if shuffled:
            luck.shuffle(families)
        waiting = deque(families)
        while waiting:
            ledger.look(only_if_due=True)
            runs = ledger.take(_first(waiting, pace.size))
            if len(runs):
                points, seeds, worlds = np.unravel_index(runs, plan.shape)
                yield Chunk(order, runs, worlds, plan.streams[points, seeds], draws[points])


def _first(families: deque[NDArray[np.int64]], size: int) -> NDArray[np.int64]:
    """Take the first families off, until they are `size` runs or there are no more."""
    taken = [families.popleft()]
    while families and sum(map(len, taken)) < size:
        taken.append(families.popleft())
    return np.concatenate(taken)
