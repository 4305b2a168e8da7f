"""Intrinsic identifiers: SWHIDs (ISO/IEC 18670) of files and folders, from their content alone and without git.

The identifier of a folder is the hash that git has for it as a tree, so that any copy of the folder can be held against
it, and the archive of Software Heritage finds it where it keeps one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any


def swhid(files: Mapping[str, bytes]) -> str:
    """The SWHID of a folder, such as swh:1:dir:94a9ed024d3859793618152ea559a168bbcbb5e2.

    Parameters
    ----------
    files : content by path inside the folder, with `/`; none is executable, and there are no links
    """
    tree: dict[str, Any] = {}
    for path, content in files.items():
        *folders, name = path.split("/")
        place = tree
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = content
    return f"swh:1:dir:{_tree(tree).hex()}"


def _tree(entries: Mapping[str, Any]) -> bytes:
    """Hash of a folder; git sorts folders as if their names ended in a slash."""
    lines = []
    for name in sorted(entries, key=lambda name: f"{name}{'/' * isinstance(entries[name], dict)}".encode()):
        entry = entries[name]
        mode, hashed = ("40000", _tree(entry)) if isinstance(entry, dict) else ("100644", _object("blob", entry))
        lines.append(f"{mode} {name}\0".encode() + hashed)
    return _object("tree", b"".join(lines))


def _object(kind: str, content: bytes) -> bytes:
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content, usedforsecurity=False).digest()
