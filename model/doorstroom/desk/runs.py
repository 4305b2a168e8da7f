"""The runs of a desk, draw by draw: what is made is kept, and a study that was stopped goes on where it was.

All positions of a draw share its parameters, its luck and, until policy first differs, its history (`branching`). Kept
is only what the desk tells of: differences from the present policy, and what that policy itself comes to.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.branching import Family
from doorstroom.desk.basis import YEARS
from doorstroom.desk.design import positions
from doorstroom.desk.examples import EXAMPLES
from doorstroom.desk.file import Desk
from doorstroom.desk.levers import KEYS, PRESENT, Array, Position, vector
from doorstroom.desk.outcomes import COLUMNS, REGIONAL_COLUMNS, REGIONAL_YEARS
from doorstroom.desk.position import scenario_of
from doorstroom.errors import StoreError
from doorstroom.experiment.pieces import claim, make_missing
from doorstroom.experiment.whole_files import made
from doorstroom.experiment.worker_setup import one_thread
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import COUNTRY
from doorstroom.scenario import Scenario
from doorstroom.source import code_identity

RUNS: Final = "runs"
DESIGN, JUDGES = 1, 2
"""Streams of the design and of what it is judged by."""
_FIRST: Final = int(YEARS[0])


class Made(NamedTuple):
    """What the draws told.

    Attributes
    ----------
    positions : of the design, shape (draws, positions, levers)
    effects : shape (draws, positions, years, outcomes)
    levels : of the present policy, shape (draws, years, outcomes)
    regional : effects, shape (draws, positions, REGIONAL_YEARS, regions, REGIONAL)
    regional_levels : shape (draws, REGIONAL_YEARS, regions, REGIONAL)
    judged : positions that no fit sees, random ones and then those of EXAMPLES, shape (positions, levers)
    judged_effects : shape (draws of these, positions, years, outcomes)
    judged_regional : as `regional`
    """

    positions: Array
    effects: Array
    levels: Array
    regional: Array
    regional_levels: Array
    judged: Array
    judged_effects: Array
    judged_regional: Array


class Job(NamedTuple):
    """One draw."""

    draw: int
    study: Desk
    places: Array


def designed(study: Desk) -> tuple[Array, Array]:
    """Positions of every draw, shape (draws, positions, levers), and those that judge, shape (positions, levers).

    Judges are random positions, and after them those of EXAMPLES.
    """
    ranges = study.range_of()
    fitted = positions(study.draws * study.positions, ranges, DESIGN)
    judges = positions(study.held_out.positions, ranges, JUDGES)
    named = np.array([vector(one.position) for one in EXAMPLES])
    return fitted.reshape(study.draws, study.positions, -1), np.concatenate([judges, named])


def identity_of(study: Desk, *, of_a_draw: bool = False) -> str:
    """Identity of a study with the model and inputs at hand."""
    return study.identity(code_identity(), load_inputs().identity, of_a_draw=of_a_draw)


def make_runs(
    study: Desk, folder: Path, *, processes: int = 1, told: Callable[[int, int], None] = lambda done, of: None
) -> Made:
    """Make the draws that aren't there yet, and read them all.

    Parameters
    ----------
    folder : of the desk; its runs of another study, or made with another model, are refused
    told : called with the draws that are there and those asked for

    Raises
    ------
    StoreError
        Where the folder holds other runs.
    RunError
        Where a run can't be made.
    """
    kept = made(folder) / RUNS
    claim(kept, identity_of(study, of_a_draw=True), "runs of another file, model or inputs")
    fitted, judges = designed(study)
    make_missing(
        [Job(draw, study, _places(draw, study, fitted, judges)) for draw in range(1, study.draws + 1)],
        run,
        part=lambda job: _part(kept, job.draw),
        keep=lambda part, found: np.savez(part, allow_pickle=False, **found),
        name=lambda job: f"draw {job.draw}",
        processes=processes,
        told=told,
    )
    return _read(kept, study, fitted, judges)


def run(job: Job) -> dict[str, Array]:
    """All positions of a draw: effects and levels, of the country and of regions."""
    policy = job.study.policy_of()
    scenarios = [policy, *(scenario_of(told(place), policy) for place in job.places)]
    with one_thread():
        found = simulate(scenarios, job.draw, job.study.fraction)
    country, regions = zip(*(seen(one) for one in found), strict=True)
    national, regional = np.stack(country), np.stack(regions)
    return {
        "effects": (national[1:] - national[0]).astype(np.float32),
        "levels": national[0],
        "regional": (regional[1:] - regional[0]).astype(np.float32),
        "regional_levels": regional[0],
    }


def simulate(scenarios: list[Scenario], draw: int, fraction: float) -> list[NDArray[np.float64]]:
    """Runs under one draw and its luck, the present policy first; who has other pupil numbers shares less with it."""
    roots = {scenarios[0].context.pupils: scenarios[0]}
    for scenario in scenarios:
        pupils = scenario.context.pupils
        if pupils not in roots:
            context = scenarios[0].context.model_copy(update={"pupils": pupils})
            roots[pupils] = scenarios[0].model_copy(update={"context": context})
    family = Family([*roots.values(), *scenarios], roots=len(roots))
    return family.simulate(draw=draw, seed=draw, fraction=fraction)[len(roots) :]


def told(place: Array) -> Position:
    """A row of a design as a position."""
    return dict(zip(KEYS, (float(value) for value in place), strict=True))


def seen(run: NDArray[np.float64]) -> tuple[Array, Array]:
    """Of a run what the desk tells of: the country, shape (years, outcomes), and regions."""
    first = run.shape[0] - len(YEARS)
    years = [first + year - _FIRST for year in REGIONAL_YEARS]
    return run[first:, COUNTRY, COLUMNS], run[years, 1:][:, :, REGIONAL_COLUMNS]


def _places(draw: int, study: Desk, fitted: Array, judges: Array) -> Array:
    own = fitted[draw - 1]
    return np.concatenate([own, judges]) if draw <= study.held_out.draws else own


def _part(kept: Path, draw: int) -> Path:
    return kept / f"{draw:04}.npz"


def _read(kept: Path, study: Desk, fitted: Array, judges: Array) -> Made:
    parts: dict[str, list[Array]] = {name: [] for name in ("effects", "levels", "regional", "regional_levels")}
    for draw in range(1, study.draws + 1):
        try:
            with np.load(_part(kept, draw)) as found:
                for name, of in parts.items():
                    of.append(found[name].astype(np.float64))
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{_part(kept, draw)}: can't be read; remove it and start again") from error
    own, judging = study.positions, study.held_out.draws
    return Made(
        fitted,
        np.stack([one[:own] for one in parts["effects"]]),
        np.stack(parts["levels"]),
        np.stack([one[:own] for one in parts["regional"]]),
        np.stack(parts["regional_levels"]),
        judges,
        np.stack([one[own:] for one in parts["effects"][:judging]]),
        np.stack([one[own:] for one in parts["regional"][:judging]]),
    )


def present_row() -> Array:
    """The present policy as a row of a design."""
    return np.array(list(PRESENT.values()))
