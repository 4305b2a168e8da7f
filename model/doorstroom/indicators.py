"""What is observed each year: the counts of the outcome dictionary, per region. Nothing here feeds back."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.census import AFTER, BEFORE, FOURTH, Census, Pupils, by_region, from_regions
from doorstroom.agents.constants import HAS_NATURE, HAS_TECHNIQUE, IS_TECHNICAL
from doorstroom.agents.exams import NG, NT, Sitting, sitting
from doorstroom.agents.region import UNSKILLED
from doorstroom.agents.school import TECHNICAL
from doorstroom.agents.teachers import AWAY
from doorstroom.kernels import compiled
from doorstroom.mechanisms import interest, young
from doorstroom.outcomes import COLUMN, COUNTS, GROUPS, TOTAL
from doorstroom.terms import KINDS, TARGETS, Activity, Profile, Sex, Teaching, Track

if TYPE_CHECKING:
    from doorstroom.education import TechnicalEducation

Array = NDArray[np.float64]

AGES: Final = (30.0, 40.0, 50.0, 55.0, 60.0)
"""Where the age groups of teachers end."""

POOREST: Final = 0.2
"""The fifth of regions with the lowest technique share in 2019 are the technique-poor ones in fairness outcomes."""


def _ends(group: str) -> tuple[int, list[int]]:
    """Where a group of moves starts and ends; elsewhere is every end that isn't named for the start."""
    start, end = group.split(" > ")
    named = {other.split(" > ")[1] for other in GROUPS["moves"] if other.startswith(f"{start} > ")}
    ends = [at for at, name in enumerate(AFTER) if name == end or (end == "elsewhere" and name not in named)]
    return BEFORE.index(start), ends


MOVES: Final = tuple(_ends(group) for group in GROUPS["moves"])
"""Rows of census.BEFORE and census.AFTER of each group of moves."""


class Tally:
    """Counts of one year per region, filled outcome by outcome."""

    def __init__(self, regions: int, weight: float) -> None:
        self.counts = np.zeros((regions, len(COUNTS)))
        self.weight = weight

    def put(self, outcome: str, group: str, values: NDArray[Any]) -> None:
        """Set a series, shape (regions,)."""
        self.counts[:, COLUMN[outcome, group]] = values

    def persons(self, outcome: str, group: str, counted: NDArray[Any]) -> None:
        """Set a series from a table of rows counted, shape (regions, ...): what isn't the region is added up."""
        self.put(outcome, group, counted.reshape(len(counted), -1).sum(axis=1) * self.weight)

    def split(self, outcome: str, groups: tuple[str, ...], counted: NDArray[Any]) -> None:
        """Set a series for each of `groups` from rows counted, shape (regions, groups, ...)."""
        self.each(outcome, groups, counted.reshape(*counted.shape[:2], -1).sum(axis=2) * self.weight)

    def each(self, outcome: str, groups: tuple[str, ...], values: NDArray[Any]) -> None:
        """Set a series for each of `groups`, shape (regions, groups)."""
        self.counts[:, _columns(outcome, groups)] = values


@cache
def _columns(outcome: str, groups: tuple[str, ...]) -> list[int]:
    return [COLUMN[outcome, group] for group in groups]


def record(model: TechnicalEducation) -> Array:
    """The counts of 1 October of the model's year, and of the flows since a year before.

    Returns
    -------
    float64 array, shape (regions, len(COUNTS))
    """
    tally = Tally(len(model.regions), model.pupils.weight)
    tally.counts[:] = people(model.pupils.counted) * tally.weight
    _exams(sitting(model, model.pupils.counted.pupils, np.arange(len(model.regions))), tally)
    _region_kinds(model, tally)
    _choices(model, tally)
    _teachers(model, tally)
    _labour(model, tally)
    _offer(model, tally)
    _money(model, tally)
    _primary(model, tally)
    _reviews(model, tally)
    return tally.counts


