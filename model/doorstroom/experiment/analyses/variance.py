"""Where the variance comes from: parameters, luck, structure; and what common random numbers save.

Every point has seeds of its own, the same in every structure. The response is split as

    y[structure, point, seed] = mean + structure + parameters + luck at these parameters + all that they do together

by the analysis of variance of a nested design, with points as a random sample, seeds as one within each point, and
structures as all there are, equally plausible. Components are unbiased; one that comes out below zero counts as zero.
With one seed per point luck can't be told from parameters and counts with them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.experiment.analyses.base import Analysis, Told
from doorstroom.experiment.results import Response, Results

Floats = NDArray[np.float64]

SOURCES: Final = (
    "parameters",
    "luck",
    "structure",
    "structure with parameters",
    "structure with luck",
)
_GROUPS: Final = 20
"""Of points, each of which is left out once to tell how sure the shares are (jackknife)."""
_RESAMPLES: Final = 1000
_ROUNDING: Final = 1e-12


def variance(results: Results) -> Analysis | None:
    """The split of every response; None where there is one seed and one structure, or no sample of points."""
    sample = results.sample()
    _, seeds, structures, _, _ = results.readings.shape
    if not sample.any() or (seeds == 1 and structures == 1):
        return None
    rows, saved, told = [], [], Told()
    for response in results.responses():
        y = np.stack([results.response(response, structure)[sample] for structure in range(structures)])
        y = y[:, np.isfinite(y).all(axis=(0, 2))]
        if y.shape[1] == structures == 1:
            continue  # one point: all there is is luck
        if y.size and np.ptp(y) > 0.0:
            rows += [{**response._asdict(), **row} for row in _shares(y)]
        else:
            told.add(response, "does not vary; there is no variance to split.")
    for outcome in results.outcomes if seeds > 1 else ():
        for label in results.labels[1:]:
            saved += _saved(results, Response("effect", outcome, label), sample)
    statement = (
        "Analysis of variance of a nested design: every point of the parameters with seeds of its own, the same in "
        "every structure. Points and seeds count as random samples, structures as equally plausible ones. A share is "
        f"that of the variance of a single run; its 95% interval comes from leaving out each of {_GROUPS} groups of "
        "points in turn. What common random numbers save is the variance over seeds of the difference of two "
        "independent runs, divided by that of two runs with the same seed, at the same parameters; its 95% interval is "
        f"from {_RESAMPLES} bootstrap resamples of the seeds."
    )
    tables = {"variance": pd.DataFrame(rows)} | ({"common_random_numbers": pd.DataFrame(saved)} if saved else {})
    warnings = told.all()
    if seeds == 1:
        warnings += ("There is one seed per point, so luck counts with parameters; two seeds tell them apart.",)
    read = tuple(name for name, table in tables.items() if len(table))
    return Analysis("variance", "Parameters, luck and structure", tables, statement, {}, warnings, read)


def components(y: Floats) -> Floats:
    """Variance components in the order of `SOURCES`.

    Parameters
    ----------
    y : shape (structures, points, seeds)
    """
    parameters, luck, _ = _nested(y.mean(axis=0))
    apart = np.array([_nested(part) for part in y - y.mean(axis=0)])
    if len(y) == 1:
        apart[:] = 0.0
    with_parameters, with_luck, squared_mean = apart.mean(axis=0)
    found = np.array([parameters, luck, squared_mean, with_parameters, with_luck])
    return np.where(found > _ROUNDING * np.mean(y**2), found, 0.0)


def luck_between_points(y: Floats, block: NDArray[np.int64]) -> float:
    """Share of luck that differs between points of equal seeds in the variance over points of the mean over seeds.

    Parameters
    ----------
    y : shape (points, seeds), with two seeds or more
    block : of each point; the points of a block have the same seeds
    """
    whole = y.mean(axis=1).var(ddof=1)
    both = []
    for one in np.unique(block):
        part = y[block == one]
        points, seeds = part.shape
        if points > 1:
            rest = part - part.mean(axis=1, keepdims=True) - part.mean(axis=0) + part.mean()
            both.append((rest**2).sum() / ((points - 1) * (seeds - 1)))
    return float(np.clip(np.mean(both) / y.shape[1] / whole, 0.0, 1.0)) if whole > 0 and both else 0.0


def _nested(y: Floats) -> Floats:
    """Components of points and of seeds within them, and the square of the mean, unbiased; shape (points, seeds)."""
    points, seeds = y.shape
    luck = float(y.var(axis=1, ddof=1).mean()) if seeds > 1 else 0.0
    point = y.mean(axis=1).var(ddof=1) - luck / seeds if points > 1 else 0.0
    return np.array([point, luck, y.mean() ** 2 - point / points - luck / (points * seeds)])


def _shares(y: Floats) -> list[dict[str, float | str]]:
    found = components(y)
    total = found.sum()
    groups = np.arange(y.shape[1]) % _GROUPS
    count = int(groups.max(initial=0)) + 1
    left = [_share(components(y[:, groups != group])) for group in range(count)] if count == _GROUPS else []
    half = 1.96 * np.sqrt((count - 1) * np.var(left, axis=0)) if left else np.full(len(found), np.nan)
    share = _share(found)
    return [
        {
            "source": source,
            "variance": found[at],
            "share": share[at],
            "low": max(share[at] - half[at], 0.0) if np.isfinite(half[at]) else np.nan,
            "high": min(share[at] + half[at], 1.0) if np.isfinite(half[at]) else np.nan,
            "total": total,
        }
        for at, source in enumerate(SOURCES)
        if found[at] > 0.0 or y.shape[0] > 1 or not source.startswith("structure")
    ]


def _share(found: Floats) -> Floats:
    return np.asarray(found / found.sum() if found.sum() > 0 else np.full(len(found), np.nan))


def _saved(results: Results, response: Response, sample: NDArray[np.bool_]) -> list[dict[str, float | str]]:
    """How much less the effect varies over seeds when both scenarios have the same seed."""
    level = results.level(response.outcome)[sample]
    one, base = level[..., results.labels.index(response.scenario)], level[..., 0]
    whole = np.isfinite(one).all(axis=1) & np.isfinite(base).all(axis=1)
    one, base = one[whole], base[whole]
    if not whole.any():
        return []
    rng = np.random.default_rng(1)
    picks = rng.integers(one.shape[1], size=(_RESAMPLES, one.shape[1]))
    again = [_ratio(one[:, pick], base[:, pick]) for pick in picks if len(set(pick.tolist())) > 1]
    low, high = np.nanquantile(again, [0.025, 0.975]) if again and np.isfinite(again).all() else (np.nan, np.nan)
    row = {
        **response._asdict(),
        "variance of independent runs": float((one.var(axis=1, ddof=1) + base.var(axis=1, ddof=1)).mean()),
        "variance of paired runs": float((one - base).var(axis=1, ddof=1).mean()),
        "saved": _ratio(one, base),
        "low": float(low),
        "high": float(high),
        "points": len(one),
        "seeds": one.shape[1],
    }
    return [row]


def _ratio(one: Floats, base: Floats) -> float:
    apart = (one.var(axis=1, ddof=1) + base.var(axis=1, ddof=1)).mean()
    paired = (one - base).var(axis=1, ddof=1).mean()
    if paired <= _ROUNDING * apart:
        return np.inf if apart > 0 else np.nan
    return float(apart / paired)
