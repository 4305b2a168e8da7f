"""The count of 1 October is what one finds by asking for each group in turn who belongs to it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from doorstroom.agents.census import (
    AFTER,
    BEFORE,
    FOURTH,
    MoverColumns,
    PupilColumns,
    StudentColumns,
    count_moves,
    count_pupils,
    count_students,
    still_there,
)
from doorstroom.terms import Field, Profile, Sex, Stage, Track

PEOPLE, REGIONS, SCHOOLS, COLLEGES, HOMES = 3000, 3, 5, 4, 7
VMBO = (Track.BB, Track.KB, Track.GL)


@pytest.fixture
def luck() -> np.random.Generator:
    return np.random.default_rng(8)


def one_of(luck: np.random.Generator, values: object) -> np.ndarray:
    return luck.choice(np.array([int(value) for value in values]), PEOPLE).astype(np.int16)


def test_pupils_are_counted_where_they_belong(luck: np.random.Generator) -> None:
    people = PupilColumns(
        *(one_of(luck, values) for values in (range(REGIONS), Track, range(1, 7), Profile, Sex, range(2))),
        toward=one_of(luck, Track),
        school=one_of(luck, range(SCHOOLS)),
        home=one_of(luck, range(HOMES)),
    )
    in_reach = luck.random((3, HOMES)) < 0.5
    who = np.flatnonzero(luck.random(PEOPLE) < 0.7).astype(np.uint32)
    region, track, grade, profile, sex, background, toward, school, home = (column[who] for column in people)
    counted = count_pupils(who, people, in_reach, REGIONS, SCHOOLS)
    vmbo = np.isin(track, VMBO)
    for r, t in product(range(REGIONS), Track):
        assert counted.tracks[r, t] == ((region == r) & (track == t)).sum()
        assert counted.bound[r, t] == ((region == r) & (track == Track.LOWER) & (toward == t)).sum()
    for r, (place, t), q, s in product(range(REGIONS), enumerate(VMBO), Profile, Sex):
        there = (region == r) & (track == t) & (grade == 3) & (profile == q) & (sex == s)
        assert counted.third[r, place, q, s].tolist() == [(there & (background == b)).sum() for b in range(2)]
    for r, (place, t), q, s in product(range(REGIONS), enumerate(FOURTH), Profile, Sex):
        there = (region == r) & (track == t) & (grade == 4) & (profile == q) & (sex == s)
        assert counted.fourth[r, place, q, s] == there.sum()
    reached = np.array([t in VMBO and in_reach[VMBO.index(t), h] for t, h in zip(track, home, strict=True)])
    for r in range(REGIONS):
        assert counted.near[r] == (reached & (region == r) & (grade == 3)).sum()
    for s in range(SCHOOLS):
        there = vmbo & (school == s)
        assert counted.vocational[s].tolist() == [there.sum(), (there & (grade == 3)).sum()]


def test_students_are_counted_where_they_belong(luck: np.random.Generator) -> None:
    people = StudentColumns(
        *(one_of(luck, values) for values in (range(REGIONS), range(2), Field, Sex, range(COLLEGES)))
    )
    who = np.flatnonzero(luck.random(PEOPLE) < 0.7).astype(np.uint32)
    region, pathway, field, sex, college = (column[who] for column in people)
    level = luck.integers(1, 5, len(who)).astype(np.int8)
    counted = count_students(who, level, people, REGIONS, COLLEGES)
    for r, n, w, f, s in product(range(REGIONS), range(1, 5), range(2), Field, Sex):
        there = (region == r) & (level == n) & (pathway == w) & (field == f) & (sex == s)
        assert counted.of[r, n - 1, w, f, s] == there.sum()
    for c, f in product(range(COLLEGES), Field):
        assert counted.at[c, f] == ((college == c) & (field == f)).sum()


@pytest.mark.parametrize(
    ("before", "now", "track", "profile", "field", "start", "end"),
    [
        (Stage.FUTURE, Stage.VO, Track.LOWER, Profile.NONE, Field.OTHER, "primary school", "secondary education"),
        (Stage.FUTURE, Stage.MBO, Track.BB, Profile.PIE, Field.OTHER, "outside", "other mbo"),
        (Stage.VO, Stage.MBO, Track.GL, Profile.PIE, Field.ICT, "vmbo technique", "mbo technique"),
        (Stage.VO, Stage.MBO, Track.KB, Profile.ZW, Field.BOUW, "other secondary", "mbo technique"),
        (Stage.VO, Stage.MBO, Track.TL, Profile.PIE, Field.OTHER, "tl", "other mbo"),
        (Stage.VO, Stage.HBO_TECHNIEK, Track.HAVO, Profile.ZW, Field.BOUW, "other secondary", "hbo technique"),
        (Stage.MBO, Stage.TECHNICIAN, Track.BB, Profile.PIE, Field.BOUW, "mbo technique", "technical work"),
        (Stage.MBO, Stage.OTHER_WORK, Track.BB, Profile.PIE, Field.BOUW, "mbo technique", "other work"),
        (Stage.MBO, Stage.OTHER_WORK, Track.BB, Profile.PIE, Field.OTHER, "other mbo", "other work"),
        (Stage.MBO, Stage.LEFT, Track.BB, Profile.PIE, Field.ICT, "mbo technique", "elsewhere"),
        (Stage.MBO, Stage.VO, Track.BB, Profile.PIE, Field.OTHER, "other mbo", "secondary education"),
    ],
)
def test_a_move_is_told_by_its_start_and_its_end(
    before: Stage, now: Stage, track: Track, profile: Profile, field: Field, start: str, end: str
) -> None:
    stays, moves = [int(before)], [int(now)]
    both = MoverColumns(
        np.array(stays + moves, np.int8),
        np.array([0, 1], np.int8),
        *(np.array([int(value)] * 2, np.int8) for value in (track, profile, field)),
    )
    technical = np.array([number == Profile.PIE for number in range(max(Profile) + 1)])
    nobody, two = np.array([], np.uint32), np.array([0, 1], np.uint32)
    known = [two if stage == before else nobody for stage in (Stage.VO, Stage.MBO, Stage.FUTURE)]
    moved = count_moves(*known, both, technical, 2)
    found = [(r, BEFORE[b], AFTER[a], n) for (r, b, a), n in np.ndenumerate(moved.ways) if n]
    assert found == [(1, start, end, 1)]
    assert np.argwhere(moved.came).tolist() == [[1, int(now)]]
    assert np.argwhere(moved.went).tolist() == [[1, int(before)]]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_who_is_still_there_comes_in_ascending_order(luck: np.random.Generator, share: float) -> None:
    stage = (luck.random(200) < 0.5).astype(np.int8)
    mixed = luck.permutation(200)
    who, joined = (np.sort(part).astype(np.uint32) for part in np.split(mixed, [int(200 * share)]))
    assert still_there(who, joined, stage, 1).tolist() == np.flatnonzero(stage == 1).tolist()
