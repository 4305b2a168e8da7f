"""What an effect's uncertainty rests on: measured figures, literature, judgement or assumption.

Method, from the draws at hand alone, at any number of them:

1. The effect, averaged over the seeds of a draw, is regressed on the normal scores of the parameters that beat chance
   (`emulator`), each with a linear and a quadratic term. Scores are independent and standard, so a parameter's part of
   the variance is b1^2 + 2 b2^2; the parts together are what the regression explains, degrees of freedom allowed for.
2. Parameters too weak to be seen one by one may explain much together. What the regression leaves is split among the
   grades by the products of pairs of draws: where draws that are alike in a grade's parameters are alike in the
   effect, the grade explains it. Since the scores' distribution is known, the mean of such products is that part of
   the variance without bias (Haseman and Elston 1972; Dicker 2014, Biometrika 101, for many weak terms).

What remains is split in luck (the variance of a mean over the seeds of a draw) and the rest: interactions, and luck
where there is one seed. Each share has a 90% interval; where it is wider than `PRECISE` to either side,
`draws_needed` says how many draws would make it that narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from doorstroom.evidence.calibration import prior_scores
from doorstroom.experiment.emulator import Emulator, learn
from doorstroom.experiment.results import Results
from doorstroom.experiment.table import Series
from doorstroom.parameters import Grade, Parameter, load_parameters

Floats = NDArray[np.float64]

ENOUGH: Final = 20
"""With fewer draws not even intervals can be told."""

PRECISE: Final = 0.15
"""Half the width of an interval that leaves no doubt which grades matter."""

LUCK: Final = "luck"
REST: Final = "not attributed"
_TAIL: Final = float(stats.norm.ppf(0.95))


class Share(NamedTuple):
    """A share of the variance with its 90% interval; chance may put the share itself a little outside 0 to 1."""

    value: float
    low: float
    high: float


class Attribution(NamedTuple):
    """Shares of an effect's variance; they add up to 1.

    Attributes
    ----------
    by_grade : per grade of evidence, and for LUCK and REST
    by_parameter : of the parameters that could be seen, the largest first
    draws : how many draws it rests on
    draws_needed : how many would give intervals of PRECISE to either side; `draws` where they are that narrow
    """

    by_grade: dict[str, Share]
    by_parameter: dict[str, Share]
    draws: int
    draws_needed: int


def attribute(
    effect: Floats, scores: Floats, names: Sequence[str], entries: Mapping[str, Parameter] | None = None
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
    strong = _strong(emulator, variance)
    left = mean - emulator.predict(scores)
    remains = min(emulator.variance / variance, 1.0)
    grades = {str(grade): 0.0 for grade in get_args(Grade)}
    errors = dict(grades)
    for grade in grades:
        mine = [at for at, name in enumerate(names) if entries[name].grade == grade]
        seen = sum(part for column, part in strong.items() if column in mine)
        weak, error = _together(left, scores[:, [at for at in mine if at not in strong]])
        grades[grade] = seen + weak * remains
        errors[grade] = float(np.hypot(_error(seen, draws), error * remains))
    luck = min(float(effect.var(axis=1, ddof=1).mean()) / seeds / variance, 1.0) if seeds > 1 else 0.0
    found = {grade: _interval(part, errors[grade]) for grade, part in grades.items()}
    rest = 1.0 - sum(grades.values()) - luck
    spread = float(np.sqrt(sum(error**2 for error in errors.values())))
    found |= {LUCK: _interval(luck, luck * np.sqrt(2.0 / max(draws * (seeds - 1), 1))), REST: _interval(rest, spread)}
    widest = _TAIL * max(errors.values())
    needed = draws if widest <= PRECISE else int(np.ceil(draws * widest / PRECISE / 10) * 10)
    ordered = sorted(strong.items(), key=lambda item: -item[1])
    by_parameter = {names[column]: _interval(part, _error(part, draws)) for column, part in ordered}
    return Attribution(found, by_parameter, draws, needed)


def _strong(emulator: Emulator, variance: float) -> dict[int, float]:
    """Share of the variance per column of the regression."""
    terms = len(emulator.columns)
    linear, square = emulator.coefficients[1 : 1 + terms], emulator.coefficients[1 + terms :]
    part = linear**2 + 2.0 * square**2
    whole = max(1.0 - emulator.variance / variance, 0.0)
    return {column: float(one * whole / part.sum()) for column, one in zip(emulator.columns, part, strict=True)}


def _error(part: float, draws: int) -> float:
    """Standard error of a share of variance that a regression explains."""
    return float(2.0 * np.sqrt(max(part, 0.0)) * max(1.0 - part, 0.0) / np.sqrt(draws))


def _together(y: Floats, scores: Floats) -> tuple[float, float]:
    """Share of the variance of y that many weak terms explain together, and its standard error.

    Both the part explained and the variance are means over pairs of draws, so the error is that of a ratio of two
    U-statistics of second order (Hoeffding 1948).
    """
    n = len(y)
    if not scores.shape[1] or not np.ptp(y):
        return 0.0, 0.0
    centred, square = y - y.mean(), (scores**2 - 1.0) / np.sqrt(2.0)
    pairs = ~np.eye(n, dtype=np.bool_)
    products = np.outer(centred, centred) * (scores @ scores.T + square @ square.T)
    apart = (centred[:, None] - centred[None, :]) ** 2 / 2.0
    variance = apart[pairs].mean()
    share = products[pairs].mean() / variance
    left = np.where(pairs, products - share * apart, 0.0)
    of_pairs = (left**2)[pairs].mean()
    of_draws = (left.sum(axis=1) ** 2 - (left**2).sum(axis=1)).sum() / (n * (n - 1) * (n - 2))
    error = np.sqrt(2.0 * (2.0 * (n - 2) * max(of_draws, 0.0) + of_pairs) / (n * (n - 1)))
    return float(share), float(error / variance)


def _interval(part: float, error: float) -> Share:
    return Share(part, max(part - _TAIL * error, 0.0), max(min(part + _TAIL * error, 1.0), 0.0))


def of_comparison(comparison: Results, label: str, series: Series, year: int, region: int = 0) -> Attribution | None:
    """Of a scenario's effect in a finished study whose draws are those of the priors."""
    draws = comparison.whole_draws
    if len(draws) < ENOUGH or 0 in draws or comparison.manifest.posterior is not None:
        return None
    (panel,) = comparison.panels(([series], [region]), labels=[comparison.baseline, label])
    effect = comparison.effect(panel, label, series)[:, comparison.years.index(year), 0]
    names, scores = prior_scores(draws)
    return attribute(effect.reshape(len(draws), -1), scores, names)
