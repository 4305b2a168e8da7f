"""The SWHID of a folder is the hash that git has for it as a tree; the source in use has one, in a checkout or not."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from doorstroom.intrinsic import swhid
from doorstroom.packaged import MODEL, source_swhid, source_tree

FILES = {"a.txt": b"one\n", "a/b.txt": b"", "a.b/c": b"two", "a/d/e f": "é".encode()}


def test_an_empty_folder_has_the_hash_that_git_gives_it() -> None:
    assert swhid({}) == "swh:1:dir:4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
def test_it_is_the_tree_of_git(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=tmp_path, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "-q")
    git("-c", "core.autocrlf=false", "add", ".")
    assert swhid(FILES) == f"swh:1:dir:{git('write-tree')}"


def test_the_source_has_one_and_so_has_its_part_of_the_tree_that_is_packed() -> None:
    tree = source_tree()
    own = {name.removeprefix(f"{MODEL}/"): content for name, content in tree.items() if name.startswith(f"{MODEL}/")}
    assert swhid(own) == source_swhid()
    assert {"pyproject.toml", "constraints.txt", "README.md", "experiments/patterns.toml"} <= tree.keys()
