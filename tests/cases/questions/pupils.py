"""Questions about pupils and students: interest, track, profile choice, progress, mbo choice, study."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from form import question

from doorstroom.agents.secondary import FINAL_GRADE, SWITCH_GRADE
from doorstroom.mechanisms import interest, mbo_choice, profile_choice, progress, study, track, walks
from doorstroom.mechanisms.walks import Walk
from doorstroom.terms import TECHNICAL_FIELDS, TECHNICAL_PROFILES, VMBO_PROFILES, Pathway, Profile, Track

Sex = Literal["jongen", "meisje"]
TrackName = Literal["lower", "bb", "kb", "gl", "tl", "havo/vwo 3", "havo", "vwo", "pro", "other", "vavo"]
VmboTrack = Literal["bb", "kb", "gl"]
WalkName = Literal[
    "technique", "bb", "kb", "gl", "girls", "BWI", "PIE", "M&T", "MVI", "MaT", "D&P", "tl technique", "tl girls",
    "nature", "nature havo", "nature vwo", "nature girls", "N&T havo", "N&T vwo", "N&T girls", "bb to kb", "kb to gl",
    "gl to tl", "tl to havo", "havo to vwo", "passage bb", "passage kb", "passage gl", "passage tl", "passage havo",
    "passage vwo", "passage girls", "gl exam", "havo/vwo 3 to tl", "cohort", "passage technique",
    "both nature profiles",
]  # fmt: skip
TrackStep = Literal["bb to kb", "kb to gl", "gl to tl", "tl to havo", "havo to vwo"]
ProfileName = Literal["BWI", "PIE", "M&T", "MVI", "MaT", "E&O", "Z&W", "D&P", "HBR", "Groen"]
Leerweg = Literal["bol", "bbl"]
TlSector = Literal["techniek", "economie", "zorg en welzijn", "landbouw"]
SectorName = Literal["bouw", "industrie", "mobiliteit", "ict", "media_lab"]

TRACKS = dict(zip(TrackName.__args__, Track, strict=True))
TRACK_STEPS = TrackStep.__args__
PROFILES = dict(zip(ProfileName.__args__, VMBO_PROFILES, strict=True))
TL_SECTORS = dict(zip(TlSector.__args__, range(Profile.TL_TECHNIEK, Profile.TL_GROEN + 1), strict=True))
PATHWAYS = dict(zip(Leerweg.__args__, Pathway, strict=True))
ENDS_OF_A_SCHOOL_YEAR = {
    progress.ON: "goes on",
    progress.REPEAT: "repeats",
    progress.SWITCH: "switches",
    progress.QUIT: "leaves",
    progress.DIPLOMA: "passes",
}
OriginName = Literal[
    "bb technique", "kb technique", "gl technique", "D&P", "other vmbo", "tl technique", "tl other", "other"
]
WAYS_OUT = {
    mbo_choice.TO_MBO: "mbo",
    mbo_choice.ON: "havo or vwo",
    mbo_choice.HO_TECHNIQUE: "technical higher education",
    mbo_choice.OUT: "elsewhere",
}
ENDS_OF_A_YEAR_IN_MBO = {study.STAYS: "stays", study.GIVES_UP: "gives up", study.DIPLOMA: "diploma"}


@question
def interest_next_year(
    p: interest.Interest,
    added: float = 0.0,
    orientation: float = 0.0,
    inclusion: float = 0.0,
    sustainability: float = 0.0,
    role_models: float = 0.0,
    sex: Sex = "jongen",
    migration_background: bool = False,
) -> float:
    """How much has exposure added to a lower-years pupil's interest a year on, in utility?

    Money in euro per lower-years pupil; role models: share of the pupil's own sex at the
    location that chose technique, less that of 2019.
    """
    exposed = interest.exposure(np.array(orientation), np.array(sustainability), p)
    included = interest.from_spending(p.inclusion_effect, np.array(inclusion), p)
    seen = p.role_model_effect * role_models
    girl = sex != "jongen"
    return interest.next_interest(added, girl, migration_background, float(exposed), float(included), seen, p.fade)


@question
def interest_at_entry(p: interest.Interest, orientation: float) -> float:
    """With how much added interest does a pupil enter vo, by euro for orientation per pupil of groep 7 and 8?"""
    return interest.from_spending(p.po_effect, np.array([orientation]), p)


@question
def route(p: track.Track, shares: dict[str, float], u: float) -> str:
    """Which route out of the lower years does a pupil with this random number (0 to 1) take?"""
    running = np.cumsum(list(shares.values()))
    taken = track.route(0, u, np.array([0, len(shares)]), running)
    return list(shares)[taken]


@question
def track_after_drift(
    p: track.Track,
    track_advised: TrackName,
    year: float,
    u: float,
    taught: bool = True,
    walk: dict[TrackStep, float] | None = None,
) -> str:
    """To which track does a pupil come in a year? u: random number; taught: the location teaches the track it would be.

    Walk: share that goes up, beside the drift, at a step between two tracks; down where negative.
    """
    shares = np.array([(walk or {}).get(step, 0.0) for step in TRACK_STEPS])
    code = int(TRACKS[track_advised])
    going = track.going_on(int(year) - 2019, shares, p)
    moved = track.moved(code, u, going.up[code], going.down[code], taught, taught)
    return next(name for name, code in TRACKS.items() if code == moved)


@question
def where_a_walk_stands(p: walks.Walks, walk: WalkName, luck: dict[int, float], lasting: float = 0.0) -> float:
    """Where does a walk stand after the last of these years? Luck: a standard normal number for each year from 2020 on.

    Lasting: the standard normal number of its drift.
    """
    at = list(WalkName.__args__).index(walk)
    yearly = np.zeros((len(luck), len(Walk)))
    yearly[:, at] = [luck[year] for year in range(2020, 2020 + len(luck))]
    standing = np.zeros(len(Walk))
    standing[at] = lasting
    return float(walks.course(standing, yearly, p)[-1, at])


@question
def taste_of_the_times(
    p: walks.Walks, leerweg: VmboTrack, sex: Sex, profile: ProfileName, walk: dict[WalkName, float]
) -> float:
    """What do the walks add to the utility of a profile, where they stand so? D&P is not technical here."""
    standing = np.array([walk.get(name, 0.0) for name in WalkName.__args__])
    loading = np.array([1.0 if one in TECHNICAL_PROFILES else 0.0 for one in VMBO_PROFILES])
    taste = walks.vmbo_taste(standing, loading)
    return float(taste[int(TRACKS[leerweg]) - Track.BB, int(sex == "meisje"), PROFILES[profile] - 1])


@question
def chance_with_a_walk(p: walks.Walks, chance: float, walk: float) -> float:
    """What is a chance when a walk shifts its log odds?"""
    return float(walks.shifted(np.array(chance), walk))


@question
def pull_of_technique(
    p: profile_choice.ProfileChoice,
    interest: float = 0.0,
    better_quality: float = 0.0,
    migration_background: bool = False,
    share_in_track: float = 0.0,
) -> float:
    """How strongly does technique draw a pupil, in utility? Quality less that of 2019."""
    apart = migration_background - share_in_track
    return profile_choice.pull(interest, better_quality, apart, p)


@question
def utility_of_a_profile(
    p: profile_choice.ProfileChoice,
    constant: float = 0.0,
    loading: float = 1.0,
    pull: float = 0.0,
    extra_km: float = 0.0,
    elsewhere: bool = False,
) -> float:
    """What is a profile worth to a pupil, luck left out? Kilometres further from home than the own school."""
    return profile_choice.utility(constant, loading, pull, extra_km, float(elsewhere), p)


@question
def chance_of_a_profile(
    p: profile_choice.ProfileChoice,
    constants: dict[ProfileName, float] | None = None,
    pull: float = 0.0,
    elsewhere: dict[ProfileName, float] | None = None,
) -> dict[str, float]:
    """How likely is each of ten profiles? Constants are 0 unless given; elsewhere: extra km, `.inf` out of reach."""
    return dict(zip(PROFILES, _choose(p, constants, pull, elsewhere, {})[1], strict=True))


@question
def chosen_profile(
    p: profile_choice.ProfileChoice,
    constants: dict[ProfileName, float] | None = None,
    pull: float = 0.0,
    elsewhere: dict[ProfileName, float] | None = None,
    luck: dict[ProfileName, float] | None = None,
) -> str:
    """Which profile does a pupil choose? Luck: the pupil's random numbers (0 to 1), one half unless given."""
    return list(PROFILES)[_choose(p, constants, pull, elsewhere, luck)[0]]


