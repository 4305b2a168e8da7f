"""The report in a real Chromium without a network; skipped where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from doorstroom.reporting.findings import Findings
from doorstroom.reporting.page.write import write_report


@pytest.fixture(scope="session")
def report(findings: Findings) -> Path:
    return write_report(findings)


@pytest.fixture
def view(browser: Any, report: Path) -> Iterator[Callable[..., Any]]:
    """Opens the report offline; a message on the console or a request to anywhere fails the test."""
    contexts, complaints = [], []

    def complain(request: Any) -> None:
        if not request.url.startswith(("file:", "blob:", "data:")):
            complaints.append(f"asked for {request.url}")

    def opened(
        address: str = "", width: int = 1366, height: int = 768, page_of: Path | None = None, **options: Any
    ) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("request", complain)
        page.goto((page_of or report).as_uri() + address)
        page.wait_for_selector("html[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints
