"""How much one year of a small school is worth: strengths of partial pooling, estimated from counts of other years.

The constants of a choice draw the shares of a cell (location, leerweg and sex) towards what like cells have: the
country's shares of the leerweg, times how an alternative is liked at the location; and that liking in turn towards none
in particular. Both by as many pupils' worth as make the counts of later years most likely, given those of one year
(empirical Bayes by predictive likelihood, Efron and Morris 1975, Data analysis using Stein's estimator, JASA 70). What
moves from year to year by luck counts as luck in this, also where it is more than that of drawing pupils.

Two estimates. From nine exam years, by location and leerweg, each year forecasting the three after it: the cells of
the exam part, which knows no sexes. And from year 4 of 1 October 2019 forecasting year 3 of that day, in the very cells
of the model: girls and boys of a location tell of each other what its leerwegen don't.

    python -m doorstroom.evidence.pooling     estimates again; agents/choice_constants.POOLING has the result
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from doorstroom.agents.constants import Observed, Pooling, smoothed
from doorstroom.inputs.exam_history import YEARS, ExamHistory, load_exam_history
from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.terms import VMBO_PROFILES, Track

Floats = NDArray[np.float64]

AHEAD: Final = (1, 2, 3)
"""Years from the count to the ones that it forecasts."""
MOST: Final = 1000.0
"""A strength beyond which nothing changes any more: what stands behind it is all that counts."""
_START: Final = Pooling(30.0, 20.0)
_LEAST: Final = 1e-4
"""Share of what nobody had taken: a cell can't say that it never will be."""


@lru_cache
def estimated(last: int = YEARS[-1]) -> Pooling:
    """Strengths at which the exams up to exam year `last` forecast each other best."""
    return _best(_pairs(load_exam_history(), last))


def of_count(inputs: Inputs) -> Pooling:
    """Strengths at which year 4 of the count forecasts its year 3 best, by location, leerweg and sex."""
    row = {code: at for at, code in enumerate(inputs.locations["location"])}

    def counted(year: int) -> Floats:
        pupils = inputs.pupils[(inputs.pupils["year"] == year) & inputs.pupils["track"].between(Track.BB, Track.GL)]
        pupils = pupils[pupils["profile"].isin(VMBO_PROFILES)]
        count = np.zeros((len(row), 6, len(VMBO_PROFILES)))
        for sex, column in enumerate(("men", "women")):
            at = (pupils["location"].map(row), (pupils["track"] - Track.BB) * 2 + sex, pupils["profile"] - 1)
            np.add.at(count, at, pupils[column].to_numpy(np.float64))
        return count

    return _best([_pair(counted(4), counted(3))])


def _best(pairs: list[tuple[Observed, Floats]]) -> Pooling:
    def loss(logs: Floats) -> float:
        strength = _strength(logs)
        return sum(_loss(strength, *pair) for pair in pairs) / sum(later.sum() for _, later in pairs)

    found = minimize(loss, np.log(_START), method="Nelder-Mead", options={"xatol": 0.05, "fatol": 1e-5})
    return _strength(found.x)


def _strength(logs: Floats) -> Pooling:
    return Pooling(*np.exp(np.minimum(logs, np.log(MOST))).tolist())


def _pairs(history: ExamHistory, last: int) -> list[tuple[Observed, Floats]]:
    """Counts of a year and those of the same cells some years on."""
    made = []
    for start in range(len(YEARS)):
        for ahead in AHEAD:
            if start + ahead >= len(YEARS) or YEARS[start + ahead] > last:
                continue
            made.append(_pair(history.candidates[start], history.candidates[start + ahead]))
    return made


def _pair(now: Floats, later: Floats) -> tuple[Observed, Floats]:
    """Two counts of shape (locations, groups, profiles) in their cells, of profiles that were there in both."""
    location, group = np.nonzero((now.sum(axis=2) > 0) & (later.sum(axis=2) > 0))
    offered = ((now.sum(axis=1) > 0) & (later.sum(axis=1) > 0))[location]
    first, then = now[location, group] * offered, later[location, group] * offered
    use = (first.sum(axis=1) > 0) & (then.sum(axis=1) > 0) & (offered.sum(axis=1) > 1)
    return Observed(first[use], location[use], group[use], offered[use]), then[use]


def _loss(strength: Pooling, observed: Observed, later: Floats) -> float:
    """Minus the log likelihood of later counts, up to what doesn't depend on the strength."""
    share = np.maximum(smoothed(observed, strength), _LEAST)
    share /= share.sum(axis=1, keepdims=True)
    return -float((later * np.log(share)).sum())


if __name__ == "__main__":
    print(f"exams: {estimated()}; the count: {of_count(load_inputs())}")
