"""Everybody in education: one array per attribute, one row per person, one Mesa agent that owns them.

A person's row is their number for life and the slot of all their random draws. Rows for the cohorts to come are
laid out at the start, so numbers are the same in every scenario.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import mesa
import numpy as np

from doorstroom.agents import census
from doorstroom.agents.census import Census
from doorstroom.agents.census import Pupils as PupilCount
from doorstroom.agents.constants import IS_TECHNICAL
from doorstroom.kernels import Rows
from doorstroom.terms import Field, Pathway, Profile, Sex, Stage, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.education import TechnicalEducation

NOWHERE = -1
Columns = TypeVar("Columns")

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
    in_vo, in_mbo : rows of those in secondary education and in mbo at the last count
    counted : the last count
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

    in_vo: Rows
    in_mbo: Rows
    counted: Census

    def __init__(self, model: TechnicalEducation, persons: int, fraction: float) -> None:
        super().__init__(model)
        self.weight = 1.0 / fraction
        for name, dtype in ATTRIBUTES.items():
            setattr(self, name, np.zeros(persons, dtype))
        self.school[:] = self.upper[:] = self.college[:] = NOWHERE
        nobody = np.zeros(0, np.uint32)
        self.new_in_mbo = self.new_diplomas = self.new_graduates = self.new_technicians = nobody
        self.new_diploma_levels = np.zeros(0, np.int8)
        self._newcomers: list[Rows] = []
        self._out = np.zeros((len(model.regions), census.STAGES), np.int64)
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
        """Add one person who is the image of person `like`, with draws of their own, and give the new number.

        The new one counts as somebody who was there at the last count.
        """
        number = len(self)
        for name in ATTRIBUTES:
            setattr(self, name, np.append(getattr(self, name), getattr(self, name)[like]))
        if self.stage[number] == Stage.VO:
            self.in_vo = np.append(self.in_vo, np.uint32(number))
        elif self.stage[number] == Stage.MBO:
            self.in_mbo = np.append(self.in_mbo, np.uint32(number))
        return number

    def let_go(self) -> None:
        """Give back the arrays of a model that is done with.

        A model and its agents refer to each other, so that they stay in memory until the collector comes by.
        """
        for name in ATTRIBUTES:
            delattr(self, name)

    def arrive(self, rows: slice, stage: Stage, year: int) -> None:
        """Let the people of these rows come in."""
        self.stage[rows], self.entered[rows] = stage, year
        self._newcomers.append(np.arange(rows.start, rows.stop, dtype=np.uint32))

    def begin(self) -> None:
        """Take everybody who is there as somebody who was there at a count before."""
        in_stage = (np.flatnonzero(self.stage == stage) for stage in (Stage.VO, Stage.MBO))
        self.in_vo, self.in_mbo = (rows.astype(np.uint32) for rows in in_stage)
        self.begin_year()

    def begin_year(self) -> None:
        """Forget the flows of the year before."""
        self.new_in_mbo = np.zeros(0, np.uint32)
        self._newcomers = []

    def end_year(self) -> None:
        """Write the diaries."""
        for number, diary in self._followed.items():
            diary.append((self.model.year, self[number]))

    def columns(self, of: type[Columns]) -> Columns:
        """The arrays over everybody that a NamedTuple names."""
        return of(**{name: getattr(self, name) for name in of._fields})  # type: ignore[attr-defined]

    def census(self) -> None:
        """Count the people of 1 October and tell schools, colleges and regions what they know of them next year."""
        self.counted = self._count()
        model, weight, pupils = self.model, self.weight, self.counted.pupils
        vocational = slice(Track.BB, Track.GL + 1)
        technical = pupils.third[:, :, IS_TECHNICAL].sum(axis=(1, 2, 4))
        technique, girls = technical.sum(axis=1) * weight, technical[:, Sex.VROUW] * weight
        model.regions.fill(
            technique_pupils=technique,
            vocational_y3=pupils.third.sum(axis=(1, 2, 3, 4)) * weight,
            vocational_pupils=pupils.tracks[:, vocational].sum(axis=1) * weight,
            girls_share=np.divide(girls, technique, out=np.zeros_like(girls), where=technique > 0),
            lower_vmbo=pupils.bound[:, : Track.TL + 1].sum(axis=1) * weight,
            lower_havo_vwo=(pupils.bound[:, Track.TL + 1 :].sum(axis=1) + pupils.tracks[:, Track.HAVO_VWO_3]) * weight,
            upper_havo_vwo=pupils.tracks[:, [Track.TL, Track.HAVO, Track.VWO]].sum(axis=1) * weight,
            po_pupils=model.coming_pupils(),
        )
        model.schools.fill(
            vocational_pupils=pupils.vocational[:, 0] * weight, vocational_y3=pupils.vocational[:, 1] * weight
        )
        model.colleges.count(self.counted.students.at * weight, self.counted.new_students.at * weight)

    def count_by_location(self) -> PupilCount:
        """The pupils of the last census by school location instead of region; every shape has schools in its place."""
        schools = len(self.model.schools)
        columns = self.columns(census.PupilColumns)._replace(region=self.school)
        return census.count_pupils(self.in_vo, columns, self.model.schools.in_reach(), schools, schools)

    def _count(self) -> Census:
        model, regions, colleges = self.model, len(self.model.regions), len(self.model.colleges)
        columns = self.columns(census.StudentColumns)

        def students(who: Rows, level: NDArray[np.int8]) -> census.Students:
            return census.count_students(who, level, columns, regions, colleges)

        def by_sector(who: Rows) -> census.Count:
            return students(who, self.level[who]).of.sum(axis=(1, 2, 4))[:, 1:]

        newcomers = np.sort(np.concatenate([np.zeros(0, np.uint32), *self._newcomers]), kind="stable")
        movers = self.columns(census.MoverColumns)
        moves = census.count_moves(self.in_vo, self.in_mbo, newcomers, movers, IS_TECHNICAL, regions)
        self.new_in_mbo = np.sort(self.new_in_mbo, kind="stable")
        self.in_vo = census.still_there(self.in_vo, newcomers, self.stage, int(Stage.VO))
        self.in_mbo = census.still_there(self.in_mbo, self.new_in_mbo, self.stage, int(Stage.MBO))
        in_vo = census.count_pupils(
            self.in_vo, self.columns(census.PupilColumns), model.schools.in_reach(), regions, len(model.schools)
        )
        in_mbo = students(self.in_mbo, self.level[self.in_mbo])
        self._out += moves.came - moves.went
        stock = self._out.copy()
        stock[:, Stage.VO], stock[:, Stage.MBO] = in_vo.tracks.sum(axis=1), in_mbo.of.sum(axis=(1, 2, 3, 4))
        return Census(
            pupils=in_vo,
            students=in_mbo,
            new_students=students(self.new_in_mbo, self.level[self.new_in_mbo]),
            diplomas=students(self.new_diplomas, self.new_diploma_levels).of,
            graduates=by_sector(self.new_graduates),
            technicians=by_sector(self.new_technicians),
            moves=moves,
            stock=stock,
        )
