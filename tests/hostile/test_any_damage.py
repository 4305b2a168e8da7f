"""Whatever stands in a file, it is read or refused by an error of ours that names the file; nothing else happens."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from guard import guarded
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mutations import mutated
from readers import READERS, Reader, copied

from doorstroom.errors import DoorstroomError

TRIES = int(os.environ.get("DOORSTROOM_FUZZ", "0"))
"""Damaged files per kind; some thousands as a trial of their own, a few by default."""


@pytest.fixture(params=READERS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def tried(reader: Reader, whole: Path, number: int) -> None:
    """Damage one file of a copy, and read it."""
    luck = random.Random(number)
    place = whole.parent / "try"
    folder = copied(whole, place)
    file = luck.choice(sorted(path for path in folder.glob(reader.files) if path.is_file()))
    file.write_bytes(mutated(file.name, file.read_bytes(), luck))
    with guarded(place, Path(os.environ["TMPDIR"])):
        try:
            reader.read(folder, file)
        except DoorstroomError as error:
            said = str(error)
            known = [file.name, file.stem, folder.name, "scenario", "run", "location"]
            assert any(name in said for name in known), f"no file is named: {said[:300]}"


def test_any_file_is_read_or_refused(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = READERS[kind]
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    whole = tmp_path / "whole" / "files"
    whole.parent.mkdir()
    reader.prepare(whole)
    tries = TRIES or (3 if reader.costly else 25)

    # the same files every time, but when more are asked: what is found by chance belongs in a trial, not in a check
    @settings(
        max_examples=tries,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],  # a smaller number is no smaller damage, and tracing makes a report take minutes
        derandomize=not TRIES,
    )
    @given(st.integers(0, 2**64 - 1))
    def any_damage(number: int) -> None:
        tried(reader, whole, number)

    any_damage()
