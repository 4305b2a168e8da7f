"""A polynomial of the factors, fitted to the runs: its Sobol' indices are known exactly, so they need no sampling.

    y ~ sum_k c_k prod_j phi_kj(x_j),     phi orthonormal polynomials of a factor's value under its prior,

    variance = sum_k c_k^2 over all terms but the constant,
    first index of a unit = that of the terms in its factors alone, total = that of the terms with any of them.

Factors that stand alone are in it, and of those in groups the ones that an emulator finds to matter: the twelve that
matter most with their products, the others with a linear and a quadratic term. Coefficients are those of a ridge
regression that shrinks a term the more the higher its degree; how much is what half of the blocks say about the other
half.

Source: Sudret, B. (2008), Reliability Engineering and System Safety 93, 964-979.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import comb
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.experiment.emulator import learn, normal_scores
from doorstroom.experiment.factors import Factors
from doorstroom.priors import Prior

Floats = NDArray[np.float64]
Term = tuple[tuple[int, int], ...]
"""Columns of the design and the degree of each; the constant has none."""

MULTIPLIED: Final = 12
"""Factors that enter with their products."""
MOST_TERMS: Final = 500
"""Products of these, which is what limits their degree: 3 for twelve factors, 4 for seven."""
HIGHEST: Final = 8
"""Degree of a product of few factors."""
_GROWTH: Final = 3.0
"""By how much a term is shrunk more than one whose degree is one less."""
_PENALTIES: Final = (1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0)
_LEVELS: Final = 4096
"""Points of equal mass that stand for a prior."""
_AT_ONCE: Final = 20_000
"""Points whose terms are in memory together."""


class _Moments(NamedTuple):
    """Of the terms with each other, of the terms with the response, of the response with itself."""

    squares: Floats
    sides: Floats
    whole: float


class Polynomial(NamedTuple):
    """The terms over a set of factors.

    Attributes
    ----------
    terms : the constant first
    within : whether a term has factors of a unit, shape (units, terms)
    """

    factors: Factors
    terms: tuple[Term, ...]
    within: NDArray[np.bool_]

    def fit(self, unit: Floats, y: Floats) -> Floats:
        """Coefficients, shape (terms,), from points, shape (blocks, points, columns), and y, shape (blocks, points)."""
        degree = np.array([sum(degree for _, degree in term) for term in self.terms])
        penalty = np.diag(np.where(degree > 0, _GROWTH ** (degree - 1.0), 0.0))
        one, other = (self._moments(unit[half::2], y[half::2]) for half in (0, 1))
        points = y.size / 2

        def missed(size: float) -> float:
            wrong = 0.0
            for here, there in ((one, other), (other, one)):
                found = np.linalg.solve(here.squares + points * size * penalty, here.sides)
                wrong += float(there.whole - 2.0 * there.sides @ found + found @ there.squares @ found)
            return wrong

        size = min(_PENALTIES, key=missed)
        squares = one.squares + other.squares + 2 * points * size * penalty
        return np.asarray(np.linalg.solve(squares, one.sides + other.sides))

    def predict(self, unit: Floats, coefficients: Floats) -> Floats:
        """The polynomial at points of shape (blocks, points, columns), shape (blocks, points)."""
        return np.concatenate([self._terms(unit[piece]) @ coefficients for piece in _pieces(unit)])

    def shares(self, coefficients: Floats) -> tuple[Floats, Floats, float, float]:
        """What the polynomial's first and total indices share out, each of shape (units,); its variance and mean."""
        squared = coefficients**2
        alone = self.within & (self.within.sum(axis=0) == 1)
        variance = float(squared[1:].sum())
        return alone @ squared, self.within @ squared, variance, float(coefficients[0])

    def _moments(self, unit: Floats, y: Floats) -> _Moments:
        squares, sides = np.zeros((len(self.terms), len(self.terms))), np.zeros(len(self.terms))
        for piece in _pieces(unit):
            columns = self._terms(unit[piece]).reshape(-1, len(self.terms))
            squares += columns.T @ columns
            sides += columns.T @ y[piece].ravel()
        return _Moments(squares, sides, float(np.sum(y**2)))

    def _terms(self, unit: Floats) -> Floats:
        """Every term at points of the unit cube, shape (..., columns), as shape (..., terms)."""
        degrees: dict[int, int] = {}
        for term in self.terms:
            degrees |= {column: max(degree, degrees.get(column, 0)) for column, degree in term}
        powers = {
            column: _orthonormal(self.factors.priors[self.factors.names[column]], unit[..., column], degree)
            for column, degree in degrees.items()
        }
        columns = np.ones((*unit.shape[:-1], len(self.terms)))
        for at, term in enumerate(self.terms):
            for column, degree in term:
                columns[..., at] *= powers[column][..., degree]
        return columns


