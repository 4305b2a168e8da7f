"""Studies are made once, anywhere, by anyone, and whatever happens in between."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import fake_country
import numpy as np
import pandas as pd
import pytest
import toys
from rich.console import Console
from studying import PI, begun, digest, ishigami, make

from doorstroom.errors import StoreError
from doorstroom.experiment import worker
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.file import StudyFaults
from doorstroom.experiment.heartbeat import Presence
from doorstroom.experiment.model import Model
from doorstroom.experiment.posterior import Posterior, save
from doorstroom.experiment.replay import replay
from doorstroom.experiment.results import RUNS, Results
from doorstroom.experiment.run import conduct, found
from doorstroom.experiment.run_index import failures
from doorstroom.experiment.status import standing
from doorstroom.experiment.workers import RunError, WorkerError
from doorstroom.outcomes import SERIES
from doorstroom.parameters import load_parameters
from doorstroom.reporting.findings import find
from doorstroom.reporting.tables.long import write_effects
from doorstroom.source import code_identity

QUIET = Console(file=io.StringIO())
SOBOL = 'name = "sobol"\nsamples = 32\nfirst = 8'


def parts(folder: Path) -> list[Path]:
    return sorted((folder / "runs").glob("part-*.parquet"))


@pytest.fixture
def counted(tmp_path: Path) -> toys.Counted:
    return toys.Counted(tmp_path / "log")


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
    asked = {"draws": 2, "seeds": 1, "out": tmp_path / "results" / "comparison"}
    fake_country.compared([tmp_path / f"{name}.toml" for name in files], **asked)
    model = fake_country.model(entries=load_parameters(), code=code_identity())
    done = make(tmp_path / "study.toml", tmp_path / "results" / "study", model)
    assert (done.borrowed, done.made) == (4, 4)
    direct = fake_country.simulate(fake_country.scenario(), draw=2, seed=2, fraction=0.1)
    expected = direct[6:12, 5, SERIES.index(("vmbo_technique_pupils", "total"))].mean()
    assert done.results.level("pupils")[1, 0, 0] == expected


def test_a_comparison_and_a_study_that_ask_the_same_are_made_once_and_say_the_same(tmp_path: Path) -> None:
    for name, millions in {"baseline": 100, "no_money": 0}.items():
        (tmp_path / f"{name}.toml").write_text(SCENARIO_OF_THE_COUNTRY.format(millions=millions))
    text = STUDY_OF_THE_COUNTRY.replace("seeds = 2", 'seeds = 2\nregions = "all"')
    (tmp_path / "study.toml").write_text(text)
    model = fake_country.model(entries=load_parameters(), code=code_identity())
    asked = make(tmp_path / "study.toml", tmp_path / "results" / "study", model)
    names = [tmp_path / "baseline.toml", tmp_path / "no_money.toml"]
    typed = fake_country.compared(names, draws=2, seeds=2, out=tmp_path / "results" / "comparison")
    assert asked.made == 8
    assert set(typed.identities) == set(asked.results.identities)
    assert not list((tmp_path / "results" / "comparison" / "working").glob("*"))
    for results in (asked.results, typed):
        assert results.of_the_country
        write_effects(find(results), results.folder / "effects.csv")
    one, other = ((results.folder / "effects.csv").read_bytes() for results in (asked.results, typed))
    assert one == other


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
        replay(Experiment.from_file(file, ishigami(toys.fails_in_a_corner)), done.folder, entry["run"])
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
        replayed = replay(Experiment.from_file(file, ishigami()), done.folder, run)
        assert replayed.readings["y"] == table["y"][run]
        assert (replayed.place.point, replayed.place.seed) == (table["point"][run], table["seed"][run])


def test_a_draw_is_replayed_by_the_usual_command(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, 'name = "draws"\ndraws = 40', top="fraction = 0.25")
    done = make(file, tmp_path / "out", ishigami(toys.fails_in_a_corner))
    entry = failures(done.folder)[0]
    draw = entry["point"] + 1
    assert entry["command"] == f"doorstroom run plain.toml --draw={draw} --seed={draw} --fraction=0.25"


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
    with pytest.raises(RunError, match="3 workers died one after the other"):
        make(file, tmp_path / "out", ishigami(fake_country.die), processes=2)
    with pytest.raises(WorkerError, match="no Dask scheduler answers"):
        make(file, tmp_path / "out", cluster="nonsense://nowhere:1")


def test_a_worker_of_another_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    toy = ishigami()
    ours = Model(toy.simulate, toy.entries, toy.series, toy.regions, toy.inputs, code_identity())
    assert make(file, tmp_path / "same", ours).made > 0
    monkeypatch.setattr(worker, "code_identity", lambda: "0" * 64)
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
    assert standing(Experiment.from_file(file, ishigami()), done.folder).damaged == 2
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


def test_draws_may_be_those_of_a_posterior(tmp_path: Path) -> None:
    model = fake_country.model()
    (tmp_path / "baseline.toml").write_text(SCENARIO_OF_THE_COUNTRY.format(millions=100))
    names = [name for name, entry in load_parameters().items() if entry.prior is not None][:2]
    values = np.array([[0.1, 1.0], [0.2, 2.0], [0.3, 3.0]])
    save(Posterior(tuple(names), values, {}), tmp_path / "posterior.csv")
    known = Model(posterior_sum, load_parameters(), SERIES, model.regions, "toy", "posterior")
    text = STUDY_OF_THE_COUNTRY.replace('"baseline.toml", "no_money.toml"', '"baseline.toml"').replace(
        "Regio 5", "country"
    )
    file = tmp_path / "study.toml"
    file.write_text(text.replace("draws = 2", 'draws = 3\nposterior = "posterior.csv"'))
    done = make(file, tmp_path / "out", known)
    np.testing.assert_allclose(done.results.level("pupils")[:, 0, 0], [1.1, 2.2, 3.3])
    assert done.results.factors.names == tuple(names)
    again = make(file, tmp_path / "out", known)
    assert again.made == 0
    file.write_text(text.replace("draws = 2", 'draws = 4\nposterior = "posterior.csv"'))
    with pytest.raises(StudyFaults, match=r"method\.draws: found 4; allowed: 1 to 3, as in the posterior"):
        make(file, tmp_path / "out", known)


def posterior_sum(scenario: Any, *, draw: Any, seed: int, fraction: float) -> np.ndarray:
    return np.full((22, 79, len(SERIES)), sum(draw.values()))


def test_status_tells_what_is_there(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    before = standing(Experiment.from_file(file, ishigami()), tmp_path / "out")
    assert (before.there, before.asked, before.finished) == (0, 192, False)
    assert not (tmp_path / "out").exists()
    done = make(file, tmp_path / "out", ishigami(toys.fails_in_a_corner))
    with Presence(done.folder) as presence:
        presence._last = 0.0
        presence.add(10, 0)
        presence.beat()
        now = standing(Experiment.from_file(file, ishigami(toys.fails_in_a_corner)), done.folder)
        assert now.workers == 1
        assert now.rate > 0
    assert now.there + len(now.failed) <= 192
    assert now.finished
    assert now.seconds > 0
    assert standing(Experiment.from_file(file, ishigami()), done.folder).stale == done.made


def test_a_folder_knows_its_file(tmp_path: Path) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    done = make(file, tmp_path / "out")
    experiment, folder = found(done.folder, ishigami())
    assert (experiment.asked, experiment.origin, folder) == (str(file), file, done.folder)
    file.write_text(file.read_text() + "\n# another question\n")
    with pytest.raises(StoreError, match=r"has changed since.*study run"):
        found(done.folder, ishigami())
    for path in tmp_path.glob("*.toml"):
        path.unlink()
    alone, folder = found(done.folder, ishigami())
    assert folder == done.folder
    assert conduct(alone, out=folder, processes=1, console=QUIET).made == 0
