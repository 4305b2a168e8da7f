"""The table by which runs of the fit `known_2022` pass through what was observed up to school year 2022/23.

    python experiments/condition.py [--processes 2] [--afresh] [--passes 2]     makes inputs/data/known2022 again

The model is made linear about the walks that bring its central run to what was observed: first by the table that is
there, or with --afresh about walks that stand still, then pass by pass about the walks that the pass before has found
(steps of Gauss and Newton: chances of leaving aren't linear in log odds). Runs of the factual baseline at central
parameters with one stream of luck, one number of one walk (or one parameter) moved at a time from there: common random
numbers leave in a difference only what was moved. What a kind of candidate's own luck does needs no run. Figures are
logs of counts and log odds of shares of the country: exam candidates of 2019/20 to 2022/23 by kind and what monitors
state of 1 October 2020 to 2022. The mean over several streams of everybody is the surrogate's middle. Then

    K = B^T (B B^T + R)^-1,

B being the effects of the walks, which are standard normal before, and R the width of the observations: their bounds,
and for exact counts LEAST_WIDTH. Runs of draws with that table tell by how much their mean is still off, and the middle
is moved by that, less what luck makes of so few runs, a few times. Ten minutes on two processors.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import os
from concurrent.futures import Executor, ProcessPoolExecutor
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
from doorstroom.mechanisms.walks import KINDS, NUMBERS, Walk
from doorstroom.outcomes import COLUMN, OUTCOMES
from doorstroom.parameters import load_parameters
from doorstroom.scenario import load_scenario

Floats = NDArray[np.float64]

FOLDER: Final = Path(conditioning.__file__).parents[1] / "inputs" / conditioning.FOLDER
LAST: Final = 2022
FRACTION: Final = 0.25
STEP: Final = 2.0
"""By so many standard deviations a number is moved: large against what chance makes of who chooses otherwise."""
MIDDLE: Final = 4
CHECKED: Final = 24
SETTLED: Final = 4
USUALLY_OFF: Final = 0.015
"""What the middle is still off by before a step; a mean that is less sure than that moves it by less."""
STIFF: Final = 0.2
"""Least part of a move of the middle that runs are taken to follow: no figure is pushed by more than its inverse."""
LEAST_WIDTH: Final = 0.004
LEAST_EFFECT: Final = 0.2
"""Part of a figure's width that a parameter must move it by to be in the table."""
AFTER_OCTOBER: Final = (*range(Walk.PASSAGE_BB, Walk.TO_TL), Walk.PASSAGE_TECHNIQUE, Walk.DOUBLE)
"""Walks whose numbers of the year after the last 1 October still bear on its exams."""
SECTIONS: Final = (
    "progress.",
    "track.",
    "population.",
    "interest.taste",
    "walks.drift_years",
    "profile_choice.",
    "mbo_choice.",
)
"""Parameters that the figures may depend on."""
BY_SEX: Final = ("BB man", "BB vrouw", "KB man", "KB vrouw", "GL man", "GL vrouw")
UPPER_BY_SEX: Final = ("havo man", "havo vrouw", "vwo man", "vwo vrouw")
GROUPS: Final = {
    "vmbo_exam_candidates": (*BY_SEX, "BB", "KB", "GL"),
    "vmbo_exam_technique": (*BY_SEX, "BB", "KB", "GL"),
    "tl_exam_candidates": ("man", "vrouw", "total"),
    "tl_exam_technique": ("man", "vrouw", "total"),
    "havo_vwo_exam_candidates": (*UPPER_BY_SEX, "havo", "vwo"),
    "nt_exam_candidates": (*UPPER_BY_SEX, "havo", "vwo"),
    "ng_exam_candidates": (*UPPER_BY_SEX, "havo", "vwo"),
    "vmbo_pupils": ("total",),
    "vmbo_technique_pupils": ("total", "vrouw", "PIE"),
    "vmbo_technique_share": ("BB", "KB", "GL"),
    "girls_in_technique": ("total",),
    "n_profile_pupils": ("total",),
    "n_profile_share": ("havo", "vwo"),
    "vmbo_upper_pupils": ("total", "BB", "KB", "GL", "BWI", "DP"),
    "mbo_technique_inflow": ("total",),
    "mbo_technique_share": ("total",),
}
"""The figures: others follow from these. Of mbo no walk moves a level or a sex by itself."""
KINDS_IN: Final[dict[str, dict[str, str]]] = {
    "vmbo_exam_candidates": {"technique": "vmbo_exam_technique"},
    "tl_exam_candidates": {"technique": "tl_exam_technique"},
    "havo_vwo_exam_candidates": {"N&G": "ng_exam_candidates", "N&T": "nt_exam_candidates"},
}
"""Kinds of candidates in a figure, beside the others, and the figure that is of that kind alone."""
KIND_OF: Final = {figure: kind for kinds in KINDS_IN.values() for kind, figure in kinds.items()}


