"""A case that is written wrongly is explained: file, case, key, what was found, what is allowed, what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
import questions  # noqa: F401  registers them
from form import CaseError, read_cases

GOOD = """
- case: Half of the jobs
  ask: hires
  given: {room: 100, seekers: 100, efficiency: 0.5, match: 0.5}
  expect: 50
"""


def written(folder: Path, text: str, name: str = "14_firms.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_case_holds(tmp_path: Path) -> None:
    (case,) = read_cases(written(tmp_path, GOOD))
    case.check()


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (("given:", "gven:"), ["Half of the jobs", "'gven'", "did you mean 'given'"]),
        (("seekers:", "seeker:"), ["Half of the jobs", "given", "'seeker'", "did you mean 'seekers'"]),
        (("match:", "mach:"), ["'mach'", "did you mean 'match'"]),
        (("ask: hires", "ask: hire"), ["ask", "'hire'", "did you mean 'hires'"]),
        (("  expect: 50\n", ""), ["Half of the jobs", "expect is missing"]),
        (("seekers: 100, ", ""), ["'hires' needs seekers"]),
        (("room: 100", "room: many"), ["given.room", "'many'", "number"]),
        (("match: 0.5", "match: half"), ["given.match", "'half'", "elasticity"]),
        (("match: 0.5", "growth: {bouv: 1%}"), ["given.growth", "'bouv'", "did you mean 'bouw'"]),
        (("match: 0.5", "growth: 1%"), ["given.growth", "a table", "bouw"]),
        (("expect: 50", "expect: higher"), ["'higher' needs 'than'"]),
        (("expect: 50", "than: {room: 90}\n  expect: hihger"), ["'hihger'", "did you mean 'higher'"]),
        (("expect: 50", "than: {rom: 90}\n  expect: higher"), ["than", "'rom'", "did you mean 'room'"]),
        (("expect: 50", "expect: {jobs: 50}"), ["has one answer"]),
        (("expect: 50", "expect: 50\n  within: a bit"), ["within", "'a bit'", "a number"]),
        (("- case", "case"), ["14_firms.yaml"]),
        (("given: {", "given: ["), ["14_firms.yaml", "YAML"]),
    ],
)
def test_a_fault_is_explained(tmp_path: Path, edit: tuple[str, str], words: list[str]) -> None:
    assert edit[0] in GOOD
    path = written(tmp_path, GOOD.replace(*edit, 1))
    with pytest.raises(CaseError) as caught:  # noqa: PT012  some faults show on reading, others on asking
        for case in read_cases(path):
            case.check()
    for word in ["14_firms.yaml", *words]:
        assert word in str(caught.value), str(caught.value)


def test_a_word_that_is_not_allowed_gets_the_allowed_ones(tmp_path: Path) -> None:
    text = "- {case: One, ask: year in mbo, given: {level: 2, pathway: bool, year: 1, u: 0.5}, expect: stays}"
    with pytest.raises(CaseError, match=r"given\.pathway: found 'bool'; allowed: bol, bbl; did you mean 'bol'"):
        read_cases(written(tmp_path, text, "12_study.yaml"))


def test_a_part_of_an_answer_that_is_not_there_gets_the_nearest(tmp_path: Path) -> None:
    text = "- {case: One, ask: candidates, given: {lessons: 1%}, expect: {side_entree: 0}}"
    (case,) = read_cases(written(tmp_path, text, "10_teacher_market.yaml"))
    with pytest.raises(CaseError, match=r"'side_entree'; allowed: training.*did you mean 'side_entry'"):
        case.check()


def test_a_file_is_named_after_its_mechanism(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"16_firm\.yaml: file name: found 'firm'.*did you mean 'firms'"):
        read_cases(written(tmp_path, GOOD, "16_firm.yaml"))


def test_two_cases_can_not_say_the_same(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="'Half of the jobs' stands there more than once"):
        read_cases(written(tmp_path, GOOD + GOOD))


@pytest.mark.parametrize("expect", ["51", "49.99999"])
def test_a_case_that_does_not_hold_says_both_sides(tmp_path: Path, expect: str) -> None:
    (case,) = read_cases(written(tmp_path, GOOD.replace("expect: 50", f"expect: {expect}")))
    with pytest.raises(AssertionError, match=rf"Half of the jobs.*expected {expect}.*the model says 50\.0"):
        case.check()


def test_an_ordering_can_fail_both_ways(tmp_path: Path) -> None:
    for ordering, holds in (("higher", True), ("lower", False), ("the same", False), ("not lower", True)):
        text = GOOD.replace("expect: 50", f"than: {{room: 90}}\n  expect: {ordering}")
        (case,) = read_cases(written(tmp_path, text))
        if holds:
            case.check()
        else:
            with pytest.raises(AssertionError):
                case.check()
