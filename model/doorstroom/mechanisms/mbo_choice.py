"""11. Mbo choice.

Who leaves secondary education goes, by kind of exit, to mbo with chance to_mbo, on to havo year 4 (gl, tl) or vwo
year 5 (havo) with chance on, and else out; of those who go out with an N-profile a share ho_technique goes to
technical higher education. In mbo the level is the one the diploma allows, with chances level_1 to level_4 by kind
of exit, times one factor per level at which the students of 2019 stand still; then comes a technical course or
another:

    logit P(technical) = constant[origin, sex] + interest + connection_weight x C + image_weight x log tightness
                         + walk (18)

This is the one place where the labour market moves a choice: at 16 and later, when a job is near. At 12 to 14 tastes
decide (profile_choice); that the market is a signal then is not in the figures: while technical vacancies rose by half
from 2018 to 2022, technique kept its share in vmbo.

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

Who wants bbl finds a place with chance min(1, (1 + spare_places) x places / applicants), places of the home region and
last year's young applicants of the country against 2019; without one a share stay_without_place takes bol in the same
sector, the rest another course. Adults come to work-based technique when a firm takes them on: as many as in 2019 times
(places / places_2019)^adult_places, at most MOST_ADULTS times. The college follows by distance and size (a gravity
table that reproduces the colleges of 2019).

Source: Monitor Techniekpact (continuation by sex), Platform D&P, Onderwijs in cijfers; the table from profile
to sector is judgement. Information on job chances moves Dutch vmbo pupils' later mbo programme (28,186 pupils).
In the slump of 2009-2013 bbl fell by two fifths and building from 14 to 11% of mbo "as bbl places shrank"; in November
2016 35,000 places were open and 7,000 students had none. That connection moves continuation is what STO intends; no
estimate: zero inside.
Wrong if: continuation is as high in regions without shared programmes.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import Rows, compiled
from doorstroom.terms import Profile, Track

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
_DP, _OTHER_VMBO, _TL_TECHNIQUE, _TL_OTHER, _OTHER = range(3, 8)

EXITS: Final = ("bb", "kb", "gl", "tl", "havo", "vwo", "pro", "other", "quit vmbo", "quit elsewhere")
"""Kinds of exit from secondary education: diplomas, then those who leave without."""
_QUIT_VMBO, _QUIT_ELSEWHERE = EXITS.index("quit vmbo"), EXITS.index("quit elsewhere")
_EXIT_OF_TRACK = np.array([7, 0, 1, 2, 3, 7, 4, 5, 6, 7, 7])  # with a diploma, per Track

MOST_ADULTS: Final = 1.5
"""Adults in work-based technique at most, against 2019."""

TO_MBO: Final = 0
ON: Final = 1
HO_TECHNIQUE: Final = 2
OUT: Final = 3


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
    spare_places: float
    stay_without_place: float
    college_km: float
    adults_per_year: float
    adult_bbl: float
    adult_places: float


@compiled
def exit_kind(track: int, diploma: bool) -> int:
    """Kind of exit from secondary education, as a row of EXITS."""
    if diploma:
        return _EXIT_OF_TRACK[track]
    return _QUIT_VMBO if Track.BB <= track <= Track.TL else _QUIT_ELSEWHERE


@compiled
def origin_of(track: int, profile: int, technical: bool, diploma: bool) -> int:
    """Where someone comes from who chooses in mbo, as a row of ORIGINS; `technical`: whether the profile is."""
    vocational = Track.BB <= track <= Track.GL
    if not diploma:
        return 0 if vocational and technical else _OTHER
    if vocational:
        if technical:
            return track - Track.BB
        return _DP if profile == Profile.DP else _OTHER_VMBO
    if track == Track.TL:
        return _TL_TECHNIQUE if technical or profile == Profile.TL_TECHNIEK else _TL_OTHER
    return _OTHER


@compiled
def way_out(u: float, v: float, to_mbo: float, on: float, ho_technique: float) -> int:
    """Where a leaver goes (TO_MBO, ON, HO_TECHNIQUE, OUT), from two uniform numbers and the chances of the leaver."""
    if u < to_mbo:
        return TO_MBO
    if u < to_mbo + on:
        return ON
    return HO_TECHNIQUE if v < ho_technique else OUT


@compiled
def from_table(row: int, u: float, cumulative: Array) -> int:
    """The column that one person falls in, by inversion of the running sums in a row of a table.

    Used for the level (rows: kind of exit), the technical sector (profile and sex) and the college (region and sector).
    """
    low, high = 0, cumulative.shape[1] - 1
    while low < high:
        middle = (low + high) // 2
        if u < cumulative[row, middle]:
            high = middle
        else:
            low = middle + 1
    return low


@compiled
def connection_of(origin: int, connection: float, broad: float) -> float:
    """C that counts for someone of this origin: `connection`, for D&P its part `broad`, without technique in vmbo 0."""
    if origin == _DP:
        return broad
    return connection if origin < _OTHER_VMBO else 0.0


@compiled
def pull(interest: float, connection: float, signal: float, p: MboChoice) -> float:
    """Draw of one person towards a technical course in utility.

    Parameters
    ----------
    connection : C as `connection_of` gives it
    signal : log tightness
    """
    return interest + p.connection_weight * connection + p.image_weight * signal


def place_chance(places: Array, applicants: float, p: MboChoice) -> Array:
    """Chance of a work-based place, shape (regions, sectors).

    Parameters
    ----------
    places : places against 2019, shape (regions, sectors)
    applicants : of the country against 2019
    """
    return np.minimum((1.0 + p.spare_places) * places / max(applicants, 1e-9), 1.0)


def adults_taken_on(places: Array, p: MboChoice) -> tuple[Array, Array]:
    """Part of the usual adults who come to work-based technique, and of the reserve beyond them, by places, any shape.

    The reserve are (MOST_ADULTS - 1) times as many as usual.
    """
    number = np.minimum(np.maximum(places, 1e-9) ** p.adult_places, MOST_ADULTS)
    return np.minimum(number, 1.0), np.maximum(number - 1.0, 0.0) / (MOST_ADULTS - 1.0)


@compiled
def chance(constant: float, shift: float) -> float:
    """Logistic chance of a constant and a shift in utility."""
    return 1.0 / (1.0 + np.exp(-(constant + shift)))


class Persons(NamedTuple):
    """What is read and written of people, arrays over everybody."""

    sex: NDArray[np.int8]
    track: NDArray[np.int8]
    grade: NDArray[np.int8]
    profile: NDArray[np.int8]
    region: NDArray[np.int8]
    level: NDArray[np.int8]
    pathway: NDArray[np.int8]
    field: NDArray[np.int8]
    study_year: NDArray[np.int8]
    college: NDArray[np.int8]
    taste: NDArray[np.float32]
    added: NDArray[np.float32]


class Tables(NamedTuple):
    """Constants and running sums.

    Attributes
    ----------
    technical : constant per origin and sex
    work_based : constant per level and sector
    levels, fields, colleges : for from_table
    is_technical, has_nature : per profile
    """

    technical: Array
    work_based: Array
    levels: Array
    fields: Array
    colleges: Array
    is_technical: NDArray[np.bool_]
    has_nature: NDArray[np.bool_]


class Circumstances(NamedTuple):
    """What the year is like.

    Attributes
    ----------
    connection, connection_broad, signal : C, its part that counts for D&P, log tightness, shape (regions,)
    places, found : log of places against 2019, and the chance of one, shape (regions, sectors)
    """

    connection: Array
    connection_broad: Array
    signal: Array
    places: Array
    found: Array


@compiled
def leave(
    who: Rows,
    luck: Array,
    diploma: NDArray[np.bool_],
    persons: Persons,
    tables: Tables,
    p: MboChoice,
    way: NDArray[np.int8],
    origin: NDArray[np.int8],
) -> None:
    """Set the `way` of each leaver, shape (n,); level and `origin` of those to mbo; the track of those who go on."""
    tracks, grades, profiles, levels = persons.track, persons.grade, persons.profile, persons.level
    to_mbo, on, ho_technique = p.to_mbo, p.on, p.ho_technique
    level_of, is_technical, has_nature = tables.levels, tables.is_technical, tables.has_nature
    for n in range(len(who)):
        i = who[n]
        track, profile, kind = tracks[i], profiles[i], exit_kind(tracks[i], diploma[n])
        technique = ho_technique[kind] if has_nature[profile] else 0.0
        way[n] = way_out(luck[n, 0], luck[n, 1], to_mbo[kind], on[kind], technique)
        if way[n] == TO_MBO:
            levels[i] = 1 + from_table(kind, luck[n, 2], level_of)
            origin[n] = origin_of(track, profile, is_technical[profile], diploma[n])
        elif way[n] == ON:
            tracks[i], grades[i] = (Track.VWO, 5) if track == Track.HAVO else (Track.HAVO, 4)


@compiled
def enrol(
    who: Rows,
    luck: Array,
    place_luck: Array,
    origin: NDArray[np.int8],
    persons: Persons,
    tables: Tables,
    now: Circumstances,
    p: MboChoice,
    applied: Array,
    turned: Array,
) -> None:
    """Let those who enter mbo choose their course, pathway and college, in place.

    Parameters
    ----------
    luck, place_luck : uniform numbers, four and two per person
    origin : shape (n,)
    applied, turned : rows expected to want and turned away from a work-based place, added up, shape (regions, sectors)
    """
    sexes, _, _, profiles, regions, levels, pathways, fields, study_years, colleges, taste, added = persons
    technical, work_based, field_of, college_of = tables.technical, tables.work_based, tables.fields, tables.colleges
    connection, connection_broad, signal, places, found = now
    sectors = len(college_of) // len(connection)
    for n in range(len(who)):
        i = who[n]
        region, sex, field, shift = int(regions[i]), sexes[i], 0, 0.0
        connected = connection_of(origin[n], connection[region], connection_broad[region])
        draw = pull(np.float64(taste[i] + added[i]), connected, signal[region], p)
        if luck[n, 0] < chance(technical[origin[n], sex], draw):
            field = 1 + from_table(2 * int(profiles[i]) + sex, luck[n, 1], field_of)
            shift = p.places_weight * places[region, field - 1]
        wish = chance(work_based[levels[i] - 1, field], shift)
        pathway = 1 if luck[n, 2] < wish else 0
        if field > 0:
            applied[region, field - 1] += wish
            if pathway == 1 and place_luck[n, 0] >= found[region, field - 1]:
                turned[region, field - 1] += 1.0
                pathway = 0
                if place_luck[n, 1] >= p.stay_without_place:
                    field = 0
        fields[i], study_years[i], pathways[i] = field, 1, pathway
        colleges[i] = from_table(region * sectors + field, luck[n, 3], college_of)
