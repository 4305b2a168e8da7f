"""The whole source in use as one tree of files: the same from a checkout and from an installed package."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

from doorstroom.intrinsic import swhid
from doorstroom.shipped import PROJECT, checkout
from doorstroom.source import PACKAGE

MODEL: Final = "model/doorstroom"
"""Where a source tree keeps the package; its SWHID is the one that is cited."""
_RECIPE: Final = "pyproject.toml"


@lru_cache
def source_swhid() -> str:
    """SWHID of the package's own files, which is that of model/doorstroom at its commit where nothing was edited."""
    return swhid({path.removeprefix(f"{MODEL}/"): file.read_bytes() for path, file in _own(_included())})


def source_tree() -> dict[str, bytes]:
    """Content by path of all that it takes to build this package: its own files and those that come along."""
    included = _included()
    files = {path: file.read_bytes() for path, file in _own(included)}
    root = checkout()
    for source, target in included.items():
        place = PACKAGE / target if root is None else root / source
        inside = [place] if place.is_file() else list(_walked(place))
        files |= {
            (PurePosixPath(source) / file.relative_to(place).as_posix()).as_posix(): file.read_bytes()
            for file in inside
        }
    return dict(sorted(files.items()))


def of_wheel(files: Mapping[str, bytes]) -> str:
    """SWHID of the package's own files in a wheel, whose content by path is given."""
    recipe = files[f"doorstroom/{PROJECT}/{_RECIPE}"]
    along = _targets(tomllib.loads(recipe.decode()))
    own = {
        path.removeprefix("doorstroom/"): content
        for path, content in files.items()
        if path.startswith("doorstroom/")
        and not any(PurePosixPath(path.removeprefix("doorstroom/")).is_relative_to(target) for target in along.values())
    }
    return swhid(own)


def _included() -> dict[str, str]:
    """What comes along: where a source tree has it, and where the package has it once it is installed."""
    root = checkout()
    recipe = PACKAGE / PROJECT / _RECIPE if root is None else root / _RECIPE
    return _targets(tomllib.loads(recipe.read_text(encoding="utf-8")))


def _targets(recipe: Mapping[str, object]) -> dict[str, str]:
    table: object = recipe
    for key in ("tool", "hatch", "build", "targets", "wheel", "force-include"):
        assert isinstance(table, Mapping)
        table = table[key]
    assert isinstance(table, Mapping)
    return {source: str(target).removeprefix("doorstroom/") for source, target in table.items()}


def _own(included: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    for file in _walked(PACKAGE):
        inside = file.relative_to(PACKAGE)
        if not any(inside.is_relative_to(target) for target in included.values()):
            yield f"{MODEL}/{inside.as_posix()}", file


def _walked(folder: Path) -> Iterator[Path]:
    """Files that git would keep: no machine code, nothing hidden."""
    for file in sorted(folder.rglob("*")):
        parts = file.relative_to(folder).parts
        if (
            file.is_file()
            and file.suffix not in (".pyc", ".pyo")
            and not any(part == "__pycache__" or part.startswith(".") for part in parts)
        ):
            yield file
