"""Files appear whole or not at all, whatever the disk does."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from doorstroom.errors import StoreError
from doorstroom.experiment.run_store import RunReader, RunStore
from doorstroom.experiment.table import Layout
from doorstroom.experiment.whole_files import atomic

LAYOUT = Layout((2019, 2020), (0, 1), (("a", "total"), ("b", "total")))
VALUES = np.random.default_rng(1).random((1, *LAYOUT.shape)).astype(np.float32)
RUN = "a" * 64


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: a write fails half-way, as on a full disk."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 4, 500])
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, room: int) -> None:
    store = RunStore(tmp_path, LAYOUT)
    with largest_file(room), pytest.raises(StoreError, match=r"can't be written.*free some space"):
        store.append([RUN], VALUES, [RUN], 1.0)
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_disk_that_fills_at_the_last_moment_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "table"
    path.write_text("old")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left on device"), atomic(path) as file:
        file.write(b"new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="can't make the study folder"):
        RunStore(tmp_path / "file" / "study", LAYOUT)


KILLED = """
import os, sys
sys.path[:0] = {path!r}
from test_whole_files import LAYOUT, RUN, VALUES, RunStore
from doorstroom.experiment import whole_files
whole_files.os.replace = lambda *names: os._exit(9)
RunStore({folder!r}, LAYOUT).append([RUN], VALUES, [RUN], 1.0)
"""


def test_a_killed_write_leaves_nothing_readable(tmp_path: Path) -> None:
    script = KILLED.format(path=sys.path, folder=str(tmp_path))
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert RUN not in RunReader(tmp_path)
    left = list((tmp_path / "runs").glob(".*.part"))
    assert len(left) == 1
    assert left[0].stat().st_size > 0  # the kill came after the last byte, before the name


def test_only_old_leftovers_are_swept(tmp_path: Path) -> None:
    """A young one may be another process's write in progress."""
    store = RunStore(tmp_path, LAYOUT)
    store.append([RUN], VALUES, [RUN], 1.0)
    young, old = store.runs / ".young-x.part", store.runs / ".old-x.part"
    for path in (young, old):
        path.write_bytes(b"half")
    hour_ago = time.time() - 3600
    os.utime(old, (hour_ago, hour_ago))
    RunStore(tmp_path, LAYOUT)
    assert young.exists()
    assert not old.exists()
    np.testing.assert_array_equal(RunReader(tmp_path).read(RUN)[0], VALUES[0])
