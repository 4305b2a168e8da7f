"""Constants of the choices, such that the model's own equation gives back the shares of the start year.

For every cell (location, leerweg, sex) the observed counts are smoothed with those of like cells, then the constants
are found by the usual contraction: add log(wanted share / predicted share) until they agree. Taste is
integrated out by quadrature, so the result depends on the parameters alone, not on seed or sampling fraction.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import compiled
from doorstroom.terms import N_PROFILES, TECHNICAL_PROFILES, Profile, Sex

Array = NDArray[np.float64]

CONTRACTIONS: Final = 30
CORRECTIONS: Final = 4
NODES: Final = 7
AGREED: Final = 1e-13
"""Contraction stops when no constant moves by more, utility."""

_CODES = np.arange(max(Profile) + 1)
IS_TECHNICAL: Final = np.isin(_CODES, (*TECHNICAL_PROFILES, Profile.VR_TECHNIEK))
"""Whether a profile is one of technique, by Profile code; the next two likewise."""
HAS_NATURE: Final = np.isin(_CODES, N_PROFILES)
HAS_TECHNIQUE: Final = np.isin(_CODES, (Profile.NT, Profile.NT_NG, Profile.NT_CM, Profile.NT_EM))
"""N&T, alone or with another profile of havo and vwo."""
LOADS_TECHNIQUE: Final = IS_TECHNICAL | np.isin(_CODES, (Profile.TL_TECHNIEK, Profile.NT, Profile.NT_NG))


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


class Pooling(NamedTuple):
    """Pupils' worth of like cells behind a count: what all of a location like, and what one cell of it does."""

    location: float
    cell: float


def smoothed(observed: Observed, strength: Pooling) -> Array:
    """Shares per cell, shape (cells, alternatives), drawn towards like cells.

    A cell's like cells give: the country's shares of its group, times how popular an alternative is at its location.
    So a cell of n pupils has weight n / (n + strength.cell), and a location's liking of an alternative that n took
    where m were expected is (n + strength.location) / (m + strength.location).
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
    liking = (got + strength.location) / (wanted + strength.location)
    prior = _normal(prior * liking[location])
    return _normal(count + strength.cell * prior)


class Fitted(NamedTuple):
    """Constants per cell (utility, finite for every alternative, offered or not) and the shares they give.

    Both have shape (cells, alternatives); shares are those of pupils of the cell, wherever they then go. `general` are
    the constants of a cell of the group without an offer of its own, shape (groups, alternatives).
    """

    constant: Array
    share: Array
    general: Array


def fit(observed: Observed, loading: Array, spread: float, cost: Array, unoffered: float, strength: Pooling) -> Fitted:
    """Constants at which the model's choices have the smoothed shares of the cells.

    Parameters
    ----------
    loading : how far an alternative is technical, shape (alternatives,)
    spread : standard deviation of the pull towards technique among pupils, utility
    cost : what taking the alternative elsewhere costs, utility, shape (cells, alternatives); 0 where offered
    unoffered : by how much an alternative is liked less where it is not on offer, utility
    strength : how far cells are drawn towards like ones
    """
    nodes, weights = _quadrature()
    pull = np.exp(spread * nodes[:, None] * loading[None, :])
    target = smoothed(observed, strength)
    size = observed.counted.sum(axis=1)
    total = _by_group(observed.counted, observed)
    mass = _by_group(observed.offered * size[:, None], observed)
    constant = np.log(np.maximum(target, 1e-9))
    predicted, elsewhere = np.zeros_like(target), np.exp(-cost)
    general = np.full_like(mass, -20.0)
    for _ in range(CORRECTIONS):
        for _ in range(CONTRACTIONS):
            moved = contract(
                constant, predicted, general, observed, size, mass, target, pull, weights, elsewhere, unoffered
            )
            if moved < AGREED:
                break
        came = _by_group(size[:, None] * predicted, observed)
        wanted = target * np.divide(total, came, out=np.ones_like(total), where=came > 0)[observed.group]
        # a cell whose only profile nobody of its group took is left with nothing to want: what stood there stays
        target = np.where(wanted.sum(axis=1, keepdims=True) > 0, _normal(wanted), target)
    average(general, constant, observed, size, mass)
    general -= unoffered
    return Fitted(np.where(observed.offered, constant, general[observed.group]), predicted, general)


@compiled
def average(general: Array, constant: Array, observed: Observed, size: Array, mass: Array) -> None:
    """Set `general` to the mean constant of each alternative over the cells of a group that have it.

    `mass`, shape (groups, alternatives), are the pupils of these cells; without any, what stands there stays.
    """
    total = np.zeros_like(general)
    for c in range(len(constant)):
        for a in range(constant.shape[1]):
            if observed.offered[c, a]:
                total[observed.group[c], a] += constant[c, a] * size[c]
    for g in range(len(general)):
        for a in range(general.shape[1]):
            if mass[g, a] > 0.0:
                general[g, a] = total[g, a] / mass[g, a]


@compiled
def contract(
    constant: Array,
    predicted: Array,
    general: Array,
    observed: Observed,
    size: Array,
    mass: Array,
    target: Array,
    pull: Array,
    weights: Array,
    elsewhere: Array,
    unoffered: float,
) -> float:
    """Add log(wanted share / predicted share) to the constants once, in place, and give the largest step.

    Parameters
    ----------
    constant, predicted : constants and the shares they give, shape (cells, alternatives)
    general : see average
    pull, weights : odds from taste at each node of the quadrature, shape (nodes, alternatives), and its weights
    elsewhere : odds left of an alternative that is taken elsewhere, shape (cells, alternatives)
    """
    average(general, constant, observed, size, mass)
    cells, alternatives = constant.shape
    away = np.exp(general - unoffered)
    odds = np.empty(alternatives)
    largest = 0.0
    for c in range(cells):
        for a in range(alternatives):
            here = observed.offered[c, a]
            odds[a] = np.exp(constant[c, a]) if here else away[observed.group[c], a] * elsewhere[c, a]
            predicted[c, a] = 0.0
        for k in range(len(weights)):
            total = 0.0
            for a in range(alternatives):
                total += odds[a] * pull[k, a]
            for a in range(alternatives):
                predicted[c, a] += weights[k] * odds[a] * pull[k, a] / total
        at_home = 0.0
        for a in range(alternatives):
            at_home += predicted[c, a] if observed.offered[c, a] else 0.0
        for a in range(alternatives):
            if observed.offered[c, a]:
                step = np.log(max(target[c, a], 1e-9) / max(predicted[c, a] / at_home, 1e-12))
                constant[c, a] += step
                largest = max(largest, abs(step))
    return largest


@cache
def _quadrature() -> tuple[Array, Array]:
    """Nodes of a standard normal number and their weights, which sum to one."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return nodes, weights / weights.sum()


