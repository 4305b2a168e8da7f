"""Input sets: the tables that a model is built from, loaded and verified."""

from __future__ import annotations

import codecs
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.inputs.schema import MANIFEST, REFERENCES, TABLES, VERSION, Column, Table

DEFAULT: Final = "nl2019"


@dataclass(frozen=True, eq=False)
class Inputs:
    """An input set: one table per idea, in canonical order, whatever the order of rows in the files.

    Columns and units stand in docs/inputs.md. The tables are shared between callers: don't change them in place.
    `year` is that of the 1 October whose pupils are counted, the first year that a model of them can have.
    `identity` is the SHA-256 over the hashes of all tables; equal identities mean equal inputs.
    """

    name: str
    year: int
    identity: str
    regions: pd.DataFrame
    municipalities: pd.DataFrame
    locations: pd.DataFrame
    class_kinds: pd.DataFrame
    pupils: pd.DataFrame
    feeders: pd.DataFrame
    homes: pd.DataFrame
    cohorts: pd.DataFrame
    colleges: pd.DataFrame
    students: pd.DataFrame
    exams: pd.DataFrame
    exams_sex: pd.DataFrame
    exams_sector: pd.DataFrame
    withheld: pd.DataFrame

    @classmethod
    def ordered(cls, name: str, year: int, identity: str, **tables: pd.DataFrame) -> Inputs:
        """A set of these tables, each put in the order of its key: the order of rows means nothing."""
        in_order = {
            table: rows.sort_values(list(TABLES[table].key), ignore_index=True) for table, rows in tables.items()
        }
        return cls(name, year, identity, **in_order)


def load_inputs(path: Path | str | None = None) -> Inputs:
    """The input set in a folder, by default the one that comes with the package (nl2019).

    Raises InputError, naming the file, when a table is missing or differs from its manifest, lacks a column, holds
    something that can't be read, or refers to a location, region, municipality or college that isn't there.
    """
    folder = place(path)
    return _load(folder, _read(folder, MANIFEST))  # type: ignore[arg-type]  # paths are hashable


def place(path: Path | str | None = None) -> Traversable:
    """Folder of an input set, by default of the one that comes with the package."""
    return resources.files("doorstroom.inputs") / "data" / DEFAULT if path is None else Path(path).resolve()


def read_manifest(folder: Traversable) -> dict[str, Any]:
    """What a set says of itself: name, date, tables with hashes and sources, controls, remarks, official files."""
    return _manifest(folder, _read(folder, MANIFEST))


@lru_cache(maxsize=4)
def _load(folder: Traversable, raw_manifest: bytes) -> Inputs:
    """The set; a folder whose set was made anew has another manifest, so it is never taken for the old one."""
    manifest = _manifest(folder, raw_manifest)
    tables = {name: _table(folder, name, manifest["tables"][name]["sha256"]) for name in TABLES}
    _check_references(folder, tables)
    _check_shares(folder, tables["feeders"])
    hashes = "".join(f"{name} {manifest['tables'][name]['sha256']}\n" for name in sorted(TABLES))
    return Inputs.ordered(
        name=manifest["name"],
        year=int(manifest["date"][:4]),
        identity=hashlib.sha256(hashes.encode()).hexdigest(),
        **tables,
    )


def _read(folder: Traversable, file: str) -> bytes:
    try:
        return (folder / file).read_bytes()
    except OSError as error:
        message = (
            "is missing" if isinstance(error, FileNotFoundError | NotADirectoryError) else f"can't be read: {error}"
        )
        raise InputError(f"{folder}: {file} {message}; make the set with `doorstroom inputs import`") from error


def _manifest(folder: Traversable, raw: bytes) -> dict[str, Any]:
    file = str(folder / MANIFEST)
    try:
        manifest = json.loads(raw)
        found, tables = manifest["schema"], manifest["tables"]
        texts = [manifest["name"], manifest["date"], *(tables[name]["sha256"] for name in tables)]
        year = int(str(manifest["date"])[:4])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{file}: not a manifest of an input set ({error}); make the set again") from error
    if found != VERSION:
        raise InputError(explain(file, "schema", found, f"{VERSION}; make the set again with this version"))
    if not all(isinstance(text, str) for text in texts) or year < 0:
        raise InputError(f"{file}: name, date and hashes have to be texts; make the set again")
    lacking = [name for name in TABLES if name not in tables]
    if lacking:
        raise InputError(explain(file, "tables", ", ".join(tables), f"a table {lacking[0]!r} among them"))
    return dict(manifest)


