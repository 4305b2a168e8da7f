"""Regions: two merges make 78 of 80 nodal areas; places by name and by nearness."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from doorstroom.inputs.places import Towns, plain_name, town_and_province
from doorstroom.inputs.regions import REGIONS, NearestRegion, make_regions, nodal_names


def areas(number: int) -> tuple[pd.DataFrame, pd.Series]:
    """A location per nodal area on a line from south to north, the first two the smallest."""
    step = np.arange(number)
    locations = pd.DataFrame(
        {
            "location": [f"00A{chr(65 + n // 10)}{n % 10:02}" for n in step],
            "nodal": [f"Area {n:02}" for n in step],
            "lat": 51 + step / 50,
            "lon": 5.0,
        }
    )
    return locations, pd.Series(100 + step).where(step > 1, step + 1)


def test_the_smallest_areas_join_their_neighbours() -> None:
    locations, weight = areas(80)
    name = nodal_names(locations, weight)
    assert name.nunique() == REGIONS
    # the smallest joins the next, and the two together, still the smallest, join the one after
    assert set(name[:3]) == {"Area 02-Area 01-Area 00"}
    assert name[3:].tolist() == locations["nodal"].tolist()[3:]


def test_no_more_areas_than_regions_stay_as_they_are() -> None:
    locations, weight = areas(20)
    assert nodal_names(locations, weight).equals(locations["nodal"])


def test_a_region_lies_at_the_middle_of_its_pupils() -> None:
    locations, _ = areas(4)
    third = pd.DataFrame({"pupils": [30, 10, 0, 0], "technical": [15, 0, 0, 0]}, index=locations["location"])
    table, number = make_regions(locations, pd.Series(["B", "B", "A", "A"]), third)
    assert table["name"].tolist() == ["A", "B"]
    assert number.tolist() == [2, 2, 1, 1]
    assert table["technique_share"].tolist() == [0.0, 0.375]
    assert table["pupils_y3_vocational"].tolist() == [0, 40]
    assert table["lat"].tolist() == pytest.approx([51.05, 51.005])  # without pupils all locations count alike


def test_a_point_belongs_to_the_region_of_the_nearest_location() -> None:
    locations, _ = areas(4)
    nearest = NearestRegion(locations.assign(region=[7, 8, 9, 9]))
    assert nearest(pd.Series([50.0, 51.021, 53.0]), pd.Series([5.0, 5.0, 5.0])).tolist() == [7, 8, 9]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'s-Gravenhage", "DEN HAAG"),
        ("Súdwest-Fryslân", "SUDWEST FRYSLAN"),
        ("Bergen (NH.)", "BERGEN"),
        ("Nuenen, Gerwen en Nederwetten", "NUENEN GERWEN EN NEDERWETTEN"),
    ],
)
def test_a_name_is_the_same_in_every_spelling(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


def test_a_town_of_which_there_are_two_is_told_apart_by_its_province() -> None:
    postcodes = pd.DataFrame(
        {
            "pc4": ["1", "2", "3"],
            "town": ["Hengelo", "Hengelo", "Hengelo"],
            "municipality_name": ["x", "x", "y"],
            "province": ["Overijssel", "Overijssel", "Gelderland"],
            "lat": [52.2, 52.4, 52.0],
            "lon": [6.8, 6.8, 6.3],
        }
    )
    towns = Towns(postcodes, "postcodes.csv")
    assert town_and_province("HENGELO GLD") == ("hengelo", "Gelderland")
    assert towns.place("HENGELO GLD") == (52.0, 6.3)
    assert towns.place("Hengelo", "Gelderland") == (52.0, 6.3)
    assert towns.place("Hengelo") == pytest.approx((52.3, 6.8))  # without one, the larger of them
