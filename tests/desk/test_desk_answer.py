"""The answer of a desk: what was learned of a known country, its laws, and its own word for its error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from doorstroom.desk.basis import index_of
from doorstroom.desk.file import Desk
from doorstroom.desk.judging import accuracy, refused, regional_accuracy
from doorstroom.desk.learned import Learned, answer, law, load, save
from doorstroom.desk.levers import PRESENT
from doorstroom.desk.outcomes import TOLD
from doorstroom.desk.regions import regional_answer
from doorstroom.desk.runs import Made
from doorstroom.errors import StoreError


def test_no_change_has_no_effect_no_luck_and_no_error(learned: Learned, study: Desk) -> None:
    found = answer(learned, PRESENT, study.policy_of())
    assert not found.response.any()
    assert not found.values.any()
    assert not found.error.any()
    middle, low, high = regional_answer(learned, PRESENT)
    assert not middle.any()
    assert not low.any()
    assert not high.any()


def test_what_comes_later_changes_nothing_before(learned: Learned, study: Desk) -> None:
    found = answer(learned, {"ngf_after": 1.0}, study.policy_of())
    assert not found.values[:, : index_of(2033)].any()
    assert found.values[:, index_of(2034)].any()


def test_held_out_errors_are_small_where_the_truth_is_smooth(learned: Learned, made: Made, study: Desk) -> None:
    rows = {(row.outcome, row.year): row for row in accuracy(learned, made, study.policy_of())}
    assert len(rows) == len(TOLD) * 15
    assert np.median([row.part for row in rows.values()]) < 0.1
    assert 0.85 < np.mean([row.held for row in rows.values()]) <= 1.0
    assert 0.5 < regional_accuracy(learned, made).mean() <= 1.0


def test_more_money_and_nothing_else_never_means_less_work(learned: Learned, study: Desk) -> None:
    policy, at = study.policy_of(), TOLD.index("absorbed")
    for position, sign in (
        ({"sto_later": 1.4}, 1),
        ({"sto_near": 1.1, "ngf": 1.2}, 1),
        ({"sto_end": 2031}, -1),
        ({"ngf_conditional": 0.3}, -1),
    ):
        values = answer(learned, position, policy).values[at]
        assert (sign * values >= 0.0).all()
    low, high = law({"sto_later": 1.4, "pay": 1.1}, policy)
    assert np.isinf(low).all()  # something else is moved too
    assert np.isinf(high).all()


def test_a_large_error_is_no_number(learned: Learned, study: Desk) -> None:
    found = answer(learned, {"sto_later": 0.4, "staff": 0.3}, study.policy_of())
    outcome, year = TOLD.index("teacher_fte"), index_of(2034)
    off = found._replace(error=np.full_like(found.error, 1e9))
    assert refused(off, outcome, year, 10.0)
    sharp = found._replace(error=np.zeros_like(found.error))
    assert not refused(sharp, outcome, year, 10.0)
    assert not refused(found._replace(error=found.error * 0.0 + 1.0), outcome, year, 1e6)  # too small to matter


def test_what_was_learned_is_kept_and_read_back(learned: Learned, tmp_path: Path) -> None:
    save(learned, tmp_path)
    again = load(tmp_path)
    assert np.allclose(again.coefficients, learned.coefficients, rtol=1e-5)
    assert np.array_equal(again.ranks, learned.ranks)
    with pytest.raises(StoreError, match="doorstroom desk"):
        load(tmp_path / "elsewhere")
