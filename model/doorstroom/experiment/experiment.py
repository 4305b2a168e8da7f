"""An experiment: what is asked of a model, from a study file, from arguments, or from the folder of a study."""

from __future__ import annotations

import json
import math
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from doorstroom.defaults import (
    A_FRACTION,
    DRAWS,
    FRACTION,
    LEAST_FRACTION,
    MOST_DRAWS,
    MOST_SEEDS,
    MOST_STREAM,
    SEEDS,
)
from doorstroom.errors import ScenarioError, StoreError, explain
from doorstroom.experiment.design.draws import Draws
from doorstroom.experiment.file import NEEDED, StudyFaults, StudyFile, checked_study
from doorstroom.experiment.identity import command_of_run, option_of
from doorstroom.experiment.manifest import Manifest, ScenarioEntry
from doorstroom.experiment.model import Model
from doorstroom.experiment.posterior import COPY as POSTERIOR
from doorstroom.parameters import CENTRAL
from doorstroom.scenario import Scenario, ScenarioFaults, Scheme, load_scenario
from doorstroom.shipped import shipped
from doorstroom.toml_files import read_toml

RESULTS: Final = Path("results")
COPY: Final = "study.toml"
"""Name under which a study keeps the file that it was asked by."""


@dataclass(frozen=True)
class Experiment:
    """A study as it is asked.

    Attributes
    ----------
    file : what a study file says, whether there is one or not
    scenarios : in the order of `file.scenarios`
    model : what is run
    origin : where files named in `file` are looked up from, and what messages name
    command : what makes the study again
    asked : the study file; empty for a comparison
    inputs : folder of the input set, where it isn't that of the package
    posterior : file of a fit, whose draws are taken
    """

    file: StudyFile
    scenarios: tuple[Scenario, ...]
    model: Model
    origin: Path
    command: str
    asked: str = ""
    inputs: Path | None = None
    posterior: Path | None = None

    @classmethod
    def from_file(cls, file: Path, model: Model | None = None) -> Experiment:
        """What a study file asks.

        Raises
        ------
        StudyFaults, ScenarioError
            Where the file, or one that it names, has faults.
        """
        typed, file = str(file), shipped(file)
        content = read_toml(file, StudyFaults, NEEDED)
        named = content.get("inputs")
        inputs = file.parent / named if isinstance(named, str) else None
        model = model or Model.of_the_country(inputs)
        regions = None if inputs is None else list(model.regions)[1:]
        scenarios, faults = _loaded(content.get("scenarios"), file, regions)
        try:
            asked = checked_study(content, file, {**model.known(), **_same_years(scenarios)})
        except StudyFaults as error:
            raise StudyFaults("\n".join(dict.fromkeys([*error.faults, *faults]))) from error
        if faults:
            raise ScenarioFaults("\n".join(dict.fromkeys(faults)))
        method = asked.method
        posterior = file.parent / method.posterior if isinstance(method, Draws) and method.posterior else None
        command = shlex.join(["doorstroom", "study", "run", typed])
        return cls(asked, scenarios, model, file, command, typed, inputs, posterior)

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], name: str = "study", model: Model | None = None) -> Experiment:
        """What a study file of this content would ask; its scenarios may be Scenario objects.

        Parameters
        ----------
        content : as a study file has it, such as `{"title": ..., "scenarios": [...], "method": {"name": "draws", ...}}`
        name : what messages call it

        Raises
        ------
        StudyFaults, ScenarioError
            Where the content, or a scenario that it names, has faults.
        """
        asked = dict(content)
        given = list(asked.get("scenarios", ()))
        asked["scenarios"] = [one.name if isinstance(one, Scenario) else str(one) for one in given]
        inputs = Path(asked["inputs"]) if isinstance(asked.get("inputs"), (str, Path)) else None
        model = model or Model.of_the_country(inputs)
        file = checked_study(asked, Path(name), model.known())
        regions = None if inputs is None else list(model.regions)[1:]
        loaded = tuple(one if isinstance(one, Scenario) else load_scenario(one, regions) for one in given)
        method = file.method
        posterior = Path(method.posterior) if isinstance(method, Draws) and method.posterior else None
        return cls(file, loaded, model, Path(name), f"{_FROM_PYTHON}{name}", "", inputs, posterior)

    @classmethod
    def compare(
        cls,
        scenarios: Sequence[str | Path | Scenario],
        *,
        draws: int = DRAWS,
        seeds: int = SEEDS,
        fraction: float = FRACTION,
        posterior: Path | None = None,
        inputs: Path | None = None,
        only: tuple[int, int] | None = None,
        matters: Mapping[str, float] = MappingProxyType({}),
        model: Model | None = None,
    ) -> Experiment:
        """The same draws and luck under several scenarios.

        Parameters
        ----------
        scenarios : names, files or Scenario objects; the first is the baseline. The same one twice is allowed.
        draws : samples of the parameters, draws 1..n; 0 is the central values alone
        seeds : streams of luck per draw
        fraction : part of the population that is modelled
        posterior : file of a fit, whose draws 1..n are taken instead of those of the priors
        inputs : folder of an input set; None is the one that comes with the package
        only : one (draw, seed) instead of all of them
        matters : smallest difference that matters by outcome: a part of its level, or of a ratio a difference in its
            own unit. It changes words, no number

        Raises
        ------
        ScenarioError
            Where a scenario has faults, or the numbers make no study.
        """
        _check_size(scenarios, draws, seeds, fraction, only or (CENTRAL, 1))
        model = model or Model.of_the_country(inputs)
        for name, smallest in matters.items():
            if name not in model.known()["outcomes"]:
                allowed = "an outcome's name in the dictionary of outcomes"
                raise ScenarioError(explain("comparison", "matters", name, allowed, model.known()["outcomes"]))
            if not 0.0 < smallest < math.inf:
                raise ScenarioError(explain("comparison", f"matters.{name}", smallest, "a number above 0"))
        regions = None if inputs is None else list(model.regions)[1:]
        loaded = tuple(one if isinstance(one, Scenario) else load_scenario(one, regions) for one in scenarios)
        names = tuple(one.name if isinstance(one, Scenario) else str(one) for one in scenarios)
        file = StudyFile(
            title=_versus([one.title for one in loaded]),
            scenarios=names,
            seeds=seeds,
            fraction=fraction,
            inputs=None if inputs is None else str(inputs),
            regions="all",
            matters=dict(matters),
            method=Draws(
                name="draws",
                draws=draws if only is None else min(only[0], 1),
                only=only[0] if only else None,
                stream=only[1] if only else None,
                posterior=None if posterior is None else str(posterior),
            ),
        )
        return cls(file, loaded, model, Path("comparison"), _command(file), "", inputs, posterior)

    @classmethod
    def kept(cls, folder: Path, manifest: Manifest, model: Model | None = None) -> Experiment:
        """What the folder of a study was asked, from the folder alone.

        Raises
        ------
        StoreError
            When this version of the model reads its scenarios otherwise than they were meant.
        """
        inputs = None if manifest.inputs_folder is None else Path(manifest.inputs_folder)
        scenarios = tuple(scenario_of(entry, folder) for entry in manifest.scenarios)
        return cls(
            file=manifest.file,
            scenarios=scenarios,
            model=model or Model.of_the_country(inputs),
            origin=folder / COPY,
            command=manifest.command,
            asked=manifest.asked,
            inputs=inputs,
            posterior=folder / POSTERIOR if manifest.posterior else None,
        )


