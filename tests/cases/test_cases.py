"""Every case in this folder holds."""

from __future__ import annotations

import pkgutil
from collections import Counter
from pathlib import Path

import pytest
from dictionary import FILE, text
from form import QUESTIONS, Case, read_cases

from doorstroom import mechanisms

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))
CASES = [case for path in FILES for case in read_cases(path)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    case.check()


@pytest.mark.parametrize("draw", [4, 11, 23])
def test_cases_lean_on_no_central_value_that_they_do_not_give(draw: int) -> None:
    for case in CASES:
        case.check(draw)


def test_every_mechanism_has_ten_cases_and_every_question_is_asked() -> None:
    per_mechanism = Counter(case.mechanism for case in CASES)
    for module in pkgutil.iter_modules(mechanisms.__path__):
        assert per_mechanism[module.name] >= 10, module.name
    asked = {(case.mechanism, case.question.name) for case in CASES}
    assert asked == set(QUESTIONS)


def test_the_list_of_questions_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run python tests/cases/dictionary.py"
