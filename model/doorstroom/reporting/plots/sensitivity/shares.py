"""Means with their intervals, and where the variance comes from."""

from __future__ import annotations

from collections.abc import Iterator

from doorstroom.experiment.analyses.base import Analysis
from doorstroom.experiment.results import Results
from doorstroom.reporting.plots.sensitivity import marks
from doorstroom.reporting.plots.sensitivity.panels import by_response, headed, name_rows, panels, signed
from doorstroom.reporting.style import Plot, house_style, looks


def means(analysis: Analysis, results: Results) -> Iterator[Plot]:
    """Levels and effects of every outcome, with 90% intervals."""
    table = analysis.table.rename(columns={"mean": "value"})
    blue = looks(["", "mean"])["mean"]
    with house_style():
        outcomes = results.outcomes
        kinds = [kind for kind in ("level", "effect") if (table["kind"] == kind).any()]
        figure, axes = panels(len(outcomes) * len(kinds), 1 + len(results.labels), columns=len(kinds))
        for at, outcome in enumerate(outcomes):
            for column, kind in enumerate(kinds):
                ax = axes[at * len(kinds) + column]
                part = table[(table["outcome"] == outcome) & (table["kind"] == kind)]
                marks.ranked(ax, part, blue, kind)
                name_rows(ax, part["scenario"].tolist())
                against = f" against {results.labels[0]}" if kind == "effect" else ""
                headed(ax, f"{outcome}, {kind}{against}", "mean, 90% interval")
        signed(figure, results)
    yield Plot("means", figure, "Levels and effects of all scenarios, with 90% intervals.")


def variance(analysis: Analysis, results: Results) -> Iterator[Plot]:
    """Shares of parameters, luck and structure in the variance of every response."""
    blue = looks(["", "share"])["share"]
    with house_style():
        parts = list(by_response(analysis.table))
        figure, axes = panels(len(parts), max(len(part) for _, part in parts))
        for ax, (response, part) in zip(axes, parts, strict=False):
            marks.ranked(ax, part.rename(columns={"share": "value"}), blue, "share")
            name_rows(ax, part["source"].tolist())
            ax.set_xlim(-0.02, 1.02)
            headed(ax, response, "share of the variance of a run, 95% interval")
        signed(figure, results)
    yield Plot("variance", figure, "Shares of parameters, luck and structure in the variance, with 95% intervals.")