class Job(NamedTuple):
    """A run: numbers of the walks, lasting ones first, shape (1 + YEARS, NUMBERS); None are its own, conditioned."""

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
    bounds = (compared(high, share) - compared(np.maximum(low, 1e-9), share)) / 2.0 / 1.645
    table["observed"] = compared(value, share)
    table["width"] = np.maximum(bounds, LEAST_WIDTH)
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


class Linear(NamedTuple):
    """The surrogate: middle, effects by number of the walks and by parameter, shape (figures, numbers of each)."""

    usual: Floats
    by_walk: Floats
    by_parameter: Floats


def make(processes: int, *, afresh: bool, passes: int) -> None:
    """Make the table and write it."""
    table = figures()
    width = table["width"].to_numpy()
    about = np.zeros((1 + YEARS, NUMBERS))
    if not afresh:
        before = conditioning.known()
        about = (before.gain @ (before.observed - before.usual)).reshape(about.shape)
    units = {name: unit for name, unit in _units().items() if passes or name in before.parameters}
    with _workers(processes) as pool:
        for _ in range(passes):
            found = linear(table, about, units, pool)
            gain = np.linalg.solve(found.by_walk @ found.by_walk.T + np.diag(width**2), found.by_walk).T
            about = (gain @ (table["observed"].to_numpy() - found.usual)).reshape(about.shape)
    if passes:
        matter = (np.abs(found.by_parameter) / width[:, None]).max(axis=0) > LEAST_EFFECT
        units = {name: unit for (name, unit), kept in zip(units.items(), matter, strict=True) if kept}
        found = found._replace(by_parameter=found.by_parameter[:, matter])
    else:
        found, gain = Linear(before.usual, before.by_walk, before.by_parameter), before.gain
    write(table, found, gain, units)
    for _ in range(SETTLED):
        off, unsure = misses(table, processes)
        beyond = np.sign(off) * np.maximum(np.abs(off) - width, 0.0)
        print(f"beyond the width, root mean square: {np.sqrt(np.mean(beyond**2)):.4f}", flush=True)
        sure = beyond * USUALLY_OFF**2 / (USUALLY_OFF**2 + unsure**2)
        follow = found.by_walk @ gain + STIFF * np.eye(len(width))
        found = found._replace(usual=found.usual + np.linalg.solve(follow, sure))
        write(table, found, gain, units)
    off, unsure = misses(table, processes)
    print(table.assign(off=off.round(4), unsure=unsure.round(4)).to_string())


def _units() -> dict[str, float]:
    """Of the parameters that the figures may depend on, half the width of two thirds of the prior."""
    found = {}
    for name, one in load_parameters().items():
        if one.prior is not None and name.startswith(SECTIONS):
            found[name] = (one.prior.quantile(0.8413) - one.prior.quantile(0.1587)) / 2.0
    return found


def _workers(processes: int) -> ProcessPoolExecutor:
    """New processes: each reads the table as it stands, once."""
    return ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))


def linear(table: pd.DataFrame, about: Floats, units: dict[str, float], pool: Executor) -> Linear:
    """The model about some numbers of the walks, shape (1 + YEARS, NUMBERS)."""
    entries = load_parameters()
    places = [
        (row, walk) for row in range(1 + YEARS) for walk in Walk if row <= LAST - FIRST + 1 or walk in AFTER_OCTOBER
    ]
    moved = []
    for place in places:
        numbers = about.copy()
        numbers[place] += STEP
        moved.append(Job(numbers, {}, 1, 0, FRACTION))
    of_parameters = [Job(about, {name: entries[name].central + unit}, 1, 0, FRACTION) for name, unit in units.items()]
    middle = [Job(about, {}, seed, 0, 1.0) for seed in range(1, 1 + MIDDLE)]
    jobs = [Job(about, {}, 1, 0, FRACTION), *middle, *moved, *of_parameters]
    made = [read(one, table) for one in pool.map(run, jobs)]
    effects = np.array(made[1 + MIDDLE :]).T - made[0][:, None]
    by_walk = of_kinds(table)
    by_walk[:, [row * NUMBERS + walk for row, walk in places]] = effects[:, : len(places)] / STEP
    usual = np.mean(made[1 : 1 + MIDDLE], axis=0) - by_walk @ about.ravel()
    return Linear(usual, by_walk, effects[:, len(places) :])


