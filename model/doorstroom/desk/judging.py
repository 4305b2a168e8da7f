"""How far the desk is off: its answers beside runs of positions that it has never seen, in the same draws."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from doorstroom.desk.basis import YEARS, index_of
from doorstroom.desk.examples import EXAMPLES
from doorstroom.desk.learned import Answer, Learned, answer
from doorstroom.desk.levers import Array
from doorstroom.desk.outcomes import HEADLINE, REGIONAL_YEARS, TOLD, matters
from doorstroom.desk.runs import Made, told
from doorstroom.experiment.effects import Summary, summarise
from doorstroom.experiment.whole_files import atomic
from doorstroom.scenario import Scenario

FILE: Final = "accuracy.csv"
PART: Final = 0.1
"""Of the interval's width, or of the smallest difference that matters: with a larger error the desk says: run it."""
_HELD: Final = 0.68
"""Share of held-out positions that lie within the error that is told."""


class Row(NamedTuple):
    """One outcome in one year, over the held-out positions; errors in the outcome's own unit.

    Attributes
    ----------
    error, error_low, error_high : median over positions of how far the median effect and the interval's ends are off
    width : median width of the real interval
    part, part_low, part_high : the same errors as parts of the width at each position, median
    worst : error of the median effect as a part of the width, of the worst tenth of positions
    held : share of single runs within the desk's interval of 90%
    run_it : positions at which the desk gives no number, of `positions`
    """

    outcome: str
    year: int
    positions: int
    draws: int
    error: float
    error_low: float
    error_high: float
    width: float
    part: float
    part_low: float
    part_high: float
    worst: float
    held: float
    run_it: int


def judged(learned: Learned, made: Made, policy: Scenario) -> Learned:
    """What was learned, with the error of a median that held-out positions tell."""
    draws = made.judged_effects.shape[0]
    error = np.zeros((len(TOLD), len(YEARS)))
    apart, scales = [], []
    for at, place in enumerate(made.judged):
        found = answer(learned._replace(error=np.ones_like(error)), told(place), policy)
        real = np.median(made.judged_effects[:, at], axis=0).T
        apart.append(np.abs(np.median(found.values[:, :, :draws], axis=2) - real))
        scales.append(found.error)
    off, scale = np.stack(apart), np.stack(scales)
    parts = np.divide(off, scale, out=np.full_like(off, np.nan), where=scale > 0)
    with np.errstate(all="ignore"):
        error = np.nan_to_num(np.nanquantile(parts, _HELD, axis=0)) if np.isfinite(parts).any() else error
    return learned._replace(error=error)


def accuracy(learned: Learned, made: Made, policy: Scenario) -> list[Row]:
    """The desk beside the model, outcome by outcome and year by year."""
    draws, random = made.judged_effects.shape[0], len(made.judged) - len(EXAMPLES)
    answers = [answer(learned, told(place), policy) for place in made.judged[:random]]
    rows = []
    for outcome, name in enumerate(TOLD):
        for year in range(len(YEARS)):
            real = made.judged_effects[:, :random, year, outcome]
            desk = np.stack([one.values[outcome, year, :draws] for one in answers], axis=1)
            theirs, ours = summarise(real), summarise(desk)
            width = np.asarray(theirs.high - theirs.low)
            there = width > 0
            if not there.any():
                continue
            off = {part: np.abs(getattr(ours, part) - getattr(theirs, part)) for part in ("median", "low", "high")}
            off_by = [float(np.median(value)) for value in off.values()]
            parts = [value[there] / width[there] for value in off.values()]
            inside = (real >= ours.low) & (real <= ours.high)
            level = float(np.median(learned.levels[:, year, outcome]))
            silent = [bool(refused(one, outcome, year, matters(name, level))) for one in answers]
            rows.append(
                Row(
                    outcome=name,
                    year=int(YEARS[year]),
                    positions=random,
                    draws=draws,
                    error=off_by[0],
                    error_low=off_by[1],
                    error_high=off_by[2],
                    width=float(np.median(width)),
                    part=float(np.median(parts[0])),
                    part_low=float(np.median(parts[1])),
                    part_high=float(np.median(parts[2])),
                    worst=float(np.quantile(parts[0], 0.9)),
                    held=float(inside[:, there].mean()),
                    run_it=sum(silent),
                )
            )
    return rows


class Beside(NamedTuple):
    """A named position in one outcome and year: the desk's median and interval beside the model's, in the same draws.

    `off` is the error that the desk tells of its median; with `run_it` it gives no number.
    """

    title: str
    outcome: str
    year: int
    desk: tuple[float, float, float]
    model: tuple[float, float, float]
    off: float
    run_it: bool


def beside(learned: Learned, made: Made, policy: Scenario) -> list[Beside]:
    """The examples of the page, desk beside model, for the headline outcomes."""
    draws, first = made.judged_effects.shape[0], len(made.judged) - len(EXAMPLES)
    rows = []
    for at, example in enumerate(EXAMPLES):
        found = answer(learned, example.position, policy)
        for name in HEADLINE:
            outcome = TOLD.index(name)
            for year in (index_of(year) for year in REGIONAL_YEARS):
                level = float(np.median(learned.levels[:, year, outcome]))
                ours = summarise(found.values[outcome, year, :draws, None]).at(0)
                theirs = summarise(made.judged_effects[:, first + at, year, outcome, None]).at(0)
                rows.append(
                    Beside(
                        title=example.title,
                        outcome=name,
                        year=int(YEARS[year]),
                        desk=_ends(ours),
                        model=_ends(theirs),
                        off=float(found.error[outcome, year]),
                        run_it=refused(found, outcome, year, matters(name, level)),
                    )
                )
    return rows


def _ends(summary: Summary) -> tuple[float, float, float]:
    return float(summary.median), float(summary.low), float(summary.high)


def refused(found: Answer, outcome: int, year: int, least: float) -> bool:
    """Whether the desk gives no number for an outcome in a year: its error is too large for what is asked.

    Where the whole interval with its error lies within the smallest difference that matters, it says so, and no number.
    """
    summary = told_of(found, outcome, year)
    error = float(found.error[outcome, year])
    if max(abs(float(summary.low) - error), abs(float(summary.high) + error)) < least:
        return False
    return bool(error > PART * float(summary.high - summary.low) or error > least)


def told_of(found: Answer, outcome: int, year: int) -> Summary:
    """The summary of an answer, as of runs."""
    return summarise(found.values[outcome, year][:, None]).at(0)


def regional_accuracy(learned: Learned, made: Made) -> Array:
    """Share of regions' runs at held-out positions that lie within the interval, shape (REGIONAL, REGIONAL_YEARS)."""
    from doorstroom.desk.regions import regional_answer

    held = []
    for at, place in enumerate(made.judged):
        _, low, high = regional_answer(learned, told(place))
        real = made.judged_regional[:, at].transpose(0, 3, 1, 2)
        held.append(((real >= low) & (real <= high)).mean(axis=(0, 3)))
    return np.asarray(np.mean(held, axis=0))


def write_accuracy(rows: list[Row], folder: Path) -> Path:
    """The table of errors as a file."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(Row._fields)
    table.writerows(_plain(rows))
    path = folder / FILE
    with atomic(path) as file:
        file.write(text.getvalue().encode())
    return path


def _plain(rows: list[Row]) -> Iterator[list[object]]:
    for row in rows:
        yield [f"{value:.4g}" if isinstance(value, float) else value for value in row]
