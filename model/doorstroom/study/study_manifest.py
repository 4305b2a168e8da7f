"""The manifest of a study from a file: all that was asked, and what it was made with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from doorstroom.errors import StoreError
from doorstroom.study.compare import entry_of
from doorstroom.study.factors import KeptPrior, told
from doorstroom.study.file import StudyFile
from doorstroom.study.identity import digest
from doorstroom.study.manifest import Commit, Machine, Moment, ScenarioEntry, now, plain, source
from doorstroom.study.plan import Plan
from doorstroom.study.store import atomic

FILE: Final = "study.json"
COPY: Final = "study.toml"


class StudyManifest(BaseModel):
    """A study: its file with all defaults filled in, its scenarios, factors and inputs, its code and machine.

    Attributes
    ----------
    study : identity of the question: equal studies have the same points, runs and results
    asked : the study file, as it was named
    design : identity of the design alone
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    study: str
    asked: str
    design: str
    file: StudyFile
    scenarios: Annotated[tuple[ScenarioEntry, ...], Field(min_length=1)]
    structures: tuple[str, ...]
    priors: dict[str, KeptPrior]
    groups: dict[str, str]
    runs: int
    inputs: str
    code: str
    commit: Commit | None
    machine: Machine
    started: Moment
    ended: Moment | None = None

    @classmethod
    def of(cls, plan: Plan, asked: Path) -> StudyManifest:
        """The manifest of a plan that begins now; `asked` is its file."""
        first = {world.label: world for world in plan.worlds if world.structure == plan.structures[0]}
        baseline = first[plan.labels[0]].scenario
        content = plain(plan.file.model_dump(mode="json"))
        priors = {name: told(prior) for name, prior in plan.factors.priors.items()}
        drawn = None if plan.posterior is None else plan.posterior.tolist()
        design = digest([content["method"], [list(item) for item in priors.items()], plan.factors.group_of, drawn])
        worlds = [[world.structure, world.label, world.scenario.identity()] for world in plan.worlds]
        return cls(
            study=digest([content, worlds, design, plan.model.inputs, plan.model.code]),
            asked=str(asked),
            design=design,
            file=plan.file,
            scenarios=tuple(entry_of(world.scenario, label, baseline) for label, world in first.items()),
            structures=plan.structures,
            priors=dict(plan.factors.priors),
            groups=dict(plan.factors.groups),
            runs=plan.runs,
            inputs=plan.model.inputs,
            code=plan.model.code,
            commit=source()[1],
            machine=Machine.here(),
            started=now(),
        )

    @property
    def title(self) -> str:
        """The study in words, as its file has it."""
        return self.file.title

    def save(self, folder: Path) -> None:
        """Write study.json into the study's folder."""
        with atomic(folder / FILE) as file:
            file.write(self.model_dump_json(indent=1).encode())

    @classmethod
    def load(cls, folder: Path) -> StudyManifest:
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
            raise StoreError(f"{path}: not there; is {folder} the folder of a study that was run?") from error
        except (OSError, ValidationError) as error:
            raise StoreError(
                f"{path}: can't be read as a study's manifest; run the study again to replace it"
            ) from error
