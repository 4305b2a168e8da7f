"""No number without its interval: a check on everything that is built, not a habit."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import doorstroom
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.language import ENGLISH
from doorstroom.reporting.tables.annex import annex
from doorstroom.reporting.tables.formats import as_csv
from doorstroom.reporting.tables.long import write_effects, write_levels
from doorstroom.reporting.tables.table import Value

PLOTS = Path(doorstroom.__file__).parent / "reporting" / "plots"
DRAWS_VALUES = {
    "plot", "scatter", "bar", "barh", "errorbar", "fill_between", "fill_betweenx", "step", "stairs", "hist", "pie",
    "boxplot", "violinplot", "imshow", "pcolormesh", "contourf", "stackplot", "hlines", "vlines", "stem",
}  # fmt: skip


OWN_MARKS = {"marks.py", "validation.py"}  # the second draws forecasts with their bands and what was observed


def test_only_the_marks_draw_values() -> None:
    for path in PLOTS.glob("*.py"):
        if path.name in OWN_MARKS:
            continue
        calls = [
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        assert not DRAWS_VALUES & set(calls), f"{path.name}: values are drawn by plots/marks.py, with their interval"


def test_marks_that_draw_results_take_a_summary() -> None:
    tree = ast.parse((PLOTS / "marks.py").read_text(encoding="utf-8"))
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        arguments = {argument.arg for argument in function.args.args}
        whole = "summary" in arguments or {"low", "high"} <= arguments
        assert whole or "past" in arguments, function.name  # what was counted has no interval


@pytest.mark.parametrize("write", [write_effects, write_levels])
def test_every_row_of_the_long_tables_has_its_interval(findings: Findings, tmp_path: Path, write: object) -> None:
    table = pd.read_csv(write(findings, tmp_path / "table.csv"))  # type: ignore[operator]
    value = table["effect"] if "effect" in table else table["mean"]
    some = table[value.notna()]
    assert len(some) > 10_000
    assert some[["low", "high", "median", "cover", "se", "unit"]].notna().all(axis=None)
    assert ((some["low"] <= some["median"]) & (some["median"] <= some["high"])).all()


def test_every_number_of_an_annex_table_has_its_interval(findings: Findings) -> None:
    for table in annex(findings, ENGLISH):
        numbers = [cell for row in table.rows for cell in row if isinstance(cell, Value)]
        assert numbers
        for cell in numbers:
            mean, low, high = cell.numbers()
            assert np.isfinite([low, high]).all() or not np.isfinite(mean)
        texts = [cell for row in table.rows for cell in row if not isinstance(cell, Value)]
        known = {*findings.comparison.labels, *findings.region_names, "vmbo bb/kb/gl"}
        assert not [text for text in texts if text[:1].isdigit() and text not in known]
        heads = as_csv(table).splitlines()[0].split(",")
        assert sum(head.endswith("_median") for head in heads) == sum(head.endswith("_low") for head in heads) > 0
