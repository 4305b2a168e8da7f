"""`run` and `compare` as a user types them: what they leave, what they say, how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result
from typing_in import type_in

BROKEN = Path(__file__).parents[1] / "broken"


@pytest.fixture(scope="module")
def same(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Path]:
    folder = tmp_path_factory.mktemp("results") / "same"
    return type_in(
        "compare", "baseline", "baseline", "--draws", 0, "--fraction", 0.02, "--processes", 1, "--out", folder
    ), folder


def test_compare_ends_with_the_path_of_the_report(same: tuple[Result, Path]) -> None:
    result, folder = same
    assert result.exit_code == 0, result.output
    last = result.stdout.rstrip().splitlines()[-1]
    assert Path(last) == folder / "report.html"
    assert Path(last).stat().st_size > 100_000


def test_a_scenario_compared_with_itself_differs_by_exactly_zero_everywhere(same: tuple[Result, Path]) -> None:
    _, folder = same
    effects = pd.read_csv(folder / "effects.csv")
    assert set(effects["year"]) == set(range(2019, 2041))
    assert effects["region"].nunique() == 79
    defined = effects[effects["sureness"] != "not defined"]
    assert set(defined["sureness"]) == {"exactly the same"}
    assert (defined["effect"] == 0.0).all()
    undefined = effects[effects["sureness"] == "not defined"]
    ratios = {"share", "vacancies per job-seeker", "pupils per location", "points per plan"}
    assert set(undefined["unit"]) <= ratios  # over nothing


def test_run_makes_one_run_and_says_that_it_has_no_interval(one_run: Path) -> None:
    manifest = json.loads((one_run / "manifest.json").read_text(encoding="utf-8"))
    runs = pd.read_parquet(one_run / "runs.parquet")
    assert runs[["scenario", "draw", "seed", "made"]].to_numpy().tolist() == [["no_sto", 0, 3, True]]
    assert manifest["command"] == "doorstroom run no_sto --draw=0 --seed=3 --fraction=0.02"
    assert not (one_run / "effects.csv").exists()
    assert "one run, no interval" in (one_run / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("compare", "baseline", "no_stoo"), "no_sto"),
        (("compare", "baseline", BROKEN / "negative_budget.toml"), "negative_budget.toml"),
        (("run", BROKEN / "not_toml.toml"), "not_toml.toml"),
        (("run", "nowhere/at_all.toml"), "at_all.toml"),
        (("compare", "baseline", "no_sto", "--fraction", 0), "fraction"),
        (("compare", "baseline", "no_sto", "--fraction", 1.5), "fraction"),
        (("compare", "baseline", "no_sto", "--seeds", 0), "seeds"),
        (("compare", "baseline", "no_sto", "--draws", -1), "draws"),
        (("compare", "baseline", "no_sto", "--processes", 0), "processes"),
        (("run", "baseline", "--seed", -1), "seed"),
    ],
)
def test_bad_input_gives_one_message_exit_code_2_and_leaves_nothing(
    words: tuple[object, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = type_in(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert not result.stdout
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cant_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = type_in("run", "baseline", "--out", tmp_path / "file" / "study")
    assert result.exit_code == 2
    assert "can't make the study folder" in result.stderr
