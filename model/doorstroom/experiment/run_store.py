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
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from doorstroom.errors import StoreError
from doorstroom.experiment import part_index
from doorstroom.experiment.part_index import Indexed
from doorstroom.experiment.precision import kept
from doorstroom.experiment.table import (
    MOST_CELLS,
    Layout,
    metadata_of,
    no_larger,
    to_table,
    to_values,
    write,
)
from doorstroom.experiment.whole_files import atomic, made, sweep

Floats = NDArray[np.float64]
Numbers = NDArray[np.floating[Any]]

_PART: Final = "part-"
_DAMAGED: Final = ".damaged"
_NAME_LENGTH: Final = 32
_LEVEL: Final = 1
"""Of compression: parts are written by the one process that hands out the work, so writing has to be quick."""
_OFTEN: Final = 1024
"""Parts after which the index is written; a study that is killed has so many to read again at most."""


class Part(NamedTuple):
    """What a part holds: identities of runs, what was read of each, shape (runs, readings), and the seconds they took
    together."""

    runs: tuple[str, ...]
    readings: Floats
    seconds: float


class Reading(NamedTuple):
    """What is read of runs when it is seen which are there.

    Attributes
    ----------
    of : readings, shape (runs, readings), from all that is kept of runs, shape (runs, *layout.shape)
    asked : digest of what is asked
    """

    of: Callable[[Floats], Floats]
    asked: str


def _nothing(values: Floats) -> Floats:
    return np.empty((len(values), 0))


NOTHING: Final = Reading(_nothing, "")
"""Only the names of runs are wanted; their values take long to read."""


class RunStore:
    """The parts in a study's folder.

    Parameters
    ----------
    folder : the study's folder; made when it is not there
    layout : what is kept of every run
    reading : what `news` reads of the runs
    """

    def __init__(self, folder: Path, layout: Layout, reading: Reading = NOTHING) -> None:
        self.folder = Path(folder)
        self.runs = made(self.folder / "runs", "the study folder")
        self.layout = layout
        self.reading = reading
        self._described = json.dumps(layout.described())
        self._known = part_index.read(self.folder, reading.asked)
        self._seen: set[str] = set()
        self._unwritten = 0
        sweep(self.folder)
        sweep(self.runs)

    def append(self, runs: Sequence[str], values: Numbers, checksums: Sequence[str], seconds: float) -> Floats:
        """Keep some runs for good, and give what is read of them.

        Parameters
        ----------
        values : shape (runs, *layout.shape)
        checksums : of all digits of each run, of which only those of `precision.KEPT` are kept
        seconds : how long they took together

        Raises
        ------
        StoreError
            When the disk is full or the folder can't be written; nothing is left behind.
        """
        name = self._write(runs, values, checksums, seconds)
        readings = self.reading.of(kept(values))
        self._seen.add(name)
        self._index(name, Part(tuple(runs), readings, seconds), self._described)
        if self._unwritten >= _OFTEN:
            self.write_index()
        return readings

    def _write(self, runs: Sequence[str], values: Numbers, checksums: Sequence[str], seconds: float) -> str:
        about = {"seconds": f"{seconds:.4f}", "checksums": json.dumps(checksums), **self.layout.described()}
        whole = io.BytesIO()
        write(to_table(runs, values, self.layout), whole, about, _LEVEL)
        name = f"{_PART}{_hash(whole.getbuffer())}.parquet"
        with atomic(self.runs / name) as file:
            file.write(whole.getbuffer())
        return name

    def news(self) -> Iterator[Part]:
        """Parts that this object has not given or written yet, in order of their names."""
        with os.scandir(self.runs) as entries:
            found = {one.name: one for one in entries if one.name.startswith(_PART) and one.name.endswith(".parquet")}
        for name in sorted(found.keys() - self._seen):
            self._seen.add(name)
            known = self._known.get(name)
            if known is not None and _unchanged(found[name], known):
                if known.layout == self._described:
                    yield Part(known.runs, known.readings, known.seconds)
                continue
            try:
                part = _read(self.runs / name, self.layout, self.reading)
            except _Damaged:
                self._known.pop(name, None)
                set_aside(self.runs / name)
                continue
            if part is not None:
                self._index(name, part, self._described)
                yield part

    def _index(self, name: str, part: Part, described: str) -> None:
        with contextlib.suppress(OSError):  # removed meanwhile
            file = (self.runs / name).stat()
            self._known[name] = Indexed(
                file.st_size, file.st_mtime_ns, part.seconds, described, part.runs, part.readings
            )
            self._unwritten += 1

    def write_index(self) -> None:
        """Write down what is known of the parts, where there is anything new."""
        if self._unwritten:
            part_index.write(
                self.folder,
                {name: part for name, part in self._known.items() if name in self._seen},
                self.reading.asked,
            )
            self._unwritten = 0

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
                lent = _lent(path, left, self.layout)
                if lent is not None:
                    at = [place for place, run in enumerate(lent.runs) if run in left]
                    runs, proofs = ([of[place] for place in at] for of in (lent.runs, lent.checksums))
                    self._write(runs, lent.values[at], proofs, lent.seconds * len(at) / len(lent.runs))
                    left.difference_update(lent.runs)
        return len(wanted) - len(left)


