"""Forecasts as fans with what was observed over them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from doorstroom.evidence import naive
from doorstroom.evidence.forecasts import MODEL, SERIES
from doorstroom.outcomes import OUTCOMES, TOTAL
from doorstroom.reporting.language import ENGLISH
from doorstroom.reporting.plots.axes import hide, tick
from doorstroom.reporting.style import Plot, house_style, legend, sheet
from doorstroom.reporting.wording import scale

_BLUE, _GREY = "#0072B2", "#777777"
_LINES = {naive.LAST: ":", naive.TREND: "--", naive.SHARE: "-."}
_COLUMNS = 3
_SHEET = 12
_FANS = (2012, 2014, 2016)
"""Origins (school year of the last exam known) whose fans are drawn; all of them would hide each other."""


def fans(table: pd.DataFrame, past: pd.DataFrame | None = None) -> Iterator[Plot]:
    """Sheets of small multiples, one panel per series of the country.

    Parameters
    ----------
    table : rows of `study.evidence.forecasts`
    past : outcome, group, region, year, value of what was known before, drawn as crosses
    """
    national = table[table["kind"] != "region"]
    panels = list(national.groupby(SERIES, sort=False))
    for number, start in enumerate(range(0, len(panels), _SHEET), start=1):
        part = panels[start : start + _SHEET]
        rows = -(-len(part) // _COLUMNS)
        with house_style():
            figure, axes = sheet(rows, _COLUMNS, 10.5, 2.5 * rows + 0.9, legends=6)
            for ax, (key, series) in zip(axes, part, strict=False):
                _panel(ax, key, series, past)
            hide(axes[len(part) :])
            legend(figure, axes[0])
            note = "Dark and light: 50% and 90% of the model's members; bars: bounds that withheld counts leave."
            figure.text(
                0.006, 0.01, f"{note} Years are those of 1 October; an exam is of the autumn before it.", fontsize=7
            )
        yield Plot(f"fans-{number}", figure, "Forecasts of the country's series with what was observed over them")


def regions(table: pd.DataFrame) -> Plot | None:
    """Observed against forecast, region by region, in the last year that was observed; None without regions."""
    part = table[(table["kind"] == "region") & (table["method"] == MODEL)]
    if part.empty:
        return None
    part = part[(part["year"] == part["year"].max()) & (part["group"] == TOTAL)]
    part = part[part["origin"] == part["origin"].max()]
    series = list(part.groupby(["outcome", "group"], sort=False))[:4]
    with house_style():
        figure, axes = sheet(1, len(series), 4.2 * len(series), 4.4)
        for ax, ((outcome, _), rows) in zip(axes, series, strict=True):
            factor, unit = _scale(str(outcome))
            middle, seen = rows["median"] * factor, rows["observed"] * factor
            for low, high, at, inside in zip(rows["low90"], rows["high90"], seen, rows["in90"], strict=True):
                ax.plot([low * factor, high * factor], [at, at], color=_BLUE if inside else "#D55E00", linewidth=0.9)
            ax.plot(middle, seen, "o", color="black", markersize=2.5)
            ends = [0.0, float(max(middle.max(), seen.max())) * 1.05]
            ax.plot(ends, ends, color=_GREY, linewidth=0.8)
            ax.set_title(OUTCOMES[str(outcome)].title, fontsize=9)
            ax.set_xlabel(f"forecast from {int(rows['origin'].iloc[0])}, {unit}", fontsize=8)
            ax.set_ylabel(f"observed in {int(rows['year'].iloc[0])}, {unit}", fontsize=8)
        note = "A dot per region; bars hold 90% of the model's members, orange where the observed figure lies outside."
        figure.text(0.006, 0.01, note, fontsize=7)
    return Plot("regions", figure, "Observed against forecast by region")


def _scale(outcome: str) -> tuple[float, str]:
    shown = scale(OUTCOMES[outcome].unit, effect=False)
    return shown.factor, shown.unit


def _panel(ax: Axes, key: tuple[str, str, str, int], series: pd.DataFrame, past: pd.DataFrame | None) -> None:
    _, outcome, group, region = key
    factor, unit = _scale(outcome)
    origins = sorted(set(series["origin"]))
    for origin in [one for one in origins if one in _FANS] or origins:
        last = origin == max(_FANS) or len(origins) == 1
        _fan(ax, series[series["origin"] == origin], factor, whole=last)
    seen = series.drop_duplicates("year").sort_values("year")
    if past is not None:
        mine = past[(past["outcome"] == outcome) & (past["group"] == group) & (past["region"] == region)]
        ax.plot(mine["year"], mine["value"] * factor, "+", color="black", markersize=6, label="known before")
    bounds = [(seen["observed"] - seen["observed_low"]) * factor, (seen["observed_high"] - seen["observed"]) * factor]
    ax.errorbar(seen["year"], seen["observed"] * factor, bounds, fmt="none", ecolor="black", elinewidth=0.8)
    ax.plot(seen["year"], seen["observed"] * factor, "o", color="black", markersize=4, label="observed", zorder=5)
    ax.set_title(OUTCOMES[outcome].title + ("" if group == TOTAL else f", {group}"), fontsize=7)
    ax.set_ylabel(unit, fontsize=8)
    ax.yaxis.set_major_formatter(lambda value, _: tick(value, ENGLISH))
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))


def _fan(ax: Axes, rows: pd.DataFrame, factor: float, *, whole: bool) -> None:
    """The model's fan; `whole` adds the naive forecasts and the legend, which several fans would hide each other by."""
    of = {method: part.sort_values("year") for method, part in rows.groupby("method")}
    model = of[MODEL]
    years = model["year"].to_numpy()
    # one year has no width to fill: it gets a little
    at = years if len(years) > 1 else np.array([years[0] - 0.2, years[0] + 0.2])

    def band(part: pd.DataFrame, name: str) -> np.ndarray:
        return np.resize(part[name].to_numpy() * factor, len(at))

    ax.fill_between(at, band(model, "low90"), band(model, "high90"), color=_BLUE, alpha=0.18, linewidth=0)
    ax.fill_between(at, band(model, "low50"), band(model, "high50"), color=_BLUE, alpha=0.3, linewidth=0)
    ax.plot(at, band(model, "median"), color=_BLUE, label="model" if whole else "_")
    if not whole:
        return
    for name, line in _LINES.items():
        if name in of:
            middle = of[name]["median"] * factor
            ax.plot(of[name]["year"], middle, color=_GREY, linestyle=line, linewidth=1, label=name)
