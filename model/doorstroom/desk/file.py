"""The study file of a desk: how many draws and positions, how far each lever goes, and what it is judged by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, ValidationError, model_validator

from doorstroom.desk.examples import EXAMPLES
from doorstroom.desk.levers import KEYS, LEVER, LEVERS, PRESENT, Ranges
from doorstroom.errors import DoorstroomError, explain, told
from doorstroom.faults import message
from doorstroom.scenario import Scenario, load_scenario
from doorstroom.scenario.values import FROZEN, Strict
from doorstroom.shipped import shipped
from doorstroom.toml_files import Words, broken_rule, read_toml

_NEEDED: Final = "a title, draws, positions, fraction and tables [held_out] and [ranges]"

Range = Annotated[tuple[float, float], Field(strict=False)]


class DeskFaults(DoorstroomError):
    """Everything that is wrong with the file of a desk, one line per fault."""


class HeldOut(Strict):
    """Positions that no fit sees, each run in the same draws, so that medians and intervals can be judged."""

    positions: int = Field(ge=2, le=500, description="number of positions, 2 to 500")
    draws: int = Field(ge=2, le=500, description="number of draws, 2 to 500 and not more than the study's own")


class Desk(Strict):
    """A study for a desk."""

    title: str = Field(min_length=1, description="text")
    policy: str = Field(default="baseline", description="name or path of the scenario of the present policy")
    draws: int = Field(ge=5, le=500, description="number of draws of the parameters, each with its luck, 5 to 500")
    positions: int = Field(ge=5, le=1000, description="number of positions tried per draw, 5 to 1000")
    fraction: float = Field(gt=0, le=1, description="part of the people that is modelled, above 0 and at most 1")
    held_out: HeldOut = Field(description="a table with positions and draws")
    ranges: Annotated[Mapping[str, Range], *FROZEN] = Field(
        description=f"per lever a list of its lowest and highest value: {', '.join(KEYS)}"
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.held_out.draws > self.draws:
            raise broken_rule(f"held_out.draws of at most {self.draws}, the study's draws")
        return self

    def policy_of(self) -> Scenario:
        """The scenario of the present policy."""
        return load_scenario(self.policy)

    def range_of(self) -> Ranges:
        """Lowest and highest value per lever."""
        return {key: (self.ranges[key][0], self.ranges[key][1]) for key in KEYS}

    def identity(self, code: str, inputs: str, *, of_a_draw: bool = False) -> str:
        """SHA-256 over everything that can change a number: the file, the policy, the model's code and its inputs.

        That of a draw doesn't know how many draws there are: a study that asks for more goes on with what is there.
        """
        said = self.model_dump(mode="json", exclude={"title", *(("draws",) if of_a_draw else ())})
        parts = [said, self.policy_of().identity(), code, inputs, [dict(one.position) for one in EXAMPLES]]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def load_desk(file: Path) -> Desk:
    """The study in a file.

    Raises
    ------
    DeskFaults
        Naming file, key, what was found and what is allowed, for every fault.
    """
    file = shipped(file)
    content = read_toml(file, DeskFaults, _NEEDED)
    try:
        study = Desk.model_validate(content)
    except ValidationError as error:
        faults = told(file, error.errors(include_url=False), lambda fault: message(file, fault, Desk))
        raise DeskFaults("\n".join(faults)) from error
    faults = [*_missing(file, study), *_wrong_ranges(file, study)]
    if faults:
        raise DeskFaults("\n".join(faults))
    return study


def _missing(file: Path, study: Desk) -> list[str]:
    return [
        explain(file, f"ranges.{lever.key}", Words("nothing"), f"a list of two values, as in {_limits(lever.key)}")
        for lever in LEVERS
        if lever.key not in study.ranges
    ]


def _wrong_ranges(file: Path, study: Desk) -> list[str]:
    faults = []
    for key, (low, high) in study.ranges.items():
        place = f"ranges.{key}"
        if key not in LEVER:
            faults.append(explain(file, "ranges", key, f"the levers {', '.join(KEYS)}", KEYS))
        elif not LEVER[key].low <= low < high <= LEVER[key].high:
            faults.append(explain(file, place, [low, high], f"two values in order, within {_limits(key)}"))
        elif not low <= PRESENT[key] <= high:
            allowed = f"a range that holds {PRESENT[key]:g}, where the present policy is"
            faults.append(explain(file, place, [low, high], allowed))
    return faults


def _limits(key: str) -> str:
    return f"[{LEVER[key].low:g}, {LEVER[key].high:g}]"
