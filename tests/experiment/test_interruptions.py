"""What happens in between: kills, Ctrl-C, other processes, a cluster that loses a worker."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import toys
from studying import PI, begun, digest, ishigami, make

KILLS = int(os.environ.get("DOORSTROOM_KILLS", "1"))
"""How often the study is killed; ten times as a trial of its own."""


SCRIPT = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
import toys
from doorstroom.experiment.run import conduct
from doorstroom.experiment.experiment import Experiment

if __name__ == "__main__":
    simulate = toys.Counted(Path({log!r}), {seconds})
    model = toys.model(simulate, toys.names(3), -{pi}, {pi})
    asked = Experiment.from_file(Path({file!r}), model)
    conduct(asked, processes={processes}, cluster={cluster!r}, out=Path({folder!r}))
"""


class Started:
    """A study in a process of its own, as from a terminal."""

    def __init__(self, file: Path, folder: Path, *, seconds: float, processes: int = 2, cluster: str = "") -> None:
        self.log = folder.parent / f"{folder.name}.log"
        folder.parent.mkdir(parents=True, exist_ok=True)
        script = folder.parent / f"{folder.name}-{time.monotonic_ns()}.py"
        script.write_text(
            SCRIPT.format(
                path=sys.path, log=str(self.log), seconds=seconds, pi=PI, file=str(file), processes=processes,
                cluster=cluster or None, folder=str(folder),
            )
        )  # fmt: skip
        self.process = subprocess.Popen([sys.executable, script], stderr=subprocess.PIPE, start_new_session=True)

    def until(self, runs: int) -> None:
        """Wait until so many runs were begun, here or by others with the same log."""
        end = time.monotonic() + 120
        while sum(begun(self.log).values()) < runs and self.process.poll() is None:
            assert time.monotonic() < end, "it did not come about"
            time.sleep(0.01)

    def signal(self, number: int) -> None:
        with_children = number == signal.SIGINT
        (os.killpg if with_children else os.kill)(self.process.pid, number)

    def end(self) -> str:
        return self.process.communicate(timeout=180)[1].decode()


def test_killed_at_random_moments_it_ends_as_if_undisturbed(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 32\nfirst = 16')
    folder, processes = tmp_path / "killed" / "study", 2
    moments = random.Random(7)
    for _ in range(KILLS):
        study = Started(file, folder, seconds=0.02, processes=processes)
        study.until(sum(begun(study.log).values()) + moments.randrange(3, 10 + 20 // KILLS))
        study.signal(signal.SIGKILL)
        study.process.wait()
        study.process.stderr.close()
    study = Started(file, folder, seconds=0.02, processes=processes)
    told = study.end()
    assert study.process.returncode == 0, told
    alone = make(file, tmp_path / "undisturbed" / "study", ishigami(toys.Counted(tmp_path / "other")))
    assert digest(folder) == digest(alone.folder)
    again = sum(begun(study.log).values()) - len(begun(study.log))
    assert len(begun(study.log)) == alone.made == 32 * 5
    # in hand at a kill: what the workers were at, and what waited for them; half a second of work each
    assert again <= KILLS * 2 * processes * 25


def test_ctrl_c_ends_after_the_runs_in_progress(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 64\nfirst = 64')
    folder = tmp_path / "stopped" / "study"
    study = Started(file, folder, seconds=0.02)
    study.until(20)
    study.signal(signal.SIGINT)
    told = study.end()
    assert study.process.returncode != 0
    assert "Stopping after the runs in progress" in told
    made = sum(begun(study.log).values())
    assert 20 <= made < 64 * 5
    assert not list(folder.glob("working/*"))
    rest = make(file, folder, ishigami(toys.Counted(study.log)))
    assert rest.made == 64 * 5 - made  # nothing that was begun was lost
    assert max(begun(study.log).values()) == 1


def test_two_processes_share_a_study(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 32\nfirst = 32')
    folder = tmp_path / "both" / "study"
    both = [Started(file, folder, seconds=0.03, processes=1) for _ in range(2)]
    told = [study.end() for study in both]
    assert [study.process.returncode for study in both] == [0, 0], told
    alone = make(file, tmp_path / "alone" / "study", ishigami(toys.Counted(tmp_path / "other")))
    assert digest(folder) == digest(alone.folder)
    assert len(begun(both[0].log)) == alone.made
    assert sum(begun(both[0].log).values()) < 1.9 * alone.made  # they shared the work


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and workers as processes of their own, talking over TCP."""
    folder.mkdir(parents=True, exist_ok=True)
    where = folder / "scheduler.json"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "ignore"}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env}
    command = [sys.executable, "-m", "dask"]
    scheduler = subprocess.Popen(
        [*command, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(where)], **quiet
    )
    started = [
        subprocess.Popen(
            [*command, "worker", "--scheduler-file", str(where), "--nthreads", "1", "--no-nanny", "--no-dashboard",
             "--local-directory", str(folder)],
            **quiet,
        )
        for _ in range(workers)
    ]  # fmt: skip
    try:
        end = time.monotonic() + 60
        while not where.exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        from distributed import Client

        with Client(scheduler_file=str(where), set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
            address = client.scheduler.address
        yield address, started
    finally:
        for process in (*started, scheduler):
            process.kill()
            process.wait()


def test_a_dask_cluster_over_tcp_with_a_worker_killed_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 32\nfirst = 32')
    folder = tmp_path / "cluster" / "study"
    with cluster(tmp_path / "dask", 2) as (address, workers):
        assert address.startswith("tcp://")
        study = Started(file, folder, seconds=0.02, cluster=address)
        study.until(40)
        workers[0].kill()
        told = study.end()
        assert study.process.returncode == 0, told
    alone = make(file, tmp_path / "alone" / "study", ishigami(toys.Counted(tmp_path / "other")))
    assert digest(folder) == digest(alone.folder)
