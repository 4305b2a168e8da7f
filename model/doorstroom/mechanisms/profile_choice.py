"""7. Profile choice.

At the end of year 2 of vmbo a pupil of bb, kb or gl takes the profile with the highest utility among the ten,
at the own upper location where it is on offer and else at the nearest location that offers it in that leerweg:

    U_p = constant[location, leerweg, sex, p]
          + walks[year, location, leerweg, sex, p]
          + loading_p x (interest + quality_weight x (Q - Q_2019) + background_effect x (b - mean b))
          - distance_cost x extra km - leaving_cost x [elsewhere]
          + epsilon_p,     epsilon Gumbel, the pupil's own for the year and the profile

walks are what the times do to everybody's taste, which no mechanism here explains (18. Walks); they are luck, which
scenarios that share a seed share.

b is 1 for a migration background, else 0; mean b is the share of that background in the track. Q is that of vmbo at
the own location for bb, kb and gl, and of havo/vwo for tl, havo and vwo. The nearest location is nearest to the pupil's
home, and extra km is how much further from home it is than the own one, at least 0. Nobody changes location for
maritiem en techniek, which is taught at six schools that pupils choose at 12.

loading is 1 for the five technical profiles, dp_loading for D&P (a partly technical profile) and 0 for the rest.
Constants make the start year's observed shares come out; where a profile is not on offer its constant is the mean
of those where it is, lowered by unoffered: locations where it would be liked most have it already. tl chooses a
sector, havo and vwo a profile, by the same equation with their own constants and no distance: loading is 1 for the
sector techniek and for NT, and ng_loading for NG, and for the two together the mean of both. tl chooses at the end
of year 3 (what is on record before that changes), havo and vwo on arrival in year 4.

Source: tastes dominate, pay matters little (Wiswall and Zafar), so the labour market isn't in it: it is felt where the
job is near, in mbo_choice; distance lowers the choice of technique in mbo
(Coervers et al.); self-reports put travel last up to 30-60 minutes. The weight of quality has no estimate:
its prior includes zero and gives at most about one point of share after some years, the most that monitors saw.
Wrong if: pupils of a closed profile mostly follow it elsewhere (leaving_cost too high) or never do (too low).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import Rows, compiled

Array = NDArray[np.float64]


class ProfileChoice(NamedTuple):
    """Parameters of the choice of profile."""

    quality_weight: float
    background_effect: float
    distance_cost: float
    leaving_cost: float
    unoffered: float
    dp_loading: float
    ng_loading: float


@compiled
def pull(interest: float, better: float, apart: float, p: ProfileChoice) -> float:
    """Draw of one pupil towards technique in utility.

    Parameters
    ----------
    better : Q - Q_2019
    apart : b - mean b
    """
    return interest + p.quality_weight * better + p.background_effect * apart


@compiled
def utility(constant: float, loading: float, pull: float, extra_km: float, elsewhere: float, p: ProfileChoice) -> float:
    """Utility of one profile for one pupil, without its epsilon.

    `pull` is the pupil's draw towards technique: interest, quality and background together; `extra_km` is
    inf for a profile that nobody offers.
    """
    if extra_km == np.inf:
        return -np.inf
    return constant + loading * pull - p.distance_cost * extra_km - p.leaving_cost * elsewhere


@compiled
def weigh(utilities: Array, chance: Array) -> None:
    """Set the chance of each alternative, luck left out; both shape (alternatives,)."""
    highest, total = -np.inf, 0.0
    for a in range(len(utilities)):
        highest = max(highest, utilities[a])
    for a in range(len(utilities)):
        chance[a] = np.exp(utilities[a] - highest)
        total += chance[a]
    for a in range(len(utilities)):
        chance[a] /= total


@compiled
def take(log_luck: Array, chance: Array) -> int:
    """The alternative that one pupil takes; both shape (alternatives,), `log_luck` logarithms of uniform numbers u.

    U + epsilon is highest where log(u) / chance is: the same choice, from the chances that schools need anyway.
    """
    chosen, highest = 0, -np.inf
    for a in range(len(chance)):
        score = log_luck[a] / chance[a]
        if score > highest:
            chosen, highest = a, score
    return chosen


@compiled
def chances(pull: Array, constant: Array, loading: Array, extra_km: Array, p: ProfileChoice) -> Array:
    """How likely each alternative is for groups of pupils, shape (groups, alternatives).

    Parameters
    ----------
    pull : draw towards technique, shape (groups,)
    constant : shape (groups, alternatives)
    loading : shape (alternatives,)
    extra_km : km further than the own location, shape (groups, alternatives); NaN where on offer there
    """
    chance, utilities = np.empty(constant.shape), np.empty(constant.shape[1])
    for g in range(len(pull)):
        for a in range(constant.shape[1]):
            away = not np.isnan(extra_km[g, a])
            utilities[a] = utility(constant[g, a], loading[a], pull[g], extra_km[g, a] if away else 0.0, away, p)
        weigh(utilities, chance[g])
    return chance


class Persons(NamedTuple):
    """What the choice reads and writes of people, arrays over everybody."""

    sex: NDArray[np.int8]
    background: NDArray[np.int8]
    track: NDArray[np.int8]
    profile: NDArray[np.int8]
    region: NDArray[np.int8]
    school: NDArray[np.int16]
    home: NDArray[np.int16]
    taste: NDArray[np.float32]
    added: NDArray[np.float32]


class World(NamedTuple):
    """What pupils meet when they choose.

    Attributes
    ----------
    open : whether a location offers an alternative, shape (schools, alternatives)
    km, nearest : from each home to the nearest location that offers an alternative to a group, and the row of that
        location, shape (groups, alternatives, homes); inf where nobody does; not read where all is open
    better : quality less that of 2019, shape (schools,)
    mean_background : share with a migration background, shape (tracks,)
    places, homes : km on the plane, shape (n, 2)
    region : of each location, shape (schools,)
    """

    open: NDArray[np.bool_]
    km: NDArray[np.float32]
    nearest: NDArray[np.int16]
    better: Array
    mean_background: Array
    places: Array
    homes: Array
    region: NDArray[np.int64]


class Alternatives(NamedTuple):
    """What can be chosen.

    Attributes
    ----------
    profile : Profile code of each alternative
    constant : shape (cells, alternatives), cells being (school, group, sex)
    loading : how far an alternative is technical, shape (alternatives,)
    group : group of a pupil by track, shape (tracks,); groups run from 0 to its largest entry
    """

    profile: NDArray[np.int8]
    constant: Array
    loading: Array
    group: NDArray[np.int8]


class Expected(NamedTuple):
    """What schools learn from the choices, added up in place.

    Attributes
    ----------
    pupils : at each location per alternative counted, shape (schools, counted); the first alternatives are counted
    technical, choosers : sum over pupils of the chance of a counted alternative, and pupils, by own location and sex
    """

    pupils: Array
    technical: Array
    choosers: Array


@compiled
def choose(
    who: Rows,
    log_luck: Array,
    persons: Persons,
    world: World,
    of: Alternatives,
    p: ProfileChoice,
    expected: Expected,
) -> None:
    """Let pupils choose: their profile, and with it their location and region."""
    sexes, backgrounds, tracks, profiles, regions, schools, homes, taste, added = persons
    offered, km, nearest, better, mean_background, places, home_places, region_of = world
    profile_of, constant, loading, groups = of
    expected_pupils, technical, choosers = expected
    alternatives, counted = len(profile_of), expected_pupils.shape[1]
    cells = groups.max() + 1
    utilities, chance = np.empty(alternatives), np.empty(alternatives)
    for n in range(len(who)):
        i = who[n]
        at, home, sex, group = schools[i], homes[i], sexes[i], groups[tracks[i]]
        cell = (at * cells + group) * 2 + sex
        apart = backgrounds[i] - mean_background[tracks[i]]
        draw = pull(np.float64(taste[i] + added[i]), better[at], apart, p)
        own_km = np.hypot(home_places[home, 0] - places[at, 0], home_places[home, 1] - places[at, 1])
        for a in range(alternatives):
            extra_km, away = np.float32(0.0), not offered[at, a]
            if away:
                extra_km = np.float32(max(km[group, a, home] - own_km, 0.0))
            utilities[a] = utility(constant[cell, a], loading[a], draw, float(extra_km), away, p)
        weigh(utilities, chance)
        chosen = take(log_luck[n], chance)
        all_counted = 0.0
        for a in range(counted):
            place = at if offered[at, a] else nearest[group, a, home]
            expected_pupils[place, a] += chance[a]
            all_counted += chance[a]
        technical[at, sex] += all_counted
        choosers[at, sex] += 1.0
        profiles[i] = profile_of[chosen]
        if not offered[at, chosen]:
            schools[i] = nearest[group, chosen, home]
            regions[i] = region_of[schools[i]]
