"""What the folder of a study keeps of its runs: what it takes to make them again, and what they gave.

Everything is taken from the folder: scenarios as they were asked, draws as they were drawn, runs as they were made.
Today's scenario files and today's study file may say something else by now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.errors import StoreError
from doorstroom.experiment import checksums as proofs
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.model import Model
from doorstroom.experiment.plan import in_structure, layout_of
from doorstroom.experiment.precision import checksum, kept
from doorstroom.experiment.results import Results
from doorstroom.experiment.run_store import RunReader
from doorstroom.experiment.table import Layout
from doorstroom.parameters import Draw
from doorstroom.scenario import Scenario

Floats = NDArray[np.float64]


class KeptRun(NamedTuple):
    """A run of a study: its name in words, and what it takes to make it again."""

    name: str
    identity: str
    scenario: Scenario
    draw: Callable[[], Draw]
    seed: int


class Kept:
    """A finished study as its folder keeps it.

    Parameters
    ----------
    model : what makes its runs again; None is the model of the country as it is now
    inputs : folder of the input set, where it is elsewhere than the manifest says

    Attributes
    ----------
    results : of the study
    experiment : what was asked, with the identities of the code and the inputs that it was made with
    runs : those that are there, each identity once, in the order of the study
    inputs : folder of the input set where it isn't that of the package
    shelf : the runs that are kept
    proofs : what runs.csv says of each run
    has_runs : whether the numbers of the runs are there, or only their checksums as in an archive

    Raises
    ------
    StoreError
        When the folder holds no study, an unfinished one, or scenarios that this version of the model reads otherwise.
    """

    def __init__(self, folder: Path, model: Model | None = None, inputs: Path | None = None) -> None:
        self.results = Results.open(folder)
        manifest = self.results.manifest
        named = None if manifest.inputs_folder is None else Path(manifest.inputs_folder)
        self.inputs = None if named is None else inputs or named
        today = model or Model.of_the_country(self.inputs)
        as_made = replace(today, code=manifest.code, inputs=manifest.inputs)
        self.experiment = replace(Experiment.kept(folder, manifest, as_made), inputs=self.inputs)
        scenarios = dict(zip(self.results.labels, self.experiment.scenarios, strict=True))
        names = np.array(self.results.identities, dtype=object).reshape(self.results.made.shape)
        kind = "draw" if manifest.draws else "point"
        runs: dict[str, KeptRun] = {}
        for place in np.argwhere(self.results.made):
            point, seed, structure, label = (int(part) for part in place)
            world, loops = self.results.labels[label], manifest.structures[structure]
            stream = int(self.results.streams[point, seed])
            named_loops = f"{loops}, " if len(manifest.structures) > 1 else ""
            run = KeptRun(
                f"{world}, {named_loops}{kind} {self.results.draw_number(point)}, seed {stream}",
                str(names[point, seed, structure, label]),
                in_structure(scenarios[world], manifest.file.structures.get(loops, ())),
                partial(self.results.draw, point),
                stream,
            )
            runs.setdefault(run.identity, run)
        self.runs = list(runs.values())
        self.shelf = RunReader(folder)
        self.proofs = proofs.read(folder)
        self.has_runs = any((folder / "runs").glob("part-*.parquet"))

    def layout(self) -> Layout:
        """What is kept of every run."""
        return layout_of(self.experiment)

    def fault(self, run: KeptRun, values: Floats) -> str:
        """How a run made again, shape (years, 1 + regions, series), differs from what is kept; "" where it doesn't."""
        proof = self.proofs.get(run.identity)
        if proof is not None and not self.has_runs:
            layout = self.layout()
            return proofs.compare(proof, values, self.results.manifest.first_year, layout)
        try:
            stored, layout = self.shelf.read(run.identity)
        except StoreError as error:
            return str(error)
        told = apart(stored, kept(values[:, list(layout.regions)]), layout)
        if not told and checksum(values) != self.shelf.checksum(run.identity):
            return "the numbers agree in the digits that are kept, and differ in those beyond"
        return told


def apart(stored: Floats, now: Floats, layout: Layout) -> str:
    """How two runs of one layout differ; empty where every byte agrees."""
    if now.shape != stored.shape:
        return f"shape {now.shape} instead of {stored.shape}"
    if now.tobytes() == stored.tobytes():
        return ""
    differ = ~((now == stored) | (np.isnan(now) & np.isnan(stored)))
    if not differ.any():
        return "the numbers agree, the bytes of zeros or of empty cells don't"
    year, region, series = (int(at[0]) for at in np.nonzero(differ))
    outcome, group = layout.series[series]
    return (
        f"{int(differ.sum()):,} of {differ.size:,} numbers differ; the first: {outcome} ({group}), "
        f"{layout.years[year]}, region {layout.regions[region]}: {stored[year, region, series]:g} stored, "
        f"{now[year, region, series]:g} now"
    )
