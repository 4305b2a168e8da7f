"""The manifest of a study: all that was asked, and what it was made with. Enough to know it, and to make it again.

It carries a seal over its own content, so that one that was changed by hand is not taken for what was made.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from doorstroom.errors import StoreError
from doorstroom.experiment.factors import KeptPrior
from doorstroom.experiment.file import StudyFile
from doorstroom.experiment.identity import canonical, digest
from doorstroom.experiment.model import RegionEntry
from doorstroom.experiment.whole_files import atomic
from doorstroom.scenario import Scenario

FILE: Final = "manifest.json"
PACKAGES: Final = ("doorstroom", "numpy", "scipy", "numba", "mesa", "pandas", "pyarrow", "pydantic", "matplotlib")

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""Sha256 in hexadecimal: files are named after some of these, so that nothing else may stand in their place."""
Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}\+?$")]
"""With + where files differed from it. It is handed to git, which would take other texts for options."""
Swhid = Annotated[str, Field(pattern=r"^swh:1:dir:[0-9a-f]{40}$")]


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

    @classmethod
    def of(cls, scenario: Scenario, label: str, baseline: Scenario) -> ScenarioEntry:
        """The entry of a scenario beside its baseline."""
        return cls(
            label=label,
            name=scenario.name,
            title=scenario.title,
            question=scenario.question,
            changes=scenario.changes,
            identity=scenario.identity(),
            differs_from=baseline.first_difference(scenario),
            resolved=plain(scenario.model_dump(mode="json")),
        )


class Machine(_Strict):
    """What the runs were made with; none of it may change a result, all of it may explain one."""

    python: str
    platform: str
    cpus: int
    packages: dict[str, str]

    @classmethod
    def here(cls) -> Machine:
        """This machine."""
        packages = {name: version(name) for name in PACKAGES if _installed(name)}
        return cls(
            python=sys.version.split()[0],
            platform=f"{platform.system()} {platform.machine()}",
            cpus=os.cpu_count() or 1,
            packages=packages,
        )


