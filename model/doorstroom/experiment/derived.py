"""What follows from the question of a study and from its runs, made again and held against what its folder says.

A checksum beside a file proves little: who changes the one can change the other. So nothing that can be derived is
trusted. From the manifest's question follow the study's identity, its design, the values of its parameters, the
identity of every run and their order; from the runs follow the readings and runs.csv. What can't be derived (dates, the
commit, the machine) stands in the manifest, whose seal is printed in the citation.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from doorstroom.errors import DoorstroomError, StoreError
from doorstroom.experiment import checksums
from doorstroom.experiment.experiment import command_of, title_of
from doorstroom.experiment.manifest import FILE, Machine
from doorstroom.experiment.plan import Plan, manifest_of, plan_of
from doorstroom.experiment.results import POINTS, RUNS
from doorstroom.experiment.run import keeping_points
from doorstroom.experiment.run_index import failures
from doorstroom.experiment.stored import Kept

_CIRCUMSTANCES: Final = frozenset(
    ("asked", "command", "commit", "content", "ended", "failed", "inputs_folder", "kept", "machine", "seconds",
     "started", "swhid")
)  # fmt: skip
"""What doesn't follow from the question."""
_LAST_BITS: Final = 1e-9
"""Of a parameter's value, where another version of a library draws it."""


def faults(study: Kept) -> list[str]:
    """What in a study's folder isn't what its question and its runs give, one line each."""
    folder, manifest = study.results.folder, study.results.manifest
    try:
        fresh = plan_of(study.experiment)
    except (DoorstroomError, KeyError) as error:
        return [f"{folder / FILE}: what it asks can't be planned with this version of the model: {error}"]
    found = [f"{folder / name}: {told}" for name, told in _question(study, fresh)]
    if not found:
        plan = keeping_points(fresh, manifest, folder)
        found = [f"{folder / name}: {told}" for name, told in (*_table(study, plan), *_runs(study))]
    return found


def _question(study: Kept, fresh: Plan) -> Iterator[tuple[str, str]]:
    """The manifest, the points of the design, and the copies of what was asked."""
    results, again = study.results, manifest_of(fresh)
    manifest, folder = results.manifest, results.folder
    for key in type(manifest).model_fields.keys() - _CIRCUMSTANCES:
        if getattr(manifest, key) != getattr(again, key):
            yield FILE, f"its {key} isn't what its question gives"
    if (title_of(manifest), command_of(manifest)) != (manifest.title, manifest.command):
        yield FILE, "its title or its command isn't that of its question"
    same = manifest.machine.packages == Machine.here().packages
    points = len(results.values)
    asked, kept = fresh.sample[:points], results.values
    close = asked.shape == kept.shape and np.allclose(asked, kept, rtol=0.0 if same else _LAST_BITS, atol=0.0)
    unit, kept_unit = fresh.design.unit[:points], results.design.unit
    within = unit.shape == kept_unit.shape and np.allclose(
        unit, kept_unit, rtol=0.0, atol=0.0 if same else _LAST_BITS, equal_nan=True
    )
    rest = np.array_equal(fresh.design.block[:points], results.design.block)
    rest &= np.array_equal(fresh.design.independent[:points], results.design.independent)
    if not (close and within and rest):
        yield POINTS, "its points aren't those of the design"
    for name, checksum in manifest.kept.items():
        path = folder / name
        if not path.is_file():
            yield name, "is gone"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != checksum:
            yield name, "was changed since the study was made"


def _table(study: Kept, plan: Plan) -> Iterator[tuple[str, str]]:
    """Which runs there are, in which order, under which names."""
    results, manifest = study.results, study.results.manifest
    reached, method = results.made.size, manifest.file.method
    sizes = method.sizes if method.converges else method.sizes[-1:]
    if reached not in {plan.upto(size) for size in sizes}:
        yield RUNS, f"{reached:,} runs, which isn't what was asked: {manifest.runs:,}"
        return
    if plan.identities(0, reached) != list(results.identities):
        yield RUNS, "its runs, or their order, aren't those of the question"
    if not np.array_equal(plan.streams[: len(results.streams)], results.streams):
        yield RUNS, "its streams of luck aren't those of the question"
    missing = [run for run, there in zip(results.identities, results.made.ravel(), strict=True) if not there]
    if len(missing) != manifest.failed:
        yield RUNS, f"{len(missing)} runs aren't there, and {manifest.failed} failed"
    if any(run in study.shelf for run in missing):
        yield RUNS, "tells of runs that failed, and they are there"
    for failure in failures(results.folder):
        if failure["identity"] not in missing:
            yield f"failures/{failure['identity']}.json", "tells of a run that didn't fail"
    with tempfile.TemporaryDirectory() as place:
        replace(results, folder=Path(place), readings=_readings(study, plan)).save()
        now, then = (pq.read_table(folder / RUNS) for folder in (Path(place), results.folder))
        if not (now.schema.equals(then.schema, check_metadata=True) and now.to_pandas().equals(then.to_pandas())):
            yield RUNS, "isn't what the runs give"


def _readings(study: Kept, plan: Plan) -> NDArray[np.float64]:
    """What the study asks of its runs, from the runs; as they stand where the runs aren't there."""
    results = study.results
    if not results.outcomes or not study.has_runs:
        return results.readings
    places: dict[str, list[int]] = {}
    for at, (run, made) in enumerate(zip(results.identities, results.made.ravel(), strict=True)):
        if made and run in study.shelf:
            places.setdefault(run, []).append(at)
    readings = np.full((results.made.size, len(results.outcomes)), np.nan)
    for run, values, _ in study.shelf.each(places):
        readings[places[run]] = plan.readings(values[None])[0]
    return readings.reshape(results.readings.shape)


def _runs(study: Kept) -> Iterator[tuple[str, str]]:
    """The numbers of the runs, bound by runs.csv and by the manifest."""
    results, manifest = study.results, study.results.manifest
    path = results.folder / checksums.FILE
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    if study.has_runs:
        try:
            text = checksums.rows_of(results)
        except StoreError as error:
            yield "runs", str(error)
            return
        if kept and text != kept:
            yield checksums.FILE, "isn't what the stored runs give"
    else:
        text = kept
        if study.proofs.keys() != {run.identity for run in study.runs}:
            yield checksums.FILE, "its runs aren't those of the study"
    if manifest.content is not None and checksums.root_of(text) != manifest.content:
        yield "runs", "their numbers aren't those that the manifest is sealed over"
