"""Scenario discovery: a box in the space of factors in which an effect fails (or succeeds) - PRIM.

Boxes are found by peeling: slices that raise the density of cases most are cut off, one at a time. Every box
on the way trades coverage (share of all cases that lie in it) against density (share of cases in it).
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from doorstroom.errors import DoorstroomError
from doorstroom.experiment.analyses.base import Analysis
from doorstroom.experiment.factors import DUMMY
from doorstroom.experiment.results import Response, Results

_SURE = 0.05
_FEW_CASES = 20
_ANY = 1e-6
"""The density from which EMA Workbench gives a box at all; at zero it would count every point as a case."""


def discovery(results: Results) -> Analysis | None:
    """The box; None where it isn't asked."""
    asked = results.file.discovery
    if asked is None:
        return None
    response = Response("effect", asked.outcome, asked.scenario)
    y = results.response(response).mean(axis=1)
    used = results.sample() & np.isfinite(y)
    x = pd.DataFrame(results.coordinates()[used], columns=list(results.factors.columns))
    cases = (y[used] < asked.threshold) if asked.where == "below" else (y[used] > asked.threshold)
    title = f"Where the {response} is {asked.where} {asked.threshold:g}"
    statement = (
        f"Cases are points at which the {response}, as a mean over seeds, is {asked.where} {asked.threshold:g}. PRIM "
        f"peeled {asked.peel:.0%} of the points at a time down to {asked.smallest:.0%} of all. Of the boxes on the way "
        f"the one with the largest coverage whose density is at least {asked.density:.0%} is told. The p-value of a "
        "limit says how easily so dense a box would come about by chance without it (Bryant and Lempert)."
    )
    settings = {
        "points used": int(used.sum()),
        "cases": int(cases.sum()),
        **{key: value for key, value in asked.model_dump().items() if key != "outcome"},
        "reference": "Friedman, J.H. and Fisher, N.I. (1999), Statistics and Computing 9, 123-143; Bryant, B.P. and "
        "Lempert, R.J. (2010), Technological Forecasting and Social Change 77, 34-49; computed with EMA Workbench",
    }
    limits, path = pd.DataFrame(columns=_LIMITS), pd.DataFrame(columns=_PATH)
    told: list[str] = []
    if cases.all() or not cases.any():
        told.append(f"{'Every' if cases.any() else 'No'} point is a case; there is no box to look for.")
    else:
        limits, path, told = _box(x, cases, asked)
    return Analysis(
        "discovery", title, {"discovery": limits, "discovery_boxes": path}, statement, settings, tuple(told)
    )


_LIMITS = ("factor", "low", "high", "lowest", "highest", "p low", "p high", "sure")
_PATH = ("coverage", "density", "mass", "restricted", "chosen")


def _box(x: pd.DataFrame, cases: Any, asked: Any) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from ema_workbench.analysis import prim
    except ImportError as error:
        raise DoorstroomError("discovery needs EMA Workbench: pip install 'doorstroom[discovery]'") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = prim.Prim(x, np.asarray(cases), threshold=_ANY, peel_alpha=asked.peel, mass_min=asked.smallest)
        found = search.find_box()
    path = found.peeling_trajectory
    dense = path[path["density"] >= asked.density]
    at = int(dense["coverage"].idxmax()) if len(dense) else int(path["density"].idxmax())
    box, chances = found.box_lims[at], found.qp[at]
    rows = []
    for factor in x.columns:
        low, high = (float(edge) for edge in box[factor])
        lowest, highest = float(x[factor].min()), float(x[factor].max())
        if low > lowest or high < highest:
            p = [value if value >= 0 else np.nan for value in chances.get(factor, (np.nan, np.nan))]
            rows.append((factor, low, high, lowest, highest, *p, "yes" if np.nanmin(p) <= _SURE else "no"))
    limits = pd.DataFrame(rows, columns=_LIMITS)
    limits = limits.iloc[np.argsort(limits[["p low", "p high"]].min(axis=1), kind="stable")].reset_index(drop=True)
    told = []
    if cases.sum() < _FEW_CASES:
        told.append(f"There are {cases.sum()} cases only; with so few a box says little.")
    if not len(dense):
        told.append(
            f"No box reaches a density of {asked.density:.0%}; the densest is told, with {path['density'].max():.0%}."
        )
    loose = int((limits["sure"] == "no").sum())
    if loose:
        told.append(
            f"{loose} of the {len(limits)} factors that the box restricts may be there by chance (p above {_SURE})."
        )
    if DUMMY in limits.loc[limits["sure"] == "yes", "factor"].tolist():
        told.append("The box restricts the inert dummy: it follows noise.")
    steps = path[["coverage", "density", "mass", "res_dim"]].set_axis(list(_PATH[:4]), axis=1)
    return limits, steps.assign(chosen=np.where(path.index == at, "yes", "no")), told
