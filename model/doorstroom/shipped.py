"""Files that come along beside the package: scenarios, experiments, and what it takes to build the package again.

In a source tree they stand beside `model/`; in an installed package the wheel has put them inside it, as
`force-include` in pyproject.toml says.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from doorstroom.source import PACKAGE

PROJECT: Final = "project"
"""Folder of an installed package that holds pyproject.toml and what else stands at the root of a source tree."""


def checkout() -> Path | None:
    """Root of the source tree that the package is used from; None where it is installed."""
    root = PACKAGE.parents[1]
    return root if PACKAGE.parent.name == "model" and (root / "pyproject.toml").is_file() else None


def shipped(name: str | Path) -> Path:
    """A file such as `experiments/patterns.toml`: that of the folder one stands in, else the one that comes along."""
    own = Path(name)
    root = checkout()
    beside = PACKAGE / name if root is None else root / name
    return own if own.exists() or not beside.exists() else beside
