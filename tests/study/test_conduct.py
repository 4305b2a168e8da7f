"""Studies are made once, anywhere, by anyone, and whatever happens in between."""

from __future__ import annotations

import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fake_country
import numpy as np
import pandas as pd
import pytest
import toys
from rich.console import Console

from doorstroom.errors import StoreError
from doorstroom.outcomes import SERIES
from doorstroom.parameters import load_parameters
from doorstroom.study import work
from doorstroom.study.compare import run_study
from doorstroom.study.conduct import Conducted, conduct, found
from doorstroom.study.execution import RunError, WorkerError
from doorstroom.study.identity import code_identity
from doorstroom.study.ledger import failures
from doorstroom.study.model import Model
from doorstroom.study.presence import Presence
from doorstroom.study.replay import replay
from doorstroom.study.results import RUNS, Results
from doorstroom.study.standing import standing

PI = float(np.pi)
SOBOL = 'name = "sobol"\nsamples = 32\nfirst = 8'
KILLS = int(os.environ.get("DOORSTROOM_KILLS", "1"))
"""How often the study is killed; ten times as a trial of its own."""


def ishigami(simulate: Callable[..., Any] = toys.ishigami) -> Model:
    return toys.model(simulate, toys.names(3), -PI, PI)


def make(file: Path, folder: Path, model: Model | None = None, **options: Any) -> Conducted:
    asked = {"processes": 1, "console": Console(file=io.StringIO()), **options}
    return conduct(file, model=model or ishigami(), out=folder, **asked)


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / RUNS).read_bytes()).hexdigest()


def parts(folder: Path) -> list[Path]:
    return sorted((folder / "runs").glob("part-*.parquet"))


@pytest.fixture
def counted(tmp_path: Path) -> toys.Counted:
    return toys.Counted(tmp_path / "log")


def begun(log: Path) -> Counter[str]:
    return Counter(log.read_text().splitlines()) if log.exists() else Counter()


def test_a_run_that_exists_is_never_made_again(tmp_path: Path, counted: toys.Counted) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    first = make(file, tmp_path / "out", ishigami(counted))
    assert first.made == 32 * (3 + 2)  # of 6 points per base sample, the one that moves the dummy is there already
    before = digest(first.folder)
    again = make(file, first.folder, ishigami(counted))
    assert (again.made, again.borrowed, again.failed) == (0, 0, 0)
    assert digest(first.folder) == before
    larger = make(toys.write_study(tmp_path, SOBOL.replace("32", "64")), first.folder, ishigami(counted))
    assert larger.made == first.made
    assert set(begun(counted.log).values()) == {1}


def test_two_studies_share_runs(tmp_path: Path, counted: toys.Counted) -> None:
    one = make(toys.write_study(tmp_path, SOBOL), tmp_path / "results" / "one", ishigami(counted))
    told = io.StringIO()
    file = toys.write_study(tmp_path, SOBOL.replace("32", "64"))
    two = make(file, tmp_path / "results" / "two", ishigami(counted), console=Console(file=told, width=200))
    assert two.borrowed == one.made
    assert two.made == one.made
    assert f"{one.made} runs were found in other studies" in told.getvalue()
    assert set(begun(counted.log).values()) == {1}
    alone = make(file, tmp_path / "elsewhere" / "two", ishigami(toys.Counted(tmp_path / "other")))
    assert digest(alone.folder) == digest(two.folder)


STUDY_OF_THE_COUNTRY = """
title = "A study of the fake country"
scenarios = ["baseline.toml", "no_money.toml"]
seeds = 2
[outcomes.pupils]
outcome = "vmbo_technique_pupils"
region = "Regio 5"
years = [2025, 2030]
[method]
name = "draws"
draws = 2
"""
SCENARIO_OF_THE_COUNTRY = """
title = "A scheme of {millions} million"
[schemes.a_scheme]
title = "A scheme"
programme = "STO"
first_year = 2020
last_year = 2028
budget = {millions}e6
after = 0.5
activities = {{ equipment = 1.0 }}
"""


def test_runs_of_a_comparison_are_shared_too(tmp_path: Path) -> None:
    files = {"baseline": 100, "no_money": 0}
    for name, millions in files.items():
        (tmp_path / f"{name}.toml").write_text(SCENARIO_OF_THE_COUNTRY.format(millions=millions))
    (tmp_path / "study.toml").write_text(STUDY_OF_THE_COUNTRY)
    made = run_study(
        [tmp_path / f"{name}.toml" for name in files],
        draws=2,
        seeds=1,
        processes=1,
        out=tmp_path / "results" / "comparison",
        simulate=fake_country.simulate,
        inputs=fake_country.inputs(),
        console=Console(file=io.StringIO()),
    )
    toy = fake_country.model()
    model = Model(toy.simulate, load_parameters(), SERIES, toy.regions, made.manifest.inputs, made.manifest.code)
    done = make(tmp_path / "study.toml", tmp_path / "results" / "study", model)
    assert (done.borrowed, done.made) == (4, 4)
    direct = fake_country.simulate(fake_country.scenario(), draw=2, seed=1, fraction=0.1)
    expected = direct[6:12, 5, SERIES.index(("vmbo_technique_pupils", "total"))].mean()
    assert done.results.level("pupils")[1, 0, 0] == expected


