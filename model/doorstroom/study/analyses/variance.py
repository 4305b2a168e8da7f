"""Where the variance comes from: parameters, luck, structure; and what common random numbers save.

Every point was run with the same seeds, and in every structure. The response is split as

    y[structure, point, seed] = mean + structure + parameters + luck + all that they do only together

by the analysis of variance of a crossed design, with points and seeds as random samples and structures as
all there are, equally plausible. Components are unbiased; one that comes out below zero counts as zero.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.study.analyses.base import Analysis, Told
from doorstroom.study.results import Response, Results

Floats = NDArray[np.float64]

SOURCES: Final = (
    "parameters",
    "luck",
    "parameters with luck",
    "structure",
    "structure with parameters",
    "structure with luck",
    "structure with parameters and luck",
)
_GROUPS: Final = 20
"""Of points, each of which is left out once to tell how sure the shares are (jackknife)."""
_RESAMPLES: Final = 1000
_FEW_SEEDS: Final = 10
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
        "Analysis of variance of a crossed design: every point of the parameters with the same seeds and in every "
        "structure. Points and seeds count as random samples, structures as equally plausible alternatives. A share is "
        f"that of the variance of a single run; its 95% interval comes from leaving out each of {_GROUPS} groups of "
        "points in turn. What common random numbers save is the variance over seeds of the difference of two "
        "independent runs, divided by that of two runs with the same seed, at the same parameters; its 95% interval is "
        f"from {_RESAMPLES} bootstrap resamples of the seeds."
    )
    tables = {"variance": pd.DataFrame(rows)} | ({"common_random_numbers": pd.DataFrame(saved)} if saved else {})
    few = (f"Luck is known from {seeds} seeds only; its share is less sure than its interval says.",)
    warnings = (*told.all(), *(few if 1 < seeds < _FEW_SEEDS else ()))
    read = tuple(name for name, table in tables.items() if len(table))
    return Analysis("variance", "Parameters, luck and structure", tables, statement, {}, warnings, read)


def components(y: Floats) -> Floats:
    """Variance components in the order of `SOURCES`.

    Parameters
    ----------
    y : shape (structures, points, seeds)
    """
    parameters, luck, both, _ = _two_way(y.mean(axis=0))
    apart = np.array([_two_way(part) for part in y - y.mean(axis=0)])
    if len(y) == 1:
        apart[:] = 0.0
    with_parameters, with_luck, with_both, squared_mean = apart.mean(axis=0)
    found = np.array([parameters, luck, both, squared_mean, with_parameters, with_luck, with_both])
    return np.where(found > _ROUNDING * np.mean(y**2), found, 0.0)


def luck_between_points(y: Floats) -> float:
    """Share of luck that differs between points in the variance over points of the mean over seeds.

    Parameters
    ----------
    y : shape (points, seeds), with two seeds or more
    """
    _, _, both, _ = _two_way(y)
    whole = y.mean(axis=1).var(ddof=1)
    return float(np.clip(both / y.shape[1] / whole, 0.0, 1.0)) if whole > 0 else 0.0


def _two_way(y: Floats) -> Floats:
    """Components of points, seeds and both, and the square of the mean, all unbiased; `y` has shape (points, seeds)."""
    points, seeds = y.shape
    by_point, by_seed, mean = y.mean(axis=1), y.mean(axis=0), y.mean()
    rest = y - by_point[:, None] - by_seed + mean
    both = (rest**2).sum() / ((points - 1) * (seeds - 1)) if points > 1 and seeds > 1 else 0.0
    point = by_point.var(ddof=1) - both / seeds if points > 1 else 0.0
    seed = by_seed.var(ddof=1) - both / points if seeds > 1 else 0.0
    return np.array([point, seed, both, mean**2 - point / points - seed / seeds - both / (points * seeds)])


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