def record_locations(model: TechnicalEducation) -> Array:
    """The counts of pupils and exam candidates of 1 October per school location, as `record` has them per region.

    Returns
    -------
    float64 array, shape (locations, len(COUNTS)); 0 in every series that isn't of secondary education
    """
    tally = Tally(len(model.schools), model.pupils.weight)
    counted = model.pupils.count_by_location()
    _secondary(counted, tally)
    _exams(sitting(model, counted, model.schools.region), tally)
    return tally.counts


def people(counted: Census) -> Array:
    """The series that are sums over kinds of people, in rows, shape (regions, len(COUNTS)); 0 in all others.

    In which series a kind of people counts is asked once per process, of a census with a region for every kind.
    """
    tables = by_region(counted)
    counts, before = np.zeros((len(tables[0]), len(COUNTS))), 0
    kinds_of = _series_of_kinds(tuple(table.shape[1:] for table in tables))
    for table in tables:
        kinds = table.reshape(len(table), -1)
        add_up(kinds, before, *kinds_of, counts)
        before += kinds.shape[1]
    return counts


@compiled
def add_up(
    kinds: NDArray[np.int64],
    before: int,
    first: NDArray[np.int64],
    series: NDArray[np.int64],
    times: Array,
    counts: Array,
) -> None:
    """Add the persons of each kind, shape (regions, kinds), to the series that they count in.

    The series of kind k, and how often it counts there, stand from `first[before + k]` on.
    """
    for region in range(len(kinds)):
        for kind in range(kinds.shape[1]):
            persons = kinds[region, kind]
            if persons != 0:
                for at in range(first[before + kind], first[before + kind + 1]):
                    counts[region, series[at]] += times[at] * persons


