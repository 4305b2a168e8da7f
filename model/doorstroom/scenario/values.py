"""What a value in a scenario file may be: years, amounts, shares, names; and tables that can't change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    AllowInfNan,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    ValidationInfo,
)
from pydantic_core import PydanticCustomError

from doorstroom.parameters import Change
from doorstroom.terms import Activity
from doorstroom.toml_files import broken_rule

K = TypeVar("K")
V = TypeVar("V")

ACTIVITIES: Final = tuple(activity.name.lower() for activity in Activity)

FIRST_YEAR: Final = 2019
LAST_YEAR: Final = 2060
A_YEAR: Final = f"a calendar year, {FIRST_YEAR} to {LAST_YEAR}"
TRUE_OR_FALSE: Final = "true or false"
AN_AMOUNT: Final = "euro per year: 0, or 10_000 to 10_000_000_000 (100 million is 100_000_000)"


class Table(Mapping[K, V]):
    """A mapping that can't change, in the order of its keys, so that a scenario stays what was checked."""

    def __init__(self, items: Mapping[K, V] | None = None) -> None:
        self._items: dict[K, V] = {} if items is None else {key: items[key] for key in sorted(items, key=str)}

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"Table({self._items!r})"


def once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """A list in which nothing stands twice."""
    if len(set(values)) < len(values):
        raise broken_rule("each entry once")
    return values


def not_empty(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """A list of at least one; asked once the entries are right, so that a wrong one is told once."""
    if not values:
        raise PydanticCustomError("empty", "empty")
    return values


def year_key(key: object) -> object:
    """TOML writes every key as text."""
    return int(key) if isinstance(key, str) and re.fullmatch("[0-9]{4}", key) else key


def one_of(names: str) -> Callable[[str, ValidationInfo], str]:
    """A check of a name against the names in the context, where there are any."""

    def check(name: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(names, lambda: None)()
        if known is not None and name not in known:
            raise broken_rule(f"a {names}'s name", known)
        return name

    return check


def _plain(found: Any) -> Any:
    if isinstance(found, Mapping):
        return {key: _plain(value) for key, value in found.items()}
    return found.model_dump(exclude_none=True) if isinstance(found, Change) else found


SOME = (Field(strict=False), AfterValidator(not_empty), AfterValidator(once))
FROZEN = (AfterValidator(Table), PlainSerializer(_plain))
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
YearKey = Annotated[Year, BeforeValidator(year_key)]
YearList = Annotated[tuple[Year, ...], Field(strict=False), AfterValidator(once)]
Amount = Annotated[float, Field(ge=0.0, le=1e10)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
RegionName = Annotated[str, AfterValidator(one_of("region"))]
ParameterName = Annotated[str, AfterValidator(one_of("parameter"))]
ParameterValue = Annotated[
    Annotated[float, AllowInfNan(True), Tag("<number>")] | Annotated[Change, Tag("<change>")],
    Discriminator(lambda found: "<change>" if isinstance(found, (Mapping, Change)) else "<number>"),
]


def of_size(amount: float) -> float:
    """An amount that is not a slip of thousands: nothing, or at least ten thousand euro."""
    if 0.0 < amount < 10_000.0:
        raise broken_rule(AN_AMOUNT)
    return amount + 0.0  # there is one zero


def activity_name(name: str) -> str:
    """The name of an activity."""
    if name not in ACTIVITIES:
        raise broken_rule(f"the activities {', '.join(ACTIVITIES)}", ACTIVITIES)
    return name


Euro = Annotated[Amount, AfterValidator(of_size)]


class Strict(BaseModel):
    """A table of a scenario file: no unknown keys, no guessing of types, no changes once checked."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, revalidate_instances="always"
    )

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some values changed, which is checked as a file is; values can't change, so none is deep."""
        return type(self).model_validate({**dict(self), **(update or {})})
