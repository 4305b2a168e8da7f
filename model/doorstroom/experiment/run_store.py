"""The store of runs: Parquet parts that are only ever added, each whole or not at all.

A part holds some runs and is named after the hash of its own bytes. Whatever is cut off or damaged no longer
fits its name; it is set aside and its runs are made again. Parts of different processes never collide.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from doorstroom.errors import StoreError
from doorstroom.experiment.table import Layout, metadata_of, no_larger, to_table, to_values, write
from doorstroom.experiment.whole_files import atomic, made, sweep

_PART: Final = "part-"
_DAMAGED: Final = ".damaged"
_NAME_LENGTH: Final = 32
_LEVEL: Final = 3
"""Of compression: parts are written by the one process that hands out the work, so writing has to be quick."""


class Part(NamedTuple):
    """Some runs, read back: values of shape (runs, years, regions, series) unless only their names were asked for,
    and the seconds they took together."""

    runs: tuple[str, ...]
    values: NDArray[np.float64]
    seconds: float


class RunStore:
    """The parts in a study's folder.

    Parameters
    ----------
    folder : the study's folder; made when it is not there
    layout : what is kept of every run
    names_only : whether `news` gives the names of runs without their values, which take long to read
    """

    def __init__(self, folder: Path, layout: Layout, *, names_only: bool = False) -> None:
        self.folder = Path(folder)
        self.runs = made(self.folder / "runs", "the study folder")
        self.layout = layout
        self.names_only = names_only
        self._seen: set[str] = set()
        sweep(self.folder)
        sweep(self.runs)

    def append(self, runs: Sequence[str], values: NDArray[np.float64], seconds: float) -> None:
        """Keep some runs for good.

        Parameters
        ----------
        values : shape (runs, *layout.shape)
        seconds : how long they took together

        Raises
        ------
        StoreError
            When the disk is full or the folder can't be written; nothing is left behind.
        """
        self._seen.add(self._write(runs, values, seconds))

    def _write(self, runs: Sequence[str], values: NDArray[np.float64], seconds: float) -> str:
        about = {"seconds": f"{seconds:.4f}", **self.layout.described()}
        whole = io.BytesIO()
        write(to_table(runs, values, self.layout), whole, about, _LEVEL)
        name = f"{_PART}{_hash(whole.getbuffer())}.parquet"
        with atomic(self.runs / name) as file:
            file.write(whole.getbuffer())
        return name

    def news(self) -> Iterator[Part]:
        """Parts that this object has not given or written yet, in order of their names."""
        with os.scandir(self.runs) as entries:
            names = {one.name for one in entries if one.name.startswith(_PART) and one.name.endswith(".parquet")}
        for name in sorted(names - self._seen):
            self._seen.add(name)
            try:
                part = _read(self.runs / name, self.layout, names_only=self.names_only)
            except _Damaged:
                with contextlib.suppress(OSError):  # another process was first, or nothing can be written here
                    os.replace(self.runs / name, (self.runs / name).with_suffix(_DAMAGED))
                continue
            if part is not None:
                yield part

    def damaged(self) -> list[Path]:
        """Parts that were set aside."""
        return sorted(self.runs.glob(f"*{_DAMAGED}"))

    def borrow(self, wanted: Collection[str], others: Sequence[Path]) -> int:
        """Take over runs that other studies have made, as parts that `news` gives; tells how many.

        Parameters
        ----------
        wanted : identities of runs that are not here
        others : folders of studies
        """
        left = set(wanted)
        for other in others:
            if not left or other.resolve() == self.folder.resolve():
                continue
            for path in sorted((other / "runs").glob(f"{_PART}*.parquet")):
                part = _lent(path, left, self.layout)
                if part is not None:
                    at = [place for place, run in enumerate(part.runs) if run in left]
                    share = part.seconds * len(at) / len(part.runs)
                    self._write([part.runs[place] for place in at], part.values[at], share)
                    left.difference_update(part.runs)
        return len(wanted) - len(left)


class RunReader:
    """The runs in a folder, to be read; nothing is written or set aside.

    Parameters
    ----------
    folder : the study's folder
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._damaged: list[str] = []
        self._parts: dict[str, Path] = {}
        self._layouts: dict[str, Layout] = {}  # by what parts say of theirs: reading it out of one takes long
        for path in sorted((self.folder / "runs").glob(f"{_PART}*.parquet")):
            try:
                runs = _opened(path, ["run"])["run"].unique().to_pylist()
            except (_Damaged, OSError, KeyError):
                self._damaged.append(path.name)
                continue
            self._parts.update(dict.fromkeys(runs, path))

    def __contains__(self, run: object) -> bool:
        return run in self._parts

    def each(self, runs: Collection[str]) -> Iterator[tuple[str, NDArray[np.float64], Layout]]:
        """Every run once: its identity, what is kept of it, shape `layout.shape`, and its layout; part by part.

        Raises
        ------
        StoreError
            When a run isn't in any part that is sound.
        """
        by_part: dict[Path, list[str]] = {}
        for run in dict.fromkeys(runs):
            path = self._parts.get(run)
            if path is None:
                damage = f", or in a part that is damaged: {', '.join(self._damaged)}" if self._damaged else ""
                raise StoreError(
                    f"{self.folder / 'runs'}: run {run[:12]} is not in the study folder{damage}; make it with: "
                    f"doorstroom study resume {self.folder}"
                )
            by_part.setdefault(path, []).append(run)
        for path, wanted in by_part.items():
            try:
                table = _opened(path, ["run", "value"])
                about = metadata_of(table)
                key = f"{about['years']} {about['regions']} {about['series']}"
                if key not in self._layouts:
                    self._layouts[key] = _layout(_opened(path, ["run", "outcome", "group"]))
                layout = self._layouts[key]
                names = _runs(table, layout)
                values = to_values(table, len(names), layout)
            except (_Damaged, OSError, KeyError, ValueError, pa.ArrowException) as error:
                raise StoreError(
                    f"{path}: is damaged; make its runs anew with: doorstroom study resume {self.folder}"
                ) from error
            for run in wanted:
                yield run, values[names.index(run)], layout

    def read(self, run: str) -> tuple[NDArray[np.float64], Layout]:
        """One run and its layout."""
        [(_, values, layout)] = self.each([run])
        return values, layout


