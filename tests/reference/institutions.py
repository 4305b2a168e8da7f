"""What people meet in one school year: schools, region, firms and colleges as plain numbers and lists.

Read from the fast model just before its pupils' year. Nothing in here belongs to a person, and nothing in here is
decided by the reference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from doorstroom.agents.times import numbers_of
from doorstroom.draws import Purpose
from doorstroom.education import TechnicalEducation
from doorstroom.geography import plane
from doorstroom.mechanisms import first_job, interest, mbo_choice, profile_choice, progress, study, walks
from doorstroom.mechanisms import track as placement
from doorstroom.terms import BOUND_PROFILES, TARGETS, TECHNICAL_PROFILES, Activity, Profile, Track

TAUGHT_SOMEWHERE = (Track.BB, Track.KB, Track.GL, Track.TL, Track.HAVO, Track.VWO)
VMBO, HAVO_VWO = 0, 1  # the two kinds of quality a location has
VMBO_SCHOOLS, GENERAL_SCHOOLS, PO, OTHERS, HBO = (
    TARGETS.index(name) for name in ("vmbo", "havo_vwo", "po", "others", "hbo")
)


def plain(values: Any) -> Any:
    """NumPy arrays as lists, NamedTuples of them as NamedTuples of lists."""
    if hasattr(values, "_fields"):
        return type(values)(*(plain(value) for value in values))
    return values.tolist() if hasattr(values, "tolist") else values


class Rules:
    """What doesn't change from year to year: parameters, fitted constants, tables and the map."""

    def __init__(self, model: TechnicalEducation) -> None:
        take = model.parameters.take
        self.first_year = model.policy.years.first
        self.interest = plain(take(interest.Interest))
        self.profile = plain(take(profile_choice.ProfileChoice))
        self.progress = plain(progress.own_rates(take(progress.Progress)))
        self.track = plain(take(placement.Track))
        self.mbo = plain(take(mbo_choice.MboChoice))
        self.study = plain(take(study.Study))
        self.job = plain(take(first_job.FirstJob))
        self.constants = plain(model.constants)
        self.college_shares = plain(model.colleges.cumulative)
        self.migration_share = plain(model.migration_share)
        self.homes = plain(model.country.homes)
        self.places = plain(model.country.places)
        self.region_of = plain(model.schools.region)
        self.teaches = plain(model.schools.teaches_track)
        self.regions = plain(plane(model.regions.lat, model.regions.lon))
        self.weight = model.pupils.weight
        self._nearest: dict[tuple[int, int], int] = {}

    def nearest_teaching(self, school: int, track: int) -> int:
        """The location itself where it teaches the track, else the nearest one that does."""
        if track not in TAUGHT_SOMEWHERE or self.teaches[school][track]:
            return school
        if (school, track) not in self._nearest:
            there = [other for other, taught in enumerate(self.teaches) if taught[track]]
            self._nearest[school, track] = min(there, key=lambda other: self.km(school, other))
        return self._nearest[school, track]

    def km(self, one: int, other: int) -> float:
        """Kilometres between two locations."""
        return math.dist(self.places[one], self.places[other])

    def km_home(self, home: int, school: int) -> float:
        """Kilometres from a home postcode to a location."""
        return math.dist(self.homes[home], self.places[school])


