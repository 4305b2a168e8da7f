"""Tells at the end of a test run how much was compared with the model of one agent per person."""

from __future__ import annotations

import pytest
from compare import Outcome

_compared: list[Outcome] = []


@pytest.fixture(scope="session")
def compared() -> list[Outcome]:
    return _compared


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _compared:
        persons = sum(outcome.persons for outcome in _compared)
        decisions = sum(outcome.decisions.total() for outcome in _compared)
        differences = sum(len(outcome.differences) for outcome in _compared)
        terminalreporter.write_line(
            f"Reference: {persons:,} persons, {decisions:,} decisions compared, {differences:,} differences"
        )