class Manifest(_Strict):
    """A study: its question, its design and where its numbers come from. The first scenario is the baseline.

    Attributes
    ----------
    study : identity of the question: equal studies have the same points, runs and results
    command : what makes it again
    asked : the study file, as it was named; empty for a comparison
    design : identity of the design alone
    file : the study as it was asked, with all defaults filled in
    draws : numbers of the draws, where the points of the design are draws
    regions : those that the inputs have, in the order of their numbers from 1 on
    posterior : identity of the fit whose draws were taken
    runs : how many the study may come to
    inputs, code : identities of the input set and of the model's source
    swhid : intrinsic identifier of the package's files, to the last byte
    kept : SHA-256 of the files that say what was asked and with which parameters, by name
    inputs_folder : of the input set, where it isn't that of the package
    ended : when all of its runs were made or had failed; None before
    failed : how many failed
    content : root of the Merkle tree over the lines of runs.csv, and so over all numbers of all runs
    seconds : that a run took, on average
    """

    study: Hash
    command: str
    asked: str
    design: Hash
    file: StudyFile
    scenarios: Annotated[tuple[ScenarioEntry, ...], Field(min_length=1)]
    structures: Annotated[tuple[str, ...], Field(min_length=1)]
    priors: dict[str, KeptPrior]
    groups: dict[str, str]
    draws: tuple[int, ...]
    first_year: int
    last_year: int
    regions: tuple[RegionEntry, ...]
    posterior: str | None
    runs: int = Field(ge=1)
    inputs: str
    inputs_folder: str | None
    code: str
    commit: Commit | None
    swhid: Swhid | None = None
    machine: Machine
    kept: dict[str, Hash] = {}
    started: Moment
    ended: Moment | None = None
    failed: int = 0
    content: Hash | None = None
    seconds: float | None = None

    @model_validator(mode="after")
    def _of_one_piece(self) -> Self:
        labels = [entry.label for entry in self.scenarios]
        if len(set(labels)) < len(labels):
            raise ValueError("two scenarios have one label")
        if self.first_year > self.last_year:
            raise ValueError("the first year comes after the last")
        if self.study != self.identity():
            raise ValueError("the identity is that of another question")
        return self

    def identity(self) -> str:
        """The identity that belongs to this question: of everything that was asked and that can change a number."""
        return question_identity(self.__dict__)

    @property
    def title(self) -> str:
        """The study in words."""
        return self.file.title

    @property
    def seeds(self) -> int:
        """Streams of luck per draw."""
        return self.file.seeds

    @property
    def fraction(self) -> float:
        """Part of the people that is modelled."""
        return self.file.fraction

    def seal(self) -> str:
        """Hash over all that the manifest says, the root of the runs included: what binds a study that is cited."""
        return digest(self.model_dump(mode="json"))

    def save(self, folder: Path) -> None:
        """Write manifest.json into the study's folder."""
        with atomic(folder / FILE) as file:
            whole = {"seal": self.seal(), **self.model_dump(mode="json")}
            file.write((json.dumps(whole, indent=1) + "\n").encode())

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read the manifest of a study.

        Raises
        ------
        StoreError
            When it is not there, was changed, or can't be understood.
        """
        path, content = Path(folder) / FILE, None
        try:
            content = json.loads(path.read_bytes())
            seal = content.pop("seal", None) if isinstance(content, dict) else None
            manifest = cls.model_validate_json(json.dumps(content))
            sealed = seal == digest(content)
        except FileNotFoundError as error:
            raise StoreError(f"{path}: not there; is {folder} a study folder?") from error
        except (OSError, ValueError, RecursionError) as error:
            raise StoreError(f"{path}: can't be read as a manifest of this version; {_of_another(content)}") from error
        if not sealed:
            raise StoreError(f"{path}: was changed after it was written; restore it, or make the study again")
        return manifest


def _of_another(content: object) -> str:
    """What to do about a manifest that can't be read, from what it says of the version that wrote it."""
    try:
        written = content["machine"]["packages"]["doorstroom"]  # type: ignore[index]
        told = re.fullmatch(r"[0-9A-Za-z.+-]{1,40}", written)
    except (KeyError, TypeError, IndexError):
        told = None
    here = version("doorstroom") if _installed("doorstroom") else ""
    if told is None or written == here:
        return "restore it, or make the study again in another folder"
    return (
        f"it was written by doorstroom {written}, and this is {here or 'a source tree'}; read it with that version "
        f"(pip install 'doorstroom=={written}'), or make the study again in another folder"
    )


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def question_identity(told: dict[str, Any]) -> str:
    """Identity of a question, from the fields of its manifest: all that was asked, but by which names of files."""
    # what is called too small to matter is a way of telling, and no part of the question
    content = told["file"].model_dump(mode="json", exclude={"scenarios": True, "inputs": True, "matters": True})
    content["method"].pop("posterior", None)
    worlds = [
        [one.label, one.title, one.question, one.changes, one.differs_from, one.identity] for one in told["scenarios"]
    ]
    regions = [[one.region, one.name, one.lat, one.lon] for one in told["regions"]]
    rest = [told[key] for key in _QUESTION]
    return digest(plain([content, worlds, regions, rest]))


_QUESTION: Final = (
    "design", "structures", "draws", "first_year", "last_year", "posterior", "runs", "inputs", "code",
)  # fmt: skip


def holds_a_study(folder: Path) -> bool:
    """Whether there is a manifest of any version in a folder; one that is cut off or no manifest at all is none."""
    try:
        content = json.loads((Path(folder) / FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and "study" in content


def now() -> str:
    """The time as manifests write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def plain(content: Any) -> Any:
    """`content` as it will be read back from JSON, so that a manifest is equal to its copy on disk."""
    return json.loads(canonical(content))
