"""Where runs are made: in this process, in several, or on a Dask cluster, all behind `concurrent.futures`.

What is made doesn't depend on where. A worker that dies costs the run it was at, not the study.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait as wait_for
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, TypeVar

from doorstroom.errors import DoorstroomError

Job = TypeVar("Job")
Result = TypeVar("Result")

LOCAL: Final = "local"
"""A Dask cluster that is started for the study on this machine."""

_TICK: Final = 0.5
"""Seconds between looks at the clock and at Ctrl-C while runs are in progress."""
_GONE: Final = 120.0
"""Seconds that a cluster may be without a worker."""
_DEATHS: Final = 3
"""So many workers that die over one run each, before any has made one, mean that something is wrong with all."""
_DEATHS_IN_A_ROW: Final = 50
"""The same once runs have been made; a corner of the parameters may well kill some workers one after another."""


class RunError(DoorstroomError):
    """A run failed, or its worker died; the message names it."""


class WorkerError(DoorstroomError):
    """Workers can't be had."""


class Died(NamedTuple):
    """What comes back of a job whose worker died."""

    reason: str


def processors() -> int:
    """How many processors this process may use: those that its system, a Slurm job and a container leave it."""
    left = [os.cpu_count() or 1]
    if hasattr(os, "sched_getaffinity"):
        left.append(len(os.sched_getaffinity(0)))
    asked = os.environ.get("SLURM_CPUS_PER_TASK", "")
    left += [int(asked)] if asked.isdecimal() else []
    with suppress(OSError, ValueError):  # no container, or one of another kind
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        left.append(math.ceil(int(quota) / int(period)))
    return max(min(left), 1)


