"""The store: a run is there whole and sound, or it is not there."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fake_country
import numpy as np
import pyarrow.parquet as pq
import pytest

from doorstroom.errors import StoreError
from doorstroom.outcomes import SERIES
from doorstroom.study.store import Store, atomic

IDENTITY = "a" * 64


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    return fake_country.simulate(fake_country.scenario(), draw=1, seed=1, fraction=0.1)


@pytest.fixture
def store(tmp_path: Path, values: np.ndarray) -> Store:
    store = Store(tmp_path / "study")
    store.write(IDENTITY, values, fake_country.FIRST)
    return store


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may grow beyond `size` bytes: a write fails half-way, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_run_comes_back_as_it_was(store: Store, values: np.ndarray) -> None:
    run = store.read(IDENTITY)
    np.testing.assert_array_equal(run.values, values)
    assert run.years == tuple(range(fake_country.FIRST, fake_country.FIRST + len(values)))
    assert run.checksum == store.holds(IDENTITY)


def test_the_file_is_a_plain_table_that_others_can_read(store: Store, values: np.ndarray) -> None:
    table = pq.read_table(store.path(IDENTITY)).to_pandas()
    assert len(table) == values.size
    name, group = SERIES[7]
    row = table[(table.year == 2030) & (table.region == 5) & (table.outcome == name) & (table.group == group)]
    assert row["value"].item() == values[2030 - fake_country.FIRST, 5, 7]


def test_equal_runs_give_equal_files(store: Store, tmp_path: Path, values: np.ndarray) -> None:
    other = Store(tmp_path / "other")
    other.write(IDENTITY, values.copy(order="F"), fake_country.FIRST)
    assert digest(other.path(IDENTITY)) == digest(store.path(IDENTITY))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_file_cut_off_is_not_a_result(store: Store, share: float) -> None:
    path = store.path(IDENTITY)
    os.truncate(path, int(path.stat().st_size * share))
    assert store.holds(IDENTITY) is None
    with pytest.raises(StoreError, match=r"damaged or cut off; run the study again"):
        store.read(IDENTITY)


def test_any_changed_byte_is_found_or_changes_nothing(store: Store, values: np.ndarray) -> None:
    """A flipped byte may hit padding or a text about the writer; a wrong number is never read."""
    path = store.path(IDENTITY)
    whole = path.read_bytes()
    found = 0
    for place in np.random.default_rng(1).integers(0, len(whole), 60):
        broken = bytearray(whole)
        broken[place] ^= 0x10
        path.write_bytes(broken)
        if store.holds(IDENTITY) is None:
            found += 1
        else:
            np.testing.assert_array_equal(store.read(IDENTITY).values, values)
    assert found >= 55


def test_a_run_under_another_name_is_not_taken_for_it(store: Store) -> None:
    os.rename(store.path(IDENTITY), store.path("b" * 64))
    assert store.holds("b" * 64) is None


def test_a_run_that_is_not_there_is_said_to_be_missing(store: Store) -> None:
    assert store.holds("c" * 64) is None
    with pytest.raises(StoreError, match="not in the study folder"):
        store.read("c" * 64)


def test_results_of_another_dictionary_are_refused(store: Store, values: np.ndarray) -> None:
    with pytest.raises(StoreError, match="dictionary of outcomes"):
        store.write("d" * 64, values[..., :-1], fake_country.FIRST)
    assert store.holds("d" * 64) is None


@pytest.mark.parametrize("room", [0, 4, 5000])
def test_a_full_disk_is_told_and_leaves_nothing(store: Store, values: np.ndarray, room: int) -> None:
    with largest_file(room), pytest.raises(StoreError, match=r"can't be written.*free some space"):
        store.write("e" * 64, values, fake_country.FIRST)
    assert [path.name for path in store.runs.iterdir()] == [f"{IDENTITY}.parquet"]


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
        Store(tmp_path / "file" / "study")


KILLED = """
import os, sys
sys.path[:0] = {path!r}
import fake_country
from doorstroom.study import store
store.os.replace = lambda *names: os._exit(9)
values = fake_country.simulate(fake_country.scenario(), draw=1, seed=1, fraction=0.1)
store.Store({folder!r}).write("f" * 64, values, fake_country.FIRST)
"""


def test_a_killed_write_leaves_nothing_readable(store: Store) -> None:
    script = KILLED.format(path=sys.path, folder=str(store.folder))
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    assert store.holds("f" * 64) is None
    left = list(store.runs.glob(".*.part"))
    assert len(left) == 1
    assert pq.ParquetFile(left[0]).metadata.num_rows > 0  # the kill came after the last byte, before the name


def test_only_old_leftovers_are_swept(store: Store) -> None:
    """A young one may be another process's write in progress."""
    young, old = store.runs / ".young-x.part", store.runs / ".old-x.part"
    for path in (young, old):
        path.write_bytes(b"half")
    hour_ago = time.time() - 3600
    os.utime(old, (hour_ago, hour_ago))
    store.sweep()
    assert young.exists()
    assert not old.exists()
    assert store.holds(IDENTITY)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
