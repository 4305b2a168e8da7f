"""Writing an input set: whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from doorstroom.errors import InputError, explain
from doorstroom.inputs.schema import MANIFEST, TABLES, VERSION

_UNFINISHED = ".unfinished"
_OLD = f".old{_UNFINISHED}"


class Derivation(NamedTuple):
    """Keys of the official files that a table comes from, and one line on how."""

    files: tuple[str, ...]
    how: str


def write_set(
    target: Path,
    tables: Mapping[str, pd.DataFrame],
    facts: Mapping[str, Any],
    sources: Mapping[str, tuple[list[str], str]],
) -> None:
    """Write an input set into the folder `target`, replacing one that is there.

    Everything is written into a folder beside the target that nothing reads, and renamed when it is whole.

    Parameters
    ----------
    facts : what the manifest says of the set besides its tables: name, date, controls, withheld, remarks, official
    sources : per table its source lines, and how it is made of them

    Raises
    ------
    InputError
        When the target is a file, holds something that isn't an input set, or can't be written.
    """
    _check_target(target)
    try:
        with _whole(target) as folder:
            entries = {}
            for name, form in TABLES.items():
                raw = _csv(tables[name])
                _write(folder / form.file(name), raw)
                entries[name] = {
                    "file": form.file(name),
                    "rows": len(tables[name]),
                    "sha256": hashlib.sha256(raw).hexdigest(),
                    "sources": sources[name][0],
                    "derived": sources[name][1],
                }
            head = {"name": facts["name"], "schema": VERSION, "date": facts["date"], "tables": entries}
            manifest = json.dumps({**head, **facts}, indent=1, ensure_ascii=False) + "\n"
            _write(folder / MANIFEST, manifest.encode())  # last: without it nothing is an input set
    except OSError as error:
        raise InputError(f"{target}: can't be written: {error.strerror}; nothing was left there") from error


def _csv(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False, float_format="%.6f", lineterminator="\n").encode()


def _check_target(target: Path) -> None:
    allowed = "a new folder, an empty one, or an input set, which is replaced"
    if target.exists() and not target.is_dir():
        raise InputError(explain(target, "target", "a file", allowed))
    if target.is_dir() and any(target.iterdir()) and not (target / MANIFEST).is_file():
        raise InputError(explain(target, "target", "a folder with other files", allowed))


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A folder beside the target that takes its place at the end, or is gone; what stood there is lost only then."""
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in target.parent.glob(f".{target.name}.*{_UNFINISHED}"):  # of an import that was killed
        if left.name.endswith(_OLD) and not target.exists():
            left.rename(target)
        shutil.rmtree(left, ignore_errors=True)
    folder = target.with_name(f".{target.name}.{os.getpid()}{_UNFINISHED}")
    old = target.with_name(f".{target.name}.{os.getpid()}{_OLD}")
    folder.mkdir()
    try:
        yield folder
        if target.exists():
            target.rename(old)
        try:
            folder.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, raw: bytes) -> None:
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
