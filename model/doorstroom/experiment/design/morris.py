"""Morris: elementary effects along random trajectories, to tell active from inert factors at small cost."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, field_validator
from SALib.analyze import morris as analyze
from SALib.sample import morris as sample

from doorstroom.experiment.design.base import Design, Floats, Method, doubling, rows
from doorstroom.experiment.factors import Factors
from doorstroom.toml_files import broken_rule


class Morris(Method):
    """Elementary effects: mu* ranks, sigma tells of interactions and curvature."""

    title: ClassVar = "Morris' elementary effects"
    reference: ClassVar = (
        "Morris, M.D. (1991), Technometrics 33, 161-174; Campolongo, F., Cariboni, J. and Saltelli, A. (2007), "
        "Environmental Modelling & Software 22, 1509-1518; computed with SALib"
    )
    main: ClassVar = "mu_star"
    absolute: ClassVar = False
    takes_groups: ClassVar = True

    name: Literal["morris"] = Field(description="morris")
    trajectories: int = Field(ge=2, le=100_000, description="the most trajectories, 2 or more")
    first: int = Field(default=10, ge=2, description="trajectories at the first look, 2 or more")
    levels: int = Field(default=4, ge=2, le=100, description="levels of the grid, an even number of 2 or more")
    trim: float = Field(
        default=0.05, ge=0.0, lt=0.5, description="mass of the prior beyond the grid at either end, 0 to 0.5"
    )

    @field_validator("levels")
    @classmethod
    def _even(cls, levels: int) -> int:
        if levels % 2:
            raise broken_rule("an even number")
        return levels

    @property
    def sizes(self) -> list[int]:
        """Trajectories, doubling."""
        return doubling(min(self.first, self.trajectories), self.trajectories)

    def design(self, factors: Factors) -> Design:
        """Trajectories one after another, each a block of units + 1 points."""
        grid = sample.sample(factors.problem, self.trajectories, num_levels=self.levels, seed=self.number)
        block = np.repeat(np.arange(self.trajectories), len(factors.units) + 1)
        return Design(self.trim + (1 - 2 * self.trim) * grid, block, np.zeros(len(grid), np.bool_))

    def indices(self, factors: Factors, design: Design, y: Floats) -> pd.DataFrame:
        """mu*, mu and sigma, in the unit of the response per whole width of the grid."""
        grid = (design.unit - self.trim) / (1 - 2 * self.trim)
        found = analyze.analyze(
            factors.problem,
            grid,
            y.mean(axis=1),
            num_resamples=self.resamples,
            conf_level=self.confidence,
            num_levels=self.levels,
            seed=self.number,
        )
        parts = [
            rows("mu_star", factors.units, _plain(found["mu_star"]), _plain(found["mu_star_conf"])),
            rows("mu", factors.units, _plain(found["mu"]), np.nan),
            rows("sigma", factors.units, _plain(found["sigma"]), np.nan),
        ]
        return pd.concat(parts, ignore_index=True)

    def statement(self) -> str:
        """What was done."""
        return (
            f"Up to {self.trajectories} random trajectories on a grid of {self.levels} levels between the "
            f"{self.trim:.0%} and {1 - self.trim:.0%} quantiles of the priors. mu* is the mean absolute elementary "
            "effect, sigma their standard deviation; of a group, only mu* has a meaning."
        )


def _plain(found: Any) -> Floats:
    """SALib masks what a group doesn't have."""
    return np.ma.filled(np.ma.asarray(found, dtype=np.float64), np.nan)
