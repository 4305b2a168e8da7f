"""The part of the model that can start in any exam year: who has which profile, from the exam candidates of that year.

The whole model starts from the count of 1 October 2019; nothing like that count is open for earlier years. This module
starts from the exam candidates of bb, kb and gl by location, leerweg and profile of any exam year.

The model's own in it: the profile choice (its equation, with constants fitted to the origin's candidates by the same
method, distance, leaving, unoffered), the walks of taste and of where candidates are counted, the opening and closing
of profiles (its hazards, without money or shortage of staff, which weren't there or aren't known), and every parameter
of the draw.

Not the model's own: the size of a cohort, which follows the official counts and forecast of year 3 that were there at
the origin (`cohort_growth`); sex, background, interest that changes, staff, and the regions of homes, which the exam
files don't have. A location's share of its leerweg's cohort stays as it was. Candidates are taken for the group of a
profile, as in the files from which the hazards were measured, so a step is a year from exam to exam.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.choice_constants import FAR, pull_spread
from doorstroom.agents.constants import NODES, Observed, fit
from doorstroom.agents.school import OPENABLE, TECHNICAL
from doorstroom.evidence.pooling import estimated
from doorstroom.geography import nearest, plane
from doorstroom.inputs.exam_history import FORECAST_OF, YEAR_3, YEARS, ExamHistory
from doorstroom.mechanisms import interest, offer, profile_choice, track, walks
from doorstroom.parameters import Parameters
from doorstroom.terms import BOUND_PROFILES, VMBO_PROFILES, Profile

Floats = NDArray[np.float64]

LEERWEGEN: Final = 3
PROFILES: Final = len(VMBO_PROFILES)
TO_EXAM: Final = 2
"""Years from the 1 October of year 3 to the calendar year of the exam."""


class _Start(NamedTuple):
    """The origin's state: one cell per location and leerweg that has candidates."""

    place: Floats
    location: NDArray[np.int64]
    leerweg: NDArray[np.int64]
    counted: Floats
    open: NDArray[np.bool_]
    teaches: NDArray[np.bool_]


def cohort_growth(origin: int, steps: int, drift: track.Track | None = None) -> Floats:
    """Size of the coming cohorts of candidates relative to that of the origin, shape (steps, 3).

    Year 3 of two years before an exam, as far as it was counted or officially forecast in the origin's year; beyond
    that the last known cohort, from which ever more move up as in the model's placement, or without a `drift` nobody.
    """
    known = max(YEAR_3) if origin >= FORECAST_OF else origin
    base = np.array(YEAR_3[origin - TO_EXAM], np.float64)
    growth = np.empty((steps, LEERWEGEN))
    for step in range(steps):
        year = origin + 1 + step - TO_EXAM
        pupils = np.array(YEAR_3[min(year, known)], np.float64)
        up = pupils * (track.going_up(max(year - known, 0), drift) if drift else 0.0)
        growth[step] = (pupils - up + np.append(0.0, up[:-1])) / base
    return growth


