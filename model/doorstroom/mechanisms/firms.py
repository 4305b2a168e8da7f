"""14. Firms.

Firms of a region, sector and size class want D technicians and employ E; V = max(0, D - E) stays open. Demand
grows by the sector's forecast. Beyond the openings that were usual in 2019 firms give up part of what they couldn't
fill (automation, capped output, work from abroad), and where hiring is easier than usual they grow into it:

    D' = D x (1 + growth[field] + shock) - give_up x (V - vacancy_rate_2019 x E)

Within the year people retire from technical work or lose the job and seek; others come in from elsewhere; graduates
are hired first (first_job), then others:

    openings O = D' - E x (1 - retire - separate)
    seekers  S = U x (1 - drop_out) + separate x E + side_inflow x E x wage^side_elasticity
    hires    H = efficiency x (O - graduates)^match x S^(1 - match),   at most O - graduates and S
    E' = E x (1 - retire - separate) + graduates + H,   V' = O - graduates - H,   U' = S - H

Tightness is V / U; the wage follows it, wage = (tightness / tightness_2019)^wage_curve. Side inflow and
efficiency are set so that 2019 stands still but for growth. Firms offer work-based places and co-finance:

    places  = places_2019 x (tightness / tightness_2019)^bbl_tightness x (1 + bbl_connection x C) x E / E_2019
    brought = cofinancing_mean x s_r x (1 + cofinancing_connection x C)

as a share of what a scheme offers; s_r is a lasting difference between regions (log-normal, spread
cofinancing_spread). Where a scheme asks more, regions look for more and close cofinancing_effort of the gap; where it
asks nothing, they bring nothing that anybody counts: the 13% that was measured came under a norm.

shock is growth on top of the forecast in a year, by sector, where the context has a recession or a boom. In a slump
firms hoard the people they have: nobody is dismissed beyond `separate`, employment falls as fast as people leave.
Relative tightness doesn't fall below SLACKEST, since some vacancies are always open.

Source: UWV vacancies, Techniekpact and ROA on replacement and expansion; matching functions have an
elasticity near one half (Petrongolo and Pissarides); a wage curve of about 0.1 (Blanchflower and Oswald);
co-financing was 13% on average in 2020-2023 while many regions missed 10%. bbl follows the cycle. Employment fell far
less than output in 2008-2010 (DNB in Cobouw, 2011), in building later by a fifth (CBS 2016). At the end of 2013, the
slackest market since 1997, there were seven unemployed per vacancy, in mid-2019 one (CBS): 0.15 of 2019.
Wrong if: vacancies fall without more people (then give_up is larger than the prior allows).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SLACKEST: Final = 0.1
"""Tightness below which no market falls, relative to 2019."""


class Firms(NamedTuple):
    """Parameters of firms; vectors run over the five technical sectors, `size_share` over small, medium, large."""

    technicians_2019: float
    field_share: Array
    vacancy_rate_2019: float
    seeker_rate_2019: float
    growth: Array
    give_up: float
    retire: float
    separate: float
    drop_out: float
    match: float
    side_elasticity: float
    wage_curve: float
    bbl_tightness: float
    bbl_connection: float
    cofinancing_mean: float
    cofinancing_spread: float
    cofinancing_connection: float
    cofinancing_effort: float
    size_share: Array


class Balance(NamedTuple):
    """What makes 2019 stand still, per sector: side inflow as a share of employment, and matching efficiency."""

    side_inflow: Array
    efficiency: Array


def balance(employed: Array, vacancies: Array, seekers: Array, graduates: Array, p: Firms) -> Balance:
    """Side inflow and matching efficiency per sector at which vacancies and seekers only grow with demand.

    Parameters
    ----------
    employed, vacancies, seekers : national persons per sector in 2019, shape (fields,)
    graduates : graduates who enter technical work in a year, persons per sector
    """
    room = openings(next_demand(employed + vacancies, vacancies, employed, p.growth, p), employed, p) - graduates
    hires = np.maximum(room - vacancies * (1.0 + p.growth), 0.01 * employed)
    found = seekers * (1.0 + p.growth) + hires
    side = np.maximum((found - seekers * (1.0 - p.drop_out)) / employed - p.separate, 0.0)
    return Balance(side, hires / (np.maximum(room, 1.0) ** p.match * found ** (1.0 - p.match)))


def next_demand(demand: Array, vacancies: Array, employed: Array, growth: Array, p: Firms) -> Array:
    """Technicians wanted in the coming year, persons, any shape."""
    return demand * (1.0 + growth) - p.give_up * (vacancies - p.vacancy_rate_2019 * employed)


def openings(demand: Array, employed: Array, p: Firms) -> Array:
    """Jobs to fill in the year, persons, any shape: what firms want and those who stay don't fill."""
    return np.maximum(demand - employed * (1.0 - p.retire - p.separate), 0.0)


def seekers(unemployed: Array, employed: Array, wage: Array, side_inflow: Array, p: Firms) -> Array:
    """Technicians, graduates left aside, who seek work in the year, persons, shape (regions, fields)."""
    return unemployed * (1.0 - p.drop_out) + (p.separate + side_inflow * wage**p.side_elasticity) * employed


def hires(room: Array, found: Array, efficiency: Array, p: Firms) -> Array:
    """Hires of others than graduates, persons, shape (regions, fields).

    Parameters
    ----------
    room : openings that graduates don't fill
    found : seekers of the year
    efficiency : per sector
    """
    return np.minimum(efficiency * room**p.match * found ** (1.0 - p.match), np.minimum(room, found))


def tightness(vacancies: Array, unemployed: Array) -> Array:
    """Vacancies per job-seeker, any shape."""
    return vacancies / np.maximum(unemployed, 1.0)


def relative(now: Array, in_2019: Array) -> Array:
    """Tightness relative to 2019, any shape."""
    return np.maximum(now / np.maximum(in_2019, 1e-9), SLACKEST)


def wage(relative_tightness: Array, p: Firms) -> Array:
    """Technical wage relative to 2019."""
    return np.maximum(relative_tightness, 1e-3) ** p.wage_curve


def bbl_places(places_2019: Array, relative_tightness: Array, connection: Array, growth: Array, p: Firms) -> Array:
    """Work-based training places offered, shape (regions, fields); `growth` is employment relative to 2019."""
    return (
        places_2019
        * relative_tightness**p.bbl_tightness
        * np.maximum(1.0 + p.bbl_connection * connection, 0.0)
        * growth
    )


def brought(lasting: Array, connection: Array, p: Firms) -> Array:
    """Co-financing that partners bring as a share of the offer, shape (regions,)."""
    return p.cofinancing_mean * lasting * np.maximum(1.0 + p.cofinancing_connection * connection, 0.0)


def under_norm(brought: Array, asked: float, p: Firms) -> Array:
    """What partners bring to a scheme that asks for `asked`, both as a share of the offer, shape (regions,)."""
    sought = brought + p.cofinancing_effort * np.maximum(asked - brought, 0.0)
    return np.asarray(sought if asked > 0 else np.zeros_like(brought))
