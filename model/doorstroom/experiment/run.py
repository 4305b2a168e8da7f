"""Conducting an experiment: make what is missing of its runs, look, and go on until the indices have converged."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console

from doorstroom.errors import StoreError
from doorstroom.experiment import checksums
from doorstroom.experiment.batches import Pace, chunks
from doorstroom.experiment.convergence_checks import look
from doorstroom.experiment.design.draws import Draws
from doorstroom.experiment.experiment import COPY, RESULTS, Experiment, folder_name
from doorstroom.experiment.heartbeat import Presence, present
from doorstroom.experiment.manifest import Manifest, holds_a_study, now
from doorstroom.experiment.model import Model, Simulate
from doorstroom.experiment.plan import Plan, manifest_of, plan_of
from doorstroom.experiment.posterior import COPY as POSTERIOR
from doorstroom.experiment.posterior import load as load_posterior
from doorstroom.experiment.posterior import save as save_posterior
from doorstroom.experiment.progress import Meter
from doorstroom.experiment.provenance import PARAMETERS, keep_parameters
from doorstroom.experiment.results import POINTS, RUNS, Results, read_points, save_points
from doorstroom.experiment.run_index import Ledger
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.experiment.worker import Chunk, Made, make
from doorstroom.experiment.workers import Died, Workers, interruptible, processors, refuse_in_starting_worker, spread
from doorstroom.machine_code import is_compiled
from doorstroom.scenario import fixed_apart, in_place_of_shipped
from doorstroom.shipped import shipped

_MANY: Final = 20_000
"""Draws of which planning alone takes a while."""

REPORTED: Final = (
    RUNS, POINTS, "runs.csv", "effects.csv", "outcomes.csv", "report.html", "study.md", "CITATION.cff",
    "reference.bib", "ro-crate-metadata.json", "figures", "tables", "analyses",
)  # fmt: skip
"""Results and reports, which are of one study and are removed before another takes its folder."""
_FORMS: Final = (".csv", ".docx", ".md", ".pdf", ".png", ".svg", ".tex", ".xlsx")
"""Of the files in those that are folders."""


_MADE_WITH: Final = ("started", "ended", "seconds", "commit", "swhid", "machine")
"""What a manifest says of the circumstances in which runs were made."""


class Conducted(NamedTuple):
    """What came of conducting an experiment.

    Attributes
    ----------
    made, borrowed, failed : runs that were made now, taken over from other studies, and failed now
    """

    folder: Path
    results: Results
    made: int
    borrowed: int
    failed: int


def found(asked: Path, model: Model | None = None) -> tuple[Experiment, Path]:
    """The experiment and the folder of a study that was run, from its folder or its file.

    Raises
    ------
    StoreError
        When it was not run, or its file is another one by now.
    """
    if not asked.is_dir():
        return Experiment.from_file(asked, model), folder_of(asked)
    manifest = Manifest.load(asked)
    file, copy = shipped(manifest.asked), asked / COPY
    if manifest.asked and file.is_file() and copy.is_file():
        if file.read_bytes() != copy.read_bytes():
            raise StoreError(
                f"{file}: has changed since the study in {asked} was run; run it as it is now with: "
                f"doorstroom study run {file} --out {asked}"
            )
        return Experiment.from_file(Path(manifest.asked), model), asked
    return Experiment.kept(asked, manifest, model), asked


def folder_of(file: Path, out: Path | None = None) -> Path:
    """Where the study of a file lands: a folder in results/ that is named after it."""
    return RESULTS / file.stem if out is None else out


def conduct(
    experiment: Experiment,
    *,
    out: Path | None = None,
    processes: int | None = None,
    cluster: str | None = None,
    going_on: bool = False,
    console: Console | None = None,
) -> Conducted:
    """Make the runs of an experiment that are not there yet, in its folder or in those beside it.

    A run that fails is written down, and the others go on.

    Parameters
    ----------
    out : folder of the study; None is one in results/ that is named after the study file or the question
    processes : how many runs at a time; None is one per processor. Changes no result.
    cluster : address of a Dask scheduler, or "local"; None is this machine without Dask. Changes no result.
    going_on : whether the runs have to be of this version of the model; otherwise they are all made anew where not

    Raises
    ------
    StudyFaults, ScenarioError, ParameterError
        Where scenarios, factors or outcomes don't fit. Nothing has been written then.
    StoreError
        When the folder can't be written, or holds another study. What was made before is kept.
    KeyboardInterrupt
        After Ctrl-C, when the runs in progress are in the store.
    """
    console = console or Console(stderr=True, markup=False)
    refuse_in_starting_worker()
    if isinstance(experiment.file.method, Draws) and experiment.file.method.draws >= _MANY:
        console.print(f"{experiment.file.method.draws:,} draws: planning them, and looking which are there already.")
    plan = plan_of(experiment)
    in_place = in_place_of_shipped(experiment.file.scenarios)
    for beware in (*fixed_apart([world.scenario for world in plan.worlds]), *in_place):
        console.print(beware, soft_wrap=True)
    manifest = manifest_of(plan)
    if out is None and experiment.asked:
        out = folder_of(Path(experiment.asked))
    folder = out or RESULTS / folder_name(plan.labels, manifest.study)
    manifest, before = _take(folder, manifest, going_on=going_on)
    plan = keeping_points(plan, manifest, folder)
    made(folder, "the study folder")
    _keep_question(experiment, folder)
    save_points(folder, plan, manifest)
    keep_parameters(folder)
    manifest = manifest.model_copy(update={"kept": kept_files(folder)})
    manifest.save(folder)
    ledger = Ledger(plan, folder)
    borrowed = _borrow(ledger, plan)
    if borrowed:
        console.print(f"{borrowed:,} runs were found in other studies in {folder.parent}.")
    method = experiment.file.method
    sizes = method.sizes if method.converges else method.sizes[-1:]

    def enough(reached: int) -> bool:
        return look(Results.of(plan, manifest, folder, ledger, reached)).converged

    making = fill(
        ledger, [plan.upto(size) for size in sizes], enough, processes=processes, cluster=cluster, console=console
    )
    ledger.forgive()
    reached = making.reached
    _, failed = ledger.count(0, reached)
    seconds = round(ledger.seconds / ledger.timed, 3) if ledger.timed else None
    results = Results.of(plan, manifest, folder, ledger, reached)
    results.save()
    found = {"ended": now(), "failed": failed, "content": checksums.write(results), "seconds": seconds}
    if before is not None and before.content == found["content"] and before.failed == failed:
        # nothing came of it that wasn't there: what was cited stays as it was made
        found |= {key: getattr(before, key) for key in _MADE_WITH}
    manifest = manifest.model_copy(update=found)
    manifest.save(folder)
    results = replace(results, manifest=manifest)
    return Conducted(folder, results, making.made, borrowed, making.failed)


def fill(
    ledger: Ledger,
    stops: Sequence[int],
    enough: Callable[[int], bool] = lambda reached: False,
    *,
    processes: int | None = None,
    cluster: str | None = None,
    console: Console | None = None,
) -> _Making:
    """Make what is missing of the first runs of a plan.

    Parameters
    ----------
    stops : numbers of runs after which `enough` is asked whether it may end there
    """
    console = console or Console(stderr=True, markup=False)
    plan = ledger.plan
    say_if_compiling(plan.model.simulate, console)
    processes = processes or processors()
    script = b"__main__" in pickle.dumps((plan.model.simulate, plan.model.family))
    with (
        Workers(min(processes, plan.runs), cluster, script=script) as workers,
        Meter(console, stops[0]) as meter,
        interruptible() as stop,
        Presence(ledger.store.folder) as presence,
    ):
        making = _Making(ledger, workers, Pace(workers.count, plan), meter, presence, stop)
        try:
            for last in stops:
                making.upto(last)
                if stop():
                    raise KeyboardInterrupt
                if last < stops[-1] and enough(last):
                    break
        finally:
            ledger.store.write_index()
    return making


@dataclass
class _Making:
    """The runs of a ledger in the making; `reached` of them, in the order of the plan, need no more thought."""

    ledger: Ledger
    workers: Workers
    pace: Pace
    meter: Meter
    presence: Presence
    stop: Callable[[], bool]
    made: int = 0
    failed: int = 0
    reached: int = 0

    def upto(self, last: int) -> None:
        """Make what is missing of the first `last` runs, or as many of them as Ctrl-C leaves time for."""
        jobs = chunks(self.ledger, self.reached, last, self.pace, shuffled=self.presence.joins)
        tell = self.meter.stopping_if(self.stop)

        def tick() -> None:
            tell()
            self.presence.beat()
            self.meter.show_now_and_then(lambda: (*self.ledger.count(0, last), last))

        for chunk, result in spread(jobs, make, self.workers, split=Chunk.split, stop=self.stop, tick=tick):
            made, failed = self._take_in(chunk, result)
            self.made += made
            self.failed += failed
            self.presence.add(made, failed)
        self.meter.show(*self.ledger.count(0, last), last)
        self.reached = last

    def _take_in(self, chunk: Chunk, result: Made | Died) -> tuple[int, int]:
        """Keep what came of a chunk; gives how many runs were made and how many failed."""
        if isinstance(result, Died):
            self.ledger.fail(int(chunk.runs[0]), f"its worker process died: {result.reason}", "")
            return 0, 1
        self.ledger.keep(chunk.runs[result.at], result.values, result.checksums, result.seconds)
        for failure in result.failures:
            self.ledger.fail(int(chunk.runs[failure.at]), failure.error, failure.trace)
        self.pace.saw(len(chunk.runs), result.seconds)
        return len(result.at), len(result.failures)


def keeping_points(plan: Plan, manifest: Manifest, folder: Path) -> Plan:
    """The plan with the points that its folder has kept, so that another version of a library can't move them."""
    try:
        design, _ = read_points(folder, manifest)
    except Exception:  # not there, damaged, or of another design: they are made anew
        return plan
    return replace(plan, design=design)


