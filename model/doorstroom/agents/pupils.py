"""Everybody in education: one array per attribute, one row per person, one Mesa agent that owns them.

A person's row is their number for life and the slot of all their random draws. Rows for the cohorts to come are
laid out at the start, so numbers are the same in every scenario.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import mesa
import numpy as np

from doorstroom.agents.constants import IS_TECHNICAL
from doorstroom.terms import Field, Pathway, Profile, Sex, Stage, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

NOWHERE = -1

ATTRIBUTES: dict[str, Any] = {
    "stage": np.int8,
    "sex": np.int8,
    "background": np.int8,  # 1: non-western migration background
    "track": np.int8,
    "toward": np.int8,  # track a pupil of the lower years is bound for
    "grade": np.int8,
    "profile": np.int8,
    "level": np.int8,  # mbo level, 0 outside mbo
    "pathway": np.int8,
    "field": np.int8,
    "study_year": np.int8,  # years in the present mbo course
    "college": np.int8,
    "region": np.int8,  # row of the region
    "school": np.int16,  # row of the location
    "upper": np.int16,  # row of the upper-years location a pupil is bound for
    "home": np.int16,  # row of the home postcode
    "entered": np.int16,  # school year of entry into the model
    "taste": np.float32,  # lasting interest in technique, utility
    "added": np.float32,  # interest that exposure added, utility
}


class Pupil(NamedTuple):
    """One person as they are now, in the field's own words."""

    number: int
    stage: str
    sex: str
    migration_background: bool
    region: str
    school: str | None
    track: str | None
    grade: int | None
    profile: str | None
    college: str | None
    level: int | None
    pathway: str | None
    field: str | None
    interest: float
    entered: int


class Pupils(mesa.Agent):
    """Pupils, students and young workers.

    Each name of ATTRIBUTES is an array over all persons, shape (persons,).

    Attributes
    ----------
    weight : persons that one row stands for, 1 / sampling fraction
    new_in_mbo, new_diplomas, new_graduates, new_technicians : rows to which it happened this year
    new_diploma_levels : level of each of the new diplomas
    """

    model: TechnicalEducation
    stage: NDArray[np.int8]
    sex: NDArray[np.int8]
    background: NDArray[np.int8]
    track: NDArray[np.int8]
    toward: NDArray[np.int8]
    grade: NDArray[np.int8]
    profile: NDArray[np.int8]
    level: NDArray[np.int8]
    pathway: NDArray[np.int8]
    field: NDArray[np.int8]
    study_year: NDArray[np.int8]
    college: NDArray[np.int8]
    region: NDArray[np.int8]
    school: NDArray[np.int16]
    upper: NDArray[np.int16]
    home: NDArray[np.int16]
    entered: NDArray[np.int16]
    taste: NDArray[np.float32]
    added: NDArray[np.float32]

    def __init__(self, model: TechnicalEducation, persons: int, fraction: float) -> None:
        super().__init__(model)
        self.weight = 1.0 / fraction
        for name, dtype in ATTRIBUTES.items():
            setattr(self, name, np.zeros(persons, dtype))
        self.school[:] = self.upper[:] = self.college[:] = NOWHERE
        nobody = np.zeros(0, np.int64)
        self.new_in_mbo = self.new_diplomas = self.new_graduates = self.new_technicians = nobody
        self.new_diploma_levels = nobody
        self.stage_before = self.stage.copy()
        self._followed: dict[int, list[tuple[int, Pupil]]] = {}

    def __len__(self) -> int:
        return len(self.stage)

    def __getitem__(self, number: int) -> Pupil:
        """The person with this number; raises IndexError outside 0..len-1."""
        if not 0 <= number < len(self):
            raise IndexError(f"persons are numbered 0 to {len(self) - 1}, found {number}")
        model, stage = self.model, Stage(self.stage[number])
        in_vo, in_mbo = stage == Stage.VO, stage == Stage.MBO
        known = self.level[number] > 0
        return Pupil(
            number=number,
            stage=stage.name.lower(),
            sex=Sex(self.sex[number]).name.lower(),
            migration_background=bool(self.background[number]),
            region=model.regions[self.region[number]].code,
            school=model.schools[self.school[number]].code if in_vo else None,
            track=Track(self.track[number]).name if in_vo else None,
            grade=int(self.grade[number]) if in_vo else None,
            profile=Profile(self.profile[number]).name if self.profile[number] else None,
            college=model.colleges[self.college[number]].code if in_mbo else None,
            level=int(self.level[number]) if known else None,
            pathway=Pathway(self.pathway[number]).name.lower() if known else None,
            field=Field(self.field[number]).name.lower() if known else None,
            interest=float(self.taste[number] + self.added[number]),
            entered=int(self.entered[number]),
        )

    def follow(self, number: int) -> list[tuple[int, Pupil]]:
        """A diary of one person: a list of (school year, Pupil) that grows with every step from now on."""
        return self._followed.setdefault(number, [(self.model.year, self[number])])

    def add(self, like: int) -> int:
        """Add one person who is the image of person `like`, with draws of their own, and give the new number."""
        for name in ATTRIBUTES:
            setattr(self, name, np.append(getattr(self, name), getattr(self, name)[like]))
        self.stage_before = np.append(self.stage_before, np.int8(Stage.FUTURE))
        return len(self) - 1

    def begin_year(self) -> None:
        """Remember where everybody was, so that flows can be told."""
        self.stage_before[:] = self.stage
        self.new_in_mbo = np.zeros(0, np.int64)
        self.model.colleges.fill(intake=0.0)

    def end_year(self) -> None:
        """Write the diaries."""
        for number, diary in self._followed.items():
            diary.append((self.model.year, self[number]))

    def census(self) -> None:
        """Count the pupils of 1 October by location and region for what schools and regions know next year."""
        model = self.model
        here = np.flatnonzero(self.stage == Stage.VO)
        track, grade, region = self.track[here], self.grade[here], self.region[here]
        school, toward, sex = self.school[here], self.toward[here], self.sex[here]
        vocational = (track >= Track.BB) & (track <= Track.GL)
        third = vocational & (grade == 3)
        technical = third & IS_TECHNICAL[self.profile[here]]
        lower = track == Track.LOWER
        bound_for_vmbo = toward <= Track.TL

        def by_region(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
            return np.asarray(np.bincount(region[mask], minlength=len(model.regions)) * self.weight, np.float64)

        technique = by_region(technical)
        girls = by_region(technical & (sex == Sex.VROUW))
        model.regions.fill(
            technique_pupils=technique,
            vocational_y3=by_region(third),
            vocational_pupils=by_region(vocational),
            girls_share=np.divide(girls, technique, out=np.zeros_like(girls), where=technique > 0),
            lower_vmbo=by_region(lower & bound_for_vmbo),
            lower_havo_vwo=by_region((lower & ~bound_for_vmbo) | (track == Track.HAVO_VWO_3)),
            upper_havo_vwo=by_region(np.isin(track, (Track.TL, Track.HAVO, Track.VWO))),
            po_pupils=model.coming_pupils(),
        )
        schools = len(model.schools)
        model.schools.fill(
            vocational_pupils=np.bincount(school[vocational], minlength=schools) * self.weight,
            vocational_y3=np.bincount(school[third], minlength=schools) * self.weight,
        )
        students = np.flatnonzero(self.stage == Stage.MBO)
        model.colleges.count(
            self.college[students].astype(np.int64), self.field[students].astype(np.int64), self.weight
        )
