"""A projection is frozen once, can't be changed, and is scored with its misses."""

from __future__ import annotations

from pathlib import Path

import fake_country
import pandas as pd
import pytest

from doorstroom.errors import StoreError
from doorstroom.evidence.register import entries, load, misses, register, scored


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("register") / "study"
    made = fake_country.compared(
        [fake_country.scenario("baseline", last=2024)],
        draws=20,
        processes=1,
        out=folder,
    )
    return made.folder


def test_a_projection_is_frozen_and_scored_with_its_misses(study: Path, tmp_path: Path) -> None:
    path = register(study, "first one", tmp_path)
    (entry,) = entries(tmp_path)
    assert entry.path == path
    assert entry.about["runs"] == 20
    row = entry.table[
        (entry.table["outcome"] == "vmbo_pupils") & (entry.table["region"] == 0) & (entry.table["year"] == 2022)
    ].iloc[0]
    observed = pd.DataFrame(
        {
            "year": [2022, 2022, 2023, 2050],
            "region": [0, 0, 0, 0],
            "outcome": ["vmbo_pupils", "vmbo_technique_pupils", "vmbo_technique_share", "vmbo_pupils"],
            "group": "total",
            "value": [row["q475"], 1e6, 0.2, 1.0],
        }
    )
    observed = observed.assign(low=observed["value"], high=observed["value"])
    table = scored(entry, observed)
    assert len(table) == 3, "a year that the projection doesn't have is left out"
    assert table.iloc[0]["in50"]
    missed = misses(table)
    assert missed[0]["outcome"] == "vmbo_technique_pupils"
    assert scored(entry, observed[observed["year"] == 2050]).empty


def test_an_entry_is_never_written_over_nor_changed(study: Path, tmp_path: Path) -> None:
    path = register(study, "second", tmp_path)
    with pytest.raises(StoreError, match="never written over"):
        register(study, "second", tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",2021,", ",2022,", 1), encoding="utf-8")
    with pytest.raises(StoreError, match="was changed after it was registered"):
        load(path)
    with pytest.raises(StoreError, match="no projection is registered"):
        entries(tmp_path / "empty")


def test_a_study_without_intervals_or_scenario_is_refused(study: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="did you mean 'baseline'"):
        register(study, "x", tmp_path, "base line")
    one = fake_country.compared(
        [fake_country.scenario("baseline", last=2021)],
        processes=1,
        out=tmp_path / "one",
    )
    with pytest.raises(StoreError, match="at least 20 runs"):
        register(one.folder, "x", tmp_path)