def _choose(
    p: profile_choice.ProfileChoice,
    constants: dict[ProfileName, float] | None,
    pull: float,
    elsewhere: dict[ProfileName, float] | None,
    luck: dict[ProfileName, float] | None,
) -> tuple[int, np.ndarray]:
    loading = [1.0 if profile in TECHNICAL_PROFILES else 0.0 for profile in VMBO_PROFILES]
    loading[PROFILES["D&P"] - 1] = p.dp_loading
    away = elsewhere or {}
    utilities = [
        profile_choice.utility((constants or {}).get(name, 0.0), weight, pull, away.get(name, 0.0), name in away, p)
        for name, weight in zip(PROFILES, loading, strict=True)
    ]
    chance = np.empty(len(utilities))
    profile_choice.weigh(np.array(utilities), chance)
    return profile_choice.take(np.log([(luck or {}).get(name, 0.5) for name in PROFILES]), chance), chance


@question
def end_of_the_school_year(
    p: progress.Progress,
    track: TrackName,
    year: float,
    u: float,
    technical_profile: bool = False,
    unfilled: float = 0.0,
) -> str:
    """How does a school year end for a pupil with this random number (0 to 1)? Unfilled: share of technique lessons."""
    code = TRACKS[track]
    last, switches_after = int(FINAL_GRADE[code]), int(SWITCH_GRADE[code])
    rates = progress.in_year(2019, np.zeros(len(Walk)), p)
    return ENDS_OF_A_SCHOOL_YEAR[
        progress.end_of_year(u, code, int(year), technical_profile, unfilled, last, switches_after, rates, 0)
    ]


