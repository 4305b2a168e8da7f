"""11. Mbo choice.

Who leaves secondary education goes, by kind of exit, to mbo with chance to_mbo, on to havo year 4 (gl, tl) or vwo
year 5 (havo) with chance on, and else out; of those who go out with an N-profile a share ho_technique goes to
technical higher education. In mbo the level is the one the diploma allows, with chances level_1 to level_4 by kind
of exit, times one factor per level at which the students of 2019 stand still; then comes a technical course or
another:

    logit P(technical) = constant[origin, sex] + interest + connection_weight x C + image_weight x log tightness

origin is the leerweg with a technical profile, D&P, another vmbo profile, tl with and without the sector techniek, or
any other way; who left a technical profile of bb, kb or gl without a diploma counts as bb technique, others without one
as any other way. Interest is that of the profile choice. C is the region's connection (0 = 2019), which STO makes
schools build with mbo and firms; it counts for those from a technical profile and, as far as it was built for all
vocational vmbo, for D&P. Constants make the known continuation come out at the start year's pupils (79% of boys and 45%
of girls from a technical profile, 9.5% from D&P) and, for all together, the technical students of 2019 by sex
(agents/mbo_constants.py). The technical sector follows a technical profile and, after others, sex;
bol or bbl:

    logit P(bbl) = logit(share of 2019 in the level and sector among young entrants)
                   + places_weight x log(places / places_2019)

and the college follows by distance and size (a gravity table that reproduces the colleges of 2019).

Source: Monitor Techniekpact (continuation by sex), Platform D&P, Onderwijs in cijfers; the table from profile
to sector is judgement. That connection moves continuation is what STO intends; no estimate: zero inside.
Wrong if: continuation is as high in regions without shared programmes.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import compiled

Array = NDArray[np.float64]

ORIGINS: Final = (
    "bb technique",
    "kb technique",
    "gl technique",
    "D&P",
    "other vmbo",
    "tl technique",
    "tl other",
    "other",
)


EXITS: Final = ("bb", "kb", "gl", "tl", "havo", "vwo", "pro", "other", "quit vmbo", "quit elsewhere")
"""Kinds of exit from secondary education: diplomas, then those who leave without."""


class MboChoice(NamedTuple):
    """Parameters of the choice in mbo; `continue_*` run over ORIGINS, the first seven over EXITS."""

    to_mbo: Array
    on: Array
    ho_technique: Array
    level_1: Array
    level_2: Array
    level_3: Array
    level_4: Array
    continue_man: Array
    continue_vrouw: Array
    connection_weight: float
    image_weight: float
    places_weight: float
    college_km: float
    adults_per_year: float
    adult_bbl: float


def pull(interest: Array, connection: Array, signal: Array, p: MboChoice) -> Array:
    """Draw towards a technical course in utility, any shape.

    Parameters
    ----------
    connection : C for those who had technique in vmbo, else 0
    signal : log tightness
    """
    return interest + p.connection_weight * connection + p.image_weight * signal


@compiled
def chance(constant: float, shift: float) -> float:
    """Logistic chance of a constant and a shift in utility."""
    return 1.0 / (1.0 + np.exp(-(constant + shift)))


@compiled
def takes(u: Array, constant: Array, shift: Array) -> NDArray[np.bool_]:
    """Whether each person takes the option (technique, bbl), shape (n,); `u` uniform, the rest in utility."""
    result = np.empty(len(u), np.bool_)
    for i in range(len(u)):
        result[i] = u[i] < chance(constant[i], shift[i])
    return result


def from_table(row: NDArray[np.int64], u: Array, cumulative: Array) -> NDArray[np.int64]:
    """The column each person falls in, by inversion of the running sums in the person's row, shape (n,).

    Used for the technical sector (rows: profile) and for the college (rows: region and sector).
    """
    return np.asarray((u[:, None] >= cumulative[row]).sum(axis=1).clip(max=cumulative.shape[1] - 1))
