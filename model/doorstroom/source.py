"""The model's own source: which files can change a number, and their identity by what they mean.

A file counts where the model can reach it by its imports. Of a Python file counts its syntax tree without docstrings,
comments and layout, and of a file of data its numbers and names without their prose. Rewording a comment or a source
therefore leaves every stored run what it was, and so does a change of what only reads results.
"""

from __future__ import annotations

import ast
import hashlib
import json
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from doorstroom.errors import DoorstroomError

PACKAGE: Final = Path(__file__).parent

MODEL: Final = "education"
"""The module that makes runs."""
DATA: Final = ("outcomes.toml", "inputs/parameters.toml")
"""Files that the model reads besides its input tables, which have an identity of their own."""
PROSE: Final = frozenset({"source", "why", "grade", "unit", "title", "definition", "section"})
"""Keys of those files that only people read."""
_NO_MEANING: Final = frozenset({"ctx", "kind", "type_comment"})

Stamp = tuple[int, int]


class SourceChanged(DoorstroomError):
    """The source was edited while it was being loaded."""


def code_identity() -> str:
    """Hash of everything in the source that can change a result."""
    return _identity(PACKAGE, MODEL, with_data=True)


def identity_of(module: str) -> str:
    """Hash of what a module of this package, such as `doorstroom.mechanisms.interest`, and its imports mean."""
    return _identity(PACKAGE, module.removeprefix("doorstroom."), with_data=False)


@lru_cache
def check_unchanged() -> None:
    """Compare the files with what their identity was taken of, once: what is edited after loading is not run.

    Raises
    ------
    SourceChanged
        Where a file was edited since: nobody can say which version of it this process runs.
    """
    for path, (stamp, (meant, _)) in _read.items():
        if not path.exists() or (_stamp(path) != stamp and _look(path)[0] != meant):
            raise SourceChanged(f"{path}: was edited while the model was being loaded; run the same command again")


def files_of(module: str = MODEL) -> list[Path]:
    """The Python files that a module of this package can reach, itself included."""
    return _reachable(PACKAGE, module)


@lru_cache
def _identity(package: Path, module: str, *, with_data: bool) -> str:
    whole = hashlib.sha256()
    for path in _reachable(package, module):
        whole.update(f"{path.relative_to(package).as_posix()}\0{_meaning(path)[0]}\n".encode())
    for name in DATA if with_data else ():
        whole.update(f"{name}\0{_meaning(package / name)[0]}\n".encode())
    return whole.hexdigest()


def _reachable(package: Path, module: str) -> list[Path]:
    found: dict[Path, None] = {}
    waiting = [path for path in [_file(package, module.split("."))] if path is not None]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found[path] = None
        for parts in _meaning(path)[1]:
            # importing a module runs those of the rooms that it stands in
            places = [_file(package, parts[:at]) for at in range(1, len(parts) + 1)]
            waiting += [place for place in places if place is not None]
    return sorted(found)


def _file(package: Path, parts: list[str]) -> Path | None:
    path = package.joinpath(*parts)
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


_read: dict[Path, tuple[Stamp, tuple[str, list[list[str]]]]] = {}


def _meaning(path: Path) -> tuple[str, list[list[str]]]:
    """Hash of a file's meaning, and the modules of this package that it imports."""
    if path not in _read:
        _read[path] = _stamp(path), _look(path)
    return _read[path][1]


def _look(path: Path) -> tuple[str, list[list[str]]]:
    if path.suffix == ".toml":
        content = _without_prose(tomllib.loads(path.read_text(encoding="utf-8")))
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(), []
    tree = ast.parse(path.read_bytes())
    return hashlib.sha256("\0".join(_told(tree)).encode()).hexdigest(), list(_imports(tree))


def _stamp(path: Path) -> Stamp:
    about = path.stat()
    return about.st_mtime_ns, about.st_size


def _told(node: ast.AST) -> Iterator[str]:
    """The syntax tree in one spelling for all versions of Python: without places, empty fields and bare texts."""
    yield type(node).__name__
    for field in node._fields:
        value = getattr(node, field, None)
        if value is None or value == [] or field in _NO_MEANING:
            continue
        yield field
        for part in value if isinstance(value, list) else [value]:
            if _is_docstring(part):
                continue
            if isinstance(part, ast.AST):
                yield from _told(part)
            else:
                yield repr(part)
        yield "."


def _is_docstring(node: Any) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _imports(tree: ast.AST) -> Iterator[list[str]]:
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "doorstroom" and len(parts) > 1:
                yield parts[1:]


def _without_prose(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    return {key: _without_prose(value) for key, value in content.items() if key not in PROSE or isinstance(value, dict)}