@cache
def _series_of_kinds(shapes: tuple[tuple[int, ...], ...]) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    """For add_up, from tables of these shapes beside regions: where a kind begins, its series, how often it counts."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    one_each = np.split(np.eye(sum(sizes), dtype=np.int64), np.cumsum(sizes)[:-1], axis=1)
    census = from_regions([table.reshape(-1, *shape) for table, shape in zip(one_each, shapes, strict=True)])
    tally = Tally(sum(sizes), 1.0)
    _secondary(census.pupils, tally)
    _mbo(census, tally)
    _graduates(census, tally)
    _profiles(census.pupils, tally)
    _persons(census, tally)
    kind, series = np.nonzero(tally.counts)
    return np.searchsorted(kind, np.arange(sum(sizes) + 1)), series, tally.counts[kind, series]


def _secondary(counted: Pupils, tally: Tally) -> None:
    third, technique = counted.third, counted.third[:, :, IS_TECHNICAL]
    for outcome, table in (("vmbo_pupils", third), ("vmbo_technique_pupils", technique)):
        by = table.sum(axis=2)
        tally.persons(outcome, TOTAL, by)
        tally.split(outcome, GROUPS["leerwegen"], by)
        tally.split(outcome, GROUPS["sexes"], by.sum(axis=(1, 3)))
        tally.split(outcome, GROUPS["backgrounds"], by.sum(axis=(1, 2)))
    tally.split("vmbo_technique_pupils", GROUPS["profiles"], third[:, :, 1 : TECHNICAL + 1].sum(axis=1))
    tally.persons("vmbo_technique_girls", TOTAL, technique[:, :, :, Sex.VROUW])
    tally.persons("vmbo_dp_pupils", TOTAL, third[:, :, Profile.DP])
    leerwegen = slice(FOURTH.index(Track.BB), FOURTH.index(Track.GL) + 1)
    upper = third.sum(axis=-1) + counted.fourth[:, leerwegen]
    tally.persons("vmbo_upper_pupils", TOTAL, upper)
    tally.split("vmbo_upper_pupils", GROUPS["leerwegen"], upper)
    by_profile = upper.sum(axis=1)
    tally.split("vmbo_upper_pupils", GROUPS["profiles"], by_profile[:, 1 : TECHNICAL + 1])
    tally.persons("vmbo_upper_pupils", "DP", by_profile[:, Profile.DP])
    tl, upper = counted.fourth[:, FOURTH.index(Track.TL)], counted.fourth[:, FOURTH.index(Track.HAVO) :]
    in_technique = IS_TECHNICAL.copy()
    in_technique[Profile.TL_TECHNIEK] = True
    for outcome, table in (("tl_pupils", tl), ("tl_technique_pupils", tl[:, in_technique])):
        tally.persons(outcome, TOTAL, table)
        tally.split(outcome, GROUPS["sexes"], table.sum(axis=1))
    for outcome, profiles in (
        ("havo_vwo_pupils", np.ones(len(HAS_NATURE), bool)),
        ("n_profile_pupils", HAS_NATURE),
        ("nt_pupils", HAS_TECHNIQUE),
        ("ng_pupils", HAS_NATURE & ~HAS_TECHNIQUE),
    ):
        _of_havo_vwo(tally, outcome, upper[:, :, profiles].sum(axis=2))
    tally.persons("pupils_near_technique", TOTAL, counted.near)


def _of_havo_vwo(tally: Tally, outcome: str, table: NDArray[Any]) -> None:
    """Set a series of havo and vwo, in all its groups, from rows counted, shape (regions, 2, sexes)."""
    tally.persons(outcome, TOTAL, table)
    tally.split(outcome, GROUPS["havo_vwo"], table)
    tally.split(outcome, GROUPS["sexes"], table.sum(axis=1))
    tally.split(outcome, GROUPS["havo_vwo_sexes"], table.reshape(len(table), -1))


def _exams(exams: Sitting, tally: Tally) -> None:
    """Expected exam candidates; their number is settled by who leaves in the course of the year."""
    for outcome, table in (
        ("vmbo_exam_candidates", exams.vmbo),
        ("vmbo_exam_technique", exams.vmbo[:, :, IS_TECHNICAL]),
    ):
        tally.persons(outcome, TOTAL, table)
        tally.split(outcome, GROUPS["leerwegen"], table)
        tally.split(outcome, GROUPS["sexes"], table.sum(axis=(1, 2)))
        tally.split(outcome, GROUPS["leerwegen_sexes"], table.sum(axis=2).transpose(0, 2, 1).reshape(len(table), -1))
    tally.split("vmbo_exam_technique", GROUPS["profiles"], exams.vmbo[:, :, 1 : TECHNICAL + 1].sum(axis=1))
    for outcome, table in (("tl_exam_candidates", exams.tl.sum(axis=1)), ("tl_exam_technique", exams.tl[:, 1])):
        tally.persons(outcome, TOTAL, table)
        tally.split(outcome, GROUPS["sexes"], table)
    for outcome, table in (
        ("havo_vwo_exam_candidates", exams.havo_vwo.sum(axis=2)),
        ("nt_exam_candidates", exams.havo_vwo[:, :, NT]),
        ("ng_exam_candidates", exams.havo_vwo[:, :, NG]),
    ):
        _of_havo_vwo(tally, outcome, table)


def _region_kinds(model: TechnicalEducation, tally: Tally) -> None:
    kinds, kind = GROUPS["region_kinds"], _region_kind(model)
    for outcome, of in (
        ("technique_pupils_by_region_kind", "vmbo_technique_pupils"),
        ("pupils_by_region_kind", "vmbo_pupils"),
    ):
        pupils = tally.counts[:, COLUMN[of, TOTAL]]
        tally.each(outcome, kinds, pupils[:, None] * (kind[:, None] == np.arange(len(kinds))))


def _choices(model: TechnicalEducation, tally: Tally) -> None:
    """Expected choices: the sum of the chances that the choosers had, from which their luck is taken out."""
    schools, regions = model.schools, len(model.regions)
    for outcome, by_school in (("vmbo_choosers", schools.choosers), ("vmbo_technique_choices", schools.chances)):
        by_sex = np.stack([np.bincount(schools.region, of_sex, regions) for of_sex in by_school.T], axis=1)
        tally.put(outcome, TOTAL, by_sex.sum(axis=1))
        tally.each(outcome, GROUPS["sexes"], by_sex)


def _region_kind(model: TechnicalEducation) -> NDArray[np.int64]:
    """Kind of each region, in the order of the group `region_kinds`."""
    return _kinds(model.regions.technique_share_2019.tobytes())


@lru_cache(maxsize=4)
def _kinds(shares: bytes) -> NDArray[np.int64]:
    share = np.frombuffer(shares)
    return (share > np.quantile(share, POOREST)).astype(np.int64)


def _mbo(counted: Census, tally: Tally) -> None:
    for outcome, table in (
        ("mbo_inflow", counted.new_students.of),
        ("mbo_technique_inflow", counted.new_students.of[:, :, :, 1:]),
        ("mbo_technique_students", counted.students.of[:, :, :, 1:]),
        ("mbo_technique_diplomas", counted.diplomas[:, :, :, 1:]),
    ):
        tally.persons(outcome, TOTAL, table)
        tally.split(outcome, GROUPS["levels"], table)
        tally.split(outcome, GROUPS["pathways"], table.sum(axis=1))
        tally.split(outcome, GROUPS["sexes"], table.sum(axis=(1, 2, 3)))
    tally.split("mbo_technique_students", GROUPS["fields"], counted.students.of.sum(axis=(1, 2))[:, 1:])


def _teachers(model: TechnicalEducation, tally: Tally) -> None:
    staff, schools, regions = model.teachers, model.schools, len(model.regions)
    here = np.flatnonzero(staff.school != AWAY)
    region, kind = schools.region[staff.school[here]], staff.kind[here]

    def persons(code: NDArray[Any], codes: int) -> NDArray[np.int64]:
        return np.bincount(region * codes + code, minlength=regions * codes).reshape(regions, codes)

    by_kind, by_age = persons(kind, len(Teaching)), persons(np.digitize(staff.age[here], AGES), len(AGES) + 1)
    tally.put("teachers", TOTAL, by_kind.sum(axis=1))
    tally.each("teachers", GROUPS["qualifications"], by_kind)
    tally.each("teachers", GROUPS["ages"], by_age)
    tally.put("teachers_55plus", TOTAL, by_age[:, AGES.index(55.0) + 1 :].sum(axis=1))
    tally.put("teachers_qualified", TOTAL, by_kind[:, Teaching.BEVOEGD])
    missing = np.maximum(schools.fte_needed - schools.fte, 0.0)
    for outcome, per_school in (
        ("teacher_fte", schools.fte),
        ("teacher_fte_needed", schools.fte_needed),
        ("unfilled_fte", missing),
        ("teacher_vacancies", staff.vacancies),
        ("teacher_fte_spare", staff.spare),
    ):
        tally.put(outcome, TOTAL, np.bincount(schools.region, per_school, regions))
    for outcome, flow, groups in (
        ("teacher_inflow", staff.inflow, GROUPS["routes_in"]),
        ("teacher_outflow", staff.outflow, GROUPS["routes_out"]),
    ):
        tally.put(outcome, TOTAL, flow.sum(axis=1))
        tally.each(outcome, groups, flow)
    tally.each("teacher_hours", GROUPS["hours"], staff.fte_flows)
    moved, elsewhere = staff.moved, staff.moved * (1.0 - np.eye(regions))
    tally.put("teacher_moves", TOTAL, moved.sum(axis=0))
    tally.each("teacher_moves", GROUPS["borders"], np.stack([elsewhere.sum(axis=0), elsewhere.sum(axis=1)], axis=1))
    tally.each("other_technique_fte", GROUPS["other_teaching"], model.regions.other_fte)
    tally.each("other_technique_needed", GROUPS["other_teaching"], model.regions.other_needed)


def _graduates(counted: Census, tally: Tally) -> None:
    for outcome, persons in (
        ("technical_graduates", counted.graduates),
        ("technical_entrants", counted.technicians),
        ("leakage", counted.graduates - counted.technicians),
    ):
        tally.persons(outcome, TOTAL, persons)
        tally.split(outcome, GROUPS["fields"], persons)


def _labour(model: TechnicalEducation, tally: Tally) -> None:
    firms = model.firms
    for outcome, values in (
        ("technicians", firms.by_sector("employed")),
        ("technical_vacancies", firms.by_sector("vacancies")),
        ("job_seekers", model.regions.seekers),
        ("bbl_places", firms.by_sector("places")),
    ):
        tally.put(outcome, TOTAL, values.sum(axis=1))
        tally.each(outcome, GROUPS["fields"], values)
    tally.put("technical_hires", TOTAL, firms.hired.sum(axis=1))
    tally.each("technical_hires", GROUPS["hired_from"], firms.hired)
    tally.put("bbl_turned_away", TOTAL, model.students.turned_away.sum(axis=1))
    tally.each("bbl_turned_away", GROUPS["fields"], model.students.turned_away)
    tally.put("technical_pay", TOTAL, firms.by_sector("employed").sum(axis=1) * model.regions.wage)


def _profiles(counted: Pupils, tally: Tally) -> None:
    third = counted.third[:, :, 1 : TECHNICAL + 1].sum(axis=1)
    tally.persons("profile_pupils_y3", TOTAL, third)
    tally.split("profile_pupils_y3", GROUPS["profiles"], third)


def _offer(model: TechnicalEducation, tally: Tally) -> None:
    schools, regions = model.schools, len(model.regions)
    open_now = schools.open[:, :TECHNICAL]
    tally.put("profile_locations", TOTAL, np.bincount(schools.region, open_now.sum(axis=1), regions))
    located = np.stack([np.bincount(schools.region, column, regions) for column in open_now.T], axis=1)
    tally.each("profile_locations", GROUPS["profiles"], located)
    tally.put("profile_closures", TOTAL, np.bincount(schools.region, schools.closed, regions))
    tally.put("profile_openings", TOTAL, np.bincount(schools.region, schools.opened, regions))
    pupils, cooperation = model.regions.vocational_y3, (model.regions.connection, model.regions.connection_broad)
    tally.put("cooperation_of_pupils", TOTAL, cooperation[0] * pupils)
    for group, index in zip(GROUPS["for_whom"], cooperation, strict=True):
        tally.put("cooperation_of_pupils", group, index * pupils)
    better = (schools.quality - schools.quality_2019)[:, KINDS.index("vmbo")]
    tally.put("lesson_quality_of_pupils", TOTAL, np.bincount(schools.region, better * schools.vocational_y3, regions))
    gained = schools.activity_interest() * pupils[:, None]
    tally.put("activity_interest_of_pupils", TOTAL, gained.sum(axis=1))
    tally.each("activity_interest_of_pupils", GROUPS["meant_for_interest"], gained)


def _money(model: TechnicalEducation, tally: Tally) -> None:
    ministry, regions = model.ministry, model.regions
    books = [(state.scheme.programme, state.account) for state in ministry.running.values()]
    for outcome, name in (
        ("cofinanced", "cofinanced"),
        ("carried_in", "carried_in"),
        ("absorbed", "absorbed"),
        ("returned", "returned"),
        ("carried_out", "carried_out"),
        ("granted", "granted"),
        ("available", "available"),
    ):
        tally.put(outcome, TOTAL, sum((getattr(account, name) for _, account in books), np.zeros(len(regions))) / 100.0)
    served = regions.vocational_pupils / max(regions.vocational_pupils.sum(), 1.0)
    for programme in GROUPS["programmes"]:
        granted = sum((account.granted for mine, account in books if mine == programme), np.zeros(len(regions)))
        tally.put("granted", programme, granted / 100.0)
        tally.put("national_line", programme, ministry.national.get(programme, 0.0) * served)
    granted, kind = sum((account.granted for _, account in books), np.zeros(len(regions))) / 100.0, _region_kind(model)
    for at, group in enumerate(GROUPS["region_kinds"]):
        tally.put("granted", group, np.where(kind == at, granted, 0.0))
    tally.put("national_line", TOTAL, sum(ministry.national.values()) * served)
    tally.each("absorbed", GROUPS["activities"], regions.spending.sum(axis=2))
    tally.put("work_done", TOTAL, regions.work.sum(axis=(1, 2)))
    tally.each("absorbed", TARGETS, regions.spending.sum(axis=1))
    tally.put("absorptive_capacity", TOTAL, regions.capacity.sum(axis=1))
    tally.each("absorptive_capacity", KINDS, regions.capacity)
    at_capacity = regions.load >= 1.0
    tally.put("regions_at_capacity", TOTAL, np.asarray(at_capacity.any(axis=1)))
    tally.each("regions_at_capacity", KINDS, at_capacity)
    tally.put("experience_of_pupils", TOTAL, regions.experience[:, KINDS.index("vmbo")] * regions.vocational_y3)
    tally.put("knowledge_of_pupils", TOTAL, regions.knowledge * regions.vocational_y3)
    nothing = np.zeros(len(regions))
    cuts = (
        sum((state.offered - state.account.granted / 100.0 for state in ministry.running.values()), nothing),
        sum((state.held_back for state in ministry.running.values()), nothing),
        sum((state.refused for state in ministry.running.values()), nothing),
    )
    tally.put("grant_cut", TOTAL, sum(cuts, nothing))
    for group, cut in zip(GROUPS["cuts"], cuts, strict=True):
        tally.put("grant_cut", group, cut)


def _primary(model: TechnicalEducation, tally: Tally) -> None:
    """What schemes do in primary school."""
    regions, p = model.regions, model.schools.interest_p
    now, then = (of(Activity.ORIENTATION, "po") for of in (regions.per_pupil, regions.per_pupil_2019))
    gained = interest.from_spending(p.po_effect, now, p) - interest.from_spending(p.po_effect, then, p)
    tally.put("po_pupils", TOTAL, regions.po_pupils)
    tally.put("po_pupils_reached", TOTAL, young.reached(now, regions.young) * regions.po_pupils)
    tally.put("po_skill_of_pupils", TOTAL, regions.skill[:, UNSKILLED.index("po")] * regions.po_pupils)
    tally.put("po_interest_of_pupils", TOTAL, gained * regions.po_pupils)


def _reviews(model: TechnicalEducation, tally: Tally) -> None:
    nothing = np.zeros(len(model.regions))
    held = [review for review in model.ministry.reviews if review.year == model.year]
    for outcome, values in (
        ("plans_reviewed", [review.funded for review in held]),
        ("review_points", [review.score * review.funded for review in held]),
        ("plans_conditioned", [review.conditioned & review.funded for review in held]),
    ):
        tally.put(outcome, TOTAL, sum(values, nothing))


def _persons(counted: Census, tally: Tally) -> None:
    """Stocks by stage, and who went from where to where."""
    tally.split("persons", GROUPS["stages"], counted.stock[:, 1:])
    tally.split("persons_in", GROUPS["stages"], counted.moves.came[:, 1:])
    tally.split("persons_out", GROUPS["stages"], counted.moves.went[:, 1:])
    tally.split(
        "moves",
        GROUPS["moves"],
        np.stack([counted.moves.ways[:, start, ends].sum(axis=1) for start, ends in MOVES], axis=1),
    )
