"""`doorstroom study`, end to end on the fake country: what is written, printed and refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fake_country
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from doorstroom.cli import app
from doorstroom.experiment.model import Model
from doorstroom.outcomes import COLUMN
from doorstroom.parameters import load_parameters
from doorstroom.source import code_identity

SCENARIO = """
title = "{millions} million a year"
[schemes.a_scheme]
title = "A scheme"
programme = "STO"
first_year = 2020
last_year = 2028
budget = {millions}e6
after = 0.5
activities = {{ equipment = 1.0 }}
"""
STUDY = """
title = "What does the money do?"
question = "Where does it fail?"
scenarios = ["none.toml", "some.toml"]
seeds = 2
responses = ["effect", "rank"]
given_data = ["pawn"]

[outcomes.enrolment]
outcome = "vmbo_technique_pupils"
years = [2028, 2030]

[outcomes.money]
outcome = "granted"
years = [2028, 2030]
better = "less"

[method]
name = "draws"
draws = 60

[discovery]
outcome = "enrolment"
scenario = "some"
where = "below"
threshold = 1300

[decision]
objective = "enrolment"
cost = "money"
worth = [50_000, 100_000]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    prepare(tmp_path, monkeypatch)
    return tmp_path


def prepare(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "none.toml").write_text(SCENARIO.format(millions=0))
    (folder / "some.toml").write_text(SCENARIO.format(millions=100))
    (folder / "study.toml").write_text(STUDY)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(Model, "of_the_country", classmethod(lambda cls, inputs=None: fake_country.model()))


