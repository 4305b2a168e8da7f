"""The constants of every choice, fitted to the official counts of the start year."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.behaviour import Behaviour
from doorstroom.agents.constants import Fitted, Observed, Pooling, fit
from doorstroom.agents.country import LEERWEGEN, Country
from doorstroom.agents.mbo_constants import fit_mbo
from doorstroom.agents.school import TECHNICAL
from doorstroom.agents.secondary import HV_PROFILES, TL_SECTORS
from doorstroom.mechanisms.interest import Interest
from doorstroom.mechanisms.profile_choice import ProfileChoice
from doorstroom.terms import VMBO_PROFILES, Profile, Track

Array = NDArray[np.float64]

POOLING: Final = Pooling(location=112.0, cell=12.8)
"""At which year 4 of bb, kb and gl on 1 October 2019 forecasts year 3 of that day best (`study/evidence/pooling.py`).

The exams of 2010/11 to 2018/19, without sexes, give a cell 20. Tl, havo and vwo, of which no count by location and
profile of two cohorts is at hand, take the same.
"""
FAR: Final = 1e6
"""Kilometres to what nobody offers."""
FIRST_OF_TWO: Final = {
    Profile.NG_CM: Profile.NG,
    Profile.NG_EM: Profile.NG,
    Profile.NT_CM: Profile.NT,
    Profile.NT_EM: Profile.NT,
}
"""Combinations of profiles count with their first."""


class Constants(NamedTuple):
    """Fitted constants, utility.

    Attributes
    ----------
    vmbo : per (location, leerweg, sex) and profile; tl, havo_vwo: per (location, group, sex) and alternative
    technique_2019 : share of each sex at a location whose choice was technique, shape (locations, 2)
    *_loading : how far an alternative is technical
    mbo : per origin and sex; bbl : per level and sector
    field_table : running sums over the five sectors, rows 2 x Profile code + sex
    levels : running sums over the four levels, per kind of exit
    applicants : young persons who start in a work-based technical course in a year like 2019, per sector
    """

    vmbo: Array
    vmbo_loading: Array
    technique_2019: Array
    tl: Array
    tl_loading: Array
    havo_vwo: Array
    havo_vwo_loading: Array
    mbo: Array
    bbl: Array
    field_table: Array
    levels: Array
    applicants: Array


@lru_cache(maxsize=4)
def fit_constants(country: Country, behaviour: Behaviour) -> Constants:
    """Fit all constants; runs that share a country and the parameters that bear on them share the fit."""
    p = behaviour.choice
    spread = pull_spread(behaviour.interest, p, behaviour.population.migration_share)
    vmbo_loading = np.zeros(len(VMBO_PROFILES))
    vmbo_loading[:TECHNICAL], vmbo_loading[Profile.DP - 1] = 1.0, p.dp_loading
    tl_loading = np.array([1.0, 0.0, 0.0, 0.0])
    havo_vwo_loading = np.array([0.0, 0.0, 0.0, p.ng_loading, 1.0, 0.5 + 0.5 * p.ng_loading])
    cell, observed = _vmbo(country)
    km = np.minimum(country.profile_km[observed.group // 2, :, observed.location], FAR)
    cost = np.where(observed.offered, 0.0, p.distance_cost * km + p.leaving_cost)
    vmbo = fit(observed, vmbo_loading, spread, cost, p.unoffered, POOLING)
    return Constants(
        vmbo=_everywhere(vmbo, cell, len(country.places) * LEERWEGEN * 2),
        technique_2019=_technique(observed, vmbo.share, len(country.places)),
        vmbo_loading=vmbo_loading,
        tl=_fit_listed(country, (Track.TL,), TL_SECTORS, tl_loading, spread),
        tl_loading=tl_loading,
        havo_vwo=_fit_listed(country, (Track.HAVO, Track.VWO), HV_PROFILES, havo_vwo_loading, spread),
        havo_vwo_loading=havo_vwo_loading,
        **fit_mbo(country, behaviour)._asdict(),
    )


def pull_spread(i: Interest, p: ProfileChoice, migration_share: Array) -> float:
    """Standard deviation among pupils of the pull towards technique, utility; `migration_share` per track."""
    migrants = float(migration_share[Track.KB])
    variance = i.taste_sd**2 + i.parent_effect**2 * i.parent_share * (1 - i.parent_share)
    return float(np.sqrt(variance + p.background_effect**2 * migrants * (1 - migrants)))


def _everywhere(fitted: Fitted, cell: NDArray[np.int64], cells: int) -> Array:
    """Constants of all cells: where nobody could choose in 2019, those of a location without the offer.

    Groups are the last digits of a cell's number.
    """
    constant = fitted.general[np.arange(cells) % len(fitted.general)]
    constant[cell] = fitted.constant
    return constant


def _vmbo(country: Country) -> tuple[NDArray[np.int64], Observed]:
    """The cells (location, leerweg, sex) of locations with vocational vmbo, and what their pupils of year 3 took."""
    cells = len(country.places) * LEERWEGEN * 2
    pupils = country.pupils
    third = pupils.where((pupils.year == 3) & (pupils.track >= Track.BB) & (pupils.track <= Track.GL))
    count = np.zeros((cells, max(Profile) + 1))
    at = (third.location * np.int64(LEERWEGEN) + third.track - Track.BB) * 2 + third.sex
    np.add.at(count, (at, third.profile), third.n)
    cell = np.arange(cells)
    location, leerweg = cell // (2 * LEERWEGEN), cell // 2 % LEERWEGEN
    offered = country.open[location] & country.teaches[location, Track.BB + leerweg][:, None]
    ten = count[:, 1 : len(VMBO_PROFILES) + 1] * offered
    # the vakmanschapsroute techniek is technique but no profile to choose: its pupils go to those of the location
    own = ten[:, :TECHNICAL].sum(axis=1, keepdims=True)
    part = np.divide(ten[:, :TECHNICAL], own, out=np.zeros_like(ten[:, :TECHNICAL]), where=own > 0)
    ten[:, :TECHNICAL] += count[:, [Profile.VR_TECHNIEK]] * part
    cell = np.flatnonzero(country.teaches[location, Track.BB : Track.GL + 1].any(axis=1))
    return cell, Observed(ten[cell], location[cell], (leerweg * 2 + np.arange(cells) % 2)[cell], offered[cell])


def _technique(observed: Observed, share: Array, locations: int) -> Array:
    """Expected share of each sex at a location in technique, shape (locations, 2); 0 where nobody can choose it."""
    size = observed.counted.sum(axis=1) + 1e-9
    cell = observed.location * 2 + observed.group % 2
    chose = np.bincount(cell, size * share[:, :TECHNICAL].sum(axis=1), 2 * locations)
    of = np.bincount(cell, size, 2 * locations)
    return np.divide(chose, of, out=np.zeros_like(chose), where=of > 0).reshape(-1, 2)


def _fit_listed(
    country: Country, tracks: tuple[Track, ...], alternatives: tuple[Profile, ...], loading: Array, spread: float
) -> Array:
    """Constants of a choice that every location offers in full, from what year 4 had chosen.

    Cells are (location, group, sex), group 1 for vwo and else 0.
    """
    pupils = country.pupils
    column = np.full(max(Profile) + 1, -1)
    column[list(alternatives)] = np.arange(len(alternatives))
    for both, first in FIRST_OF_TWO.items():
        column[both] = column[first]
    chose = pupils.where((pupils.year == 4) & np.isin(pupils.track, tracks) & (column[pupils.profile] >= 0))
    cells = 4 * len(country.places)
    count = np.zeros((cells, len(alternatives)))
    at = (chose.location * np.int64(2) + (chose.track == Track.VWO)) * 2 + chose.sex
    np.add.at(count, (at, column[chose.profile]), chose.n)
    possible = np.zeros((len(country.places), 2, 2), bool)
    for track in tracks:
        possible[:, int(track == Track.VWO)] = country.teaches[:, track, None]
    cell = np.flatnonzero(possible)
    observed = Observed(count[cell], cell // 4, cell % 4, np.ones((len(cell), len(alternatives)), bool))
    fitted = fit(observed, loading, spread, np.zeros(observed.counted.shape), 0.0, POOLING)
    return _everywhere(fitted, cell, cells)
