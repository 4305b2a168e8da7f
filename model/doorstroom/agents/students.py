"""The way out of secondary education, through mbo, to work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from doorstroom.agents.constants import HAS_NATURE, IS_TECHNICAL
from doorstroom.draws import Purpose
from doorstroom.mechanisms import first_job, mbo_choice, study
from doorstroom.mechanisms.mbo_choice import EXITS, ORIGINS
from doorstroom.terms import Field, Pathway, Profile, Stage, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

EXIT_OF_TRACK: Final = np.array([7, 0, 1, 2, 3, 7, 4, 5, 6, 7, 7], np.int64)
"""Kind of exit with a diploma, per Track."""
QUIT_VMBO: Final = EXITS.index("quit vmbo")
QUIT_ELSEWHERE: Final = EXITS.index("quit elsewhere")
DP: Final = ORIGINS.index("D&P")
OTHER_VMBO: Final = ORIGINS.index("other vmbo")  # the origins before it have had technique in vmbo
OTHER_ORIGIN: Final = ORIGINS.index("other")

FIELD_OF_PROFILE: Final = {
    Profile.BWI: (0.85, 0.10, 0.01, 0.01, 0.03),
    Profile.PIE: (0.07, 0.82, 0.06, 0.03, 0.02),
    Profile.MT: (0.02, 0.13, 0.82, 0.01, 0.02),
    Profile.MVI: (0.02, 0.04, 0.01, 0.43, 0.50),
    Profile.MAT: (0.05, 0.80, 0.12, 0.02, 0.01),
    Profile.VR_TECHNIEK: (0.30, 0.45, 0.20, 0.02, 0.03),
}
"""Technical sector chosen after a technical profile: bouw, industrie, mobiliteit, ICT, media and lab (judgement)."""


def exit_kind(track: NDArray[np.integer], diploma: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Kind of exit from secondary education (row of EXITS), shape of `track`."""
    vmbo = (track >= Track.BB) & (track <= Track.TL)
    return np.where(diploma, EXIT_OF_TRACK[track], np.where(vmbo, QUIT_VMBO, QUIT_ELSEWHERE))


