"""10. Teacher labour market: who leaves technique teaching and who enters it.

What happens at the schools in between (hours, contracts, moves) is teacher_hours; the teachers of technique in tl,
havo, vwo and mbo who fish in the same pond are other_teaching.

Lessons. A profile asks part of a teacher however small the group (room, safety, planning), and hours per pupil:

    FTE needed = profile_fte x profiles on offer + pupils in years 3 and 4 / pupils_per_fte

Leaving. A technique teacher retires with a chance that rises with age, and may leave for industry, for other teaching
or otherwise:

    P(to industry) = industry_exit x (tightness / tightness_2019)^tightness_exit x exp(wage_exit x (wage - 1)) x keep
    P(other)       = (starter_exit in the first five years, else other_exit) x keep
    P(teaching)    = teaching_exit x openings x keep
    keep           = exp(-retention_effect x log(1 + x / spending_scale))

x is euro for attracting and developing staff per FTE of technique teaching in the region. wage is the technical wage
relative to 2019, divided by what teachers are paid relative to what they would have been. openings are those of the
other teaching of technique within commuting distance, relative to 2019. Who leaves for industry becomes a technician
of the region's firms; who leaves for other teaching teaches there.

Entering. Each region sees per year, by route, a number of candidates

    teacher training:  training_yield x region's part of the lessons
    zij-instroom:      side_entry_rate x technicians in the region x pull
    hybrid:            hybrid_rate x technicians x pull
    instructor:        instructor_rate x region's part of the lessons x pull, no money counted
    other teaching:    teaching_entry x persons in other teaching of technique in the region
    pull = (tightness / tightness_2019)^-tightness_entry x exp(-wage_entry x (wage - 1))
    all but the instructors x (1 + attraction_effect x log(1 + x / spending_scale)), all x openings^-competition

Money counts only for its timely part: schools plan staff in spring, so of money that was not known before 1 March
late_share works that year. Where no date is given, a region that spent nothing on staff the year before counts as not
having known. Candidates go to the largest vacancy of their region, and where none is open to the largest within
commute_km; a school offers no more hours than are open. Zij-instromers and instructors leave a firm, a hybrid teacher
leaves it for hybrid_fte. Last, a school finds unqualified cover for cover_share of what is still open. What then stays
open is unfilled. Zij-instromers and unqualified cover become bevoegd with chance qualify_rate a year.

Ages of 2019 and of those who enter are those of mbo teachers by year of age (DUO, 2014 and 2019), the nearest group
whose ages are published; the first are tilted smoothly to share_55plus_2019.

Source: about 1,500 persons and 1,000 FTE in 2017/18, 2.5% fewer a year later; 70 to 95 diplomas a year of which
about half goes to schools, vmbo and mbo together; in 2013-2017 3.5 to 3.8% of vo teachers of 30 to 59 left
education a year, 7.5% below 30 and 19.4% from 60 on, and 0.6% went to po or mbo (DUO); a fifth of the technique
teachers of 2021/22 worked wholly outside education five years before (STO monitor); retention payments cut leaving by
23% in England; boom and bust move entry (Noord-Holland; Nagler et al. for the United States; Falch et al. for Norway).
A wage premium of 10% raised recruitment by 6 to 7 points and lowered quits as much (Falch 2011, 2013), an elasticity
of about 1.4.
Wrong if: exits don't follow the technical labour market, or regions that spend on staff keep no more of them; or if
entry doesn't fall where colleges and havo/vwo have more vacancies for technique.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq

from doorstroom.kernels import compiled

Array = NDArray[np.float64]
Rows = NDArray[np.int64]

STAY: Final = -1
CAUSES: Final = ("retired", "to industry", "other", "other teaching", "contract ended", "other subject")
RETIRED, TO_INDUSTRY, OTHER, TO_TEACHING, CONTRACT_ENDED, OTHER_SUBJECT = range(len(CAUSES))
"""Causes of leaving; the last two are teacher_hours'."""

ROUTES: Final = ("training", "side_entry", "hybrid", "instructor", "teaching")
COVER: Final = len(ROUTES)
"""Number of the last route, unqualified cover."""
HYBRID: Final = ROUTES.index("hybrid")
NOTICED: Final = 0.2
"""FTE below which a vacancy is let be: a day a week."""
STARTER_YEARS: Final = 5.0
AGES_2019: Final = np.array([20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0, 65.0, 67.0])
"""Ends of the age bands of `age_2019`."""
AGES_ENTRY: Final = np.array([20.0, 23.0, 28.0, 33.0, 38.0, 43.0, 48.0, 53.0, 58.0, 62.0])
"""Ends of the age bands of `age_entry`."""
OLD: Final = 55.0


