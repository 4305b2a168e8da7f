"""Convergence: whether more runs would change what the indices say, and the rule by which a study stops.

A study looks at its indices while its sample doubles. It has converged for a response when

- the interval of the main index is at most `width` wide for each of the factors that matter most, and
- over the last `doublings` doublings the order of factors stayed the same: no factor that the last intervals
  tell apart from one of those had changed places with it.

Where an index is not a share of one but has the unit of the outcome (Morris, one at a time), widths are
relative to the largest index.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from doorstroom.experiment.factors import DUMMY

CONSTANT: Final = "the response does not vary, there is nothing to explain"
NO_RUNS: Final = "no whole block of runs"


class StopRule(BaseModel):
    """When a study has enough runs; a study file's table [stop]."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    width: float = Field(
        default=0.05, gt=0.0, le=1.0, description="widest interval of a main index, above 0, at most 1"
    )
    matter: int = Field(default=5, ge=1, description="how many of the largest factors it is asked of, 1 or more")
    doublings: int = Field(default=2, ge=1, le=10, description="doublings over which ranks must be stable, 1 to 10")


class Verdict(NamedTuple):
    """Whether the indices of a response have converged.

    Attributes
    ----------
    factors : those that matter most, the largest first
    width : of the widest of their intervals, relative to the largest index where the index is no share of one
    stable : whether ranks were stable; None where the sample has not doubled often enough to tell
    reason : why it has not converged, empty where it has
    """

    factors: tuple[str, ...]
    width: float
    stable: bool | None
    reason: str

    @property
    def constant(self) -> bool:
        """Whether the response does not vary, so that there is nothing to explain."""
        return self.reason == CONSTANT

    @property
    def converged(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reason


def judge(looks: Sequence[pd.DataFrame], rule: StopRule, *, absolute: bool) -> Verdict:
    """The verdict on one response.

    Parameters
    ----------
    looks : rows of the main index at each size, the last of which is judged; columns factor, value, low, high
    absolute : whether the index is a share of one
    """
    if not looks:
        return Verdict((), np.nan, None, NO_RUNS)
    last = looks[-1].set_index("factor")
    last = last[last.index != DUMMY].sort_values("value", ascending=False, kind="stable")
    top = tuple(last.index[: rule.matter])
    if last["value"].isna().all():
        return Verdict(top, np.nan, None, CONSTANT)
    scale = 1.0 if absolute else float(last["value"].iloc[0])
    width = float((last["high"] - last["low"]).loc[list(top)].max()) / (scale or 1.0)
    stable = _stable(looks, last, top, rule) if len(looks) > rule.doublings else None
    reasons = []
    if not width <= rule.width:
        seen = "has no interval" if np.isnan(width) else f"is {width:.3f} wide"
        reasons.append(f"an interval {seen}, more than {rule.width:g}")
    if stable is None:
        reasons.append(f"the sample has not doubled {rule.doublings} times")
    elif not stable:
        reasons.append(f"ranks changed over the last {rule.doublings} doublings")
    return Verdict(top, width, stable, "; ".join(reasons))


def _stable(looks: Sequence[pd.DataFrame], last: pd.DataFrame, top: tuple[str, ...], rule: StopRule) -> bool:
    """Whether every pair that the last intervals tell apart, one of `top` in it, kept its order all along."""
    low, high = last["low"].to_numpy(), last["high"].to_numpy()
    apart = low[: len(top), None] > high[None, :]
    for look in looks[-1 - rule.doublings : -1]:
        before = look.set_index("factor")["value"].reindex(last.index).to_numpy()
        if np.any(apart & ~(before[: len(top), None] > before[None, :])):
            return False
    return True
