"""A comparison: the same draws and seeds under several scenarios, the first of which is the baseline."""

from __future__ import annotations

import os
import re
import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from doorstroom.errors import ScenarioError, StoreError
from doorstroom.outcomes import COLUMN
from doorstroom.parameters import CENTRAL, Draw, draw_parameters
from doorstroom.scenario import Scenario, load_scenario
from doorstroom.study.batch import Done, Simulate, Task, command_of_run, execute, model_on, option_of
from doorstroom.study.effects import paired
from doorstroom.study.evidence.posterior import COPY, draw_of
from doorstroom.study.evidence.posterior import load as load_posterior
from doorstroom.study.evidence.posterior import save as save_posterior
from doorstroom.study.identity import digest, run_identity
from doorstroom.study.manifest import FILE, Machine, Manifest, RegionEntry, RunEntry, ScenarioEntry, now, plain, source
from doorstroom.study.store import Store

if TYPE_CHECKING:
    from doorstroom.inputs.sets import Inputs

Series = tuple[str, str]
RESULTS = Path("results")
_NEXT_STREAM = 10_000


class Panel(NamedTuple):
    """Some series of some regions in all runs of all scenarios.

    `levels[label]` has shape (runs, years, regions, series), runs in order of draw, then seed.
    """

    series: tuple[Series, ...]
    regions: tuple[int, ...]
    levels: dict[str, NDArray[np.float64]]

    def level(self, label: str, series: Series) -> NDArray[np.float64]:
        """One series of a scenario, shape (runs, years, regions)."""
        return self.levels[label][..., self.series.index(series)]


@dataclass(frozen=True)
class Comparison:
    """A finished study, read from its folder."""

    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: Path) -> Comparison:
        """The study kept in `folder`."""
        return cls(Path(folder), Manifest.load(folder))

    @property
    def labels(self) -> list[str]:
        """All scenarios, the baseline first."""
        return [scenario.label for scenario in self.manifest.scenarios]

    @property
    def baseline(self) -> str:
        """The scenario that effects are measured against."""
        return self.labels[0]

    @property
    def others(self) -> list[str]:
        """The scenarios that have an effect."""
        return self.labels[1:]

    @property
    def years(self) -> list[int]:
        """School years by the year of their 1 October."""
        return list(range(self.manifest.first_year, self.manifest.last_year + 1))

    @property
    def seeds(self) -> int:
        """Seeds per draw."""
        return self.manifest.seeds

    @property
    def runs(self) -> int:
        """Runs per scenario."""
        return len(self.manifest.draws) * self.seeds

    def panels(
        self, *wanted: tuple[Sequence[Series], Sequence[int]], labels: Sequence[str] | None = None
    ) -> list[Panel]:
        """For each pair (series, regions) the results of all runs; every run is read and verified once.

        `labels` are the scenarios that are read, by default all of them.

        Raises
        ------
        StoreError
            Where a run is not there or damaged, or the manifest tells of other years or regions than it holds.
        """
        store = Store(self.folder)
        cuts = [(np.array([COLUMN[one] for one in series]), np.array(regions)) for series, regions in wanted]
        levels: list[dict[str, NDArray[np.float64]]] = [{} for _ in wanted]
        for label in self.labels if labels is None else labels:
            parts: list[list[NDArray[np.float64]]] = [[] for _ in wanted]
            for identity in self.manifest.identities(label):
                values = store.read(identity).values
                self._check(values)
                for part, (columns, regions) in zip(parts, cuts, strict=True):
                    part.append(values[:, regions][:, :, columns])
            for level, part in zip(levels, parts, strict=True):
                level[label] = np.stack(part)
        return [
            Panel(tuple(series), tuple(regions), level) for (series, regions), level in zip(wanted, levels, strict=True)
        ]

    def _check(self, values: NDArray[np.float64]) -> None:
        told, held = (len(self.years), 1 + len(self.manifest.regions)), values.shape[:2]
        if told != held:
            raise StoreError(
                f"{self.folder / FILE}: tells of {told[0]} years and {told[1] - 1} regions, the runs hold {held[0]} "
                f"and {held[1] - 1}; it has been changed, make the study anew"
            )

    def effect(self, panel: Panel, label: str, series: Series) -> NDArray[np.float64]:
        """Paired effect of a scenario on one series, shape (runs, years, regions)."""
        return paired(panel.level(label, series), panel.level(self.baseline, series))


