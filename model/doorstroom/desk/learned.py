"""Everything that a desk has learned from its runs, and the answer to a position that follows from it.

The answer is a number per draw, so that a median, an interval and a direction are told of it as of runs. Three parts
make it up: the draw's own parameters, through its own response; and luck with what the emulator misses, as a spread
that grows with what is moved, shaped as the runs that were left out were missed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.desk.basis import PRICE_RISE, YEARS, index_of, terms
from doorstroom.desk.emulator import cross_validated, fit, spread_of, widened
from doorstroom.desk.levers import Array, Position, vector
from doorstroom.desk.outcomes import REGIONAL, REGIONAL_YEARS, TOLD
from doorstroom.desk.position import Money, moved
from doorstroom.desk.runs import Made
from doorstroom.errors import StoreError
from doorstroom.experiment.whole_files import atomic
from doorstroom.parameters import draw_parameters, load_parameters
from doorstroom.scenario import Scenario

FILE: Final = "learned.npz"
VALIDATED: Final = (2030, 2040)
"""Years of which all is learned anew with parts left out; it costs as much as learning them a few times more."""
AMOUNTS: Final = ("sto_near", "sto_later", "sto_end", "sto_gap", "sto_indexed", "ngf", "ngf_conditional", "ngf_after")
"""Levers that change how much is paid and nothing else."""
_FARTHEST: Final = 4.0
"""Spreads that a single run may be off by; what is beyond is one run's own story."""


class Learned(NamedTuple):
    """What the page and the evaluation read.

    Attributes
    ----------
    coefficients : shape (outcomes, years, draws, terms)
    size : shape (outcomes, years, terms)
    variance : shape (outcomes, years, 2)
    luck : what single runs are off by, in spreads, shape (outcomes, years, draws)
    levels : of the present policy, shape (draws, years, outcomes)
    error : error of a median as a part of what is moved, shape (outcomes, years); filled by `judging`
    regional_coefficients : mean over draws, shape (REGIONAL, REGIONAL_YEARS, regions, terms)
    regional_size : shape (REGIONAL, REGIONAL_YEARS, terms)
    regional_ends : where nine in ten runs lie around it, as parts of what is moved, (REGIONAL, years, regions, 2)
    regional_levels : mean of the present policy, shape (REGIONAL, REGIONAL_YEARS, regions)
    ranks : of the draws in every uncertain parameter, 0 the lowest, shape (parameters, draws)
    prices : level of prices relative to 2025, shape (draws, years)
    """

    coefficients: Array
    size: Array
    variance: Array
    luck: Array
    levels: Array
    error: Array
    regional_coefficients: Array
    regional_size: Array
    regional_ends: Array
    regional_levels: Array
    ranks: Array
    prices: Array


def learn(made: Made, told: Any = lambda text: None) -> Learned:
    """Learn everything from the runs; deterministic."""
    phi = terms(made.positions.reshape(-1, made.positions.shape[2]))
    draws, own = made.effects.shape[:2]
    phi = phi.reshape(draws, own, *phi.shape[1:])
    parts: dict[str, list[Any]] = {"coefficients": [], "size": [], "variance": [], "luck": []}
    chosen: NDArray[np.int64] = np.random.default_rng(1).integers(0, own, (draws,))
    for outcome, name in enumerate(TOLD):
        times = _times(phi, made.effects[..., outcome])
        of: dict[str, list[Any]] = {key: [] for key in parts}
        for year in range(len(YEARS)):
            found = widened(fit(phi[:, :, year], made.effects[:, :, year, outcome]), times)
            of["coefficients"].append(found.coefficients)
            of["size"].append(found.size)
            of["variance"].append(found.variance)
            of["luck"].append(_luck(found.left, spread_of(found.scale, found.variance), chosen))
        for key, value in of.items():
            parts[key].append(value)
        told(name)
    middle, size, ends, levels = _regional(phi, made)
    return Learned(
        coefficients=np.array(parts["coefficients"]),
        size=np.array(parts["size"]),
        variance=np.array(parts["variance"]),
        luck=np.array(parts["luck"]),
        levels=made.levels,
        error=np.full((len(TOLD), len(YEARS)), np.nan),
        regional_coefficients=middle,
        regional_size=size,
        regional_ends=ends,
        regional_levels=levels,
        ranks=_ranks(draws),
        prices=_prices(draws),
    )


def _times(phi: Array, effects: Array) -> float:
    """By how much a fit that has seen the whole draw misses less than one that has not."""
    apart = []
    for year in (index_of(year) for year in VALIDATED):
        inside = fit(phi[:, :, year], effects[:, :, year])
        missed = cross_validated(phi[:, :, year], effects[:, :, year])
        known = spread_of(inside.scale, inside.variance)
        there = known > 0
        if there.any():
            apart.append(float(np.median(np.abs(missed[there]) / known[there])) / _HALF_OF_NORMAL)
    return max(1.0, float(np.mean(apart))) if apart else 1.0


_HALF_OF_NORMAL: Final = 0.6745
"""What half of all normal numbers are within."""


