"""Input sets: the tables that a model is built from, loaded and verified."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.inputs.schema import REFERENCES, TABLES, VERSION

DEFAULT: Final = "nl2019"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, eq=False)
class Inputs:
    """An input set: one table per idea, in canonical order, whatever the order of rows in the files.

    Columns and units stand in docs/inputs.md. The tables are shared between callers: don't change them in place.
    `identity` is the SHA-256 over the hashes of all tables; equal identities mean equal inputs.
    """

    name: str
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

    @classmethod
    def ordered(cls, name: str, identity: str, **tables: pd.DataFrame) -> Inputs:
        """A set of these tables, each put in the order of its key: the order of rows means nothing."""
        sorted_tables = {
            table: rows.sort_values(list(TABLES[table].key), ignore_index=True) for table, rows in tables.items()
        }
        return cls(name, identity, **sorted_tables)


@lru_cache(maxsize=4)
def load_inputs(path: Path | None = None) -> Inputs:
    """The input set in a folder, by default the one that comes with the package (nl2019).

    Raises InputError, naming the file, when a table is missing or differs from its manifest, lacks a column, holds
    something that can't be read, or refers to a location, region, municipality or college that isn't there.
    """
    folder: Traversable = path if path else resources.files("doorstroom.inputs") / "data" / DEFAULT
    manifest = _manifest(folder)
    tables = {name: _table(folder, name, manifest["tables"]) for name in TABLES}
    _check_references(folder, tables)
    _check_shares(folder, tables["feeders"])
    hashes = "".join(f"{name} {manifest['tables'][name]['sha256']}\n" for name in sorted(TABLES))
    return Inputs.ordered(name=manifest["name"], identity=hashlib.sha256(hashes.encode()).hexdigest(), **tables)


def _read(folder: Traversable, file: str) -> bytes:
    try:
        return (folder / file).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{folder}: {file} is missing; make the set with `doorstroom inputs import`") from error


def _manifest(folder: Traversable) -> dict[str, Any]:
    file = folder / MANIFEST
    try:
        manifest = json.loads(_read(folder, MANIFEST))
        found, tables = manifest["schema"], manifest["tables"]
        names, _ = manifest["name"], [tables[name]["sha256"] for name in tables]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{file}: not a manifest of an input set ({error}); make the set again") from error
    if found != VERSION:
        raise InputError(explain(str(file), "schema", found, str(VERSION)))
    if not isinstance(names, str):
        raise InputError(explain(str(file), "name", names, "a word"))
    lacking = [name for name in TABLES if name not in tables]
    if lacking:
        raise InputError(explain(str(file), "tables", sorted(tables), f"a table {lacking[0]!r} among them"))
    return dict(manifest)


def _table(folder: Traversable, name: str, entries: dict[str, Any]) -> pd.DataFrame:
    form = TABLES[name]
    file = form.file(name)
    raw = _read(folder, file)
    found = hashlib.sha256(raw).hexdigest()
    if found != entries[name]["sha256"]:
        raise InputError(
            f"{folder / file}: differs from its manifest (sha256 {found[:12]}..., expected "
            f"{str(entries[name]['sha256'])[:12]}...); restore the file or make the set again"
        )
    head = raw.partition(b"\n")[0].decode("utf-8", "replace").strip().split(",")
    lacking = [column for column in form.columns if column not in head]
    if lacking:
        raise InputError(explain(str(folder / file), lacking[0], ", ".join(head), f"a column {lacking[0]!r}", head))
    try:
        # columns are typed here and not after, so that a wrong value is told and loading stays fast
        table = pd.read_csv(
            io.BytesIO(raw), dtype=form.columns, usecols=list(form.columns), keep_default_na=False, na_values=[]
        )
    except (ValueError, OverflowError) as error:
        raise InputError(f"{folder / file}: {error}") from error
    table = table[list(form.columns)]
    twice = table.duplicated(list(form.key))
    if twice.any():
        row = table.loc[twice, list(form.key)].iloc[0].to_dict()
        raise InputError(f"{folder / file}: a row stands there more than once: {row}")
    return table


def _check_references(folder: Traversable, tables: dict[str, pd.DataFrame]) -> None:
    for name, column, target, key in REFERENCES:
        missing = tables[name].loc[~tables[name][column].isin(tables[target][key]), column]
        if len(missing):
            raise InputError(
                f"{folder / TABLES[name].file(name)}: {column}: {missing.iloc[0]!r} isn't in {TABLES[target].file(target)}"
            )


def _check_shares(folder: Traversable, feeders: pd.DataFrame) -> None:
    total = feeders.groupby(["year", "lower_location", "class_kind"])[["men", "women"]].sum().stack()
    wrong = total[~np.isclose(total, 1.0, atol=1e-6)]
    if len(wrong):
        raise InputError(f"{folder / 'feeders.csv'}: shares of {wrong.index[0]} add up to {wrong.iloc[0]:.6f}, not 1")
