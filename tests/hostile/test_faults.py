"""Faults of the machine: what was made is kept, what is wrong is told, nothing half-written stays.

Elsewhere: a full disk at a single write (tests/experiment/test_whole_files.py), Ctrl-C, kills and clusters
(tests/experiment/test_interruptions.py), damaged parts and workers of another version (tests/experiment/test_run.py).
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import fake_country
import pytest
import toys
from studying import digest, ishigami, make

from doorstroom.errors import DoorstroomError, StoreError

SOBOL = 'name = "sobol"\nsamples = 8\nfirst = 8'


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_refuses_half_way_ends_a_study_that_can_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    whole = make(file, tmp_path / "whole" / "study")
    honest, calls = getattr(os, call), 0

    def refuse(*words: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 4:
            raise OSError(number, os.strerror(number))
        return honest(*words, **named)

    folder = tmp_path / "refused" / "study"
    with monkeypatch.context() as patched:
        patched.setattr(os, call, refuse)
        with pytest.raises(StoreError, match=os.strerror(number)):
            make(file, folder)
    assert not list(folder.rglob("*.part"))
    make(file, folder)
    assert digest(folder) == digest(whole.folder)


@pytest.mark.parametrize("leap", [-10 * 365 * 86_400.0, 10 * 365 * 86_400.0])
def test_a_clock_that_leaps_changes_nothing_that_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leap: float
) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    whole = make(file, tmp_path / "whole" / "study")
    honest, calls = time.time, 0

    def leaping() -> float:
        nonlocal calls
        calls += 1
        return honest() + (leap if calls % 2 else 0.0)

    monkeypatch.setattr(time, "time", leaping)
    leapt = make(file, tmp_path / "leapt" / "study")
    assert digest(leapt.folder) == digest(whole.folder)


def test_runs_of_another_version_of_the_code_are_never_taken_for_this_ones(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    folder = tmp_path / "study"
    before = make(file, folder, ishigami())
    after = make(file, folder, ishigami(toys.Counted(tmp_path / "log")))  # a model of another code identity
    assert after.made == before.made > 0


LIMITED = """
import resource, sys
sys.path[:0] = {path!r}
import fake_country
from pathlib import Path
from doorstroom.errors import DoorstroomError
from doorstroom.reporting.compare import report
import numpy as np

def greedy(scenario, *, draw, seed, fraction):
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**30, used + 2**30))
    return np.ones(2**33)

try:
    report(fake_country.compared([fake_country.scenario(last=2021)], out=Path({folder!r}), simulate=greedy))
except DoorstroomError as error:
    print(error)
    sys.exit(2)
"""


def test_a_run_for_which_memory_does_not_suffice_is_named(tmp_path: Path) -> None:
    script = tmp_path / "limited.py"
    script.write_text(LIMITED.format(path=sys.path, folder=str(tmp_path / "study")))
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 2, ended.stderr
    assert "MemoryError" in ended.stdout
    assert "doorstroom run baseline" in ended.stdout
    assert not list((tmp_path / "study").rglob("*.part"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere; refusals are injected above")
def test_a_folder_that_may_only_be_read_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(DoorstroomError, match="name another one"):
        fake_country.compared(
            [fake_country.scenario()], processes=1, out=tmp_path / "study",
        )  # fmt: skip


def test_a_neighbour_that_may_not_be_entered_lends_nothing_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "results" / "closed").mkdir(parents=True)
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **how: "closed" not in str(path) and may(path, mode, **how))
    looked = Path.is_dir

    def is_dir(path: Path) -> bool:
        if "closed" in str(path.parent):
            raise PermissionError(13, "Permission denied", str(path))
        return looked(path)

    monkeypatch.setattr(Path, "is_dir", is_dir)
    for name in ("one", "two"):
        made = fake_country.compared([fake_country.scenario()], draws=2, out=tmp_path / "results" / name)
        assert made.runs == 2
