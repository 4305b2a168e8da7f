"""Sobol' indices: which share of the variance each factor explains, alone (first) and with all others (total)."""

from __future__ import annotations

from itertools import combinations
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field, ValidationInfo, field_validator
from SALib.analyze import sobol as analyze
from scipy.stats import qmc

from doorstroom.experiment.design.base import Design, Floats, Method, doubling, rows, undefined
from doorstroom.experiment.design.control import controlled
from doorstroom.experiment.factors import Factors
from doorstroom.toml_files import broken_rule


class Sobol(Method):
    """Saltelli's design on a scrambled Sobol' sequence."""

    title: ClassVar = "Sobol' indices"
    reference: ClassVar = (
        "Sobol', I.M. (2001), Mathematics and Computers in Simulation 55, 271-280; Saltelli, A. and others (2010), "
        "Computer Physics Communications 181, 259-270; second order by Saltelli, A. (2002), Computer Physics "
        "Communications 145, 280-297; computed with SALib"
    )
    main: ClassVar = "ST"
    takes_groups: ClassVar = True

    name: Literal["sobol"] = Field(description="sobol")
    samples: int = Field(ge=4, le=2**24, description="the most base samples, a power of two")
    first: int = Field(default=64, ge=4, le=2**24, description="base samples at the first look, a power of two")
    second_order: bool = Field(default=False, description="true or false")
    surrogate: bool = Field(default=False, description="true or false; not with second_order")

    @field_validator("samples", "first")
    @classmethod
    def _power_of_two(cls, samples: int) -> int:
        if samples & (samples - 1):
            raise broken_rule(f"a power of two, such as {2 ** round(np.log2(samples))}")
        return samples

    @field_validator("surrogate")
    @classmethod
    def _not_both(cls, surrogate: bool, info: ValidationInfo) -> bool:
        if surrogate and info.data.get("second_order"):
            raise broken_rule("false beside second_order: it narrows first and total indices only")
        return surrogate

    @property
    def sizes(self) -> list[int]:
        """Base samples, doubling."""
        return doubling(min(self.first, self.samples), self.samples)

    def design(self, factors: Factors) -> Design:
        """Per base sample: a point of A, A with each unit taken from B, (B with each taken from A,) a point of B."""
        count, units = len(factors.columns), len(factors.units)
        sequence = qmc.Sobol(2 * count, scramble=True, seed=self.number).random(self.samples)
        a, b = sequence[:, None, :count], sequence[:, None, count:]
        crossed = [np.where(factors.members, b, a)]
        if self.second_order:
            crossed.append(np.where(factors.members, a, b))
        unit = np.concatenate([a, *crossed, b], axis=1)
        each = unit.shape[1]
        independent = np.zeros((self.samples, each), np.bool_)
        independent[:, [0, -1]] = True
        assert each == self._points(units)
        return Design(unit.reshape(-1, count), np.repeat(np.arange(self.samples), each), independent.ravel())

    def indices(self, factors: Factors, design: Design, y: Floats) -> pd.DataFrame:
        """First, total and, where asked, second-order indices with bootstrap intervals."""
        values = y.mean(axis=1)
        if np.ptp(values) == 0.0:
            return undefined(("S1", "ST"), factors.units)
        if self.surrogate:
            sample = values.reshape(-1, self._points(len(factors.units)))
            luck = np.random.default_rng(self.number)
            first, total = controlled(factors, design.unit, sample, self.confidence, self.resamples, luck)
            return pd.concat([rows("S1", factors.units, *first), rows("ST", factors.units, *total)], ignore_index=True)
        found = analyze.analyze(
            factors.problem,
            values,
            calc_second_order=self.second_order,
            num_resamples=self.resamples,
            conf_level=self.confidence,
            seed=self.number,
        )
        parts = [rows(name, factors.units, found[name], found[f"{name}_conf"]) for name in ("S1", "ST")]
        if self.second_order:
            pairs = list(combinations(range(len(factors.units)), 2))
            at = tuple(np.array(pairs).T)
            one, other = ([factors.units[pair[side]] for pair in pairs] for side in (0, 1))
            parts.append(rows("S2", one, found["S2"][at], found["S2_conf"][at], other))
        return pd.concat(parts, ignore_index=True)

    def statement(self) -> str:
        """What was done."""
        orders = "First, second and total order" if self.second_order else "First and total order"
        told = (
            f"{orders} indices from up to {self.samples} base samples of a scrambled Sobol' sequence in Saltelli's "
            f"design; {self.confidence:.0%} intervals from {self.resamples} bootstrap resamples."
        )
        if self.surrogate:
            told += (
                " A polynomial of the factors, fitted to the other base samples, stands in as control variate: its own "
                "indices are known exactly, and only what the response has beyond it is left to the sample (Sudret, B. "
                "(2008), Reliability Engineering and System Safety 93, 964-979)."
            )
        return told

    def _points(self, units: int) -> int:
        return 2 * units + 2 if self.second_order else units + 2
