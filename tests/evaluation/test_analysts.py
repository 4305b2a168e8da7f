"""Analysts in worlds whose truth is known: false alarms as rare as stated, and the truth inside the interval."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("diff_diff", reason="diff-diff isn't installed: pip install -e '.[evaluation]'")

from toy_worlds import FIRST, REGIONS, YEARS, world

from doorstroom.evaluation.analysts import METHODS, NONE, Data, analyse, contrast
from doorstroom.evaluation.assignment import NEVER, assign
from doorstroom.evaluation.diagnosis import diagnose, share, smallest_detectable

WORLDS = 100
OF = {
    "everywhere": ("before_and_after",),
    "stepped": ("by_lot", "callaway_santanna", "sun_abraham", "two_way"),
    "amounts": ("by_lot", "two_way", "dose_response"),
    "split": ("by_lot", "two_way"),
    "cutoff": ("discontinuity", "two_way"),
}


@pytest.mark.parametrize("kind", ["stepped", "amounts", "split"])
@pytest.mark.parametrize("size", [0.0, 5.0])
def test_a_lot_drawn_again_is_right_as_often_as_it_says(kind: str, size: float) -> None:
    found = [analyse("by_lot", world(seed, kind, size)) for seed in range(WORLDS)]  # type: ignore[arg-type]
    value, low, high = np.array(found).T
    told = diagnose(value, low, high, np.full(WORLDS, size))
    assert told.coverage.low <= 0.90 <= told.coverage.high + 0.02
    assert abs(told.bias) < 4 * told.bias_error
    if size == 0.0:
        assert told.alarms.low <= 0.10 <= told.alarms.high + 0.02
    else:
        assert told.alarms.value == 1.0


@pytest.mark.parametrize(("kind", "method"), [(kind, method) for kind, methods in OF.items() for method in methods])
def test_an_effect_of_the_same_size_everywhere_moves_the_interval_by_just_that_size(kind: str, method: str) -> None:
    for seed in (1, 2, 3):
        without, moved = (analyse(method, world(seed, kind, size)) for size in (0.0, 3.0))  # type: ignore[arg-type]
        assert np.allclose(np.subtract(moved, without), 3.0, atol=0.1 if method == "by_lot" else 1e-6)


def grown(seed: int) -> tuple[Data, float]:
    """Waves whose effect grows every year, and the mean effect while some still wait."""
    data = world(seed, "stepped", 0.0)
    since = np.maximum(YEARS[:, None] - data.assignment.start + 1, 0) * 2.0
    had = (since > 0) & (data.assignment.start.max() > YEARS)[:, None]
    return data._replace(figures=data.figures + since), float(since[had].mean())


@pytest.mark.parametrize(("method", "right"), [("by_lot", True), ("callaway_santanna", True), ("two_way", False)])
def test_an_effect_that_grows_deceives_only_who_compares_waves_with_earlier_ones(method: str, right: bool) -> None:
    told, true = zip(*((analyse(method, data), effect) for data, effect in map(grown, range(40))), strict=True)
    value, low, high = np.array(told).T
    found = diagnose(value, low, high, np.array(true))
    assert (found.coverage.value >= 0.85) == right
    if not right:
        assert abs(found.bias) > 0.5 * np.mean(true)  # half of the effect or more is lost


def test_bounds_for_drift_are_wider_than_the_interval_without() -> None:
    narrow, wide = (analyse(method, world(4, "cutoff", 1.0)) for method in ("two_way", "honest"))
    assert wide.value == pytest.approx(narrow.value, abs=1.5)
    assert wide.low < narrow.low
    assert wide.high > narrow.high


def test_the_contrast_of_one_unit_of_effect_is_one() -> None:
    for kind in ("stepped", "amounts", "split"):
        data = world(3, kind, 0.0)  # type: ignore[arg-type]
        treatment = data.assignment.treatment(YEARS)
        weights = contrast(treatment, YEARS < FIRST)
        assert (weights * treatment).sum() == pytest.approx(1.0)
        assert weights.sum(axis=0).max() == pytest.approx(0.0, abs=1e-12)  # a region's level tells nothing
        assert weights.sum(axis=1)[YEARS >= FIRST].max() == pytest.approx(0.0, abs=1e-12)  # nor does that of a year


def test_before_and_after_raises_more_false_alarms_than_it_states() -> None:
    found = [analyse("before_and_after", world(seed, "everywhere", 0.0)) for seed in range(WORLDS)]
    value, low, high = np.array(found).T
    assert diagnose(value, low, high, np.zeros(WORLDS)).alarms.low > 0.10


def test_a_method_that_can_not_answer_says_so() -> None:
    data = world(1, "cutoff", 0.0)
    nobody = data._replace(assignment=data.assignment._replace(running=np.ones(REGIONS)))
    assert analyse("discontinuity", nobody) is NONE
    assert analyse("by_lot", data) is NONE  # nothing was drawn by lot


def test_regions_without_a_figure_are_left_out() -> None:
    data = world(1, "stepped", 2.0)
    figures = data.figures.copy()
    figures[:, 5] = np.nan
    for method in ("by_lot", "two_way", "callaway_santanna"):
        assert np.isfinite(analyse(method, data._replace(figures=figures))).all()
    assert set(METHODS) >= {method for methods in OF.values() for method in methods}


def test_lots_give_every_group_its_part_of_every_kind_of_region() -> None:
    before = np.arange(REGIONS, dtype=float)
    rng = np.random.default_rng(3)
    stepped = assign("stepped", before, FIRST, 4, 0.0, rng)
    assert set(stepped.start) == {FIRST, FIRST + 1, FIRST + 2, FIRST + 3}
    for low in range(0, 76, 4):  # in each block of four neighbours one of each wave
        assert sorted(stepped.start[low : low + 4]) == [FIRST, FIRST + 1, FIRST + 2, FIRST + 3]
    amounts = assign("amounts", before, FIRST, 4, 0.2, rng)
    assert amounts.dose.sum() == pytest.approx(0.0)
    assert set(np.round(np.abs(amounts.dose), 9)) == {0.2}
    cutoff = assign("cutoff", before, FIRST, 4, 0.25, rng)
    assert (cutoff.start == FIRST).sum() == 20
    assert (cutoff.treatment(YEARS)[:, cutoff.start == NEVER] == 0).all()


def test_diagnosands_of_known_estimates() -> None:
    value = np.array([1.0, -1.0, 3.0, np.nan])
    told = diagnose(value, value - 0.5, value + 0.5, np.array([1.2, 1.0, 1.0, 1.0]))
    assert told.answered.value == 0.75
    assert told.alarms.value == 1.0
    assert told.coverage.value == pytest.approx(1 / 3)
    assert told.bias == pytest.approx((-0.2 - 2.0 + 2.0) / 3)
    assert told.wrong_sign.value == pytest.approx(1 / 3)
    assert told.exaggeration == pytest.approx((5 / 3) / (3.2 / 3))
    assert share(0, 10).low == 0.0
    assert smallest_detectable(np.array([1.0, 2.0, 4.0]), np.array([0.2, 0.6, 1.0])) == pytest.approx(3.0)
    assert smallest_detectable(np.array([1.0, 2.0]), np.array([0.2, 0.6])) == np.inf
