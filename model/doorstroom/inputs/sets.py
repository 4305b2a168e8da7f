"""Input sets: the tables that a model is built from, loaded and verified."""

from __future__ import annotations

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
from doorstroom.inputs.schema import MANIFEST, REFERENCES, TABLES, VERSION

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
    head = raw.partition(b"\n")[0].decode("utf-8", "replace").strip().split(",")
    lacking = [column for column in form.columns if column not in head]
    if lacking:
        message = explain(str(file), lacking[0], "no such column", f"a column {lacking[0]!r}", head)
        raise InputError(f"{message}; the file has {', '.join(head)}")
    try:
        # columns are typed here and not after, so that a wrong value is told and loading stays fast
        table = pd.read_csv(
            io.BytesIO(raw), dtype=form.kinds, usecols=list(form.columns), keep_default_na=False, na_values=[]
        )
    except (ValueError, OverflowError) as error:
        raise InputError(f"{file}: {error}") from error
    table = table[list(form.columns)]
    twice = table.duplicated(list(form.key))
    if twice.any():
        raise InputError(f"{file}: a row stands there more than once: {_said(form.key, table[twice])}")
    return table


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