class TeacherMarket(NamedTuple):
    """Parameters of the teacher labour market; `age_2019` and `age_entry` run over age bands."""

    profile_fte: float
    pupils_per_fte: float
    persons_2019: float
    mean_fte: float
    unfilled_2019: float
    age_2019: Array
    share_55plus_2019: float
    age_entry: Array
    qualified_2019: float
    instructors_2019: float
    retire_60: float
    retire_65: float
    retirement_age: float
    industry_exit: float
    tightness_exit: float
    wage_exit: float
    starter_exit: float
    other_exit: float
    teaching_exit: float
    retention_effect: float
    spending_scale: float
    training_yield: float
    side_entry_rate: float
    hybrid_rate: float
    hybrid_fte: float
    instructor_rate: float
    teaching_entry: float
    tightness_entry: float
    wage_entry: float
    competition: float
    attraction_effect: float
    late_share: float
    cover_share: float
    qualify_rate: float


def fte_needed(pupils: Array, open_profiles: Array, p: TeacherMarket) -> Array:
    """FTE that technique lessons ask, shape (schools,).

    Parameters
    ----------
    pupils : pupils in years 3 and 4 of technical profiles, shape (schools,)
    open_profiles : number of technical profiles on offer, shape (schools,)
    """
    return p.profile_fte * open_profiles + pupils / p.pupils_per_fte


def ages(u: Array, share: Array, ends: Array, old: float | None = None) -> Array:
    """Ages by inversion of the smooth distribution with this `share` in the bands between `ends`, shape of `u`.

    Where `old` is given, the shares are tilted exponentially with age until that part is 55 or over.
    """
    middle, over = (ends[:-1] + ends[1:]) / 2.0 - OLD, ends[:-1] >= OLD

    def tilted(k: float) -> Array:
        weight = share * np.exp(k * middle)
        return np.asarray(weight / weight.sum())

    k = 0.0 if old is None else brentq(lambda slope: tilted(slope)[over].sum() - old, -1.0, 1.0)
    below = np.append(0.0, np.cumsum(tilted(k)))
    return np.asarray(PchipInterpolator(below / below[-1], ends)(u))


def keep(per_fte: Array, p: TeacherMarket) -> Array:
    """Factor on leaving of euro for staff per FTE, shape of `per_fte`."""
    return np.exp(-p.retention_effect * np.log1p(per_fte / p.spending_scale))


def lured(tightness: Array, wage: Array, p: TeacherMarket) -> Array:
    """How many teachers leave for industry, relative to 2019, shape of `tightness`."""
    return np.asarray(tightness**p.tightness_exit * np.exp(p.wage_exit * (wage - 1.0)))


def leave(
    age: Array, years: Array, u: Array, tightness: Array, wage: Array, per_fte: Array, openings: Array, p: TeacherMarket
) -> NDArray[np.int64]:
    """Cause of leaving of each teacher (STAY, RETIRED, TO_INDUSTRY, OTHER, TO_TEACHING), shape (n,).

    Parameters
    ----------
    age, years : age and years in teaching, shape (n,)
    u : uniform numbers, shape (n,)
    tightness : relative to 2019, at the teacher's region, shape (n,)
    wage : technical wage relative to 2019, shape (n,)
    per_fte : euro for staff per FTE of technique teaching, shape (n,)
    openings : of the other teaching of technique near the teacher, relative to 2019, shape (n,)
    """
    kept = keep(per_fte, p)
    retire = np.select([age >= p.retirement_age, age >= 65, age >= 60], [1.0, p.retire_65, p.retire_60], 0.0)
    industry = p.industry_exit * lured(tightness, wage, p) * kept
    teaching = p.teaching_exit * openings * kept
    industry, teaching = (np.where(age < 60, chance, 0.0) for chance in (industry, teaching))
    other = np.where(years < STARTER_YEARS, p.starter_exit, p.other_exit) * kept
    edges = np.cumsum([retire, *(np.minimum(chance, 0.5) for chance in (industry, other, teaching))], axis=0)
    return np.asarray(np.select(list(u < edges), [RETIRED, TO_INDUSTRY, OTHER, TO_TEACHING], STAY))


