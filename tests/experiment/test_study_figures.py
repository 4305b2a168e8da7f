"""Figures of analyses: numbers are drawn by the marks, with their interval, and by nobody else."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pandas as pd

from doorstroom.reporting.plots import sensitivity
from doorstroom.reporting.plots.sensitivity import marks
from doorstroom.reporting.plots.sensitivity.panels import panels
from doorstroom.reporting.style import looks

FOLDER = Path(sensitivity.__file__).parent
DRAWS_VALUES = {"plot", "scatter", "bar", "barh", "errorbar", "fill_between", "imshow", "pcolormesh", "hist", "step"}


def test_only_the_marks_draw_values() -> None:
    for path in FOLDER.glob("*.py"):
        calls = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func.value) == "ax"
        }
        assert path.name == "marks.py" or not DRAWS_VALUES & calls, path.name


def test_a_value_without_an_interval_is_drawn_open() -> None:
    _, [ax] = panels(1, 3)
    table = pd.DataFrame({"value": [1.0, 2.0], "low": [0.5, np.nan], "high": [1.5, np.nan]})
    marks.ranked(ax, table, looks(["", "one"])["one"], "one")
    faces = {line.get_markerfacecolor(): line.get_xdata() for line in ax.lines if len(line.get_xdata()) == 1}
    assert faces["white"].tolist() == [2.0]
    intervals = [line.get_xdata() for line in ax.lines if list(line.get_xdata()) == [0.5, 1.5]]
    assert len(intervals) == 1
