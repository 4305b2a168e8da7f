"""What a study runs: a function from scenario, parameters and seed to series, and what determines it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from doorstroom.experiment.table import Series
from doorstroom.outcomes import SERIES
from doorstroom.parameters import Draw, Parameter, load_parameters
from doorstroom.scenario import Scenario
from doorstroom.source import code_identity

COUNTRY = "country"


class RegionEntry(BaseModel):
    """A region as plots and tables show it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    region: int
    name: str
    lat: float
    lon: float


class Together(Protocol):
    """Runs of several scenarios under one draw and seed, each as `Simulate` makes it."""

    def simulate(self, *, draw: Draw, seed: int, fraction: float) -> list[NDArray[np.float64]]:
        """All series of every year of each scenario."""
        ...


class Simulate(Protocol):
    """What carries out one run: shape (years, 1 + regions, len(SERIES)). Has to be importable by its name."""

    def __call__(self, scenario: Scenario, *, draw: Draw, seed: int, fraction: float) -> NDArray[np.float64]:
        """All series of every year."""
        ...


@dataclass(frozen=True)
class Model:
    """A model that can be studied.

    Attributes
    ----------
    simulate : makes one run; importable by its name, so that other processes find it
    entries : its parameters
    series : what it yields, in the order of the last axis
    regions : number on the region axis by name; "country" is the first of them
    places : the regions as plots show them, where they have a place
    first_year : the only one that a scenario may begin in, where there is such a one
    family : what makes runs that share their past together, from their scenarios; None where each is made by itself
    inputs, code : identities of the figures it starts from and of its source
    """

    simulate: Simulate
    entries: Mapping[str, Parameter]
    series: tuple[Series, ...]
    regions: Mapping[str, int]
    inputs: str
    code: str
    places: tuple[RegionEntry, ...] = ()
    first_year: int | None = None
    family: Callable[[Sequence[Scenario]], Together] | None = None

    @classmethod
    def of_the_country(cls, inputs: Path | None = None) -> Model:
        """Technical education in the Netherlands; `inputs` is the folder of another input set."""
        from doorstroom.inputs.sets import load_inputs

        table = load_inputs(inputs).regions[["region", "name", "lat", "lon"]].sort_values("region")
        places = tuple(
            RegionEntry(region=int(row.region), name=str(row.name), lat=float(row.lat), lon=float(row.lon))
            for row in table.itertuples(index=False, name="Row")
        )
        return cls(
            simulate=model_on(inputs),
            entries=load_parameters(),
            series=SERIES,
            regions={COUNTRY: 0, **{place.name: place.region for place in places}},
            inputs=load_inputs(inputs).identity,
            code=code_identity(),
            places=places,
            first_year=load_inputs(inputs).year,
            family=family_on(inputs),
        )

    def known(self) -> Mapping[str, Collection[Any]]:
        """Names that a study file may use."""
        return {
            "series": self.series,
            "outcomes": list(dict.fromkeys(name for name, _ in self.series)),
            "regions": list(self.regions),
        }


def model_on(inputs: Path | None) -> Simulate:
    """The model on the input set of a folder; None is that of the package.

    Only who makes runs needs Mesa and Numba, so they are imported here and not above.
    """
    from doorstroom.education import simulate

    return simulate if inputs is None else partial(simulate, inputs=inputs)


def family_on(inputs: Path | None) -> Callable[[Sequence[Scenario]], Together]:
    """What makes families of runs on the input set of a folder."""
    from doorstroom.branching import Family

    return partial(Family, inputs=inputs)
