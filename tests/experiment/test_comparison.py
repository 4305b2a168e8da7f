"""A study of scenarios: the same runs whatever the hardware does, and none made twice."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fake_country
import numpy as np
import pyarrow.parquet as pq
import pytest

from doorstroom.errors import ScenarioError
from doorstroom.experiment.effects import Sureness, summarise
from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.plan import streams
from doorstroom.experiment.results import RUNS, Results
from doorstroom.experiment.run_index import failures
from doorstroom.experiment.run_store import RunReader
from doorstroom.experiment.workers import RunError
from doorstroom.outcomes import COLUMN
from doorstroom.reporting.compare import report
from doorstroom.scenario import Scenario


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """A folder without neighbours, whose runs a study would take over."""
    place = tmp_path / "results" / "study"
    place.mkdir(parents=True)
    return place


ENROLMENT = ("vmbo_technique_pupils", "total")


def study(
    folder: Path,
    scenarios: list[Scenario] | None = None,
    simulate: Callable[..., Any] = fake_country.simulate,
    **options: Any,
) -> Results:
    scenarios = scenarios or [fake_country.scenario(), fake_country.scenario("no_money", 0.0)]
    return fake_country.compared(scenarios, out=folder, simulate=simulate, **{"seeds": 2, "draws": 2, **options})


def tables(folder: Path) -> str:
    """Hash of the table of runs, and of all that is kept of them."""
    whole = hashlib.sha256((folder / RUNS).read_bytes())
    reader = RunReader(folder)
    for run in sorted(set(Results.open(folder).identities)):
        whole.update(reader.read(run)[0].tobytes())
    return whole.hexdigest()


def kept(folder: Path) -> set[str]:
    """Identities of the runs in the store."""
    return set().union(*(pq.read_table(path)["run"].to_pylist() for path in (folder / "runs").glob("*.parquet")))


def stamps(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in (folder / "runs").iterdir()}


def test_processes_and_repeated_commands_change_no_byte(tmp_path: Path) -> None:
    one = study(tmp_path / "here" / "one")
    two = study(tmp_path / "there" / "two", processes=2)
    assert len(kept(one.folder)) == len(kept(two.folder)) == 8
    assert tables(one.folder) == tables(two.folder)
    before = stamps(one.folder)
    study(one.folder)
    assert stamps(one.folder) == before  # nothing was made again
    assert tables(one.folder) == tables(two.folder)


def test_a_stored_run_is_not_made_again_and_a_damaged_one_is(tmp_path: Path) -> None:
    study(tmp_path)
    before, paths = tables(tmp_path), sorted((tmp_path / "runs").iterdir())
    times = stamps(tmp_path)
    os.truncate(paths[0], 100)
    with paths[1].open("r+b") as file:
        file.seek(paths[1].stat().st_size // 2)
        file.write(b"\0\1\2\3\4\5\6\7")
    study(tmp_path)
    assert tables(tmp_path) == before
    assert all(path.stat().st_mtime_ns == times[path] for path in paths[2:])
    assert len(list((tmp_path / "runs").glob("*.damaged"))) == 2


def test_a_larger_study_uses_the_runs_of_the_smaller(tmp_path: Path) -> None:
    study(tmp_path, seeds=1)
    before, times = kept(tmp_path), stamps(tmp_path)
    study(tmp_path, seeds=3)
    assert len(before) == 4
    assert len(kept(tmp_path)) == 12
    assert before < kept(tmp_path)
    assert times.items() <= stamps(tmp_path).items()


def test_a_scenario_against_itself_has_no_effect_at_all(tmp_path: Path) -> None:
    results = study(tmp_path, [fake_country.scenario(), fake_country.scenario()])
    assert results.labels == ["baseline", "baseline (2)"]
    assert len(kept(tmp_path)) == 4  # one run serves both
    [panel] = results.panels(([ENROLMENT], range(79)))
    summary = summarise(results.effect(panel, "baseline (2)", ENROLMENT), results.seeds)
    assert np.all(summary.mean == 0.0)
    assert set(summary.sureness.ravel()) <= {Sureness.TOO_SMALL, Sureness.TOO_FEW}


def test_every_draw_has_luck_of_its_own(tmp_path: Path) -> None:
    results = study(tmp_path, seeds=2)
    assert results.streams.tolist() == [[1, 10_001], [2, 10_002]]
    assert streams(0, 3) == (1, 2, 3)
    table = pq.read_table(tmp_path / RUNS).to_pandas()
    luck = table.groupby("draw")["seed"].unique().map(sorted).to_dict()
    assert luck == {1: [1, 10_001], 2: [2, 10_002]}
    assert (table.groupby(["draw", "seed"])["scenario"].nunique() == 2).all()


def test_panels_give_the_runs_in_order_of_draw_then_seed(tmp_path: Path) -> None:
    results = study(tmp_path, seeds=3)
    [panel] = results.panels(([ENROLMENT], [0, 12]))
    made = [
        fake_country.simulate(fake_country.scenario(), draw=draw, seed=seed, fraction=0.1)
        for draw in (1, 2)
        for seed in streams(draw, 3)
    ]
    expected = np.stack([run[:, [0, 12], COLUMN[ENROLMENT]] for run in made])
    np.testing.assert_array_equal(panel.level("baseline", ENROLMENT), expected)
    assert results.runs == 6
    assert results.years == list(range(2019, 2041))


@pytest.mark.parametrize("processes", [1, 2])
def test_a_failed_run_is_recorded_and_the_rest_is_finished(tmp_path: Path, processes: int) -> None:
    results = study(tmp_path, simulate=fake_country.fail_on_second_seed, processes=processes, seeds=1, draws=4)
    lost = failures(tmp_path)
    assert [(one["scenario"], one["seed"], one["error"]) for one in lost] == [
        (label, 2, "ZeroDivisionError: no teachers left") for label in ("baseline", "no_money")
    ]
    assert lost[0]["command"] == "doorstroom run baseline --draw=2 --seed=2 --fraction=0.1"
    assert (results.manifest.failed, results.runs, results.lost) == (2, 3, 1)
    assert len(kept(tmp_path)) == 6
    [panel] = results.panels(([ENROLMENT], [0]))
    expected = [fake_country.simulate(fake_country.scenario(), draw=k, seed=k, fraction=0.1) for k in (1, 3, 4)]
    np.testing.assert_array_equal(
        panel.level("baseline", ENROLMENT)[..., 0], [run[:, 0, COLUMN[ENROLMENT]] for run in expected]
    )
    mended = study(tmp_path, seeds=1, draws=4)
    assert (mended.runs, mended.lost, failures(tmp_path)) == (4, 0, [])


def test_a_worker_that_dies_ends_a_comparison_of_workers_that_all_do(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="3 workers died one after the other"):
        study(tmp_path, simulate=fake_country.die, processes=2)


def test_a_report_without_a_whole_draw_names_the_run_that_failed(tmp_path: Path) -> None:
    results = study(tmp_path, simulate=fake_country.fail_on_second_seed, seeds=2, draws=1)
    with pytest.raises(RunError, match=r"no draw has all of its runs; 2 failed, .*ZeroDivisionError.*doorstroom run"):
        report(results)


def test_an_interrupted_study_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        study(tmp_path, simulate=fake_country.interrupted, draws=1)
    before, times = kept(tmp_path), stamps(tmp_path)
    assert 1 <= len(before) <= 2  # the second run may have been in hand together with the one that was interrupted
    assert Manifest.load(tmp_path).ended is None
    study(tmp_path, draws=1)
    assert len(kept(tmp_path)) == 4
    assert times.items() <= stamps(tmp_path).items()


SLOW = """
import sys
sys.path[:0] = {path!r}
import fake_country
from rich.console import Console

