"""What each design would have told in every world, held against the truth of that world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.evaluation.analysts import Data, analyse
from doorstroom.evaluation.assignment import BY_LOT, Assignment, assign
from doorstroom.evaluation.diagnosis import Diagnosis, diagnose, smallest_detectable
from doorstroom.evaluation.file import Design, Evaluation, Question
from doorstroom.evaluation.panel import Collection, published, relative
from doorstroom.evaluation.worlds import NEVER_PAID, PRESENT, STOPPED, Lens, World, generator
from doorstroom.evaluation.worth import Worth, worth
from doorstroom.parameters import load_parameters

Array = NDArray[np.float64]

NOTHING: Final = "nothing"
AS_MODELLED: Final = "as modelled"
LARGE: Final = "ten times as large"
ASKING: Final = "asking"
_TIMES: Final = 10.0
CONTROL: Final = {"amounts": PRESENT, "split": PRESENT, "existing": NEVER_PAID}
"""The run in which nobody gets what a design gives to some; STOPPED where it isn't named here."""


class Row(NamedTuple):
    """What one method told in one world.

    Attributes
    ----------
    world : its number
    question, design, method : names; design and method are empty where the row is the country's effect of going on
    kind : of world: without effect, with that of the draw, or with ten times that
    value, low, high : the estimate and its 90% interval
    truth : the effect per unit of dose in that world
    """

    world: int
    question: str
    design: str
    method: str
    kind: str
    value: float
    low: float
    high: float
    truth: float


class Finding(NamedTuple):
    """A design, a method and a question, diagnosed.

    Attributes
    ----------
    nothing, modelled, large : diagnosis in worlds without effect, with that of the draw and with ten times that; None
        for a survey
    sizes, power : true sizes, and how often each would be seen with the right sign
    detectable : the smallest size that is seen in 80% of worlds
    worth : of the estimate for the decision to go on, where one unit is worth what it costs on average
    known_in : year in which the answer is there
    sound : whether the method may be used: its false alarms are as rare as its interval says
    """

    question: str
    design: str
    method: str
    nothing: Diagnosis | None
    modelled: Diagnosis | None
    large: Diagnosis | None
    sizes: tuple[float, ...]
    power: tuple[float, ...]
    detectable: float
    worth: Worth
    known_in: int
    sound: bool


SOUND: Final = (0.05, 0.15)
"""Between these an alarm rate counts as the 10% that a 90% interval states."""


def observe(world: World, study: Evaluation) -> list[Row]:
    """Everything that every method tells in one world, and the country's effect in it."""
    lens, rows = Lens.of(study), []
    for question, asked in study.questions.items():
        effect = _country(world, asked, study, lens)
        rows.append(Row(world.number, question, "", "", AS_MODELLED, effect, np.nan, np.nan, effect))
        for name, design in study.designs.items():
            rows += _answers(world, question, asked, name, design, study, lens)
    return rows


def diagnosed(study: Evaluation, rows: pd.DataFrame) -> list[Finding]:
    """Every design's methods, diagnosed for every question, in the order of the file.

    Parameters
    ----------
    rows : a column per field of `Row`
    """
    by = dict(iter(rows.groupby(["question", "design", "method"])))
    return [
        _found(question, asked, name, design, method, by[question, name, method], by[question, "", ""], study)
        for question, asked in study.questions.items()
        for name, design in study.designs.items()
        for method in design.methods or (ASKING,)
    ]


