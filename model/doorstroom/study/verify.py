"""Make runs of a stored study again and say whether every byte agrees, and if not, what differs."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import ValidationError

from doorstroom.errors import DoorstroomError, StoreError
from doorstroom.outcomes import SERIES
from doorstroom.scenario import Scenario, Scheme
from doorstroom.study import proof as proofs
from doorstroom.study.batch import Simulate
from doorstroom.study.evidence.posterior import COPY, draw_of
from doorstroom.study.manifest import Manifest, RunEntry, ScenarioEntry
from doorstroom.study.provenance import Difference, differences
from doorstroom.study.store import Run, Store

SAMPLE = 3
"""Runs that are made again when nobody says how many."""


class Checked(NamedTuple):
    """A run that was made again; `fault` is empty where every byte agrees."""

    run: RunEntry
    fault: str


class Verdict(NamedTuple):
    """What came of it: the runs made again, and what differs between then and now."""

    checked: list[Checked]
    differs: list[Difference]

    @property
    def agrees(self) -> bool:
        """Whether every run that was made again agrees."""
        return bool(self.checked) and not any(one.fault for one in self.checked)


def verify(
    folder: Path,
    *,
    runs: int | None = SAMPLE,
    simulate: Simulate | None = None,
    finished: Callable[[Checked], None] = lambda checked: None,
) -> Verdict:
    """Make a random sample of the study's runs again, or all of them where `runs` is None.

    Raises
    ------
    StoreError
        When the folder holds no study.
    """
    manifest = Manifest.load(folder)
    differs = differences(folder, manifest)
    wanted = list(manifest.runs)
    if runs is not None and runs < len(wanted):
        wanted = random.SystemRandom().sample(wanted, runs)
    scenarios = {entry.label: _scenario(entry) for entry in manifest.scenarios}
    checked = []
    for run in sorted(wanted, key=lambda run: (run.draw, run.seed, run.label)):
        one = Checked(run, _fault(Path(folder), manifest, run, scenarios[run.label], simulate))
        checked.append(one)
        finished(one)
    return Verdict(checked, differs)


def _scenario(entry: ScenarioEntry) -> Scenario:
    """The scenario as it was asked, from the manifest and not from today's file."""
    try:
        schemes = {name: _said(scheme) for name, scheme in entry.resolved["schemes"].items()}
        scenario = Scenario.model_validate_json(json.dumps({**entry.resolved, "schemes": schemes}))
        same = scenario.identity() == entry.identity
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        same = False  # by another version, or by hand
    if not same:
        raise StoreError(
            f"manifest.json: scenario {entry.label}: this version of the model reads it otherwise than it was meant; "
            "verify the study with the version it names"
        )
    return scenario


def _said(scheme: Mapping[str, Any]) -> dict[str, Any]:
    """What a scheme says besides defaults: some of these may be left out but not said, as a national line's regions."""
    defaults = {key: field.get_default() for key, field in Scheme.model_fields.items() if not field.is_required()}
    plain = {key: dict(value) if isinstance(value, Mapping) else value for key, value in defaults.items()}
    return {key: value for key, value in scheme.items() if key not in plain or value != plain[key]}


def _fault(folder: Path, manifest: Manifest, run: RunEntry, scenario: Scenario, simulate: Simulate | None) -> str:
    """How a run that is made again differs from the one that was kept, or from its proof; empty where it does not."""
    store, proof = Store(folder), proofs.read(folder).get(run.identity)
    known_by_proof = proof is not None and not store.path(run.identity).exists()
    try:
        stored = None if known_by_proof else store.read(run.identity)
    except StoreError as error:
        return str(error)
    if simulate is None:
        from doorstroom.education import simulate as model

        simulate = model
    try:
        draw = draw_of(run.draw, folder / COPY if manifest.posterior else None)
        values = simulate(scenario, draw=draw, seed=run.seed, fraction=manifest.fraction)
    except DoorstroomError as error:
        return f"can't be made again: {error}"
    with tempfile.TemporaryDirectory() as place:
        again = Store(Path(place))
        again.write(run.identity, values, scenario.years.first)
        now = again.read(run.identity)
        if stored is None:
            return proofs.compare(proof, now, manifest.first_year) if proof else ""
        if again.path(run.identity).read_bytes() == store.path(run.identity).read_bytes():
            return ""
    if now.checksum == stored.checksum:
        return "the numbers agree, the bytes of the file don't: another version of Parquet's writer"
    return _first_difference(stored, now)


def _first_difference(stored: Run, now: Run) -> str:
    if now.values.shape != stored.values.shape:
        return f"shape {now.values.shape} instead of {stored.values.shape}"
    apart = ~((now.values == stored.values) | (np.isnan(now.values) & np.isnan(stored.values)))
    year, region, series = (int(at[0]) for at in np.nonzero(apart))
    outcome, group = SERIES[series]
    return (
        f"{int(apart.sum()):,} of {apart.size:,} numbers differ; the first: {outcome} ({group}), "
        f"{stored.years[year]}, region {region}: {stored.values[year, region, series]:g} stored, "
        f"{now.values[year, region, series]:g} now"
    )