def say_if_compiling(simulate: Simulate, console: Console) -> None:
    """Numba compiles on first use; a simulate of somebody else's has nothing to compile."""
    if not str(getattr(getattr(simulate, "func", simulate), "__module__", "")).startswith("doorstroom."):
        return
    if not is_compiled():
        console.print("First use: compiling the model's equations to machine code. This takes a minute, once.")


def _take(folder: Path, manifest: Manifest, *, going_on: bool) -> tuple[Manifest, Manifest | None]:
    """Make sure that a folder is this study's; gives the manifest, begun when that in the folder was, and the latter.

    One folder holds one study. The same question asked larger, of other scenario files or with another version of the
    model takes the place of what was there: results and reports of before are removed first, so that no old number
    stands under the new title. Its runs stay; those that have equal identities are taken over.
    """
    if not holds_a_study(folder):
        if (folder / "runs").is_dir():
            _clear(folder)
        return manifest, None
    kept = Manifest.load(folder)
    same = (kept.asked, kept.file.method.name, [one.label for one in kept.scenarios])
    if kept.study == manifest.study:
        return manifest.model_copy(update={"started": kept.started, "command": manifest.command}), kept
    if (manifest.asked, manifest.file.method.name, [one.label for one in manifest.scenarios]) != same and (
        not manifest.asked or kept.asked != manifest.asked
    ):
        raise StoreError(
            f"{folder}: holds another study ({kept.title}, {kept.study[:12]}), and a folder holds one; name another "
            "with --out, or remove this one"
        )
    _refuse_two_versions(kept, manifest, folder, going_on=going_on)
    _clear(folder)
    return manifest, None


