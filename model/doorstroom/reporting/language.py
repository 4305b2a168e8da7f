"""Dutch and English: texts and the form of numbers. A text is looked up by its English form."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final, NamedTuple

from doorstroom.errors import DoorstroomError


class Language(NamedTuple):
    """A language that results are told in; `texts` maps English to it."""

    code: str
    name: str
    thousands: str
    decimal: str
    texts: dict[str, str]

    def __call__(self, text: str, /, **values: object) -> str:
        """A text of our own, with its values filled in.

        Raises
        ------
        DoorstroomError
            When the catalogue lacks it: a half-translated page is a fault, not a fallback.
        """
        if self.code == "en" or not text:
            found = text
        elif text in self.texts:
            found = self.texts[text]
        else:
            raise DoorstroomError(f"texts/{self.code}.toml: there is no {self.name} for {text!r}; add it")
        return found.format(**values) if values else found

    def translates(self, text: str) -> bool:
        """Whether a text of somebody else's (a scenario file's, a parameter's) is known in this language."""
        return self.code == "en" or text in self.texts

    def figure(self, text: str) -> str:
        """A number written in English, in the form of this language."""
        return text.translate(str.maketrans(",.", self.thousands + self.decimal))


def _texts(code: str) -> dict[str, str]:
    content = tomllib.loads((files("doorstroom.reporting") / "texts" / f"{code}.toml").read_text(encoding="utf-8"))
    return {english: text for section in content.values() for english, text in section.items()}


ENGLISH: Final = Language("en", "English", ",", ".", {})
DUTCH: Final = Language("nl", "Nederlands", ".", ",", _texts("nl"))
LANGUAGES: Final = {language.code: language for language in (ENGLISH, DUTCH)}
