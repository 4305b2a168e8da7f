"""The folder that is meant by what a user types: a folder, a page in it, its name alone, or a bundle."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from doorstroom.errors import StoreError
from doorstroom.experiment.experiment import RESULTS


def study_folder(asked: Path) -> Path:
    """The folder of a study: as it is typed, from the path of its page, or from its name as the page prints it."""
    for place in (asked, RESULTS / asked):
        if place.is_dir():
            return place
        if place.is_file():
            return place.parent
    return asked


def is_bundle(asked: Path) -> bool:
    """Whether this is an archive and no folder."""
    return asked.is_file() and zipfile.is_zipfile(asked) and asked.suffix not in (".xlsx", ".docx")


@contextlib.contextmanager
def opened(asked: Path) -> Iterator[Path]:
    """The folder of a study, for as long as it is looked at; a bundle is unpacked somewhere else.

    Raises
    ------
    StoreError
        Where a bundle holds what it mustn't.
    """
    if not is_bundle(asked):
        if asked.is_file() and asked.suffix == ".zip":
            raise StoreError(f"{asked}: is no zip file, or was cut off; fetch it again")
        yield study_folder(asked)
        return
    with tempfile.TemporaryDirectory(prefix="doorstroom-") as place, zipfile.ZipFile(asked) as packed:
        top = _checked(asked, packed, Path(place))
        try:
            packed.extractall(place)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
            raise StoreError(f"{asked}: is damaged: {error}; fetch it again") from error
        yield Path(place) / top


def _checked(asked: Path, packed: zipfile.ZipFile, place: Path) -> str:
    """The one folder that all of a bundle stands in."""
    entries = packed.infolist()
    names = [PurePosixPath(entry.filename) for entry in entries]
    tops = {name.parts[0] for name in names if name.parts}
    outside = [name for name in names if name.is_absolute() or ".." in name.parts or "\\" in str(name)]
    links = [entry.filename for entry in entries if (entry.external_attr >> 16) & 0o170000 == 0o120000]
    if outside or links or len(tops) != 1 or len({str(name) for name in names}) < len(names):
        found = outside or links or sorted(tops)
        raise StoreError(
            f"{asked}: is no bundle: all of it has to stand in one folder, each file once; found {found[:3]}"
        )
    size, free = sum(entry.file_size for entry in entries), shutil.disk_usage(place).free
    if size > free:
        raise StoreError(
            f"{asked}: unpacked it takes {size:,} bytes, and {place.parent} has {free:,}; set TMPDIR to another disk"
        )
    return tops.pop()
