"""Where compiled equations are kept, so that only the first run after an installation pays for compiling them.

Numba finds compiled code by the file that its function stands in. A constant of another file that went into it is no
part of that, so what is kept here is found by the meaning of all that a module imports.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from doorstroom.source import PACKAGE, identity_of

_OLD: Final = 30 * 86_400.0
"""Seconds after which code of another version of a module is thrown away."""


@lru_cache
def cache_root() -> Path:
    """The folder of NUMBA_CACHE_DIR, or else the first of the package's, the user's and a temporary one that works."""
    asked = os.environ.get("NUMBA_CACHE_DIR")
    places = [Path(asked)] if asked else [PACKAGE / "__pycache__"]
    with suppress(RuntimeError):  # nobody's home is known
        places.append(Path.home() / ".cache")
    places.append(Path(tempfile.gettempdir()))
    for place in places:
        root = place / "doorstroom-machine-code"
        with suppress(OSError):
            root.mkdir(parents=True, exist_ok=True)
            if os.access(root, os.W_OK):
                return root
    return Path(tempfile.mkdtemp(prefix="doorstroom-"))


def cache_of(module: str) -> Path:
    """The folder for the compiled code of a module as it is now."""
    folder = cache_root() / f"{module.rsplit('.', 1)[-1]}-{identity_of(module)[:16]}"
    with suppress(OSError):
        if not folder.exists():
            for other in folder.parent.glob(f"{module.rsplit('.', 1)[-1]}-*"):
                if time.time() - other.stat().st_mtime > _OLD:
                    shutil.rmtree(other, ignore_errors=True)
        folder.mkdir(exist_ok=True)
    return folder


def is_compiled() -> bool:
    """Whether any compiled code is there; that of another version may have to be made anew all the same."""
    return any(cache_root().rglob("*.nbi"))
