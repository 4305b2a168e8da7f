"""Disks that are full or read-only, folders of others, clocks, memory, two versions: told, and nothing is lost."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fake_country
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import toys
from rich.console import Console
from studying import PI, digest, ishigami, make
from typer.testing import CliRunner

from doorstroom.cli import app
from doorstroom.errors import StoreError
from doorstroom.experiment import heartbeat, posterior
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.heartbeat import Presence, present
from doorstroom.experiment.results import Results
from doorstroom.experiment.run_index import failures
from doorstroom.experiment.run_store import RunReader
from doorstroom.experiment.status import standing
from doorstroom.experiment.table import MOST_ROWS
from doorstroom.reporting.compare import compare, report

SOBOL = 'name = "sobol"\nsamples = 64\nfirst = 16'
QUIET = Console(file=io.StringIO())


class SmallDisk:
    """A file system in memory of its own size."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def leave(self, room: int) -> None:
        """Leave so many bytes free."""
        self._filler.unlink(missing_ok=True)
        free = shutil.disk_usage(self.folder).free
        self._filler.write_bytes(bytes(max(free - room, 0)))

    def empty(self) -> None:
        self._filler.unlink()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        _mount("-o", "remount,ro", self.folder)
        try:
            yield
        finally:
            _mount("-o", "remount,rw", self.folder)