def _check_size(scenarios: Sequence[object], draws: int, seeds: int, fraction: float, only: tuple[int, int]) -> None:
    """ScenarioError where a comparison asks for nothing, or for more than can be."""
    if not scenarios:
        raise ScenarioError("a comparison needs a scenario; found none")
    asked = {
        "draws": (draws, 0, MOST_DRAWS),
        "seeds": (seeds, 1, MOST_SEEDS),
        "draw": (only[0], 0, MOST_DRAWS),
        "seed": (only[1], 0, MOST_STREAM),
    }
    faults = [
        explain("comparison", name, found, f"a whole number from {least} to {most:,}")
        for name, (found, least, most) in asked.items()
        if not least <= found <= most
    ]
    if not LEAST_FRACTION <= fraction <= 1:
        faults.append(explain("comparison", "fraction", fraction, A_FRACTION))
    if faults:
        raise ScenarioError("\n".join(faults))


def scenario_of(entry: ScenarioEntry, folder: Path) -> Scenario:
    """A scenario as it was asked, from the manifest and not from today's file."""
    try:
        schemes = {name: _said(scheme) for name, scheme in entry.resolved["schemes"].items()}
        scenario = Scenario.model_validate_json(json.dumps({**entry.resolved, "schemes": schemes}))
        same = scenario.identity() == entry.identity
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        same = False  # by another version, or by hand
    if not same:
        raise StoreError(
            f"{folder}: scenario {entry.label}: this version of the model reads it otherwise than it was meant; "
            "read the study with the version that its manifest names"
        )
    return scenario


