"""What an effect is made of: smooth terms in the levers, year by year, that all vanish at the present policy.

Money works as a stock that is built up and fades, so the terms of money in year t are sums over the years until then,

    S_t = (1 - memory) sum_s memory^(t - s) (f(paid_s) - f(present_s)),

with a few memories and with f straight or saturating. A stop, a gap, another amount and indexation are then one thing:
another path of the money. What the money is spent on and how it is divided counts in proportion to the money there is.
Terms that aren't money are a lever, its square and products of two.

The page has the same in `templates/basis.js`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from doorstroom.desk.levers import KEYS, LEVER, PRESENT, Array
from doorstroom.desk.position import FIRST, LAST, LATER

YEARS: Final = np.arange(FIRST, LAST + 1)
PRICE_RISE: Final = 0.02
"""A year, for terms only; the money that is shown uses each draw's own."""
AHEAD: Final = 4
"""Years of promised money that schools and regions look ahead."""
PRESENT_POOR: Final = 5.0 / 97.16002
RESERVED: Final = {2026: 47.9, 2027: 47.9, **dict.fromkeys(range(2028, 2033), 41.16)}
"""NGF, million euro a year."""
NATIONAL_LINE: Final = {2026: 5.0, 2027: 5.0, **dict.fromkeys(range(2028, 2033), 4.742716)}
UNIT: Final = 48.0
CURVE: Final = 1.5
LINE_CURVE: Final = 10.0


def index_of(year: int) -> int:
    """Place of a year among YEARS."""
    return year - FIRST


def terms(positions: Array) -> Array:
    """The terms of positions.

    Parameters
    ----------
    positions : shape (positions, levers), in the order of LEVERS

    Returns
    -------
    shape (positions, years, terms); all zero for the present policy
    """
    at = dict(zip(KEYS, np.asarray(positions, np.float64).T[:, :, None], strict=True))
    end = np.where((at["sto_gap"] > 0) & (at["sto_end"] == LATER), LATER - 1.0, at["sto_end"])
    sto = _sto_path(at, end)
    ngf, line = _ngf_paths(at)
    parts = [*_sto_terms(sto, end, at), *_ngf_terms(ngf, line)]
    extra, more = stock(sto - 1.0, 0.8), stock(ngf, 0.8)
    parts.append(extra * more)
    parts += _use(at, 1.0 + extra)
    parts += _around(at, extra)
    return np.stack([np.broadcast_to(part, sto.shape) for part in parts], axis=2)


def stock(path: Array, memory: float) -> Array:
    """What a path has built up by each year, shape (positions, years)."""
    built = np.zeros_like(path)
    held = np.zeros(path.shape[0])
    for year in range(path.shape[1]):
        held = memory * held + (1.0 - memory) * path[:, year]
        built[:, year] = held
    return built


def _sto_path(at: dict[str, Array], end: Array) -> Array:
    """Money of STO per year relative to the present amount."""
    paid = np.where(YEARS < LATER, at["sto_near"], at["sto_later"])
    stopped = (end < YEARS) | ((at["sto_gap"] > 0) & (YEARS == LATER))
    prices = np.where(at["sto_indexed"] > 0, (1.0 + PRICE_RISE) ** (YEARS - FIRST + 1.0), 1.0)
    return np.where(stopped, 0.0, paid * prices)


def _ngf_paths(at: dict[str, Array]) -> tuple[Array, Array]:
    """Regional money and the national line of NGF per year, difference from what is reserved, in units of 48 million.

    After 2032 nothing is reserved, and what goes on is a share of 2032.
    """
    whole, line = (np.array([of.get(int(year), 0.0) for year in YEARS]) for of in (RESERVED, NATIONAL_LINE))
    last = [2032 - FIRST] * len(YEARS)
    whole_then, line_then = whole[last], line[last]
    part = np.where(YEARS < 2028, 1.0, np.where(YEARS <= 2032, at["ngf_conditional"], at["ngf_after"]))
    after = YEARS > 2032
    total, national = np.where(after, whole_then, whole), np.where(after, line_then, line)
    moved = at["ngf_national"] * total
    paid, paid_line = at["ngf"] * part * (total - national - moved), at["ngf"] * part * (national + moved)
    return (paid - (whole - line)) / UNIT, (paid_line - line) / UNIT


def _curved(path: Array, present: float | Array, steep: float) -> Array:
    """The same path where the first euro does most."""
    return np.asarray(np.exp(-steep * present) - np.exp(-steep * path))


def _sto_terms(sto: Array, end: Array, at: dict[str, Array]) -> list[Array]:
    straight, curved = sto - 1.0, _curved(sto, 1.0, CURVE)
    found = [stock(path, memory) for path in (straight, curved) for memory in (0.0, 0.6, 0.9)]
    # from the structural phase on, an end in sight is a promise that falls short
    left = np.clip((end - YEARS) / AHEAD, 0.0, 1.0)
    short = np.where((YEARS >= LATER) & (end < LAST), sto * (left - 1.0), 0.0)
    found += [short, stock(short, 0.8)]
    share = PRESENT_POOR + at["sto_poor"]
    poor = sto * share / PRESENT_POOR
    return [*found, stock(poor - 1.0, 0.8), stock(np.sqrt(np.maximum(poor, 0.0)) - 1.0, 0.8)]


def _ngf_terms(ngf: Array, line: Array) -> list[Array]:
    reserved = np.array([RESERVED.get(int(year), 0.0) - NATIONAL_LINE.get(int(year), 0.0) for year in YEARS]) / UNIT
    lines = np.array([NATIONAL_LINE.get(int(year), 0.0) for year in YEARS]) / UNIT
    curved = _curved(reserved + ngf, reserved, CURVE)
    line_curved = _curved(lines + line, lines, LINE_CURVE)
    return [
        stock(ngf, 0.0),
        stock(ngf, 0.6),
        stock(ngf, 0.9),
        stock(curved, 0.8),
        stock(line, 0.6),
        stock(line_curved, 0.6),
    ]


def _use(at: dict[str, Array], money: Array) -> list[Array]:
    """What STO is spent on, how it is divided and whom it is for."""
    moved = [at[key] - LEVER[key].present for key in ("staff", "equipment", "orientation")]
    squares = [one * other for place, one in enumerate(moved) for other in moved[place:]]
    kinds = [at["sto_division"] == 1.0, at["sto_division"] == 2.0, at["sto_scope"] == 1.0]
    return [term * money for term in (*moved, *squares, *(kind.astype(np.float64) for kind in kinds))]


def _around(at: dict[str, Array], extra: Array) -> list[Array]:
    pay, boom, bust = at["pay"] - PRESENT["pay"], at["demand"], at["recession"]
    low, high = (at["pupils"] == 0.0).astype(np.float64), (at["pupils"] == 2.0).astype(np.float64)
    alone = [pay, pay * pay, low, high, boom, boom * boom, bust, bust * bust, boom * bust, pay * boom, pay * bust]
    return [*alone, *(term * extra for term in (pay, high - low, boom, bust))]


TERMS: Final = terms(np.array([list(PRESENT.values())])).shape[2]
"""How many terms there are."""

Basis = Callable[[Array], Array]
