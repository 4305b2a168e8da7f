"""Forecasts beside what was observed, one row per figure and method, and what the rows come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.evidence import naive
from doorstroom.evidence.scores import Observation, score, verdict

Floats = NDArray[np.float64]

MODEL: Final = "model"
KINDS: Final = ("country", "profile", "sex", "region", "locations")
"""Kinds of series; `locations` are those of a file that holds a part of the country."""
SERIES: Final = ["kind", "outcome", "group", "region"]


class Case(NamedTuple):
    """A figure that was forecast: of which series, from which last known year, for which year."""

    kind: str
    outcome: str
    group: str
    region: int
    origin: int
    year: int


def rows(case: Case, observed: Observation, size: float, forecasts: Mapping[str, Floats]) -> list[dict[str, Any]]:
    """One row per method; `forecasts` holds the members of each, `size` is the usual size of the series."""
    about = {**case._asdict(), "lead": case.year - case.origin}
    bounds = {"observed": observed.value, "observed_low": observed.low, "observed_high": observed.high}
    return [
        {**about, "method": method, **bounds, **score(members, observed, size)._asdict()}
        for method, members in forecasts.items()
    ]


def size_of(observed: Floats, unit_is_share: bool) -> float:
    """The usual size of a series, which its errors are relative to: its mean, at least 5 persons or one point."""
    return max(float(np.nanmean(np.abs(observed))), 0.01 if unit_is_share else 5.0)


def summary(table: pd.DataFrame, by: Sequence[str] = ("kind", "method")) -> pd.DataFrame:
    """Per kind and method, or by other columns: figures, mean bias, error and CRPS, coverage."""
    grouped = table.groupby(list(by), sort=False)
    means = ("bias", "error", "crps", "crps_least", "crps_most", "in50", "in90", "in90_least", "in90_most")
    return grouped.agg(
        series=("outcome", lambda part: len(table.loc[part.index].groupby(SERIES))),
        figures=("error", "size"),
        **{name: (name, "mean") for name in means},
    ).reset_index()


def contest(table: pd.DataFrame, method: str = MODEL) -> pd.DataFrame:
    """Per kind and naive forecast: on how many series the model wins, draws and loses by mean CRPS.

    Only figures that both forecast count, so a trend that needs three years is not judged on its first ones.
    """
    found = []
    for kind in [kind for kind in KINDS if (table["kind"] == kind).any()]:
        part = table[table["kind"] == kind]
        mine = part[part["method"] == method].set_index([*SERIES, "origin", "year"])["crps"]
        for other in [name for name in naive.NAMES if (part["method"] == name).any()]:
            theirs = part[part["method"] == other].set_index([*SERIES, "origin", "year"])["crps"]
            both = (
                pd.concat([mine.rename("model"), theirs.rename("naive")], axis=1, join="inner").groupby(SERIES).mean()
            )
            words = [verdict(float(m), float(n)) for m, n in zip(both["model"], both["naive"], strict=True)]
            count = {word: words.count(word) for word in ("win", "draw", "loss")}
            skill = 1.0 - both["model"].mean() / both["naive"].mean() if both["naive"].mean() > 0 else float("nan")
            found.append({"kind": kind, "against": other, "series": len(both), **count, "skill": skill})
    return pd.DataFrame(found)
