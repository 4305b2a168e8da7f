"""Worker processes: Ctrl-C while they start, and what is kept when one of them dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from doorstroom.experiment.workers import Died, Workers, processors, spread

SLOW_START = """
import os, sys, time
sys.path[:0] = {path!r}
from doorstroom.experiment.workers import Workers, interruptible, spread

if __name__ == "__mp_main__":
    open({begun!r} + str(os.getpid()), "w").close()
    time.sleep(1)  # still importing when Ctrl-C comes


def work(job):
    return job


if __name__ == "__main__":
    with interruptible() as asked, Workers(2, script=True) as workers:
        print(sorted(result for _, result in spread(iter(range(100)), work, workers, stop=asked)))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_worker_that_is_still_importing_does_not_hear_ctrl_c(tmp_path: Path) -> None:
    script, begun = tmp_path / "slow.py", tmp_path / "begun"
    begun.mkdir()
    script.write_text(SLOW_START.format(path=sys.path, begun=f"{begun}/"))
    process = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    end = time.monotonic() + 120
    while len(list(begun.iterdir())) < 2:
        assert time.monotonic() < end, "the workers don't start"
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells every process of the group
    told, wrong = process.communicate(timeout=120)
    assert "Traceback" not in wrong
    # whatever was handed to a worker was done; nothing was begun afterwards
    made = eval(told)
    assert made == list(range(len(made)))
    assert 1 <= len(made) <= 4


def _dies_over_three(job: int) -> int:
    if job == 3:
        os._exit(1)
    return job


def test_what_was_done_when_a_worker_dies_is_kept_and_only_the_deadly_job_is_lost() -> None:
    with Workers(2) as workers:
        results = dict(spread(iter(range(8)), _dies_over_three, workers))
    assert {job for job, result in results.items() if isinstance(result, Died)} == {3}
    assert {job: result for job, result in results.items() if job != 3} == {job: job for job in range(8) if job != 3}


UNGUARDED = """
import sys
sys.path[:0] = {path!r}
from operator import neg
from doorstroom.experiment.workers import Workers, spread

with Workers(2) as workers:
    print(sorted(result for _, result in spread(iter(range(4)), neg, workers)))
"""


def test_a_script_without_a_guard_is_not_run_again_by_its_workers(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED.format(path=sys.path))
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=120)
    assert ended.stdout == "[-3, -2, -1, 0]\n", ended.stderr


def test_processors_are_those_that_a_system_a_job_and_a_container_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(12)), raising=False)
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)
    monkeypatch.setattr(Path, "read_text", lambda self, encoding: "max 100000\n")
    assert processors() == 12
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "8")
    assert processors() == 8
    monkeypatch.setattr(Path, "read_text", lambda self, encoding: "250000 100000\n")
    assert processors() == 3
