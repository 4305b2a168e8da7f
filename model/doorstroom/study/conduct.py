"""To conduct a study: make what is missing of its runs, look, and go on until the indices have converged."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from doorstroom.errors import StoreError
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
from doorstroom.study.presence import Presence
from doorstroom.study.results import Results, read_points, save_points
from doorstroom.study.store import atomic
from doorstroom.study.study_manifest import COPY, StudyManifest
from doorstroom.study.work import Chunk, make
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

    Raises
    ------
    StudyFaults, ScenarioError, ParameterError
        Where the file, or one that it names, has faults. Nothing has been written then.
    StoreError
        When the folder can't be written. What was made before is kept.
    KeyboardInterrupt
        After Ctrl-C, when the runs in progress are in the store.
    """
    console = console or Console(stderr=True)
    asked, model = read(file, model)
    plan = plan_of(asked, model, file)
    folder = folder_of(file, out)
    manifest = StudyManifest.of(plan, file)
    plan = keeping_points(plan, manifest, folder)
    ledger = Ledger(plan, folder)
    if file.resolve() != (folder / COPY).resolve():
        with atomic(folder / COPY) as copy:
            copy.write(file.read_bytes())
    save_points(folder, plan, manifest)
    manifest.save(folder)
    borrowed = _borrow(ledger, plan)
    if borrowed:
        console.print(f"{borrowed:,} runs were found in other studies in {folder.parent}.")
    say_if_compiling(model.simulate, console)
    sizes = asked.method.sizes if asked.method.converges else asked.method.sizes[-1:]
    processes = os.cpu_count() or 1 if processes is None else processes
    made = failed = first = 0
    with (
        Workers(processes, cluster) as workers,
        Meter(console, plan.upto(sizes[0])) as meter,
        interruptible() as stop,
        Presence(folder) as presence,
    ):
        pace = Pace(workers.count, plan)
        for size in sizes:
            last = plan.upto(size)
            new, wrong = _make(ledger, first, last, workers, pace, meter, presence, stop)
            made, failed, first = made + new, failed + wrong, last
            if stop():
                raise KeyboardInterrupt
            results = Results.of(plan, manifest, ledger.readings(last))
            if size < sizes[-1] and look(results).converged:
                break
    ledger.forgive()
    manifest = manifest.model_copy(update={"ended": now()})
    manifest.save(folder)
    results.save(folder, ledger.names(range(first)))
    return Conducted(folder, results, made, borrowed, failed)


def _make(
    ledger: Ledger,
    first: int,
    last: int,
    workers: Workers,
    pace: Pace,
    meter: Meter,
    presence: Presence,
    stop: Callable[[], bool],
) -> tuple[int, int]:
    """Make what is missing of the runs first..last-1; gives how many were made and how many failed."""
    made = failed = 0
    tell = meter.stopping_if(stop)

    def tick() -> None:
        tell()
        presence.beat(made, failed)
        meter.show_now_and_then(lambda: (*ledger.count(0, last), last))

    offset = presence.offset(last - first)
    jobs = chunks(ledger, first, last, pace, offset=offset)
    for chunk, result in spread(jobs, make, workers, split=Chunk.split, stop=stop, tick=tick):
        if isinstance(result, Died):
            ledger.fail(int(chunk.runs[0]), f"its worker process died: {result.reason}", "")
            failed += 1
        else:
            ledger.keep(chunk.runs[result.at], result.values, result.seconds)
            for failure in result.failures:
                ledger.fail(int(chunk.runs[failure.at]), failure.error, failure.trace)
            pace.saw(len(chunk.runs), result.seconds)
            made, failed = made + len(result.at), failed + len(result.failures)
    meter.show(*ledger.count(0, last), last)
    return made, failed


def keeping_points(plan: Plan, manifest: StudyManifest, folder: Path) -> Plan:
    """The plan with the points that its folder has kept, so that another version of a library can't move them."""
    try:
        design, _ = read_points(folder, manifest)
    except Exception:  # not there, damaged, or of another design: they are made anew
        return plan
    return replace(plan, design=design)


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
