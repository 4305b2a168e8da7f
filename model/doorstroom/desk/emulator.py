"""An emulator of the effect in every draw: the draw's own smooth response to the levers, learned together with others.

In draw d the effect at position i in some year is

    y_di = phi(x_di) . (c + u_d) + e_di,    u_d ~ N(0, S),    e_di ~ N(0, v_di),

with the terms phi of `basis`, which vanish at the present policy, so that no change has no effect, exactly. What draws
share, c, is learned from all of them; how draw d differs, u_d, from its own runs, held towards none as far as draws
turn out to differ (S). These are random coefficients as of Laird and Ware (1982), fitted by expectation and
maximisation (EM). A fit per draw alone would need more runs than terms; one fit for all would give a mean and no
distribution. The parameters of the draws need no emulator: they are in the draws.

The spread of single runs around it, luck and what the terms miss, grows with how much is moved:

    v = (v1 g + v2 g^2),    g = length of the vector of the terms, each weighted by what it does on average.

Source: Laird and Ware (1982), Random-effects models for longitudinal data; Chen, Ankenman and Nelson (2012) on common
random numbers, why differences are emulated and not levels.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import nnls

from doorstroom.desk.levers import Array

ROUNDS: Final = 80
"""Of expectation and maximisation; after these held-out error changes in the third digit only."""
_TOWARDS_DIAGONAL: Final = 0.2
"""How far S is drawn towards its diagonal: with as many draws as terms, the rest of it is mostly noise."""
_FLOOR: Final = 0.02
"""Least variance of a run, as a part of the mean one: nothing counts for more than fifty others."""


class Fit(NamedTuple):
    """One outcome in one year.

    Attributes
    ----------
    coefficients : of every draw, c + u_d, shape (draws, terms)
    size : what each term does on average, for g, shape (terms,)
    variance : v1 and v2
    left : what every run of the design is missed by, as if its draw had not seen it, shape (draws, positions)
    scale : g of every run of the design, shape (draws, positions)
    """

    coefficients: Array
    size: Array
    variance: tuple[float, float]
    left: Array
    scale: Array


def fit(phi: Array, y: Array, rounds: int = ROUNDS) -> Fit:
    """Learn the response of every draw.

    Parameters
    ----------
    phi : terms, shape (draws, positions, terms)
    y : effects, shape (draws, positions)
    """
    draws, positions, terms = phi.shape
    unit = np.sqrt((phi**2).mean(axis=(0, 1)))
    used = unit > 1e-9
    if not used.any() or not np.any(y):
        none = np.zeros((draws, positions))
        return Fit(np.zeros((draws, terms)), np.zeros(terms), (0.0, 0.0), y - none, none)
    x = phi[:, :, used] / unit[used]
    weight = np.ones_like(y)
    centre, spread = _start(x, y)
    variance, scale, size = (0.0, 0.0), np.zeros_like(y), np.zeros(x.shape[2])
    for _ in range(2):  # variances from the first fit weigh the second
        centre, own, spread, noise = _maximised(x, y, weight, centre, spread, rounds)
        left = _left(x, y, weight / noise, centre + own, spread)
        size = np.sqrt(((centre + own) ** 2).mean(axis=0))
        scale = np.sqrt(((x * size) ** 2).sum(axis=2))
        variance = _variance(left, scale)
        expected = variance[0] * scale + variance[1] * scale**2
        weight = 1.0 / np.maximum(expected, max(_FLOOR * expected.mean(), 1e-300))
    coefficients = np.zeros((draws, terms))
    coefficients[:, used] = (centre + own) / unit[used]
    sizes = np.zeros(terms)
    sizes[used] = size / unit[used]
    return Fit(coefficients, sizes, variance, left, scale)


def _start(x: Array, y: Array) -> tuple[Array, Array]:
    flat, target = x.reshape(-1, x.shape[2]), y.ravel()
    gram = flat.T @ flat
    centre = np.linalg.solve(gram + 1e-3 * np.eye(len(gram)) * np.trace(gram) / len(gram), flat.T @ target)
    return centre, np.diag(0.1 * centre**2 + 1e-4 * np.mean(centre**2) + 1e-300)


def _maximised(
    x: Array, y: Array, weight: Array, centre: Array, spread: Array, rounds: int
) -> tuple[Array, Array, Array, float]:
    """Rounds of EM: how each draw differs, then what all share, how far they differ, and the noise.

    `weight` is 1 / v up to a factor, which is the noise.
    """
    draws, _, terms = x.shape
    gram = _gram(x, weight)
    own = np.zeros((draws, terms))
    total = gram.sum(axis=0)
    ridge = 1e-6 * np.eye(terms) * np.trace(total) / terms
    noise = float((weight * (y - x @ centre) ** 2).mean()) or 1.0
    for _ in range(rounds):
        moment = np.einsum("dpi,dp->di", x, weight * (y - x @ centre)) / noise
        inner = np.linalg.inv(np.linalg.inv(spread) + gram / noise)
        own = np.einsum("dij,dj->di", inner, moment)
        found = own.T @ own / draws + inner.mean(axis=0)
        spread = (1.0 - _TOWARDS_DIAGONAL) * found + _TOWARDS_DIAGONAL * np.diag(np.diag(found))
        spread += 1e-12 * np.eye(terms) * np.trace(spread)
        aim = y - np.einsum("dpi,di->dp", x, own)
        centre = np.linalg.solve(total + ridge, np.einsum("dpi,dp->i", x, weight * aim))
        residual = y - np.einsum("dpi,di->dp", x, centre + own)
        uncertain = np.einsum("dij,dji->", inner, gram)
        noise = max(float(((weight * residual**2).sum() + uncertain) / y.size), 1e-300)
    return centre, own, spread, noise


def _gram(x: Array, weight: Array) -> Array:
    return np.matmul(x.transpose(0, 2, 1), x * weight[:, :, None])


def _left(x: Array, y: Array, precision: Array, coefficients: Array, spread: Array) -> Array:
    """What each run would be missed by were it left out of its own draw; exact, given c and S."""
    residual = y - np.einsum("dpi,di->dp", x, coefficients)
    inner = np.linalg.inv(np.linalg.inv(spread) + _gram(x, precision))
    leverage = (np.matmul(x, inner) * x).sum(axis=2) * precision
    return np.asarray(residual / np.maximum(1.0 - leverage, 0.02))


def _variance(left: Array, scale: Array) -> tuple[float, float]:
    """v1 and v2 of v = v1 g + v2 g^2; each run counts by its share, lest the largest decide alone."""
    g, square = scale.ravel(), left.ravel() ** 2
    there = g > 1e-9 * max(g.max(), 1e-300)
    if not there.any():
        return 0.0, 0.0
    g, square = g[there], square[there]
    table = np.stack([g, g**2], axis=1) / (g**2)[:, None] ** 0.75
    (one, two), _ = nnls(table, square / (g**2) ** 0.75)
    return float(one), float(two)


def cross_validated(phi: Array, y: Array, folds: int = 4, rounds: int = ROUNDS) -> Array:
    """What every run is missed by where a part of each draw's runs is left out and all is learned anew."""
    left = np.zeros_like(y)
    for fold in range(folds):
        out = np.arange(y.shape[1]) % folds == fold
        found = fit(phi[:, ~out], y[:, ~out], rounds)
        left[:, out] = y[:, out] - np.einsum("dpi,di->dp", phi[:, out], found.coefficients)
    return left


def widened(found: Fit, times: float) -> Fit:
    """The fit with an error that is so many times as large as what leaving single runs out of their draw told."""
    one, two = found.variance
    return found._replace(left=found.left * times, variance=(one * times**2, two * times**2))


def spread_of(scale: Array, variance: tuple[float, float]) -> Array:
    """Standard deviation of a run around its emulated effect."""
    return np.asarray(np.sqrt(variance[0] * scale + variance[1] * scale**2))
