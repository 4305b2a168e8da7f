"""Factors: the parameters that a design varies, each with its prior, and one that does nothing.

A design lives in the unit cube; a factor's prior turns its coordinate into a value. The last factor of
every design is the dummy: it is sampled like the others and reaches no model, so its index must include zero.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import PlainSerializer

from doorstroom.errors import ParameterError, explain
from doorstroom.parameters import Parameter, load_parameters
from doorstroom.priors import EDGE, Prior

Floats = NDArray[np.float64]


def told(prior: Prior) -> dict[str, Any]:
    """A prior as its file would have it: JSON has no word for the infinite ends that are left out there."""
    return prior.model_dump(mode="json", exclude_defaults=True)


KeptPrior = Annotated[Prior, PlainSerializer(told)]

DUMMY: Final = "dummy"


@dataclass(frozen=True)
class Factors:
    """What varies.

    Attributes
    ----------
    priors : prior per parameter; the dummy is not among them
    groups : group per parameter, for those that move together
    """

    priors: Mapping[str, Prior]
    groups: Mapping[str, str]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Parameters in order, without the dummy."""
        return tuple(self.priors)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The coordinates of a design: the parameters, then the dummy."""
        return (*self.names, DUMMY)

    @cached_property
    def group_of(self) -> tuple[str, ...]:
        """Group of each column; what is in no group is a group of its own."""
        return tuple(self.groups.get(name, name) for name in self.columns)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """What an index belongs to: the groups in the order of their first member."""
        return tuple(dict.fromkeys(self.group_of))

    @cached_property
    def members(self) -> NDArray[np.bool_]:
        """Which column belongs to which unit, shape (units, columns)."""
        return np.array([[group == unit for group in self.group_of] for unit in self.units])

    @property
    def grouped(self) -> bool:
        """Whether any parameters move together."""
        return len(self.units) < len(self.columns)

    @property
    def problem(self) -> dict[str, Any]:
        """The factors as SALib wants them told, on the unit cube."""
        return {
            "num_vars": len(self.columns),
            "names": list(self.columns),
            "bounds": [[0.0, 1.0]] * len(self.columns),
            "groups": list(self.group_of) if self.grouped else None,
        }

    def values(self, unit: Floats, entries: Mapping[str, Parameter]) -> Floats:
        """Values of the parameters at points of the unit cube.

        Parameters
        ----------
        unit : float64 array, shape (points, columns); NaN stands for the central value
        entries : the parameters of the model

        Returns
        -------
        float64 array, shape (points, parameters); a parameter that is a list has the factor it is multiplied by.
        """
        values = np.empty((len(unit), len(self.names)))
        inside = np.clip(unit, EDGE, 1 - EDGE)  # quantiles of 0 and 1 may be infinite
        for column, (name, prior) in enumerate(self.priors.items()):
            coordinates = inside[:, column]
            values[:, column] = np.where(np.isnan(coordinates), entries[name].central, prior.quantiles(coordinates))
        return values


def salib_problem(patterns: Sequence[str] = ("*",), entries: Mapping[str, Parameter] | None = None) -> dict[str, Any]:
    """A problem as SALib has them: uncertain parameters on the unit cube, without the corners where they are infinite.

    `values_at` turns a sample of it into values of the parameters.

    Parameters
    ----------
    patterns : names of parameters, or patterns such as `interest.*`
    entries : the parameters of the model; None is those of the package

    Raises
    ------
    ParameterError
        Where a pattern means no parameter that has a prior.
    """
    names = list(_chosen(patterns, load_parameters() if entries is None else entries))
    return {"num_vars": len(names), "names": names, "bounds": [[EDGE, 1 - EDGE]] * len(names), "groups": None}


def values_at(
    sample: Floats, problem: Mapping[str, Any], entries: Mapping[str, Parameter] | None = None
) -> list[dict[str, float]]:
    """Values of the parameters at a sample that SALib made of a problem; each is a draw that a model takes.

    Parameters
    ----------
    sample : shape (points, parameters), in the unit cube
    problem : of `salib_problem`
    """
    entries = load_parameters() if entries is None else entries
    factors = Factors(_chosen(problem["names"], entries), {})
    unit = np.column_stack([np.asarray(sample, np.float64), np.zeros(len(sample))])
    return [dict(zip(factors.names, row, strict=True)) for row in factors.values(unit, entries).tolist()]


def _chosen(patterns: Sequence[str], entries: Mapping[str, Parameter]) -> dict[str, Prior]:
    priors = {name: entry.prior for name, entry in entries.items() if entry.prior is not None}
    found: dict[str, Prior] = {}
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        hits = fnmatch.filter(priors, pattern)
        if not hits:
            raise ParameterError(explain("problem", "parameters", pattern, "a parameter with a prior", priors))
        found |= {name: priors[name] for name in hits}
    return found
