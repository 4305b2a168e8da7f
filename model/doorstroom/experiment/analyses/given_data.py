"""Measures from runs that are there already: Borgonovo's delta and PAWN, on any random sample of the priors.

Both look at the whole distribution of a response and not at its variance alone. Both are above zero for an
inert factor in a finite sample; the dummy says by how much.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from SALib.analyze.delta import calc_delta
from scipy import stats

from doorstroom.experiment.analyses.base import FEWEST, Analysis, Told
from doorstroom.experiment.convergence import judge
from doorstroom.experiment.design.base import doubling
from doorstroom.experiment.factors import DUMMY
from doorstroom.experiment.results import Results

Floats = NDArray[np.float64]
Measure = Callable[[Floats, Floats, np.random.Generator], tuple[float, float, float]]
"""Value and interval of one factor, from its coordinates and the response."""

_RESAMPLES: Final = 50
_CONFIDENCE: Final = 0.95
_SLICES: Final = 10
_GRID: Final = 100
_TOLERANCE: Final = 1e-9


def delta(results: Results) -> Analysis:
    """Borgonovo's delta, with the bias reduction of Plischke and others."""
    statement = (
        "Borgonovo's moment-independent delta: half the expected distance between the density of the response and its "
        "density given the factor, from classes of equal size in the factor, with the bootstrap bias reduction of "
        f"Plischke, Borgonovo and Smith (2013); {_CONFIDENCE:.0%} intervals from {_RESAMPLES} resamples."
    )
    reference = (
        "Borgonovo, E. (2007), Reliability Engineering & System Safety 92, 771-784; Plischke, E., Borgonovo, E. and "
        "Smith, C.L. (2013), European Journal of Operational Research 226, 536-550; densities and distances by SALib"
    )
    return _analysis(results, "delta", "Borgonovo's delta", bias_reduced_delta, statement, {"reference": reference})


def pawn(results: Results) -> Analysis:
    """PAWN: the median Kolmogorov-Smirnov distance over slices of the factor."""
    statement = (
        "PAWN: the Kolmogorov-Smirnov distance between the distribution of the response and that within a slice of the "
        f"factor, as the median over {_SLICES} slices of equal size; {_CONFIDENCE:.0%} intervals from {_RESAMPLES} "
        "bootstrap resamples. It is above zero for an inert factor too: compare with the dummy."
    )
    reference = "Pianosi, F. and Wagener, T. (2018), Environmental Modelling & Software 108, 197-207"
    return _analysis(results, "pawn", "PAWN", median_distance, statement, {"slices": _SLICES, "reference": reference})


def bias_reduced_delta(x: Floats, y: Floats, rng: np.random.Generator) -> tuple[float, float, float]:
    """Delta of one factor with its interval (Plischke and others, equations 26 and 30)."""
    exponent = 2.0 / (7.0 + np.tanh((1500.0 - len(y)) / 500.0))
    classes = np.linspace(0, len(y), min(int(np.ceil(len(y) ** exponent)), 48) + 1)
    grid = np.linspace(y.min(), y.max(), _GRID)
    picks = rng.integers(len(y), size=(_RESAMPLES, len(y)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of classes without spread
        estimate = calc_delta(y, grid, x, classes)
        again = np.array([calc_delta(y[pick], grid, x[pick], classes) for pick in picks])
    value = 2.0 * estimate - again.mean()
    half = stats.norm.ppf(0.5 + _CONFIDENCE / 2) * again.std(ddof=1)
    return float(value), float(value - half), float(value + half)


def median_distance(x: Floats, y: Floats, rng: np.random.Generator) -> tuple[float, float, float]:
    """PAWN index of one factor with its interval."""
    picks = rng.integers(len(y), size=(_RESAMPLES, len(y)))
    again = [_median_distance(x[pick], y[pick]) for pick in picks]
    low, high = np.quantile(again, [0.5 - _CONFIDENCE / 2, 0.5 + _CONFIDENCE / 2])
    value = _median_distance(x, y)
    return value, min(float(low), value), max(float(high), value)


def _median_distance(x: Floats, y: Floats) -> float:
    ordered = np.sort(y)
    whole = np.searchsorted(ordered, ordered, side="right") / len(y)
    edges = np.quantile(x, np.linspace(0, 1, _SLICES + 1))
    slices = [np.sort(y[(x >= low) & (x < high)]) for low, high in pairwise(edges)]
    distances = [
        np.abs(np.searchsorted(inside, ordered, side="right") / len(inside) - whole).max()
        for inside in slices
        if len(inside)
    ]
    return float(np.median(distances))


def _unfit(y: Floats, measure: Measure) -> str:
    """Why a measure can't be had of a response; empty where it can."""
    if len(y) < FEWEST:
        return f"has {len(y)} points, fewer than {FEWEST}"
    if np.ptp(y) == 0.0:
        return "does not vary"
    if measure is bias_reduced_delta and len(np.unique(y)) < FEWEST / 2:
        return f"takes {len(np.unique(y))} values only, which have no density"
    return ""


def _analysis(
    results: Results, name: str, title: str, measure: Measure, statement: str, settings: dict[str, Any]
) -> Analysis:
    sample, x = results.sample(), results.coordinates()
    rng = np.random.default_rng(results.file.method.number)
    parts, told = [], Told()
    for response in results.responses():
        y = results.response(response).mean(axis=1)
        used = np.flatnonzero(sample & np.isfinite(y))
        why = _unfit(y[used], measure)
        if why:
            told.add(response, f"{why}; no {title} is given.")
            continue
        looks = []
        for size in doubling(max(len(used) // 4, FEWEST), len(used)):
            at = used[:size]
            rows = [(factor, *measure(x[at, c], y[at], rng)) for c, factor in enumerate(results.factors.columns)]
            looks.append(pd.DataFrame(rows, columns=["factor", "value", "low", "high"]))
            parts.append(looks[-1].assign(**response._asdict(), size=size, measure=name))
        inert = looks[-1].set_index("factor").loc[DUMMY]
        if inert["low"] > _TOLERANCE:
            told.add(response, "the index of the inert dummy does not include zero; compare factors with it.")
        verdict = judge(looks, results.file.stop, absolute=True)
        if not verdict.converged:
            told.add(response, f"not converged ({verdict.reason}).")
    columns = ["kind", "outcome", "scenario", "size", "measure", "factor", "value", "low", "high"]
    table = pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
    of = ["kind", "outcome", "scenario"]
    last = table[table["size"] == table.groupby(of)["size"].transform("max")].drop(columns="size")
    dummy = last[last["factor"] == DUMMY].set_index(of)["high"]
    above = last["low"].to_numpy() > dummy.reindex(pd.MultiIndex.from_frame(last[of])).to_numpy()
    last = last.assign(**{"above dummy": np.where(above, "yes", "no")}).reset_index(drop=True)
    settings = {"points used": int(sample.sum()), "resamples": _RESAMPLES, **settings}
    return Analysis(name, title, {name: last, f"{name}_looks": table}, statement, settings, told.all())
