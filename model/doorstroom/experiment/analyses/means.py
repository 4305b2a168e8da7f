"""Levels and effects over draws and seeds, each with its interval and its Monte Carlo standard error."""

from __future__ import annotations

import pandas as pd

from doorstroom.experiment.analyses.base import Analysis
from doorstroom.experiment.effects import LEVEL, summarise
from doorstroom.experiment.results import Response, Results

_ONE_SEED = (
    "All points were run with the same one seed: the interval of a level holds what parameters do, not luck, and is "
    "narrower than that of a comparison, in which every draw has luck of its own."
)
_OF_EFFECTS = ("below", "above", "chance", "chance_low", "sureness", "size")


def means(results: Results) -> Analysis | None:
    """Means of everything; None where the points are no sample of the priors and not the central values either."""
    points = results.sample()
    if not points.any():
        return None
    rows = []
    for outcome in results.outcomes:
        asked = [Response("level", outcome, label) for label in results.labels]
        asked += [Response("effect", outcome, label) for label in results.labels[1:]]
        for response in asked:
            summary = summarise(results.response(response)[points].ravel(), results.file.seeds)
            row = {**response._asdict(), **{key: part.item() for key, part in summary._asdict().items()}}
            rows.append(row | ({} if response.kind == "effect" else dict.fromkeys(_OF_EFFECTS, "")))
    statement = (
        "Median and mean over points and seeds; an effect is the paired difference from the baseline at equal point "
        "and seed. low and high are order statistics between which a next run lands with the share that cover gives, "
        f"{LEVEL:.0%} where there are enough points. se is the Monte Carlo standard error of the mean, which more runs "
        "make smaller; with several points and several seeds it follows from the spread of the means per point and per "
        "seed. below and above count the runs on either side of zero; chance is the probability of the direction that "
        "most of them have, under Jeffreys' prior, and chance_low the low end of its own 90% interval."
    )
    settings = {"points used": int(points.sum())}
    told = (_ONE_SEED,) if results.file.seeds == 1 and points.sum() > 1 else ()
    table = {"means": pd.DataFrame(rows)}
    return Analysis("means", "Means with their Monte Carlo error", table, statement, settings, told)
