"""What readers call a parameter: its name in words, in both languages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from doorstroom.reporting.language import ENGLISH, Language


@cache
def _names() -> dict[str, tuple[str, str]]:
    content = tomllib.loads((files("doorstroom.reporting") / "texts" / "parameters.toml").read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": (english, dutch)
        for section, names in content.items()
        for name, (english, dutch) in names.items()
    }


def parameter_name(key: str, language: Language = ENGLISH) -> str:
    """A parameter in words; one of somebody else's mechanism by its key, in which underscores are spaces."""
    english, dutch = _names().get(key, (key.replace("_", " "), key.replace("_", " ")))
    return english if language.code == "en" else dutch