class ExamModule:
    """The module at one origin with one draw of the parameters.

    Parameters
    ----------
    origin : exam year that is the last one known
    regions : number of regions
    """

    def __init__(self, history: ExamHistory, origin: int, parameters: Parameters, regions: int) -> None:
        take = parameters.take
        self.origin, self.regions = origin, regions
        self.choice, self.offer = take(profile_choice.ProfileChoice), take(offer.Offer)
        self.drift, self.walks = take(track.Track), take(walks.Walks)
        self.start = _start(history, origin)
        self.region = history.region[_locations(history, origin)] - 1
        self.loading = np.zeros(PROFILES)
        self.loading[:TECHNICAL], self.loading[Profile.DP - 1] = 1.0, self.choice.dp_loading
        migration_share = np.asarray(parameters.value("population.migration_share"))
        self.spread = pull_spread(take(interest.Interest), self.choice, migration_share)
        self.constant = self._fit()

    def course(self, steps: int, rng: np.random.Generator) -> Floats:
        """One possible course of candidates after the origin, shape (steps, regions, 3 leerwegen, 10 profiles)."""
        start, location, leerweg = self.start, self.start.location, self.start.leerweg
        size = start.counted.sum(axis=1)
        growth = cohort_growth(self.origin, steps, self.drift)
        open_now, had = start.open, start.open[:, :TECHNICAL]
        group = _by_location(location, start.counted, len(start.open))[:, :TECHNICAL]
        vocational = _by_location(location, size, len(start.open))
        usual = group.sum(axis=0) / (open_now[:, :TECHNICAL] * vocational[:, None]).sum(axis=0)
        course = np.zeros((steps, self.regions, LEERWEGEN, PROFILES))
        taste = self._tastes(steps, rng)
        for step in range(steps):
            vocational = _by_location(location, size * growth[step, leerweg], len(start.open))
            potential = offer.potential(vocational[:, None], usual, had, self.choice.unoffered)
            before = open_now
            open_now = _next_offer(open_now, had, group, potential, self.region, self.offer, rng)
            had = had | open_now[:, :TECHNICAL]
            group = np.where((open_now & ~before)[:, :TECHNICAL], potential, group)
            km, place = _elsewhere(start, open_now)
            offered = open_now[location] & start.teaches[location, leerweg][:, None]
            chance = self._chance(np.where(offered, np.nan, km), taste[step])
            pupils = rng.poisson(size * growth[step, leerweg])
            chosen = rng.multinomial(pupils, chance)
            at = np.where(offered, location[:, None], place)
            expected = np.zeros(group.shape)
            for profile in range(PROFILES):
                np.add.at(course[step, :, :, profile], (self.region[at[:, profile]], leerweg), chosen[:, profile])
            for profile in range(TECHNICAL):
                np.add.at(expected[:, profile], at[:, profile], chance[:, profile] * pupils)
            group = self.offer.memory * group + (1.0 - self.offer.memory) * expected
        return course * self._where_counted(course, rng)

    def _tastes(self, steps: int, rng: np.random.Generator) -> Floats:
        """What the walks add to the utility of the profiles in each cell, shape (steps, cells, 10)."""
        start, p = self.start, self.walks
        country = walks.course(np.zeros(len(walks.Walk)), rng.standard_normal((steps, len(walks.Walk))), p)[1:]

        def local(size: int, spread: float) -> Floats:
            return np.asarray(p.scale * spread * np.cumsum(rng.standard_normal((steps, size)), axis=0))

        here = local(self.regions, p.region_taste)[:, self.region] + local(len(self.region), p.location_taste)
        by_leerweg = np.stack([walks.vmbo_taste(walk, self.loading).mean(axis=1) for walk in country])
        return np.asarray(by_leerweg[:, start.leerweg] + here[:, start.location, None] * self.loading)

    def _where_counted(self, course: Floats, rng: np.random.Generator) -> Floats:
        """Factor on the candidates of each region, leerweg and profile; that of the country is 1."""
        p, steps = self.walks, len(course)
        luck = rng.standard_t(walks.TAIL, (steps, self.regions, 5)) * np.sqrt(1.0 - 2.0 / walks.TAIL)
        stand = p.scale * np.cumsum(luck, axis=0)
        log_part = p.region_exams * stand[..., :1] + p.region_track_exams[:LEERWEGEN] * stand[..., 1:4]
        technique = p.region_mix_exams[0] * stand[..., 4:, None] * (np.arange(PROFILES) < TECHNICAL)
        factor = np.exp(log_part[..., None] + technique)
        moved = (course * factor).sum(axis=1, keepdims=True)
        total = course.sum(axis=1, keepdims=True)
        return np.asarray(factor * np.divide(total, moved, out=np.ones_like(total), where=moved > 0))

    def _fit(self) -> Floats:
        """Constants at which the model's choices have the origin's shares."""
        start = self.start
        km, _ = _elsewhere(start, start.open)
        offered = start.open[start.location] & start.teaches[start.location, start.leerweg][:, None]
        lost = self.choice.distance_cost * np.minimum(km, FAR) + self.choice.leaving_cost
        observed = Observed(start.counted, start.location, start.leerweg, offered)
        cost = np.where(offered, 0.0, lost)
        return fit(observed, self.loading, self.spread, cost, self.choice.unoffered, estimated(self.origin)).constant

    def _chance(self, km: Floats, taste: Floats) -> Floats:
        """Chance of each profile in each cell, by the model's own choice over pupils of seven tastes; NaN km: here."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
        cells = len(self.constant)
        chance = profile_choice.chances(
            np.repeat(self.spread * nodes, cells),
            np.tile(self.constant + taste, (NODES, 1)),
            self.loading,
            np.tile(km, (NODES, 1)),
            self.choice,
        )
        mixed = np.einsum("k,kcp->cp", weights / weights.sum(), chance.reshape(NODES, cells, PROFILES))
        return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))


def observed_course(history: ExamHistory, years: range, regions: int) -> Floats:
    """Candidates of some exam years by region, shape (years, regions, 3 leerwegen, 10 profiles)."""
    course = np.zeros((len(years), regions, LEERWEGEN, PROFILES))
    for at, year in enumerate(years):
        np.add.at(course[at], history.region - 1, history.candidates[YEARS.index(year)])
    return course


def _locations(history: ExamHistory, origin: int) -> NDArray[np.int64]:
    return np.flatnonzero(history.candidates[YEARS.index(origin)].sum(axis=(1, 2)) > 0)


def _start(history: ExamHistory, origin: int) -> _Start:
    rows = _locations(history, origin)
    count = history.candidates[YEARS.index(origin)][rows]
    teaches = count.sum(axis=2) > 0
    location, leerweg = np.nonzero(teaches)
    place = plane(history.lat[rows], history.lon[rows])
    return _Start(place, location, leerweg, count[location, leerweg], count.sum(axis=1) > 0, teaches)


def _elsewhere(start: _Start, open_now: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.int64]]:
    """Kilometres to the nearest location that offers a profile in the cell's leerweg, and that location's row."""
    km = np.full((len(start.location), PROFILES), np.inf)
    place = np.repeat(start.location[:, None], PROFILES, axis=1)
    for leerweg in range(LEERWEGEN):
        cells = np.flatnonzero(start.leerweg == leerweg)
        for profile in range(PROFILES):
            there = np.flatnonzero(open_now[:, profile] & start.teaches[:, leerweg])
            if len(there) == 0 or VMBO_PROFILES[profile] in BOUND_PROFILES:
                continue
            away, found = nearest(start.place, start.place[there])
            km[cells, profile] = away[start.location[cells]]
            place[cells, profile] = there[found[start.location[cells]]]
    return km, place


def _next_offer(
    open_now: NDArray[np.bool_],
    had: NDArray[np.bool_],
    group: Floats,
    potential: Floats,
    region: NDArray[np.int64],
    p: offer.Offer,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """The profiles that locations offer a year on.

    `had` is where a profile has been on offer, `potential` the group it would have where it isn't.
    """
    now = open_now[:, :TECHNICAL]
    in_region = np.zeros((region.max() + 1, TECHNICAL))
    np.add.at(in_region, region, now)
    nothing = np.zeros((len(now), 1))
    kept = np.full((len(now), 1), np.clip(p.cover_base, 0.0, 1.0))
    closes = offer.closing(group, nothing, nothing, in_region[region] <= 1, kept, p)
    opens = offer.opening(potential, had, nothing, p)
    luck = rng.random((2, *now.shape))
    after = open_now.copy()
    after[:, :TECHNICAL] = (now & (luck[0] >= closes)) | (~now & OPENABLE & (luck[1] < opens))
    return after


def _by_location(location: NDArray[np.int64], amount: Floats, locations: int) -> Floats:
    total = np.zeros((locations, *amount.shape[1:]))
    np.add.at(total, location, amount)
    return total
