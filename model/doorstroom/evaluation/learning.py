"""What each design would have told in every world, held against the truth of that world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.evaluation.analysts import LOTS, UNTIL_ALL_HAVE_IT, Data, analyse, contrast
from doorstroom.evaluation.assignment import BY_LOT, assign
from doorstroom.evaluation.diagnosis import Diagnosis, diagnose, smallest_detectable
from doorstroom.evaluation.file import Design, Evaluation, Question
from doorstroom.evaluation.panel import Collection, counted, published, unit_of
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
    truth : of the effect per unit of dose that the draws have, the middle and the bounds of nine worlds in ten
    worth : of the estimate for the decision to go on, where one unit is worth what it costs on average
    known_in : year in which the answer is there
    verdict : whether the method may be used
    first : of the question's sound designs with this one's method, how often it tells most when worlds are drawn
        anew; 0 where the design isn't ranked by this method
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
    truth: tuple[float, float, float]
    worth: Worth
    known_in: int
    verdict: Verdict
    first: float = 0.0

    @property
    def sound(self) -> bool:
        """Whether the method may be used."""
        return self.verdict == "sound"


Verdict = Literal["sound", "false alarms", "too cautious", "misses", "too wide", "no answer"]
"""What is wrong with a method: it finds what isn't there, or less often than it says; its interval misses a large
effect, or holds it more often than it says; or in more than one world of ten it has no answer."""
ALARMS: Final = (0.05, 0.15)
"""Between these an alarm rate counts as the 10% that a 90% interval states."""
COVERAGE: Final = (0.85, 0.95)
"""Between these a coverage counts as the 90% that a 90% interval states."""
ANSWERED: Final = 0.9


def verdict(nothing: Diagnosis, large: Diagnosis) -> Verdict:
    """Whether false alarms and coverage are what a 90% interval states, with room for the number of worlds."""
    if min(nothing.answered.value, large.answered.value) < ANSWERED:
        return "no answer"
    if nothing.alarms.low > ALARMS[1]:
        return "false alarms"
    if nothing.alarms.high < ALARMS[0]:
        return "too cautious"
    if large.coverage.high < COVERAGE[0]:
        return "misses"
    if large.coverage.low > COVERAGE[1]:
        return "too wide"
    return "sound"


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
        one
        for question, asked in study.questions.items()
        for one in _ranked(
            [
                _found(question, asked, name, design, method, by[question, name, method], by[question, "", ""], study)
                for name, design in study.designs.items()
                for method in design.methods or (ASKING,)
            ]
        )
    ]


def _ranked(found: list[tuple[Finding, Array]]) -> list[Finding]:
    """Findings of a question, with how often each tells most; of a design counts the first method that is sound."""
    best: dict[str, int] = {}
    for at, (one, _) in enumerate(found):
        if one.sound:
            best.setdefault(one.design, at)
    if not best:
        return [one for one, _ in found]
    narrowed = np.array([found[at][1] for at in best.values()])
    leads = (narrowed >= narrowed.max(axis=0)) & (narrowed > 0)
    share = dict(zip(best.values(), (leads / np.maximum(leads.sum(axis=0), 1)).mean(axis=1).tolist(), strict=True))
    return [one._replace(first=share.get(at, 0.0)) for at, (one, _) in enumerate(found)]


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
    first, last = study.years_of(design)
    window = (world.years >= first - study.before) & (world.years <= last)
    years, assignment = world.years[window], world.assignments[name]
    before, treatment = years < first, assignment.treatment(years)
    control = world.runs[CONTROL.get(design.kind, STOPPED)][window, 1:]
    treated = world.runs[name if name in world.runs else PRESENT][window, 1:]
    level = control[..., lens.at(asked.outcome)]
    persons = control[..., lens.at(asked.persons)] if asked.persons else None
    if persons is not None:
        level = counted(level, persons, study.fraction)
    unit = unit_of(level, before, asked.scale)
    effect = _effect(treated, control, asked, lens)
    large = _TIMES * _smooth(effect / unit, treatment, before) * unit
    noise = Collection(asked.error, asked.lag)

    def seen(moved: Array) -> Array:
        figures = np.clip(level + moved, 0.0, 1.0 if asked.scale == "points" else np.inf)
        # who collects errs alike in all three, as luck does
        shown = published(figures, persons, noise, generator(world.number, f"collection {name} {question}"))
        return np.asarray(shown / unit_of(shown, before, asked.scale))

    lots = _lots(design, first, years, world, name) if design.kind in BY_LOT else None
    for kind, moved in ((NOTHING, 0.0 * effect), (AS_MODELLED, effect), (LARGE, large)):
        true = _per_dose(moved / unit, treatment)
        data = Data(seen(moved), years, first, assignment, lots)
        for method in design.methods:
            yield Row(world.number, question, name, method, kind, *analyse(method, data), true)


def _lots(
    design: Design, first: int, years: NDArray[np.int64], world: World, name: str
) -> Callable[[NDArray[np.bool_]], Array]:
    """The contrasts of a lot that is drawn again and again, among the regions of which there are figures."""
    rng = generator(world.number, f"again {name}")
    drawn = assign(design.kind, world.blocks, first, design.waves, design.step, rng, LOTS)

    @cache
    def among(known: bytes) -> Array:
        return contrast(drawn.of(np.frombuffer(known, bool)).treatment(years), years < first)

    return lambda known: among(known.tobytes())


def _effect(treated: Array, control: Array, asked: Question, lens: Lens) -> Array:
    """What the money does to the outcome, shape (years, regions); nothing where it can't have done anything yet."""
    told = lens.at(asked.expected or asked.outcome)
    return np.nan_to_num(treated[..., told] - control[..., told])


