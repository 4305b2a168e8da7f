"""1. Schemes and money.

A scheme is data: how much money in which year, how it is divided over regions, who joins, what partners
must bring. A region receives its share of the year's budget, plus what the scheme gives it by name:

    offered_r = budget x share_r + extra_r

where share_r follows the division rule: fixed shares (technique pupils of 2019, none below smallest_part or above
largest_part of an equal part; the 2025-2028 regulation keeps the division of 2020-2024), pupils now, technique pupils
now, pupils weighted by need, or equal parts. Now means the mean of the last three counts, so that a chance year moves
no money. Pupils now are those whom the participants teach (of primary school the last two years). Need weighs a pupil
of vocational vmbo 1 + need_weight x (1 - technique share / national share), at least 0: a region poor in technique
gets more per pupil.

A scheme can also name the amount of some regions; the others then share the rest by the rule.

Partners bring a share c_r of what is offered; the scheme asks q. Where c_r falls short the grant is cut so
that the contribution is again the share asked:

    granted_r = offered_r x min(1, c_r / q)

Amounts are euro of the year itself; what they buy falls as prices rise. Where they become work, they are divided by

    price level = product over the years since 2019 of (1 + price rise)

with price rises as measured until 2024 and inflation after it. A scheme that is indexed rises with prices from its
first year on; STO has not been: 100 million a year in 2018, 2020 and 2024.

Source: Subsidieregeling sterk techniekonderwijs 2025-2028 (Staatscourant 2024-11193); the amounts of regions stand in
its annex 3, which is not open data, so fixed shares are approximated from the official count. Of the 22 amounts that
regions told of, over 2020-2023, the smallest is 1.4 million (Lelystad) and the largest 19 (Twente); SEO says up to
22.
Wrong if: published awards per region differ much from technique pupils of 2019 (they do for the smallest).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Array = NDArray[np.float64]


FIRST_RISE: Final = 2020
"""Year of the first of the price rises, against the year before."""


class Schemes(NamedTuple):
    """Parameters of the division of money and of what it buys; `price_rise` runs over the years from FIRST_RISE on."""

    need_weight: float
    smallest_part: float
    largest_part: float
    price_rise: Array
    inflation: float


def division(rule: str, base: dict[str, Array], eligible: NDArray[np.bool_], p: Schemes) -> Array:
    """Share of the budget per region.

    Parameters
    ----------
    rule : one of fixed_shares, per_pupil, per_technique_pupil, need_weighted, equal
    base : arrays of shape (regions,): `technique_2019`, `technique`, `pupils`
    eligible : bool array, shape (regions,)

    Returns
    -------
    float64 array, shape (regions,), summing to one (all zero when no region is eligible).
    """
    if rule == "fixed_shares":
        weight = base["technique_2019"]
    elif rule == "per_pupil":
        weight = base["pupils"]
    elif rule == "per_technique_pupil":
        weight = base["technique"]
    elif rule == "need_weighted":
        share = base["technique"] / np.maximum(base["pupils"], 1.0)
        national = base["technique"].sum() / max(base["pupils"].sum(), 1.0)
        weight = base["pupils"] * np.maximum(0.0, 1.0 + p.need_weight * (1.0 - share / max(national, 1e-9)))
    else:
        weight = np.ones_like(base["pupils"])
    weight = np.where(eligible, weight, 0.0)
    total = weight.sum()
    share = weight / total if total > 0 else weight
    return between(share, eligible, p) if rule == "fixed_shares" and total > 0 else share


def between(share: Array, eligible: NDArray[np.bool_], p: Schemes) -> Array:
    """Shares as near in proportion as the limits allow, shape (regions,), summing to one over the eligible."""
    return _between(share.tobytes(), eligible.tobytes(), p.smallest_part, p.largest_part).copy()


@lru_cache(maxsize=64)
def _between(shares: bytes, served: bytes, smallest: float, largest: float) -> Array:
    """The same; fixed shares are the same every year, so they are looked for once."""
    share, eligible = np.frombuffer(shares), np.frombuffer(served, np.bool_)
    count = int(eligible.sum())
    low, high = smallest / count, largest / count

    def sum_at(factor: float) -> float:
        return float(np.clip(factor * share[eligible], low, high).sum())

    most = 2.0 * high / max(share[eligible & (share > 0)].min(), 1e-12)
    if sum_at(most) < 1.0:  # regions without weight can't have more than the smallest share
        return np.where(eligible, 1.0 / count, 0.0)
    factor = brentq(lambda one: sum_at(one) - 1.0, 0.0, most, xtol=1e-15, rtol=1e-14)
    bounded = np.where(eligible, np.clip(factor * share, low, high), 0.0)
    return np.asarray(bounded / bounded.sum())


def named(offered: Array, amounts: Array) -> Array:
    """Euro per region where some have an amount of their own (NaN elsewhere) and the others share the rest."""
    own = np.isfinite(amounts)
    rest = max(offered.sum() - amounts[own].sum(), 0.0)
    others = np.where(own, 0.0, offered)
    return np.where(own, amounts, others * rest / max(others.sum(), 1e-9))


def after_cofinancing(offered: Array, brought: Array, asked: float) -> tuple[Array, Array]:
    """Grant and co-financing in euro per region.

    Parameters
    ----------
    offered : euro per region, shape (regions,)
    brought : share of the offer that partners bring, shape (regions,)
    asked : share of the grant that the scheme demands

    Returns
    -------
    granted, cofinanced : euro, shape (regions,)
    """
    kept = np.minimum(brought, asked) / asked if asked > 0 else np.ones_like(offered)
    return offered * kept, offered * brought


def price_level(year: int, p: Schemes) -> float:
    """Price level of a year relative to that of 2019."""
    known = p.price_rise[: max(year - FIRST_RISE + 1, 0)]
    after = max(year - FIRST_RISE + 1 - len(p.price_rise), 0)
    return float(np.prod(1.0 + known) * (1.0 + p.inflation) ** after)