class RunReader:
    """The runs in a folder, to be read; a part that turns out to be damaged is set aside, nothing else is changed.

    Parameters
    ----------
    folder : the study's folder
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._damaged: list[str] = []
        self._parts: dict[str, Path] = {}
        self._checksums: dict[str, str] = {}
        known = part_index.read(self.folder)
        for path in sorted((self.folder / "runs").glob(f"{_PART}*.parquet")):
            try:
                if path.name in known and known[path.name].fits(path.stat()):
                    runs: Sequence[str] = known[path.name].runs
                else:
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
                table = _opened(path)
                layout = Layout.of(table.schema)
                names = _runs(table, layout)
                values = to_values(table, len(names), layout)
                self._checksums.update(zip(names, json.loads(metadata_of(table)["checksums"]), strict=True))
            except (_Damaged, OSError, KeyError, ValueError, pa.ArrowException) as error:
                if isinstance(error, _Damaged):
                    set_aside(path)
                raise StoreError(
                    f"{path}: is damaged; make its runs anew with: doorstroom study resume {self.folder}"
                ) from error
            for run in wanted:
                yield run, values[names.index(run)], layout

    def checksum(self, run: str) -> str:
        """Of all digits of a run that was read."""
        return self._checksums[run]

    def read(self, run: str) -> tuple[NDArray[np.float64], Layout]:
        """One run and its layout."""
        [(_, values, layout)] = self.each([run])
        return values, layout


class _Damaged(Exception):
    """The bytes of a part don't fit its name, or hold no runs."""


def set_aside(path: Path) -> None:
    """Give a damaged part another name, under which it is no part."""
    with contextlib.suppress(OSError):  # another process was first, or nothing can be written here
        os.replace(path, path.with_suffix(_DAMAGED))


def _unchanged(entry: os.DirEntry[str], known: Indexed) -> bool:
    try:
        return known.fits(entry.stat())
    except OSError:
        return False


def _read(path: Path, layout: Layout, reading: Reading = NOTHING) -> Part | None:
    """A part as it was written; None where it keeps something else of its runs, or is gone."""
    try:
        table = _opened(path, ["run"] if reading is NOTHING else None)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path}: can't be read: {error.strerror}") from error
    try:
        about = metadata_of(table)
        if not layout.described().items() <= about.items():
            return None
        runs = _runs(table, layout)
        values = np.empty((len(runs), 0)) if reading is NOTHING else to_values(table, len(runs), layout)
        return Part(runs, reading.of(values), float(about["seconds"]))
    except Exception as error:  # somebody else's file under a name that fits may say anything
        raise _Damaged(path) from error


def _opened(path: Path, columns: list[str] | None = None) -> pa.Table:
    """Columns of a part whose bytes fit its name; all of them if none are named."""
    data = path.read_bytes()
    if path.stem != f"{_PART}{_hash(data)}":
        raise _Damaged(path)
    try:
        file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=["run"])
        return no_larger(file, cells=MOST_CELLS).read(columns, use_threads=False)
    except Exception as error:  # somebody else's file under a name that fits makes pyarrow raise almost anything
        raise _Damaged(path) from error


class _Lent(NamedTuple):
    """A part of another study, as `append` takes it."""

    runs: tuple[str, ...]
    values: Floats
    checksums: list[str]
    seconds: float


def _lent(path: Path, wanted: set[str], layout: Layout) -> _Lent | None:
    """A part of another study, where it has wanted runs and keeps at least as much of them."""
    try:
        with pq.ParquetFile(path) as file:
            table = no_larger(file, cells=MOST_CELLS).read(["run"])
        theirs = layout._replace(regions=tuple(json.loads(metadata_of(table)["regions"])))
        runs = _runs(table, theirs)
        if not set(layout.regions) <= set(theirs.regions) or wanted.isdisjoint(runs):
            return None
        whole = _opened(path)
        about = metadata_of(whole)
        if not theirs.described().items() <= about.items():
            return None
        places = [theirs.regions.index(region) for region in layout.regions]
        values = to_values(whole, len(runs), theirs)[:, :, places]
        return _Lent(runs, values, json.loads(about["checksums"]), float(about["seconds"]))
    except Exception:  # a damaged file makes pyarrow raise almost anything
        return None  # damage is told to the study that owns the part


def _runs(table: pa.Table, layout: Layout) -> tuple[str, ...]:
    """Identities of the runs in a part, each of which has so many rows."""
    return tuple(table["run"].take(pa.array(range(0, table.num_rows, layout.rows))).to_pylist())


def _hash(data: Any) -> str:
    return hashlib.sha256(data).hexdigest()[:_NAME_LENGTH]
