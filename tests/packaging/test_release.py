"""One version in all places, and notices that name every package that is needed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_version_is_the_same_everywhere() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert PROJECT["version"] == citation["version"] == newest[1]
    assert PROJECT["license"] == citation["license"]


@pytest.mark.parametrize("needed", PROJECT["dependencies"])
def test_the_notices_name_what_is_needed(needed: str) -> None:
    name = re.split(r"[^\w-]", needed.lower())[0]
    assert re.search(rf"^\| {name} \| (?!not stated)\S", (ROOT / "NOTICE.md").read_text(encoding="utf-8"), re.MULTILINE)
