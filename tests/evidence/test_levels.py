"""Observed levels beside the model's: the tables, the comparison, the page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from doorstroom.errors import InputError
from doorstroom.evidence.ensemble import Ensemble
from doorstroom.evidence.levels import Compared, compare, share_inside
from doorstroom.inputs.levels import COLUMNS, Level, load_levels
from doorstroom.parameters import load_parameters
from doorstroom.reporting.levels import page, told

ROW = {
    "year": "2022", "outcome": "technical_vacancies", "group": "total", "base": "", "value": "60000", "low": "57000",
    "high": "64000", "role": "check", "source": "UWV", "if_missed": "",
}  # fmt: skip


def table(folder: Path, **cells: str) -> Path:
    file = folder / "labour.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{','.join({**ROW, **cells}[name] for name in COLUMNS)}\n", encoding="utf-8")
    return file


def level(value: float, low: float, high: float, *, base: int | None = None, **changes: str) -> Level:
    stated = {"subject": "labour", "outcome": "tightness", "group": "total", "role": "check", "if_missed": ""}
    stated |= {"source": "CBS", **changes}
    return Level(year=2020, base=base, value=value, low=low, high=high, **stated)  # type: ignore[arg-type]


def test_the_tables_of_the_package_hold_figures_of_every_subject_with_sources() -> None:
    levels = load_levels()
    assert {"labour", "mbo", "offer"} <= {one.subject for one in levels}
    assert all(one.source for one in levels)
    enrolment = ("vmbo_technique_pupils", "mbo_technique_inflow", "mbo_technique_students", "mbo_inflow", "persons")
    assert all(one.year <= 2022 for one in levels if one.outcome in enrolment)  # later ones judge the model


def test_the_vacancies_that_drive_demand_are_those_of_the_parameters() -> None:
    entry = load_parameters()["firms.vacancies_observed"]
    stated = dict(zip(entry.labels or [], entry.value, strict=True))  # type: ignore[arg-type]
    found = {str(one.year): one.value for one in load_levels() if one.outcome == "technical_vacancies"}
    assert found == stated


@pytest.mark.parametrize(
    ("column", "wrong", "told"),
    [
        ("outcome", "technical_vacancy", "technical_vacancies"),
        ("group", "bouws", "bouw"),
        ("role", "chek", "check"),
        ("year", "last", "a year"),
        ("base", "before", "a year"),
        ("value", "many", "a number"),
        ("low", "70000", "from low to high"),
        ("source", "", "who says so"),
    ],
)
def test_a_wrong_cell_is_told_with_its_file_row_and_column(tmp_path: Path, column: str, wrong: str, told: str) -> None:
    with pytest.raises(InputError, match="row 2") as error:
        load_levels([table(tmp_path, **{column: wrong})])
    assert "labour.csv" in str(error.value)
    assert told in str(error.value)


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "labour.csv"
    file.write_text("year,outcome\n2022,technicians\n", encoding="utf-8")
    with pytest.raises(InputError, match="group"):
        load_levels([file])


def test_a_figure_is_inside_the_runs_interval_made_wider_by_its_own_error() -> None:
    runs = np.linspace(90.0, 110.0, 201)  # 5% 91, 95% 109
    values = np.stack([np.full(201, 50.0), runs], axis=1)[:, :, None, None]
    ensemble = Ensemble(2019, (("tightness", "total"),), values)
    exact, off, ratio = compare(
        [level(110.0, 110.0, 110.0), level(115.0, 103.0, 127.0), level(2.0, 2.0, 2.0, base=2019)], ensemble
    )
    assert (exact.median, exact.low, exact.high) == pytest.approx((100.0, 91.0, 109.0))
    assert not exact.inside  # 110 is above 109
    assert off.interval == pytest.approx((100 - np.hypot(9, 12), 115.0))
    assert off.inside
    assert (ratio.median, ratio.inside) == (pytest.approx(2.0), True)
    assert share_inside([exact, off, ratio]) == pytest.approx(2 / 3)


def test_the_page_says_what_is_inside_and_why_the_rest_is_not() -> None:
    compared = [
        Compared(level(1.0, 0.9, 1.1), 1.0, 0.8, 1.2),
        Compared(level(3.0, 3.0, 3.0, if_missed="seekers are few"), 1.0, 0.8, 1.2),
        Compared(level(1.0, 1.0, 1.0, role="drives"), 1.0, 0.8, 1.2),
    ]
    assert told(compared).startswith("2 of 3 figures are inside the 90% interval (67%")
    assert "1 of 2 (50%)" in told(compared)
    text = page(compared, 40, 0.1)
    assert "| yes (input) |" in text
    assert "2020: seekers are few." in text
    assert text.count("CBS.") == 1
