"""Runs as one long table: how results look on disk, to whoever reads them with this program or without it.

One row per run, series, year and region, in that order. Equal runs give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import IO, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from doorstroom.experiment.identity import digest

Series = tuple[str, str]

SCHEMA = pa.schema(
    [
        pa.field("run", pa.dictionary(pa.int32(), pa.string())),
        pa.field("year", pa.int16()),
        pa.field("region", pa.int16()),
        pa.field("outcome", pa.dictionary(pa.int16(), pa.string())),
        pa.field("group", pa.dictionary(pa.int16(), pa.string())),
        pa.field("value", pa.float64()),
    ]
)

FORMAT = "2"

MOST_ROWS = 1 << 24
"""Rows of a file at most; a file of a few bytes may say that it holds more than any memory does."""


class Layout(NamedTuple):
    """What is kept of every run: years, region numbers and series, in the order of their axes."""

    years: tuple[int, ...]
    regions: tuple[int, ...]
    series: tuple[Series, ...]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of the values of one run."""
        return len(self.years), len(self.regions), len(self.series)

    @property
    def cells(self) -> int:
        """Values of one run, which are rows of the long table."""
        return len(self.years) * len(self.regions) * len(self.series)

    def described(self) -> dict[str, str]:
        """For the metadata of a file; the series as their hash."""
        return {
            "years": json.dumps(self.years),
            "regions": json.dumps(self.regions),
            "series": digest(self.series),
            "format": FORMAT,
        }


def to_table(runs: Sequence[str], values: NDArray[np.float64], layout: Layout) -> pa.Table:
    """The long table of some runs; `values` has shape (runs, years, regions, series)."""
    years, regions, series = layout.shape
    if values.shape != (len(runs), *layout.shape):
        raise ValueError(f"values of shape {values.shape} are not {len(runs)} runs of shape {layout.shape}")
    cells = years * regions
    columns = [
        _labels(list(runs), cells * series, np.int32),
        pa.array(np.tile(np.repeat(np.array(layout.years, np.int16), regions), series * len(runs))),
        pa.array(np.tile(np.array(layout.regions, np.int16), years * series * len(runs))),
        _labels([outcome for outcome, _ in layout.series], cells, np.int16, len(runs)),
        _labels([group for _, group in layout.series], cells, np.int16, len(runs)),
        pa.array(np.moveaxis(values, 3, 1).astype(np.float64, copy=False).ravel()),
    ]
    return pa.table(columns, schema=SCHEMA)


def to_values(table: pa.Table, runs: int, layout: Layout) -> NDArray[np.float64]:
    """The values of a long table, shape (runs, years, regions, series)."""
    years, regions, series = layout.shape
    values = table["value"].to_numpy().reshape(runs, series, years, regions)
    return np.moveaxis(values, 1, 3)


def write(table: pa.Table, file: IO[bytes], metadata: dict[str, str], level: int) -> None:
    """Parquet, with every option that shapes the bytes fixed here and none left to a default."""
    pq.write_table(
        table.replace_schema_metadata(metadata),
        file,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=level,
        use_dictionary=["run", "year", "region", "outcome", "group"],
        use_byte_stream_split=["value"],
        write_statistics=False,
        write_page_checksum=True,
        store_schema=True,
        row_group_size=max(table.num_rows, 1),
    )


def no_larger(file: pq.ParquetFile, most: int = MOST_ROWS) -> pq.ParquetFile:
    """The file, where it says that it has no more rows than can be meant; ValueError where it says otherwise."""
    if file.metadata.num_rows > most:
        raise ValueError(f"{file.metadata.num_rows:,} rows; at most {most:,} are meant")
    return file


def metadata_of(table: pa.Table | pa.Schema) -> dict[str, str]:
    """What a file says about itself."""
    schema = table if isinstance(table, pa.Schema) else table.schema
    return {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}


def _labels(names: Sequence[str], each: int, codes: Any, times: int = 1) -> pa.DictionaryArray:
    known = {name: code for code, name in enumerate(dict.fromkeys(names))}
    numbers = np.tile(np.repeat(np.array([known[name] for name in names], codes), each), times)
    return pa.DictionaryArray.from_arrays(pa.array(numbers), pa.array(list(known), pa.string()))
