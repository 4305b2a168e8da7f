"""A study of scenarios: the same runs whatever the hardware does, and none made twice."""

from __future__ import annotations

import hashlib
import io
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
import pytest
from rich.console import Console

from doorstroom.errors import ScenarioError, StoreError
from doorstroom.outcomes import COLUMN
from doorstroom.scenario import Scenario
from doorstroom.study.batch import RunError, Task
from doorstroom.study.compare import Comparison, run_study, streams
from doorstroom.study.effects import Sureness, summarise

ENROLMENT = ("vmbo_technique_pupils", "total")


def study(
    folder: Path,
    scenarios: list[Scenario] | None = None,
    simulate: Callable[..., Any] = fake_country.simulate,
    **options: Any,
) -> Comparison:
    scenarios = scenarios or [fake_country.scenario(), fake_country.scenario("no_money", 0.0)]
    asked = {"seeds": 2, "draws": 2, "processes": 1, "console": Console(file=io.StringIO()), **options}
    return run_study(scenarios, out=folder, simulate=simulate, inputs=fake_country.inputs(), **asked)


def tables(folder: Path) -> dict[str, str]:
    """Every run table by its name, with the hash of its bytes."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "runs").iterdir())}


def test_processes_and_repeated_commands_change_no_byte(tmp_path: Path) -> None:
    one = study(tmp_path / "one")
    two = study(tmp_path / "two", processes=2)
    assert len(tables(one.folder)) == 8
    assert tables(one.folder) == tables(two.folder)
    again = study(tmp_path / "one")
    assert tables(again.folder) == tables(two.folder)
    assert again.manifest.runs == one.manifest.runs  # times too: nothing was made again


def test_a_stored_run_is_not_made_again_and_a_damaged_one_is(tmp_path: Path) -> None:
    first = study(tmp_path)
    before = tables(tmp_path)
    paths = sorted((tmp_path / "runs").iterdir())
    stamps = {path: path.stat().st_mtime_ns for path in paths}
    os.truncate(paths[0], 100)
    with paths[1].open("r+b") as file:
        file.seek(paths[1].stat().st_size // 2)
        file.write(b"\0\1\2\3\4\5\6\7")
    damaged = {path: path.stat().st_mtime_ns for path in paths[:2]}
    study(tmp_path)
    assert tables(tmp_path) == before
    assert all(path.stat().st_mtime_ns == stamps[path] for path in paths[2:])
    assert all(path.stat().st_mtime_ns > damaged[path] for path in paths[:2])
    assert Comparison.open(tmp_path).manifest.study == first.manifest.study


def test_a_larger_study_uses_the_runs_of_the_smaller(tmp_path: Path) -> None:
    study(tmp_path, seeds=1)
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").iterdir()}
    study(tmp_path, seeds=3)
    assert len(stamps) == 4
    assert len(tables(tmp_path)) == 12
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items())


def test_a_scenario_against_itself_has_no_effect_at_all(tmp_path: Path) -> None:
    same = [fake_country.scenario(), fake_country.scenario()]
    comparison = study(tmp_path, same)
    assert comparison.labels == ["baseline", "baseline (2)"]
    assert len(tables(tmp_path)) == 4  # one run serves both
    [panel] = comparison.panels(([ENROLMENT], range(79)))
    summary = summarise(comparison.effect(panel, "baseline (2)", ENROLMENT), comparison.seeds)
    assert np.all(summary.mean == 0.0)
    assert set(summary.sureness.ravel()) <= {Sureness.TOO_SMALL, Sureness.TOO_FEW}


def test_every_draw_has_luck_of_its_own(tmp_path: Path) -> None:
    runs = study(tmp_path, seeds=2).manifest.runs
    luck = {(run.draw, run.seed) for run in runs}
    assert luck == {(1, 1), (1, 10_001), (2, 2), (2, 10_002)}
    assert all(len({run.seed for run in runs if run.draw == draw and run.label == "baseline"}) == 2 for draw in (1, 2))


def test_the_command_of_a_run_names_the_input_set_that_it_was_asked_with() -> None:
    task = Task("plain", "plain.toml", fake_country.scenario("plain"), 1, 2, 0.1, "0" * 64, Path("my sets") / "2021")
    assert task.command == "doorstroom run plain.toml --draw=1 --seed=2 --fraction=0.1 '--inputs=my sets/2021'"


def test_panels_give_the_runs_in_order_of_draw_then_seed(tmp_path: Path) -> None:
    comparison = study(tmp_path, seeds=3)
    [panel] = comparison.panels(([ENROLMENT], [0, 12]))
    made = [
        fake_country.simulate(fake_country.scenario(), draw=draw, seed=seed, fraction=0.1)
        for draw in (1, 2)
        for seed in streams(draw, 3)
    ]
    expected = np.stack([run[:, [0, 12], COLUMN[ENROLMENT]] for run in made])
    np.testing.assert_array_equal(panel.level("baseline", ENROLMENT), expected)
    assert comparison.runs == 6
    assert comparison.years == list(range(2019, 2041))


@pytest.mark.parametrize("processes", [1, 2])
def test_a_failed_run_is_named_with_the_command_that_makes_it(tmp_path: Path, processes: int) -> None:
    with pytest.raises(RunError) as caught:
        study(tmp_path, simulate=fake_country.fail_on_second_seed, processes=processes, draws=1)
    message = str(caught.value)
    named = re.search(r"scenario (\w+), draw 1, seed 10001", message)  # of two processes either may fail first
    assert named
    assert "ZeroDivisionError: no teachers left" in message
    assert f"doorstroom run {named[1]} --draw=1 --seed=10001 --fraction=0.1" in message
    kept = tables(tmp_path)
    assert 1 <= len(kept) <= 2
    assert Comparison.open(tmp_path).manifest.ended is None
    study(tmp_path, draws=1)  # the cause is mended
    assert kept.items() <= tables(tmp_path).items()
    assert Comparison.open(tmp_path).manifest.ended is not None


def test_a_worker_that_dies_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        RunError, match=r"scenario \w+, draw 1, seed \d+: its worker process died.*fewer processes.*--seed=\d"
    ):
        study(tmp_path, simulate=fake_country.die, processes=2)


def test_a_model_that_gives_other_numbers_on_a_second_try_is_found(tmp_path: Path) -> None:
    same = [fake_country.scenario(), fake_country.scenario()]
    with pytest.raises(StoreError, match="not deterministic"):
        study(tmp_path, same, fake_country.not_deterministic)


def test_an_interrupted_study_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        study(tmp_path, simulate=fake_country.interrupted, draws=1)
    kept = tables(tmp_path)
    assert len(kept) == 2
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").iterdir()}
    study(tmp_path, draws=1)
    assert len(tables(tmp_path)) == 4
    assert all(path.stat().st_mtime_ns == stamp for path, stamp in stamps.items())


SLOW = """
import sys
sys.path[:0] = {path!r}
import fake_country
from doorstroom.study.compare import run_study

