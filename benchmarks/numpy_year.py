"""The pupils' year in straightforward NumPy: whole arrays, a mask for everything, no compiled loop.

What somebody who knows NumPy would write first. It takes the very same decisions as the model, which
benchmarks/person_year.py checks before it times them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.constants import HAS_NATURE, IS_TECHNICAL
from doorstroom.agents.secondary import (
    FINAL_GRADE,
    HV_PROFILES,
    LAST_PRACTICAL_GRADE,
    RETAKES,
    SWITCH_GRADE,
    SWITCH_TO,
    TL_SECTORS,
    YOUNG,
)
from doorstroom.agents.students import STAGE_OF_WAY_ON, STAGE_OF_WAY_OUT
from doorstroom.draws import Purpose
from doorstroom.education import TechnicalEducation
from doorstroom.mechanisms import first_job, interest, profile_choice, progress
from doorstroom.mechanisms import track as routes
from doorstroom.mechanisms.mbo_choice import EXITS, HO_TECHNIQUE, ON, ORIGINS, OUT, TO_MBO
from doorstroom.mechanisms.study import CLIMBS, HBO_OTHER, HBO_TECHNIQUE, WORKS
from doorstroom.terms import VMBO_PROFILES, Field, Profile, Stage, Track

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
EXIT_OF_TRACK = np.array([7, 0, 1, 2, 3, 7, 4, 5, 6, 7, 7])


class NumpyYear:
    """Takes the decisions of a model's people in the place of its own compiled loops."""

    def __init__(self, model: TechnicalEducation) -> None:
        self.model, self.people = model, model.pupils
        take = model.parameters.take
        self.interest, self.choice = take(interest.Interest), take(profile_choice.ProfileChoice)
        self.track, self.job = take(routes.Track), take(first_job.FirstJob)

    def luck(self, purpose: Purpose, who: Rows, each: int) -> Floats:
        """The numbers of the rows `who`, shape (n, each), out of all between the first and the last of them."""
        if not len(who):
            return np.empty((0, each))
        low, high = int(who.min()), int(who.max()) + 1
        block = self.model.draws.block(purpose, self.model.year, low * each, high * each)
        return block.reshape(-1, each)[who - low]

    def signal(self) -> Floats:
        """Log tightness per region."""
        regions = self.model.regions
        return np.log(regions.relative_tightness) if self.model.policy.loops.tightness else np.zeros(len(regions))

    # ------------------------------------------------------------ secondary education

    def pupils_year(self) -> None:
        people, model = self.people, self.model
        who = np.flatnonzero((people.stage == Stage.VO) & (people.entered < model.year))
        self.meet_technique(who)
        end = self.end_of_year(who)
        left = (end == progress.QUIT) | (end == progress.DIPLOMA)
        back = self.way_out(who[left], end[left] == progress.DIPLOMA)
        self.place(back)
        self.repeat(who[end == progress.REPEAT])
        switched = who[end == progress.SWITCH]
        people.track[switched] = SWITCH_TO[people.track[switched]]
        people.grade[switched] += 1
        self.place(switched)
        on = who[end == progress.ON]
        track, grade = people.track[on], people.grade[on]
        rising, third = on[(track == Track.LOWER) & (grade >= 2)], on[track == Track.HAVO_VWO_3]
        fourth = on[(track == Track.TL) & (grade == 3)]
        people.grade[on] += 1
        self.rise(rising)
        people.track[third] = people.toward[third]
        self.place(third)
        self.choose(rising, np.concatenate([fourth, switched[people.track[switched] == Track.TL]]), third, back)

    def meet_technique(self, who: Rows) -> None:
        people = self.people
        exposure, inclusion, role_model = self.model.schools.exposure()
        young = who[YOUNG[people.track[who]]]
        school, sex = people.school[young], people.sex[young]
        meant = np.where((sex == 1) | (people.background[young] == 1), inclusion[school], 0.0)
        kept = (1.0 - self.interest.fade) * people.added[young].astype(np.float64)
        people.added[young] = kept + exposure[school] + meant + role_model[school, sex]

    def end_of_year(self, who: Rows) -> NDArray[np.int8]:
        people = self.people
        p = progress.in_year(self.model.year, self.model.times.now(self.model.year), self.model.progress_p)
        u, track, grade = self.luck(Purpose.PROGRESS, who, 1)[:, 0], people.track[who], people.grade[who]
        unfilled = self.model.schools.unfilled[people.school[who]] * float(self.model.policy.loops.unfilled)
        extra = np.where(IS_TECHNICAL[people.profile[who]], p.unfilled_effect * unfilled, 0.0)
        technical = IS_TECHNICAL[people.profile[who]].astype(int)
        leave, final = p.quit[track, people.sex[who], technical], grade >= FINAL_GRADE[track]
        switch = np.where(grade == SWITCH_GRADE[track], p.switch[track], 0.0)
        passes = u < leave + (1.0 - leave) * (p.exam_pass[track] - extra)
        return np.select(
            [
                u < leave,
                final & passes,
                final,
                u < leave + switch,
                u < leave + switch + p.repeat[track] + extra,
            ],
            [progress.QUIT, progress.DIPLOMA, progress.REPEAT, progress.SWITCH, progress.REPEAT],
            progress.ON,
        )

    def repeat(self, who: Rows) -> None:
        people = self.people
        track, grade = people.track[who], people.grade[who]
        u = self.luck(Purpose.SWITCH, who, 1)[:, 0]
        failed = RETAKES[track] & (grade >= FINAL_GRADE[track])
        people.track[who[failed & (u < self.model.progress_p.vavo_share)]] = Track.VAVO
        practical = who[track == Track.PRO]
        people.grade[practical] = np.minimum(people.grade[practical] + 1, LAST_PRACTICAL_GRADE)

    def rise(self, who: Rows) -> None:
        people, model = self.people, self.model
        people.school[who] = people.upper[who]
        toward = people.toward[who]
        going = routes.going_on(model.year - 2019, model.times.placement(model.year), self.track)
        u = self.luck(Purpose.SWITCH, who, 1)[:, 0]
        up, down = u < going.up[toward], u >= 1.0 - going.down[toward]
        wanted = np.where(up, routes.HIGHER[toward], np.where(down, routes.LOWER[toward], toward))
        people.toward[who] = np.where(model.country.teaches[people.school[who], wanted], wanted, toward)
        people.track[who] = np.where(people.toward[who] >= Track.HAVO, Track.HAVO_VWO_3, people.toward[who])
        people.profile[who] = Profile.NONE
        self.place(who)

    def place(self, who: Rows) -> None:
        people = self.people
        people.school[who] = self.model.country.nearest_teaching[people.track[who], people.school[who]]
        people.region[who] = self.model.schools.region[people.school[who]]

    # ------------------------------------------------------------ choices

    def choose(self, rising: Rows, tl: Rows, third: Rows, back: Rows) -> None:
        people = self.people
        of_vmbo, of_tl, of_havo_vwo = self.model.secondary.of_the_times()
        track = people.track[rising]
        self.choose_vmbo(rising[(track >= Track.BB) & (track <= Track.GL)], of_vmbo.constant)
        upper = np.concatenate([third, back[people.grade[back] == 4]])
        self.choose_listed(tl, Purpose.TL_SUBJECTS, TL_SECTORS, of_tl.constant, of_tl.loading)
        self.choose_listed(upper, Purpose.N_PROFILE, HV_PROFILES, of_havo_vwo.constant, of_havo_vwo.loading)

    def pull(self, who: Rows, kind: int) -> Floats:
        people, schools, p = self.people, self.model.schools, self.choice
        at = people.school[who]
        better = schools.quality[at, kind] - schools.quality_2019[at, kind]
        apart = people.background[who] - self.model.migration_share[people.track[who]]
        theirs = (people.taste[who] + people.added[who]).astype(np.float64)
        return theirs + p.quality_weight * better + p.background_effect * apart

    def choose_vmbo(self, who: Rows, constants: Floats) -> None:
        people, schools, country, p = self.people, self.model.schools, self.model.country, self.choice
        at, leerweg, home = people.school[who].astype(np.int64), people.track[who] - Track.BB, people.home[who]
        km, nearest = schools.nearest()
        offered = schools.open[at]
        own_km = np.hypot(*(country.homes[home] - country.places[at]).T)
        away_km = np.maximum(km[leerweg, :, home] - own_km[:, None], 0.0)
        place = np.where(offered, at[:, None], nearest[leerweg, :, home])
        lost = np.where(offered, 0.0, p.distance_cost * away_km.astype(np.float32) + p.leaving_cost)
        constant = constants[(at * 3 + leerweg) * 2 + people.sex[who]]
        utility = constant + self.pull(who, 0)[:, None] * self.model.constants.vmbo_loading - lost
        chosen, chance = taken(utility, self.luck(Purpose.PROFILE, who, len(VMBO_PROFILES)))
        self.tell_schools(at, people.sex[who], place, chance)
        people.profile[who] = chosen + 1
        people.school[who] = place[np.arange(len(who)), chosen]
        people.region[who] = schools.region[people.school[who]]

    def tell_schools(self, own: Rows, sex: NDArray[np.int8], place: Rows, chance: Floats) -> None:
        schools, technical = self.model.schools, self.model.schools.group.shape[1]
        expected = np.zeros_like(schools.group)
        for profile in range(technical):
            expected[:, profile] = np.bincount(place[:, profile], chance[:, profile], len(schools))
        schools.expect(expected * self.people.weight)
        cell = own * 2 + sex
        size = np.bincount(cell, minlength=2 * len(schools))
        chose = np.bincount(cell, chance[:, :technical].sum(axis=1), 2 * len(schools))
        share = np.where(size > 0, chose / np.maximum(size, 1), schools.technique_now.ravel())
        schools.fill(technique_now=share.reshape(-1, 2))

    def choose_listed(
        self, who: Rows, purpose: Purpose, profiles: tuple[Profile, ...], constant: Floats, loading: Floats
    ) -> None:
        people = self.people
        cell = (people.school[who].astype(np.int64) * 2 + (people.track[who] == Track.VWO)) * 2 + people.sex[who]
        utility = constant[cell] + self.pull(who, 1)[:, None] * loading
        chosen, _ = taken(utility, self.luck(purpose, who, len(profiles)))
        people.profile[who] = np.array(profiles)[chosen]

    # ------------------------------------------------------------ the way out, mbo, work

    def way_out(self, who: Rows, diploma: NDArray[np.bool_]) -> Rows:
        people, p = self.people, self.model.mbo_p
        track, profile = people.track[who], people.profile[who]
        vmbo = (track >= Track.BB) & (track <= Track.TL)
        quit_as = np.where(vmbo, EXITS.index("quit vmbo"), EXITS.index("quit elsewhere"))
        kind = np.where(diploma, EXIT_OF_TRACK[track], quit_as)
        u = self.luck(Purpose.AFTER_VO, who, 3)
        to_mbo, on = u[:, 0] < p.to_mbo[kind], u[:, 0] < p.to_mbo[kind] + p.on[kind]
        technique = HAS_NATURE[profile] & (u[:, 1] < p.ho_technique[kind])
        way = np.select([to_mbo, on, technique], [TO_MBO, ON, HO_TECHNIQUE], OUT)
        people.stage[who] = STAGE_OF_WAY_OUT[way]
        levels = self.model.constants.levels[kind[to_mbo]]
        people.level[who[to_mbo]] = 1 + fallen(u[to_mbo, 2], levels)
        self.enrol(who[to_mbo], origins(track, profile, diploma)[to_mbo])
        back = who[way == ON]
        was_havo = people.track[back] == Track.HAVO
        people.grade[back], people.track[back] = np.where(was_havo, 5, 4), np.where(was_havo, Track.VWO, Track.HAVO)
        return back

    def enrol(self, who: Rows, origin: Rows) -> None:
        model, people, p, regions = self.model, self.people, self.model.mbo_p, self.model.regions
        u, at = self.luck(Purpose.MBO_COURSE, who, 4), people.region[who].astype(np.int64)
        broad = origin == ORIGINS.index("D&P")
        counts = origin < ORIGINS.index("other vmbo")
        connection = np.where(broad, regions.connection_broad[at], regions.connection[at]) * counts
        theirs = (people.taste[who] + people.added[who]).astype(np.float64)
        pull = theirs + p.connection_weight * connection + p.image_weight * self.signal()[at]
        technical = u[:, 0] < logistic(model.constants.mbo[origin, people.sex[who]] + pull)
        row = 2 * people.profile[who].astype(np.int64) + people.sex[who]
        field = np.where(technical, 1 + fallen(u[:, 1], model.constants.field_table[row]), int(Field.OTHER))
        places, students = model.firms.places_against_2019(), model.students
        students._open_places(places)
        growth = np.where(technical, np.log(np.maximum(places, 1e-9))[at, field - 1], 0.0)
        wish = logistic(model.constants.bbl[people.level[who] - 1, field] + p.places_weight * growth)
        np.add.at(students.applied, (at[technical], field[technical] - 1), wish[technical])
        wants = u[:, 2] < wish
        place = self.luck(Purpose.TRAINING_PLACE, who, 2)
        found = np.where(technical, students.place_chance[at, field - 1], 1.0)
        without = wants & technical & (place[:, 0] >= found)
        field = np.where(without & (place[:, 1] >= p.stay_without_place), int(Field.OTHER), field)
        people.pathway[who] = wants & ~without
        people.field[who], people.study_year[who] = field, 1
        people.college[who] = fallen(u[:, 3], model.colleges.cumulative[at * len(Field) + field])
        people.new_in_mbo = np.concatenate([people.new_in_mbo, who])

    def students_year(self) -> None:
        people, p = self.people, self.model.study_p
        new = np.zeros(len(people), bool)
        new[people.new_in_mbo] = True
        who = np.flatnonzero((people.stage == Stage.MBO) & ~new)
        level, pathway, year = people.level[who], people.pathway[who], people.study_year[who]
        u, bbl = self.luck(Purpose.STUDY, who, 1)[:, 0], pathway == 1
        leave = np.where(bbl, p.quit_bbl[level - 1], p.quit_bol[level - 1])
        diploma = np.where(bbl, p.diploma_bbl[level - 1], p.diploma_bol[level - 1])
        gives_up = u < leave
        passes = ~gives_up & (year >= p.shortest[level - 1]) & (u < leave + diploma)
        people.study_year[who] += 1
        people.stage[who[gives_up]] = Stage.LEFT
        self.after_diploma(who[passes])

    def after_diploma(self, who: Rows) -> None:
        people, p = self.people, self.model.study_p
        level, technical = people.level[who], people.field[who] != Field.OTHER
        people.new_diplomas, people.new_diploma_levels = who, level
        u = self.luck(Purpose.AFTER_MBO, who, 2)
        further = u[:, 0] < np.where(level == 4, p.hbo[people.pathway[who]], p.up[level - 1])
        technique = technical & (u[:, 1] < p.hbo_technique)
        way = np.select([~further, level < 4, technique], [WORKS, CLIMBS, HBO_TECHNIQUE], HBO_OTHER)
        people.stage[who] = STAGE_OF_WAY_ON[way]
        climbs = who[way == CLIMBS]
        people.level[climbs] += 1
        people.study_year[climbs] = 1
        people.new_graduates = who[(way == WORKS) & technical]

    def look_for_work(self) -> None:
        model, people, p = self.model, self.people, self.job
        who = people.new_graduates
        region, field = people.region[who], people.field[who] - 1
        tightness, u = np.log(model.firms.relative_tightness()), self.luck(Purpose.FIRST_JOB, who, 2)
        leak = p.leak[people.pathway[who]]
        utility = np.log((1.0 - leak) / leak) + p.level_4 * (people.level[who] == 4) + p.woman * people.sex[who]
        utility += p.tightness_weight * tightness[region, field] + p.wage_weight * (model.regions.wage[region] - 1.0)
        looks = u[:, 0] < logistic(utility)
        looking = np.zeros(tightness.shape)
        np.add.at(looking, (region[looks], field[looks]), people.weight)
        hired = looks & (u[:, 1] < model.firms.hire(looking)[region, field])
        people.new_technicians = who[hired]
        people.stage[who[hired]] = Stage.TECHNICIAN


