"""The committed patterns are sound, known in time, and checked as they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from doorstroom.evidence.calibration import load_settings
from doorstroom.evidence.ensemble import Ensemble
from doorstroom.evidence.patterns import PatternError, check, load_patterns, series_of
from doorstroom.outcomes import COLUMN

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
LAST_KNOWN = 2021


def test_there_are_enough_and_none_is_known_only_from_later() -> None:
    patterns = load_patterns(EXPERIMENTS / "patterns.toml")
    assert len(patterns) >= 12
    for pattern in patterns:
        assert max(figure.year for figure in (*pattern.of, *pattern.over)) <= LAST_KNOWN
        assert len(pattern.source) > 20
        assert len(pattern.why) >= 10
    assert all(series in COLUMN for series in series_of(patterns))


def test_every_pattern_is_fitted_to_or_left_out_with_a_reason() -> None:
    patterns = load_patterns(EXPERIMENTS / "patterns.toml")
    settings = load_settings(patterns, EXPERIMENTS / "calibration.toml")
    assert len(set(settings.targets)) == len(settings.targets)


PATTERN = """[{name}]
{statistic}
of = ["vmbo_technique_pupils/total@2020"]
over = ["vmbo_pupils/total@2020"]
value = 0.2
tolerance = 0.05
unit = "share"
source = "invented"
why = "a test"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "patterns.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_pattern_is_a_quotient_of_the_country_or_a_correlation_of_regions(tmp_path: Path) -> None:
    text = PATTERN.format(name="share", statistic="") + PATTERN.format(
        name="alike", statistic='statistic = "correlation"'
    )
    patterns = load_patterns(written(tmp_path, text))
    values = np.zeros((2, 2, 4, 2))
    values[:, 1, :, 0] = [[60.0, 10, 20, 30], [30.0, 5, 10, 15]]
    values[:, 1, :, 1] = [[240.0, 100, 80, 60], [120.0, 20, 40, 60]]
    found = check(patterns, Ensemble(2019, tuple(series_of(patterns)), values))
    assert np.allclose(found[0].figures, 0.25)
    assert found[0].holds
    assert np.allclose(found[1].figures, [-1.0, 1.0])
    assert found[1].inside == 0.0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("vmbo_pupils", "vmbo_pupil", "did you mean 'vmbo_pupils'"),
        ("/total@2020", "/totl@2020", "did you mean 'total'"),
        ("@2020", "", "outcome/group@year"),
        ("tolerance = 0.05", "tolerance = 0", "greater than 0"),
        ("unit", "units", "did you mean 'unit'"),
        ("[share]", "[share", "patterns.toml: line 1"),
    ],
)
def test_a_fault_in_the_file_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = written(tmp_path, PATTERN.format(name="share", statistic="").replace(old, new))
    with pytest.raises(PatternError, match=r"patterns\.toml") as caught:
        load_patterns(path)
    assert told in str(caught.value)
