"""The wheel, made from the sdist, has all that a run reads, and works away from the checkout. About four seconds."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"

pytest.importorskip("hatchling.build", reason="hatchling isn't installed: pip install -e '.[test]'")


def make(kind: str, source: Path, to: Path) -> Path:
    """An sdist or a wheel of a source tree, with nothing fetched."""
    done = subprocess.run(
        [sys.executable, "-c", MAKE, kind, str(to)], cwd=source, capture_output=True, text=True, check=True
    )
    return to / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    with tarfile.open(make("build_sdist", ROOT, folder)) as archive:
        archive.extractall(folder, filter="data")
    [source] = [path for path in folder.iterdir() if path.is_dir()]
    assert not (source / ".ci").exists()
    return make("build_wheel", source, folder)


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked, as pip does."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def away(site: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the unpacked package, in another folder and with nothing of the checkout on the path."""
    command = "import doorstroom, sys; assert doorstroom.__file__.startswith(sys.argv.pop(1)), doorstroom.__file__; "
    command += "from doorstroom.cli import app; app()"
    return subprocess.run(
        [sys.executable, "-c", command, str(site), *words],
        cwd=folder, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(site)},
    )  # fmt: skip


def test_every_file_that_is_read_is_in_the_wheel(site: Path) -> None:
    package = ROOT / "model" / "doorstroom"
    kept = {
        path.relative_to(package) for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    kept |= {Path("scenarios") / path.name for path in (ROOT / "scenarios").glob("*.toml")}
    packed = {path.relative_to(site / "doorstroom") for path in (site / "doorstroom").rglob("*") if path.is_file()}
    assert kept <= packed, sorted(kept - packed)
    [about] = site.glob("doorstroom-*.dist-info")
    assert {path.name for path in (about / "licenses").iterdir()} == {"LICENSE", "NOTICE.md"}


def test_scenarios_are_found_by_name(site: Path, tmp_path: Path) -> None:
    names = sorted(path.stem for path in (ROOT / "scenarios").glob("*.toml"))
    done = away(site, tmp_path, "scenarios", "check", *names)
    assert done.returncode == 0, done.stderr
    assert f"{len(names)} checked, no faults" in done.stdout


def test_a_scenario_of_ones_own_has_a_shipped_parent(site: Path, tmp_path: Path) -> None:
    mine = "\n".join(['title = "Half"', 'question = "Is half enough?"', 'changes = "Half."', 'parent = "baseline"'])
    (tmp_path / "mine.toml").write_text(mine + "\n\n[schemes.sto_2025]\nafter = 0.5\n", encoding="utf-8")
    done = away(site, tmp_path, "scenarios", "check", "mine.toml")
    assert done.returncode == 0, done.stderr


def test_the_inputs_come_along(site: Path, tmp_path: Path) -> None:
    done = away(site, tmp_path, "inputs", "check")
    assert done.returncode == 0, done.stderr
