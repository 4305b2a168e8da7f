"""Indices of factors: tornado, Morris, Sobol' and eFAST, delta and PAWN, and their convergence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from doorstroom.experiment.analyses.base import Analysis
from doorstroom.experiment.design.one_at_a_time import OneAtATime
from doorstroom.experiment.factors import DUMMY
from doorstroom.experiment.results import Results
from doorstroom.reporting.plots.sensitivity import marks
from doorstroom.reporting.plots.sensitivity.panels import SHOWN, by_response, headed, name_rows, panels, signed
from doorstroom.reporting.style import Plot, house_style, legend, looks

_MATTER = 5
_NAMES = {"ST": "total index", "mu_star": "mu*"}


def indices(analysis: Analysis, results: Results) -> Iterator[Plot]:
    """The figures of the study's own method."""
    table = analysis.table
    measures = set(table["measure"])
    if "range" in measures:
        yield _tornado(table, results)
    elif "mu_star" in measures:
        yield _morris(table, results)
    else:
        yield _shares(table[table["with"].fillna("") == ""], results)
        if "S2" in measures:
            yield _pairs(table[table["measure"] == "S2"], results)
    if len(results.sizes) > 1:
        main = results.file.method.main
        whole = analysis.tables["looks"]
        yield _convergence("convergence", whole[whole["measure"] == main], main, results)


def given_data(analysis: Analysis, results: Results) -> Iterator[Plot]:
    """Delta or PAWN of the largest factors, and their convergence."""
    name = analysis.name
    with house_style():
        tables = [(response, _largest(part, part["factor"])) for response, part in by_response(analysis.table)]
        figure, axes = panels(len(tables), max(len(part) for _, part in tables))
        for ax, (response, part) in zip(axes, tables, strict=False):
            marks.beyond(ax, float(part.loc[part["factor"] == DUMMY, "high"].iloc[0]))
            marks.ranked(ax, part, looks(["", name])[name], name)
            name_rows(ax, part["factor"].tolist())
            headed(ax, response, f"{analysis.title}, 95% interval")
        signed(figure, results, "Grey: what the inert dummy reaches by chance.")
    yield Plot(
        name, figure, f"{analysis.title} of the factors that matter most, with 95% intervals and the inert dummy."
    )
    yield _convergence(f"{name}_convergence", analysis.tables[f"{name}_looks"], analysis.title, results)


def _tornado(table: pd.DataFrame, results: Results) -> Plot:
    method = results.file.method
    assert isinstance(method, OneAtATime)
    sides = (f"at the {method.low:.0%} quantile", f"at the {method.high:.0%} quantile")
    colours = list(looks(["", *sides]).values())[1:]
    with house_style():
        parts = list(by_response(table))
        figure, axes = panels(len(parts), _rows(results), legends=2)
        for ax, (response, part) in zip(axes, parts, strict=False):
            wide = part.pivot_table(["value", "low", "high"], "factor", "measure", sort=False, dropna=False)
            wide = wide.loc[_largest(part[part["measure"] == "range"], part["factor"])["factor"]]
            flat = pd.DataFrame({side: wide["value", side] for side in ("low", "high")})
            for side in ("low", "high"):
                for end in ("low", "high"):
                    flat[f"{side}_{end}"] = wide.get((end, side), np.nan)
            marks.spans(ax, flat, colours, sides)
            name_rows(ax, flat.index.tolist())
            headed(ax, response, "change from the central point")
        legend(figure, axes[0])
        signed(figure, results, "Black: 95% interval of the mean over seeds.")
    return Plot(
        "tornado", figure, "Change of each response when one factor is low or high and all others are central; "
        "the factors with the widest range on top."
    )  # fmt: skip


