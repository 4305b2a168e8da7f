"""5. Interest.

A pupil's interest in technique is a taste theta, fixed at birth as far as the model knows, plus what
exposure adds to it. In the lower years (and, from po, before them) the added part i moves each year, and after them
only its first line is left: what was gained fades on, on the way to mbo or hbo too:

    i' = (1 - fade) x i
         + orientation_effect x log(1 + x_orientation / spending_scale)
         + inclusion_effect x log(1 + x_inclusion / spending_scale)      (girls; pupils with a migration background)
         + role_model_effect x (share of same-sex technique choosers at the location, against 2019)
         + sustainability_effect x log(1 + x_sustainability / spending_scale)

each spending term less what it was of work that already ran in 2019, which is in the choices of then. x is euro for
vmbo and havo/vwo together per pupil of the lower years of the region, years 1 and 2 and year 3 of havo and vwo, in
which interest moves. The share of choosers is the expected one of the last cohort. Interest is taste + i. A pupil
enters secondary education with i = po_effect x log(1 + x_po / spending_scale), x_po per pupil of the last two years
of primary school, which fades like the rest: young exposure is cheaper and is further from the choice. Utility units:
0.065 moves a share of 19% by one point.

The share of choosers feeds on itself from cohort to cohort: of a lasting push, a share s of choosers makes in the
long run 1 / (1 - role_model_effect x s (1 - s) x (2 - fade)) as much, two lower years counted.

Source: hands-on visits move attitudes and the move decays within weeks (Techno Trailer), so most of a year's gain is
gone a year later; role models move girls of 17 but not of 15 (France); LOB has little influence; intention turns into
behaviour for a small part. Effects of money are therefore small with zero inside the prior. Among siblings and
cohorts a choice induces 1.02 to 1.10 choices in all, and the prior of role models keeps to that. Parents: siblings'
and parents' fields carry over (Denmark, Dutch lotteries), held here as a fixed shift in taste. The labour
market is felt later (mbo_choice).
Wrong if: cohorts with much more exposure, at equal offer, choose like the others (then the effects are zero).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import Rows, compiled

Array = NDArray[np.float64]


class Interest(NamedTuple):
    """Parameters of interest."""

    taste_sd: float
    parent_effect: float
    parent_share: float
    fade: float
    spending_scale: float
    orientation_effect: float
    po_effect: float
    inclusion_effect: float
    role_model_effect: float
    sustainability_effect: float


def from_spending(effect: float, per_pupil: Array, p: Interest) -> Array:
    """What a year of spending adds to interest, in utility, any shape; `per_pupil` in euro."""
    return effect * np.log1p(per_pupil / p.spending_scale)


def exposure(orientation: Array, sustainability: Array, p: Interest) -> Array:
    """What a year adds to everybody's interest, in utility, any shape.

    Parameters
    ----------
    orientation, sustainability : euro per pupil of the lower years
    """
    return from_spending(p.orientation_effect, orientation, p) + from_spending(
        p.sustainability_effect, sustainability, p
    )


def long_run(share: float, p: Interest) -> float:
    """How many choices a lasting push makes in the long run of each that it makes at once, through role models."""
    return 1.0 / (1.0 - p.role_model_effect * share * (1.0 - share) * (2.0 - p.fade))


@compiled
def next_interest(
    added: float, girl: bool, migrant: bool, exposure: float, inclusion: float, role_model: float, fade: float
) -> float:
    """The added part of one pupil's interest after a year, in utility; inclusion is for girls and for migrants."""
    meant = inclusion if girl or migrant else 0.0
    return (1.0 - fade) * added + exposure + meant + role_model


@compiled
def drift(
    who: Rows,
    added: NDArray[np.float32],
    sex: NDArray[np.int8],
    background: NDArray[np.int8],
    track: NDArray[np.int8],
    school: NDArray[np.int16],
    young: NDArray[np.bool_],
    exposure: Array,
    inclusion: Array,
    role_model: Array,
    fade: float,
) -> None:
    """Move the added interest of those of `who` in whose track it moves, let that of the others fade, in place.

    Parameters
    ----------
    young : whether interest moves in a track, shape (tracks,)
    exposure, inclusion : gains at a location, shape (schools,)
    role_model : gain per location and sex, shape (schools, 2)
    """
    for i in who:
        if young[track[i]]:
            s, girl, migrant = school[i], sex[i] == 1, background[i] == 1
            added[i] = next_interest(added[i], girl, migrant, exposure[s], inclusion[s], role_model[s, sex[i]], fade)
        else:
            added[i] = (1.0 - fade) * added[i]