def _said(scheme: Mapping[str, Any]) -> dict[str, Any]:
    """What a scheme says besides defaults: some of these may be left out but not said, as a national line's regions."""
    defaults = {key: field.get_default() for key, field in Scheme.model_fields.items() if not field.is_required()}
    plain = {key: dict(value) if isinstance(value, Mapping) else value for key, value in defaults.items()}
    return {key: value for key, value in scheme.items() if key not in plain or value != plain[key]}


def folder_name(labels: Sequence[str], study: str) -> str:
    """The folder of a comparison, named after its question."""
    versus = "-".join(labels[1:4]) + (f"-and-{len(labels) - 4}-more" if len(labels) > 4 else "")
    name = f"{labels[0]}-vs-{versus}" if versus else labels[0]
    return re.sub(r"[^\w.-]+", "_", f"{name[:60]}-{study[:8]}")


def title_of(manifest: Manifest) -> str:
    """The title that a study has by its question; of a comparison it follows from its scenarios."""
    return _versus([one.title for one in manifest.scenarios]) if _is_comparison(manifest) else manifest.title


def command_of(manifest: Manifest) -> str:
    """The command that makes a study, by its question."""
    if manifest.asked:
        return shlex.join(["doorstroom", "study", "run", manifest.asked])
    return _command(manifest.file) if _is_comparison(manifest) else manifest.command


_FROM_PYTHON: Final = "a study from Python, "


def _is_comparison(manifest: Manifest) -> bool:
    return not manifest.asked and not manifest.command.startswith(_FROM_PYTHON)


def _versus(titles: Sequence[str]) -> str:
    return f"{titles[0]}, compared with {', '.join(titles[1:])}" if titles[1:] else titles[0]


def _command(file: StudyFile) -> str:
    method = file.method
    assert isinstance(method, Draws)
    inputs = None if file.inputs is None else Path(file.inputs)
    if len(file.scenarios) == 1 and method.posterior is None:
        seed = 1 if method.stream is None else method.stream
        return command_of_run(file.scenarios[0], method.only or CENTRAL, seed, file.fraction, inputs)
    # draws 1..n are asked by their number n, the central values by 0
    numbers = [f"--draws={method.draws}", f"--seeds={file.seeds}", option_of(file.fraction)]
    numbers += [] if method.posterior is None else [f"--posterior={method.posterior}"]
    numbers += [] if inputs is None else [f"--inputs={inputs}"]
    numbers += [f"--matters={name}={smallest!r}" for name, smallest in file.matters.items()]
    return shlex.join(["doorstroom", "compare", *file.scenarios, *numbers])


def _loaded(names: object, file: Path, regions: Sequence[str] | None) -> tuple[tuple[Scenario, ...], list[str]]:
    """The scenarios that a study file names, as far as they can be read, and the faults of the others."""
    scenarios, faults = [], []
    for name in names if isinstance(names, list) else ():
        if isinstance(name, str):
            try:
                scenarios.append(load_scenario(_beside(name, file), regions))
            except ScenarioFaults as error:
                faults += error.faults
    return tuple(scenarios), faults


def _same_years(scenarios: Sequence[Scenario]) -> dict[str, tuple[int, int]]:
    """The school years that outcomes may be asked of, where the scenarios agree on them."""
    years = {(one.years.first, one.years.last) for one in scenarios}
    return {"years": years.pop()} if len(years) == 1 else {}


def _beside(name: str, origin: Path) -> str | Path:
    """A scenario's file relative to the study file, or its bare name."""
    path = origin.parent / name
    return path if name.endswith(".toml") and path.is_file() else name