def taken(utility: Floats, luck: Floats) -> tuple[NDArray[Any], Floats]:
    """The alternative of each pupil and the chances, by Gumbel numbers added to the utilities."""
    odds = np.exp(utility - utility.max(axis=1, keepdims=True))
    return (utility - np.log(-np.log(luck))).argmax(axis=1), odds / odds.sum(axis=1, keepdims=True)


def fallen(u: Floats, running: Floats) -> NDArray[Any]:
    """The column that each number falls in, of the running sums beside it, shape (n, columns)."""
    return (u[:, None] >= running).sum(axis=1).clip(max=running.shape[1] - 1)


def logistic(utility: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-utility))


def origins(track: NDArray[np.int8], profile: NDArray[np.int8], diploma: NDArray[np.bool_]) -> Rows:
    """Row of ORIGINS of each leaver."""
    vocational, technical = (track >= Track.BB) & (track <= Track.GL), IS_TECHNICAL[profile]
    tl = track == Track.TL
    origin = np.select(
        [vocational & technical, vocational & (profile == Profile.DP), vocational,
         tl & (technical | (profile == Profile.TL_TECHNIEK)), tl],
        [track - Track.BB, 3, 4, 5, 6],
        len(ORIGINS) - 1,
    )  # fmt: skip
    return np.where(diploma, origin, np.where(vocational & technical, 0, len(ORIGINS) - 1))