def _mount(*words: object) -> bool:
    try:
        return subprocess.run(["mount", *map(str, words)], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not _mount("-t", "tmpfs", "-o", "size=12m", "tmpfs", folder):
        pytest.skip("this user may not mount a file system of its own size")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may enter too, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Root may write everywhere, so the process gives that up for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def leftovers(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]


# a full disk


@pytest.mark.parametrize("room", [0, 4_096, 16_384, 40_960, 65_536])
def test_a_disk_that_fills_during_a_study_loses_nothing(room: int, small_disk: SmallDisk, tmp_path: Path) -> None:
    file = toys.write_study(tmp_path / "asked", SOBOL)
    whole = digest(make(file, tmp_path / "undisturbed" / "study").folder)
    folder = small_disk.folder / "study"
    small_disk.leave(room)
    try:
        make(file, folder)
        told = ""
    except StoreError as error:
        told = str(error)
    assert "No space left on device" in told
    assert not leftovers(folder)
    small_disk.empty()
    assert digest(make(file, folder).folder) == whole


def test_a_disk_that_fills_during_a_report_is_told_and_the_runs_are_kept(small_disk: SmallDisk) -> None:
    scenarios = [fake_country.scenario(last=2022), fake_country.scenario("less", 60.0, last=2022)]
    asked = {"draws": 2, "processes": 1}
    made = fake_country.compared(scenarios, out=small_disk.folder / "study", console=QUIET, **asked)
    for room in (0, 300_000):
        small_disk.leave(room)
        with pytest.raises(StoreError, match="No space left on device"):
            report(made, console=QUIET)
        assert not leftovers(made.folder)
    assert all(run in RunReader(made.folder) for run in made.identities)
    Results.open(made.folder)


def test_a_full_disk_under_the_command_line_ends_with_2(small_disk: SmallDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small_disk.folder)
    small_disk.leave(0)
    result = CliRunner().invoke(app, ["run", "baseline", "--fraction", "0.02"])
    assert result.exit_code == 2, result.output
    assert "No space left on device" in result.stderr
    assert "Traceback" not in result.output


# folders that can't be written


def test_a_study_that_can_only_be_read_is_read(small_disk: SmallDisk, tmp_path: Path) -> None:
    file = toys.write_study(tmp_path / "asked", SOBOL)
    folder = make(file, small_disk.folder / "study").folder
    old = folder / "runs" / ".left-over.part"
    old.write_bytes(b"half")
    os.utime(old, (0, 0))
    (part, *_) = (folder / "runs").glob("part-*.parquet")
    part.write_bytes(b"damaged")
    with small_disk.read_only():
        assert Results.open(folder).readings.shape[0] > 0
        assert standing(Experiment.from_file(file, ishigami()), folder).finished
        with pytest.raises(StoreError, match="Read-only file system"):
            make(file, folder)
        with pytest.raises(StoreError, match="Read-only file system"):
            make(file, small_disk.folder / "other" / "study")
    assert make(file, folder).made > 0


def test_a_folder_of_somebody_else_is_told(open_folder: Path) -> None:
    file = toys.write_study(open_folder / "asked", SOBOL)
    theirs = open_folder / "theirs"
    make(file, theirs / "study")
    made = fake_country.compared(
        [fake_country.scenario(last=2021)], processes=1, out=theirs / "run", console=QUIET,
    )  # fmt: skip
    fitted = posterior.Posterior(("track.upward_drift",), np.array([[0.001]]), {})
    posterior.save(fitted, open_folder / "posterior.csv")  # modules may lie where only root reads: load them all now
    for folder in (theirs, *(path for path in theirs.rglob("*") if path.is_dir())):
        folder.chmod(0o555)
    with ordinary_user():
        for write in (
            lambda: make(file, theirs / "study"),
            lambda: make(file, theirs / "other"),
            lambda: report(made, console=QUIET),
            lambda: posterior.save(fitted, theirs / "new" / "posterior.csv"),
            lambda: compare([fake_country.scenario()], out=theirs / "new", console=QUIET),
        ):  # fmt: skip
            with pytest.raises(StoreError, match="Permission denied"):
                write()
        Results.open(theirs / "study")
    for folder in (theirs, *(path for path in theirs.rglob("*") if path.is_dir())):
        folder.chmod(0o755)


def test_what_the_system_refuses_to_a_command_is_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", "somewhere")

    monkeypatch.setattr("doorstroom.reporting.compare.run_one", refused)
    result = CliRunner().invoke(app, ["run", "baseline"])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "somewhere: Permission denied" in result.stderr


# clocks


def test_a_process_that_died_before_the_clock_was_put_back_is_not_at_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Presence(tmp_path):
        assert len(present(tmp_path)) == 1
        real = time.time
        monkeypatch.setattr(heartbeat.time, "time", lambda: real() - 86_400.0)
        assert present(tmp_path) == []


# two versions


def test_two_versions_of_the_model_on_one_study_are_refused(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path / "asked", SOBOL)
    folder = make(file, tmp_path / "study").folder
    before = digest(folder)
    newer = toys.model(toys.fails_in_a_corner, toys.names(3), -PI, PI)
    with Presence(folder), pytest.raises(StoreError, match=r"another version of the model .* is at work"):
        make(file, folder, newer)
    with pytest.raises(StoreError, match=r"was made with another version .*; go on with that version, or"):
        make(file, folder, newer, going_on=True)
    assert digest(folder) == before
    assert make(file, folder, going_on=True).made == 0
    assert make(file, folder, newer).made > 0, "a study that is asked again is made anew"


# memory

HUNGRY = """
import resource, sys
sys.path[:0] = {path!r}
from pathlib import Path
import numpy as np
import toys
from doorstroom.experiment.run import conduct
from doorstroom.experiment.experiment import Experiment

def hungry(scenario, *, draw, seed, fraction):
    if toys.values(draw, 3, -np.pi, np.pi)[0] > 2.8:
        np.ones(1 << 31)
    return toys.ishigami(scenario, draw=draw, seed=seed, fraction=fraction)

used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 30),) * 2)
model = toys.model(hungry, toys.names(3), -np.pi, np.pi)
print(conduct(Experiment.from_file(Path({file!r}), model), processes=1, out=Path({folder!r})).failed)
"""


def test_runs_that_want_too_much_memory_fail_and_the_others_are_made(tmp_path: Path) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system doesn't tell how much memory a process has")
    file = toys.write_study(tmp_path / "asked", SOBOL)
    script = HUNGRY.format(path=sys.path, file=str(file), folder=str(tmp_path / "study"))
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told = failures(tmp_path / "study")
    assert len(told) == int(ended.stdout) > 0
    assert all("MemoryError" in one["error"] and "study replay" in one["command"] for one in told)


def test_a_command_that_runs_out_of_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def hungry(*args: object, **options: object) -> None:
        raise MemoryError

    monkeypatch.setattr("doorstroom.reporting.compare.run_one", hungry)
    result = CliRunner().invoke(app, ["run", "baseline"])
    assert result.exit_code == 2
    assert "not enough memory; run fewer processes, a smaller fraction or fewer draws" in result.stderr


def test_a_small_file_that_holds_more_rows_than_any_memory_is_refused_unread(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.parquet"
    rows = pa.table({"value": pa.array(np.zeros(2_000_000, np.int8))})
    with pq.ParquetWriter(bomb, rows.schema) as file:
        for _ in range(MOST_ROWS // len(rows) + 1):
            file.write_table(rows)
    assert bomb.stat().st_size < 100_000
    study = toys.write_study(tmp_path / "asked", SOBOL)
    folder = make(study, tmp_path / "study").folder
    before = digest(folder)
    name = f"part-{hashlib.sha256(bomb.read_bytes()).hexdigest()[:32]}"
    shutil.copy(bomb, folder / "runs" / f"{name}.parquet")
    assert make(study, folder).made == 0
    assert (folder / "runs" / f"{name}.damaged").exists()
    for table in ("runs", "points"):
        shutil.copy(bomb, folder / f"{table}.parquet")
        with pytest.raises(StoreError, match=r"can't be read \(ValueError\)"):
            Results.open(folder)
        make(study, folder)
        assert digest(folder) == before
