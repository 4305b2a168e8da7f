"""Levels and effects over draws and seeds, each with its interval and its Monte Carlo standard error."""

from __future__ import annotations

import numpy as np
import pandas as pd

from doorstroom.study.analyses.base import Analysis
from doorstroom.study.effects import LEVEL, summarise
from doorstroom.study.results import Response, Results


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
            rows.append(row | ({} if response.kind == "effect" else {"above": np.nan, "sureness": ""}))
    statement = (
        "Mean over points and seeds; an effect is the paired difference from the baseline at equal point and seed. "
        f"low and high hold {LEVEL:.0%} of what a next run is expected to give. se is the Monte Carlo standard error "
        "of the mean, which more runs make smaller; with several points and several seeds it follows from the spread "
        "of the means per point and per seed. above is the share of runs above zero."
    )
    settings = {"points used": int(points.sum())}
    return Analysis("means", "Means with their Monte Carlo error", {"means": pd.DataFrame(rows)}, statement, settings)