def origin_of(
    track: NDArray[np.integer],
    profile: NDArray[np.integer],
    diploma: NDArray[np.bool_],
    is_technical: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Origin of the choice in mbo (row of ORIGINS), shape of `track`; `is_technical` runs over Profile codes."""
    vocational, technical = (track >= Track.BB) & (track <= Track.GL), is_technical[profile]
    origin = np.select(
        [
            vocational & technical,
            vocational & (profile == Profile.DP),
            vocational,
            (track == Track.TL) & (technical | (profile == Profile.TL_TECHNIEK)),
            track == Track.TL,
        ],
        [track - Track.BB, 3, 4, 5, 6],
        OTHER_ORIGIN,
    )
    return np.asarray(np.where(diploma, origin, np.where(vocational & technical, 0, OTHER_ORIGIN)))


class Students:
    """Moves people from secondary education into mbo, through it and into work."""

    def __init__(self, model: TechnicalEducation) -> None:
        self.model = model
        self.p = model.mbo_p
        self.study_p = model.study_p
        self.job_p = model.parameters.take(first_job.FirstJob)

    def after_vo(self, quitters: NDArray[np.int64], graduates: NDArray[np.int64]) -> NDArray[np.int64]:
        """Send leavers to mbo, to higher education or out; give back those who stay for havo or vwo."""
        people, p = self.model.pupils, self.p
        who = np.concatenate([quitters, graduates])
        with_diploma = np.arange(len(who)) >= len(quitters)
        track = people.track[who]
        kind = exit_kind(track, with_diploma)
        u = self.model.draws.uniform(Purpose.AFTER_VO, self.model.year, who, 3)
        to_mbo, on = p.to_mbo[kind], p.to_mbo[kind] + p.on[kind]
        enters, stays = u[:, 0] < to_mbo, (u[:, 0] >= to_mbo) & (u[:, 0] < on)
        technical = HAS_NATURE[people.profile[who]] & (u[:, 1] < p.ho_technique[kind])
        people.stage[who] = np.where(technical, Stage.HBO_TECHNIEK, Stage.LEFT)
        people.stage[who[enters]], people.stage[who[stays]] = Stage.MBO, Stage.VO
        level = 1 + (u[enters, 2, None] >= self.model.constants.levels[kind[enters]]).sum(axis=1).clip(max=3)
        origin = origin_of(track[enters], people.profile[who[enters]], with_diploma[enters], IS_TECHNICAL)
        self._enrol(who[enters], level, origin)
        back = who[stays]
        people.grade[back] = np.where(people.track[back] == Track.HAVO, 5, 4)
        people.track[back] = np.where(people.track[back] == Track.HAVO, Track.VWO, Track.HAVO)
        return back

    def _enrol(self, who: NDArray[np.int64], level: NDArray[np.int64], origin: NDArray[np.int64]) -> None:
        """Choose course, pathway and college for those who enter mbo."""
        model, people, p, regions = self.model, self.model.pupils, self.p, self.model.regions
        u = model.draws.uniform(Purpose.MBO_COURSE, model.year, who, 4)
        at = people.region[who].astype(np.int64)  # regions are kept in 8 bits: too few to number region and sector
        signal = np.zeros(len(who))
        if model.policy.loops.tightness:
            signal = np.log(regions.relative_tightness[at])
        connection = np.where(origin == DP, regions.connection_broad[at], regions.connection[at])
        connection = np.where(origin < OTHER_VMBO, connection, 0.0)
        interest = (people.taste[who] + people.added[who]).astype(np.float64)
        pull = mbo_choice.pull(interest, connection, signal, p)
        technical = mbo_choice.takes(u[:, 0], model.constants.mbo[origin, people.sex[who]], pull)
        row = 2 * people.profile[who].astype(np.int64) + people.sex[who]
        field = 1 + mbo_choice.from_table(row, u[:, 1], model.constants.field_table)
        field = np.where(technical, field, int(Field.OTHER))
        growth = np.zeros(len(who))
        growth[technical] = model.places_growth()[at[technical], field[technical] - 1]
        bbl = mbo_choice.takes(u[:, 2], model.constants.bbl[level - 1, field], p.places_weight * growth)
        people.level[who], people.field[who] = level, field
        people.pathway[who] = np.where(bbl, Pathway.BBL, Pathway.BOL)
        people.study_year[who] = 0
        college = mbo_choice.from_table(at * len(Field) + field, u[:, 3], model.colleges.cumulative)
        people.college[who] = college
        model.colleges.enrol(college, field, people.weight)
        people.new_in_mbo = np.concatenate([people.new_in_mbo, who])

    def year(self) -> None:
        """One year of everybody who was in mbo on 1 October before, and the diplomas it gives."""
        model, people, p = self.model, self.model.pupils, self.study_p
        who = np.flatnonzero((people.stage == Stage.MBO) & (people.stage_before == Stage.MBO))
        result = study.year_of(
            people.level[who],
            people.pathway[who],
            people.study_year[who],
            model.draws.uniform(Purpose.STUDY, model.year, who),
            p,
        )
        people.study_year[people.stage == Stage.MBO] += 1
        people.stage[who[result == study.GIVES_UP]] = Stage.LEFT
        passed = who[result == study.DIPLOMA]
        u = model.draws.uniform(Purpose.AFTER_MBO, model.year, passed, 2)
        level, technical = people.level[passed], people.field[passed] != Field.OTHER
        people.new_diplomas, people.new_diploma_levels = passed, level.astype(np.int64)
        further = u[:, 0] < study.goes_on(level, people.pathway[passed], p)
        climbs, leaves = further & (level < 4), further & (level == 4)
        people.stage[passed[leaves]] = np.where(
            technical[leaves] & (u[leaves, 1] < p.hbo_technique), Stage.HBO_TECHNIEK, Stage.LEFT
        )
        people.level[passed[climbs]] += 1
        people.study_year[passed[climbs]] = 1
        works = passed[~further]
        people.stage[works] = Stage.OTHER_WORK
        people.new_graduates = works[people.field[works] != Field.OTHER]

    def look_for_work(self) -> None:
        """Technical graduates look for work; firms hire."""
        model, people = self.model, self.model.pupils
        who = people.new_graduates
        region, field = people.region[who].astype(np.int64), people.field[who].astype(np.int64) - 1
        tight = np.log(model.firms.relative_tightness())[region, field]
        u = model.draws.uniform(Purpose.FIRST_JOB, model.year, who, 2)
        looks = first_job.look(
            people.pathway[who], people.level[who], people.sex[who], u[:, 0],
            tight, model.regions.wage[region], self.job_p,
        )  # fmt: skip
        shape = model.firms.shape[:2]
        looking = np.bincount((region * shape[1] + field)[looks], minlength=shape[0] * shape[1]).reshape(shape)
        chance = model.firms.hire(looking * people.weight)
        hired = looks & (u[:, 1] < chance[region, field])
        people.new_technicians = who[hired]
        people.stage[who[hired]] = Stage.TECHNICIAN