def of_kinds(table: pd.DataFrame) -> Floats:
    """What the luck of the kinds of candidates does to each figure, shape (figures, (1 + YEARS) x NUMBERS)."""
    spread = load_parameters()["walks.kinds"]
    assert isinstance(spread.value, list)
    assert spread.labels is not None
    at = {label: len(Walk) + n for n, label in enumerate(spread.labels)}
    size = dict(zip(spread.labels, spread.value, strict=True))
    exams = observed(load_inputs()).set_index(["outcome", "group", "region", "year"])["value"]
    effects = np.zeros((len(table), 1 + YEARS, NUMBERS))
    for n, (outcome, group, year) in enumerate(zip(table["outcome"], table["group"], table["year"], strict=True)):
        if outcome not in KIND_OF and outcome not in KINDS_IN:
            continue
        inside = KINDS_IN.get(outcome, {})
        shares = {kind: exams[one, group, 0, year] / exams[outcome, group, 0, year] for kind, one in inside.items()}
        shares[KIND_OF.get(outcome, "other")] = 1.0 - sum(shares.values())
        track, *sex = ["tl", *group.split()] if outcome.startswith("tl") else group.split()
        for kind, share in shares.items():
            for one in [name for name in size if name.startswith(f"{track.lower()} {kind} ")]:
                of_sex = one.split()[-1]
                if sex in ([], ["total"], [of_sex]):
                    part = share if sex == [of_sex] else share * _part(exams, outcome, kind, track, of_sex, year)
                    effects[n, year - FIRST + 2, at[one]] = part * size[one]
    return effects.reshape(len(table), -1)


def _part(exams: pd.Series[float], outcome: str, kind: str, track: str, sex: str, year: int) -> float:
    """Part of a kind of candidates of a track who are of a sex."""
    whole = next((name for name, kinds in KINDS_IN.items() if outcome == name or outcome in kinds.values()))
    named = whole if kind == "other" else KINDS_IN[whole][kind]
    groups = [one if track == "tl" else f"{track} {one}" for one in ("man", "vrouw")]
    of_sex = {group.split()[-1]: exams[named, group, 0, year] for group in groups}
    return float(of_sex[sex] / sum(of_sex.values()))


def misses(table: pd.DataFrame, processes: int) -> tuple[Floats, Floats]:
    """By how much the mean of runs of draws with the present table differs from each figure, and how unsure that is."""
    jobs = [Job(None, {}, draw, draw, 0.5) for draw in range(1, 1 + CHECKED)]
    with _workers(processes) as pool:
        made = np.array([read(one, table) for one in pool.map(run, jobs)])
    off = made.mean(axis=0) - table["observed"].to_numpy()
    return off, made.std(axis=0, ddof=1) / np.sqrt(CHECKED)


def write(table: pd.DataFrame, found: Linear, gain: Floats, units: dict[str, float]) -> None:
    """Write the table and what tells of it."""
    FOLDER.mkdir(exist_ok=True)
    names = [*(walk.name.lower() for walk in Walk), *(f"kind{at}" for at in range(KINDS))]
    of_walks = [f"w{row}_{name}" for row in range(1 + YEARS) for name in names]
    effects = pd.DataFrame(found.by_walk, columns=of_walks), pd.DataFrame(found.by_parameter, columns=list(units))
    wide = pd.concat([table.assign(usual=found.usual), *effects], axis=1)
    hashes = {}
    for name, content in (("figures", wide), ("gain", pd.DataFrame(gain))):
        rows = content.to_csv(index=False, float_format="%.4g", lineterminator="\n").encode()
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
    parser.add_argument("--passes", type=int, default=2, help="how often the model is made linear; 0: settle alone")
    asked = parser.parse_args()
    make(asked.processes, afresh=asked.afresh, passes=asked.passes)
