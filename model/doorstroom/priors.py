"""Priors: what is thought of an unknown before a run, as data.

Each is told by the numbers of its kind and gives its quantiles, from which draws and designs are made.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AllowInfNan, BaseModel, ConfigDict, Field, model_validator
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]

EDGE: Final = 1e-9
"""Distance from 0 and 1 at which quantiles of a prior are as far out as any draw or design gets."""


class Strict(BaseModel):
    """A model of data in which every key counts and no number is infinite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _Prior(Strict):
    def quantiles(self, u: Floats) -> Floats:
        """The values below which a part `u` of the mass lies, same shape."""
        raise NotImplementedError

    def quantile(self, u: float) -> float:
        """The value below which a part `u` of the mass lies."""
        return float(self.quantiles(np.asarray(u)))


class Uniform(_Prior):
    """Every value between two ends alike."""

    dist: Literal["uniform"]
    low: float
    high: float

    def quantiles(self, u: Floats) -> Floats:
        """The values below which a part `u` of the mass lies, same shape."""
        return np.asarray(self.low + u * (self.high - self.low))


class Triangular(_Prior):
    """Low, most plausible, high; with probability `none` there is no effect at all and the value is `low`."""

    dist: Literal["triangular"]
    low: float
    mode: float
    high: float
    none: float = Field(default=0.0, ge=0.0, lt=1.0)

    @model_validator(mode="after")
    def _ordered(self) -> Triangular:
        if not self.low <= self.mode <= self.high or self.low == self.high:
            raise ValueError("needs low <= mode <= high and low < high")
        return self

    def quantiles(self, u: Floats) -> Floats:
        """The values below which a part `u` of the mass lies, same shape."""
        width = self.high - self.low
        u = np.maximum(np.asarray(u, np.float64) - self.none, 0.0) / (1.0 - self.none)
        below = (self.mode - self.low) / width  # the mass below the mode
        rising, falling = np.sqrt(below * u), 1.0 - np.sqrt((1.0 - below) * (1.0 - u))
        return np.asarray(self.low + width * np.where(u < below, rising, falling))


class Normal(_Prior):
    """Normal, cut off at `low` and `high` where given."""

    dist: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)
    low: Annotated[float, AllowInfNan(True)] = -np.inf
    high: Annotated[float, AllowInfNan(True)] = np.inf

    def quantiles(self, u: Floats) -> Floats:
        """The values below which a part `u` of the mass lies, same shape."""
        below, above = ndtr((np.array([self.low, self.high]) - self.mean) / self.sd)
        return np.asarray(self.mean + self.sd * ndtri(below + u * (above - below)))


class LogNormal(_Prior):
    """Log-normal by its median and the factor that holds 90% of the mass between median/factor and median*factor."""

    dist: Literal["lognormal"]
    median: float = Field(gt=0)
    factor: float = Field(gt=1)

    def quantiles(self, u: Floats) -> Floats:
        """The values below which a part `u` of the mass lies, same shape."""
        return np.asarray(self.median * np.exp(ndtri(u) * np.log(self.factor) / ndtri(0.95)))


Prior = Annotated[Uniform | Triangular | Normal | LogNormal, Field(discriminator="dist")]


def reach(prior: Prior) -> tuple[float, float]:
    """The ends of what a prior can give in any draw or design."""
    return prior.quantile(EDGE), prior.quantile(1.0 - EDGE)


def prior_text(prior: Prior) -> str:
    """A prior as it would be said: its kind and its numbers."""
    numbers = prior.model_dump(exclude={"dist"}, exclude_defaults=True)
    return f"{prior.dist} ({', '.join(f'{key} {value:g}' for key, value in numbers.items())})"
