"""`inputs regions`: a user's own membership file makes a set that every command can use."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from doorstroom.education import TechnicalEducation
from doorstroom.errors import InputError
from doorstroom.inputs.checks import check_margins
from doorstroom.inputs.own_regions import AMOUNTS, OwnRegions, with_own_regions
from doorstroom.inputs.sets import load_inputs, place, read_manifest
from doorstroom.scenario import load_scenario

NORTH = 52.2
TOLD = 19_000_000


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Two regions, north and south of a line, but for Twente, which told of its amount."""
    locations = load_inputs().locations
    region = np.where(locations["lat"] > NORTH, "Noord", "Zuid")
    region = np.where((locations["lat"] > NORTH) & (locations["lon"] > 6.5), "Twente", region)
    return pd.DataFrame({"location": locations["location"], "region": region})


@pytest.fixture(scope="module")
def made(rows: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> OwnRegions:
    folder = tmp_path_factory.mktemp("own")
    file = folder / "mine.csv"
    euro = np.where(rows["region"] == "Twente", str(TOLD), "")
    rows.assign(euro=euro).to_csv(file, index=False)
    return with_own_regions(file, target=folder / "set")


def test_the_set_has_the_regions_of_the_file_and_every_margin_holds(made: OwnRegions, rows: pd.DataFrame) -> None:
    inputs = load_inputs(made.target)
    assert inputs.name == "nl2019-own-regions"
    assert inputs.regions["name"].tolist() == ["Noord", "Twente", "Zuid"]
    found = inputs.locations["region"].map(inputs.regions.set_index("region")["name"])
    assert found.tolist() == rows["region"].tolist()
    assert all(margin.holds for margin in check_margins(inputs, read_manifest(place(made.target))["controls"]))


def test_people_homes_and_routes_are_those_of_before(made: OwnRegions) -> None:
    inputs, before = load_inputs(made.target), load_inputs()
    for name in ("pupils", "feeders", "students", "class_kinds"):
        pd.testing.assert_frame_equal(getattr(inputs, name), getattr(before, name))
    bands = ["a0_4", "a5_9", "a10_14", "a15_64"]
    assert inputs.homes[bands].to_numpy().sum() == before.homes[bands].to_numpy().sum()
    assert inputs.cohorts["index"].between(0.5, 1.2).all()
    assert inputs.exams_sector["candidates"].sum() == before.exams_sector["candidates"].sum()


def test_regions_get_the_amounts_that_they_told_of(made: OwnRegions) -> None:
    assert made.scenario is not None
    stated = tomllib.loads(made.scenario.read_text(encoding="utf-8"))
    assert stated["schemes"]["sto_2020"]["amounts"] == {"Twente": TOLD / 4}
    model = TechnicalEducation(made.scenario, rng=1, fraction=0.02, inputs=load_inputs(made.target))
    model.step()
    offered = model.ministry.running["sto_2020"].offered
    assert offered[model.region_row("Twente")] in (0.0, pytest.approx(TOLD / 4))  # or refused in its first year
    model.step()
    assert model.ministry.running["sto_2020"].offered[model.region_row("Twente")] == pytest.approx(TOLD / 4)


def test_the_budgets_are_those_of_the_baseline() -> None:
    schemes = load_scenario("baseline").schemes
    assert {name: schemes[name].budget for name in AMOUNTS} == AMOUNTS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.iloc[1:], "1 locations have no region, the first is 00AH00"),
        (lambda t: pd.concat([t, t.iloc[:1]]), "the same location as row"),
        (lambda t: t.replace({"location": {"00AH00": "00AH0O"}}), "mine.csv: row .*location"),
        (lambda t: t.replace({"location": {"00AH00": "99ZZ99"}}), "found '99ZZ99'; allowed: the code of a location"),
        (lambda t: t.replace({"region": {"Zuid": ""}}), "row .*, column region"),
        (lambda t: t.rename(columns={"region": "regio"}), "region"),
        (lambda t: t.assign(region=t["location"]), "allowed: at most 120"),
        (lambda t: t.assign(euro="much"), "column euro: found 'much'; allowed: a number from 1"),
        (lambda t: t.assign(euro=range(10, 10 + len(t))), "or nothing"),
        (lambda t: t.assign(euro="300000000"), "all regions together"),
    ],
)
def test_a_file_with_a_fault_is_refused_and_nothing_is_written(
    rows: pd.DataFrame, tmp_path: Path, change: Callable[[pd.DataFrame], pd.DataFrame], message: str
) -> None:
    change(rows).to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(InputError, match=message):
        with_own_regions(tmp_path / "mine.csv", target=tmp_path / "set")
    assert not (tmp_path / "set").exists()