def study(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["study", *arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Result]]:
    """A study that was run, in the folder where it was, and what was printed."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        folder = tmp_path_factory.mktemp("studies")
        prepare(folder, monkeypatch)
        assert "0 of at most 240" in study("status", "study.toml").output
        yield folder / "results" / "study", study("run", "study.toml", "--processes", "1")


def test_it_writes_tables_statements_figures_and_a_page(finished: tuple[Path, Result]) -> None:
    home, run = finished
    assert run.exit_code == 0, run.output
    assert "240 runs made, 0 taken over from other studies, 0 failed" in run.output
    assert run.output.splitlines()[-1] == "results/study/study.md"
    names = {"means", "variance", "discovery", "regret", "information", "pawn"}
    drawn = names - {"discovery", "information"}  # of so few points no value of information is told
    for name in names:
        statement = (home / "analyses" / f"{name}.md").read_text()
        assert "| setting | value |" in statement
        assert "baseline none" in statement
        assert len(pd.read_csv(home / "analyses" / f"{name}.csv").columns) > 2
    assert {path.stem for path in (home / "figures").glob("*.svg")} >= drawn
    page = (home / "study.md").read_text()
    assert page.startswith("# What does the money do?\n\nWhere does it fail?\n")
    assert all(f"](figures/{name}.svg)" in page for name in drawn)


def test_status_resume_and_replay_of_a_finished_study(finished: tuple[Path, Result]) -> None:
    after = study("status", "results/study")
    assert "240 of at most 240" in after.output
    assert "yes: doorstroom study show" in after.output
    replayed = study("replay", "results/study", "7")
    assert "run 7: some, as specified, point 1, seed 10002, draw 2" in replayed.output


def test_the_numbers_are_right(finished: tuple[Path, Result]) -> None:
    home, _ = finished
    runs = pd.read_parquet(home / "runs.parquet")
    pairs = runs.pivot_table("enrolment", ["point", "seed"], "scenario", observed=True)
    effect = pairs["some"] - pairs["none"]
    means = pd.read_csv(home / "analyses" / "means.csv").set_index(["kind", "outcome", "scenario"])
    row = means.loc["effect", "enrolment", "some"]
    assert row["mean"] == pytest.approx(effect.mean())
    rank = (0.05 * (60 + 1) - 0.5) * 2 + 0.5  # of 60 draws with 2 seeds each
    assert row["low"] == pytest.approx(np.interp(rank, np.arange(1, 121), np.sort(effect)))
    assert row["cover"] == pytest.approx(0.9)
    direct = fake_country.simulate(fake_country.scenario("some", 100.0), draw=4, seed=10_004, fraction=0.1)
    one = runs[(runs["draw"] == 4) & (runs["seed"] == 10_004) & (runs["scenario"] == "some")]["enrolment"].item()
    assert one == direct[9:12, 0, COLUMN["vmbo_technique_pupils", "total"]].mean()


def test_it_is_resumed_and_shown_with_the_same_bytes(finished: tuple[Path, Result]) -> None:
    home, _ = finished
    kept = [*(home / "analyses").iterdir(), *(home / "figures").iterdir(), home / "runs.parquet", home / "study.md"]
    before = {path: path.read_bytes() for path in kept}
    again = study("resume", "results/study", "--processes", "1")
    assert "0 runs made" in again.output
    assert again.output.splitlines()[-1] == "results/study/study.md"
    assert "effect of some on enrolment" in again.output
    assert {path: path.read_bytes() for path in before} == before


def test_faults_end_with_2_and_nothing_written(folder: Path) -> None:
    (folder / "study.toml").write_text(STUDY.replace("draws = 60", "drows = 60"))
    refused = study("run", "study.toml")
    assert refused.exit_code == 2
    assert "did you mean 'draws'?" in refused.output
    assert "Traceback" not in refused.output
    assert not (folder / "results").exists()
    for command in ("show", "status", "resume"):
        nothing = study(command, "nothing")
        assert nothing.exit_code == 2, nothing.output
        assert "Traceback" not in nothing.output


def test_failed_runs_end_with_1_and_their_commands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = fake_country.model()
    failing = replace(model, simulate=fake_country.fail_on_second_seed)
    monkeypatch.setattr(Model, "of_the_country", classmethod(lambda cls, inputs=None: failing))
    text = STUDY.replace("draws = 60", "draws = 3").replace('given_data = ["pawn"]', "")
    (folder / "study.toml").write_text(text.split("[discovery]")[0])
    run = study("run", "study.toml", "--processes", "1")
    assert run.exit_code == 1
    assert "4 failed" in run.output
    assert "again: doorstroom run none.toml --draw=1 --seed=10001 --fraction=0.1" in run.output
    status = study("status", "study.toml")
    assert "ZeroDivisionError: no teachers left" in status.output


@pytest.mark.parametrize(
    "method",
    [
        'name = "one_at_a_time"',
        'name = "morris"\ntrajectories = 8\nfirst = 2',
        'name = "sobol"\nsamples = 32\nfirst = 8\nsecond_order = true',
        'name = "efast"\ncurves = 2\nharmonics = 1\nsamples = 9',
    ],
    ids=["one at a time", "morris", "sobol", "efast"],
)
def test_every_method_has_its_figures(folder: Path, method: str) -> None:
    text = STUDY.split("[discovery]")[0].replace('given_data = ["pawn"]', "")
    (folder / "study.toml").write_text(text.replace('name = "draws"\ndraws = 60', method))
    run = study("run", "study.toml", "--processes", "1")
    assert run.exit_code == 0, run.output
    home = folder / "results" / "study"
    name = "tornado" if "one_at" in method else method.split('"')[1]
    assert (home / "figures" / f"{name}.svg").exists()
    table = pd.read_csv(home / "analyses" / "indices.csv")
    assert {"fake.strength", "dummy"} <= set(table["factor"])
    manifest = json.loads((home / "manifest.json").read_text())
    assert manifest["priors"] == {"fake.strength": {"dist": "normal", "mean": 0.01, "sd": 0.003}}


def test_a_comparison_has_a_status_and_is_resumed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = fake_country.model(entries=load_parameters(), code=code_identity())
    monkeypatch.setattr(Model, "of_the_country", classmethod(lambda cls, inputs=None: model))
    monkeypatch.setattr("doorstroom.reporting.compare.figures", lambda findings, language: [])
    home = folder / "results" / "comparison"
    fake_country.compared(["none.toml", "some.toml"], draws=2, out=home)
    for path in (folder / "none.toml", folder / "some.toml", home / "runs.parquet", *(home / "runs").iterdir()):
        path.unlink()
    before = study("status", str(home))
    assert "0 of at most 4" in before.output
    assert "no: doorstroom study resume" in before.output
    again = study("resume", str(home), "--processes", "1")
    assert again.exit_code == 0, again.output
    assert "4 runs made, 0 taken over from other studies, 0 failed" in again.output
    assert again.output.splitlines()[-1] == str(home / "report.html")
    after = study("status", str(home))
    assert "4 of at most 4" in after.output
    assert "yes: doorstroom study show" in after.output
