"""Emulators: what a figure of a run would be at any values of the parameters, learned from a design of runs.

Parameters enter as normal scores of their priors, so that each has mean 0 and variance 1 and may have any prior.
Of a hundred and more parameters a figure depends on few. Those are found one by one: the parameter that explains
most of what is left is taken in as long as its linear and quadratic term together beat chance, at 1% over all
parameters tried. What stays unexplained is luck and the rest of the parameters; its variance goes into every use.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

CHANCE: Final = 0.01
_EDGE: Final = 1e-6


class Emulator(NamedTuple):
    """A quadratic surface without interactions over a few parameters.

    Attributes
    ----------
    columns : of the parameters it depends on
    coefficients : intercept, then a linear and a quadratic one per parameter
    variance : of what it leaves unexplained, degrees of freedom allowed for
    explained : part of the variance of runs that it wasn't fitted to (leave one out), at least 0
    """

    columns: tuple[int, ...]
    coefficients: Floats
    variance: float
    explained: float

    def predict(self, scores: Floats) -> Floats:
        """The figure at normal scores of shape (n, parameters)."""
        return np.asarray(_terms(scores, self.columns) @ self.coefficients)


def normal_scores(levels: Floats) -> Floats:
    """Standard normal numbers of quantile levels."""
    return np.asarray(stats.norm.ppf(np.clip(levels, _EDGE, 1.0 - _EDGE)))


def learn(scores: Floats, figure: Floats) -> Emulator:
    """The emulator of one figure.

    Parameters
    ----------
    scores : normal scores, shape (runs, parameters)
    figure : shape (runs,)
    """
    runs, parameters = scores.shape
    columns: list[int] = []
    left = figure - figure.mean()
    while len(columns) < runs // 10 and left.std() > 0:
        correlation = np.abs(left @ scores) / (left.std() * runs)
        correlation[columns] = 0.0
        best = int(correlation.argmax())
        after = _left(scores, figure, [*columns, best])
        freedom = runs - 1 - 2 * (len(columns) + 1)
        ratio = (left @ left - after @ after) / 2 / max(after @ after / freedom, 1e-300)
        if stats.f.sf(ratio, 2, freedom) * parameters > CHANCE:
            break
        columns.append(best)
        left = after
    terms = _terms(scores, columns)
    inverse = np.linalg.pinv(terms)
    coefficients = inverse @ figure
    left = figure - terms @ coefficients
    leverage = np.einsum("ij,ji->i", terms, inverse)
    unseen = left / np.maximum(1.0 - leverage, 1e-9)
    spread = float(np.sum((figure - figure.mean()) ** 2))
    explained = max(1.0 - float(unseen @ unseen) / spread, 0.0) if spread > 0 else 0.0
    return Emulator(tuple(columns), coefficients, float(left @ left) / (runs - terms.shape[1]), explained)


def _left(scores: Floats, figure: Floats, columns: Sequence[int]) -> Floats:
    terms = _terms(scores, columns)
    return np.asarray(figure - terms @ np.linalg.lstsq(terms, figure, rcond=None)[0])


def _terms(scores: Floats, columns: Sequence[int]) -> Floats:
    mine = scores[:, list(columns)]
    return np.concatenate([np.ones((len(scores), 1)), mine, mine**2 - 1.0], axis=1)
