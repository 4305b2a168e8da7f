"""The manifest of a study: everything needed to know what was run, and to run it again."""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Protocol, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from doorstroom.errors import StoreError
from doorstroom.source import code_identity
from doorstroom.study.identity import canonical, git_commit
from doorstroom.study.store import atomic

FILE = "manifest.json"
PACKAGES = ("doorstroom", "numpy", "scipy", "numba", "mesa", "pandas", "pyarrow", "pydantic", "matplotlib")


Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""Sha256 in hexadecimal: files are named after some of these, so that nothing else may stand in their place."""
Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}\+?$")]
"""With + where files differed from it. It is handed to git, which would take other texts for options."""


def _moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


Moment = Annotated[str, AfterValidator(_moment)]
"""A time as `now` writes it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScenarioEntry(_Strict):
    """A scenario as it was asked; `label` is its name, numbered where a name is asked twice."""

    label: str
    name: str
    title: str
    question: str
    changes: str
    identity: Hash
    differs_from: int | None
    resolved: dict[str, Any]


class RunEntry(_Strict):
    """One run: which, under which identity it is stored, and how long it took when it was made."""

    label: str
    draw: int
    seed: int
    parameters: str
    identity: Hash
    seconds: float | None


class RegionEntry(_Strict):
    """A region as plots and tables show it."""

    region: int
    name: str
    lat: float
    lon: float


class Machine(_Strict):
    """What the runs were made with; none of it may change a result, all of it may explain one."""

    python: str
    platform: str
    cpus: int
    packages: dict[str, str]

    @classmethod
    def here(cls) -> Machine:
        """This machine."""
        packages = {}
        for name in PACKAGES:
            try:
                packages[name] = version(name)
            except PackageNotFoundError:
                continue
        return cls(
            python=sys.version.split()[0],
            platform=f"{platform.system()} {platform.machine()}",
            cpus=os.cpu_count() or 1,
            packages=packages,
        )


class Origin(Protocol):
    """What any kind of study says of where its numbers come from."""

    @property
    def study(self) -> str:
        """Identity."""

    @property
    def title(self) -> str:
        """In words, for a reference."""

    @property
    def scenarios(self) -> tuple[ScenarioEntry, ...]:
        """The baseline first."""

    @property
    def inputs(self) -> str:
        """Identity of the inputs."""

    @property
    def code(self) -> str:
        """Identity of the model's source."""

    @property
    def commit(self) -> str | None:
        """The commit that the source stood at."""

    @property
    def machine(self) -> Machine:
        """What the runs were made with."""

    @property
    def started(self) -> str:
        """When."""


class Manifest(_Strict):
    """A study: its question, its runs and where they came from. The first scenario is the baseline."""

    study: str
    command: str
    first_year: int
    last_year: int
    fraction: float
    draws: tuple[int, ...]
    seeds: int
    scenarios: Annotated[tuple[ScenarioEntry, ...], Field(min_length=1)]
    posterior: str | None = None
    inputs: str
    inputs_folder: str | None = None
    code: str
    commit: Commit | None
    machine: Machine
    processes: int
    started: Moment
    ended: Moment | None
    regions: tuple[RegionEntry, ...]
    runs: tuple[RunEntry, ...]

    @model_validator(mode="after")
    def _of_one_piece(self) -> Self:
        """Every scenario has a run per draw and seed, and there are no others."""
        labels = [entry.label for entry in self.scenarios]
        asked = len(self.draws) * self.seeds
        if len(set(labels)) < len(labels) or {run.label for run in self.runs} != set(labels):
            raise ValueError("the scenarios of the runs are not those of the study")
        if len(self.runs) != asked * len(labels) or any(len(self.identities(label)) != asked for label in labels):
            raise ValueError("there is not one run per scenario, draw and seed")
        if self.first_year > self.last_year:
            raise ValueError("the first year comes after the last")
        return self

    @property
    def title(self) -> str:
        """The study in words: its baseline and what it is compared with."""
        titles = [entry.title for entry in self.scenarios]
        return f"{titles[0]}, compared with {', '.join(titles[1:])}" if titles[1:] else titles[0]

    def save(self, folder: Path) -> None:
        """Write manifest.json into the study's folder."""
        with atomic(folder / FILE) as file:
            file.write(self.model_dump_json(indent=1).encode())

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read the manifest of a study.

        Raises
        ------
        StoreError
            When it is not there or can't be understood.
        """
        path = Path(folder) / FILE
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise StoreError(f"{path}: not there; is {folder} a study folder?") from error
        except (OSError, ValidationError) as error:
            raise StoreError(f"{path}: can't be read as a manifest; run the study again to replace it") from error

    def identities(self, label: str) -> list[str]:
        """Identities of the runs of one scenario, in order of draw, then seed."""
        mine = sorted((run.draw, run.seed, run.identity) for run in self.runs if run.label == label)
        return [identity for _, _, identity in mine]


def now() -> str:
    """The time as manifests write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def source() -> tuple[str, str | None]:
    """Identity of the model's source and the commit it stands at."""
    return code_identity(), git_commit()


def plain(content: Any) -> Any:
    """`content` as it will be read back from JSON, so that a manifest is equal to its copy on disk."""
    return json.loads(canonical(content))
