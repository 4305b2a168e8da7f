"""The world around the policy: pupil numbers, shocks to the demand for technicians, what teachers are paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from doorstroom.scenario.values import FROZEN, Strict, Table, YearKey
from doorstroom.terms import TECHNICAL_FIELDS
from doorstroom.toml_files import broken_rule

PupilNumbers = Literal["low", "middle", "high"]
SECTORS: Final = tuple(field.name.lower() for field in TECHNICAL_FIELDS)
ALL_SECTORS: Final = "all"


def _sector(name: str) -> str:
    known = (ALL_SECTORS, *SECTORS)
    if name not in known:
        raise broken_rule(f"the sectors {', '.join(known)}", known)
    return name


Growth = Annotated[float, Field(ge=-0.5, le=0.5)]
Pay = Annotated[float, Field(ge=0.5, le=2.0)]


class Context(Strict):
    """What happens around the schemes; by default what the parameters say and nothing more.

    Attributes
    ----------
    pupils : the lower edge, the middle or the upper edge of the forecast of pupils who enter secondary education
    demand : growth of the demand for technicians in a year on top of the forecast, by sector, as a share of demand
    teacher_pay : pay of technique teachers from a year on, relative to what it would have been
    """

    pupils: PupilNumbers = Field(default="middle", description="low, middle or high")
    demand: Annotated[
        Mapping[Annotated[str, AfterValidator(_sector)], Annotated[Mapping[YearKey, Growth], *FROZEN]], *FROZEN
    ] = Field(
        default=Table(),
        description="per sector a table of year = growth, as in bouw = { 2026 = -0.05 }, a share of -0.5 to 0.5",
    )
    teacher_pay: Annotated[Mapping[YearKey, Pay], *FROZEN] = Field(
        default=Table(), description="a table of year = factor, 0.5 to 2, as in { 2027 = 1.1 }"
    )

    def shock(self, year: int) -> NDArray[np.float64]:
        """Growth of demand in a year on top of the forecast, per technical sector, shape (5,)."""
        everywhere = self.demand.get(ALL_SECTORS, Table()).get(year, 0.0)
        return np.array([everywhere + self.demand.get(sector, Table()).get(year, 0.0) for sector in SECTORS])

    def pay(self, year: int) -> float:
        """Pay of technique teachers in a year relative to what it would have been."""
        begun = [first for first in self.teacher_pay if first <= year]
        return self.teacher_pay[max(begun)] if begun else 1.0

    def in_force(self, year: int) -> tuple[object, ...]:
        """Everything by which a year in this context can differ from one in another, pupil numbers apart."""
        return *self.shock(year).tolist(), self.pay(year)
