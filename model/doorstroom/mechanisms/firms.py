"""14. Firms.

Firms of a region, sector and size class want D technicians and employ E; what they can't fill, V, stays open. A
technician here is one at ISCO level 2 or 3 (mbo 2, 3 and 4), among workers, vacancies and job-seekers alike. Demand
grows by the sector's growth (agents/demand.py: what was observed, then the forecast and a cycle). Of what was open
beyond the usual rate v of 2019 firms give up a part (automation, capped output, work from abroad), the larger the more:

    D' = D x (1 + growth[field] + shock) - give_up x size_give_up x (V - v x E)

People retire, lose the job and seek, fewer in a boom and more in a slump, since temporary contracts end first; where
firms want fewer than stay, they let a part of the surplus go:

    lose     s = separate x (1 - separate_cycle x (growth + shock - growth[field])), between FEWEST and MOST of separate
    stay     K = E x (1 - retire - s),   let go L = let_go x max(K - D', 0)
    openings O = max(D' + lent to schools - (K - L), 0)
    seekers  S = U x (1 - drop_out) + s x E + L

Graduates are hired first (first_job), then seekers, then people from elsewhere: from abroad and other work, whom firms
must find and train. These are persons who don't grow with the need: as many as in 2019, more where hiring is hard, at
most elsewhere_most times as many:

    hired seekers   H = efficiency x (O - graduates)^match x S^(1 - match),   at most O - graduates and S x FOUND
    from elsewhere  X = elsewhere x E_2019 x min(tightness^elsewhere_elasticity, elsewhere_most),   at most the rest
    E' = K - L + graduates + H + X,   V' = O - graduates - H - X,   U' = S - H

Who is hired goes to a size class by its openings times size_pull. Efficiency holds the seekers of 2019 level; nothing
else balances: with fewer graduates there are in time fewer technicians. Tightness is V / U, here against 2019,
between SLACKEST and TIGHTEST; wage = tightness^wage_curve. Firms offer work-based places and co-finance:

    places  = places_2019 x tightness^bbl_tightness x (1 + bbl_connection x C) x E / E_2019      (per size class)
    brought = cofinancing_mean x s_r x (1 + cofinancing_connection x C) x strength

as a share of what a scheme offers; places_2019 lie by size_training, strength is E / E_2019 weighted by
size_cofinancing, s_r a lasting difference between regions (log-normal, spread cofinancing_spread). Where a scheme asks
more, regions close cofinancing_effort of the gap; where it asks nothing, nobody counts what they bring.

Source: UWV vacancies by ISCO level, CBS vacancies; matching elasticity near one half (Petrongolo and Pissarides 2001);
wage curve of about 0.1 (Blanchflower and Oswald 1994); larger firms pay 10-20% more (Oi and Idson 1999) and automate
more (30% of large, 19% of small firms); of 230,000 who left building after 2008 15% came back by 2018 (CBS); 13%
co-financing in 2020-2023. At the end of 2013 there were seven unemployed per vacancy, in mid-2019 one (CBS). On the
continent inflow makes about half of what unemployment moves (Elsby, Hobijn and Sahin 2013), and it leads.
Wrong if: vacancies fall for long without more people (give_up too small) or newcomers from elsewhere follow need
without limit (then graduates don't matter for employment).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SLACKEST: Final = 0.1
"""Tightness below which no market falls, relative to 2019: 0.14 of it was seen, in the country at the end of 2013."""
TIGHTEST: Final = 10.0
"""Tightness above which no market rises: as far from 2019 as SLACKEST; 1.6 of it was seen, in the country in 2022.

Beyond it a region and sector with hardly any seekers would move wages and teachers by a ratio of two small numbers."""
FOUND: Final = 0.75
"""Largest part of a year's seekers who have work on 1 October: who lost it in the three months before still looks."""
FEWEST: Final = 0.5
MOST: Final = 2.0
"""Bounds of the losses of jobs relative to a usual year."""
OBSERVED_FROM: Final = 2019
"""Year of the first of `vacancies_observed`."""
LEAST_HIRED: Final = 0.2
"""Smallest part of the seekers of 2019 that is hired in a year."""


class Firms(NamedTuple):
    """Parameters of firms; `size_*` run over small, medium, large; growth and `*_field`, field_* over the sectors."""

    technicians_2019: float
    field_share: Array
    vacancies_observed: Array
    observation_error: float
    vacancy_field: Array
    seeker_rate_2019: float
    growth: Array
    cycle_spread: float
    cycle_memory: float
    give_up: float
    retire: float
    separate: float
    separate_cycle: float
    let_go: float
    drop_out: float
    match: float
    elsewhere: float
    elsewhere_elasticity: float
    elsewhere_most: float
    wage_curve: float
    bbl_tightness: float
    bbl_connection: float
    cofinancing_mean: float
    cofinancing_spread: float
    cofinancing_connection: float
    cofinancing_effort: float
    size_share: Array
    size_pull: Array
    size_training: Array
    size_cofinancing: Array
    size_give_up: Array


def usual_vacancies(p: Firms) -> Array:
    """Vacancies per technician in 2019, shape (fields,)."""
    lean = p.vacancy_field / (p.vacancy_field * p.field_share).sum()
    return np.asarray(lean * p.vacancies_observed[0] / p.technicians_2019)