@dataclass
class Institutions:
    """The state of schools, regions and firms in one school year.

    Attributes
    ----------
    walk : where the walks of the country stand, by name
    liking : taste for technique in vmbo of the times per location
    open : per location, which of the ten profiles are on offer
    better : per location and kind of quality, quality less that of 2019
    unfilled : per location, share of technique lessons that nobody gives, as far as it is felt
    orientation, inclusion, sustainability : euro per lower-years pupil, per region, now and in 2019
    po : euro for orientation per pupil of the last two years of primary school, per region, now and in 2019
    connection, connection_broad : per region, for a technical profile and for D&P
    role_models : per location and sex, share of technique choosers less that of 2019, as far as it is seen
    tightness, wage : of technical work per region, against 2019
    sector_tightness : per region and sector, against 2019
    places : work-based places per region and sector, against 2019
    applicants : for work-based places a year before, against 2019
    openings : jobs that graduates may fill per region and sector; draw : how much they draw
    """

    year: int
    walk: dict[str, float]
    liking: list[float]
    open: list[list[bool]]
    better: list[list[float]]
    unfilled: list[float]
    orientation: list[tuple[float, float]]
    inclusion: list[tuple[float, float]]
    sustainability: list[tuple[float, float]]
    po: list[tuple[float, float]]
    role_models: list[list[float]]
    tightness: list[float]
    wage: list[float]
    connection: list[float]
    connection_broad: list[float]
    sector_tightness: list[list[float]]
    places: list[list[float]]
    applicants: float
    openings: list[list[float]]
    draw: list[list[float]]
    _nearest: dict[tuple[int, int, int], tuple[int, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, model: TechnicalEducation) -> Institutions:
        """The state that the model's people meet in its present year."""
        schools, regions, firms, loops = model.schools, model.regions, model.firms, model.policy.loops
        jobs = firms.by_sector("openings")
        seen = schools.technique_now - schools.technique_2019
        return cls(
            year=model.year,
            walk=walks_of(model),
            liking=liking_of(model),
            open=plain(schools.open),
            better=plain(schools.quality - schools.quality_2019),
            unfilled=plain(schools.unfilled * loops.unfilled),
            orientation=now_and_then(model, lower_years, Activity.ORIENTATION),
            inclusion=now_and_then(model, lower_years, Activity.INCLUSION),
            sustainability=now_and_then(model, lower_years, Activity.SUSTAINABILITY),
            po=now_and_then(model, last_of_primary, Activity.ORIENTATION),
            role_models=plain(seen * loops.role_models),
            tightness=plain(regions.relative_tightness),
            wage=plain(regions.wage),
            connection=plain(regions.connection),
            connection_broad=plain(regions.connection_broad),
            sector_tightness=plain(firms.relative_tightness()),
            places=plain(firms.places_against_2019()),
            applicants=model.students.applied_before / max(model.constants.applicants.sum(), 1e-9),
            openings=plain(jobs - firms.taken_by_teachers(jobs)),
            draw=plain((firms.by_size("openings") * firms.p.size_pull).sum(axis=2)),
        )

    def nearest_offer(self, rules: Rules, home: int, leerweg: int, profile: int) -> tuple[int, float]:
        """The location nearest to a home that offers a profile in a leerweg, and kilometres; inf out of reach."""
        if profile + 1 in BOUND_PROFILES:
            return 0, math.inf
        key = home, leerweg, profile
        if key not in self._nearest:
            best, shortest = 0, math.inf
            for school, offered in enumerate(self.open):
                if offered[profile] and rules.teaches[school][leerweg]:
                    km = rules.km_home(home, school)
                    if km < shortest:
                        best, shortest = school, km
            self._nearest[key] = best, shortest
        return self._nearest[key]


def now_and_then(model: TechnicalEducation, met: Any, activity: Activity) -> list[tuple[float, float]]:
    """Euro of an activity that a pupil meets, per region, this year and of what already ran in 2019.

    In 2019 no teacher had been trained by a scheme, and the curriculum gave what it gave.
    """
    regions, met_in = model.regions, []
    for row, agent in enumerate(regions.agents):
        primary, general = agent.skill if activity == Activity.ORIENTATION else (0.0, 0.0)
        given = model.policy.context.curriculum_in(model.year) if activity == Activity.ORIENTATION else 0.0
        now = met(agent, regions.work[row, activity], primary, general) + given
        met_in.append((float(now), float(met(agent, regions.work_2019[row, activity], 0.0, 0.0))))
    return met_in


def lower_years(region: Any, euro: Any, primary: float, general: float) -> float:
    """Euro per pupil of the lower years: what their schools do, and their part of what is done outside school."""
    pupils = region.lower_vmbo + region.lower_havo_vwo
    at_school = euro[VMBO_SCHOOLS] + (1 + general) * euro[GENERAL_SCHOOLS]
    return at_school / max(pupils, 1.0) + (euro[OTHERS] + euro[HBO]) / max(pupils + region.po_pupils, 1.0)


def last_of_primary(region: Any, euro: Any, primary: float, general: float) -> float:
    """Euro per pupil of the last two years of primary school, in the same way."""
    outside = (euro[OTHERS] + euro[HBO]) / max(region.lower_vmbo + region.lower_havo_vwo + region.po_pupils, 1.0)
    return (1 + primary) * euro[PO] / max(region.po_pupils, 1.0) + outside


def walks_of(model: TechnicalEducation) -> dict[str, float]:
    """18. Walks: each is the sum of its steps since the first year."""
    p, first = plain(model.parameters.take(walks.Walks)), model.policy.years.first
    lasting, yearly = numbers_of(model, range(first + 1, model.year + 5), p.scale)
    stand = dict.fromkeys((walk.name for walk in walks.Walk), 0.0)
    for year in range(first + 1, model.year + 1):
        z = yearly[year - first - 1]
        fading = math.exp(-(year - first - 1) / p.drift_years)
        for walk in walks.Walk:
            drift = p.drift[walk] + p.drift_sd[walk] * float(lasting[walk])
            stand[walk.name] += fading * drift + p.scale * p.spread[walk] * float(z[walk])
    return stand


def liking_of(model: TechnicalEducation) -> list[float]:
    """What years and places add to the taste for technique in vmbo, per location."""
    p, schools = model.parameters.take(walks.Walks), len(model.schools)
    liking = [0.0] * schools
    for year in range(model.policy.years.first + 1, model.year + 1):
        of_region = model.draws.normal(Purpose.REGION_TASTE, year, np.arange(len(model.regions)))
        of_location = model.draws.normal(Purpose.LOCATION_TASTE, year, np.arange(schools))
        for at in range(schools):
            step = p.region_taste * float(of_region[model.schools.region[at]]) + p.location_taste * float(
                of_location[at]
            )
            liking[at] += p.scale * step
    return liking


def is_technical(profile: int) -> bool:
    """One of the five technical profiles, or the vakmanschapsroute techniek."""
    return profile in TECHNICAL_PROFILES or profile == Profile.VR_TECHNIEK
