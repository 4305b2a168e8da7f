"""One run of a study again, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from doorstroom.errors import explain
from doorstroom.parameters import Draw
from doorstroom.study.conduct import keeping_points, read
from doorstroom.study.file import StudyFaults
from doorstroom.study.model import Model
from doorstroom.study.plan import Place, plan_of
from doorstroom.study.process import one_thread
from doorstroom.study.study_manifest import StudyManifest


class Replayed(NamedTuple):
    """A run that was made again: its place, its draw, and what the study reads from it."""

    place: Place
    draw: Draw
    readings: dict[str, float]


def replay(file: Path, folder: Path, run: int, model: Model | None = None) -> Replayed:
    """Make a run of a study again; what goes wrong in it is raised as it is."""
    asked, model = read(file, model)
    plan = plan_of(asked, model, file)
    plan = keeping_points(plan, StudyManifest.of(plan, file), folder)
    if run >= plan.runs:
        raise StudyFaults(explain(file, "run", run, f"0 to {plan.runs - 1}"))
    place = plan.place(run)
    draw = plan.draw(place.point)
    with one_thread():
        values = model.simulate(place.world.scenario, draw=draw, seed=place.seed, fraction=asked.fraction)
    kept = values[None][:, :, list(plan.layout.regions)]
    return Replayed(place, draw, dict(zip(asked.outcomes, plan.readings(kept)[0].tolist(), strict=True)))