def efficiency(employed: Array, vacancies: Array, unemployed: Array, p: Firms) -> Array:
    """Matching efficiency at which the seekers of 2019 stay as many, national persons per sector, shape (fields,)."""
    found = seekers(unemployed, p.separate * employed, p)
    hired = np.maximum(found - unemployed, LEAST_HIRED * found)
    room = vacancies + hired + p.elsewhere * employed
    return np.asarray(hired / (room**p.match * found ** (1.0 - p.match)))


def next_demand(demand: Array, vacancies: Array, usual: Array, growth: Array, size: Array, p: Firms) -> Array:
    """Technicians wanted in the coming year, persons, any shape.

    Parameters
    ----------
    usual : vacancies at the rate of 2019
    size : how much the size class gives up against the average
    """
    return np.maximum(demand * (1.0 + growth) - p.give_up * size * (vacancies - usual), 0.0)


def separation(growth: Array, usual: Array, p: Firms) -> Array:
    """Share of technicians who lose the job in the year, from the growth of demand and what is usual, any shape."""
    return p.separate * np.clip(1.0 - p.separate_cycle * (growth - usual), FEWEST, MOST)


def let_go(demand: Array, employed: Array, separation: Array, p: Firms) -> Array:
    """Persons dismissed in the year, any shape: part of those who stay and whom nobody wants."""
    return p.let_go * np.maximum(employed * (1.0 - p.retire - separation) - demand, 0.0)


def openings(demand: Array, staying: Array) -> Array:
    """Jobs to fill in the year, persons, any shape: what firms want and those who stay don't fill."""
    return np.maximum(demand - staying, 0.0)


def seekers(unemployed: Array, lost: Array, p: Firms) -> Array:
    """Technicians, graduates left aside, who seek work in the year, persons, any shape; `lost` lost the job in it."""
    return unemployed * (1.0 - p.drop_out) + lost


def hires(room: Array, found: Array, efficiency: Array, p: Firms) -> Array:
    """Hires of seekers, persons, shape (regions, fields).

    Parameters
    ----------
    room : openings that graduates don't fill
    found : seekers of the year
    efficiency : per sector
    """
    return np.minimum(efficiency * room**p.match * found ** (1.0 - p.match), np.minimum(room, FOUND * found))


def from_elsewhere(room: Array, employed_2019: Array, relative_tightness: Array, p: Firms) -> Array:
    """Hires from abroad and other work, persons, any shape; `room` is what graduates and seekers leave open."""
    draw = np.minimum(relative_tightness**p.elsewhere_elasticity, p.elsewhere_most)
    return np.minimum(p.elsewhere * employed_2019 * draw, room)


def over_sizes(hired: Array, openings: Array, p: Firms) -> Array:
    """Hires by size class, shape (..., sizes): by openings times pull, none beyond its openings.

    Parameters
    ----------
    hired : persons, at most the openings together, shape (...)
    openings : shape (..., sizes)
    """
    taken = np.zeros_like(openings)
    for _ in p.size_pull:  # what a full class can't take goes to the others
        weight = (openings - taken) * p.size_pull
        total = weight.sum(axis=-1, keepdims=True)
        more = (hired - taken.sum(axis=-1))[..., None] * np.divide(
            weight, total, out=np.zeros_like(weight), where=total > 0
        )
        taken = np.minimum(taken + more, openings)
    return taken


def tightness(vacancies: Array, unemployed: Array) -> Array:
    """Vacancies per job-seeker, any shape."""
    return vacancies / np.maximum(unemployed, 1.0)


def relative(now: Array, in_2019: Array) -> Array:
    """Tightness relative to 2019, any shape."""
    return np.clip(now / np.maximum(in_2019, 1e-9), SLACKEST, TIGHTEST)


def wage(relative_tightness: Array, p: Firms) -> Array:
    """Technical wage relative to 2019."""
    return np.maximum(relative_tightness, 1e-3) ** p.wage_curve


def next_cycle(before: Array, z: Array, p: Firms) -> Array:
    """Demand against its trend, as a share, from that of the year before and a standard normal number."""
    return p.cycle_memory * before + p.cycle_spread * z


def bbl_places(places_2019: Array, relative_tightness: Array, connection: Array, growth: Array, p: Firms) -> Array:
    """Work-based training places offered, any shape; `growth` is employment relative to 2019."""
    return (
        places_2019
        * relative_tightness**p.bbl_tightness
        * np.maximum(1.0 + p.bbl_connection * connection, 0.0)
        * growth
    )


def brought(lasting: Array, connection: Array, strength: Array, p: Firms) -> Array:
    """Co-financing that partners bring as a share of the offer, shape (regions,)."""
    return p.cofinancing_mean * lasting * np.maximum(1.0 + p.cofinancing_connection * connection, 0.0) * strength


def under_norm(brought: Array, asked: float, p: Firms) -> Array:
    """What partners bring to a scheme that asks for `asked`, both as a share of the offer, shape (regions,)."""
    sought = brought + p.cofinancing_effort * np.maximum(asked - brought, 0.0)
    return np.asarray(sought if asked > 0 else np.zeros_like(brought))
