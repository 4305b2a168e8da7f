"""To conduct a study: make what is missing of its runs, look, and go on until the indices have converged."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from doorstroom.errors import StoreError
from doorstroom.scenario import fixed_apart
from doorstroom.study.batch import say_if_compiling
from doorstroom.study.chunks import Pace, chunks
from doorstroom.study.compare import RESULTS
from doorstroom.study.execution import Died, Workers, interruptible, spread
from doorstroom.study.file import StudyFaults, StudyFile, load_study
from doorstroom.study.ledger import Ledger
from doorstroom.study.looks import look
from doorstroom.study.manifest import now
from doorstroom.study.meter import Meter
from doorstroom.study.model import Model
from doorstroom.study.plan import Plan, plan_of
from doorstroom.study.presence import Presence, present
from doorstroom.study.provenance import keep_parameters
from doorstroom.study.results import Results, read_points, save_points
from doorstroom.study.store import atomic
from doorstroom.study.study_manifest import COPY, StudyManifest
from doorstroom.study.work import Chunk, Made, make
from doorstroom.toml_files import read_toml


class Conducted(NamedTuple):
    """What came of conducting a study.

    Attributes
    ----------
    made, borrowed, failed : runs that were made now, taken over from other studies, and failed now
    """

    folder: Path
    results: Results
    made: int
    borrowed: int
    failed: int


def read(file: Path, model: Model | None = None) -> tuple[StudyFile, Model]:
    """A study file, and the model that it is about."""
    if model is None:
        inputs = read_toml(file, StudyFaults, "").get("inputs")
        model = Model.of_the_country(str(file.parent / inputs) if isinstance(inputs, str) else None)
    return load_study(file, model.known()), model


def folder_of(file: Path, out: Path | None = None) -> Path:
    """Where a study lands: a folder in results/ that is named after its file."""
    return RESULTS / file.stem if out is None else out


def found(asked: Path) -> tuple[Path, Path]:
    """The file and the folder of a study that was run, from either of them.

    Raises
    ------
    StoreError
        When it was not run, or its file is another one by now.
    """
    if not asked.is_dir():
        return asked, folder_of(asked)
    file, copy = Path(StudyManifest.load(asked).asked), asked / COPY
    if not file.is_file():
        return copy, asked
    if copy.is_file() and file.read_bytes() != copy.read_bytes():
        raise StoreError(
            f"{file}: has changed since the study in {asked} was run; run it as it is now with: "
            f"doorstroom study run {file} --out {asked}"
        )
    return file, asked


def conduct(
    file: Path,
    *,
    model: Model | None = None,
    processes: int | None = None,
    cluster: str | None = None,
    out: Path | None = None,
    going_on: bool = False,
    console: Console | None = None,
) -> Conducted:
    """Make the runs of a study that are not there yet, in its folder or in those beside it.

    Parameters
    ----------
    file : the study file
    model : what is run; None is technical education in the Netherlands
    processes : how many runs at a time; None is one per processor. Changes no result.
    cluster : address of a Dask scheduler, or "local"; None is this machine without Dask. Changes no result.
    out : folder of the study; None is results/ and the name of the file
    going_on : whether the runs have to be of this version of the model; otherwise they are all made anew where not

    Raises
    ------
    StudyFaults, ScenarioError, ParameterError
        Where the file, or one that it names, has faults. Nothing has been written then.
    StoreError
        When the folder can't be written, or belongs to another version of the model. What was made before is kept.
    KeyboardInterrupt
        After Ctrl-C, when the runs in progress are in the store.
    """
    console = console or Console(stderr=True, markup=False)
    asked, model = read(file, model)
    plan = plan_of(asked, model, file)
    for beware in fixed_apart([world.scenario for world in plan.worlds]):
        console.print(beware, soft_wrap=True)
    folder = folder_of(file, out)
    manifest = StudyManifest.of(plan, file)
    _refuse_two_versions(manifest, folder, going_on)
    plan = keeping_points(plan, manifest, folder)
    ledger = Ledger(plan, folder)
    if file.resolve() != (folder / COPY).resolve():
        with atomic(folder / COPY) as copy:
            copy.write(file.read_bytes())
    save_points(folder, plan, manifest)
    manifest.save(folder)
    keep_parameters(folder)
    borrowed = _borrow(ledger, plan)
    if borrowed:
        console.print(f"{borrowed:,} runs were found in other studies in {folder.parent}.")
    say_if_compiling(model.simulate, console)
    sizes = asked.method.sizes if asked.method.converges else asked.method.sizes[-1:]
    processes = os.cpu_count() or 1 if processes is None else processes
    with (
        Workers(processes, cluster) as workers,
        Meter(console, plan.upto(sizes[0])) as meter,
        interruptible() as stop,
        Presence(folder) as presence,
    ):
        making = _Making(ledger, workers, Pace(workers.count, plan), meter, presence, stop)
        for size in sizes:
            making.upto(plan.upto(size))
            if stop():
                raise KeyboardInterrupt
            results = Results.of(plan, manifest, ledger.readings(making.reached))
            if size < sizes[-1] and look(results).converged:
                break
    ledger.forgive()
    manifest = manifest.model_copy(update={"ended": now()})
    manifest.save(folder)
    results.save(folder, ledger.names(range(making.reached)))
    return Conducted(folder, results, making.made, borrowed, making.failed)


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
        self.ledger.keep(chunk.runs[result.at], result.values, result.seconds)
        for failure in result.failures:
            self.ledger.fail(int(chunk.runs[failure.at]), failure.error, failure.trace)
        self.pace.saw(len(chunk.runs), result.seconds)
        return len(result.at), len(result.failures)


def keeping_points(plan: Plan, manifest: StudyManifest, folder: Path) -> Plan:
    """The plan with the points that its folder has kept, so that another version of a library can't move them."""
    try:
        design, _ = read_points(folder, manifest)
    except Exception:  # not there, damaged, or of another design: they are made anew
        return plan
    return replace(plan, design=design)


def _refuse_two_versions(manifest: StudyManifest, folder: Path, going_on: bool) -> None:
    """Runs of two versions can't stand in one study, and two at work would replace each other's tables."""
    try:
        kept = StudyManifest.load(folder)
    except StoreError:
        return  # none, or a damaged one that is replaced
    if kept.code == manifest.code:
        return
    other = f"another version of the model (code {kept.code[:12]}, commit {(kept.commit or 'unknown')[:12]}; "
    other += f"here code {manifest.code[:12]})"
    anew = f"doorstroom study run {manifest.asked} --out FOLDER"
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


def _borrow(ledger: Ledger, plan: Plan) -> int:
    """Runs of the plan that studies beside this one have made."""
    folder = ledger.parts.folder
    try:
        others = sorted(other for other in folder.resolve().parent.iterdir() if (other / "runs").is_dir())
    except OSError as error:
        raise StoreError(f"{folder.parent}: can't be read: {error.strerror}") from error
    if len(others) < 2:
        return 0
    found = ledger.parts.borrow(ledger.names(ledger.visit(0, plan.runs)), others)
    ledger.look()
    return found
