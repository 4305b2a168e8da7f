"""What to choose: boxes where an effect fails, regret, and what knowing a parameter is worth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from doorstroom.experiment.analyses.base import Analysis
from doorstroom.experiment.factors import DUMMY
from doorstroom.experiment.results import Results
from doorstroom.reporting.plots.sensitivity import marks
from doorstroom.reporting.plots.sensitivity.panels import SHOWN, headed, name_rows, panels, signed
from doorstroom.reporting.style import Plot, house_style, legend, looks


def discovery(analysis: Analysis, results: Results) -> Iterator[Plot]:
    """Limits of the box, and what boxes on the way to it trade."""
    table, boxes = analysis.table, analysis.tables["discovery_boxes"]
    width = table["highest"] - table["lowest"]
    scaled = pd.DataFrame({side: (table[side] - table["lowest"]) / width for side in ("low", "high")})
    blue = looks(["", "box"])["box"]
    with house_style():
        figure, (left, right) = panels(2, max(len(table), 8))
        marks.limits(left, scaled, blue)
        name_rows(left, [f"{row.factor}\n{row.low:.3g} to {row.high:.3g}" for row in table.itertuples()])
        headed(left, analysis.title, "from the lowest to the highest value in the runs")
        left.set_xticks([0, 1], ["lowest", "highest"])
        marks.path(right, boxes, blue)
        right.set_xlim(-0.02, 1.05)
        right.set_ylim(0, 1.05)
        right.set_ylabel("density: share of cases in the box", fontsize=8)
        headed(
            right, "Boxes on the way; the circle is the one told", "coverage: share of all cases that lie in the box"
        )
        signed(figure, results)
    yield Plot("discovery", figure, f"{analysis.title}: limits of the box, and coverage against density of all boxes.")


def regret(analysis: Analysis, results: Results) -> Iterator[Plot]:
    """Mean regret and the regret that is exceeded once in ten, per scenario."""
    one, ten = list(looks(["", "mean", "ten"]).values())[1:]
    with house_style():
        parts = list(analysis.table.groupby("worth", dropna=False, sort=False))
        figure, axes = panels(len(parts), 1 + 2 * len(results.labels), legends=2)
        for ax, (worth, part) in zip(axes, parts, strict=False):
            mean = part.assign(value=part["mean regret"])
            tail = part.assign(value=part["regret in 1 of 10"], low=part["1 of 10 low"], high=part["1 of 10 high"])
            marks.ranked(ax, mean, one, "mean", shift=0.12)
            marks.ranked(ax, tail, ten, "exceeded at 1 point in 10", shift=-0.12)
            share = part["share of points where best"]
            names = [f"{label}\nbest at {best:.0%}" for label, best in zip(part["scenario"], share, strict=True)]
            name_rows(ax, names)
            headed(ax, _at(worth), "regret, 95% interval")
        legend(figure, axes[0])
        signed(figure, results)
    yield Plot("regret", figure, "Regret of every scenario: its mean, and what is exceeded at one point in ten.")


def information(analysis: Analysis, results: Results) -> Iterator[Plot]:
    """Value of perfect information on the parameters that are worth knowing most."""
    blue = looks(["", "value"])["value"]
    with house_style():
        parts = list(analysis.table.groupby("worth", dropna=False, sort=False))
        figure, axes = panels(len(parts), min(len(results.factors.columns), SHOWN + 1))
        for ax, (worth, part) in zip(axes, parts, strict=False):
            top = part[part["factor"] != DUMMY].nlargest(SHOWN, "value")
            inert = part[part["factor"] == DUMMY]
            marks.beyond(ax, float(inert["high"].iloc[0]))
            rows = pd.concat([top, inert])
            marks.ranked(ax, rows, blue, "value")
            name_rows(ax, rows["factor"].tolist())
            whole = part["all parameters together"].iloc[0]
            headed(ax, f"{_at(worth)}; knowing everything is worth {whole:,.3g}", "value of knowing it, 95% interval")
        signed(figure, results, "Grey: what the inert dummy reaches by chance.")
    yield Plot("information", figure, "Expected value of perfect information per parameter, with 95% intervals.")


def _at(worth: object) -> str:
    return (
        f"At {worth:,.0f} euro per unit"
        if isinstance(worth, float) and np.isfinite(worth)
        else "In units of the objective"
    )
