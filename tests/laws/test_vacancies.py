"""Who comes to teach technique goes where most lessons are open, and no further than that."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pytest

from doorstroom.mechanisms import teacher_market as market
from doorstroom.parameters import CENTRAL, draw_parameters

P: Final = draw_parameters(CENTRAL).take(market.TeacherMarket)._replace(hybrid_fte=0.3, cover_share=0.5)
KINDS: Final = np.array([10, 11, 12, 13, 14], np.int8)
PLACES: Final = 3
"""Who may come per region and route."""


class Summer(NamedTuple):
    """Inflow per region and route, what stays open, and where each candidate went: a school, or -1."""

    inflow: np.ndarray
    open_fte: np.ndarray
    school: np.ndarray
    kind: np.ndarray
    fte: np.ndarray


def summer(regions: list[list[int]], vacancies: list[float], come: list[list[int]], fte: float = 0.8) -> Summer:
    """Fill the `vacancies` of schools that lie in these `regions` with who `come` by route."""
    start = np.cumsum([0, *(len(schools) for schools in regions)])
    by_region = np.array([school for schools in regions for school in schools], np.int64)
    places = np.arange(len(regions) * len(KINDS) * PLACES).reshape(len(regions), len(KINDS), PLACES)
    open_fte = np.array(vacancies)
    staff = market.Staff(np.full(places.size, -1), np.zeros(places.size, np.int8), np.full(places.size, fte))
    inflow = market.fill_vacancies(np.array(come), places, KINDS, by_region, start, open_fte, staff, P)
    return Summer(inflow, open_fte, *(column.reshape(places.shape) for column in staff))


def test_each_goes_to_the_largest_vacancy_of_the_own_region_and_cover_comes_last() -> None:
    """Schools 0 and 2 lie in the first region, none in the second, school 1 in the third."""
    found = summer([[2, 0], [], [1]], [1.0, 1.65, 2.0], [[1, 0, 1, 1], [2, 1, 0, 1], [0, 3, 0, 0]])
    # first region: 2.0 - 0.8, 1.2 - 0.3, 1.0 - 0.8; half of 0.9 + 0.2 is over half an appointment, and once covered not
    # third: 1.65 - 0.8, 0.85 - 0.8, and what is left no third candidate takes
    assert found.inflow.tolist() == [[1, 0, 1, 1, 1], [0, 0, 0, 0, 0], [0, 2, 0, 0, 0]]
    assert found.open_fte == pytest.approx([0.2, 0.05, 0.1])
    assert found.school[0].tolist() == [[2, -1, -1], [-1, -1, -1], [2, -1, -1], [0, -1, -1], [2, -1, -1]]
    assert found.school[2].tolist() == [[-1, -1, -1], [1, 1, -1], *[[-1, -1, -1]] * 3]
    assert (found.school[1] == -1).all()
    came = found.school >= 0
    assert (found.kind == np.where(came, KINDS[:, None], 0)).all()
    assert found.fte[0, 2].tolist() == [0.3, 0.8, 0.8]  # from a firm, beside the job
    assert found.fte.sum() == pytest.approx(found.fte.size * 0.8 - 0.5)


def test_a_school_with_more_than_it_asked_lessens_no_other_schools_cover() -> None:
    found = summer([[0, 1]], [1.0, 0.9], [[1, 0, 0, 0]], fte=1.3)
    # 1.0 - 1.3, so 0.9 is open and cover for 0.45 sought: not half of 1.3
    assert found.open_fte == pytest.approx([-0.3, 0.9])
    assert found.inflow.tolist() == [[1, 0, 0, 0, 0]]
    found = summer([[0, 1]], [0.3, 0.9], [[0, 0, 1, 0]], fte=0.6)
    # 0.9 - 0.3; half of 0.3 + 0.6 is over half of 0.6
    assert found.open_fte == pytest.approx([0.3, 0.0])
    assert found.inflow.tolist() == [[0, 0, 1, 0, 1]]
    found = summer([[0, 1]], [-0.8, 0.9], [[0, 0, 0, 0]])
    assert found.open_fte == pytest.approx([-0.8, 0.1])
    assert found.inflow.tolist() == [[0, 0, 0, 0, 1]]


def test_cover_is_sought_until_less_than_half_an_appointment_is_left() -> None:
    found = summer([[0]], [4.2], [[0, 0, 0, 0]])
    # 2.1, 1.3, 0.5 FTE to cover: three times
    assert found.inflow.tolist() == [[0, 0, 0, 0, 3]]
    assert summer([[0]], [2.2], [[0, 0, 0, 0]]).inflow.tolist() == [[0, 0, 0, 0, 1]]
    assert summer([[0]], [0.7], [[0, 0, 0, 0]]).inflow.sum() == 0


@pytest.mark.parametrize(("vacancy", "taken"), [(market.NOTICED, True), (0.99 * market.NOTICED, False), (0.0, False)])
def test_a_small_vacancy_is_let_be(vacancy: float, taken: bool) -> None:
    found = summer([[0]], [vacancy], [[0, 0, 0, 1]])
    assert (found.school[0, 3] == 0).tolist() == [taken, False, False]
    assert found.inflow.tolist() == [[0, 0, 0, int(taken), 0]]
