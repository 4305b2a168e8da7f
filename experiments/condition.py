"""The table by which runs of the fit `known_2022` pass through what was observed up to school year 2022/23.

    python experiments/condition.py [--processes 2] [--afresh]     makes model/doorstroom/inputs/data/known2022 again

The model is made linear about the walks that bring its central run to what was observed by the table that is there, or
with --afresh about walks that stand still (steps of Gauss and Newton: chances of leaving aren't linear in log odds).
Runs of the factual baseline at central parameters with one stream of luck, one number of one walk (or one parameter)
moved at a time from there: common random numbers leave in a difference only what was moved. Figures are logs of counts
and log odds of shares of the country: exam candidates of 2019/20 to 2022/23 and what monitors state of 1 October 2020
to 2022. The mean over several streams of everybody is the surrogate's middle. Then

    K = B^T (B B^T + R)^-1,

B being the effects of the walks, which are standard normal before, and R the width of the observations (their bounds,
and half of what chance makes of a count). Runs of draws with that table tell by how much their median is still off, and
the middle is moved by a part of that, a few times. Five minutes on two processors.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple
from unittest import mock

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.agents import conditioning, times
from doorstroom.agents.conditioning import FIRST, YEARS
from doorstroom.education import TechnicalEducation
from doorstroom.experiment.whole_files import atomic
from doorstroom.inputs.observed import observed
from doorstroom.inputs.sets import load_inputs
from doorstroom.mechanisms.walks import Walk
from doorstroom.outcomes import COLUMN, OUTCOMES
from doorstroom.parameters import load_parameters
from doorstroom.scenario import load_scenario

Floats = NDArray[np.float64]

FOLDER: Final = Path(conditioning.__file__).parents[1] / "inputs" / conditioning.FOLDER
LAST: Final = 2022
FRACTION: Final = 0.25
MIDDLE: Final = 4
CHECKED: Final = 20
SETTLED: Final = 4
DAMPED: Final = 0.5
"""Steps by which the surrogate's middle is moved, each by a part of what runs are still off: more would overshoot."""
LEAST_WIDTH: Final = 0.004
AFTER_OCTOBER: Final = (*range(Walk.PASSAGE_BB, Walk.TO_TL), Walk.PASSAGE_TECHNIQUE, Walk.DOUBLE)
"""Walks whose numbers of the year after the last 1 October still bear on its exams."""
SECTIONS: Final = ("progress.", "track.", "population.", "interest.taste", "walks.drift_years", "profile_choice.")
"""Parameters that the figures may depend on."""
GROUPS: Final = {
    "vmbo_exam_candidates": ("BB", "KB", "GL", "vrouw"),
    "vmbo_exam_technique": ("BB", "KB", "GL", "vrouw"),
    "tl_exam_candidates": ("total", "vrouw"),
    "tl_exam_technique": ("man", "vrouw"),
    "havo_vwo_exam_candidates": ("havo", "vwo"),
    "nt_exam_candidates": ("havo man", "havo vrouw", "vwo man", "vwo vrouw"),
    "ng_exam_candidates": ("havo man", "havo vrouw", "vwo man", "vwo vrouw"),
    "vmbo_pupils": ("total",),
    "vmbo_technique_pupils": ("total", "vrouw", "PIE"),
    "vmbo_technique_share": ("BB", "KB", "GL"),
    "n_profile_pupils": ("total",),
    "n_profile_share": ("havo", "vwo"),
    "vmbo_upper_pupils": ("BB", "KB", "GL", "BWI", "DP"),
}
"""The figures: others follow from these, or are in them."""


class Job(NamedTuple):
    """A run: numbers of the walks, lasting ones first, shape (1 + YEARS, walks); None are its own, conditioned."""

    numbers: Floats | None
    given: dict[str, float]
    seed: int
    draw: int
    fraction: float


def figures() -> pd.DataFrame:
    """The observed figures, as they are compared, with their width."""
    table = observed(load_inputs())
    table = table[(table["region"] == 0) & table["year"].between(FIRST - 1, LAST)]
    wanted = [(outcome, group) for outcome, groups in GROUPS.items() for group in groups]
    table = table[pd.MultiIndex.from_frame(table[["outcome", "group"]]).isin(wanted) & (table["value"] > 0)].copy()
    share = np.array([OUTCOMES[name].unit == "share" for name in table["outcome"]])
    value, low, high = (table[name].to_numpy(np.float64) for name in ("value", "low", "high"))
    chance = np.where(share, 0.0, 0.5 / value)
    bounds = (compared(high, share) - compared(np.maximum(low, 1e-9), share)) / 2.0 / 1.645
    table["observed"] = compared(value, share)
    table["width"] = np.sqrt(np.maximum(bounds, LEAST_WIDTH) ** 2 + chance)
    return table[["outcome", "group", "year", "observed", "width"]].reset_index(drop=True)