def _smooth(effect: Array, treatment: Array, before: NDArray[np.bool_]) -> Array:
    """The same effect per unit of dose in every region, as it grows with the years since its start, (years, regions).

    Ten times the effect of each region would be ten times the luck of single schools too.
    """
    since = np.where(treatment != 0.0, np.cumsum(treatment != 0.0, axis=0), 0)
    moved = effect - np.nanmean(effect, axis=1, keepdims=True) if _about_mean(treatment) else effect
    found = np.zeros_like(effect)
    for years in range(1, int(since.max()) + 1):
        told = (since == years) & np.isfinite(moved)
        found[since == years] = (moved[told] * treatment[told]).sum() / (treatment[told] ** 2).sum()
    return found * treatment


def _about_mean(treatment: Array) -> bool:
    """Whether everybody gets the money, and doses say by how much more or less than the mean."""
    return bool(abs(treatment[-1].mean()) < 1e-9)


def _per_dose(effect: Array, treatment: Array) -> float:
    """The effect per unit of dose: least squares on the treatment, in years in which some have more than others.

    Where all get the same, there is no such year, and those count in which there is a treatment at all.
    """
    told = np.ptp(treatment, axis=1) > 0
    if told.any():
        effect, treatment = effect[told], treatment[told]
    known, about_mean = np.isfinite(effect).all(axis=0), _about_mean(treatment)
    effect, treatment = effect[:, known], treatment[:, known]
    if about_mean:
        treatment = treatment - treatment.mean(axis=1, keepdims=True)
    size = (treatment**2).sum()
    return float((effect * treatment).sum() / size) if size > 0 else 0.0


def _country(world: World, asked: Question, study: Evaluation, lens: Lens) -> float:
    """What going on does to the mean region in the years of the study, in the question's unit."""
    window = (world.years >= study.first_year - study.before) & (world.years <= study.last_year)
    before = world.years[window] < study.first_year
    on, off = (world.runs[name][window, 1:] for name in (PRESENT, STOPPED))
    unit = unit_of(off[..., lens.at(asked.outcome)], before, asked.scale)
    return float(np.nanmean((_effect(on, off, asked, lens) / unit)[~before]))


def _found(
    question: str,
    asked: Question,
    name: str,
    design: Design,
    method: str,
    rows: pd.DataFrame,
    effects: pd.DataFrame,
    study: Evaluation,
) -> tuple[Finding, Array]:
    """The finding, and how much of the uncertainty it takes away as worlds are drawn anew."""
    kinds = {kind: part.set_index("world") for kind, part in rows.groupby("kind")}
    effect = effects.set_index("world")["truth"]
    seen = kinds[AS_MODELLED]["value"].reindex(effect.index).to_numpy()
    gain, narrowed = worth(seen, effect.to_numpy(), study.euro_a_year)
    first, last = study.years_of(design)
    if design.measures is not None:
        nothing = (np.nan, np.nan, np.nan)
        told = Finding(question, name, method, None, None, None, (), (), np.inf, nothing, gain, first + 1, "sound")
        return told, narrowed
    by = {
        kind: diagnose(*(part[one].to_numpy() for one in ("value", "low", "high", "truth")))
        for kind, part in kinds.items()
    }
    # an effect of the same size everywhere moves every estimator's interval by just that size (a test holds them to it)
    low = kinds[NOTHING]["low"].dropna().to_numpy()
    power = tuple(float((low + size > 0).mean()) if len(low) else 0.0 for size in asked.sizes)
    if design.kind == "stepped" and method in UNTIL_ALL_HAVE_IT:
        last = min(last, first + design.waves - 2)
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
        tuple(kinds[AS_MODELLED]["truth"].quantile([0.5, 0.05, 0.95]).to_list()),
        gain,
        last + asked.lag,
        verdict(by[NOTHING], by[LARGE]),
    ), narrowed