def _luck(left: Array, spread: Array, chosen: NDArray[np.int64]) -> Array:
    """One of the misses per draw, by its rank; as far apart as all misses are."""
    missed = np.divide(left, spread, out=np.zeros_like(left), where=spread > 0)
    missed = np.clip(missed, -_FARTHEST, _FARTHEST)
    own = missed[np.arange(len(missed)), chosen]
    place = (np.argsort(np.argsort(own, kind="stable"), kind="stable") + 0.5) / len(own)
    return np.asarray(np.quantile(missed[spread > 0], place) if (spread > 0).any() else np.zeros(len(own)))


def _regional(phi: Array, made: Made) -> tuple[Array, Array, Array, Array]:
    """Regions share what is learned over draws: a mean response, and how far single runs are from it."""
    coefficients, sizes, ends = [], [], []
    for outcome in range(len(REGIONAL)):
        for at, year in enumerate(REGIONAL_YEARS):
            x = phi[:, :, index_of(year)].reshape(-1, phi.shape[3])
            y = made.regional[:, :, at, :, outcome].reshape(len(x), -1)
            unit = np.maximum(np.sqrt((x**2).mean(axis=0)), 1e-12)
            z = x / unit
            gram = z.T @ z
            found = np.linalg.solve(gram + 0.01 * np.diag(np.diag(gram)) + 1e-9 * np.eye(len(gram)), z.T @ y)
            size = np.sqrt((found**2).mean(axis=1))
            scale = np.sqrt(((z * size) ** 2).sum(axis=1))
            off = (y - z @ found) / np.maximum(scale, 1e-12)[:, None]
            coefficients.append((found / unit[:, None]).T)
            sizes.append(size / unit)
            ends.append(np.quantile(off, (0.05, 0.95), axis=0).T)
    shape = (len(REGIONAL), len(REGIONAL_YEARS))
    levels = made.regional_levels.mean(axis=0).transpose(2, 0, 1)
    middle, size, apart = (np.array(one).reshape(*shape, *one[0].shape) for one in (coefficients, sizes, ends))
    return middle, size, apart, levels


def uncertain() -> list[str]:
    """Names of the parameters that draws differ in."""
    return [name for name, entry in load_parameters().items() if entry.prior is not None]


def _ranks(draws: int) -> Array:
    values = np.array(
        [[float(np.mean(one.value(name))) for name in uncertain()] for one in map(draw_parameters, range(1, draws + 1))]
    ).T
    ranks = np.argsort(np.argsort(values, axis=1, kind="stable"), axis=1, kind="stable")
    return ranks.astype(np.float64)


def _prices(draws: int) -> Array:
    rise = np.array([float(draw_parameters(draw).value("schemes.inflation")) for draw in range(1, draws + 1)])
    return np.asarray((1.0 + rise[:, None]) ** (YEARS - 2025))


class Answer(NamedTuple):
    """What the desk says of a position.

    Attributes
    ----------
    response : effect of every draw without luck, shape (outcomes, years, draws)
    values : with luck and what the emulator misses
    error : of the median, shape (outcomes, years)
    """

    response: Array
    values: Array
    error: Array


def answer(learned: Learned, position: Position, policy: Scenario) -> Answer:
    """The answer to a position."""
    phi = terms(vector(position)[None])[0]
    response = np.einsum("yt,oydt->oyd", phi, learned.coefficients)
    scale = np.sqrt(((phi * learned.size) ** 2).sum(axis=2))
    spread = np.sqrt(learned.variance[..., 0] * scale + learned.variance[..., 1] * scale**2)
    values = response + spread[:, :, None] * learned.luck
    low, high = law(position, policy)
    absorbed = TOLD.index("absorbed")
    for of in (response, values):
        of[absorbed] = np.clip(of[absorbed], low[:, None], high[:, None])
    return Answer(response, values, learned.error * scale)


def law(position: Position, policy: Scenario) -> tuple[Array, Array]:
    """Limits of the effect on work that is paid: more money, and nothing else, never means less of it."""
    low, high = np.full(len(YEARS), -np.inf), np.full(len(YEARS), np.inf)
    if moved(position) and set(moved(position)) <= set(AMOUNTS):
        rises = np.asarray((1.0 + PRICE_RISE) ** (YEARS - 2025), np.float64)
        more = Money(position, policy).total(rises) - Money({}, policy).total()
        low[np.minimum.accumulate(more) >= 0.0] = 0.0
        high[np.maximum.accumulate(more) <= 0.0] = 0.0
    return low, high


def save(learned: Learned, folder: Path) -> Path:
    """Keep what was learned: single precision, and eight bits for ranks."""
    kept = {
        name: value.astype(np.uint8 if name == "ranks" and value.max() < 256 else np.float32)
        for name, value in learned._asdict().items()
    }
    path = folder / FILE
    written = io.BytesIO()
    np.savez_compressed(written, **kept)
    with atomic(path) as file:
        file.write(written.getvalue())
    return path


def load(folder: Path) -> Learned:
    """What was learned, from a desk's folder."""
    try:
        with np.load(folder / FILE) as found:
            kept: Mapping[str, Array] = {name: found[name].astype(np.float64) for name in Learned._fields}
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{folder / FILE}: not what a desk wrote; make it again: doorstroom desk") from error
    return Learned(**kept)