class InProcess(Executor):
    """Makes a job when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The finished future of `fn(*args, **kwargs)`."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Workers:
    """A number of workers; used as a context.

    Parameters
    ----------
    processes : how many runs at a time on this machine; 1 is this process itself
    cluster : address of a Dask scheduler, or "local" for a Dask cluster of `processes` workers started here
    script : whether what workers make stands in the script that was started, so that they have to run it too
    """

    def __init__(self, processes: int, cluster: str | None = None, *, script: bool = False) -> None:
        self.cluster = cluster
        self._script = script
        self.here = cluster is None and processes <= 1
        self.count = max(processes, 1)
        self._executor: Executor | None = None
        self._client: Any = None
        self._seen = time.monotonic()
        self._others = set(multiprocessing.active_children())

    def __enter__(self) -> Workers:
        self._executor = self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            cluster = self._client.cluster
            with suppress(Exception):  # a scheduler that is gone can't be told goodbye
                self._client.close()
            if cluster is not None:
                cluster.close(timeout=10)
        elif self._executor is not None:
            if isinstance(error, KeyboardInterrupt):
                for worker in set(multiprocessing.active_children()) - self._others:
                    worker.terminate()
            self._executor.shutdown(wait=True, cancel_futures=True)

    @property
    def in_flight(self) -> int:
        """Jobs that are submitted at a time: one at each worker and one that waits for it."""
        return 1 if self.here else 2 * self.count

    def submit(self, work: Callable[[Job], Result], job: Job) -> Future[Result]:
        """The future of `work(job)`."""
        assert self._executor is not None
        with _deaf_children(), _own_start(self._script):
            return self._executor.submit(work, job)

    def cancel(self, future: Future[Any]) -> bool:
        """Take back a job that nobody has begun; Dask doesn't tell which those are."""
        return self._client is None and future.cancel()

    def replace(self) -> None:
        """New processes for those that died; a Dask cluster does this by itself."""
        if isinstance(self._executor, ProcessPoolExecutor):
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = self._open()

    def _open(self) -> Executor:
        if self.cluster is not None:
            return self._connect(self.cluster)
        if self.here:
            return InProcess()
        return ProcessPoolExecutor(
            self.count, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker
        )

    def _connect(self, cluster: str) -> Executor:
        try:
            import dask
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise WorkerError("a cluster needs Dask: pip install 'doorstroom[cluster]'") from error
        try:
            where: Any = cluster
            if cluster == LOCAL:
                # a run that kills two workers is to blame itself
                with dask.config.set({"distributed.scheduler.allowed-failures": 1}), _own_start(self._script):
                    where = LocalCluster(n_workers=self.count, threads_per_worker=1, dashboard_address=None)
                where.adapt(minimum=self.count, maximum=self.count)  # also where a worker can't be started again
            self._client = Client(where, timeout="20s", set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise WorkerError(
                f"no Dask scheduler answers at {cluster!r} ({error}); start one with `dask scheduler`, or use "
                f"--cluster {LOCAL}"
            ) from error
        if cluster != LOCAL:
            self.count = max(self._alive(), 1)
        return self._client.get_executor(pure=False)

    def check(self) -> None:
        """Raise a WorkerError where a cluster has lost all its workers and doesn't get new ones."""
        if self._client is None or self._alive():
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > _GONE:
            raise WorkerError(
                f"the Dask cluster at {self.cluster} has had no worker for {_GONE:.0f} seconds; finished runs are "
                "kept: start workers and resume"
            )

    def _alive(self) -> int:
        return len(self._client.scheduler_info(n_workers=-1)["workers"])


def spread(
    jobs: Iterator[Job],
    work: Callable[[Job], Result],
    workers: Workers,
    *,
    split: Callable[[Job], list[Job]] = lambda job: [job],
    stop: Callable[[], bool] = lambda: False,
    tick: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Job, Result | Died]]:
    """Results in the order in which they come.

    Parameters
    ----------
    jobs : taken one by one when a worker has room for it
    split : a job as its smallest parts; what was in progress when a worker died is made again part by part, one
        part at a time, so that the one that kills its worker is known. It comes back as `Died`.
    stop : asked before every job; once true, nothing is begun any more
    tick : called now and then
    """
    waiting: dict[Future[Result], Job] = {}
    suspects: deque[Job] = deque()
    returned: deque[Job] = deque()  # that a broken pool didn't take
    deaths, most = 0, _DEATHS
    while True:
        room = (1 if suspects else workers.in_flight) - len(waiting)
        while room > 0 and not stop():
            queue = suspects or returned
            job = queue.popleft() if queue else next(jobs, None)
            if job is None:
                break
            try:
                waiting[workers.submit(work, job)] = job
            except BrokenProcessPool:
                returned.append(job)
                if not waiting:
                    workers.replace()
                break
            room = 0 if workers.here else room - 1
        if stop():
            for future in [future for future in waiting if workers.cancel(future)]:
                del waiting[future]
        if not waiting:
            if stop() or not (suspects or returned):
                return
            continue
        ready, _ = wait(waiting, timeout=_TICK, return_when=FIRST_COMPLETED)
        known = workers.cluster is not None or len(waiting) == 1  # a broken pool doesn't tell whose worker died
        lost: list[Job] = []
        for future in ready:
            job = waiting.pop(future)
            try:
                result = future.result()
            except BrokenProcessPool as error:
                lost.append(job)
                reason = str(error)
            except CancelledError as error:
                raise WorkerError("the Dask scheduler is gone; finished runs are kept: start it and resume") from error
            except Exception as error:
                if type(error).__name__ != "KilledWorker":
                    raise
                lost.append(job)
                reason = str(error)
            else:
                deaths, most = 0, _DEATHS_IN_A_ROW
                yield job, result
        if lost:
            if workers.cluster is None:
                wait(waiting)  # a broken pool ends them all: those whose result had come keep it
                for future, job in waiting.items():
                    if future.exception() is None:
                        yield job, future.result()
                    else:
                        lost.append(job)
                waiting.clear()
                workers.replace()
            parts = [part for job in lost for part in split(job)]
            if known and len(parts) == 1:
                deaths += 1
                if deaths >= most:
                    raise RunError(
                        f"{deaths} workers died one after the other, each over another run ({reason}); where memory is "
                        "short, run fewer processes; where a script of yours defines what is run, start it under: "
                        'if __name__ == "__main__":'
                    )
                yield parts[0], Died(reason)
            else:
                suspects.extend(parts)
        workers.check()
        tick()


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes started here don't hear Ctrl-C, not even while they are still importing.

    The pool starts its processes when it is given a job, and they inherit the mask of the thread that gives it. A
    Ctrl-C that comes meanwhile reaches this process afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _own_start(script: bool) -> Iterator[None]:
    """Processes started here don't run the script that started this one, unless what they make stands in it.

    Python runs it again in each of them. One without `if __name__ == "__main__":` would start the study anew there.
    """
    main = sys.modules["__main__"]
    told: dict[str, Any] = {name: vars(main)[name] for name in ("__file__", "__spec__") if name in vars(main)}
    if script or not told.get("__file__"):
        yield
        return
    vars(main).update(__file__=None, __spec__=None)
    try:
        yield
    finally:
        vars(main).update(told)


def refuse_in_starting_worker() -> None:
    """A script without a guard, run once more by a worker that is starting, doesn't begin its study there again."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise RunError('a worker runs the script that started it; begin the study under: if __name__ == "__main__":')


def _start_worker() -> None:
    """Ctrl-C is for the process that owns the study; a worker finishes the run it is at, and goes when that goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """A killed parent can't tell its workers to stop; they see it by themselves."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed: the first press only asks to stop, the second interrupts."""
    asked = threading.Event()

    def press(number: int, frame: Any) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)