def test_in_process_and_pool_give_the_same_bytes(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL, scenarios=2, top="seeds = 2")
    folders = [tmp_path / name / "study" for name in ("here", "pool")]
    make(file, folders[0])
    make(file, folders[1], processes=2)
    assert digest(folders[0]) == digest(folders[1])


def test_a_failed_run_is_recorded_and_the_others_go_on(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    done = make(file, tmp_path / "out", ishigami(toys.fails_in_a_corner))
    assert done.failed > 0
    assert done.made + done.failed == 160
    entry = failures(done.folder)[0]
    assert entry["error"] == "ZeroDivisionError: no teachers left"
    assert "fails_in_a_corner" in entry["traceback"]
    assert entry["command"] == f"doorstroom study replay {done.folder} {entry['run']}"
    with pytest.raises(ZeroDivisionError, match="no teachers left"):
        replay(file, done.folder, entry["run"], ishigami(toys.fails_in_a_corner))
    table = pd.read_parquet(done.folder / RUNS)
    assert table["y"].isna().sum() >= done.failed
    whole = done.results.whole(done.results.response(done.results.responses()[0]))
    assert 0 < whole.sum() < len(whole)
    assert whole.sum() % 6 == 0  # whole base samples only
    mended = toys.model(toys.ishigami, toys.names(3), -PI, PI)
    mended = Model(mended.simulate, mended.entries, mended.series, mended.regions, "toy", "fails_in_a_corner")
    again = make(file, tmp_path / "out", mended)
    assert again.made == done.failed
    assert failures(done.folder) == []


def test_a_replayed_run_reads_as_it_did(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    done = make(file, tmp_path / "out")
    table = pd.read_parquet(done.folder / RUNS)
    for run in (0, 17, 191):
        replayed = replay(file, done.folder, run, ishigami())
        assert replayed.readings["y"] == table["y"][run]
        assert (replayed.place.point, replayed.place.seed) == (table["point"][run], table["seed"][run])


def test_a_draw_is_replayed_by_the_usual_command(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, 'name = "draws"\ndraws = 40', top="fraction = 0.25")
    done = make(file, tmp_path / "out", ishigami(toys.fails_in_a_corner))
    entry = failures(done.folder)[0]
    draw = entry["point"] + 1
    assert entry["command"] == f"doorstroom run plain.toml --draw={draw} --seed=1 --fraction=0.25"


def test_a_run_that_kills_its_worker_is_a_failed_run(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 16\nfirst = 16\nnumber = 3')
    done = make(file, tmp_path / "out", ishigami(toys.dies_in_a_corner), processes=2)
    died = [entry for entry in failures(done.folder) if "worker process died" in entry["error"]]
    assert len(died) == done.failed
    assert done.made == 16 * 5 - done.failed
    x1 = done.results.coordinates()[:, 0]
    readings = done.results.readings.ravel()
    np.testing.assert_array_equal(np.isnan(readings), x1 > 3.0)
    assert 0 < np.isnan(readings).sum() < 40


def test_workers_that_can_not_start_end_the_study(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    with pytest.raises(RunError, match="none has made one"):
        make(file, tmp_path / "out", ishigami(fake_country.die), processes=2)
    with pytest.raises(WorkerError, match="no Dask scheduler answers"):
        make(file, tmp_path / "out", cluster="nonsense://nowhere:1")


def test_a_worker_of_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    toy = ishigami()
    ours = Model(toy.simulate, toy.entries, toy.series, toy.regions, toy.inputs, code_identity())
    assert make(file, tmp_path / "same", ours).made > 0
    monkeypatch.setattr(work, "code_identity", lambda: "0" * 64)
    with pytest.raises(WorkerError, match=r"another version of doorstroom; install the same on all workers"):
        make(file, tmp_path / "other" / "study", ours)


def test_damage_is_found_and_made_good(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    done = make(file, tmp_path / "out")
    before, files = digest(done.folder), parts(done.folder)
    assert len(files) > 3
    os.truncate(files[0], files[0].stat().st_size // 2)
    with files[1].open("r+b") as part:
        part.seek(200)
        part.write(b"\0\1\2\3")
    again = make(file, done.folder)
    assert 0 < again.made < done.made
    assert digest(done.folder) == before
    assert len(list((done.folder / "runs").glob("*.damaged"))) == 2
    assert standing(file, done.folder, ishigami()).damaged == 2
    (done.folder / RUNS).write_bytes(b"half")
    with pytest.raises(StoreError, match=r"can't be read.*study resume"):
        Results.open(done.folder)


def test_results_are_read_without_the_model(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL, scenarios=2, top="seeds = 2")
    done = make(file, tmp_path / "out")
    read = Results.open(done.folder)
    np.testing.assert_array_equal(read.readings, done.results.readings)
    np.testing.assert_array_equal(read.values, done.results.values)
    np.testing.assert_array_equal(read.design.unit, done.results.design.unit)
    assert read.responses() == done.results.responses()
    assert read.file == done.results.file
    with pytest.raises(StoreError, match="not there"):
        Results.open(tmp_path)


def test_a_study_stops_when_it_has_converged(tmp_path: Path) -> None:
    """With so wide a rule the first three looks are enough."""
    rest = "[stop]\nwidth = 1.0\nmatter = 1\ndoublings = 2"
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 1024\nfirst = 64', rest=rest)
    done = make(file, tmp_path / "out")
    assert done.results.blocks == 256
    assert done.results.sizes == [64, 128, 256]
    assert done.made == 256 * 5


def test_status_tells_what_is_there(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    before = standing(file, tmp_path / "out", ishigami())
    assert (before.there, before.asked, before.finished) == (0, 192, False)
    assert not (tmp_path / "out").exists()
    done = make(file, tmp_path / "out", ishigami(toys.fails_in_a_corner))
    with Presence(done.folder) as presence:
        presence._last = 0.0
        presence.beat(10, 0)
        now = standing(file, done.folder, ishigami(toys.fails_in_a_corner))
        assert now.workers == 1
        assert now.rate > 0
    assert now.there + len(now.failed) <= 192
    assert now.finished
    assert now.seconds > 0
    assert standing(file, done.folder, ishigami()).stale == done.made


def test_a_folder_knows_its_file(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    done = make(file, tmp_path / "out")
    assert found(done.folder) == (file, done.folder)
    file.write_text(file.read_text() + "\n# another question\n")
    with pytest.raises(StoreError, match=r"has changed since.*study run"):
        found(done.folder)
    file.unlink()
    assert found(done.folder) == (done.folder / "study.toml", done.folder)


SCRIPT = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
import toys
from doorstroom.study.conduct import conduct

if __name__ == "__main__":
    simulate = toys.Counted(Path({log!r}), {seconds})
    model = toys.model(simulate, toys.names(3), -{pi}, {pi})
    conduct(Path({file!r}), model=model, processes={processes}, cluster={cluster!r}, out=Path({folder!r}))
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
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 64\nfirst = 16')
    folder, processes = tmp_path / "killed" / "study", 2
    moments = random.Random(7)
    for _ in range(KILLS):
        study = Started(file, folder, seconds=0.02, processes=processes)
        study.until(sum(begun(study.log).values()) + moments.randrange(3, 40))
        study.signal(signal.SIGKILL)
        study.process.wait()
        study.process.stderr.close()
    study = Started(file, folder, seconds=0.02, processes=processes)
    told = study.end()
    assert study.process.returncode == 0, told
    alone = make(file, tmp_path / "undisturbed" / "study", ishigami(toys.Counted(tmp_path / "other")))
    assert digest(folder) == digest(alone.folder)
    again = sum(begun(study.log).values()) - len(begun(study.log))
    assert len(begun(study.log)) == alone.made == 64 * 5
    # in hand at a kill: what the workers were at, and what waited for them; half a second of work each
    assert again <= KILLS * 2 * processes * 25


def test_ctrl_c_ends_after_the_runs_in_progress(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 128\nfirst = 128')
    folder = tmp_path / "stopped" / "study"
    study = Started(file, folder, seconds=0.02)
    study.until(20)
    study.signal(signal.SIGINT)
    told = study.end()
    assert study.process.returncode != 0
    assert "Stopping after the runs in progress" in told
    made = sum(begun(study.log).values())
    assert 20 <= made < 128 * 5
    assert not list(folder.glob("working/*"))
    rest = make(file, folder, ishigami(toys.Counted(study.log)))
    assert rest.made == 128 * 5 - made  # nothing that was begun was lost
    assert max(begun(study.log).values()) == 1


def test_two_processes_share_a_study(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 64\nfirst = 64')
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
    file = toys.write_study(tmp_path, 'name = "sobol"\nsamples = 64\nfirst = 64')
    folder = tmp_path / "cluster" / "study"
    with cluster(tmp_path / "dask", 2) as (address, workers):
        assert address.startswith("tcp://")
        study = Started(file, folder, seconds=0.02, cluster=address)
        study.until(60)
        workers[0].kill()
        told = study.end()
        assert study.process.returncode == 0, told
    alone = make(file, tmp_path / "alone" / "study", ishigami(toys.Counted(tmp_path / "other")))
    assert digest(folder) == digest(alone.folder)
