"""What to choose: regret of every scenario, and what knowing a parameter would be worth.

A scenario's benefit at a point is worth x objective - cost, or the objective itself where no price is set.
Regret is what is lost against the scenario that would have been best at that point. The expected value of
perfect information on a parameter is what the choice would gain on average if its value were known first; it
is zero where no value of it would change the choice (`information_value` says how it is estimated).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.experiment.analyses.base import Analysis
from doorstroom.experiment.analyses.information_value import CONFIDENCE, FEWEST_POINTS, partial_information
from doorstroom.experiment.factors import DUMMY
from doorstroom.experiment.results import Results

Floats = NDArray[np.float64]

_RESAMPLES: Final = 200
_ROUNDING: Final = 1e-12
_TAILS: Final = (0.5 - CONFIDENCE / 2, 0.5 + CONFIDENCE / 2)


def regret(results: Results) -> Analysis | None:
    """The regret table; None where no decision is described or there is nothing to choose."""
    if not _anything_to_choose(results):
        return None
    rows = []
    for worth, benefit in _benefits(results):
        lost = benefit.max(axis=1, keepdims=True) - benefit
        picks = np.random.default_rng(results.file.method.number).integers(len(lost), size=(_RESAMPLES, len(lost)))
        for at, label in enumerate(results.labels):
            mean, tail = _with_interval(lost[:, at], picks, np.mean), _with_interval(lost[:, at], picks, _one_in_ten)
            rows.append(
                {
                    "worth": worth,
                    "scenario": label,
                    "mean benefit": benefit[:, at].mean(),
                    "se": benefit[:, at].std(ddof=1) / np.sqrt(len(benefit)),
                    **dict(zip(("mean regret", "low", "high"), mean, strict=True)),
                    **dict(zip(("regret in 1 of 10", "1 of 10 low", "1 of 10 high"), tail, strict=True)),
                    "largest regret": lost[:, at].max(),
                    "share of points where best": np.mean(lost[:, at] == 0.0),
                }
            )
    statement = (
        f"{_benefit_in_words(results)} Regret is the benefit of the best scenario at a point minus that of the one "
        "that is chosen, over the points that are a sample of the priors. Regret in 1 of 10 is what is exceeded at one "
        f"point in ten. {CONFIDENCE:.0%} intervals from {_RESAMPLES} bootstrap resamples of the points."
    )
    return Analysis("regret", "Regret", {"regret": pd.DataFrame(rows)}, statement, _settings(results))


def _one_in_ten(lost: Floats) -> float:
    return float(np.quantile(lost, 0.9))


def _with_interval(
    values: Floats, picks: NDArray[np.int64], statistic: Callable[[Floats], Any]
) -> tuple[float, float, float]:
    low, high = np.quantile([statistic(values[pick]) for pick in picks], _TAILS)
    return float(statistic(values)), float(low), float(high)


def information(results: Results) -> Analysis | None:
    """Expected value of perfect information, in all and per parameter; None where there is nothing to choose."""
    if not _anything_to_choose(results):
        return None
    rows: list[tuple[Any, ...]] = []
    told = []
    for worth, benefit in _benefits(results):
        if len(benefit) < FEWEST_POINTS:
            told = [
                f"There are {len(benefit)} points; it takes {FEWEST_POINTS} for an interval that holds what it says."
            ]
            break
        whole = float(benefit.max(axis=1).mean() - benefit.mean(axis=0).max())
        whole = whole if whole > _ROUNDING * np.abs(benefit).max() else 0.0
        best = results.labels[int(benefit.mean(axis=0).argmax())]
        if whole == 0.0:
            told.append(
                f"{_named(worth)}{best} is best at every point: no research on these parameters can change that."
            )
        x = results.coordinates()[_used(results)]
        for at, factor in enumerate(results.factors.columns):
            value, low, high = partial_information(x[:, at], benefit, results.file.method.number)
            share = value / whole if whole > 0 else np.nan
            rows.append((worth, best, factor, value, low, high, share, whole))
    columns = ["worth", "best on average", "factor", "value", "low", "high", "share of all", "all parameters together"]
    table = pd.DataFrame(rows, columns=columns).sort_values(["worth", "value"], ascending=[True, False], kind="stable")
    for worth, part in table.groupby("worth", dropna=False):
        inert = part[part["factor"] == DUMMY]["high"].item()
        if not (part["value"] > inert).any() and part["all parameters together"].max() > 0:
            told.append(f"{_named(worth)}no single parameter is worth more than the dummy, which is noise.")
    return Analysis(
        "information",
        "Value of perfect information",
        {"information": table.reset_index(drop=True)},
        f"{_benefit_in_words(results)} The expected value of perfect information on a parameter is the mean, over its "
        "values, of the expected benefit of the scenario that is best given the value, minus the expected benefit of "
        "the scenario that is best on average. What is best given a value is learned by regression splines from nine "
        f"tenths of the points and tried on the others, in turn; {CONFIDENCE:.0%} intervals. What is below zero by "
        "chance counts as zero.",
        {
            **_settings(results),
            "reference": "Strong, M., Oakley, J.E. and Brennan, A. (2014), Medical Decision Making 34, 311-326; tried "
            "on other points as in Chernozhukov, V. and others (2018), The Econometrics Journal 21, C1-C68",
        },
        tuple(told),
    )


def _anything_to_choose(results: Results) -> bool:
    return results.file.decision is not None and len(results.labels) > 1 and bool(np.count_nonzero(_used(results)) > 1)


def _used(results: Results) -> NDArray[np.bool_]:
    """Points of the sample at which all that the decision asks for is known."""
    asked = results.file.decision
    assert asked is not None
    names = [name for name in (asked.objective, asked.cost) if name is not None]
    known = [np.isfinite(results.level(name)).all(axis=(1, 2)) for name in names]
    return np.asarray(results.sample() & np.all(known, axis=0))


def _benefits(results: Results) -> list[tuple[float, Floats]]:
    """Worth of a unit (NaN where there is no price), and the benefit at every used point, shape (points, scenarios)."""
    asked = results.file.decision
    assert asked is not None
    used = _used(results)
    objective = results.level(asked.objective)[used].mean(axis=1)
    if asked.cost is None:
        sign = 1.0 if results.file.outcomes[asked.objective].better == "more" else -1.0
        return [(np.nan, sign * objective)]
    cost = results.level(asked.cost)[used].mean(axis=1)
    return [(worth, worth * objective - cost) for worth in asked.worth]


def _benefit_in_words(results: Results) -> str:
    asked = results.file.decision
    assert asked is not None
    if asked.cost is None:
        better = results.file.outcomes[asked.objective].better
        return f"The benefit of a scenario is {asked.objective}, of which {better} is better."
    return f"The benefit of a scenario is a stated worth x {asked.objective} minus {asked.cost}, in euro."


def _settings(results: Results) -> dict[str, Any]:
    asked = results.file.decision
    assert asked is not None
    worth = ", ".join(f"{one:,.0f}" for one in asked.worth)
    priced = {"worth of a unit, euro": worth} if worth else {}
    return {
        "points used": int(_used(results).sum()),
        "objective": asked.objective,
        "cost": asked.cost or "none",
        **priced,
    }


def _named(worth: float) -> str:
    return "" if np.isnan(worth) else f"At {worth:,.0f} euro per unit: "
