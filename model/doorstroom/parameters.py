"""Every parameter as data: value, unit, domain, prior, source and grade of evidence.

The values live in `inputs/parameters.toml`, one section per mechanism. A mechanism declares the few it
takes as a NamedTuple of the same names; `Parameters.take` fills it. The same file feeds the model, the
sampler of uncertainty and the printed dictionary. Wherever a value comes from, one outside the parameter's
domain makes no model.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, ValidationError, model_validator

from doorstroom import faults
from doorstroom.draws import Draws, Purpose
from doorstroom.errors import ParameterError, explain
from doorstroom.fits import DEFAULT_FIT, Fit
from doorstroom.priors import Prior, Strict, prior_text, reach
from doorstroom.toml_files import Words, quoted

Grade = Literal["measured", "literature", "judgement", "assumption"]
Direction = Literal["not negative", "not positive", "either"]
Floats = NDArray[np.float64]
T = TypeVar("T")

NOTHING: Final = 1e-6
"""What counts as zero at the end of a prior."""

Draw = int | Mapping[str, float]
"""One set of parameter values: the central ones (0), sample k of the priors, or the values themselves by name."""

CENTRAL = 0
"""The draw that holds every parameter at its central value."""

_DRAW_SEED = 20231026  # one fixed stream of parameter draws, so that "draw 7" means the same everywhere


class Change(Strict):
    """A value relative to the draw's own: times x own + plus."""

    model_config = ConfigDict(strict=True)

    times: float | None = Field(default=None, description="a number by which the draw's own value is multiplied")
    plus: float | None = Field(default=None, description="a number that is added to the draw's own value")

    @model_validator(mode="after")
    def _changes_something(self) -> Change:
        if self.times is None and self.plus is None:
            raise ValueError("needs times, plus or both")
        return self

    def of(self, own: float) -> float:
        """The changed value."""
        return own * (1.0 if self.times is None else self.times) + (self.plus or 0.0)

    def __str__(self) -> str:
        given = self.model_dump(exclude_none=True)
        return f"{{ {', '.join(f'{key} = {value:g}' for key, value in given.items())} }}"


class Earlier(Strict):
    """What a parameter was known to be before its present value could be measured; what is left out is as it is now."""

    value: float | list[float] | None = None
    prior: Prior | None = None
    source: str


