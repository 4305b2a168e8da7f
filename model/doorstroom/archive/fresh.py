"""A bundle checked by its own code, in an environment that is made for it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from doorstroom.archive.bundle import CONSTRAINTS
from doorstroom.archive.check import wheel_of
from doorstroom.errors import StoreError
from doorstroom.reporting.crate import CODE

INSTALL: Final = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")


def verify(bundle: Path, folder: Path, words: Sequence[str], told: Callable[[str], None]) -> int:
    """Install the code of a bundle and let it check the bundle; gives the exit code of that.

    Parameters
    ----------
    bundle, folder : the archive, and where it is unpacked
    words : options of `verify`

    Raises
    ------
    StoreError
        Where its packages can't be had; it says which commands do the same elsewhere.
    """
    wheel = wheel_of(folder)
    if wheel is None:
        raise StoreError(f"{bundle}: holds no code that can be installed")
    with tempfile.TemporaryDirectory(prefix="doorstroom-") as place:
        told(f"Making an environment for {wheel.name}, with the versions in {CODE}/{CONSTRAINTS}; this takes minutes.")
        venv.create(place, with_pip=True)
        python = Path(place) / ("Scripts" if os.name == "nt" else "bin") / "python"
        # nothing of the environment that this runs in may be met in the other
        clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
        install = [*INSTALL, "-c", str(folder / CODE / CONSTRAINTS), str(wheel)]
        done = subprocess.run([str(python), *install], env=clean, capture_output=True, text=True)
        if done.returncode:
            version = ".".join(map(str, sys.version_info[:2]))
            inside = Path(folder.name) / CODE
            raise StoreError(
                f"the packages that {wheel.name} needs can't be had here ({_last(done.stderr)}). Where they can:\n"
                f"  unzip {shlex.quote(bundle.name)}\n"
                f"  python{version} -m venv checked\n"
                f"  checked/bin/pip install -c {inside / CONSTRAINTS} {inside / wheel.name}\n"
                f"  checked/bin/doorstroom verify {shlex.quote(bundle.name)} {shlex.join(words)}".rstrip()
            )
        there = subprocess.run(
            [str(python), "-m", "doorstroom", "verify", str(bundle.resolve()), *words], env=clean, cwd=place
        )
    return there.returncode


def _last(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip()[:200] if lines else "no reason given"
