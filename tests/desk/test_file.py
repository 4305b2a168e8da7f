"""The study file of a desk: faults are told with file, key, what was found and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorstroom.desk.file import DeskFaults, load_desk

STUDY = Path(__file__).parents[2] / "experiments" / "desk.toml"


def test_the_study_that_comes_along_is_sound() -> None:
    study = load_desk(STUDY)
    assert study.held_out.draws <= study.draws
    assert study.policy_of().name == "baseline"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("draws = 66", "draws = 1", "draws: found 1; allowed: number of draws"),
        ("draws = 66", "drawz = 100", "did you mean 'draws'"),
        ("ngf = [0.0, 1.5]", "ngf = [1.5, 0.0]", "ranges.ngf: found [1.5, 0.0]; allowed: two values in order"),
        ("ngf = [0.0, 1.5]", "ngf = [0.0, 3.0]", "within [0, 1.5]"),
        ("ngf = [0.0, 1.5]", "ngf = [0.0, 0.5]", "a range that holds 1"),
        ("ngf = [0.0, 1.5]", "ngff = [0.0, 1.5]", "did you mean 'ngf'"),
        ("ngf = [0.0, 1.5]", "ngf = [0.0]", "ranges.ngf"),
        ("positions = 10", "positions = 1", "held_out.positions: found 1; allowed: number of positions"),
        ('policy = "baseline"', 'policy = "nothing"', "nothing"),
        ("[held_out]", "[held]", "held"),
        ("draws = 12", "draws = 250", "held_out.draws of at most"),
    ],
)
def test_a_fault_is_told_in_one_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = STUDY.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "faulty.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Exception, match=r".+") as caught:
        load_desk(file).policy_of()
    assert told in str(caught.value)
    assert old.startswith("policy") or (str(file) in str(caught.value) and isinstance(caught.value, DeskFaults))


def test_a_file_of_nothing_and_one_that_is_not_there_say_so(tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    empty.write_text("", encoding="utf-8")
    with pytest.raises(DeskFaults, match="a title, draws"):
        load_desk(empty)
    with pytest.raises(DeskFaults, match="No such file"):
        load_desk(tmp_path / "none.toml")
