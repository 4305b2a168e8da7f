"""Agents whose state is a row of shared arrays.

Every school, college, firm and region is a Mesa agent, and every attribute of a kind of agent is one array
over all of them. An agent is a row's face: `school.quality` reads and writes `schools.quality[school.row]`, so
AgentSet verbs and whole-array mechanisms work on the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

import mesa
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from doorstroom.education import TechnicalEducation


class Column:
    """One attribute of a kind of agent: its unit, what it means, its array type and shape per agent."""

    def __init__(self, unit: str, meaning: str, dtype: Any = np.float64, each: tuple[int, ...] = ()) -> None:
        self.unit = unit
        self.meaning = meaning
        self.dtype = dtype
        self.each = each
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, agent: None, owner: type) -> Column: ...
    @overload
    def __get__(self, agent: RowAgent, owner: type) -> Any: ...
    def __get__(self, agent: RowAgent | None, owner: type) -> Any:
        if agent is None:
            return self
        value = agent.rows.arrays[self.name][agent.row]
        return value if self.each else value.item()

    def __set__(self, agent: RowAgent, value: Any) -> None:
        agent.rows.arrays[self.name][agent.row] = value


class RowAgent(mesa.Agent):
    """A Mesa agent that is a row of its kind's arrays.

    Attributes
    ----------
    row : place in every array of its kind
    code : the stable name of the institution (location code, brin, region name, ...)
    """

    model: TechnicalEducation

    def __init__(self, model: TechnicalEducation, rows: Rows[Any], row: int, code: str) -> None:
        super().__init__(model)
        self.rows = rows
        self.row = row
        self.code = code

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code}>"


A = TypeVar("A", bound=RowAgent)


@contextmanager
def numbered(model: TechnicalEducation) -> Iterator[None]:
    """Let Mesa number new agents of a model, on from those it has.

    Mesa keeps a counter per model in a table of the class, which would keep every model of a process in memory.
    """
    counters: dict[mesa.Model, Iterator[int]] = getattr(mesa.Agent, "_ids", {})
    if model.numbers is not None:
        counters[model] = model.numbers
    try:
        yield
    finally:
        model.numbers = counters.pop(model, None)


class Rows(Generic[A]):
    """The arrays of one kind of agent, and its agents.

    An array is reached by its name (`schools.quality`), shape (agents, *each). The agents are made when somebody first
    asks for one: a run works on the arrays, and thousands of objects take longer to make than the country's first year.
    """

    def __init__(self, model: TechnicalEducation, kind: type[A], codes: list[str]) -> None:
        self.arrays: dict[str, NDArray[Any]] = {
            name: np.zeros((len(codes), *column.each), column.dtype)
            for name, column in vars(kind).items()
            if isinstance(column, Column)
        }
        self._model, self._kind, self._codes = model, kind, codes
        self._agents: list[A] = []

    @property
    def agents(self) -> list[A]:
        """The Mesa agents, one per row."""
        if not self._agents:
            with numbered(self._model):
                self._agents = [self._kind(self._model, self, row, code) for row, code in enumerate(self._codes)]
        return self._agents

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, row: int) -> A:
        return self.agents[row]

    def __getattr__(self, name: str) -> NDArray[Any]:
        try:
            return self.__dict__["arrays"][name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no array {name!r}") from None

    def fill(self, **arrays: Any) -> None:
        """Set whole arrays in place."""
        for name, values in arrays.items():
            self.arrays[name][...] = values
