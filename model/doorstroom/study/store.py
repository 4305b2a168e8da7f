"""The store: one folder per study, one Parquet file per run, a manifest beside them.

A run's file is written whole or not at all, and carries a checksum of its content. A file that is cut
off or damaged is therefore never taken for a result: reading it fails, and running the study again
makes it anew. Equal runs give byte-identical files, so that two studies can be compared with `sha256sum`.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from doorstroom.errors import StoreError
from doorstroom.outcomes import SERIES
from doorstroom.study.identity import digest
from doorstroom.study.table import SCHEMA, Layout, checksum, metadata_of, no_larger, to_table, to_values, write

_PART = ".part"
_STALE = 600.0
"""Seconds after which a temporary file is taken for abandoned; a write takes well under one."""


class Run(NamedTuple):
    """A stored run, read back.

    `values` has shape (years, 1 + regions, series) and follows `outcomes.SERIES`.
    """

    identity: str
    checksum: str
    years: tuple[int, ...]
    values: NDArray[np.float64]


class Store:
    """The runs of a study folder.

    Parameters
    ----------
    folder : the study's folder; made when it is not there
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.runs = self.folder / "runs"
        made(self.runs, "the study folder")

    def path(self, identity: str) -> Path:
        """Where the run of this identity is kept."""
        return self.runs / f"{identity}.parquet"

    def write(self, identity: str, values: NDArray[np.float64], first_year: int) -> str:
        """Keep a run; returns the checksum of its content.

        Parameters
        ----------
        values : float64 array, shape (years, 1 + regions, len(SERIES))

        Raises
        ------
        StoreError
            When the disk is full or the folder can't be written; nothing is left behind.
        """
        years, regions, series = values.shape
        if series != len(SERIES):
            raise StoreError(f"a run has {series} series, the dictionary of outcomes has {len(SERIES)}")
        layout = Layout(tuple(range(first_year, first_year + years)), tuple(range(regions)), SERIES)
        table = to_table([identity], values[None], layout)
        found = checksum(table)
        with atomic(self.path(identity)) as file:
            write(table, file, {"identity": identity, "checksum": found, **layout.described()}, level=9)
        return found

    def read(self, identity: str) -> Run:
        """A run that was kept, after checking that every byte of its content is as it was written.

        Raises
        ------
        StoreError
            When the file is missing, cut off, damaged, or of another run or dictionary of outcomes.
        """
        path = self.path(identity)
        if not path.exists():
            raise StoreError(f"{path}: this run is not in the study folder; run the study again to make it")
        damaged = f"{path}: is damaged or cut off; run the study again, which replaces it"
        try:
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                table = no_larger(file).read(use_threads=False)
            metadata = metadata_of(table)
            found = checksum(table)
            sound = (
                table.schema.equals(SCHEMA)
                and metadata.get("identity") == identity == table["run"][0].as_py()
                and metadata.get("checksum") == found
            )
        except Exception as error:  # a damaged file makes pyarrow raise almost anything
            raise StoreError(f"{damaged} ({type(error).__name__})") from error
        if not sound:
            raise StoreError(damaged)
        if metadata["series"] != digest(SERIES):
            raise StoreError(
                f"{path}: was made with another dictionary of outcomes; read it with the version in manifest.json, "
                "or run the study again"
            )
        years = tuple(int(year) for year in np.unique(table["year"].to_numpy()))
        regions = tuple(range(int(table["region"].to_numpy().max()) + 1))
        values = to_values(table, 1, Layout(years, regions, SERIES))[0]
        return Run(identity, found, years, np.ascontiguousarray(values))

    def holds(self, identity: str) -> str | None:
        """The checksum of the run when it is here and sound, None when it has to be run."""
        try:
            return self.read(identity).checksum
        except StoreError:
            return None

    def sweep(self) -> None:
        """Remove what interrupted writes left behind; a write of another process may be going on right now."""
        sweep(self.folder)
        sweep(self.runs)


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
