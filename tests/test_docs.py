"""Pages that are made from the code's own data are current."""

from __future__ import annotations

from pathlib import Path

import pytest

from doorstroom.reporting.dictionary import PAGES

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("page", PAGES)
def test_a_made_page_is_current(page: str) -> None:
    assert (DOCS / page).read_text(encoding="utf-8") == PAGES[page](), f"docs/{page} is old: run `make docs`"
