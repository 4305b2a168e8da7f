"""Sealed tables: CSV after a first line (a comment) with what it was made from and the SHA-256 of the rows."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from doorstroom.errors import DoorstroomError, explain


def sealed(mark: str, about: dict[str, Any], rows: str) -> bytes:
    """The file; `about` has to hold `seal(rows)` under sha256."""
    return f"{mark}{json.dumps(about, sort_keys=True)}\n{rows}".encode()


def seal(rows: str) -> str:
    """SHA-256 of the rows, in hexadecimal."""
    return hashlib.sha256(rows.encode()).hexdigest()


def read_sealed(
    path: Path, mark: str, fault: type[DoorstroomError], what: str, changed: str
) -> tuple[dict[str, Any], str]:
    """What a sealed table says of itself, and its rows.

    Parameters
    ----------
    mark : how the first line begins
    fault : the error where it is no such file, or its rows don't fit the seal
    what, changed : the kind of file, and what to do about rows that were changed, for messages
    """
    try:
        head, _, rows = path.read_bytes().decode("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise fault(explain(path, "file", str(error), what)) from error
    if not head.startswith(mark):
        raise fault(explain(path, "line 1", head[:40], f"a line that starts with {mark!r}"))
    try:
        about = json.loads(head.removeprefix(mark))
        kept = about["sha256"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        found = f"{head[len(mark) : len(mark) + 40]}..."
        raise fault(explain(path, "line 1", found, f"the JSON that {what} has there")) from error
    if kept != seal(rows):
        raise fault(f"{path}: {changed}")
    return about, rows
