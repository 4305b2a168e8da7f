"""Who comes to teach technique goes where most lessons are open, and no further than that."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pytest

from doorstroom.mechanisms import teacher_market as market

KINDS: Final = np.array([10, 11, 12, 13, 14, 15], np.int8)
HYBRID_FTE: Final = 0.3
COVER_SHARE: Final = 0.5
PLACES: Final = 3
"""Who may come per region and route."""


class Summer(NamedTuple):
    """How many came per region and route, what stays open, and where each candidate went: a school, or -1."""

    inflow: list[list[int]]
    open_fte: np.ndarray
    school: np.ndarray
    kind: np.ndarray
    fte: np.ndarray


def reach(regions: list[list[int]]) -> market.Reach:
    rows = np.array([school for schools in regions for school in schools], np.int64)
    return market.Reach(rows, np.cumsum([0, *(len(schools) for schools in regions)]))


def summer(
    regions: list[list[int]],
    vacancies: list[float],
    come: list[list[int]],
    fte: float = 0.8,
    near: list[list[int]] | None = None,
) -> Summer:
    """Fill the `vacancies` of schools that lie in these `regions`, or `near` them, with who `come` by route."""
    places = np.arange(len(regions) * len(KINDS) * PLACES).reshape(len(regions), len(KINDS), PLACES)
    open_fte, size = np.array(vacancies), places.size
    staff = market.Staff(
        np.full(size, -1), np.zeros(size, np.int8), np.full(size, fte), np.full(size, fte), np.zeros(size)
    )
    market.fill_vacancies(
        np.array(come), places, KINDS, reach(regions), reach(near or regions), open_fte, staff, HYBRID_FTE, COVER_SHARE
    )
    school, kind, given = (column[places] for column in (staff.school, staff.kind, staff.fte))
    return Summer((school >= 0).sum(axis=2).tolist(), open_fte, school, kind, given)


def test_each_goes_to_the_largest_vacancy_of_the_own_region_and_cover_comes_last() -> None:
    """Schools 0 and 2 lie in the first region, none in the second, school 1 in the third."""
    found = summer([[2, 0], [], [1]], [1.0, 1.7, 2.2], [[1, 0, 1, 1, 0], [2, 1, 0, 1, 0], [0, 3, 0, 0, 0]])
    # first region: 2.2 - 0.8, 1.4 - 0.3, 1.1 - 0.8; half of 1.0 + 0.3 is over half an appointment, and covered not
    # third: 1.7 - 0.8, 0.9 - 0.8, and what is left no third candidate takes
    assert found.inflow == [[1, 0, 1, 1, 0, 1], [0] * 6, [0, 2, 0, 0, 0, 0]]
    assert found.open_fte == pytest.approx([0.2, 0.1, 0.3])
    assert found.school[0].tolist() == [[2, -1, -1], [-1, -1, -1], [2, -1, -1], [2, -1, -1], [-1, -1, -1], [0, -1, -1]]
    assert found.school[2].tolist() == [[-1, -1, -1], [1, 1, -1], *[[-1, -1, -1]] * 4]
    assert (found.school[1] == -1).all()
    came = found.school >= 0
    assert (found.kind == np.where(came, KINDS[:, None], 0)).all()
    assert found.fte[0, 2].tolist() == pytest.approx([0.3, 0.0, 0.0])  # from a firm, beside the job


def test_who_finds_nothing_at_home_goes_within_commuting_distance_after_those_who_live_there() -> None:
    """The first region has no school; the school of the second is near it, that of the third is not."""
    near = [[0], [0], [1]]
    found = summer([[], [0], [1]], [1.1, 3.0], [[2, 0, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0]], near=near)
    assert found.inflow[1][0] == 1  # first who lives there
    assert found.fte[0, 0].tolist() == pytest.approx([0.3, 0.0, 0.0])  # then one from outside, for what is left
    assert found.open_fte[0] == pytest.approx(0.0)
    assert found.school[0, 0].tolist() == [0, -1, -1]


def test_a_school_offers_no_more_hours_than_are_open() -> None:
    found = summer([[0, 1]], [0.5, 0.3], [[2, 0, 0, 0, 0]], fte=1.0)
    assert found.open_fte == pytest.approx([0.0, 0.0])
    assert found.fte[0, 0].tolist() == pytest.approx([0.5, 0.3, 0.0])


def test_cover_is_sought_until_less_than_half_an_appointment_is_left() -> None:
    nobody = [[0, 0, 0, 0, 0]]
    found = summer([[0]], [4.2], nobody)
    # 2.1, 1.3, 0.5 FTE to cover: three times
    assert found.inflow == [[0, 0, 0, 0, 0, 3]]
    assert summer([[0]], [2.2], nobody).inflow == [[0, 0, 0, 0, 0, 1]]
    assert summer([[0]], [0.7], nobody).inflow == [[0] * 6]


@pytest.mark.parametrize(("vacancy", "taken"), [(market.NOTICED, True), (0.99 * market.NOTICED, False), (0.0, False)])
def test_a_small_vacancy_is_let_be(vacancy: float, taken: bool) -> None:
    found = summer([[0]], [vacancy], [[0, 0, 0, 1, 0]])
    assert (found.school[0, 3] == 0).tolist() == [taken, False, False]
    assert found.inflow == [[0, 0, 0, int(taken), 0, 0]]