def drawn(tightness: Array, wage: Array, p: TeacherMarket) -> Array:
    """How many technicians turn to teaching, relative to 2019, shape of `tightness`."""
    return np.asarray(tightness**-p.tightness_entry * np.exp(-p.wage_entry * (wage - 1.0)))


def candidates(
    lessons: Array,
    technicians: Array,
    others: Array,
    tightness: Array,
    wage: Array,
    per_fte: Array,
    openings: Array,
    p: TeacherMarket,
) -> Array:
    """Expected candidates per region and route, shape (regions, 5), persons a year.

    Parameters
    ----------
    lessons : each region's part of all technique lessons, summing to one
    technicians : technicians employed in the region, persons
    others : who teaches technique in tl, havo, vwo and mbo in the region, persons
    tightness, wage : relative to 2019
    per_fte : euro that counts this year for attracting staff, per FTE
    openings : of the other teaching of technique near the region, relative to 2019
    """
    pull = drawn(tightness, wage, p)
    helped = 1.0 + p.attraction_effect * np.log1p(per_fte / p.spending_scale)
    routes = [
        p.training_yield * lessons * helped,
        p.side_entry_rate * technicians * pull * helped,
        p.hybrid_rate * technicians * pull * helped,
        p.instructor_rate * lessons * pull,
        p.teaching_entry * others * helped,
    ]
    return np.stack(routes, axis=1) * np.maximum(openings, 0.1)[:, None] ** -p.competition


class Staff(NamedTuple):
    """Teachers and who may come, arrays over all of them.

    Attributes
    ----------
    school : row of the location, -1 for nobody's
    kind : qualification
    contract : FTE of technique that the teacher wants
    usual : FTE of technique that the teacher has come to give
    fte : FTE of technique this year
    """

    school: Rows
    kind: NDArray[np.int8]
    contract: Array
    usual: Array
    fte: Array


class Reach(NamedTuple):
    """Locations per region, one after the other: rows, and where each region starts (and the last one ends)."""

    rows: Rows
    start: Rows


@compiled
def appoint(who: int, route: int, kind: int, rows: Rows, open_fte: Array, staff: Staff, hybrid: float) -> bool:
    """Put a candidate at the location of `rows` with the largest vacancy; False where nothing is open.

    `open_fte` are the vacancies per location, `hybrid` the FTE of who comes from a firm beside the job.
    """
    if len(rows) == 0:
        return False
    school = rows[0]
    for row in rows:
        if open_fte[row] > open_fte[school]:
            school = row
    if open_fte[school] < NOTICED:
        return False
    if route == HYBRID:
        staff.contract[who] = hybrid
    staff.school[who], staff.kind[who] = school, kind
    staff.fte[who] = staff.usual[who] = min(staff.contract[who], open_fte[school])
    open_fte[school] -= staff.fte[who]
    return True


@compiled
def fill_vacancies(
    come: Rows,
    places: Rows,
    kinds: NDArray[np.int8],
    own: Reach,
    near: Reach,
    open_fte: Array,
    staff: Staff,
    hybrid_fte: float,
    cover_share: float,
) -> None:
    """Appoint candidates, then unqualified cover.

    Those who find nothing in their own region look within commuting distance when everybody has looked at home. Cover
    comes in the order of its numbers, until the next one would work more than twice what is still wanted.

    Parameters
    ----------
    come : candidates per region and route, shape (regions, 5)
    places : numbers of who may come, shape (regions, 6, candidates)
    kinds : qualification per route, shape (6,)
    own, near : the locations of each region, and those within commuting distance of its centre
    open_fte : vacancies per location, FTE; filled in place
    """
    for reach in (own, near):
        for region in range(len(come)):
            rows = reach.rows[reach.start[region] : reach.start[region + 1]]
            for route in range(COVER):
                for k in range(come[region, route]):
                    who = places[region, route, k]
                    if staff.school[who] < 0:
                        appoint(who, route, kinds[route], rows, open_fte, staff, hybrid_fte)
    for region in range(len(come)):
        rows = own.rows[own.start[region] : own.start[region + 1]]
        wanted = 0.0
        for row in rows:
            wanted += max(open_fte[row], 0.0) * cover_share
        for who in places[region, COVER]:
            if wanted < 0.5 * staff.contract[who]:
                break
            if not appoint(who, COVER, kinds[COVER], rows, open_fte, staff, hybrid_fte):
                break
            wanted -= staff.fte[who]
