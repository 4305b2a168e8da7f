"""The committed set is made of the official files, byte for byte; run where those files are.

They are not in the repository. Put them into a folder (docs/inputs.md lists them) and set DOORSTROOM_OFFICIAL to it.
"""

from __future__ import annotations

import csv
import io
import os
from importlib import resources
from pathlib import Path

import pytest

from doorstroom.inputs import exam_history
from doorstroom.inputs import official as files
from doorstroom.inputs.importing import import_official
from doorstroom.inputs.pupils import long_count
from doorstroom.inputs.readers import read
from doorstroom.inputs.sets import load_inputs, place
from doorstroom.terms import TECHNICAL_PROFILES, Profile, Track

OFFICIAL = os.environ.get("DOORSTROOM_OFFICIAL")
pytestmark = pytest.mark.skipif(
    not OFFICIAL, reason="set DOORSTROOM_OFFICIAL to the folder with the official files (docs/inputs.md) to run this"
)


@pytest.fixture(scope="module")
def official() -> Path:
    return Path(OFFICIAL or "")


def test_the_committed_set_is_rebuilt_byte_for_byte(official: Path, tmp_path: Path) -> None:
    target = import_official(official, tmp_path / "any name").target
    committed = {file.name: file.read_bytes() for file in place().iterdir()}
    assert {file.name: file.read_bytes() for file in target.iterdir()} == committed


def test_the_rule_for_withheld_counts_finds_girls_in_technique(official: Path, tmp_path: Path) -> None:
    """The exact count with its counts of 1 to 4 hidden: what is put in their place adds up to what was there."""
    source = next(path for path in official.iterdir() if files.PUPILS.match(path.name))
    rows = list(csv.reader(io.StringIO(source.read_bytes().decode("latin-1")), delimiter=";"))
    first = rows[0].index("LEER- OF VERBLIJFSJAAR 1 - MAN")
    hidden = [row[:first] + ["<5" if 1 <= int(n) <= 4 else n for n in row[first:]] for row in rows[1:]]
    with (tmp_path / source.name).open("w", encoding="latin-1", newline="") as file:
        csv.writer(file, delimiter=";").writerows([rows[0], *hidden])
    exact, guessed = (long_count(read(path, files.PUPILS)) for path in (source, tmp_path / source.name))
    assert guessed.tally.withheld == 28_883
    assert guessed.tally.value == pytest.approx(60_829, rel=0.02)

    def technique(rows: object) -> dict[str, int]:
        third = rows[(rows["year"] == 3) & rows["track"].isin((Track.BB, Track.KB, Track.GL))]  # type: ignore[index]
        third = third[third["profile"].isin((*TECHNICAL_PROFILES, Profile.VR_TECHNIEK))]
        return {sex: int(third[sex].sum()) for sex in ("men", "women")}

    assert technique(exact.rows) == {"men": 10_509, "women": 1_254}
    assert technique(guessed.rows) == pytest.approx(technique(exact.rows), rel=0.02)


def test_the_history_of_exams_is_rebuilt_byte_for_byte(official: Path) -> None:
    committed = resources.files("doorstroom.inputs") / "data" / "exams2011"
    for name, table in zip(("locations", "candidates"), exam_history.make(official, load_inputs()), strict=True):
        text = table.to_csv(index=False, lineterminator="\n")
        assert text == (committed / f"{name}.csv").read_text(encoding="utf-8")