def _by_group(count: Array, observed: Observed) -> Array:
    """Sum of a count over the cells of each group, shape (groups, alternatives)."""
    total = np.zeros((observed.group.max() + 1, count.shape[1]))
    np.add.at(total, observed.group, count)
    return total


def _normal(shares: Array) -> Array:
    total = shares.sum(axis=-1, keepdims=True)
    return np.divide(shares, total, out=np.zeros_like(shares), where=total > 0)


def logit_constant(chance: Array, mean: Array, spread: float) -> Array:
    """Constant at which a logistic chance, averaged over a normal shift, has the given mean; all shape (n,)."""
    nodes, weights = _quadrature()
    wanted = np.clip(chance, 1e-4, 1.0 - 1e-4)
    constant = np.log(wanted / (1.0 - wanted))
    for _ in range(CONTRACTIONS):
        shift = constant[:, None] + mean[:, None] + spread * nodes
        got = (weights / (1.0 + np.exp(-shift))).sum(axis=1)
        constant = constant + np.log(wanted / (1.0 - wanted)) - np.log(got / (1.0 - got))
    return constant


def selected(effect: float, chose: NDArray[np.bool_], sex: NDArray[Any]) -> Array:
    """Shift, among those who chose technique and those who didn't, of what moves that choice by `effect` utility.

    To first order a logit choice made with chance q shifts it by effect x (1 - q) among those who chose and by
    -effect x q among the others; q is a third for boys and a twentieth for girls. For a taste of variance v the
    shift of its mean is that of effect v.
    """
    q = np.where(sex == Sex.MAN, 1 / 3, 1 / 20)
    return np.asarray(effect * np.where(chose, 1.0 - q, -q))