def _table(folder: Traversable, name: str, expected: str) -> pd.DataFrame:
    form = TABLES[name]
    file = folder / form.file(name)
    raw = _read(folder, form.file(name))
    found = hashlib.sha256(raw).hexdigest()
    if found != expected:
        raise InputError(
            f"{file}: differs from its manifest (sha256 {found[:12]}..., expected {expected[:12]}...); "
            "restore the file or make the set again"
        )
    raw = raw.removeprefix(codecs.BOM_UTF8)
    head = raw.partition(b"\n")[0].decode("utf-8", "replace").strip().split(",")
    lacking = [column for column in form.columns if column not in head]
    if lacking:
        message = explain(str(file), lacking[0], "no such column", f"a column {lacking[0]!r}", head)
        raise InputError(f"{message}; the file has {', '.join(head)}")
    reading = {"usecols": list(form.columns), "keep_default_na": False, "na_values": []}
    try:
        # columns are typed here and not after, so that a wrong value is told and loading stays fast
        table = pd.read_csv(io.BytesIO(raw), dtype=form.kinds, **reading)
    except (ValueError, OverflowError) as error:
        raise InputError(_unreadable(raw, form, str(file), reading) or f"{file}: {error}") from error
    table = table[list(form.columns)]
    if table.empty and not form.may_be_empty:
        raise InputError(explain(str(file), "rows", "headings alone", f"at least one row: {form.row}"))
    _check_domains(table, form, str(file))
    twice = table.duplicated(list(form.key))
    if twice.any():
        raise InputError(f"{file}: a row stands there more than once: {_said(form.key, table[twice])}")
    return table


def _unreadable(raw: bytes, form: Table, file: str, reading: dict[str, Any]) -> str:
    """Which cell of a table can't be read as its column's kind; empty where it is the table itself."""
    try:
        texts = pd.read_csv(io.BytesIO(raw), dtype="str", **reading)
    except (ValueError, OverflowError):
        return ""
    for name, column in form.columns.items():
        if column.kind == "str":
            continue
        number = pd.to_numeric(texts[name], errors="coerce")
        wrong = number.isna() | (number.abs() > 2**53)
        if column.kind.startswith("int"):
            most = np.iinfo(column.kind).max
            wrong |= ~texts[name].str.strip().str.fullmatch(r"[+-]?[0-9]+") | (number.abs() > most)
        if wrong.any():
            return _fault(file, name, column, int(wrong.idxmax()), texts[name][wrong.idxmax()])
    return ""


def _check_domains(table: pd.DataFrame, form: Table, file: str) -> None:
    for name, column in form.columns.items():
        if column.kind == "str":
            continue
        values = table[name].to_numpy()
        wrong = ~np.isfinite(values)
        if column.low is not None and column.high is not None:
            wrong |= (values < column.low) | (values > column.high)
        if wrong.any():
            row = int(wrong.argmax())
            raise InputError(_fault(file, name, column, row, values[row].item()))


def _fault(file: str, name: str, column: Column, row: int, found: object) -> str:
    """The message on one cell; the heading is row 1, as in a spreadsheet."""
    return explain(file, f"row {row + 2}, column {name}", found, column.allowed)


def _check_references(folder: Traversable, tables: dict[str, pd.DataFrame]) -> None:
    for name, column, target, key, none in REFERENCES:
        values = tables[name][column]
        missing = values[~values.isin(tables[target][key]) & (values != none)]
        if len(missing):
            file = folder / TABLES[name].file(name)
            raise InputError(f"{file}: {column}: {missing.iloc[0]!r} isn't in {TABLES[target].file(target)}")


def _check_shares(folder: Traversable, feeders: pd.DataFrame) -> None:
    origin = ["year", "lower_location", "class_kind"]
    for sex, total in feeders.groupby(origin)[["men", "women"]].sum().items():
        wrong = total[~np.isclose(total, 1.0, atol=1e-6)]
        if len(wrong):
            where = _said(origin, wrong.reset_index())
            raise InputError(
                f"{folder / 'feeders.csv'}: shares of {sex} of {where} add up to {wrong.iloc[0]:.6f}, not 1"
            )


def _said(columns: Sequence[str], rows: pd.DataFrame) -> str:
    """The first row, as a message names it."""
    return ", ".join(f"{column} {rows[column].iloc[0]}" for column in columns)