def _answers(
    world: World, question: str, asked: Question, name: str, design: Design, study: Evaluation, lens: Lens
) -> Iterator[Row]:
    """A row for each method of a design and kind of world."""
    if design.measures is not None:
        seen_by = generator(world.number, f"survey {name}")
        true = world.parameters[design.measures]
        prior = load_parameters()[design.measures].prior
        spread = design.spread * (prior.quantile(0.84) - prior.quantile(0.16)) / 2 if prior is not None else 0.0
        mean = true + spread / np.sqrt(design.units) * seen_by.standard_normal()
        yield Row(world.number, question, name, ASKING, AS_MODELLED, mean, np.nan, np.nan, true)
        return
    first, last = design.first_year or study.first_year, design.last_year or study.last_year
    window = (world.years >= first - study.before) & (world.years <= last)
    years, assignment = world.years[window], world.assignments[name]
    treatment = assignment.treatment(years)
    control = world.runs[CONTROL.get(design.kind, STOPPED)][window, 1:]
    treated = world.runs[name if name in world.runs else PRESENT][window, 1:]
    before = years < first
    shown = {kind: _figures(run, before, asked, lens) for kind, run in (("c", control), ("t", treated))}
    true = _per_dose(shown["t"] - shown["c"], treatment)
    rng = generator(world.number, f"collection {name} {question}")
    noise_of = Collection("", asked.error, asked.lag)

    def seen(run: Array) -> Array:
        at = run[..., lens.at(asked.outcome)]
        persons = run[..., lens.at(asked.persons)] if asked.persons else at
        return relative(published(at, persons, noise_of, rng), before, asked.scale)

    quiet, moved = seen(control), seen(treated)
    more = quiet + _TIMES * (shown["t"] - shown["c"])
    worlds_of = {NOTHING: (quiet, 0.0), AS_MODELLED: (moved, true), LARGE: (more, _TIMES * true)}
    again = _again(design, first, world, name) if design.kind in BY_LOT else None
    for method in design.methods:
        for kind, (figures, truth) in worlds_of.items():
            estimate = analyse(method, Data(figures, years, first, assignment, again))
            yield Row(world.number, question, name, method, kind, *estimate, truth)


def _again(design: Design, first: int, world: World, name: str) -> Callable[[], Assignment]:
    """The same lot, drawn again and again."""
    rng = generator(world.number, f"again {name}")

    def lot() -> Assignment:
        return assign(design.kind, world.blocks, first, design.waves, design.step, rng)

    return lot


def _figures(run: Array, before: NDArray[np.bool_], asked: Question, lens: Lens) -> Array:
    return relative(run[..., lens.at(asked.outcome)], before, asked.scale)


def _per_dose(difference: Array, treatment: Array) -> float:
    """The effect per unit of dose: least squares of the paired difference on the treatment."""
    known = np.isfinite(difference)
    size = (treatment[known] ** 2).sum()
    return float((difference[known] * treatment[known]).sum() / size) if size > 0 else 0.0


def _country(world: World, asked: Question, study: Evaluation, lens: Lens) -> float:
    """What going on does to the mean region in the years of the study, in the question's unit."""
    window = (world.years >= study.first_year - study.before) & (world.years <= study.last_year)
    before = world.years[window] < study.first_year
    on, off = (_figures(world.runs[name][window, 1:], before, asked, lens) for name in (PRESENT, STOPPED))
    return float(np.nanmean((on - off)[~before]))


def _found(
    question: str,
    asked: Question,
    name: str,
    design: Design,
    method: str,
    rows: pd.DataFrame,
    effects: pd.DataFrame,
    study: Evaluation,
) -> Finding:
    kinds = {kind: part.set_index("world") for kind, part in rows.groupby("kind")}
    effect = effects.set_index("world")["truth"]
    seen = kinds[AS_MODELLED]["value"].reindex(effect.index).to_numpy()
    gain = worth(seen, effect.to_numpy(), study.euro_a_year)
    if design.measures is not None:
        known_in = (design.first_year or study.first_year) + 1
        return Finding(question, name, method, None, None, None, (), (), np.inf, gain, known_in, True)
    by = {
        kind: diagnose(*(part[one].to_numpy() for one in ("value", "low", "high", "truth")))
        for kind, part in kinds.items()
    }
    # an effect of the same size everywhere moves every estimator's interval by just that size (a test holds them to it)
    low = kinds[NOTHING]["low"].dropna().to_numpy()
    power = tuple(float((low + size > 0).mean()) if len(low) else 0.0 for size in asked.sizes)
    alarms = by[NOTHING].alarms
    return Finding(
        question,
        name,
        method,
        by[NOTHING],
        by[AS_MODELLED],
        by[LARGE],
        asked.sizes,
        power,
        smallest_detectable(np.array(asked.sizes), np.array(power)),
        gain,
        (design.last_year or study.last_year) + asked.lag,
        bool(alarms.low <= SOUND[1] and alarms.high >= SOUND[0]),
    )