def compared(value: Floats, share: NDArray[np.bool_]) -> Floats:
    """Logs of counts and log odds of shares."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(share, np.log(value / (1.0 - value)), np.log(value))


def run(job: Job) -> Floats:
    """All series of the country in every year, shape (years, series)."""
    scenario = load_scenario("baseline")
    scenario = scenario.model_copy(update={"years": scenario.years.model_copy(update={"last": LAST})})
    draw = job.given or job.draw

    def given(model: TechnicalEducation, years: range, scale: float) -> tuple[Floats, Floats]:
        assert job.numbers is not None
        return job.numbers[0], job.numbers[1 : 1 + len(years)]

    if job.numbers is None:
        return TechnicalEducation(scenario, draw=draw, rng=job.seed, fraction=job.fraction).run()[:, 0]
    with mock.patch.object(times, "numbers_of", given):
        return TechnicalEducation(scenario, draw=draw, rng=job.seed, fraction=job.fraction).run()[:, 0]


def read(results: Floats, table: pd.DataFrame) -> Floats:
    """The figures of a run."""
    columns = [COLUMN[pair] for pair in zip(table["outcome"], table["group"], strict=True)]
    share = np.array([OUTCOMES[name].unit == "share" for name in table["outcome"]])
    return compared(results[table["year"].to_numpy() - (FIRST - 1), columns], share)


def make(processes: int, *, afresh: bool) -> None:
    """Make the table and write it."""
    table, entries = figures(), load_parameters()
    walks = len(Walk)
    nothing = np.zeros((1 + YEARS, walks))
    if not afresh:
        before = conditioning.known()
        nothing = (before.gain @ (before.observed - before.usual)).reshape(nothing.shape)
    names = [name for name, one in entries.items() if one.prior is not None and name.startswith(SECTIONS)]
    units = {}
    for name in names:
        prior = entries[name].prior
        assert prior is not None
        units[name] = (prior.quantile(0.8413) - prior.quantile(0.1587)) / 2.0
    places = [
        (row, walk) for row in range(1 + YEARS) for walk in Walk if row <= LAST - FIRST + 1 or walk in AFTER_OCTOBER
    ]
    moved = []
    for place in places:
        numbers = nothing.copy()
        numbers[place] += 1.0
        moved.append(Job(numbers, {}, 1, 0, FRACTION))
    of_parameters = [Job(nothing, {name: entries[name].central + units[name]}, 1, 0, FRACTION) for name in names]
    middle = [Job(nothing, {}, seed, 0, 1.0) for seed in range(1, 1 + MIDDLE)]
    jobs = [Job(nothing, {}, 1, 0, FRACTION), *middle, *moved, *of_parameters]
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        made = [read(one, table) for one in pool.map(run, jobs, chunksize=4)]
        base, usual = made[0], np.mean(made[1 : 1 + MIDDLE], axis=0)
        effects = np.array(made[1 + MIDDLE :]).T - base[:, None]
        by_walk = np.zeros((len(table), (1 + YEARS) * walks))
        by_walk[:, [row * walks + walk for row, walk in places]] = effects[:, : len(places)]
        by_parameter = effects[:, len(places) :]
        usual = usual - by_walk @ nothing.ravel()
        width = table["width"].to_numpy()
        gain = np.linalg.solve(by_walk @ by_walk.T + np.diag(width**2), by_walk).T
    write(table, usual, by_walk, by_parameter, gain, units)
    for _ in range(SETTLED):
        usual = usual + DAMPED * misses(table, processes)
        write(table, usual, by_walk, by_parameter, gain, units)
    print(table.assign(off=misses(table, processes).round(4)).to_string())


def misses(table: pd.DataFrame, processes: int) -> Floats:
    """By how much the median of runs of draws with the present table differs from each figure."""
    jobs = [Job(None, {}, draw, draw, 0.5) for draw in range(1, 1 + CHECKED)]
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        made = np.array([read(one, table) for one in pool.map(run, jobs, chunksize=2)])
    return np.asarray(np.median(made, axis=0) - table["observed"].to_numpy())


def write(
    table: pd.DataFrame, usual: Floats, by_walk: Floats, by_parameter: Floats, gain: Floats, units: dict[str, float]
) -> None:
    """Write the table and what tells of it."""
    FOLDER.mkdir(exist_ok=True)
    wide = table.assign(usual=usual)
    of_walks = [f"w{row}_{walk.name.lower()}" for row in range(1 + YEARS) for walk in Walk]
    wide = pd.concat(
        [wide, pd.DataFrame(by_walk, columns=of_walks), pd.DataFrame(by_parameter, columns=list(units))], axis=1
    )
    hashes = {}
    for name, content in (("figures", wide), ("gain", pd.DataFrame(gain))):
        rows = content.to_csv(index=False, float_format="%.5g", lineterminator="\n").encode()
        hashes[name] = hashlib.sha256(rows).hexdigest()
        with atomic(FOLDER / f"{name}.csv") as file:
            file.write(rows)
    pupils = load_inputs().pupils[["men", "women"]].to_numpy().sum()
    lines = [
        "# What runs of the fit known_2022 are conditioned on; made by `python experiments/condition.py`.",
        *(f'{name} = "{value}"' for name, value in hashes.items()),
        f"pupils = {int(pupils)}",
        "[units]",
        *(f'"{name}" = {value:.6g}' for name, value in units.items()),
    ]
    with atomic(FOLDER / "about.toml") as file:
        file.write("\n".join([*lines, ""]).encode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--afresh", action="store_true", help="make the model linear about walks that stand still")
    asked = parser.parse_args()
    make(asked.processes, afresh=asked.afresh)
