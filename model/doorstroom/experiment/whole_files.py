"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from doorstroom.errors import StoreError

_PART = ".part"
_STALE = 600.0
"""Seconds after which a temporary file is taken for abandoned; a write takes well under one."""


def made(folder: Path, what: str = "the folder") -> Path:
    """A folder, made where it is not there; StoreError where it can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: can't make {what}: {error.strerror}; name another one") from error
    return folder


@contextlib.contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears at `path` only when it has been written whole and has reached the disk.

    Raises
    ------
    StoreError
        When it can't be written; the temporary file is removed, and so it is on any other interruption.
    """
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.stem[:16]}-", suffix=_PART, delete=False
        ) as file:
            temporary = file.name
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # temporary files are made for their owner alone; results are for sharing
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except BaseException as error:
        if temporary:
            with contextlib.suppress(OSError):  # a folder that can't be written can't be tidied either
                Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise StoreError(
                f"{path}: can't be written: {error.strerror or error}; "
                "free some space or choose another folder, then run the same command: finished runs are kept"
            ) from error
        raise


def sweep(folder: Path) -> None:
    """Remove temporary files that no running write can own, because they are old."""
    for left in folder.glob(f".*{_PART}"):
        with contextlib.suppress(OSError):  # gone meanwhile, or in an archive that can't be written
            if time.time() - left.stat().st_mtime > _STALE:
                left.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system has a notion of that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
