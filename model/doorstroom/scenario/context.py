"""The world around the policy: pupil numbers, demand for technicians, teachers, and what else schools are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from doorstroom.scenario.values import FROZEN, RegionName, Strict, Table, YearKey
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


Part = Annotated[float, Field(ge=0.0, le=0.5)]
Worth = Annotated[float, Field(ge=0.0, le=1000.0)]
Growth = Annotated[float, Field(ge=-0.5, le=0.5)]
Pay = Annotated[float, Field(ge=0.5, le=2.0)]


class Context(Strict):
    """What happens around the schemes; by default what the parameters say and nothing more.

    Attributes
    ----------
    pupils : the lower edge, the middle or the upper edge of the forecast of pupils who enter secondary education
    demand : growth of the demand for technicians in a year on top of the forecast, by sector, as a share of demand
    demand_in : the same for named regions, on top of that of the country
    teacher_pay : pay of technique teachers from a year on, relative to what it would have been
    teacher_shortage : lessons of all subjects that the general teacher shortage leaves empty from a year on, beyond
        those of 2019
    basic_skills : share of the time for projects of schools that goes to basic skills from a year on
    curriculum : what a new curriculum itself gives from a year on, worth in euro of orientation per pupil
    """

    pupils: PupilNumbers = Field(default="middle", description="low, middle or high")
    demand: Annotated[
        Mapping[Annotated[str, AfterValidator(_sector)], Annotated[Mapping[YearKey, Growth], *FROZEN]], *FROZEN
    ] = Field(
        default=Table(),
        description="per sector a table of year = growth, as in bouw = { 2026 = -0.05 }, a share of -0.5 to 0.5",
    )
    demand_in: Annotated[
        Mapping[
            RegionName,
            Annotated[
                Mapping[Annotated[str, AfterValidator(_sector)], Annotated[Mapping[YearKey, Growth], *FROZEN]], *FROZEN
            ],
        ],
        *FROZEN,
    ] = Field(default=Table(), description="a table of region = a table as under demand")
    teacher_pay: Annotated[Mapping[YearKey, Pay], *FROZEN] = Field(
        default=Table(), description="a table of year = factor, 0.5 to 2, as in { 2027 = 1.1 }"
    )

    teacher_shortage: Annotated[Mapping[YearKey, Part], *FROZEN] = Field(
        default=Table(), description="a table of year = share of lessons from then on, 0 to 0.5"
    )
    basic_skills: Annotated[Mapping[YearKey, Part], *FROZEN] = Field(
        default=Table(), description="a table of year = share of time from then on, 0 to 0.5"
    )
    curriculum: Annotated[Mapping[YearKey, Worth], *FROZEN] = Field(
        default=Table(), description="a table of year = euro of orientation per pupil from then on, 0 to 1000"
    )

    def shock(self, year: int) -> NDArray[np.float64]:
        """Growth of demand in a year on top of the forecast, per technical sector, shape (5,)."""
        return _growth(self.demand, year)

    def shocks(self, year: int, regions: Sequence[str]) -> NDArray[np.float64]:
        """The same per region, shape (regions, 5): that of the country and that of the region's own."""
        growth = np.tile(self.shock(year), (len(regions), 1))
        for name in self.demand_in:
            if name in regions:
                growth[regions.index(name)] += _growth(self.demand_in[name], year)
        return growth

    def pay(self, year: int) -> float:
        """Pay of technique teachers in a year relative to what it would have been."""
        return _since(self.teacher_pay, year, 1.0)

    def teacher_shortage_in(self, year: int) -> float:
        """Share of lessons of all subjects that nobody gives in a year, beyond 2019."""
        return _since(self.teacher_shortage, year, 0.0)

    def basic_skills_in(self, year: int) -> float:
        """Share of the time of schools for projects that goes to basic skills in a year."""
        return _since(self.basic_skills, year, 0.0)

    def curriculum_in(self, year: int) -> float:
        """Orientation that the curriculum itself gives in a year, euro per pupil."""
        return _since(self.curriculum, year, 0.0)

    def in_force(self, year: int) -> tuple[object, ...]:
        """Everything by which a year in this context can differ from one in another, pupil numbers apart."""
        own = tuple(
            (name, *growth) for name in self.demand_in if any(growth := _growth(self.demand_in[name], year).tolist())
        )
        schools = (self.teacher_shortage_in(year), self.basic_skills_in(year), self.curriculum_in(year))
        return *self.shock(year).tolist(), own, self.pay(year), *schools


def _growth(demand: Mapping[str, Mapping[int, float]], year: int) -> NDArray[np.float64]:
    everywhere = demand.get(ALL_SECTORS, Table()).get(year, 0.0)
    return np.array([everywhere + demand.get(sector, Table()).get(year, 0.0) for sector in SECTORS])


def _since(table: Mapping[int, float], year: int, usual: float) -> float:
    """The value of the last year in the table that has begun."""
    begun = [first for first in table if first <= year]
    return table[max(begun)] if begun else usual
