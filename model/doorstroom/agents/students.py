"""The way out of secondary education, through mbo, to work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from doorstroom.agents.constants import HAS_NATURE, IS_TECHNICAL
from doorstroom.draws import Purpose
from doorstroom.kernels import Rows
from doorstroom.mechanisms import first_job, mbo_choice, study
from doorstroom.mechanisms.walks import Walk
from doorstroom.terms import Field, Pathway, Profile, Stage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

STAGE_OF_WAY_OUT: Final = np.array([Stage.MBO, Stage.VO, Stage.HBO_TECHNIEK, Stage.LEFT], np.int8)
"""By the way out of secondary education: TO_MBO, ON, HO_TECHNIQUE, OUT."""
STAGE_OF_WAY_ON: Final = np.array([Stage.OTHER_WORK, Stage.MBO, Stage.HBO_TECHNIEK, Stage.LEFT], np.int8)
"""By the way on after a diploma: WORKS, CLIMBS, HBO_TECHNIQUE, HBO_OTHER."""
FIELD_OF_PROFILE: Final = {
    Profile.BWI: (0.85, 0.10, 0.01, 0.01, 0.03),
    Profile.PIE: (0.07, 0.82, 0.06, 0.03, 0.02),
    Profile.MT: (0.02, 0.13, 0.82, 0.01, 0.02),
    Profile.MVI: (0.02, 0.04, 0.01, 0.43, 0.50),
    Profile.MAT: (0.05, 0.80, 0.12, 0.02, 0.01),
    Profile.VR_TECHNIEK: (0.30, 0.45, 0.20, 0.02, 0.03),
}
"""Technical sector chosen after a technical profile: bouw, industrie, mobiliteit, ICT, media and lab (judgement)."""


class Students:
    """Moves people from secondary education into mbo, through it and into work.

    Attributes
    ----------
    applied : persons expected to want a work-based technical course this year, shape (regions, 5)
    turned_away : persons who found no place, shape (regions, 5)
    """

    def __init__(self, model: TechnicalEducation) -> None:
        self.model = model
        self.p = model.mbo_p
        self.study_p = model.study_p
        self.job_p = model.parameters.take(first_job.FirstJob)
        self.applied, self.turned_away = np.zeros((2, len(model.regions), len(Field) - 1))
        self.applied_before = float(model.constants.applicants.sum())
        self.place_chance = np.ones_like(self.applied)
        fitted, colleges = model.constants, model.colleges.cumulative
        self.tables = mbo_choice.Tables(
            fitted.mbo, fitted.bbl, fitted.levels, fitted.field_table, colleges, IS_TECHNICAL, HAS_NATURE
        )

    def after_vo(self, who: Rows, diploma: NDArray[np.bool_]) -> Rows:
        """Send leavers to mbo, to higher education or out; give back those who stay for havo or vwo."""
        model, people = self.model, self.model.pupils
        persons = people.columns(mbo_choice.Persons)
        way, origin = np.empty(len(who), np.int8), np.empty(len(who), np.int8)
        for part, luck in model.draws.portions(Purpose.AFTER_VO, model.year, who, 3):
            mbo_choice.leave(who[part], luck, diploma[part], persons, self.tables, self.p, way[part], origin[part])
        people.stage[who] = STAGE_OF_WAY_OUT[way]
        to_mbo = way == mbo_choice.TO_MBO
        self._enrol(who[to_mbo], origin[to_mbo], persons)
        return who[way == mbo_choice.ON]

    def _enrol(self, who: Rows, origin: NDArray[np.int8], persons: mbo_choice.Persons) -> None:
        """Choose course, pathway and college for those who enter mbo."""
        model, people, regions = self.model, self.model.pupils, self.model.regions
        signal = np.zeros(len(regions))
        if model.policy.loops.tightness:
            signal = np.log(regions.relative_tightness)
        places = model.firms.places_against_2019()
        self._open_places(places)
        tables = self.tables._replace(technical=self.tables.technical + model.times.now(model.year)[Walk.MBO])
        now = mbo_choice.Circumstances(
            regions.connection, regions.connection_broad, signal, np.log(np.maximum(places, 1e-9)), self.place_chance
        )
        for part, luck in model.draws.portions(Purpose.MBO_COURSE, model.year, who, 4):
            mbo_choice.enrol(
                who[part], luck, self._place_luck(who[part]), origin[part], persons, tables, now, self.p,
                self.applied, self.turned_away,
            )  # fmt: skip
        self.applied *= people.weight
        self.turned_away *= people.weight
        self.applied_before = float(self.applied.sum())
        people.new_in_mbo = np.concatenate([people.new_in_mbo, who])

    def _open_places(self, places: NDArray[np.float64]) -> None:
        """Say how likely a work-based place is this year, from last year's applicants, and begin to count anew."""
        in_2019 = max(float(self.model.constants.applicants.sum()), 1e-9)
        self.place_chance = mbo_choice.place_chance(places, self.applied_before / in_2019, self.p)
        self.applied[:] = self.turned_away[:] = 0.0

    def _place_luck(self, who: Rows) -> NDArray[np.float64]:
        """Two numbers a person; none are drawn where everybody finds a place."""
        if self.place_chance.min() >= 1.0:
            return np.zeros((len(who), 2))
        return self.model.draws.uniform(Purpose.TRAINING_PLACE, self.model.year, who, 2)

    def taken_on(self, adults: Rows, *, reserve: bool) -> NDArray[np.bool_]:
        """Which of the adults who might start in mbo this year do, (n,): work-based technique needs a firm.

        `reserve` are those who come beyond the usual number where firms take on more.
        """
        people, model = self.model.pupils, self.model
        field = people.field[adults].astype(np.int64) - 1
        part = mbo_choice.adults_taken_on(model.firms.places_against_2019(), self.p)[int(reserve)]
        needs_firm = (people.pathway[adults] == Pathway.BBL) & (field >= 0)
        luck = model.draws.uniform(Purpose.TRAINING_PLACE, model.year, adults, 2)[:, 0]
        return np.asarray(~needs_firm | (luck < part[people.region[adults], field]))

    def year(self) -> None:
        """One year of everybody who was in mbo on 1 October before, and the diplomas it gives."""
        model, people, p = self.model, self.model.pupils, self.study_p
        who = people.in_mbo
        end = np.empty(len(who), np.int8)
        for part, luck in model.draws.portions(Purpose.STUDY, model.year, who):
            study.year_of(who[part], luck, people.level, people.pathway, people.study_year, p, end[part])
        people.stage[who[np.flatnonzero(end == study.GIVES_UP)]] = Stage.LEFT
        passed = who[np.flatnonzero(end == study.DIPLOMA)]
        people.new_diplomas, people.new_diploma_levels = passed, people.level[passed]
        way = np.empty(len(passed), np.int8)
        for part, luck in model.draws.portions(Purpose.AFTER_MBO, model.year, passed, 2):
            study.after_diploma(
                passed[part], luck, people.level, people.pathway, people.field, people.study_year, p, way[part]
            )
        people.stage[passed] = STAGE_OF_WAY_ON[way]
        works = passed[way == study.WORKS]
        people.new_graduates = works[people.field[works] != Field.OTHER]

    def look_for_work(self) -> None:
        """Technical graduates look for work; firms hire."""
        model, people = self.model, self.model.pupils
        who = people.new_graduates
        region, field = people.region[who], people.field[who] - 1
        tightness = np.log(model.firms.relative_tightness())
        u = model.draws.uniform(Purpose.FIRST_JOB, model.year, who, 2)
        looks = first_job.look(
            who, u, people.pathway, people.level, people.sex, people.region, people.field,
            tightness, model.regions.wage, self.job_p,
        )  # fmt: skip
        looking = np.zeros(tightness.shape)
        np.add.at(looking, (region[looks], field[looks]), people.weight)
        chance = model.firms.hire(looking)
        hired = looks & (u[:, 1] < chance[region, field])
        people.new_technicians = who[hired]
        people.stage[who[hired]] = Stage.TECHNICIAN
