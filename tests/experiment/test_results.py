"""Results as a researcher reads them: labelled arrays, tables of other programs, and never those of another study."""

from __future__ import annotations

import shutil
from pathlib import Path

import fake_country
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from doorstroom.errors import StoreError
from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.precision import kept
from doorstroom.experiment.results import POINTS, RUNS, Results
from doorstroom.outcomes import COLUMN, OUTCOMES

SHARE = "vmbo_technique_share"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    scenarios = [fake_country.scenario(last=2022), fake_country.scenario("none", 0.0, last=2022)]
    folder = tmp_path_factory.mktemp("results") / "study"
    return fake_country.compared(scenarios, draws=3, seeds=2, out=folder)


def test_arrays_are_labelled_and_hold_what_the_runs_gave(results: Results) -> None:
    data = results.dataset([SHARE, "granted"], groups="total")
    assert set(data.data_vars) == {SHARE, "granted"}
    assert dict(data.sizes) == {"scenario": 2, "draw": 3, "seed": 2, "year": 4, "region": 79}
    run = kept(fake_country.simulate(fake_country.scenario("none", 0.0, last=2022), draw=2, seed=10_002, fraction=0.1))
    one = data[SHARE].sel(scenario="none", draw=2, seed=2)
    np.testing.assert_array_equal(one.sel(region="Regio 5"), run[:, 5, COLUMN[SHARE, "total"]])
    assert int(data["stream"].sel(draw=2, seed=2)) == 10_002
    assert data[SHARE].attrs["units"] == OUTCOMES[SHARE].unit
    assert data[SHARE].attrs["long_name"] == OUTCOMES[SHARE].title
    assert results.manifest.study in data.attrs["source"]
    every = results.dataset(regions="country")
    assert {"vmbo_technique_pupils.BB", "vmbo_technique_pupils"} <= set(every.data_vars)


def test_they_come_from_the_folder_as_they_were(results: Results) -> None:
    again = Results.open(results.folder)
    xr.testing.assert_identical(again.dataset(SHARE), results.dataset(SHARE))
    assert again.manifest == results.manifest
    assert again.parameters().equals(results.parameters())
    assert list(again.parameters().index) == [1, 2, 3]


def test_a_table_and_netcdf_cost_nothing(results: Results, tmp_path: Path) -> None:
    data = results.dataset(SHARE, groups="total", regions=["country", "Regio 7"])
    table = data.to_dataframe()
    assert len(table) == 2 * 3 * 2 * 4 * 2
    data.to_netcdf(tmp_path / "share.nc")
    with xr.open_dataset(tmp_path / "share.nc") as read:
        np.testing.assert_array_equal(read[SHARE], data[SHARE])
        assert read[SHARE].attrs["units"] == data[SHARE].attrs["units"]


def test_other_programs_read_the_folder(results: Results) -> None:
    runs = pd.read_parquet(results.folder / RUNS)
    points = pd.read_parquet(results.folder / POINTS)
    rows = pd.concat([pd.read_parquet(part) for part in (results.folder / "runs").glob("part-*.parquet")])
    country = rows[rows["region"] == 0]
    joined = country.merge(runs, on="run").merge(points, left_on="point", right_index=True)
    assert len(joined) == 2 * 3 * 2 * 4
    expected = results.dataset(SHARE, groups="total", regions="country")[SHARE]
    for scenario, part in joined.groupby("scenario", observed=True):
        mean = expected.sel(scenario=scenario).mean(["draw", "seed"]).squeeze()
        np.testing.assert_allclose(part.groupby("year")[SHARE].mean(), mean, rtol=1e-6)


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"outcomes": "vmbo_technique_shar"}, SHARE), ({"regions": "Regio"}, "Regio"), ({"scenarios": "non"}, "'none'")],
)
def test_an_unknown_name_is_told(results: Results, asked: dict[str, str], told: str) -> None:
    with pytest.raises(StoreError, match=told):
        results.dataset(**asked)


def test_results_of_another_study_are_not_read(results: Results, tmp_path: Path) -> None:
    """As after a kill between the manifest and the runs: old numbers never stand under a new title."""
    folder = Path(shutil.copytree(results.folder, tmp_path / "copy"))
    manifest = Manifest.load(folder)
    file = manifest.file.model_copy(update={"title": "Another question"})
    other = manifest.model_copy(update={"file": file, "ended": None})
    other.model_copy(update={"study": other.identity()}).save(folder)
    with pytest.raises(StoreError, match=r"is of another study .*study resume"):
        Results.open(folder)


def test_a_folder_holds_one_study(results: Results, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(results.folder, tmp_path / "copy"))
    for table in ("effects.csv", "report.html"):
        (folder / table).write_text("of the old study")
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="holds another study"):
        fake_country.compared([fake_country.scenario("alone", last=2022)], out=folder)
    assert (folder / "effects.csv").exists()
    changed = [fake_country.scenario(millions=90.0, last=2022), fake_country.scenario("none", 0.0, last=2022)]
    new = fake_country.compared(changed, draws=3, seeds=2, out=folder)
    assert new.manifest.study != results.manifest.study
    assert not (folder / "effects.csv").exists()
    assert not (folder / "report.html").exists()
    assert (folder / "notes.txt").read_text() == "mine"
