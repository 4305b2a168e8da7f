"""The runs of a study at scale: Parquet parts that are only ever added, each whole or not at all.

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
from doorstroom.outcomes import SERIES
from doorstroom.study.store import Store, atomic, sweep
from doorstroom.study.table import Layout, metadata_of, no_larger, to_table, to_values, write

_PART: Final = "part-"
_DAMAGED: Final = ".damaged"
_NAME_LENGTH: Final = 32
_LEVEL: Final = 3
"""Of compression: parts are written by the one process that hands out the work, so writing has to be quick."""


class Part(NamedTuple):
    """Some runs, read back: values of shape (runs, years, regions, series), and the seconds they took together."""

    runs: tuple[str, ...]
    values: NDArray[np.float64]
    seconds: float


class Parts:
    """The parts in a study's folder.

    Parameters
    ----------
    folder : the study's folder; made when it is not there
    layout : what is kept of every run
    """

    def __init__(self, folder: Path, layout: Layout) -> None:
        self.folder = Path(folder)
        self.runs = Store(folder).runs
        self.layout = layout
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
                part = _read(self.runs / name, self.layout)
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
        others : folders of studies, and of comparisons, which keep one file per run
        """
        left = set(wanted)
        for other in others:
            if not left or other.resolve() == self.folder.resolve():
                continue
            for path in sorted((other / "runs").glob("*.parquet")):
                lend = _lent_part if path.name.startswith(_PART) else _lent_run
                part = lend(path, left, self.layout)
                if part is not None:
                    at = [place for place, run in enumerate(part.runs) if run in left]
                    share = part.seconds * len(at) / len(part.runs)
                    self._write([part.runs[place] for place in at], part.values[at], share)
                    left.difference_update(part.runs)
        return len(wanted) - len(left)


class Shelf:
    """The runs in the parts of a folder, to be looked up one by one; nothing is written or set aside.

    Parameters
    ----------
    folder : the study's folder
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self._damaged: list[str] = []
        self._parts: dict[str, Path] = {}
        for path in sorted((self.folder / "runs").glob(f"{_PART}*.parquet")):
            try:
                runs = _opened(path, ["run"])["run"].unique().to_pylist()
            except (_Damaged, OSError, KeyError):
                self._damaged.append(path.name)
                continue
            self._parts.update(dict.fromkeys(runs, path))
        self._last: tuple[Path, Part, Layout] | None = None

    def read(self, run: str) -> tuple[NDArray[np.float64], Layout]:
        """What is kept of a run, shape `layout.shape`, and its layout.

        Raises
        ------
        StoreError
            When the run isn't in any part that is sound.
        """
        path = self._parts.get(run)
        if path is None:
            damage = f", or in a part that is damaged: {', '.join(self._damaged)}" if self._damaged else ""
            raise StoreError(
                f"{self.folder / 'runs'}: this run is not in the study folder{damage}; make it with: "
                f"doorstroom study resume {self.folder}"
            )
        if self._last is None or self._last[0] != path:  # neighbours stand in one part
            try:
                table = _opened(path, ["run", "outcome", "group", "value"])
                layout = _layout(table)
                runs = _runs(table, layout)
                self._last = path, Part(runs, to_values(table, len(runs), layout), 0.0), layout
            except (_Damaged, OSError, KeyError, ValueError, pa.ArrowException) as error:
                raise StoreError(f"{path}: is damaged; run the study again, which replaces it") from error
        _, part, layout = self._last
        return part.values[part.runs.index(run)], layout


class _Damaged(Exception):
    """The bytes of a part don't fit its name, or hold no runs."""


def _read(path: Path, layout: Layout) -> Part | None:
    """A part as it was written; None where it keeps something else of its runs, or is gone."""
    try:
        table = _opened(path, ["run", "value"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path}: can't be read: {error.strerror}") from error
    try:
        about = metadata_of(table)
        if not layout.described().items() <= about.items():
            return None
        runs = _runs(table, layout)
        return Part(runs, to_values(table, len(runs), layout), float(about["seconds"]))
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


def _lent_part(path: Path, wanted: set[str], layout: Layout) -> Part | None:
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


def _lent_run(path: Path, wanted: set[str], layout: Layout) -> Part | None:
    """A run of a comparison, where it is wanted."""
    if path.stem not in wanted or layout.series != SERIES:
        return None
    try:
        run = Store(path.parent.parent).read(path.stem)
    except StoreError:
        return None
    if run.years != layout.years or run.values.shape[1] <= max(layout.regions):
        return None
    return Part((run.identity,), run.values[None][:, :, list(layout.regions)], 0.0)


def _runs(table: pa.Table, layout: Layout) -> tuple[str, ...]:
    """Identities of the runs in a part, each of which has so many rows."""
    return tuple(table["run"].take(pa.array(range(0, table.num_rows, layout.cells))).to_pylist())


def _hash(data: Any) -> str:
    return hashlib.sha256(data).hexdigest()[:_NAME_LENGTH]
