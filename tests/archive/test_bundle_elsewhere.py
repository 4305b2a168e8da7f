"""A bundle is made twice with the same bytes, and is verified by its own code where nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import bundling
import fake_country

from doorstroom.archive.bundle import bundle

VERIFY = """
import sys
import doorstroom
assert doorstroom.__file__.startswith(sys.argv[1]), doorstroom.__file__
from bundling import country
from doorstroom.experiment.model import Model
Model.of_the_country = country
from doorstroom.cli import app
app(["verify", *sys.argv[2:]])
"""


def test_the_same_study_gives_the_same_bytes(study: Path, archive: Path, tmp_path: Path) -> None:
    assert bundle(study, tmp_path).read_bytes() == archive.read_bytes()


def test_an_empty_home_without_a_repository_verifies_it(archive: Path, unpacked: Path, tmp_path: Path) -> None:
    [wheel] = (unpacked / "code").glob("*.whl")
    site, home, tests = tmp_path / "site", tmp_path / "home", tmp_path / "tests"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    for folder in (home, tests):
        folder.mkdir()
    for module in (bundling, fake_country):
        source = Path(str(module.__file__))
        (tests / source.name).write_bytes(source.read_bytes())
    clean = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": os.pathsep.join(map(str, (site, tests)))}
    words = [str(site), str(archive), "--runs", "2", "--quick"]
    done = subprocess.run([sys.executable, "-c", VERIFY, *words], cwd=home, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 of its runs agree" in done.stdout
