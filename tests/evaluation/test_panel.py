"""What is published of a region: as much luck as a count of everybody has, and no small counts."""

from __future__ import annotations

import numpy as np
import pytest

from doorstroom.evaluation.panel import WITHHELD, Collection, counted, published, unit_of

YEARS, REGIONS, PERSONS = 16, 400, 500.0


@pytest.mark.parametrize("fraction", [0.05, 0.1, 1.0])
def test_a_share_from_part_of_the_people_gets_the_luck_of_a_count_of_all(fraction: float) -> None:
    rng = np.random.default_rng(1)
    lasting = rng.normal(0.0, 0.02, (YEARS, REGIONS))  # what all people of a region would do otherwise in a year
    chance = np.clip(0.2 + rng.normal(0.0, 0.04, REGIONS) + lasting, 0.02, 0.9)
    heads = rng.binomial(int(PERSONS * fraction), chance) / int(PERSONS * fraction)
    told = counted(heads, np.full_like(heads, PERSONS), fraction)
    whole = np.sqrt(0.02**2 + (0.2 * 0.8 / PERSONS))
    assert told.std(axis=0, ddof=1).mean() == pytest.approx(whole, rel=0.15)
    assert told.mean(axis=0) == pytest.approx(heads.mean(axis=0), abs=2e-3)
    assert told.mean(axis=1) == pytest.approx(heads.mean(axis=1), abs=2e-3)
    if fraction < 1.0:
        assert heads.std(axis=0, ddof=1).mean() > 1.5 * whole


def test_small_counts_are_withheld_and_monitors_err() -> None:
    persons, rng = np.full((2, 3), 100.0), np.random.default_rng(1)
    share = np.array([[0.0, 0.02, 0.3], [0.05, 0.5, 0.049]])
    seen = published(share, persons, Collection(0.0, 1), rng)
    assert seen.tolist() == [[0.0, WITHHELD / 100, 0.3], [0.05, 0.5, WITHHELD / 100]]
    amounts = np.array([[1.0, 3.0, 50.0]])  # schools, say: they are no persons
    assert published(amounts, None, Collection(0.0, 1), rng).tolist() == amounts.tolist()
    erring = published(np.full((200, 78), 50.0), None, Collection(0.1, 1), rng)
    assert erring.std() == pytest.approx(5.0, rel=0.05)


def test_units_are_points_or_percent_of_a_regions_own_years_before() -> None:
    figures, before = np.array([[10.0, 0.0], [30.0, 0.0], [99.0, 9.0]]), np.array([True, True, False])
    assert unit_of(figures, before, "points").tolist() == [0.01, 0.01]
    assert unit_of(figures, before, "index")[0] == 0.2
    assert np.isnan(unit_of(figures, before, "index")[1])
