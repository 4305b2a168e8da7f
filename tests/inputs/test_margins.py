"""The margin check sees what was changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from doorstroom.inputs.checks import Margin, check_margins
from doorstroom.inputs.sets import Inputs, load_inputs, place, read_manifest


@pytest.fixture(scope="module")
def inputs(small_set: Path) -> Inputs:
    return load_inputs(small_set)


@pytest.fixture(scope="module")
def controls(small_set: Path) -> dict[str, Any]:
    return dict(read_manifest(place(small_set))["controls"])


def broken(margins: list[Margin]) -> dict[str, tuple[float, str]]:
    return {margin.name: (margin.deviation, margin.where) for margin in margins if not margin.holds}


def test_a_sound_set_has_none(inputs: Inputs, controls: dict[str, Any]) -> None:
    assert not broken(check_margins(inputs, controls))


def more(column: str, by: float) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """The table with more in the first row of a column."""
    return lambda table: table.assign(**{column: table[column].where(table.index > 0, table[column] + by)})


@pytest.mark.parametrize(
    ("table", "change", "name", "deviation"),
    [
        ("pupils", more("men", 3), "pupils by track, profile, year and sex", 3),
        ("exams", more("candidates", 5), "exam candidates by year", 5),
        ("exams", more("passed", 500), "passes beyond candidates, exams", None),
        ("exams_sex", more("candidates", 2), "exam candidates by sex file by year", 2),
        ("exams_sector", more("women", 3), "exam candidates by region and sector by year", 3),
        ("students", more("women", 4), "mbo students by year", 4),
        ("homes", more("a0_4", 7), "inhabitants aged 0 to 64", 7),
        ("municipalities", more("group8", 1), "last year of primary school", 1),
        ("regions", more("pupils_y3_vocational", 1), "year 3 of bb, kb and gl by region", 1),
        ("regions", more("technique_share", 0.01), "technique share by region", 0.01),
        ("feeders", lambda table: table.iloc[20:], "pupils of year 1 without a route", None),
    ],
)
def test_a_changed_table_breaks_its_margin(
    inputs: Inputs,
    controls: dict[str, Any],
    table: str,
    change: Callable[[pd.DataFrame], pd.DataFrame],
    name: str,
    deviation: float | None,
) -> None:
    found = broken(check_margins(replace(inputs, **{table: change(getattr(inputs, table))}), controls))
    assert name in found
    if deviation is not None:
        assert found[name][0] == pytest.approx(deviation, abs=1e-6)
        assert found[name][1]


def test_a_value_beyond_its_bounds_is_seen(inputs: Inputs, controls: dict[str, Any]) -> None:
    first = inputs.pupils.iloc[0]
    row = "/".join(str(first[key]) for key in ("location", "track", "profile", "class_kind", "year"))
    low = int(first["men"]) + 2
    bounds = pd.DataFrame([["pupils", row, "men", low, low + 3, "rule"]], columns=list(inputs.withheld.columns))
    found = broken(check_margins(replace(inputs, withheld=bounds), controls))
    assert found == {"withheld counts within their bounds": (2.0, f"pupils {row} men")}
