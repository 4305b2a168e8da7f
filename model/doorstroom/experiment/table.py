"""Runs as one table: how results look on disk, to whoever reads them with this program or without it.

One row per run, year and region, in that order, and a column per series: `vmbo_technique_pupils`,
`vmbo_technique_pupils.men`. Numbers are kept to seven digits. Equal runs give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import IO, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from doorstroom.experiment.identity import digest
from doorstroom.experiment.precision import KEPT
from doorstroom.outcomes import TOTAL

Series = tuple[str, str]

PLACES: Final = ("run", "year", "region")
"""Columns that say where a row belongs."""

FORMAT: Final = "3"

MOST_ROWS: Final = 1 << 24
"""Rows of a file at most; a file of a few bytes may say that it holds more than any memory does."""
MOST_CELLS: Final = 1 << 27
"""Rows times columns of a part at most."""


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
    def rows(self) -> int:
        """Rows of one run in the table."""
        return len(self.years) * len(self.regions)

    def described(self) -> dict[str, str]:
        """For the metadata of a file; the series as their hash."""
        return {
            "years": json.dumps(self.years),
            "regions": json.dumps(self.regions),
            "series": digest(self.series),
            "format": FORMAT,
        }

    @classmethod
    def of(cls, schema: pa.Schema) -> Layout:
        """What a part keeps of each of its runs, as the part itself says."""
        about = metadata_of(schema)
        years, regions = (tuple(json.loads(about[axis])) for axis in ("years", "regions"))
        return cls(years, regions, tuple(_series(name) for name in schema.names if name not in PLACES))


def column(series: Series) -> str:
    """Name of the column of a series."""
    outcome, group = series
    return outcome if group == TOTAL else f"{outcome}.{group}"


def _series(name: str) -> Series:
    outcome, _, group = name.partition(".")
    return outcome, group or TOTAL


def to_table(runs: Sequence[str], values: NDArray[np.floating[Any]], layout: Layout) -> pa.Table:
    """The table of some runs; `values` has shape (runs, years, regions, series)."""
    years, regions, series = layout.shape
    if values.shape != (len(runs), *layout.shape):
        raise ValueError(f"values of shape {values.shape} are not {len(runs)} runs of shape {layout.shape}")
    of_series = np.ascontiguousarray(values.reshape(-1, series).T, KEPT)
    columns = [
        pa.DictionaryArray.from_arrays(np.repeat(np.arange(len(runs), dtype=np.int32), years * regions), list(runs)),
        pa.array(np.tile(np.repeat(np.array(layout.years, np.int16), regions), len(runs))),
        pa.array(np.tile(np.array(layout.regions, np.int16), years * len(runs))),
        *(pa.array(numbers) for numbers in of_series),
    ]
    return pa.table(columns, names=[*PLACES, *(column(one) for one in layout.series)])


def to_values(table: pa.Table, runs: int, layout: Layout) -> NDArray[np.float64]:
    """The values of a table, shape (runs, years, regions, series)."""
    columns = [table[column(series)].to_numpy() for series in layout.series]
    return np.stack(columns, axis=-1).astype(np.float64).reshape(runs, *layout.shape)


def write(table: pa.Table, file: IO[bytes], metadata: dict[str, str], level: int) -> None:
    """Parquet, with every option that shapes the bytes fixed here and none left to a default."""
    table = table.replace_schema_metadata(None)
    with pq.ParquetWriter(
        file,
        table.schema,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=level,
        use_dictionary=list(PLACES),
        use_byte_stream_split=[name for name in table.column_names if name not in PLACES],
        write_statistics=False,
        write_page_checksum=True,
        store_schema=False,
    ) as writer:
        writer.add_key_value_metadata(metadata)
        writer.write_table(table, row_group_size=max(table.num_rows, 1))


def no_larger(file: pq.ParquetFile, most: int = MOST_ROWS, cells: int | None = None) -> pq.ParquetFile:
    """The file, where it says that it has no more rows, or cells, than can be meant; ValueError where it has."""
    rows = file.metadata.num_rows
    if rows > most:
        raise ValueError(f"{rows:,} rows; at most {most:,} are meant")
    if cells is not None and rows * file.metadata.num_columns > cells:
        raise ValueError(f"{rows * file.metadata.num_columns:,} cells; at most {cells:,} are meant")
    return file


def metadata_of(table: pa.Table | pa.Schema) -> dict[str, str]:
    """What a file says about itself."""
    schema = table if isinstance(table, pa.Schema) else table.schema
    return {key.decode(): value.decode() for key, value in (schema.metadata or {}).items()}
