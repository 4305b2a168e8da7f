"""One run of a study again, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from doorstroom.errors import explain
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.file import StudyFaults
from doorstroom.experiment.plan import Place, manifest_of, plan_of
from doorstroom.experiment.precision import kept
from doorstroom.experiment.run import keeping_points
from doorstroom.experiment.worker_setup import one_thread
from doorstroom.parameters import Draw


class Replayed(NamedTuple):
    """A run that was made again: its place, its draw, and what the study reads from it."""

    place: Place
    draw: Draw
    readings: dict[str, float]


def replay(experiment: Experiment, folder: Path, run: int) -> Replayed:
    """Make a run of a study again; what goes wrong in it is raised as it is."""
    asked, model = experiment.file, experiment.model
    plan = plan_of(experiment)
    plan = keeping_points(plan, manifest_of(plan), folder)
    if run >= plan.runs:
        raise StudyFaults(explain(folder, "run", run, f"0 to {plan.runs - 1}"))
    place = plan.place(run)
    draw = plan.draw(place.point)
    with one_thread():
        values = model.simulate(place.world.scenario, draw=draw, seed=place.seed, fraction=asked.fraction)
    readings = plan.readings(kept(values[None][:, :, list(plan.layout.regions)]))
    return Replayed(place, draw, dict(zip(asked.outcomes, readings[0].tolist(), strict=True)))
