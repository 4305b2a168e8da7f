"""The program as two packages, source and wheel, built from the source in use of a checkout or installed."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from doorstroom.errors import StoreError
from doorstroom.packaged import source_tree

_BUILD: Final = (
    "import sys; from hatchling import build; "
    "[print(getattr(build, kind)(sys.argv[1])) for kind in ('build_sdist', 'build_wheel')]"
)
_EPOCH: Final = "1580601600"
"""Time that packed files carry, so that equal sources give equal bytes: what Hatch itself takes."""


def can_build() -> bool:
    """Whether the build system is at hand."""
    return find_spec("hatchling") is not None


def build(to: Path) -> list[Path]:
    """An sdist and a wheel of the source in use, with nothing fetched; equal sources give equal bytes.

    Raises
    ------
    StoreError
        Where the build system isn't at hand, or refuses.
    """
    if not can_build():
        raise StoreError("packing the program needs hatchling; install it with: pip install 'doorstroom[archive]'")
    with tempfile.TemporaryDirectory() as place:
        for name, content in source_tree().items():
            path = Path(place) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        surroundings = {**os.environ, "SOURCE_DATE_EPOCH": _EPOCH, "PYTHONPATH": ""}
        done = subprocess.run(
            [sys.executable, "-c", _BUILD, str(to.resolve())],
            cwd=place, capture_output=True, text=True, env=surroundings,
        )  # fmt: skip
    if done.returncode:
        raise StoreError(f"the program can't be packed: {done.stderr.strip()[-400:]}")
    return [to / name for name in done.stdout.split()]


def files_of_wheel(wheel: Path) -> dict[str, bytes]:
    """Content by path of a wheel."""
    with zipfile.ZipFile(wheel) as packed:
        return {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}


def files_of_sdist(sdist: Path) -> dict[str, bytes]:
    """Content by path of a source package, without the folder that all of it stands in, and without PKG-INFO."""
    found = {}
    with tarfile.open(sdist) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.isfile() else None
            if content is not None:
                found[member.name.partition("/")[2]] = content.read()
    found.pop("PKG-INFO", None)
    return found
