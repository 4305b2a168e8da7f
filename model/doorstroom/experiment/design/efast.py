"""eFAST: first and total shares of the variance from the spectrum of the response along search curves."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, ValidationInfo, field_validator
from SALib.analyze.fast import compute_orders
from SALib.sample import fast_sampler
from scipy import stats

from doorstroom.experiment.design.base import Design, Floats, Method, doubling, rows, undefined
from doorstroom.experiment.factors import Factors
from doorstroom.toml_files import broken_rule


class Efast(Method):
    """Extended Fourier amplitude sensitivity test, repeated over curves with random phases."""

    title: ClassVar = "eFAST"
    reference: ClassVar = (
        "Saltelli, A., Tarantola, S. and Chan, K.P.-S. (1999), Technometrics 41, 39-56; computed with SALib"
    )
    main: ClassVar = "ST"

    name: Literal["efast"] = Field(description="efast")
    harmonics: int = Field(default=4, ge=1, le=16, description="harmonics in the sums, 1 to 16")
    samples: int = Field(default=257, ge=5, description="points per curve, more than 4 x harmonics^2")
    curves: int = Field(default=8, ge=2, le=1024, description="curves per factor, 2 to 1024")

    @field_validator("samples")
    @classmethod
    def _enough(cls, samples: int, info: ValidationInfo) -> int:
        harmonics = info.data.get("harmonics", 4)
        if samples <= 4 * harmonics**2:
            raise broken_rule(f"more than 4 x harmonics^2 = {4 * harmonics**2}")
        return samples

    @property
    def sizes(self) -> list[int]:
        """Curves, doubling."""
        return doubling(2, self.curves)

    def design(self, factors: Factors) -> Design:
        """Per curve, for each factor the points where that factor has the high frequency."""
        rng = np.random.default_rng(self.number)
        curves = [fast_sampler.sample(factors.problem, self.samples, self.harmonics, rng) for _ in range(self.curves)]
        unit = np.concatenate(curves)
        block = np.repeat(np.arange(self.curves), self.samples * len(factors.columns))
        return Design(unit, block, np.zeros(len(unit), np.bool_))

    def indices(self, factors: Factors, design: Design, y: Floats) -> pd.DataFrame:
        """Means over curves, with the Student t interval of that mean."""
        values = y.mean(axis=1)
        if np.ptp(values) == 0.0:
            return undefined(("S1", "ST"), factors.columns)
        highest = (self.samples - 1) // (2 * self.harmonics)
        each = values.reshape(-1, self.samples)
        orders = np.array([compute_orders(curve, self.samples, self.harmonics, highest) for curve in each])
        orders = orders.reshape(-1, len(factors.columns), 2)
        curves = len(orders)
        t = stats.t.ppf(0.5 + self.confidence / 2, max(curves - 1, 1))
        half = t * orders.std(axis=0, ddof=1) / np.sqrt(curves) if curves > 1 else np.full(orders.shape[1:], np.nan)
        mean = orders.mean(axis=0)
        parts = [rows(name, factors.columns, mean[:, at], half[:, at]) for at, name in enumerate(("S1", "ST"))]
        return pd.concat(parts, ignore_index=True)

    def statement(self) -> str:
        """What was done."""
        return (
            f"First and total order indices from up to {self.curves} search curves per factor of {self.samples} "
            f"points, with {self.harmonics} harmonics and random phases; {self.confidence:.0%} intervals from the "
            "spread over curves. Where many factors share few frequencies the total index of an inert factor is "
            "above zero: compare with the dummy."
        )