def _clear(folder: Path) -> None:
    """Remove results and reports, which the runs and the manifest can give again; what is not ours stays.

    Of a link that leads elsewhere goes the link, and nothing of what it leads to.
    """
    for name in REPORTED:
        path = folder / name
        inside = os.walk(path) if path.is_dir() and not path.is_symlink() else ()
        files = [Path(place) / one for place, _, names in inside for one in names if Path(one).suffix in _FORMS]
        files += [] if path.is_dir() and not path.is_symlink() else [path]
        for file in files:
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(
                    f"{file}: can't be removed: {error.strerror}; name another folder with --out"
                ) from error


def _refuse_two_versions(kept: Manifest, manifest: Manifest, folder: Path, *, going_on: bool) -> None:
    """Runs of two versions can't stand in one study, and two at work would replace each other's tables."""
    if kept.code == manifest.code:
        return
    other = f"another version of the model (code {kept.code[:12]}, commit {(kept.commit or 'unknown')[:12]}; "
    other += f"here code {manifest.code[:12]})"
    anew = f"{manifest.command} --out FOLDER"
    if present(folder):
        raise StoreError(
            f"{folder}: {other} is at work on this study, or was a minute ago; wait until it has ended, use that "
            f"version here too, or make the runs of this one in another folder: {anew}"
        )
    if going_on:
        raise StoreError(
            f"{folder}: was made with {other}, whose runs and today's can't stand in one study; go on with that "
            f"version, or make all runs anew: {anew}"
        )


def _keep_question(experiment: Experiment, folder: Path) -> None:
    """A copy of the study file and of the fit whose draws are taken."""
    file = shipped(experiment.asked)
    if experiment.asked and file.is_file() and file.resolve() != (folder / COPY).resolve():
        with atomic(folder / COPY) as copy:
            copy.write(file.read_bytes())
    if experiment.posterior is not None and experiment.posterior.resolve() != (folder / POSTERIOR).resolve():
        save_posterior(load_posterior(experiment.posterior), folder / POSTERIOR)


def kept_files(folder: Path) -> dict[str, str]:
    """SHA-256 of the copies that say what was asked and with which parameters, by name."""
    names = (COPY, POSTERIOR, PARAMETERS)
    return {name: sha256((folder / name).read_bytes()).hexdigest() for name in names if (folder / name).is_file()}


def _borrow(ledger: Ledger, plan: Plan) -> int:
    """Runs of the plan that studies beside this one have made."""
    folder = ledger.store.folder
    others = []
    try:
        for other in sorted(folder.resolve().parent.iterdir()):
            if os.access(other, os.R_OK | os.X_OK) and (other / "runs").is_dir():
                others.append(other)
    except OSError as error:
        raise StoreError(f"{folder.parent}: can't be read: {error.strerror}") from error
    if len(others) < 2:
        return 0
    found = ledger.store.borrow(ledger.names(ledger.visit(0, plan.runs)), others)
    ledger.look()
    return found