def _morris(table: pd.DataFrame, results: Results) -> Plot:
    blue, grey = list(looks(["", "mu*", "dummy"]).values())[1:]
    with house_style():
        parts = list(by_response(table))
        figure, axes = panels(2 * len(parts), _rows(results))
        for row, (response, part) in enumerate(parts):
            stars = part[part["measure"] == "mu_star"]
            sigma = part[part["measure"] == "sigma"].set_index("factor")["value"]
            top = _largest(stars, part["factor"])
            left, right = axes[2 * row], axes[2 * row + 1]
            marks.ranked(left, top, blue, "mu*")
            name_rows(left, top["factor"].tolist())
            headed(left, response, "mu*, 95% interval")
            every = stars.assign(sigma=stars["factor"].map(sigma))
            marks.against(right, every[every["factor"] != DUMMY], blue)
            marks.against(right, every[every["factor"] == DUMMY], grey)
            for one in every.nlargest(_MATTER, "value").itertuples():
                right.annotate(
                    one.factor, (one.value, one.sigma), fontsize=6.5, xytext=(3, 3), textcoords="offset points"
                )
            right.set_xlim(left=0)
            right.set_ylim(bottom=0)
            right.set_ylabel("sigma: interactions and curvature", fontsize=8)
            headed(right, "", "mu*")
        signed(figure, results)
    return Plot(
        "morris", figure, "Morris' mu* of the factors that matter most, with 95% intervals, and mu* against sigma."
    )


def _shares(table: pd.DataFrame, results: Results) -> Plot:
    first, total = list(looks(["", "first", "total"]).values())[1:]
    with house_style():
        parts = list(by_response(table))
        figure, axes = panels(len(parts), _rows(results), legends=2)
        for ax, (response, part) in zip(axes, parts, strict=False):
            totals = _largest(part[part["measure"] == "ST"], part["factor"])
            firsts = part[part["measure"] == "S1"].set_index("factor").loc[totals["factor"]].reset_index()
            marks.ranked(ax, totals, total, "total: alone and with others", shift=0.14)
            marks.ranked(ax, firsts, first, "first: alone", shift=-0.14)
            name_rows(ax, totals["factor"].tolist())
            headed(ax, response, "share of the variance, 95% interval")
        legend(figure, axes[0])
        signed(figure, results)
    name = results.file.method.name
    return Plot(name, figure, "First and total shares of the variance of the factors that matter most, with intervals.")


def _pairs(table: pd.DataFrame, results: Results) -> Plot:
    with house_style():
        parts = list(by_response(table))
        figure, axes = panels(len(parts), SHOWN)
        for ax, (response, part) in zip(axes, parts, strict=False):
            top = part.nlargest(SHOWN, "value")
            marks.ranked(ax, top, looks(["", "S2"])["S2"], "S2")
            name_rows(
                ax, [f"{row.factor} with {other}" for row, other in zip(top.itertuples(), top["with"], strict=True)]
            )
            headed(ax, response, "second-order index, 95% interval")
        signed(figure, results)
    return Plot("second_order", figure, "Second-order indices of the pairs that matter most, with 95% intervals.")


def _convergence(name: str, looked: pd.DataFrame, index: str, results: Results) -> Plot:
    with house_style():
        parts = list(by_response(looked))
        figure, axes = panels(len(parts), 12)
        for ax, (response, part) in zip(axes, parts, strict=False):
            last = part[part["size"] == part["size"].max()]
            names = [*last[last["factor"] != DUMMY].nlargest(_MATTER, "value")["factor"], DUMMY]
            for factor, look in looks(names).items():
                one = part[part["factor"] == factor]
                marks.over_sizes(ax, one, look, factor)
            ax.set_xscale("log", base=2)
            ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
            ax.legend(fontsize=6.5, loc="upper left", bbox_to_anchor=(0.0, -0.2), ncols=2)
            headed(ax, response, "size of the sample")
            ax.set_ylabel(_NAMES.get(index, index), fontsize=8)
        signed(figure, results, "Shaded: 95% interval.")
    return Plot(
        name, figure, f"{index} of the factors that matter most against the size of the sample, with intervals."
    )


def _rows(results: Results) -> int:
    """Rows in a panel: the largest factors and the dummy."""
    return min(len(results.factors.units), SHOWN + 1)


def _largest(part: pd.DataFrame, factors: pd.Series) -> pd.DataFrame:
    """Rows of the largest values, and of the dummy."""
    top = part[part["factor"] != DUMMY].nlargest(SHOWN, "value")
    return pd.concat([top, part[part["factor"] == DUMMY]])
