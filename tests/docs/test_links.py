"""What a page links to or shows is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = [
    page for folder in (".", "docs", "scenarios", "experiments", "results") for page in (ROOT / folder).glob("*.md")
]


def targets(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        yield from (str(value) for key, value in token.attrs.items() if key in ("href", "src"))
        yield from targets(token.children or [])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    tokens = MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))
    here = [target.partition("#")[0] for target in targets(tokens) if not target.startswith(("http", "#"))]
    assert [target for target in here if not (page.parent / target).exists()] == []
