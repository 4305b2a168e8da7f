"""Constants of the choices, such that the model's own equation gives back the shares of the start year.

For every cell (location, leerweg, sex) the observed counts are smoothed with those of like cells, then the constants
are found by the usual contraction: add log(wanted share / predicted share) until they agree. Taste is
integrated out by quadrature, so the result depends on the parameters alone, not on seed or sampling fraction.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CONTRACTIONS = 30
CORRECTIONS = 4
NODES = 7


class Observed(NamedTuple):
    """Counts to reproduce.

    Attributes
    ----------
    counted : pupils per cell and alternative, shape (cells, alternatives)
    location, group : location row and group (leerweg or track, by sex) of each cell, shape (cells,)
    offered : whether an alternative exists at the cell's own location, shape (cells, alternatives)
    """

    counted: Array
    location: NDArray[np.int64]
    group: NDArray[np.int64]
    offered: NDArray[np.bool_]


def smoothed(observed: Observed, strength: float) -> Array:
    """Shares per cell, shape (cells, alternatives), drawn towards like cells with the weight of `strength` pupils.

    A cell's like cells give: the country's shares of its group, times how popular an alternative is at its location.
    """
    count, location, group, offered = observed
    locations, alternatives = location.max() + 1, count.shape[1]
    national = _by_group(count, observed)
    possible = _by_group(offered * count.sum(axis=1, keepdims=True), observed)
    popular = np.divide(national, possible, out=np.zeros_like(national), where=possible > 0) + 1e-6
    prior = _normal(popular[group] * offered)
    got, wanted = np.zeros((locations, alternatives)), np.zeros((locations, alternatives))
    np.add.at(got, location, count)
    np.add.at(wanted, location, prior * count.sum(axis=1, keepdims=True))
    liking = (got + strength) / (wanted + strength)
    prior = _normal(prior * liking[location])
    return _normal(count + strength * prior)


class Fitted(NamedTuple):
    """Constants per cell (utility, finite for every alternative, offered or not) and the shares they give.

    Both have shape (cells, alternatives); shares are those of pupils of the cell, wherever they then go.
    """

    constant: Array
    share: Array


def fit(observed: Observed, loading: Array, spread: float, cost: Array, unoffered: float, strength: float) -> Fitted:
    """Constants at which the model's choices have the smoothed shares of the cells.

    Parameters
    ----------
    loading : how far an alternative is technical, shape (alternatives,)
    spread : standard deviation of the pull towards technique among pupils, utility
    cost : what taking the alternative elsewhere costs, utility, shape (cells, alternatives); 0 where offered
    unoffered : by how much an alternative is liked less where it is not on offer, utility
    strength : pupils' worth of smoothing
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    pull = spread * nodes[:, None] * loading[None, :]
    target = smoothed(observed, strength)
    size = observed.counted.sum(axis=1)
    total = _by_group(observed.counted, observed)
    constant = np.log(np.maximum(target, 1e-9))
    for _ in range(CORRECTIONS):
        for _ in range(CONTRACTIONS):
            general = _general(constant, observed, size) - unoffered
            full = np.where(observed.offered, constant, general[observed.group] - cost)
            predicted = _probability(full, pull, weights)
            at_home = _normal(predicted * observed.offered)
            constant = constant + np.where(
                observed.offered, np.log(np.maximum(target, 1e-9) / np.maximum(at_home, 1e-12)), 0.0
            )
        came = _by_group(size[:, None] * predicted, observed)
        target = _normal(target * np.divide(total, came, out=np.ones_like(total), where=came > 0)[observed.group])
    general = _general(constant, observed, size) - unoffered
    return Fitted(np.where(observed.offered, constant, general[observed.group]), predicted)


def _by_group(count: Array, observed: Observed) -> Array:
    """Sum of a count over the cells of each group, shape (groups, alternatives)."""
    total = np.zeros((observed.group.max() + 1, count.shape[1]))
    np.add.at(total, observed.group, count)
    return total


def _general(constant: Array, observed: Observed, size: Array) -> Array:
    """Mean constant of each alternative over the cells of a group that have it, shape (groups, alternatives)."""
    weight = observed.offered * size[:, None]
    total = _by_group(np.where(observed.offered, constant, 0.0) * weight, observed)
    mass = _by_group(weight, observed)
    return np.divide(total, mass, out=np.full_like(total, -20.0), where=mass > 0)


def _probability(constant: Array, pull: Array, weights: Array) -> Array:
    utility = constant[None, :, :] + pull[:, None, :]
    utility -= utility.max(axis=2, keepdims=True)
    odds = np.exp(utility)
    return np.asarray((weights[:, None, None] * odds / odds.sum(axis=2, keepdims=True)).sum(axis=0))


def _normal(shares: Array) -> Array:
    total = shares.sum(axis=-1, keepdims=True)
    return np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)


def logit_constant(chance: Array, mean: Array, spread: float) -> Array:
    """Constant at which a logistic chance, averaged over a normal shift, has the given mean; all shape (n,)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    weights = weights / weights.sum()
    wanted = np.clip(chance, 1e-4, 1.0 - 1e-4)
    constant = np.log(wanted / (1.0 - wanted))
    for _ in range(CONTRACTIONS):
        shift = constant[:, None] + mean[:, None] + spread * nodes
        got = (weights / (1.0 + np.exp(-shift))).sum(axis=1)
        constant = constant + np.log(wanted / (1.0 - wanted)) - np.log(got / (1.0 - got))
    return constant
