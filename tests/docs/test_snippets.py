"""Every block of code in the pages that a reader follows is run, in order, in an empty folder.

A block with a file's name is saved there, `sh` is run by the shell, `diff` is applied to a copy of the source, other
`python` is run in one interpreter per page. Commands that would make this environment anew are left out.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.run import conduct

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/policy.md", "docs/tutorial.md", "docs/extending.md", "docs/citing.md")
LEFT_OUT = (
    "make ",
    "doorstroom compare baseline half ",  # takes half a minute; the tutorial has the same command in small
)

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this machine")


def blocks(page: str) -> list[tuple[str, str]]:
    """Kind and content of the blocks of a page, in order."""
    tokens = MarkdownIt().parse((ROOT / page).read_text(encoding="utf-8"))
    return [(token.info.strip(), token.content) for token in tokens if token.type == "fence"]


def shell(text: str, folder: Path) -> None:
    lines = [line for line in text.splitlines() if not line.startswith(LEFT_OUT)]
    path = os.pathsep.join([str(folder / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
    source = str(folder / "model")  # there where the page changes the source
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(lines)], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join([source, *sys.path])},
    )  # fmt: skip
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"


def copy_source(folder: Path) -> None:
    """What a page may change, and what tries it; compiled equations come along and stay current."""
    for part in ("model", "tests", "scenarios"):
        shutil.copytree(ROOT / part, folder / part, dirs_exist_ok=True)
    shutil.copy(ROOT / "pyproject.toml", folder)


def change(patch: str, folder: Path) -> None:
    outside = {**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
    done = subprocess.run(["git", "apply", "-"], cwd=folder, input=patch, capture_output=True, text=True, env=outside)
    assert done.returncode == 0, f"the source isn't as the page says:\n{done.stderr}\n{patch}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder in which `doorstroom` is this source."""
    command = tmp_path / "bin" / "doorstroom"
    command.parent.mkdir()
    # one process: runs this small take less time than it takes a second one to start
    called = "import os; os.cpu_count = lambda: 1; from doorstroom.cli import app; app()"
    command.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{called}' \"$@\"\n")
    command.chmod(0o755)
    (tmp_path / "scenarios").mkdir()
    return tmp_path


def stand_in(study: Path) -> None:
    """One small run in the place of the reference study, whose numbers may be those of an older model."""
    asked = Experiment.compare(["baseline"], only=(0, 1), fraction=0.02)
    conduct(asked, out=study, processes=1, console=Console(file=io.StringIO()))


@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page_run(page: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {"__name__": "__main__"}
    told = re.findall(r"save it as `([^`]+)`", (ROOT / page).read_text(encoding="utf-8"))
    if page == "docs/citing.md":
        stand_in(folder / "results" / "reference")
    if any(kind == "diff" for kind, _ in blocks(page)):
        if shutil.which("git") is None:
            pytest.skip("no git on this machine")
        copy_source(folder)
    for kind, content in blocks(page):
        language, _, name = kind.partition(" ")
        if name or (language == "toml" and told):
            file = folder / (name or told.pop(0))
            file.parent.mkdir(exist_ok=True)
            file.write_text(content, encoding="utf-8")
        elif language == "diff":
            change(content, folder)
        elif language == "sh":
            shell(content, folder)
        elif language == "python":
            exec(compile(content, page, "exec"), names)
