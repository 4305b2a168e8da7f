"""Draws: random samples of all priors or of a posterior, the same that `doorstroom compare --draws N` runs."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from doorstroom.defaults import MOST_DRAWS, MOST_STREAM
from doorstroom.experiment.design.base import COLUMNS, Design, Floats, Method, doubling
from doorstroom.experiment.factors import Factors
from doorstroom.toml_files import broken_rule


class Draws(Method):
    """Plain Monte Carlo: draws 1..N, or 0 for the central values alone."""

    title: ClassVar = "Random draws"
    reference: ClassVar = (
        "Metropolis, N. and Ulam, S. (1949), Journal of the American Statistical Association 44, 335-341"
    )

    converges: ClassVar = False

    name: Literal["draws"] = Field(description="draws")
    draws: int = Field(
        ge=0, le=MOST_DRAWS, description=f"number of draws, 0 for the central values alone, at most {MOST_DRAWS:,}"
    )
    posterior: str | None = Field(default=None, description="a file that `doorstroom calibrate` wrote")
    only: int | None = Field(
        default=None,
        ge=0,
        le=MOST_DRAWS,
        description=f"the number of one draw that is made alone, at most {MOST_DRAWS:,}",
    )
    stream: int | None = Field(
        default=None,
        ge=0,
        le=MOST_STREAM,
        description=f"the stream of luck of a draw that is made alone, 0 to {MOST_STREAM}",
    )

    @model_validator(mode="after")
    def _alone(self) -> Self:
        if self.stream is not None and self.only is None:
            raise broken_rule("`stream` together with `only`: every draw has luck of its own")
        return self

    @property
    def sizes(self) -> list[int]:
        """Quarters: what half the draws say is compared with what all say."""
        return doubling(max(self.draws // 4, 1), max(self.draws, 1)) if self.only is None else [1]

    def design(self, factors: Factors) -> Design:
        """Draws have no coordinates but for the dummy; their values follow from their numbers."""
        numbers = np.arange(1, self.draws + 1) if self.draws else np.array([0])
        numbers = numbers if self.only is None else np.array([self.only])
        unit = np.full((len(numbers), len(factors.columns)), np.nan)
        unit[:, -1] = np.random.default_rng(self.number).random(len(numbers))
        return Design(unit, np.arange(len(numbers)), np.full(len(numbers), self.draws > 0), numbers)

    def indices(self, factors: Factors, design: Design, y: Floats) -> pd.DataFrame:
        """None of its own; given-data measures are computed from draws."""
        return pd.DataFrame(columns=list(COLUMNS))

    def statement(self) -> str:
        """What was done."""
        if self.draws == 0:
            return "All parameters at their central values."
        source = "their priors" if self.posterior is None else f"the posterior in {self.posterior}"
        return f"{self.draws} independent draws of all parameters from {source}."
