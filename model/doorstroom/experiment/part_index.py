"""The index of a folder's parts: what they hold, so that nobody reads them all to know which runs are there.

A part is taken for what the index says of it where it still has the size and the time of change that stand there;
any other is read. The index follows from the parts: it may be removed at any time, and is written anew.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from doorstroom.errors import StoreError
from doorstroom.experiment.table import metadata_of, no_larger
from doorstroom.experiment.whole_files import atomic

FILE: Final = ".parts.parquet"
_FORMAT: Final = "1"
_ONE_EACH: Final = ("size", "changed", "seconds", "layout")
"""Columns of a part, repeated for each of its runs."""


class Indexed(NamedTuple):
    """What is known of a part.

    Attributes
    ----------
    size, changed : of the file, bytes and nanoseconds
    seconds : that its runs took together
    layout : what it keeps of its runs, as its metadata say
    runs : identities
    readings : of its runs, shape (runs, outcomes)
    """

    size: int
    changed: int
    seconds: float
    layout: str
    runs: tuple[str, ...]
    readings: NDArray[np.float64]

    def fits(self, file: os.stat_result) -> bool:
        """Whether a file is still the one that was indexed."""
        return (self.size, self.changed) == (file.st_size, file.st_mtime_ns)


def read(folder: Path, asked: str | None = None) -> dict[str, Indexed]:
    """What is known of the parts of a study's folder, by their names; nothing where there is no index.

    Parameters
    ----------
    asked : digest of the outcomes whose readings are wanted; an index of other readings is of no use. None wants none.
    """
    path = folder / FILE
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            about = metadata_of(no_larger(file).schema_arrow)
            if about["format"] != _FORMAT or (asked is not None and about["asked"] != asked):
                return {}
            table = file.read()
        names = [name for name in table.column_names if name.startswith("reading ")]
        readings = np.column_stack([np.empty((table.num_rows, 0)), *(table[name].to_numpy() for name in names)])
        runs, parts = table["run"].to_pylist(), table["part"].combine_chunks()
        codes = parts.indices.to_numpy()
        ends = np.append(np.flatnonzero(np.diff(codes)) + 1, len(codes)) if len(codes) else np.zeros(0, np.int64)
        starts = np.append(0, ends[:-1])
        names, *rest = (table[name].take(pa.array(starts)).to_pylist() for name in ("part", *_ONE_EACH))
        own = [slice(*ends) for ends in zip(starts.tolist(), ends.tolist(), strict=True)]
        indexed = (
            Indexed(size, changed, seconds, layout, tuple(runs[mine]), readings[mine])
            for size, changed, seconds, layout, mine in zip(*rest, own, strict=True)
        )
        return dict(zip(names, indexed, strict=True))
    except Exception:  # not there, of another version, damaged: the parts themselves are read
        return {}


def write(folder: Path, parts: Mapping[str, Indexed], asked: str) -> None:
    """Write the index of a study's folder; where that can't be done it is done without."""
    known = {name: part for name, part in sorted(parts.items()) if part.runs}
    if not known:
        return
    each = np.repeat(np.arange(len(known)), [len(part.runs) for part in known.values()])
    columns: dict[str, Any] = {
        "part": _labels(each, list(known)),
        "run": pa.array([run for part in known.values() for run in part.runs], pa.string()),
    }
    for name in _ONE_EACH:
        of_parts = [getattr(part, name) for part in known.values()]
        columns[name] = _labels(each, of_parts) if name == "layout" else pa.array(np.array(of_parts)[each])
    readings = np.concatenate([part.readings for part in known.values()])
    columns |= {f"reading {at}": pa.array(one) for at, one in enumerate(readings.T)}
    table = pa.table(columns).replace_schema_metadata({"format": _FORMAT, "asked": asked})
    try:
        with atomic(folder / FILE) as file:
            pq.write_table(
                table, file, compression="zstd", use_dictionary=["part", *_ONE_EACH], write_page_checksum=True
            )
    except StoreError:
        return


def _labels(each: NDArray[np.int64], names: list[str]) -> pa.DictionaryArray:
    known = {name: code for code, name in enumerate(dict.fromkeys(names))}
    codes = np.array([known[name] for name in names], np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes[each]), pa.array(list(known), pa.string()))
