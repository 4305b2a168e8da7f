"""The page that Mesa's SolaraViz makes of the model; run by `doorstroom explore`."""

from __future__ import annotations

import os
from itertools import groupby

import numpy as np
import pandas as pd
import solara
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from mesa.visualization import Slider, SolaraViz
from mesa.visualization.utils import update_counter

from doorstroom.outcomes import COLUMN, OUTCOMES, TOTAL
from doorstroom.parameters import load_parameters
from doorstroom.reporting.explore.model import KNOBS, Explored, range_of
from doorstroom.reporting.key import KEY
from doorstroom.reporting.language import ENGLISH
from doorstroom.reporting.plots.axes import tick
from doorstroom.reporting.plots.regional import GRID, assign_tiles, tile_lines
from doorstroom.reporting.style import house_style, sheet
from doorstroom.reporting.wording import scale
from doorstroom.scenario import scenario_files

SCENARIO = os.environ.get("DOORSTROOM_EXPLORE_SCENARIO", "baseline")
FRACTION = float(os.environ.get("DOORSTROOM_EXPLORE_FRACTION", "0.02"))
MAPPED = ("vmbo_technique_share", "vmbo_technique_pupils", "unfilled_share", "teacher_fte", "profile_locations")

mapped = solara.reactive(MAPPED[0])


def knob(name: str) -> Slider:
    """A slider over the prior of a parameter."""
    low, middle, high = range_of(name)
    return Slider(name, value=middle, min=low, max=high, step=(high - low) / 50, dtype=float)


CONTROLS = {
    "scenario": {"type": "Select", "value": SCENARIO, "values": sorted(scenario_files()), "label": "Scenario"},
    "sto": Slider("STO, % of the scenario's amounts", value=100, min=0, max=200, step=10),
    "ngf": Slider("NGF, % of the scenario's amounts", value=100, min=0, max=200, step=10),
    **{name: knob(name) for name in KNOBS},
    "seed": Slider("Stream of luck", value=1, min=1, max=20, step=1),
    "fraction": FRACTION,
}


@solara.component
def Regions(model: Explored) -> None:
    """A tile per region with an outcome of this year."""
    update_counter.get()  # drawn again after every step
    solara.Select("On the map", value=mapped, values=list(MAPPED))
    outcome = OUTCOMES[mapped.value]
    values = model.results()[-1, 1:, COLUMN[mapped.value, TOTAL]] * scale(outcome.unit, effect=False).factor
    regions = model.inputs.regions
    places = assign_tiles(regions["lat"].to_numpy(), regions["lon"].to_numpy())
    norm = Normalize(*np.nanquantile(values, [0.05, 0.95])) if np.isfinite(values).any() else Normalize(0, 1)
    with house_style():
        figure, (ax,) = sheet(1, 1, 7.5, 7.2)
        bar = figure.colorbar(ScalarMappable(norm, "Blues"), ax=ax, shrink=0.5, extend="both")
        bar.set_label(scale(outcome.unit, effect=False).unit)
        for name, value, (row, column) in zip(regions["name"], values, places, strict=True):
            colour = bar.cmap(norm(value)) if np.isfinite(value) else "white"
            ax.add_patch(Rectangle((column + 0.03, row + 0.03), 0.94, 0.94, facecolor=colour, edgecolor="#999999"))
            lines = tile_lines(name)
            dark = np.isfinite(value) and norm(value) > 0.6
            ax.text(
                column + 0.5, row + 0.5, "\n".join(lines), fontsize=min(6.0, 58 / max(map(len, lines))),
                ha="center", va="center", color="white" if dark else "black",
            )  # fmt: skip
        ax.set_xlim(0, GRID[1])
        ax.set_ylim(GRID[0], 0)
        ax.set_aspect("equal")
        ax.axis("off")
        ax.set_title(f"{outcome.title}, 1 October {model.year}")
    solara.FigureMatplotlib(figure, format="png")


@solara.component
def Country(model: Explored) -> None:
    """Key outcomes so far."""
    update_counter.get()
    results = model.results()[:, 0]
    years = range(model.year - len(results) + 1, model.year + 1)
    with house_style():
        figure, axes = sheet(4, 2, 7.5, 7.2)
        for ax, (name, group) in zip(axes, KEY, strict=True):
            way = scale(OUTCOMES[name].unit, effect=False)
            values = results[:, COLUMN[name, group]] * way.factor
            # a flow has no value in the start year
            values = np.where((np.arange(len(values)) == 0) & OUTCOMES[name].flow, np.nan, values)
            ax.plot(years, values, color="black", marker="o", markersize=2.5)
            ax.set_xlim(model.policy.years.first - 0.5, model.policy.years.last + 0.5)
            ax.set_title(OUTCOMES[name].title, fontsize=8)
            ax.set_ylabel(way.unit, fontsize=7)
            ax.yaxis.set_major_formatter(lambda value, _: tick(value, ENGLISH))
    solara.Markdown("One run: these lines have no interval. For that, use `doorstroom compare`.")
    solara.FigureMatplotlib(figure, format="png")


@solara.component
def Pupils(model: Explored) -> None:
    """A dozen pupils of the first year, followed through the years."""
    update_counter.get()
    rows = []
    for number in model.followed:
        pupil = model.pupils[number]
        rows.append(
            {
                "pupil": number,
                "sex": pupil.sex,
                "interest": round(float(pupil.interest), 2),
                "now": model.tracks[-1][number],
                "way so far": " \u2192 ".join(text for text, _ in groupby(year[number] for year in model.tracks)),
            }
        )
    start = model.policy.years.first
    solara.Markdown(f"Pupils who were in year 1 in {start}; `model.pupils[number]` shows all that is known of one.")
    solara.DataFrame(pd.DataFrame(rows), items_per_page=20)


@solara.component
def Knobs(model: Explored) -> None:
    """What the sliders turn."""
    entries = load_parameters()
    rows = [
        {"slider": knob, "parameter": name, "unit": entries[name].unit, "why": entries[name].why}
        for knob, name in KNOBS.items()
    ]
    solara.Markdown("Sliders take effect at the next reset.")
    solara.DataFrame(pd.DataFrame(rows), items_per_page=20)


@solara.component
def Page() -> None:
    """The whole page."""
    model = solara.use_memo(lambda: Explored(SCENARIO, fraction=FRACTION), [])
    SolaraViz(
        model,
        components=[(Regions, 0), (Country, 0), (Pupils, 1), (Knobs, 1)],
        model_params=CONTROLS,
        name="doorstroom: one run, to learn from",
        play_interval=200,
    )
