"""The desk's own texts in Dutch, beside those that it shares with the reports."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

from doorstroom.reporting.language import DUTCH, Language


def _own() -> dict[str, str]:
    content = tomllib.loads((files("doorstroom.desk") / "texts" / "nl.toml").read_text(encoding="utf-8"))
    return {english: text for section in content.values() for english, text in section.items()}


DESK_DUTCH: Final[Language] = DUTCH._replace(texts={**DUTCH.texts, **_own()})
"""Where a text is in both, the desk's own goes first."""


def texts() -> dict[str, str]:
    """Dutch for everything that the page's script may say."""
    return DESK_DUTCH.texts
