"""Run many runs, in this process or over several, with the same files as the outcome."""

from __future__ import annotations

import multiprocessing
import os
import shlex
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from doorstroom.errors import DoorstroomError, StoreError
from doorstroom.parameters import Draw
from doorstroom.scenario import Scenario
from doorstroom.study.identity import PACKAGE
from doorstroom.study.store import Store


class RunError(DoorstroomError):
    """A run failed; the message names it."""


class Simulate(Protocol):
    """What carries out one run: shape (years, 1 + regions, len(SERIES)). Has to be importable by its name."""

    def __call__(self, scenario: Scenario, *, draw: Draw, seed: int, fraction: float) -> NDArray[np.float64]:
        """All series of every year."""
        ...


class Task(NamedTuple):
    """One run to be made; `asked` is the name or file by which its scenario was asked for."""

    label: str
    asked: str
    scenario: Scenario
    draw: int
    seed: int
    fraction: float
    identity: str

    def __str__(self) -> str:
        return f"scenario {self.label}, draw {self.draw}, seed {self.seed}"

    @property
    def command(self) -> str:
        """The command that makes this run alone."""
        return command_of_run(self.asked, self.draw, self.seed, self.fraction)


class Done(NamedTuple):
    """A run that was made."""

    task: Task
    seconds: float
    checksum: str


def execute(
    tasks: Sequence[Task],
    store: Store,
    *,
    simulate: Simulate,
    processes: int = 1,
    console: Console | None = None,
    finished: Callable[[Done], None] = lambda done: None,
) -> list[Done]:
    """Make all runs and keep them in the store.

    What is stored depends on the tasks alone, not on their order or on `processes`. With more than one
    process, a script that calls this needs the usual `if __name__ == "__main__":`.

    Parameters
    ----------
    finished : called with every run as soon as it is stored

    Raises
    ------
    RunError
        Naming the run that failed. Runs that had finished are kept.
    StoreError
        When a run can't be written, or two runs of one identity differ.
    KeyboardInterrupt
        After Ctrl-C, when the runs in progress have ended (a second Ctrl-C drops them). Finished runs are kept.
    """
    console = console or Console(stderr=True)
    if tasks and not _kernels_compiled(simulate):
        console.print("First use: compiling the model's equations to machine code. This takes a minute, once.")
    made: list[Done] = []
    checksums: dict[str, Done] = {}
    jobs = _here(tasks, store, simulate) if processes <= 1 else _spread(tasks, store, simulate, processes, console)
    with _progress(console) as progress:
        bar = progress.add_task("Runs", total=len(tasks))
        for done in jobs:
            twin = checksums.setdefault(done.task.identity, done)
            if twin.checksum != done.checksum:
                raise StoreError(
                    f"two runs that should be the same differ ({done.task}); the model is not deterministic here: "
                    "please report this with manifest.json"
                )
            made.append(done)
            finished(done)
            progress.advance(bar)
    return made


def command_of_run(scenario: str, draw: int, seed: int, fraction: float) -> str:
    """The command that makes one run of a scenario, named as the user named it."""
    return shlex.join(["doorstroom", "run", scenario, f"--draw={draw}", f"--seed={seed}", option_of(fraction)])


def option_of(fraction: float) -> str:
    """The option that asks for exactly this fraction."""
    return f"--fraction={float(fraction)!r}".removesuffix(".0")


def _perform(task: Task, folder: Path, simulate: Simulate) -> Done:
    """Make one run and store it; what goes wrong comes back as an error that names the run."""
    start = time.perf_counter()
    try:
        values = simulate(task.scenario, draw=task.draw, seed=task.seed, fraction=task.fraction)
        checksum = Store(folder).write(task.identity, values, task.scenario.years.first)
    except StoreError:
        raise
    except Exception as error:  # whatever a run does wrong, the user must be told which run
        raise RunError(
            f"{task}: the run failed: {type(error).__name__}: {error}. "
            "Finished runs are kept; mend the cause and run the same command again. "
            f"This run alone: {task.command}"
        ) from error
    return Done(task, time.perf_counter() - start, checksum)


def _here(tasks: Sequence[Task], store: Store, simulate: Simulate) -> Iterator[Done]:
    return (_perform(task, store.folder, simulate) for task in tasks)


def _spread(
    tasks: Sequence[Task], store: Store, simulate: Simulate, processes: int, console: Console
) -> Iterator[Done]:
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        min(processes, max(len(tasks), 1)), mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker
    )
    waiting: set[Future[Done]] = set()
    try:
        waiting = {pool.submit(_perform, task, store.folder, simulate) for task in tasks}
        while waiting:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            # in a fixed order, so that of several failures at once always the same one is told
            for future in sorted(ready, key=lambda future: future.exception() is None):
                yield future.result()
    except BrokenProcessPool as error:
        raise RunError(
            "a worker process died, most likely for want of memory; finished runs are kept: "
            "run the same command again with fewer processes or a smaller fraction"
        ) from error
    except KeyboardInterrupt:
        console.print("Stopping after the runs in progress; press Ctrl-C again to drop them.")
        try:
            pool.shutdown(wait=True, cancel_futures=True)
        except KeyboardInterrupt:
            for worker in set(multiprocessing.active_children()) - others:
                worker.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_worker() -> None:
    """Ctrl-C is for the process that owns the study; a worker finishes the run it is at."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _kernels_compiled(simulate: Simulate) -> bool:
    """Whether Numba has compiled functions on disk; a simulate of somebody else's has nothing to compile."""
    module: Any = getattr(simulate, "__module__", "")
    if not str(module).startswith("doorstroom."):
        return True
    kept = os.environ.get("NUMBA_CACHE_DIR")
    return any(path for root in [PACKAGE, *([Path(kept)] if kept else [])] for path in root.rglob("*.nbi"))


@contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
    ) as progress:
        yield progress