if __name__ == "__main__":
    fake_country.compared(
        [fake_country.scenario(), fake_country.scenario("no_money", 0.0)], simulate=fake_country.slow,
        seeds={seeds}, draws=1, processes={processes}, cluster={cluster!r}, out={folder!r},
        console=Console(stderr=True),
    )
"""


def start(
    tmp_path: Path, folder: Path, seeds: int, processes: int = 2, cluster: str | None = None
) -> subprocess.Popen[bytes]:
    """The study in a process of its own, as from a terminal."""
    script = tmp_path / f"{folder.name}-{seeds}-{time.monotonic_ns()}.py"
    told = SLOW.format(path=sys.path, folder=folder, seeds=seeds, processes=processes, cluster=cluster)
    script.write_text(told.replace("PosixPath(", "__import__('pathlib').Path("))
    return subprocess.Popen([sys.executable, script], stderr=subprocess.PIPE, start_new_session=True)


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def parts(folder: Path) -> int:
    return len(list((folder / "runs").glob("*.parquet"))) if (folder / "runs").is_dir() else 0


def test_ctrl_c_ends_the_runs_in_progress_and_keeps_them(tmp_path: Path) -> None:
    folder = tmp_path / "stopped" / "study"
    process = start(tmp_path, folder, seeds=40)
    wait_for(lambda: parts(folder) >= 3)
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells every process of the group
    _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"Stopping after the runs in progress" in told
    assert all(path.suffix == ".parquet" for path in (folder / "runs").iterdir())
    assert 3 <= len(kept(folder)) < 80
    study(folder, seeds=5, draws=1)
    alone = study(tmp_path / "alone" / "study", seeds=5, draws=1)
    assert tables(folder) == tables(alone.folder)


def test_two_processes_on_one_folder_do_not_hurt_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "both" / "study"
    both = [start(tmp_path, folder, seeds=3, processes=1) for _ in range(2)]
    told = [process.communicate(timeout=120)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    alone = study(tmp_path / "alone" / "study", seeds=3, draws=1)
    assert tables(folder) == tables(alone.folder)
    assert Manifest.load(folder).ended is not None


def test_a_comparison_on_a_cluster_killed_and_resumed_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    folder = tmp_path / "cluster" / "study"
    process = start(tmp_path, folder, seeds=20, cluster="local")
    wait_for(lambda: parts(folder) >= 3)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = kept(folder)
    assert 3 <= len(before) < 40
    process = start(tmp_path, folder, seeds=20, cluster="local")
    told = process.communicate(timeout=120)[1].decode()
    assert process.returncode == 0, told
    assert before < kept(folder)
    alone = study(tmp_path / "alone" / "study", seeds=20, draws=1)
    assert tables(folder) == tables(alone.folder)


def test_what_can_not_be_compared_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    short = fake_country.scenario("short", last=2030)
    with pytest.raises(ScenarioError, match="same years"):
        study(tmp_path / "new", [fake_country.scenario(), short])
    for options, told in (
        ({"seeds": 0}, "seeds: found 0; allowed: a whole number from 1"),
        ({"draws": -1}, "draws: found -1; allowed: a whole number from 0"),
        ({"fraction": 0.0}, "fraction: found 0.0; allowed: a number from 0.0001 to 1"),
    ):
        with pytest.raises(ScenarioError, match=re.escape(told)):
            study(tmp_path / "new", **options)
    assert not (tmp_path / "new").exists()


def test_the_folder_is_named_after_the_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    results = fake_country.compared([fake_country.scenario(), fake_country.scenario("no_money", 0.0)], out=None)
    assert results.folder.parent == Path("results")
    assert results.folder.name == f"baseline-vs-no_money-{results.manifest.study[:8]}"
    assert results.manifest.command == "doorstroom compare baseline no_money --draws=0 --seeds=1 --fraction=0.1"
    one = fake_country.compared([fake_country.scenario()], out=None, only=(5, 3), inputs=tmp_path / "my sets")
    command = f"doorstroom run baseline --draw=5 --seed=3 --fraction=0.1 '--inputs={tmp_path / 'my sets'}'"
    assert one.manifest.command == command
    assert (one.manifest.draws, one.streams.tolist()) == ((5,), [[3]])
