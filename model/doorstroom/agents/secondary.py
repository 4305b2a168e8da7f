"""The year of everybody in secondary education: exposure, progress, choice, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from doorstroom.agents.constants import IS_TECHNICAL
from doorstroom.agents.country import LEERWEGEN
from doorstroom.agents.school import TECHNICAL
from doorstroom.agents.students import Students
from doorstroom.draws import Purpose
from doorstroom.mechanisms import interest, profile_choice, progress
from doorstroom.mechanisms import track as routes
from doorstroom.terms import Profile, Stage, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

NEVER: Final = 99
FINAL_GRADE: Final = np.array([NEVER, 4, 4, 4, 4, NEVER, 5, 6, 5, 6, 0], np.int8)
"""Year of the exam, or of leaving, per Track; vavo lasts one year."""
SWITCH_GRADE: Final = np.array([0, 0, 3, 3, 0, 3, 0, 4, 0, 0, 0], np.int8)
"""Year after which pupils switch track, per Track."""
SWITCH_TO: Final = {Track.KB: Track.BB, Track.GL: Track.TL, Track.HAVO_VWO_3: Track.TL, Track.VWO: Track.HAVO}
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
        self.constants = model.constants

    def year(self) -> None:
        """One school year of everybody who was in secondary education on 1 October before."""
        people = self.model.pupils
        who = np.flatnonzero(people.stage == Stage.VO)
        self._meet_technique(who)
        result = progress.year_of(
            people.track[who],
            people.grade[who],
            IS_TECHNICAL[people.profile[who]],
            self.model.schools.unfilled[people.school[who]] * float(self.model.policy.loops.unfilled),
            FINAL_GRADE,
            SWITCH_GRADE,
            self.model.draws.uniform(Purpose.PROGRESS, self.model.year, who),
            self.progress_p,
        )
        back = self.students.after_vo(who[result == progress.QUIT], who[result == progress.DIPLOMA])
        self._place(back)
        self._repeat(who[result == progress.REPEAT])
        switched = self._switch(who[result == progress.SWITCH])
        rising = self._go_on(who[result == progress.ON])
        self._choose(np.sort(np.concatenate([back, switched, rising])))

    def _meet_technique(self, who: NDArray[np.int64]) -> None:
        people = self.model.pupils
        young = who[(people.track[who] == Track.LOWER) | (people.track[who] == Track.HAVO_VWO_3)]
        exposure, inclusion, role_model = self.model.schools.exposure()
        interest.drift(
            young, people.added, people.sex, people.background, people.school,
            exposure, inclusion, role_model, self.interest_p.fade,
        )  # fmt: skip

    def _repeat(self, who: NDArray[np.int64]) -> None:
        """Stay in the year; some who failed the exam go to vavo; praktijkonderwijs has no year to repeat."""
        people = self.model.pupils
        failed = np.isin(people.track[who], (Track.TL, Track.HAVO, Track.VWO)) & (
            people.grade[who] >= FINAL_GRADE[people.track[who]]
        )
        u = self.model.draws.uniform(Purpose.SWITCH, self.model.year, who)
        people.track[who[failed & (u < self.progress_p.vavo_share)]] = Track.VAVO
        practical = who[people.track[who] == Track.PRO]
        people.grade[practical] = np.minimum(people.grade[practical] + 1, 6)

    def _switch(self, who: NDArray[np.int64]) -> NDArray[np.int64]:
        """Move to another track, a year on; those who need a new profile are given back."""
        people = self.model.pupils
        before = people.track[who]
        for track, after in SWITCH_TO.items():
            people.track[who[before == track]] = after
        people.grade[who] += 1
        self._place(who)
        return who[people.track[who] == Track.TL]

    def _go_on(self, who: NDArray[np.int64]) -> NDArray[np.int64]:
        """A year on; those who come to a choice of profile are given back."""
        people = self.model.pupils
        track, grade = people.track[who], people.grade[who]
        rising = who[(track == Track.LOWER) & (grade >= 2)]
        third = who[track == Track.HAVO_VWO_3]
        people.grade[who] += 1
        people.school[rising] = people.upper[rising]
        people.toward[rising] = self._drifted(rising)
        toward = people.toward[rising]
        people.track[rising] = np.where(toward >= Track.HAVO, Track.HAVO_VWO_3, toward)
        people.track[third] = people.toward[third]
        self._place(np.concatenate([rising, third]))
        people.profile[rising] = Profile.NONE
        chooses = np.concatenate([rising[people.track[rising] != Track.HAVO_VWO_3], third])
        third_of_tl = who[(track == Track.TL) & (grade == 3)]
        return np.concatenate([chooses[people.track[chooses] != Track.TL], third_of_tl])

    def _drifted(self, rising: NDArray[np.int64]) -> NDArray[np.int8]:
        """Track of the rising pupils after the upward drift."""
        model, people = self.model, self.model.pupils
        toward = people.toward[rising]
        higher = routes.HIGHER[toward]
        teaches = model.schools.teaches_track[people.school[rising], higher] & (higher != toward)
        u = model.draws.uniform(Purpose.SWITCH, model.year, rising)
        return routes.moved_up(toward, u, model.year - model.policy.years.first, teaches, self.track_p)

    def _place(self, who: NDArray[np.int64]) -> None:
        """Where the own location doesn't teach the new track, go to the nearest that does."""
        people = self.model.pupils
        people.school[who] = self.model.country.nearest_teaching[people.track[who], people.school[who]]
        people.region[who] = self.model.schools.region[people.school[who]]

    def _choose(self, who: NDArray[np.int64]) -> None:
        track = self.model.pupils.track[who]
        self._choose_vmbo(who[(track >= Track.BB) & (track <= Track.GL)])
        self._choose_listed(who[track == Track.TL], Purpose.TL_SUBJECTS, TL_SECTORS)
        upper = ((track == Track.HAVO) | (track == Track.VWO)) & (self.model.pupils.grade[who] == 4)
        self._choose_listed(who[upper], Purpose.N_PROFILE, HV_PROFILES)

    def _pull(self, who: NDArray[np.int64], kind: int) -> NDArray[np.float64]:
        """Draw towards technique of each pupil, utility."""
        people, schools = self.model.pupils, self.model.schools
        at = people.school[who]
        better = schools.quality[at, kind] - schools.quality_2019[at, kind]
        signal = np.zeros(len(who))
        if self.model.policy.loops.tightness:
            signal = np.log(self.model.regions.relative_tightness[people.region[who]])
        apart = people.background[who] - self.model.migration_share[people.track[who]]
        theirs = (people.taste[who] + people.added[who]).astype(np.float64)
        return profile_choice.pull(theirs, better, apart, signal, self.choice_p)

    def _choose_vmbo(self, who: NDArray[np.int64]) -> None:
        people, schools = self.model.pupils, self.model.schools
        at, leerweg, home = people.school[who], people.track[who] - Track.BB, people.home[who]
        offered = schools.open[at]
        extra_km = np.zeros(offered.shape, np.float32)
        place = np.repeat(at[:, None].astype(np.int64), offered.shape[1], axis=1)
        own_km = self.model.km_to_school(home, at)
        for w in range(LEERWEGEN):
            mine = leerweg == w
            for profile in range(offered.shape[1]):
                away = np.flatnonzero(mine & ~offered[:, profile])
                km, rows = schools.nearest(w, profile)
                extra_km[away, profile] = np.maximum(km[home[away]] - own_km[away], 0.0)
                place[away, profile] = rows[home[away]]
        cell = (at.astype(np.int64) * LEERWEGEN + leerweg) * 2 + people.sex[who]
        chosen, chance = profile_choice.choose(
            cell,
            self._pull(who, 0),
            self.model.draws.uniform(Purpose.PROFILE, self.model.year, who, offered.shape[1]),
            self.constants.vmbo,
            self.constants.vmbo_loading,
            extra_km,
            (~offered).astype(np.int8),
            self.choice_p,
        )
        people.profile[who] = chosen + 1
        people.school[who] = place[np.arange(len(who)), chosen]
        people.region[who] = schools.region[people.school[who]]
        self._tell_schools(at, people.sex[who], place, chance)

    def _tell_schools(
        self,
        own: NDArray[np.int16],
        sex: NDArray[np.int8],
        place: NDArray[np.int64],
        chance: NDArray[np.float64],
    ) -> None:
        """Schools learn the groups they may expect and how many of each sex choose technique."""
        schools, weight = self.model.schools, self.model.pupils.weight
        expected = np.zeros_like(schools.group)
        for profile in range(TECHNICAL):
            expected[:, profile] = np.bincount(place[:, profile], chance[:, profile], len(schools)) * weight
        schools.expect(expected)
        cell = own.astype(np.int64) * 2 + sex
        size = np.bincount(cell, minlength=2 * len(schools))
        technical = np.bincount(cell, chance[:, :TECHNICAL].sum(axis=1), 2 * len(schools))
        share = np.where(size > 0, technical / np.maximum(size, 1), schools.technique_now.ravel())
        schools.fill(technique_now=share.reshape(-1, 2))

    def _choose_listed(self, who: NDArray[np.int64], purpose: Purpose, profiles: tuple[Profile, ...]) -> None:
        """Choose a sector (tl) or a profile (havo, vwo): no offer to lack, no distance."""
        people = self.model.pupils
        constant, loading = self.constants.listed(purpose)
        group = (people.track[who] == Track.VWO).astype(np.int64)
        cell = (people.school[who].astype(np.int64) * 2 + group) * 2 + people.sex[who]
        nothing = np.zeros((len(who), len(profiles)), np.int8)
        chosen, _ = profile_choice.choose(
            cell,
            self._pull(who, 1),
            self.model.draws.uniform(purpose, self.model.year, who, len(profiles)),
            constant,
            loading,
            nothing.astype(np.float32),
            nothing,
            self.choice_p,
        )
        people.profile[who] = np.array(profiles, np.int8)[chosen]
