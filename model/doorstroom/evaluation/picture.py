"""What each design sees from, against what the model says there is to see; an SVG whose text is text."""

from __future__ import annotations

import io
import textwrap
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from doorstroom.evaluation.learning import Finding
from doorstroom.evaluation.study import Learned


def picture(
    learned: Learned, ranked: dict[str, list[Finding]], effects: pd.DataFrame, language: str, words: dict[str, Any]
) -> str:
    """A panel per question, a row per design that is given otherwise; surveys see no effect and have no row.

    Parameters
    ----------
    ranked : by question, each design with the method that it is read with
    effects : by question, low and high of what going on does in nine worlds of ten
    """
    study = learned.study
    shown = [name for name, one in study.designs.items() if one.kind != "survey"]
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": learned.identity, "font.size": 8}):
        figure = Figure(figsize=(7.4, 1.0 + 0.2 * len(shown)), layout="constrained")
        panels = figure.subplots(1, len(study.questions), sharey=True, squeeze=False)[0]
        for ax, (name, asked) in zip(panels, study.questions.items(), strict=True):
            low, high = (max(float(effects.loc[name, key]), 0.0) for key in ("low", "high"))
            ax.axvspan(low, high, color="#d9d9d9", label=words["band"])
            found, most = {one.design: one for one in ranked[name]}, max(asked.sizes)
            for at, design in enumerate(shown):
                if design not in found:
                    ax.text(0, at, f" {words['unusable']}", va="center", fontsize=7, color="#666666")
                    continue
                size = found[design].detectable
                seen = bool(np.isfinite(size))
                ax.plot(size if seen else most, at, "o" if seen else ">", color="#0072b2", clip_on=False)
            ax.set_xscale("symlog", linthresh=min(asked.sizes))
            ax.set_xlim(0, most * 1.15)
            ticks = [0, *asked.sizes[::2]]
            ax.set_xticks(ticks, [f"{size:g}" if language == "en" else f"{size:g}".replace(".", ",") for size in ticks])
            ax.set_xticks([], minor=True)
            ax.set_title(textwrap.fill(getattr(asked.title, language), 22), fontsize=8, loc="left")
            ax.set_xlabel(getattr(asked.unit, language))
            ax.spines[["top", "right"]].set_visible(False)
        panels[0].set_yticks(range(len(shown)), [getattr(study.designs[name].title, language) for name in shown])
        panels[0].invert_yaxis()
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower left", fontsize=7, frameon=False)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    return "<svg" + drawn.getvalue().partition("<svg")[2]
