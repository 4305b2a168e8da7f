"""The year of everybody in secondary education: exposure, progress, choice, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from doorstroom.agents.constants import HAS_NATURE, HAS_TECHNIQUE, IS_TECHNICAL
from doorstroom.agents.country import LEERWEGEN
from doorstroom.agents.school import TECHNICAL
from doorstroom.agents.students import Students
from doorstroom.draws import Purpose
from doorstroom.kernels import Rows
from doorstroom.mechanisms import interest, profile_choice, progress, walks
from doorstroom.mechanisms import track as routes
from doorstroom.terms import VMBO_PROFILES, Profile, Stage, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

NEVER: Final = 99
FINAL_GRADE: Final = np.array([NEVER, 4, 4, 4, 4, NEVER, 5, 6, 5, 6, 0], np.int8)
"""Year of the exam, or of leaving, per Track; vavo lasts one year."""
SWITCH_GRADE: Final = np.array([0, 0, 3, 3, 0, 3, 0, 4, 0, 0, 0], np.int8)
"""Year after which pupils switch track, per Track."""
SWITCH_TO: Final = np.arange(len(Track), dtype=np.int8)
"""Track that pupils switch to, per Track."""
SWITCH_TO[[Track.KB, Track.GL, Track.HAVO_VWO_3, Track.VWO]] = [Track.BB, Track.TL, Track.TL, Track.HAVO]
YOUNG: Final = np.isin(np.arange(len(Track)), (Track.LOWER, Track.HAVO_VWO_3))
"""Tracks in which interest moves."""
RETAKES: Final = np.isin(np.arange(len(Track)), (Track.TL, Track.HAVO, Track.VWO))
"""Tracks whose exam can be taken again in vavo."""
LAST_PRACTICAL_GRADE: Final = 6
TL_SECTORS: Final = (Profile.TL_TECHNIEK, Profile.TL_ECONOMIE, Profile.TL_ZORG, Profile.TL_GROEN)
HV_PROFILES: Final = (Profile.CM, Profile.EM, Profile.EM_CM, Profile.NG, Profile.NT, Profile.NT_NG)


class Secondary:
    """Moves pupils of secondary education through a year; state stays in the arrays of Pupils."""

    def __init__(self, model: TechnicalEducation, students: Students) -> None:
        self.model, self.students = model, students
        take = model.parameters.take
        self.choice_p = take(profile_choice.ProfileChoice)
        self.interest_p = take(interest.Interest)
        self.progress_p = model.progress_p
        self.track_p = take(routes.Track)
        self._name_alternatives()

    def _name_alternatives(self) -> None:
        """Lay out what each kind of choice is among, and the offer of a choice that every location offers in full."""
        constants = self.model.constants
        leerweg = np.clip(np.arange(len(Track)) - Track.BB, 0, LEERWEGEN - 1).astype(np.int8)
        vwo = (np.arange(len(Track)) == Track.VWO).astype(np.int8)
        self.vmbo = _alternatives(VMBO_PROFILES, constants.vmbo, constants.vmbo_loading, leerweg)
        self.tl = _alternatives(TL_SECTORS, constants.tl, constants.tl_loading, vwo)
        self.havo_vwo = _alternatives(HV_PROFILES, constants.havo_vwo, constants.havo_vwo_loading, vwo)
        self.everything = np.ones((len(self.model.schools), max(len(TL_SECTORS), len(HV_PROFILES))), bool)
        self.nowhere = np.zeros((0, 0, 0), np.float32), np.zeros((0, 0, 0), np.int16)

    def year(self) -> None:
        """One school year of everybody who was in secondary education on 1 October before."""
        who = self.model.pupils.in_vo
        self._meet_technique(who)
        end = self._progress(who)
        left = self._leave_young(who, np.flatnonzero((end == progress.QUIT) | (end == progress.DIPLOMA)))
        back = self.students.after_vo(who[left], end[left] == progress.DIPLOMA)
        kinds = (progress.REPEAT, progress.SWITCH, progress.RISES, progress.TO_UPPER, progress.TO_LAST_OF_TL)
        repeat, switch, rising, third, fourth = (who[np.flatnonzero(end == kind)] for kind in kinds)
        self._place(back)
        self._repeat(repeat)
        self._switch(switch)
        self._rise(rising)
        people = self.model.pupils
        people.track[third] = people.toward[third]
        self._place(third)
        self._choose(rising, fourth, switch, third, back)

    def _meet_technique(self, who: Rows) -> None:
        people = self.model.pupils
        exposure, inclusion, role_model = self.model.schools.exposure()
        interest.drift(
            who, people.added, people.sex, people.background, people.track, people.school,
            YOUNG, exposure, inclusion, role_model, self.interest_p.fade,
        )  # fmt: skip

    def _progress(self, who: Rows) -> NDArray[np.int8]:
        """What the year of each pupil comes to, shape (n,)."""
        model, people = self.model, self.model.pupils
        unfilled = model.schools.unfilled * float(model.policy.loops.unfilled)
        end = np.empty(len(who), np.int8)
        rates = progress.in_year(model.year, model.times.now(model.year), self.progress_p)
        for part, luck in model.draws.portions(Purpose.PROGRESS, model.year, who):
            progress.year_of(
                who[part], luck, people.track, people.grade, people.sex, people.profile, people.school,
                IS_TECHNICAL, unfilled, FINAL_GRADE, SWITCH_GRADE, rates, end[part],
            )  # fmt: skip
        return end

    def _leave_young(self, who: Rows, left: NDArray[np.intp]) -> NDArray[np.intp]:
        """Let those go who leave in the lower years, to special education or abroad; give back the others who leave."""
        people = self.model.pupils
        young = people.track[who[left]] == Track.LOWER
        people.stage[who[left[young]]] = Stage.LEFT
        return left[~young]

    def _repeat(self, who: Rows) -> None:
        """Stay in the year; some who failed the exam go to vavo; praktijkonderwijs has no year to repeat."""
        model, people = self.model, self.model.pupils
        track, grade = people.track[who], people.grade[who]
        failed = who[RETAKES[track] & (grade >= FINAL_GRADE[track])]
        u = model.draws.uniform(Purpose.SWITCH, model.year, failed)
        people.track[failed[u < self.progress_p.vavo_share]] = Track.VAVO
        practical = track == Track.PRO
        people.grade[who[practical]] = np.minimum(grade[practical] + 1, LAST_PRACTICAL_GRADE)

    def _switch(self, who: Rows) -> None:
        """Move to another track, a year on."""
        people = self.model.pupils
        people.track[who] = SWITCH_TO[people.track[who]]
        people.grade[who] += 1
        self._place(who)

    def _rise(self, who: Rows) -> None:
        """Come from the lower years to the upper location and track."""
        model, people = self.model, self.model.pupils
        walk = model.times.placement(model.year)
        for part, luck in model.draws.portions(Purpose.SWITCH, model.year, who):
            routes.rise(
                who[part], luck, people.track, people.toward, people.profile, people.school, people.upper,
                model.country.teaches, routes.going_on(model.year - model.policy.years.first, walk, self.track_p),
            )  # fmt: skip
        self._place(who)

    def _place(self, who: Rows) -> None:
        """Where the own location doesn't teach the new track, go to the nearest that does."""
        people = self.model.pupils
        people.school[who] = self.model.country.nearest_teaching[people.track[who], people.school[who]]
        people.region[who] = self.model.schools.region[people.school[who]]

    def _choose(self, rising: Rows, fourth: Rows, switched: Rows, third: Rows, back: Rows) -> None:
        """Choose on arrival in bb, kb, gl or in year 4 of havo and vwo, and at the end of year 3 of tl."""
        people, schools = self.model.pupils, self.model.schools
        track = people.track[rising]
        vmbo = rising[(track >= Track.BB) & (track <= Track.GL)]
        tl = np.sort(np.concatenate([fourth, switched[people.track[switched] == Track.TL]]))
        upper = np.sort(np.concatenate([third, back[people.grade[back] == 4]]))
        here = self._world(0, schools.open, *schools.nearest())
        of_vmbo, of_tl, of_havo_vwo = self.of_the_times()
        learnt = self._take(vmbo, Purpose.PROFILE, of_vmbo, here, TECHNICAL)
        self._tell_schools(learnt)
        for who, purpose, of in ((tl, Purpose.TL_SUBJECTS, of_tl), (upper, Purpose.N_PROFILE, of_havo_vwo)):
            self._take(who, purpose, of, self._world(1, self.everything, *self.nowhere), 0)

    def of_the_times(self) -> tuple[profile_choice.Alternatives, ...]:
        """The alternatives of vmbo, of tl, and of havo and vwo, with what the walks add to their constants."""
        times, schools, year = self.model.times, self.model.schools, self.model.year
        walk = times.now(year)
        here = times.region_taste[year - times.first][schools.region] + times.location_taste[year - times.first]
        local = here[:, None, None, None] * self.vmbo.loading
        nature, technique = HAS_NATURE[list(HV_PROFILES)], HAS_TECHNIQUE[list(HV_PROFILES)]
        added = (
            walks.vmbo_taste(walk, self.vmbo.loading) + local,
            walks.tl_taste(walk, self.tl.loading),
            walks.havo_vwo_taste(walk, nature.astype(np.float64), technique.astype(np.float64)),
        )
        return tuple(
            of._replace(
                constant=(of.constant.reshape(len(schools), -1, 2, len(of.profile)) + more).reshape(of.constant.shape)
            )
            for of, more in zip((self.vmbo, self.tl, self.havo_vwo), added, strict=True)
        )

    def _world(
        self, kind: int, offered: NDArray[np.bool_], km: NDArray[np.float32], nearest: NDArray[np.int16]
    ) -> profile_choice.World:
        """What pupils meet, with the quality of vmbo (kind 0) or of tl, havo and vwo (1)."""
        model, schools, country = self.model, self.model.schools, self.model.country
        better = schools.quality[:, kind] - schools.quality_2019[:, kind]
        return profile_choice.World(
            offered, km, nearest, better, model.migration_share,
            country.places, country.homes, country.region,
        )  # fmt: skip

    def _take(
        self, who: Rows, purpose: Purpose, of: profile_choice.Alternatives, world: profile_choice.World, counted: int
    ) -> profile_choice.Expected:
        """Let `who` choose; schools learn what they may expect of the first `counted` alternatives."""
        model, schools = self.model, len(self.model.schools)
        shapes = (schools, counted), (schools, 2), (schools, 2)
        expected = profile_choice.Expected._make(np.zeros(shape) for shape in shapes)
        persons = model.pupils.columns(profile_choice.Persons)
        for part, luck in model.draws.portions(purpose, model.year, who, len(of.profile)):
            profile_choice.choose(who[part], np.log(luck, out=luck), persons, world, of, self.choice_p, expected)
        return expected

    def _tell_schools(self, learnt: profile_choice.Expected) -> None:
        """Schools learn the groups they may expect and how many of each sex choose technique."""
        schools = self.model.schools
        schools.expect(learnt.pupils * self.model.pupils.weight)
        share = learnt.technical / np.maximum(learnt.choosers, 1.0)
        schools.fill(technique_now=np.where(learnt.choosers > 0, share, schools.technique_now))
        weight = self.model.pupils.weight
        schools.fill(choosers=learnt.choosers * weight, chances=learnt.technical * weight)


def _alternatives(
    profiles: tuple[Profile, ...],
    constant: NDArray[np.float64],
    loading: NDArray[np.float64],
    group: NDArray[np.int8],
) -> profile_choice.Alternatives:
    return profile_choice.Alternatives(np.array(profiles, np.int8), constant, loading, group)
