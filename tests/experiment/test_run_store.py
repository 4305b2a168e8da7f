"""Parts: only ever added, whole or not at all, and never taken for what they are not."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorstroom.errors import StoreError
from doorstroom.experiment import run_store
from doorstroom.experiment.part_index import FILE
from doorstroom.experiment.run_store import Reading, RunReader, RunStore
from doorstroom.experiment.table import Layout, to_table, to_values

LAYOUT = Layout((2019, 2020, 2021), (0, 4), (("a", "total"), ("a", "men"), ("b", "total")))
RUNS = [f"{at:064x}" for at in range(5)]
FIRST_A = Reading(lambda values: values[:, 0, :, 0], "a of the first year")


@pytest.fixture
def values() -> np.ndarray:
    return np.random.default_rng(1).random((5, *LAYOUT.shape)).astype(np.float32)


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=25, deadline=None)
def test_the_table_holds_what_was_put_in(runs: int, years: int, regions: int, series: int) -> None:
    layout = Layout(tuple(range(years)), tuple(range(regions)), tuple((f"s{at}", "total") for at in range(series)))
    values = np.random.default_rng(years).random((runs, *layout.shape)).astype(np.float32)
    table = to_table([f"run {at}" for at in range(runs)], values, layout)
    np.testing.assert_array_equal(to_values(table, runs, layout), values)
    rows = table.to_pandas()
    last = rows[(rows["run"] == f"run {runs - 1}") & (rows["year"] == years - 1) & (rows["region"] == regions - 1)]
    assert [last[f"s{at}"].item() for at in range(series)] == values[-1, -1, -1].tolist()


def test_parts_come_back_once_and_to_others(tmp_path: Path, values: np.ndarray) -> None:
    mine = RunStore(tmp_path, LAYOUT)
    mine.append(RUNS[:2], values[:2], RUNS[:2], 1.5)
    mine.append(RUNS[2:], values[2:], RUNS[2:], 3.0)
    assert list(mine.news()) == []
    other = RunStore(tmp_path, LAYOUT, FIRST_A)
    found = {part.runs: part for part in other.news()}
    assert set(found) == {tuple(RUNS[:2]), tuple(RUNS[2:])}
    np.testing.assert_array_equal(found[tuple(RUNS[2:])].readings, values[2:, 0, :, 0])
    assert found[tuple(RUNS[:2])].seconds == 1.5
    assert list(other.news()) == []
    other.append(["f" * 64], values[:1], ["f" * 64], 1.0)
    assert [part.runs for part in mine.news()] == [("f" * 64,)]


def test_equal_parts_are_one_file(tmp_path: Path, values: np.ndarray) -> None:
    for _ in range(2):
        RunStore(tmp_path, LAYOUT).append(RUNS, values, RUNS, 1.0)
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_any_damage_is_found_and_set_aside(tmp_path: Path, values: np.ndarray) -> None:
    parts = RunStore(tmp_path, LAYOUT)
    parts.append(RUNS, values, RUNS, 1.0)
    [path] = (tmp_path / "runs").iterdir()
    whole = path.read_bytes()
    for place in (0, len(whole) // 3, len(whole) - 1):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        assert list(RunStore(tmp_path, LAYOUT).news()) == []
        assert not path.exists()
        assert RunStore(tmp_path, LAYOUT).damaged() == [path.with_suffix(".damaged")]
    path.write_bytes(whole[:-40])
    assert list(RunStore(tmp_path, LAYOUT).news()) == []
    path.write_bytes(whole)
    assert len(list(RunStore(tmp_path, LAYOUT).news())) == 1


def test_what_keeps_something_else_is_not_taken(tmp_path: Path, values: np.ndarray) -> None:
    RunStore(tmp_path, LAYOUT).append(RUNS, values, RUNS, 1.0)
    other = LAYOUT._replace(series=(*LAYOUT.series[:2], ("c", "total")))
    assert list(RunStore(tmp_path, other).news()) == []


def test_a_study_lends_what_it_keeps_of_the_wanted_runs(tmp_path: Path, values: np.ndarray) -> None:
    RunStore(tmp_path / "lender", LAYOUT).append(RUNS, values, RUNS, 5.0)
    narrow = LAYOUT._replace(regions=(4,))
    parts = RunStore(tmp_path / "borrower", narrow)
    assert parts.borrow([RUNS[1], RUNS[3], "e" * 64], [tmp_path / "lender", tmp_path / "borrower"]) == 2
    [part] = parts.news()
    assert part.runs == (RUNS[1], RUNS[3])
    for run in (1, 3):
        np.testing.assert_array_equal(RunReader(tmp_path / "borrower").read(RUNS[run])[0], values[run][:, 1:])
    assert part.seconds == 2.0
    wider = RunStore(tmp_path / "wider", LAYOUT._replace(regions=(0, 4, 5)))
    assert wider.borrow(RUNS, [tmp_path / "lender"]) == 0


def test_a_damaged_lender_lends_nothing(tmp_path: Path, values: np.ndarray) -> None:
    RunStore(tmp_path / "lender", LAYOUT).append(RUNS, values, RUNS, 5.0)
    [path] = (tmp_path / "lender" / "runs").iterdir()
    os.truncate(path, 300)
    assert RunStore(tmp_path / "borrower", LAYOUT).borrow(RUNS, [tmp_path / "lender"]) == 0
    assert path.exists()  # it is the lender's to set aside


def test_others_read_a_part_as_a_table(tmp_path: Path, values: np.ndarray) -> None:
    RunStore(tmp_path, LAYOUT).append(RUNS, values, RUNS, 1.0)
    table = pq.read_table(next((tmp_path / "runs").iterdir())).to_pandas()
    assert list(table.columns) == ["run", "year", "region", "a", "a.men", "b"]
    row = table[(table["run"] == RUNS[3]) & (table["year"] == 2020) & (table["region"] == 4)]
    assert row["a.men"].item() == values[3, 1, 1, 1]


def test_what_is_indexed_is_not_read_again(tmp_path: Path, values: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    store = RunStore(tmp_path, LAYOUT, FIRST_A)
    store.append(RUNS[:2], values[:2], RUNS[:2], 1.5)
    store.append(RUNS[2:], values[2:], RUNS[2:], 3.0)
    store.write_index()
    monkeypatch.setattr(run_store, "_opened", None)  # reading a part would raise
    found = {part.runs: part for part in RunStore(tmp_path, LAYOUT, FIRST_A).news()}
    np.testing.assert_array_equal(found[tuple(RUNS[2:])].readings, values[2:, 0, :, 0])
    assert found[tuple(RUNS[:2])].seconds == 1.5
    reader = RunReader(tmp_path)
    assert all(run in reader for run in RUNS)


def test_what_the_index_does_not_tell_is_read(tmp_path: Path, values: np.ndarray) -> None:
    """Parts that came later, that were changed since, or of which something else was read; all if it is damaged."""
    store = RunStore(tmp_path, LAYOUT, FIRST_A)
    store.append(RUNS[:2], values[:2], RUNS[:2], 1.5)
    store.write_index()
    RunStore(tmp_path, LAYOUT).append(RUNS[2:], values[2:], RUNS[2:], 1.5)
    assert len(list(RunStore(tmp_path, LAYOUT, FIRST_A).news())) == 2
    last = Reading(lambda values: values[:, -1, :, 0], "a of the last year")
    found = {part.runs: part for part in RunStore(tmp_path, LAYOUT, last).news()}
    np.testing.assert_array_equal(found[tuple(RUNS[:2])].readings, values[:2, -1, :, 0])
    (tmp_path / FILE).write_bytes(b"PAR1")
    assert len(list(RunStore(tmp_path, LAYOUT, FIRST_A).news())) == 2
    store.append(["f" * 64], values[:1], ["f" * 64], 1.0)
    store.write_index()
    for path in (tmp_path / "runs").iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert list(RunStore(tmp_path, LAYOUT, FIRST_A).news()) == []


def test_damage_that_the_index_hides_is_set_aside_by_who_reads(tmp_path: Path, values: np.ndarray) -> None:
    store = RunStore(tmp_path, LAYOUT)
    store.append(RUNS, values, RUNS, 1.0)
    store.write_index()
    [path] = (tmp_path / "runs").iterdir()
    kept, whole = path.stat(), bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    with pytest.raises(StoreError, match="is damaged"):
        RunReader(tmp_path).read(RUNS[0])
    assert list(RunStore(tmp_path, LAYOUT).news()) == []
    assert path.with_suffix(".damaged").exists()
