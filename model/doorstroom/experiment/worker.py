"""Work: what a worker does with a chunk of runs. It imports little, so that workers start quickly."""

from __future__ import annotations

import socket
import time
import traceback
from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.experiment.precision import KEPT, checksum
from doorstroom.experiment.worker_setup import housekeeping
from doorstroom.experiment.workers import WorkerError
from doorstroom.scenario import Scenario
from doorstroom.source import check_unchanged, code_identity

Floats = NDArray[np.float64]


class Order(NamedTuple):
    """What all chunks of a study have in common.

    Attributes
    ----------
    simulate : makes one run
    family : makes runs of several scenarios under one draw and seed, or None; see Model
    regions, shape : regions that are kept of a run, and the shape of what is kept
    names : of the parameters in `Chunk.draws`
    code : identity of the source that the runs will be kept under; empty for a model that is not ours
    """

    simulate: Any
    family: Any
    scenarios: tuple[Scenario, ...]
    fraction: float
    regions: tuple[int, ...]
    shape: tuple[int, int, int]
    names: tuple[str, ...]
    code: str


class Chunk(NamedTuple):
    """Some runs to be made: their numbers, worlds, seeds and draws.

    `draws` are numbers of draws, shape (runs,), or values of the parameters `order.names`, shape (runs, parameters).
    """

    order: Order
    runs: NDArray[np.int64]
    worlds: NDArray[np.int64]
    seeds: NDArray[np.int64]
    draws: NDArray[np.int64] | Floats

    def split(self) -> list[Chunk]:
        """Each run by itself."""
        return [
            Chunk(self.order, *one) for one in zip(*(np.split(part, len(self.runs)) for part in self[1:]), strict=True)
        ]


class Failure(NamedTuple):
    """A run that failed, by its place in the chunk."""

    at: int
    error: str
    trace: str


class Made(NamedTuple):
    """What came of a chunk.

    Attributes
    ----------
    at, values, checksums : places of the runs that were made, what is kept of them, and checksums of all their digits
    seconds : that the runs took together
    """

    at: NDArray[np.int64]
    values: NDArray[np.float32]
    checksums: tuple[str, ...]
    seconds: float
    failures: tuple[Failure, ...]


def make(chunk: Chunk) -> Made:
    """Make the runs of a chunk, one after another; what one does wrong doesn't touch the others.

    Raises
    ------
    WorkerError
        Where this worker has another version of the model.
    SourceChanged
        Where the source was edited while this worker was loading it.
    """
    order = chunk.order
    if order.code and order.code != code_identity():
        raise WorkerError(
            f"the worker on {socket.gethostname()} has another version of doorstroom; install the same on all workers "
            "and resume: runs of the others are kept"
        )
    if order.code:
        check_unchanged()
    years, _, series = order.shape
    everything = order.regions == tuple(range(order.regions[-1] + 1))
    rows = slice(order.regions[-1] + 1) if everything else np.array(order.regions)
    values = np.empty((len(chunk.runs), *order.shape), KEPT)
    checksums: dict[int, str] = {}
    failures: list[Failure] = []
    start = time.perf_counter()
    named = chunk.draws.ndim == 2
    asked = zip(chunk.worlds.tolist(), chunk.seeds.tolist(), chunk.draws.tolist(), strict=True)
    families: dict[tuple[int, ...], Any] = {}
    with housekeeping() as tidy:
        for (seed, given), group in groupby(enumerate(asked), key=lambda run: run[1][1:]):
            draw: int | Mapping[str, float] = dict(zip(order.names, given, strict=True)) if named else given
            places = [(at, world) for at, (world, _, _) in group]
            runs = together(order, tuple(world for _, world in places), draw, seed, families)
            for at, world in places:
                try:
                    found = runs.pop(world, None)
                    if found is None:
                        found = order.simulate(order.scenarios[world], draw=draw, seed=seed, fraction=order.fraction)
                    if found.ndim != 3 or found.shape[0] != years or found.shape[2] != series:
                        raise ValueError(f"a run of shape {found.shape}, expected ({years}, regions, {series})")
                    values[at], checksums[at] = found[:, rows], checksum(found)
                    tidy()
                except Exception as error:  # whatever a run does wrong, the others go on
                    failures.append(Failure(at, f"{type(error).__name__}: {error}", traceback.format_exc()))
    seconds = time.perf_counter() - start
    sound = np.ones(len(chunk.runs), np.bool_)
    sound[[failure.at for failure in failures]] = False
    there = np.flatnonzero(sound)
    proofs = tuple(checksums[at] for at in there.tolist())
    return Made(there, values[sound] if failures else values, proofs, seconds, tuple(failures))


def together(
    order: Order, worlds: tuple[int, ...], draw: int | Mapping[str, float], seed: int, families: dict[Any, Any]
) -> dict[int, Floats]:
    """The runs of several worlds under one draw and seed, by world; none where each has to be made by itself.

    Where one of them fails it is to fail alone, with a trace of its own.
    """
    if order.family is None or len(worlds) < 2:
        return {}
    try:
        if worlds not in families:
            families[worlds] = order.family([order.scenarios[world] for world in worlds])
        runs = families[worlds].simulate(draw=draw, seed=seed, fraction=order.fraction)
    except Exception:  # whatever it is, it is told by the run that it belongs to
        return {}
    return dict(zip(worlds, runs, strict=True))
