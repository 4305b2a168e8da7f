"""A study of designs from its file: what is wrong with it is told, and it goes on where it was stopped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

pytest.importorskip("diff_diff", reason="diff-diff isn't installed: pip install -e '.[evaluation]'")

from stored_numbers import strange_numbers

from doorstroom.errors import StoreError
from doorstroom.evaluation.file import EvaluationFaults, load_evaluation
from doorstroom.evaluation.money import Money
from doorstroom.evaluation.study import evaluate
from doorstroom.evaluation.summary import write
from doorstroom.evaluation.worlds import draw_lot
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import COLUMN, SERIES
from doorstroom.parameters import Draw
from doorstroom.scenario import Scenario, load_scenario

FILE = Path(__file__).parents[2] / "experiments" / "evaluation.toml"
TEXT = FILE.read_text(encoding="utf-8")


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = TEXT
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    file = tmp_path / "designs.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('kind = "stepped"', 'kind = "steped"', "designs.stepped.kind: found 'steped'"),
        ("waves = 4", "waves = 40", "designs.stepped.waves: found 40; allowed: number of waves"),
        ('"callaway_santanna"', '"callaway"', "designs.stepped.methods"),
        ('outcome = "teacher_fte"', 'outcome = "teacher_ftes"', "did you mean 'teacher_fte'?"),
        ("diff-diff==3.13.0", "diff-diff==3.12.0", "diff-diff==3.13.0; estimates may differ between versions"),
        ('"sto_2025_poor"', '"sto_2025_por"', "did you mean 'sto_2025_poor'?"),
        ("worlds = 200", "worlds = 5", "worlds: found 5; allowed: number of worlds, 20 to 10,000"),
        (
            "step = 0.5\nmethods",
            "stp = 0.5\nmethods",
            "found 'stp'; allowed: the keys title, asks, kind,",
        ),
        ('measures = "teacher_market', 'measures = "teachers', "measures (a parameter) and units"),
        ('methods = ["discontinuity"', 'methods = ["by_lot"', "no method by_lot where nothing is drawn by lot"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_key(tmp_path: Path, before: str, after: str, told: str) -> None:
    file = changed(tmp_path, (before, after))
    with pytest.raises(EvaluationFaults) as refusal:
        load_evaluation(file)
    assert str(file) in str(refusal.value)
    assert told in str(refusal.value)


@pytest.mark.parametrize("name", ["stepped", "amounts_20", "staff"])
def test_a_lot_asks_for_no_more_money_than_there_is(name: str) -> None:
    study, inputs = load_evaluation(FILE), load_inputs()
    before = inputs.regions["technique_share"].to_numpy(float)
    policy, design = load_scenario("baseline"), study.designs[name]
    money = Money.of(policy, study.schemes, inputs)
    lot = draw_lot(design, name, study, 7, before)
    given = money.given(design, lot, study.first_year, name)
    stopped = money.stopped(study.first_year, "stopped")

    def paid(scenario: Scenario, year: int) -> float:
        return sum(scheme.total(year) for scheme in scenario.schemes.values())

    for year in range(2020, study.first_year):
        assert paid(given, year) == pytest.approx(paid(policy, year)) == pytest.approx(paid(stopped, year))
    last = study.first_year + design.waves  # every wave has begun
    tolerance = 0.1 if design.kind == "amounts" else 1e-9  # larger and smaller regions needn't balance to the euro
    assert paid(given, last) == pytest.approx(paid(policy, last), rel=tolerance)
    assert paid(policy, last) - paid(stopped, last) == pytest.approx(study.euro_a_year)


def fake_runs(scenarios: Sequence[Scenario], *, draw: Draw, seed: int, fraction: float) -> list[NDArray[np.float64]]:
    """All series of a made-up country, in which what is paid in a year raises everything a little."""
    years = np.arange(scenarios[0].years.first, scenarios[0].years.last + 1)
    rng = np.random.default_rng(seed)
    level = rng.uniform(50, 150, (1, 79, 1)) + rng.normal(0, 3, (len(years), 79, 1))
    runs = []
    for scenario in scenarios:
        paid = np.array([sum(scheme.total(int(year)) for scheme in scenario.schemes.values()) for year in years])
        run = np.repeat(level + 1e-8 * paid[:, None, None], len(SERIES), axis=2)
        for share in ("vmbo_technique_share", "vmbo_technique_choice_share"):
            run[:, :, COLUMN[share, "total"]] /= 500.0
        runs.append(run)
    return runs


def test_a_study_goes_on_where_it_was_stopped_and_refuses_anothers_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("doorstroom.evaluation.study.simulate_family", fake_runs)
    monkeypatch.setattr("doorstroom.evaluation.learning.LOTS", 19)
    few = ("[designs.stepped]", "[designs.existing]", "[designs.ask")
    parts = re.split(r"(?=^\[)", TEXT, flags=re.MULTILINE)
    some = "".join(part for part in parts if not part.startswith("[designs.") or part.startswith(few))
    monkeypatch.setitem(globals(), "TEXT", some.replace(', "callaway_santanna", "sun_abraham", "two_way"', ""))
    file = changed(tmp_path, ("worlds = 200", "worlds = 20"))
    counted: list[int] = []
    learned = evaluate(file, tmp_path / "out", told=lambda done, of: counted.append(done))
    assert counted == list(range(21))
    again: list[int] = []
    (tmp_path / "out" / "worlds" / "00007.parquet").unlink()
    once_more = evaluate(file, tmp_path / "out", told=lambda done, of: again.append(done))
    assert again == [19, 20]
    pd.testing.assert_frame_equal(once_more.rows, learned.rows)
    effect = learned.rows[learned.rows["design"] == ""]
    assert np.isfinite(effect["truth"]).all()
    written = {path.name for path in write(learned, tmp_path / "out")}
    assert {"findings.csv", "effects.csv", "about.json", "summary.nl.html", "summary.en.html"} <= written
    assert set(pd.read_csv(tmp_path / "out" / "findings.csv")["design"]) == set(learned.study.designs)
    for language, word in (("nl", "Zo leest u dit"), ("en", "How to read this")):
        text = (tmp_path / "out" / f"summary.{language}.html").read_text(encoding="utf-8")
        assert learned.identity[:12] in text
        assert word in text
        assert not re.search(r"(?:src|href)=.http", text)
        assert not strange_numbers(tmp_path / "out", language, file)
    other = changed(tmp_path, ("worlds = 200", "worlds = 20"), ("fraction = 0.1", "fraction = 0.003"))
    with pytest.raises(StoreError, match="holds a study of another file, code or inputs"):
        evaluate(other, tmp_path / "out")
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "thesis.txt").touch()
    with pytest.raises(StoreError, match="holds something else"):
        evaluate(file, tmp_path / "else")
