"""How much of an interval is luck of who is in the sample: known answers, and no claim where nothing can be told."""

from __future__ import annotations

import numpy as np
import pytest

from doorstroom.reporting.findings import Findings
from doorstroom.reporting.key import HEADLINE
from doorstroom.reporting.page.luck import Luck, lucks, unexplained, within


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_share_is_that_of_a_known_mixture(share: float) -> None:
    rng = np.random.default_rng(7)
    known, luck = rng.normal(0, np.sqrt(1 - share), 40_000), rng.normal(0, np.sqrt(share), (40_000, 2))
    assert unexplained(known + luck[:, 0], known) == pytest.approx(share, abs=0.02)
    assert within(known[:, None] + luck) == pytest.approx(share, abs=0.02)


def test_the_share_is_off_by_less_than_two_points_at_forty_runs() -> None:
    rng = np.random.default_rng(8)
    found = []
    for _ in range(2000):
        known = rng.normal(0, 1, 40)
        found.append(unexplained(known + rng.normal(0, 1, 40), known))
    assert np.mean(found) == pytest.approx(0.5, abs=0.02)


def test_an_interval_without_luck_is_narrower_by_the_square_root() -> None:
    assert Luck("one", HEADLINE[0], 0.75).narrower == pytest.approx(0.5)


def test_with_two_seeds_every_headline_effect_tells_its_luck(findings: Findings) -> None:
    found = list(lucks(findings))
    assert found
    for one in found:
        at = findings.years.index(findings.year)
        effect = findings.comparison.effect(findings.national_panel, one.label, one.series)[:, at, 0].reshape(-1, 2)
        spread = np.mean([np.var(draw, ddof=1) for draw in effect]) / np.var(effect, ddof=1)
        assert one.share == pytest.approx(min(spread, 1.0))
