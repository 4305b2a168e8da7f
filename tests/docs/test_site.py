"""The documentation as a site: it builds without a warning, and asks nothing of the web."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="mkdocs isn't installed: pip install -e '.[site]'")

ROOT = Path(__file__).parents[2]
ASKED = re.compile(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=[\"'](?:https?:)?//[^\"']+")


def test_the_site_builds_and_needs_no_web(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {page: page.read_text(encoding="utf-8") for page in (tmp_path / "site").rglob("*.html")}
    assert {"index.html", "docs/tutorial.html", "docs/api/python.html", "scenarios/index.html"} <= {
        page.relative_to(tmp_path / "site").as_posix() for page in pages
    }
    for page, text in pages.items():
        assert not ASKED.findall(text), page
    assert "doorstroom.TechnicalEducation" in pages[tmp_path / "site/docs/api/python.html"]


def test_every_mechanism_has_its_page() -> None:
    listed = re.findall(r"::: doorstroom\.mechanisms\.(\w+)", (ROOT / "docs/api/mechanisms.md").read_text())
    there = {file.stem for file in (ROOT / "model/doorstroom/mechanisms").glob("*.py")} - {"__init__"}
    assert set(listed) == there
