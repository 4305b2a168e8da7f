"""Dutch that a native writes: what read odd once stays away, and one thing has one name."""

from __future__ import annotations

import re

import pytest

from doorstroom.reporting.language import DUTCH

ODD = (
    "niet te zeggen of het verschilt",
    "precies gelijk aan baseline",
    "bij baseline",
    "Zoals besloten",
    "basisscenario",
    "vergelijkingspunt",
    "bij gelijke parameters en gelijk toeval",
    "Student-t",
    "hetzelfde teken",
    "Delen ze een plaats",
    "Kiezen en kijken",
    "gelden voor een regio tegelijk",
    "onder de muis",
    "contant gemaakt",
    "heeft een positieve prijs",
    "Fte die de technieklessen vragen",
    "telt als gever",
    "opnamevermogen",
    "Gedaan werk",
    "nooit had betaald",
    "om de norm van 10% te verlagen",
    "dat laat bekend is voor personeel",
    "latere jaren projectie",
    "Om na te gaan of dit model ze geeft",
    "van de bevolking",
    "Leerlingen met techniek binnen",
    "Zekerheid buiten het interval",
    "die openstaan",
    "waaraan een beoordeling voorwaarden stelde",
    "trekking",
)
"""Wordings that readers stumbled over; a draw is called a set of assumptions."""


@pytest.mark.parametrize("odd", ODD)
def test_what_read_odd_is_gone(odd: str) -> None:
    assert [text for text in DUTCH.texts.values() if odd in text] == []


def test_one_thing_has_one_name() -> None:
    texts = list(DUTCH.texts.values())
    assert DUTCH.texts["The present policy"] == "Het huidige beleid"
    spans = [text for text in texts if re.search(r"\binterval", text) and "betrouwbaarheidsinterval" not in text]
    assert spans == []
    own = [re.sub(r"{\w+}|--\w+", "", text) for text in texts]
    assert [text for text in own if re.search(r"\b(runs|draws|seeds?|baseline)\b", text)] == []


def test_a_single_one_is_singular() -> None:
    for english in ("pupil", "person", "location", "plan"):
        assert DUTCH.texts[english] != DUTCH.texts[f"{english}s"]