class Parameter(Strict):
    """One parameter as `parameters.toml` states it.

    A list of values belongs to the `labels` beside it; its prior, if any, is that of one common factor. Outside its
    `domain`, ends included, a value means nothing: a chance lies in 0..1, a scale above 0. `known_2019`
    stands in the parameter's place in the fit of that name. A parameter whose prior has zero in it or at its end says
    in `sign` why it may or may not be on the other side: where it may not, a direction is put in, not found.
    """

    value: float | list[float]
    unit: str
    domain: tuple[float, float]
    grade: Grade
    source: str
    why: str
    sign: str | None = None
    prior: Prior | None = None
    labels: list[str] | None = None
    known_2019: Earlier | None = None

    @model_validator(mode="after")
    def _complete(self) -> Parameter:
        if isinstance(self.value, list) and len(self.labels or []) != len(self.value):
            raise ValueError("a list of values needs as many labels")
        earlier = self.known_2019.value if self.known_2019 else None
        if earlier is not None and np.shape(earlier) != np.shape(self.value):
            raise ValueError("known_2019 needs as many values as there are now")
        low, high = self.domain
        if not low < high or not all(low <= value <= high for value in np.atleast_1d(self.value)):
            raise ValueError(f"needs its value in its domain, {low:g} to {high:g}")
        if self.prior is not None and not all(self.allows(end) for end in reach(self.prior)):
            raise ValueError(f"needs a prior that stays in the domain: {self.allowed()}")
        if self.grade == "measured" or isinstance(self.value, list):
            return self
        if self.prior is None:
            raise ValueError("a parameter that is not measured needs a prior")
        return self

    def as_known(self, fit: Fit) -> Parameter:
        """The parameter as it stands in a fit."""
        if fit == DEFAULT_FIT or self.known_2019 is None:
            return self
        now = self.model_dump(exclude={"known_2019"}, exclude_none=True)
        return Parameter.model_validate({**now, **self.known_2019.model_dump(exclude_none=True)})

    @property
    def direction(self) -> Direction | None:
        """Where zero is the end of the prior, the side that it is held to; None where zero is not in it."""
        low, high = (0.0, 0.0) if self.prior is None else reach(self.prior)
        if self.prior is None or low > NOTHING or high < -NOTHING:
            return None
        if low >= -NOTHING:
            return "not negative"
        return "not positive" if high <= NOTHING else "either"

    @property
    def central(self) -> float:
        """What a draw replaces: the value, or the factor 1 of a list."""
        return 1.0 if isinstance(self.value, list) else self.value

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Ends of what may replace the value; of a list, of the factor that keeps every value in the domain."""
        low, high = self.domain
        if not isinstance(self.value, list):
            return low, high
        ends = [sorted((low / value, high / value)) for value in self.value if value != 0.0]
        return max((one[0] for one in ends), default=-np.inf), min((one[1] for one in ends), default=np.inf)

    def allows(self, found: object) -> bool:
        """Whether a value (of a list: a factor) is a number in the domain; no other thing is."""
        if isinstance(found, (bool, np.bool_)) or not isinstance(found, (int, float, np.number)):
            return False
        low, high = self.limits
        return bool(np.isfinite(found) and low <= found <= high)

    def allowed(self) -> str:
        """What may replace the value, in words."""
        low, high = self.limits
        text = f"{low:.6g} to {high:.6g}"
        if not isinstance(self.value, list):
            return f"{text} ({self.unit})"
        return f"{text}, a factor that keeps all {len(self.value)} values in {self.domain[0]:g} to {self.domain[1]:g}"

    def refusal(self, found: float | Change) -> str | None:
        """What is allowed instead of `found`, None where it is allowed itself: a change has to be so in every draw."""
        if not isinstance(found, Change):
            return None if self.allows(found) else self.allowed()
        if isinstance(self.value, list) and found.plus is not None:
            return "times, because the values of a list have one common factor"
        ends = (self.central, *(reach(self.prior) if self.prior is not None else ()))
        if all(self.allows(found.of(end)) for end in ends):
            return None
        own = f"{min(ends):.4g} to {max(ends):.4g}" if len(ends) > 1 else f"{self.central:.4g}"
        return f"a change that takes every draw ({own}) to {self.allowed()}"

    def at(self, factor_or_value: float | None) -> float | NDArray[np.float64]:
        """The value in a draw: the central one where `factor_or_value` is None."""
        if isinstance(self.value, list):
            return np.asarray(self.value) * (1.0 if factor_or_value is None else factor_or_value)
        return self.value if factor_or_value is None else factor_or_value

    def value_text(self) -> str:
        """The value, or each of a list with its label."""
        if not isinstance(self.value, list):
            return f"{self.value:g}"
        return ", ".join(f"{label} {value:g}" for label, value in zip(self.labels or [], self.value, strict=True))

    def prior_text(self) -> str:
        """The prior as it would be said; empty where there is none."""
        return "" if self.prior is None else prior_text(self.prior)

    def domain_text(self) -> str:
        """The domain as it would be said."""
        return f"{self.domain[0]:g} to {self.domain[1]:g}"


class Parameters:
    """All parameters of one draw.

    Parameters
    ----------
    entries : mapping of "section.name" to Parameter
    drawn : mapping of "section.name" to the value (or common factor) that replaces the central one
    origin : where `drawn` comes from, for messages

    Raises
    ------
    ParameterError
        Where a name is unknown, or a value not a number in the parameter's domain.
    """

    def __init__(
        self, entries: Mapping[str, Parameter], drawn: Mapping[str, float] | None = None, origin: str = "draw"
    ) -> None:
        self.entries = entries
        self.drawn = dict(drawn or {})
        for name, value in self.drawn.items():
            _check(entries, name, value, origin)

    def take(self, mechanism: type[T]) -> T:
        """The NamedTuple `mechanism` filled from the section named after its module.

        Raises
        ------
        ParameterError
            When the section and the NamedTuple don't have exactly the same names.
        """
        section = mechanism.__module__.rsplit(".", 1)[-1]
        found = {name.split(".", 1)[1] for name in self.entries if name.startswith(section + ".")}
        names: tuple[str, ...] = mechanism._fields  # type: ignore[attr-defined] # a NamedTuple
        wanted = set(names)
        if found != wanted:
            raise ParameterError(
                f"parameters.toml: section [{section}]: missing {sorted(wanted - found)}, "
                f"not used by the mechanism {sorted(found - wanted)}"
            )
        return mechanism(**{name: self.value(f"{section}.{name}") for name in names})

    def value(self, name: str) -> float | NDArray[np.float64]:
        """The value of one parameter in this draw."""
        return self.entries[name].at(self.drawn.get(name))

    def uncertain(self) -> Iterator[str]:
        """Names of the parameters that have a prior."""
        return (name for name, entry in self.entries.items() if entry.prior is not None)

    def with_values(self, values: Mapping[str, float | Change], origin: str) -> Parameters:
        """A copy in which `values` replace what was there, or change it; `origin` names the file for messages."""
        drawn = dict(self.drawn)
        for name, value in values.items():
            _check(self.entries, name, value, origin)
            own = drawn.get(name, self.entries[name].central)
            drawn[name] = value.of(own) if isinstance(value, Change) else value
        return Parameters(self.entries, drawn, origin)

    def identity(self) -> str:
        """Hash of everything in here that can change a result."""
        names = sorted(self.entries)
        values = [np.atleast_1d(np.asarray(self.value(name), dtype="<f8")) for name in names]
        header = json.dumps([[name, len(value)] for name, value in zip(names, values, strict=True)])
        return hashlib.sha256(header.encode() + b"".join(value.tobytes() for value in values)).hexdigest()


def _check(entries: Mapping[str, Parameter], name: str, value: float | Change, origin: str) -> None:
    """Raise a ParameterError where a name is unknown or a value outside its domain."""
    key = f"parameters.{name}"
    if name not in entries:
        raise ParameterError(explain(origin, key, name, "a parameter's name", entries))
    allowed = entries[name].refusal(value)
    if allowed is not None:
        found = Words(str(value)) if isinstance(value, Change) else quoted(value)
        raise ParameterError(explain(origin, key, found, allowed))


def draw_parameters(draw: Draw, entries: Mapping[str, Parameter] | None = None) -> Parameters:
    """The parameter values of one draw: 0 is the central set, 1, 2, ... are samples of the priors.

    A parameter's value in draw k depends on its own name and prior alone: adding a parameter leaves all
    other values as they were. A draw given by its values holds the others at their central value.
    """
    entries = load_parameters() if entries is None else entries
    if not isinstance(draw, int):
        return Parameters(entries).with_values(draw, "draw")
    if draw == CENTRAL:
        return Parameters(entries)
    return Parameters(
        entries, {name: float(values[0]) for name, values in sample_priors(draw, draw + 1, entries).items()}
    )


def sample_priors(first: int, last: int, entries: Mapping[str, Parameter]) -> dict[str, Floats]:
    """The values of every parameter with a prior in the draws first..last-1, one array per name."""
    numbers = Draws(_DRAW_SEED)
    return {
        name: entry.prior.quantiles(numbers.block(Purpose.DRAW, zlib.crc32(name.encode()), first, last))
        for name, entry in entries.items()
        if entry.prior is not None
    }


@lru_cache
def load_parameters(path: Path | None = None, fit: Fit = DEFAULT_FIT) -> dict[str, Parameter]:
    """Read and check a parameter file; the default is the one in the package. `fit` says what may have been known.

    Raises
    ------
    ParameterError
        Naming the file, the parameter, what was found and what is allowed.
    """
    source = files("doorstroom.inputs") / "parameters.toml" if path is None else path
    try:
        sections: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ParameterError(f"{source}: can't be read as TOML: {error}") from error
    entries = {}
    for section, content in sections.items():
        for name, entry in content.items():
            try:
                entries[f"{section}.{name}"] = Parameter.model_validate(entry).as_known(fit)
            except ValidationError as error:
                raise ParameterError(faults.first(str(source), error, Parameter, at=[section, name])) from error
    return entries
