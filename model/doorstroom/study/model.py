"""What a study runs: a function from scenario, parameters and seed to series, and what determines it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doorstroom.outcomes import SERIES
from doorstroom.parameters import Parameter, load_parameters
from doorstroom.source import code_identity
from doorstroom.study.table import Series

if TYPE_CHECKING:
    from doorstroom.study.batch import Simulate

COUNTRY = "country"


@dataclass(frozen=True)
class Model:
    """A model that can be studied.

    Attributes
    ----------
    simulate : makes one run; importable by its name, so that other processes find it
    entries : its parameters
    series : what it yields, in the order of the last axis
    regions : number on the region axis by name; "country" is one of them
    inputs, code : identities of the figures it starts from and of its source
    """

    simulate: Simulate
    entries: Mapping[str, Parameter]
    series: tuple[Series, ...]
    regions: Mapping[str, int]
    inputs: str
    code: str

    @classmethod
    def of_the_country(cls, inputs: str | None = None) -> Model:
        """Technical education in the Netherlands; `inputs` is the folder of another input set."""
        from doorstroom.inputs.sets import load_inputs
        from doorstroom.study.batch import model_on

        folder = None if inputs is None else Path(inputs)
        table = load_inputs(folder).regions
        return cls(
            simulate=model_on(folder),
            entries=load_parameters(),
            series=SERIES,
            regions={COUNTRY: 0, **dict(zip(table["name"], table["region"].astype(int), strict=True))},
            inputs=load_inputs(folder).identity,
            code=code_identity(),
        )

    def known(self) -> Mapping[str, Collection[Any]]:
        """Names that a study file may use."""
        return {
            "series": self.series,
            "outcomes": list(dict.fromkeys(name for name, _ in self.series)),
            "regions": list(self.regions),
        }
