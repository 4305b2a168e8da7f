"""The constants of every choice, fitted to the official counts of the start year."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.constants import Observed, fit
from doorstroom.agents.mbo_constants import fit_mbo
from doorstroom.agents.school import LEERWEGEN, TECHNICAL
from doorstroom.agents.secondary import HV_PROFILES, TL_SECTORS
from doorstroom.draws import Purpose
from doorstroom.geography import distances, plane
from doorstroom.mechanisms import profile_choice
from doorstroom.terms import BOUND_PROFILES, VMBO_PROFILES, Profile, Track

if TYPE_CHECKING:
    import pandas as pd

    from doorstroom.education import TechnicalEducation

Array = NDArray[np.float64]

SMOOTHING = 10.0
"""Pupils' worth of like cells behind a cell's own count."""
FAR = 1e6


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

    def listed(self, purpose: Purpose) -> tuple[Array, Array]:
        """Constants and loadings of a choice without places: sectors of tl, or profiles of havo and vwo."""
        if purpose == Purpose.TL_SUBJECTS:
            return self.tl, self.tl_loading
        return self.havo_vwo, self.havo_vwo_loading


def fit_constants(model: TechnicalEducation, vo: pd.DataFrame, students_2019: Array) -> Constants:
    """Fit all constants.

    Parameters
    ----------
    vo : official counts with columns row (of the location), track, profile, year, sex, n
    students_2019 : mbo students per level, pathway, sector and sex, shape (4, 2, 6, 2)
    """
    p = model.parameters.take(profile_choice.ProfileChoice)
    spread = pull_spread(model, p)
    vmbo_loading = np.zeros(len(VMBO_PROFILES))
    vmbo_loading[:TECHNICAL], vmbo_loading[Profile.DP - 1] = 1.0, p.dp_loading
    tl_loading = np.array([1.0, 0.0, 0.0, 0.0])
    havo_vwo_loading = np.array([0.0, 0.0, 0.0, p.ng_loading, 1.0, 0.5 + 0.5 * p.ng_loading])
    observed = _vmbo(model, vo)
    vmbo = fit(observed, vmbo_loading, spread, _elsewhere(model, observed, p), p.unoffered, SMOOTHING)
    return Constants(
        vmbo=vmbo.constant,
        technique_2019=_technique(observed, vmbo.share),
        vmbo_loading=vmbo_loading,
        tl=_fit_listed(model, vo, (Track.TL,), (4,), TL_SECTORS, tl_loading, spread),
        tl_loading=tl_loading,
        havo_vwo=_fit_listed(model, vo, (Track.HAVO, Track.VWO), (4,), HV_PROFILES, havo_vwo_loading, spread),
        havo_vwo_loading=havo_vwo_loading,
        **fit_mbo(model, vo, students_2019)._asdict(),
    )


def pull_spread(model: TechnicalEducation, p: profile_choice.ProfileChoice) -> float:
    """Standard deviation among pupils of the pull towards technique, utility."""
    i, migrants = model.interest_p, float(model.migration_share[Track.KB])
    variance = i.taste_sd**2 + i.parent_effect**2 * i.parent_share * (1 - i.parent_share)
    return float(np.sqrt(variance + p.background_effect**2 * migrants * (1 - migrants)))


def _vmbo(model: TechnicalEducation, vo: pd.DataFrame) -> Observed:
    cells = len(model.schools) * LEERWEGEN * 2
    third = vo[(vo["year"] == 3) & vo["track"].between(Track.BB, Track.GL)]
    cell = (third["row"] * LEERWEGEN + third["track"] - Track.BB) * 2 + third["sex"]
    count = np.zeros((cells, max(Profile) + 1))
    np.add.at(count, (cell.to_numpy(), third["profile"].to_numpy()), third["n"].to_numpy())
    ten = count[:, 1 : len(VMBO_PROFILES) + 1].copy()
    location, leerweg = np.arange(cells) // (2 * LEERWEGEN), np.arange(cells) // 2 % LEERWEGEN
    group = leerweg * 2 + np.arange(cells) % 2
    offered = model.schools.open[location] & model.schools.teaches[location, leerweg][:, None]
    ten *= offered
    # the vakmanschapsroute techniek is technique but no profile to choose: its pupils go to those of the location
    own = ten[:, :TECHNICAL].sum(axis=1, keepdims=True)
    part = np.divide(ten[:, :TECHNICAL], own, out=np.zeros_like(ten[:, :TECHNICAL]), where=own > 0)
    ten[:, :TECHNICAL] += count[:, [Profile.VR_TECHNIEK]] * part
    return Observed(ten, location, group, offered)


def _technique(observed: Observed, share: Array) -> Array:
    """Expected share of each sex at a location in technique, shape (locations, 2)."""
    size = observed.counted.sum(axis=1) + 1e-9
    cell = observed.location * 2 + observed.group % 2
    return (np.bincount(cell, size * share[:, :TECHNICAL].sum(axis=1)) / np.bincount(cell, size)).reshape(-1, 2)


def _elsewhere(model: TechnicalEducation, observed: Observed, p: profile_choice.ProfileChoice) -> Array:
    """Utility lost by taking a profile at the nearest other location that offers it, shape (cells, profiles)."""
    schools = model.schools
    place = plane(schools.lat, schools.lon)
    cost = np.zeros(observed.counted.shape)
    leerweg = observed.group // 2
    for w in range(LEERWEGEN):
        cells = np.flatnonzero(leerweg == w)
        for profile in range(len(VMBO_PROFILES)):
            there = np.flatnonzero(schools.open[:, profile] & schools.teaches[:, w])
            reachable = len(there) > 0 and VMBO_PROFILES[profile] not in BOUND_PROFILES
            km = distances(place, place[there]).min(axis=1) if reachable else np.full(len(place), FAR)
            cost[cells, profile] = p.distance_cost * km[observed.location[cells]] + p.leaving_cost
    return np.where(observed.offered, 0.0, cost)


def _fit_listed(
    model: TechnicalEducation,
    vo: pd.DataFrame,
    tracks: tuple[Track, ...],
    years: tuple[int, ...],
    alternatives: tuple[Profile, ...],
    loading: Array,
    spread: float,
) -> Array:
    """Constants of a choice that every location offers in full; combinations count with their first profile."""
    nearest = {
        Profile.NG_CM: Profile.NG,
        Profile.NG_EM: Profile.NG,
        Profile.NT_CM: Profile.NT,
        Profile.NT_EM: Profile.NT,
    }
    chosen = vo[vo["track"].isin(tracks) & vo["year"].isin(years)]
    profile = chosen["profile"].replace({int(a): int(b) for a, b in nearest.items()})
    column = profile.map({int(code): at for at, code in enumerate(alternatives)})
    known = column.notna()
    chosen, column = chosen[known], column[known].astype(int)
    cell = (chosen["row"] * 2 + (chosen["track"] == Track.VWO)) * 2 + chosen["sex"]
    cells = np.arange(4 * len(model.schools))
    count = np.zeros((len(cells), len(alternatives)))
    np.add.at(count, (cell.to_numpy(), column.to_numpy()), chosen["n"].to_numpy())
    everywhere = np.ones(count.shape, bool)
    observed = Observed(count, cells // 4, cells % 4, everywhere)
    return fit(observed, loading, spread, np.zeros(count.shape), 0.0, SMOOTHING).constant
