"""The committed study that the docs cite: today's model gives its numbers, or the changelog says that it doesn't."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorstroom.experiment.checksums import read
from doorstroom.experiment.manifest import Machine, Manifest
from doorstroom.experiment.results import Results
from doorstroom.experiment.stored import Kept
from doorstroom.experiment.verify import verify

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "results" / "reference"

LAST_BITS = "the checksum differs, the few numbers in runs.csv don't"

pytestmark = pytest.mark.skipif(
    not (REFERENCE / "manifest.json").exists(), reason="results/reference isn't there; make it with: make reference"
)


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return Manifest.load(REFERENCE)


def test_it_is_whole(manifest: Manifest) -> None:
    assert manifest.ended
    assert not (manifest.commit or "").endswith("+")  # made from committed files
    assert read(REFERENCE).keys() == set(Results.open(REFERENCE).identities)
    for file in (
        "report.html",
        "runs.csv",
        "runs.parquet",
        "points.parquet",
        "parameters.toml",
        "CITATION.cff",
        "tables/effects.csv",
    ):
        assert (REFERENCE / file).exists()


def test_todays_model_gives_its_numbers_or_the_changelog_says_that_they_changed(manifest: Manifest) -> None:
    verdict = verify(Kept(REFERENCE), runs=2)
    # another processor's exp and log may differ in their last bit (docs/determinism.md); what runs.csv states may not
    if all(one.fault in ("", LAST_BITS) for one in verdict.checked):
        return
    here, then = Machine.here(), manifest.machine
    if (here.packages, here.platform) != (then.packages, then.platform) and manifest.code == _code():
        pytest.skip(f"other packages or another platform than the study's: {[one.what for one in verdict.differs]}")
    unreleased = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    assert f"reference study {manifest.study[:12]}" in unreleased, (
        f"{verdict.checked[0].fault or verdict.checked[1].fault}. Where the change is meant: make reference, or say in "
        f"CHANGELOG.md how today's numbers differ from those of the reference study {manifest.study[:12]}"
    )


def _code() -> str:
    from doorstroom.source import code_identity

    return code_identity()