if __name__ == "__main__":
    run_study(
        [fake_country.scenario(), fake_country.scenario("no_money", 0.0)],
        seeds={seeds}, draws=1, processes={processes}, out={folder!r},
        simulate=fake_country.slow, inputs=fake_country.inputs(),
    )
"""


def start(tmp_path: Path, folder: Path, seeds: int, processes: int = 2) -> subprocess.Popen[bytes]:
    """The study in a process of its own, as from a terminal."""
    script = tmp_path / f"{folder.name}-{seeds}-{time.monotonic_ns()}.py"
    script.write_text(SLOW.format(path=sys.path, folder=str(folder), seeds=seeds, processes=processes))
    return subprocess.Popen([sys.executable, script], stderr=subprocess.PIPE, start_new_session=True)


def wait_for(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def test_ctrl_c_ends_the_runs_in_progress_and_keeps_them(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    process = start(tmp_path, folder, seeds=40)
    wait_for(lambda: (folder / "runs").is_dir() and len(list((folder / "runs").glob("*.parquet"))) >= 3)
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells every process of the group
    _, told = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"Stopping after the runs in progress" in told
    left = list((folder / "runs").iterdir())
    assert all(path.suffix == ".parquet" for path in left)
    assert 3 <= len(left) < 80
    kept = tables(folder)
    study(folder, seeds=5, draws=1)
    alone = study(tmp_path / "alone", seeds=5, draws=1)
    assert tables(folder) == kept | tables(alone.folder)


def test_two_processes_on_one_folder_do_not_hurt_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "both"
    both = [start(tmp_path, folder, seeds=3, processes=1) for _ in range(2)]
    told = [process.communicate(timeout=120)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    alone = study(tmp_path / "alone", seeds=3, draws=1)
    assert tables(folder) == tables(alone.folder)
    assert Comparison.open(folder).manifest.ended is not None


def test_what_can_not_be_compared_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    short = fake_country.scenario("short", last=2030)
    with pytest.raises(ScenarioError, match="same years"):
        study(tmp_path / "new", [fake_country.scenario(), short])
    for options in ({"seeds": 0}, {"draws": -1}):
        with pytest.raises(ScenarioError, match="seeds >= 1"):
            study(tmp_path / "new", **options)
    assert not (tmp_path / "new").exists()


def test_the_folder_is_named_after_the_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    comparison = run_study(
        [fake_country.scenario(), fake_country.scenario("no_money", 0.0)],
        simulate=fake_country.simulate,
        inputs=fake_country.inputs(),
        processes=1,
        console=Console(file=io.StringIO()),
    )
    assert comparison.folder.parent == Path("results")
    assert comparison.folder.name.startswith("baseline-vs-no_money-")
    assert comparison.manifest.command == "doorstroom compare baseline no_money --draws=0 --seeds=1 --fraction=0.1"
