"""7. Profile choice.

At the end of year 2 of vmbo a pupil of bb, kb or gl takes the profile with the highest utility among the ten,
at the own upper location where it is on offer and else at the nearest location that offers it in that leerweg:

    U_p = constant[location, leerweg, sex, p]
          + loading_p x (interest + quality_weight x (Q - Q_2019) + background_effect x (b - mean b)
                         + signal_weight x log tightness)
          - distance_cost x extra km - leaving_cost x [elsewhere]
          + epsilon_p,     epsilon Gumbel, the pupil's own for the year and the profile

b is 1 for a migration background, else 0; mean b is the share of that background in the track. Q is that of vmbo at
the own location for bb, kb and gl, and of havo/vwo for tl, havo and vwo; tightness is that of the location's region
against 2019. The nearest location is nearest to the pupil's home, and extra km is how much further from home it is
than the own one, at least 0. Nobody changes location for maritiem en techniek, which is taught at six schools that
pupils choose at 12.

loading is 1 for the five technical profiles, dp_loading for D&P (a partly technical profile) and 0 for the rest.
Constants make the start year's observed shares come out; where a profile is not on offer its constant is the mean
of those where it is, lowered by unoffered: locations where it would be liked most have it already. tl chooses a
sector, havo and vwo a profile, by the same equation with their own constants and no distance: loading is 1 for the
sector techniek and for NT, and ng_loading for NG, and for the two together the mean of both. tl chooses at the end
of year 3 (what is on record before that changes), havo and vwo on arrival in year 4.

Source: tastes dominate, pay matters little (Wiswall and Zafar); distance lowers the choice of technique in mbo
(Coervers et al.); self-reports put travel last up to 30-60 minutes. The weight of quality has no estimate:
its prior includes zero and gives at most about one point of share after some years, the most that monitors saw.
Wrong if: pupils of a closed profile mostly follow it elsewhere (leaving_cost too high) or never do (too low).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import compiled

Array = NDArray[np.float64]


class ProfileChoice(NamedTuple):
    """Parameters of the choice of profile."""

    quality_weight: float
    background_effect: float
    signal_weight: float
    distance_cost: float
    leaving_cost: float
    unoffered: float
    dp_loading: float
    ng_loading: float


def pull(interest: Array, better: Array, apart: Array, signal: Array, p: ProfileChoice) -> Array:
    """Draw towards technique in utility, any shape.

    Parameters
    ----------
    better : Q - Q_2019
    apart : b
    signal : log tightness
    """
    return interest + p.quality_weight * better + p.background_effect * apart + p.signal_weight * signal


@compiled
def utility(constant: float, loading: float, pull: float, extra_km: float, elsewhere: float, p: ProfileChoice) -> float:
    """Utility of one profile for one pupil, without its epsilon.

    `pull` is the pupil's draw towards technique: interest, quality, background and signal together; `extra_km` is
    inf for a profile that nobody offers.
    """
    if extra_km == np.inf:
        return -np.inf
    return constant + loading * pull - p.distance_cost * extra_km - p.leaving_cost * elsewhere


@compiled
def choose(
    cell: NDArray[np.int64],
    pull: Array,
    luck: Array,
    constant: Array,
    loading: Array,
    extra_km: NDArray[np.float32],
    elsewhere: NDArray[np.int8],
    p: ProfileChoice,
) -> tuple[NDArray[np.int64], Array]:
    """The alternative each pupil takes and the probability of each.

    Parameters
    ----------
    cell : row of `constant` of each pupil, shape (n,)
    pull : shape (n,)
    luck : uniform numbers, shape (n, alternatives); epsilon = -log(-log(u))
    constant : shape (cells, alternatives); -inf where an alternative doesn't exist
    loading : shape (alternatives,)
    extra_km : further from home than the own location, shape (n, alternatives); inf where out of reach
    elsewhere : 1 where the alternative means another location, shape (n, alternatives)

    Returns
    -------
    chosen : int64 array, shape (n,)
    probability : float64 array, shape (n, alternatives)
    """
    n, alternatives = luck.shape
    chosen = np.zeros(n, np.int64)
    probability = np.zeros((n, alternatives))
    for i in range(n):
        best, total, highest = -np.inf, 0.0, -np.inf
        for a in range(alternatives):
            probability[i, a] = utility(
                constant[cell[i], a], loading[a], pull[i], extra_km[i, a], float(elsewhere[i, a]), p
            )
            highest = max(highest, probability[i, a])
            draw = probability[i, a] - np.log(-np.log(luck[i, a]))
            if draw > best:
                best = draw
                chosen[i] = a
        for a in range(alternatives):
            probability[i, a] = np.exp(probability[i, a] - highest)
            total += probability[i, a]
        for a in range(alternatives):
            probability[i, a] /= total
    return chosen, probability