def polynomial(factors: Factors, unit: Floats, y: Floats) -> Polynomial:
    """The terms that suit a response; the dummy has none.

    Parameters
    ----------
    unit, y : points of the unit cube and the response there, shapes (points, columns) and (points,)
    """
    emulator = learn(normal_scores(unit), y)
    slopes = emulator.coefficients[1:].reshape(2, -1)
    weight = dict(zip(emulator.columns, np.hypot(*slopes), strict=True))
    alone = [column for column, name in enumerate(factors.names) if factors.group_of[column] == name]
    order = sorted({*alone, *weight} - {len(factors.names)}, key=lambda at: (-weight.get(at, 0.0), at))
    multiplied = sorted(order[:MULTIPLIED])
    degree = HIGHEST
    while comb(len(multiplied) + degree, degree) > MOST_TERMS:
        degree -= 1
    powers = [((column, power),) for column in order[MULTIPLIED:] for power in (1, 2)]
    terms: tuple[Term, ...] = ((), *_products(multiplied, degree), *powers)
    owner = np.argmax(factors.members, axis=0)
    within = np.zeros((len(factors.units), len(terms)), np.bool_)
    for at, term in enumerate(terms):
        within[[owner[column] for column, _ in term], at] = True
    return Polynomial(factors, terms, within)


def _products(columns: list[int], degree: int) -> Iterator[Term]:
    """Every product of powers of these columns up to a degree, without the constant."""
    for at, column in enumerate(columns):
        for power in range(1, degree + 1):
            yield ((column, power),)
            for rest in _products(columns[at + 1 :], degree - power):
                yield ((column, power), *rest)


def _orthonormal(prior: Prior, unit: Floats, degree: int) -> Floats:
    """Orthonormal polynomials of a factor's value up to a degree, at coordinates of shape (...): (..., degree + 1)."""
    middle, half, turned = _basis(prior, degree)
    inside = prior.quantiles(np.clip(unit, 0.5 / _LEVELS, 1.0 - 0.5 / _LEVELS))
    return np.asarray(np.polynomial.legendre.legvander((inside - middle) / half, degree) @ turned)


@lru_cache(maxsize=1024)
def _basis(prior: Prior, degree: int) -> tuple[float, float, Floats]:
    """Middle and half of a prior's range, and what turns Legendre polynomials on it into orthonormal ones."""
    grid = prior.quantiles((np.arange(_LEVELS) + 0.5) / _LEVELS)
    middle, half = float((grid.max() + grid.min()) / 2), float((grid.max() - grid.min()) / 2)
    _, upper = np.linalg.qr(np.polynomial.legendre.legvander((grid - middle) / half, degree) / np.sqrt(_LEVELS))
    return middle, half, np.linalg.inv(upper)


def _pieces(unit: Floats) -> Iterator[slice]:
    """Blocks that fit into memory together with all their terms."""
    step = max(_AT_ONCE // unit.shape[1], 1)
    return (slice(start, start + step) for start in range(0, len(unit), step))