@question
def way_out(
    p: mbo_choice.MboChoice, track: TrackName, u: float, diploma: bool = True, n_profile: bool = False, v: float = 0.5
) -> str:
    """Where does someone go who leaves vo? u, v: random numbers (0 to 1), v for technical higher education."""
    kind = mbo_choice.exit_kind(int(TRACKS[track]), diploma)
    technical = p.ho_technique[kind] if n_profile else 0.0
    return WAYS_OUT[mbo_choice.way_out(u, v, p.to_mbo[kind], p.on[kind], technical)]


@question
def origin(p: mbo_choice.MboChoice, track: TrackName, profile: ProfileName | TlSector, diploma: bool = True) -> str:
    """As coming from where does someone choose in mbo?"""
    code = int({**PROFILES, **TL_SECTORS}[profile])
    technical = code in TECHNICAL_PROFILES
    return mbo_choice.ORIGINS[mbo_choice.origin_of(int(TRACKS[track]), code, technical, diploma)]


@question
def connection_that_counts(
    p: mbo_choice.MboChoice, origin: OriginName, connection: float, for_all_vocational: float = 0.0
) -> float:
    """How much of a region's connection counts for someone of this origin? For all vocational: its broad part."""
    return mbo_choice.connection_of(mbo_choice.ORIGINS.index(origin), connection, for_all_vocational)


@question
def chance_of_a_bbl_place(p: mbo_choice.MboChoice, places: float = 1.0, applicants: float = 1.0) -> float:
    """How likely does who wants bbl find a place? Places in the region and applicants in the country, against 2019."""
    return mbo_choice.place_chance(np.array([places]), applicants, p)


@question
def adults_in_bbl(p: mbo_choice.MboChoice, places: float) -> float:
    """How many adults start in work-based technique, against 2019? Places against 2019."""
    usual, reserve = mbo_choice.adults_taken_on(np.array([places]), p)
    return usual + reserve * (mbo_choice.MOST_ADULTS - 1.0)


@question
def pull_of_a_technical_course(
    p: mbo_choice.MboChoice, interest: float = 0.0, connection: float = 0.0, tightness: float = 1.0
) -> float:
    """How strongly does technique in mbo draw someone, in utility? Connection only for who had technique in vmbo."""
    return mbo_choice.pull(interest, connection, math.log(tightness), p)


@question
def chance_of_a_technical_course(
    p: mbo_choice.MboChoice,
    chance_2019: float,
    interest: float = 0.0,
    connection: float = 0.0,
    tightness: float = 1.0,
) -> float:
    """How likely does someone take a technical course who would have with `chance_2019`, all else as in 2019?"""
    pull = pull_of_a_technical_course(p, interest, connection, tightness)
    return mbo_choice.chance(math.log(chance_2019 / (1.0 - chance_2019)), pull)


@question
def takes_a_technical_course(p: mbo_choice.MboChoice, chance: float, u: float) -> bool:
    """Does someone with this chance and this random number take a technical course?"""
    return u < mbo_choice.chance(math.log(chance / (1.0 - chance)), 0.0)


@question
def chance_of_bbl(p: mbo_choice.MboChoice, share_2019: float, places: float = 1.0) -> float:
    """How likely does someone choose bbl in a course with this share of it? Places of leerbedrijven against 2019."""
    return mbo_choice.chance(math.log(share_2019 / (1.0 - share_2019)), p.places_weight * math.log(places))


@question
def sector_in_mbo(p: mbo_choice.MboChoice, shares: dict[SectorName, float], u: float) -> str:
    """Which technical sector does someone with this random number take, where the sectors have these shares?"""
    running = np.cumsum([[shares.get(field.name.lower(), 0.0) for field in TECHNICAL_FIELDS]], axis=1)
    return TECHNICAL_FIELDS[mbo_choice.from_table(0, u, running)].name.lower()


@question
def year_in_mbo(p: study.Study, level: float, pathway: Leerweg, year: float, u: float) -> str:
    """What does a year in mbo come to? year: 1 for the first in the course; u: random number (0 to 1)."""
    return ENDS_OF_A_YEAR_IN_MBO[study.year_of_study(u, int(year), int(level), PATHWAYS[pathway], p)]


@question
def chance_of_studying_on(p: study.Study, level: float, pathway: Leerweg) -> float:
    """How likely does someone with a diploma go on to a higher level, or from level 4 to hbo?"""
    return study.goes_on(int(level), PATHWAYS[pathway], p)