def run_study(
    scenarios: Sequence[str | Path | Scenario],
    *,
    seeds: int = 1,
    draws: int = 0,
    posterior: Path | None = None,
    only: tuple[int, int] | None = None,
    processes: int | None = None,
    fraction: float = 0.1,
    folder: Path | None = None,
    out: Path | None = None,
    simulate: Simulate | None = None,
    inputs: Inputs | None = None,
    console: Console | None = None,
) -> Comparison:
    """Run every scenario with the same draws and luck; runs that are stored and sound are not made again.

    Every draw has streams of luck of its own, else the luck of one stream would pass for certainty.

    Parameters
    ----------
    scenarios : names, files or Scenario objects; the first is the baseline. The same one twice is allowed.
    seeds : how many streams of luck per draw
    draws : how many samples of the parameters, draws 1..n; 0 is the central values alone
    posterior : file of a fit, whose draws 1..n are taken instead of those of the priors
    only : one (draw, seed) instead of all of them
    processes : how many runs at a time; None is one per processor
    fraction : part of the population that is modelled
    folder : of an input set; None is the one that comes with the package
    out : folder of the study; None is a folder in results/ named after the question
    simulate, inputs : what makes a run, and the identity and regions of its inputs; None is the model itself
    """
    if seeds < 1 or draws < 0 or not scenarios:
        raise ScenarioError(f"a study needs a scenario, seeds >= 1 and draws >= 0; found {seeds} seeds, {draws} draws")
    own = None if folder is None else _model(folder)  # its regions are those that scenarios may name
    regions = None if own is None else own[1].regions["name"].tolist()
    asked = [one if isinstance(one, Scenario) else load_scenario(one, regions) for one in scenarios]
    labels, names = labels_of(asked), _names(scenarios)
    if simulate is None or inputs is None:
        model, given = own or _model(None)
        simulate, inputs = simulate or model, inputs or given
    if own is not None:
        _check_years(asked, own[1])
    numbers = (only[0],) if only else _draws(draws)
    luck = [(only[1],) if only else streams(number, seeds) for number in numbers]
    values = [draw_of(number, posterior) for number in numbers]
    runs, tasks = _plan(asked, labels, names, numbers, values, luck, fraction, inputs.identity, folder)
    study = digest([labels[0], *((run.label, run.draw, run.seed, run.identity) for run in runs)])
    place = RESULTS / _folder_name(labels, study) if out is None else Path(out)
    processes = max(os.cpu_count() or 1 if processes is None else processes, 1)
    store = Store(place)
    store.sweep()
    manifest = Manifest(
        study=study,
        command=_command(names, numbers, luck, fraction, posterior, folder),
        posterior=None if posterior is None else load_posterior(posterior).about["sha256"],
        first_year=asked[0].years.first,
        last_year=asked[0].years.last,
        fraction=fraction,
        draws=numbers,
        seeds=len(luck[0]),
        scenarios=tuple(entry_of(one, label, asked[0]) for one, label in zip(asked, labels, strict=True)),
        inputs=inputs.identity,
        inputs_folder=None if folder is None else str(folder.resolve()),
        code=source()[0],
        commit=source()[1],
        machine=Machine.here(),
        processes=processes,
        started=now(),
        ended=None,
        regions=_regions(inputs),
        runs=_with_times(runs, _known_times(place)),
    )
    manifest.save(place)
    if posterior is not None:
        save_posterior(load_posterior(posterior), place / COPY)
    missing = [task for task in tasks if store.holds(task.identity) is None]
    times: dict[str, float] = {}

    def note(done: Done) -> None:
        times[done.task.identity] = round(done.seconds, 3)

    try:
        execute(missing, store, simulate=simulate, processes=processes, console=console, finished=note)
    finally:
        # also after a failure: what was finished is worth knowing
        known = {run.identity: run.seconds for run in manifest.runs if run.seconds is not None} | times
        whole = all(run.identity in known or store.path(run.identity).exists() for run in runs)
        ended = now() if whole else None
        manifest = manifest.model_copy(update={"ended": ended, "runs": _with_times(runs, known)})
        manifest.save(place)
    return Comparison(place, manifest)


def _model(folder: Path | None) -> tuple[Simulate, Inputs]:
    """The model and its inputs."""
    from doorstroom.inputs.sets import load_inputs

    return model_on(folder), load_inputs(folder)


def _check_years(scenarios: Sequence[Scenario], inputs: Inputs) -> None:
    """A set of another year is refused before anything is written."""
    from doorstroom.education import check_start

    for scenario in scenarios:
        check_start(scenario, inputs)


def _draws(draws: int) -> tuple[int, ...]:
    return (CENTRAL,) if draws == 0 else tuple(range(1, draws + 1))


