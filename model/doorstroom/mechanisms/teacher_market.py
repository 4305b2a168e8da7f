"""10. Teacher labour market.

Leaving. A technique teacher retires with a chance that rises with age, and may leave for industry or
otherwise:

    P(to industry) = industry_exit x (tightness / tightness_2019)^tightness_exit x exp(wage_exit x (wage - 1)) x keep
    P(other)       = (starter_exit in the first five years, else other_exit) x keep
    keep           = exp(-retention_effect x log(1 + x / spending_scale))

x is euro for attracting and developing staff per FTE of technique teaching in the region. wage is the technical wage
relative to 2019, divided by what teachers are paid relative to what they would have been.

Entering. Each region sees per year, by route, a number of candidates

    teacher training:  training_yield x region's part of the lessons
    zij-instroom:      side_entry_rate x technicians in the region x pull
    hybrid:            hybrid_rate x technicians x pull
    instructor:        instructor_rate x region's part of the lessons
    pull = (tightness / tightness_2019)^-tightness_entry x exp(-wage_entry x (wage - 1))
           x (1 + attraction_effect x log(1 + x / spending_scale))

and money counts for the first three routes but only for its timely part: schools plan staff in spring, so of money
that was not known before 1 March late_share works that year. Where no date is given, a region that spent nothing on
staff the year before counts as not having known. Candidates go to the vacancies of their region, the largest first;
the rest don't enter. Last, a school finds unqualified cover for cover_share of what is still open. What then stays
open is unfilled. Zij-instromers and unqualified cover become bevoegd with chance qualify_rate a year.

Source: about 1,500 persons and 1,000 FTE in 2017/18, 2.5% fewer a year later; 70 to 95 diplomas a year of which
about half goes to schools, vmbo and mbo together; retention payments cut leaving by 23% in England; boom
and bust move entry (Noord-Holland; Nagler et al. for the United States; Falch et al. for Norway). A wage premium of
10% raised recruitment by 6 to 7 points and lowered quits as much (Falch 2011, 2013), an elasticity of about 1.4. Age
structure of technique teachers is unknown beyond 'relatively old': assumption.
Wrong if: exits don't follow the technical labour market, or regions that spend on staff keep no more of them.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import compiled

Array = NDArray[np.float64]

STAY: Final = -1
RETIRED: Final = 0
TO_INDUSTRY: Final = 1
OTHER: Final = 2

ROUTES: Final = ("training", "side_entry", "hybrid", "instructor")
COVER: Final = len(ROUTES)
"""Number of the last route, unqualified cover."""
NOTICED: Final = 0.1
"""FTE below which a vacancy is let be."""
_HYBRID: Final = ROUTES.index("hybrid")


class TeacherMarket(NamedTuple):
    """Parameters of the teacher labour market."""

    pupils_per_fte: float
    minimum_fte: float
    persons_2019: float
    mean_fte: float
    share_55plus_2019: float
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
    retention_effect: float
    spending_scale: float
    training_yield: float
    side_entry_rate: float
    hybrid_rate: float
    hybrid_fte: float
    instructor_rate: float
    tightness_entry: float
    wage_entry: float
    attraction_effect: float
    late_share: float
    cover_share: float
    qualify_rate: float


def fte_needed(pupils: Array, open_profiles: Array, p: TeacherMarket) -> Array:
    """FTE that technique lessons ask, shape (schools,).

    Parameters
    ----------
    pupils : pupils in years 3 and 4 of technical profiles, shape (schools,)
    open_profiles : number of technical profiles taught, shape (schools,)
    """
    return np.maximum(pupils / p.pupils_per_fte, p.minimum_fte * open_profiles)


def leave(age: Array, years: Array, u: Array, tightness: Array, wage: Array, per_fte: Array, p: TeacherMarket) -> Array:
    """Cause of leaving of each teacher (STAY, RETIRED, TO_INDUSTRY, OTHER), shape (n,).

    Parameters
    ----------
    age, years : age and years in teaching, shape (n,)
    u : uniform numbers, shape (n,)
    tightness : relative to 2019, at the teacher's region, shape (n,)
    wage : technical wage relative to 2019, shape (n,)
    per_fte : euro for staff per FTE of technique teaching, shape (n,)
    """
    keep = np.exp(-p.retention_effect * np.log1p(per_fte / p.spending_scale))
    retire = np.select([age >= p.retirement_age, age >= 65, age >= 60], [1.0, p.retire_65, p.retire_60], 0.0)
    industry = p.industry_exit * tightness**p.tightness_exit * np.exp(p.wage_exit * (wage - 1.0)) * keep
    industry = np.where(age < 60, industry, 0.0)
    other = np.where(years < 5, p.starter_exit, p.other_exit) * keep
    industry, other = np.minimum(industry, 0.5), np.minimum(other, 0.5)
    causes = np.select([u < retire, u < retire + industry, u < retire + industry + other], [0, 1, 2], STAY)
    return np.asarray(causes)


def candidates(
    lessons: Array, technicians: Array, tightness: Array, wage: Array, per_fte: Array, p: TeacherMarket
) -> Array:
    """Expected candidates per region and route, shape (regions, 4), persons a year.

    Parameters
    ----------
    lessons : each region's part of all technique lessons, summing to one
    technicians : technicians employed in the region, persons
    tightness, wage : relative to 2019
    per_fte : euro that counts this year for attracting staff, per FTE
    """
    drawn = tightness**-p.tightness_entry * np.exp(-p.wage_entry * (wage - 1.0))
    helped = 1.0 + p.attraction_effect * np.log1p(per_fte / p.spending_scale)
    return np.stack(
        [
            p.training_yield * lessons * helped,
            p.side_entry_rate * technicians * drawn * helped,
            p.hybrid_rate * technicians * drawn * helped,
            p.instructor_rate * lessons,
        ],
        axis=1,
    )


class Staff(NamedTuple):
    """Teachers and who may come: location (-1 for nobody's), qualification and FTE, arrays over all of them."""

    school: NDArray[np.int64]
    kind: NDArray[np.int8]
    fte: Array


@compiled
def appoint(
    who: int, route: int, kind: int, rows: NDArray[np.int64], open_fte: Array, staff: Staff, hybrid: float
) -> bool:
    """Put a candidate at the location of `rows` with the largest vacancy; False where nothing is open.

    `open_fte` are the vacancies per location, `hybrid` the FTE of who comes from a firm beside the job.
    """
    school = rows[0]
    for row in rows:
        if open_fte[row] > open_fte[school]:
            school = row
    if open_fte[school] < NOTICED:
        return False
    if route == _HYBRID:
        staff.fte[who] = hybrid
    staff.school[who], staff.kind[who] = school, kind
    open_fte[school] -= staff.fte[who]
    return True


@compiled
def fill_vacancies(
    come: NDArray[np.int64],
    places: NDArray[np.int64],
    kinds: NDArray[np.int8],
    by_region: NDArray[np.int64],
    start: NDArray[np.int64],
    open_fte: Array,
    staff: Staff,
    p: TeacherMarket,
) -> Array:
    """Appoint candidates, then unqualified cover; gives the inflow per region and route, shape (regions, 5).

    Cover comes in the order of its numbers, until the next one would work more than twice what is still wanted.

    Parameters
    ----------
    come : candidates per region and route, shape (regions, 4)
    places : numbers of who may come, shape (regions, 5, candidates)
    kinds : qualification per route, shape (5,)
    by_region, start : locations ordered by region, and where each region starts, shapes (schools,) and (regions + 1,)
    open_fte : vacancies per location, FTE; filled in place
    """
    inflow = np.zeros(places.shape[:2])
    for region in range(len(come)):
        rows = by_region[start[region] : start[region + 1]]
        if len(rows) == 0:
            continue
        for route in range(COVER):
            for k in range(come[region, route]):
                who = places[region, route, k]
                inflow[region, route] += appoint(who, route, kinds[route], rows, open_fte, staff, p.hybrid_fte)
        wanted = 0.0
        for row in rows:
            wanted += max(open_fte[row], 0.0) * p.cover_share
        for who in places[region, COVER]:
            if wanted < 0.5 * staff.fte[who]:
                break
            wanted -= staff.fte[who]
            inflow[region, COVER] += appoint(who, COVER, kinds[COVER], rows, open_fte, staff, p.hybrid_fte)
    return inflow