class _Damaged(Exception):
    """The bytes of a part don't fit its name, or hold no runs."""


def _read(path: Path, layout: Layout, *, names_only: bool = False) -> Part | None:
    """A part as it was written; None where it keeps something else of its runs, or is gone."""
    try:
        table = _opened(path, ["run"] if names_only else ["run", "value"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path}: can't be read: {error.strerror}") from error
    try:
        about = metadata_of(table)
        if not layout.described().items() <= about.items():
            return None
        runs = _runs(table, layout)
        values = np.empty((len(runs), 0)) if names_only else to_values(table, len(runs), layout)
        return Part(runs, values, float(about["seconds"]))
    except Exception as error:  # somebody else's file under a name that fits may say anything
        raise _Damaged(path) from error


def _opened(path: Path, columns: list[str]) -> pa.Table:
    """Columns of a part whose bytes fit its name."""
    data = path.read_bytes()
    if path.stem != f"{_PART}{_hash(data)}":
        raise _Damaged(path)
    try:
        return no_larger(pq.ParquetFile(pa.BufferReader(data))).read(columns, use_threads=False)
    except Exception as error:  # somebody else's file under a name that fits makes pyarrow raise almost anything
        raise _Damaged(path) from error


def _layout(table: pa.Table) -> Layout:
    """What a part keeps of each of its runs, as the part itself says."""
    about = metadata_of(table)
    years, regions = (tuple(json.loads(about[axis])) for axis in ("years", "regions"))
    starts = pa.array(range(0, table.num_rows // len(table["run"].unique()), len(years) * len(regions)))
    outcomes, groups = (table[column].take(starts).to_pylist() for column in ("outcome", "group"))
    return Layout(years, regions, tuple(zip(outcomes, groups, strict=True)))


def _lent(path: Path, wanted: set[str], layout: Layout) -> Part | None:
    """A part of another study, where it has wanted runs and keeps at least as much of them."""
    try:
        with pq.ParquetFile(path) as file:
            table = no_larger(file).read(["run"])
        theirs = layout._replace(regions=tuple(json.loads(metadata_of(table)["regions"])))
        useful = set(layout.regions) <= set(theirs.regions) and not wanted.isdisjoint(_runs(table, theirs))
        part = _read(path, theirs) if useful else None
    except Exception:  # a damaged file makes pyarrow raise almost anything
        return None  # damage is told to the study that owns the part
    if part is None:
        return None
    places = [theirs.regions.index(region) for region in layout.regions]
    return part._replace(values=part.values[:, :, places])


def _runs(table: pa.Table, layout: Layout) -> tuple[str, ...]:
    """Identities of the runs in a part, each of which has so many rows."""
    return tuple(table["run"].take(pa.array(range(0, table.num_rows, layout.cells))).to_pylist())


def _hash(data: Any) -> str:
    return hashlib.sha256(data).hexdigest()[:_NAME_LENGTH]
