"""What an effect's uncertainty rests on: measured figures, literature, judgement or assumption.

Method, from the draws at hand alone: the effect, averaged over the seeds of a draw, is regressed on the normal scores
of the parameters (`emulator`: those that beat chance, each with a linear and a quadratic term). Scores are
independent and standard, so a parameter's part of the variance is b1^2 + 2 b2^2. The parts are scaled to what the
regression explains of draws it hasn't seen. A parameter's part goes to its grade of evidence. What remains is split
in luck (the variance of a mean over the seeds of a draw) and the rest: interactions, and parameters too weak to be
seen with so few draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from doorstroom.parameters import Grade, Parameter, load_parameters
from doorstroom.study.compare import Comparison, Series
from doorstroom.study.emulator import learn
from doorstroom.study.evidence.calibration import prior_scores

Floats = NDArray[np.float64]

ENOUGH: Final = 40
"""With fewer draws a regression on a hundred parameters finds chance."""
LUCK: Final = "luck"
REST: Final = "not attributed"


class Attribution(NamedTuple):
    """Shares of an effect's variance; they add up to 1.

    Attributes
    ----------
    by_grade : per grade of evidence, and for LUCK and REST
    by_parameter : of the parameters that could be seen, the largest first
    draws : how many draws it rests on
    """

    by_grade: dict[str, float]
    by_parameter: dict[str, float]
    draws: int


def attribute(
    effect: Floats, scores: Floats, names: tuple[str, ...], entries: Mapping[str, Parameter] | None = None
) -> Attribution | None:
    """Shares of the variance of an effect; None with fewer draws than ENOUGH, or where nothing varies.

    Parameters
    ----------
    effect : shape (draws, seeds)
    scores : normal scores of the parameters `names` in each draw, shape (draws, parameters)
    """
    entries = load_parameters() if entries is None else entries
    draws, seeds = effect.shape
    mean = effect.mean(axis=1)
    variance = float(mean.var(ddof=1)) if draws > 1 else 0.0
    if draws < ENOUGH or not np.isfinite(variance) or variance == 0.0:
        return None
    emulator = learn(scores, mean)
    terms = len(emulator.columns)
    linear, square = emulator.coefficients[1 : 1 + terms], emulator.coefficients[1 + terms :]
    part = linear**2 + 2.0 * square**2
    part = part / part.sum() * emulator.explained if terms else part
    luck = float(effect.var(axis=1, ddof=1).mean()) / seeds / variance if seeds > 1 else 0.0
    luck = min(luck, 1.0 - emulator.explained)
    by_grade = dict.fromkeys([str(grade) for grade in get_args(Grade)], 0.0)
    found = {names[column]: float(share) for column, share in zip(emulator.columns, part, strict=True)}
    for name, share in found.items():
        by_grade[entries[name].grade] += share
    by_grade |= {LUCK: luck, REST: 1.0 - emulator.explained - luck}
    return Attribution(by_grade, dict(sorted(found.items(), key=lambda item: -item[1])), draws)


def of_comparison(comparison: Comparison, label: str, series: Series, year: int, region: int = 0) -> Attribution | None:
    """Of a scenario's effect in a finished study whose draws are those of the priors."""
    draws = [int(draw) for draw in comparison.manifest.draws]
    if len(draws) < ENOUGH or 0 in draws or comparison.manifest.posterior is not None:
        return None
    (panel,) = comparison.panels(([series], [region]), labels=[comparison.baseline, label])
    effect = comparison.effect(panel, label, series)[:, comparison.years.index(year), 0]
    names, scores = prior_scores(draws)
    return attribute(effect.reshape(len(draws), -1), scores, names)
