"""The report in a real Chromium without a network; skipped where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doorstroom.reporting.findings import Findings
from doorstroom.reporting.page.write import write_report


@pytest.fixture(scope="session")
def report(findings: Findings) -> Path:
    return write_report(findings)


@pytest.fixture
def view(offline: Callable[..., Any], report: Path) -> Callable[..., Any]:
    """Opens the report, or another page of its kind, offline."""

    def opened(address: str = "", width: int = 1366, height: int = 768, page_of: Path = report, **options: Any) -> Any:
        return offline(page_of, address, width, height, **options)

    return opened
