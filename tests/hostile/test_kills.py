"""The real `study run`, killed after its manifest and at a random moment; the long trials are `kills.py`."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from kills import FRACTION, Trial, trial

KILLS = int(os.environ.get("DOORSTROOM_KILLS", "0"))
"""How often in `trial`; by default only once after the manifest."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "study.toml"
    file.write_text(
        f"""title = "Killed"
scenarios = ["no_sto", "baseline"]
fraction = {FRACTION}
regions = "asked"
method = {{ name = "draws", draws = 2 }}
[outcomes.technique]
outcome = "vmbo_technique_pupils"
years = 2025
"""
    )
    return file


@pytest.mark.skipif(os.name == "nt", reason="groups of processes of POSIX")
def test_killed_between_the_manifest_and_its_runs_nothing_old_or_half_is_shown(file: Path, tmp_path: Path) -> None:
    study = Trial(("study", "run", str(file)), tmp_path / "results" / "study", random.Random(1))
    study.folder.parent.mkdir()
    study.kill_after_the_manifest()
    assert study.seen[0].startswith("after the manifest: "), study.seen
    assert "finished" not in study.seen[0].split(": ")[1]


@pytest.mark.skipif(KILLS == 0, reason="a trial of minutes: DOORSTROOM_KILLS=20")
def test_killed_at_random_it_ends_as_if_undisturbed(file: Path, tmp_path: Path) -> None:
    assert len(trial(("study", "run", str(file)), tmp_path / "trial", KILLS, 1, 60.0).seen) == KILLS
