"""What the folder of a study keeps, in one form for comparisons and for studies from a file.

Everything is taken from the folder: scenarios as they were asked, draws as they were drawn, runs as they were made.
Today's scenario files and today's study file may say something else by now.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.errors import StoreError
from doorstroom.outcomes import SERIES
from doorstroom.parameters import Draw
from doorstroom.scenario import Scenario, Scheme
from doorstroom.study import proof as proofs
from doorstroom.study import study_manifest
from doorstroom.study.evidence.posterior import COPY, draw_of
from doorstroom.study.ledger import failures
from doorstroom.study.manifest import FILE, Manifest, Origin, ScenarioEntry
from doorstroom.study.parts import Shelf
from doorstroom.study.plan import in_structure
from doorstroom.study.results import Results, identities
from doorstroom.study.store import Store
from doorstroom.study.study_manifest import StudyManifest
from doorstroom.study.table import Layout

Floats = NDArray[np.float64]

Judge = Callable[[Floats], str]
"""Says how a run made again, shape (years, 1 + regions, series), differs from the kept one; "" if it doesn't."""


class KeptRun(NamedTuple):
    """A run of a study: its name in words, and what it takes to make it again."""

    name: str
    identity: str
    scenario: Scenario
    draw: Callable[[], Draw]
    seed: int


class Kept(NamedTuple):
    """A study as its folder keeps it.

    Attributes
    ----------
    inputs : folder of the input set where it isn't that of the package
    runs : in the order of the study
    judge : what the folder says of a run; StoreError where it says nothing, or nothing sound
    """

    manifest: Origin
    inputs: Path | None
    fraction: float
    runs: list[KeptRun]
    judge: Callable[[KeptRun], Judge]


def manifest_of(folder: Path) -> Manifest | StudyManifest:
    """The manifest of a study of either kind.

    Raises
    ------
    StoreError
        When the folder holds no study, or its manifest can't be understood.
    """
    if (folder / study_manifest.FILE).exists():
        return StudyManifest.load(folder)
    return Manifest.load(folder)


def kept(folder: Path) -> Kept:
    """What a folder keeps.

    Raises
    ------
    StoreError
        When it holds no study, an unfinished one, or scenarios that this version of the model reads otherwise.
    """
    folder, manifest = Path(folder), manifest_of(folder)
    return _comparison(folder, manifest) if isinstance(manifest, Manifest) else _from_file(folder, manifest)


def _comparison(folder: Path, manifest: Manifest) -> Kept:
    scenarios = {entry.label: _scenario(entry, FILE) for entry in manifest.scenarios}
    posterior = folder / COPY if manifest.posterior else None
    runs = [
        KeptRun(
            f"{run.label}, draw {run.draw}, seed {run.seed}",
            run.identity,
            scenarios[run.label],
            partial(draw_of, run.draw, posterior),
            run.seed,
        )
        for run in sorted(manifest.runs, key=lambda run: (run.draw, run.seed, run.label))
    ]
    store, known = Store(folder), proofs.read(folder)

    def judge(run: KeptRun) -> Judge:
        proof = known.get(run.identity)
        known_by_proof = proof is not None and not store.path(run.identity).exists()
        stored = None if known_by_proof else store.read(run.identity)

        def fault(values: Floats) -> str:
            with tempfile.TemporaryDirectory() as place:
                again = Store(Path(place))
                again.write(run.identity, values, run.scenario.years.first)
                now = again.read(run.identity)
                if stored is None:
                    return proofs.compare(proof, now, manifest.first_year) if proof else ""
                if again.path(run.identity).read_bytes() == store.path(run.identity).read_bytes():
                    return ""
            if now.checksum == stored.checksum:
                return "the numbers agree, the bytes of the file don't: another version of Parquet's writer"
            regions = tuple(range(stored.values.shape[1]))
            return _apart(stored.values, now.values, Layout(stored.years, regions, SERIES))

        return fault

    inputs = None if manifest.inputs_folder is None else Path(manifest.inputs_folder)
    return Kept(manifest, inputs, manifest.fraction, runs, judge)


def _from_file(folder: Path, manifest: StudyManifest) -> Kept:
    results, names = Results.open(folder), identities(folder)
    scenarios = {entry.label: _scenario(entry, study_manifest.FILE) for entry in manifest.scenarios}
    lost = {entry["identity"] for entry in failures(folder)}
    structured = len(manifest.structures) > 1
    runs: dict[str, KeptRun] = {}
    for at, identity in enumerate(names):
        point, seed, structure, label = np.unravel_index(at, results.readings.shape[:-1])
        world, loops = results.labels[label], manifest.structures[structure]
        if identity in lost:  # it failed when it was made: there is nothing to agree with
            continue
        runs.setdefault(
            identity,
            KeptRun(
                f"{world}, {f'{loops}, ' if structured else ''}point {point}, seed {seed + 1}",
                identity,
                in_structure(scenarios[world], manifest.file.structures.get(loops, ())),
                partial(results.draw, int(point)),
                int(seed) + 1,
            ),
        )
    shelf = Shelf(folder)

    def judge(run: KeptRun) -> Judge:
        stored, layout = shelf.read(run.identity)
        return lambda values: _apart(stored, values[:, list(layout.regions)], layout)

    inputs = None if manifest.file.inputs is None else Path(manifest.asked).parent / manifest.file.inputs
    return Kept(manifest, inputs, manifest.file.fraction, list(runs.values()), judge)


def _scenario(entry: ScenarioEntry, file: str) -> Scenario:
    """The scenario as it was asked, from the manifest and not from today's file."""
    try:
        schemes = {name: _said(scheme) for name, scheme in entry.resolved["schemes"].items()}
        scenario = Scenario.model_validate_json(json.dumps({**entry.resolved, "schemes": schemes}))
        same = scenario.identity() == entry.identity
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        same = False  # by another version, or by hand
    if not same:
        raise StoreError(
            f"{file}: scenario {entry.label}: this version of the model reads it otherwise than it was meant; "
            "verify the study with the version it names"
        )
    return scenario


def _said(scheme: Mapping[str, Any]) -> dict[str, Any]:
    """What a scheme says besides defaults: some of these may be left out but not said, as a national line's regions."""
    defaults = {key: field.get_default() for key, field in Scheme.model_fields.items() if not field.is_required()}
    plain = {key: dict(value) if isinstance(value, Mapping) else value for key, value in defaults.items()}
    return {key: value for key, value in scheme.items() if key not in plain or value != plain[key]}


def _apart(stored: Floats, now: Floats, layout: Layout) -> str:
    """How two runs of one layout differ; empty where every byte agrees."""
    if now.shape != stored.shape:
        return f"shape {now.shape} instead of {stored.shape}"
    if now.tobytes() == stored.tobytes():
        return ""
    apart = ~((now == stored) | (np.isnan(now) & np.isnan(stored)))
    if not apart.any():
        return "the numbers agree, the bytes of zeros or of empty cells don't"
    year, region, series = (int(at[0]) for at in np.nonzero(apart))
    outcome, group = layout.series[series]
    return (
        f"{int(apart.sum()):,} of {apart.size:,} numbers differ; the first: {outcome} ({group}), "
        f"{layout.years[year]}, region {layout.regions[region]}: {stored[year, region, series]:g} stored, "
        f"{now[year, region, series]:g} now"
    )
