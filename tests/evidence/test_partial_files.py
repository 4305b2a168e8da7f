"""A file of a part of the country is held against the same locations of the model, and finds its own figures there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from official_forms import Counts, write_exams

from doorstroom.evidence.ensemble import tasks_of
from doorstroom.evidence.forecasts import MODEL
from doorstroom.evidence.hindcast import HONEST, Runs, against, ensemble_of
from doorstroom.evidence.locations import LOCAL, count_locations, ensemble_at
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import COLUMN, COUNTS
from doorstroom.scenario import load_scenario

FRACTION = 0.05
YEARS = 2


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs([0], HONEST, tmp_path_factory.mktemp("runs"), FRACTION, 1)


@pytest.fixture(scope="module")
def counts(runs: Runs) -> np.ndarray:
    """The central run by location, in the columns of COUNTS."""
    scenario = load_scenario("baseline").model_copy(update={"fit": HONEST})
    (task,) = tasks_of(runs.draws, scenario, fraction=FRACTION)
    local = count_locations(task)
    whole = np.zeros((*local.shape[:2], len(COUNTS)))
    whole[..., LOCAL] = local
    return whole


def candidates(counts: np.ndarray, locations: Sequence[int], leerweg: str, name: str) -> dict[tuple[str, str], Counts]:
    """Rows of a file with the run's own candidates, technical ones and others."""
    codes = load_inputs().locations["location"]
    rows: dict[tuple[str, str], Counts] = {}
    for at in locations:
        of = {
            sex: [
                counts[:YEARS, at, COLUMN[outcome, f"{name} {sex}"]]
                for outcome in ("vmbo_exam_technique", "vmbo_exam_candidates")
            ]
            for sex in ("man", "vrouw")
        }
        chose = [tuple(round(float(of[sex][0][year])) for sex in of) for year in range(YEARS)]
        other = [tuple(round(float(of[sex][1][year] - of[sex][0][year])) for sex in of) for year in range(YEARS)]
        rows[codes[at], f"VMBO {leerweg} - techniek"] = chose
        rows[codes[at], f"VMBO {leerweg} - economie"] = other
    return rows


def test_a_file_of_the_runs_own_figures_is_met(runs: Runs, counts: np.ndarray, tmp_path: Path) -> None:
    size = counts[0, :, COLUMN["vmbo_exam_candidates", "KB"]]
    three = np.argsort(size)[-3:].tolist()
    rows = candidates(counts, three, "K", "KB")
    made = against([write_exams(tmp_path, rows)], runs)
    mine = made.table[(made.table["method"] == MODEL) & (made.table["group"] == "KB")]
    assert set(mine["kind"]) == {"locations"}
    assert set(mine["year"]) == {2019, 2020}
    number = mine[mine["outcome"] == "vmbo_exam_candidates"].set_index("year")
    for year in range(YEARS):
        expected = counts[year, three, COLUMN["vmbo_exam_candidates", "KB"]].sum()
        assert number.loc[2019 + year, "median"] == pytest.approx(expected)
        assert number.loc[2019 + year, "observed"] == pytest.approx(expected, abs=6), "three locations, rounded"
        assert number.loc[2019 + year, "observed"] < 0.1 * counts[year, :, COLUMN["vmbo_exam_candidates", "KB"]].sum()
    assert (mine["error"] < 0.05).all()
    assert any("holds a part of the country" in remark for remark in made.remarks)
    assert any("figures that these are part of are left out" in remark for remark in made.remarks)


def test_all_locations_together_are_the_country(runs: Runs, counts: np.ndarray) -> None:
    series = [("vmbo_exam_candidates", "total"), ("vmbo_technique_share", "GL"), ("nt_exam_candidates", "vwo")]
    scenario = load_scenario("baseline").model_copy(update={"fit": HONEST})
    tasks = tasks_of(runs.draws, scenario, fraction=FRACTION)
    everywhere = ensemble_at(load_inputs().locations["location"], tasks, series, folder=runs.folder, processes=1)
    country = ensemble_of(runs, series, everywhere.last_year)
    mine, theirs = everywhere.values[:, :, 0], country.values[:, :, 0]
    counts_of = [at for at, (name, _) in enumerate(series) if name.endswith("candidates")]
    # who sits the exam has luck of the place that is counted, a location here and a region there; all else is the same
    luck = 5.0 * np.sqrt(2.0 * theirs[..., counts_of])
    assert (np.abs(mine - theirs)[..., counts_of] <= luck).all()
    others = [at for at in range(len(series)) if at not in counts_of]
    assert np.allclose(mine[..., others], theirs[..., others], rtol=1e-5)