def streams(draw: int, seeds: int) -> tuple[int, ...]:
    """Streams of luck of a draw: its own number, and on from there in steps of `_NEXT_STREAM`; 1..n of draw 0.

    More seeds or more draws keep the streams of fewer.
    """
    if draw == CENTRAL:
        return tuple(range(1, seeds + 1))
    return tuple(range(draw, draw + seeds * _NEXT_STREAM, _NEXT_STREAM))


def labels_of(scenarios: Sequence[Scenario]) -> list[str]:
    """Names of scenarios, numbered where one is asked twice."""
    seen: Counter[str] = Counter()
    labels = []
    for scenario in scenarios:
        seen[scenario.name] += 1
        again = seen[scenario.name]
        labels.append(scenario.name if again == 1 else f"{scenario.name} ({again})")
    return labels


def _plan(
    scenarios: Sequence[Scenario],
    labels: Sequence[str],
    names: Sequence[str],
    draws: Sequence[int],
    values: Sequence[Draw],
    luck: Sequence[Sequence[int]],
    fraction: float,
    inputs: str,
    folder: Path | None,
) -> tuple[list[RunEntry], list[Task]]:
    """All runs of the study, draw by draw, so that a study that is stopped half-way holds whole comparisons."""
    years = {(scenario.years.first, scenario.years.last) for scenario in scenarios}
    if len(years) > 1:
        raise ScenarioError(f"scenarios can only be compared over the same years, found {sorted(years)}")
    code = source()[0]
    identities = [scenario.identity() for scenario in scenarios]
    runs, tasks = [], []
    for draw, own, seeds in zip(draws, values, luck, strict=True):
        parameters = draw_parameters(own).identity()
        for seed in seeds:
            for scenario, label, name, hashed in zip(scenarios, labels, names, identities, strict=True):
                identity = run_identity(
                    scenario=hashed, parameters=parameters, seed=seed, fraction=fraction, inputs=inputs, code=code
                )
                runs.append(
                    RunEntry(label=label, draw=draw, seed=seed, parameters=parameters, identity=identity, seconds=None)
                )
                tasks.append(Task(label, name, scenario, own, seed, fraction, identity, folder))
    return runs, tasks


def entry_of(scenario: Scenario, label: str, baseline: Scenario) -> ScenarioEntry:
    """A scenario as manifests keep it."""
    return ScenarioEntry(
        label=label,
        name=scenario.name,
        title=scenario.title,
        question=scenario.question,
        changes=scenario.changes,
        identity=scenario.identity(),
        differs_from=baseline.first_difference(scenario),
        resolved=plain(scenario.model_dump(mode="json")),
    )


def _regions(inputs: Inputs) -> tuple[RegionEntry, ...]:
    table = inputs.regions[["region", "name", "lat", "lon"]].sort_values("region")
    return tuple(
        RegionEntry(region=int(row.region), name=str(row.name), lat=float(row.lat), lon=float(row.lon))
        for row in table.itertuples(index=False, name="Row")
    )


def _names(scenarios: Sequence[str | Path | Scenario]) -> list[str]:
    """Scenarios as the user named them."""
    return [one.name if isinstance(one, Scenario) else str(one) for one in scenarios]


def _command(
    names: Sequence[str],
    draws: Sequence[int],
    luck: Sequence[Sequence[int]],
    fraction: float,
    posterior: Path | None,
    inputs: Path | None,
) -> str:
    """The command that makes this study again."""
    if len(names) == len(draws) == len(luck[0]) == 1 and posterior is None:
        return command_of_run(names[0], draws[0], luck[0][0], fraction, inputs)
    # draws 1..n are asked by their number n, the central values by 0
    numbers = [f"--draws={draws[-1]}", f"--seeds={len(luck[0])}", option_of(fraction)]
    numbers += [] if posterior is None else [f"--posterior={posterior}"]
    numbers += [] if inputs is None else [f"--inputs={inputs}"]
    return shlex.join(["doorstroom", "compare", *names, *numbers])


def _folder_name(labels: Sequence[str], study: str) -> str:
    versus = "-".join(labels[1:4]) + (f"-and-{len(labels) - 4}-more" if len(labels) > 4 else "")
    name = f"{labels[0]}-vs-{versus}" if versus else labels[0]
    return re.sub(r"[^\w.-]+", "_", f"{name[:120]}-{study[:8]}")


def _known_times(folder: Path) -> dict[str, float]:
    """How long earlier runs in this folder took; an unreadable manifest is replaced, not trusted."""
    try:
        runs = Manifest.load(folder).runs
    except StoreError:
        return {}
    return {run.identity: run.seconds for run in runs if run.seconds is not None}


def _with_times(runs: Sequence[RunEntry], known: dict[str, float]) -> tuple[RunEntry, ...]:
    return tuple(run.model_copy(update={"seconds": known.get(run.identity)}) for run in runs)
