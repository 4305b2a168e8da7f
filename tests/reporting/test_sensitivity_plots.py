"""Figures of sensitivity from tables of indices: the right kind for the method, ranked, with confidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from doorstroom.reporting.language import DUTCH, ENGLISH
from doorstroom.reporting.plots.sensitivity import MOST, sensitivity


def table(measures: tuple[str, ...], factors: int = 30) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    rows = [
        {
            "kind": "effect", "outcome": "pupils_2030", "scenario": "no_sto", "measure": measure,
            "factor": f"room.parameter_{factor}", "with": "", "value": factor / factors,
            "low": factor / factors - 0.1, "high": factor / factors + 0.1 * rng.random(),
        }
        for measure in measures
        for factor in range(factors)
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("measures", "kind"),
    [(("low", "high", "range"), "tornado"), (("S1", "ST"), "indices"), (("mu_star", "mu", "sigma"), "morris")],
)
def test_each_method_gets_its_figure(measures: tuple[str, ...], kind: str) -> None:
    for language in (ENGLISH, DUTCH):
        (plot,) = sensitivity(table(measures), "0123456789abcdef", language)
        assert plot.name == f"{kind}-effect_pupils_2030_no_sto"
        texts = " ".join(text.get_text() for text in plot.figure.findobj(match=lambda one: hasattr(one, "get_text")))
        assert "0123456789ab" in texts
        assert "room.parameter_29" in texts
        assert "room.parameter_0" not in texts.replace("room.parameter_0 ", "")
        assert str(30 - MOST) in texts


def test_the_largest_stands_on_top_and_confidence_is_drawn() -> None:
    (plot,) = sensitivity(table(("S1", "ST"), factors=4), "0" * 12)
    ax = plot.figure.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [f"room.parameter_{at}" for at in (3, 2, 1, 0)]
    assert len(ax.lines) == 2 * 4 + 1  # an interval per index, and the line at zero


def test_an_index_without_confidence_has_no_line() -> None:
    alone = table(("S1",), factors=3)
    alone[["low", "high"]] = np.nan
    (plot,) = sensitivity(alone, "0" * 12)
    assert len(plot.figure.axes[0].lines) == 1
