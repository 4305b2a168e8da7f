"""What every method is: a design, the sizes at which it is looked at, and its indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from doorstroom.experiment.factors import Factors

Floats = NDArray[np.float64]

COLUMNS = ("measure", "factor", "with", "value", "low", "high")
"""Columns of a table of indices; `with` is the other factor of a second-order index."""


class Design(NamedTuple):
    """Points in the order a method wants them.

    Attributes
    ----------
    unit : coordinates in the unit cube, shape (points, columns); NaN is a parameter's central value
    block : number of the block a point belongs to, shape (points,); a method uses whole blocks only
    independent : which points are a random sample of the priors, shape (points,)
    draws : numbers of the draws that the points are, where they are draws
    """

    unit: Floats
    block: NDArray[np.int64]
    independent: NDArray[np.bool_]
    draws: NDArray[np.int64] | None = None

    def keep(self, points: NDArray[np.bool_]) -> Design:
        """The design with some of its points."""
        draws = None if self.draws is None else self.draws[points]
        return Design(self.unit[points], self.block[points], self.independent[points], draws)


class Method(BaseModel):
    """Settings of a method; a study file's table [method].

    Attributes
    ----------
    title, reference : how the method is named in the statement of method, and where it is described
    main : the measure by which factors are ranked, empty where the method has none of its own
    absolute : whether `main` is a share of 1, or has the unit of the outcome and is judged against the largest
    takes_groups : whether factors may move together
    converges : whether its indices become surer as the sample grows
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    title: ClassVar[str]
    reference: ClassVar[str]
    main: ClassVar[str] = ""
    absolute: ClassVar[bool] = True
    takes_groups: ClassVar[bool] = False
    converges: ClassVar[bool] = True

    name: str
    number: int = Field(default=1, ge=1, le=2**31 - 1, description="the number of the random design, 1 or more")
    confidence: float = Field(default=0.95, gt=0.0, lt=1.0, description="mass inside intervals of indices, 0 to 1")
    resamples: int = Field(default=200, ge=10, le=10_000, description="bootstrap resamples, 10 to 10,000")

    @property
    def sizes(self) -> list[int]:
        """Numbers of blocks at which the indices are looked at, ascending."""
        raise NotImplementedError

    def design(self, factors: Factors) -> Design:
        """All points that may be asked."""
        raise NotImplementedError

    def indices(self, factors: Factors, design: Design, y: Floats) -> pd.DataFrame:
        """Indices of one response, a table of `COLUMNS`.

        Parameters
        ----------
        design : whole blocks
        y : the response at every point and seed, shape (points, seeds), without empty cells
        """
        raise NotImplementedError

    def statement(self) -> str:
        """One paragraph that says what was done, for a method section."""
        raise NotImplementedError


def doubling(first: int, last: int) -> list[int]:
    """first, twice that, ... up to `last`, which is always among them."""
    sizes = []
    while first < last:
        sizes.append(first)
        first *= 2
    return [*sizes, last]


def rows(
    measure: str, factors: Sequence[str], value: Floats, half: Floats | float, other: str | Sequence[str] = ""
) -> pd.DataFrame:
    """Rows of a table of indices with intervals of +/- `half`."""
    return pd.DataFrame(
        {"measure": measure, "factor": list(factors), "with": other, "value": value, "low": value - half}
    ).assign(high=value + half)[list(COLUMNS)]


def undefined(measures: Sequence[str], factors: Sequence[str]) -> pd.DataFrame:
    """The indices of a response that doesn't vary: there are none."""
    nothing = np.full(len(factors), np.nan)
    return pd.concat([rows(measure, factors, nothing, np.nan) for measure in measures], ignore_index=True)
