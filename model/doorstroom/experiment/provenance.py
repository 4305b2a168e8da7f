"""What a stored study was made with, held against what is here now: which figure, file or package differs.

The parameters of a study are kept beside its runs. Its input tables are too large for that; they are found
in the repository, at the commit that the manifest names.
"""

from __future__ import annotations

import csv
import io
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from doorstroom.errors import InputError, StoreError
from doorstroom.experiment.manifest import Machine, Manifest
from doorstroom.experiment.whole_files import atomic
from doorstroom.inputs.schema import TABLES
from doorstroom.inputs.sets import DEFAULT, load_inputs
from doorstroom.source import DATA, PACKAGE, PROSE, code_identity, files_of
from doorstroom.toml_files import read_toml

PARAMETERS = "parameters.toml"
_DATA = PACKAGE / "inputs" / "data" / DEFAULT
_SHOWN = 5
"""Changed figures of one table that are named; the rest is counted."""


class Difference(NamedTuple):
    """Something that is not as it was: parameters, inputs, code, packages or platform, and what of it."""

    kind: str
    what: str


def keep_parameters(folder: Path) -> None:
    """Put a copy of parameters.toml into the study's folder."""
    with atomic(folder / PARAMETERS) as file:
        file.write((resources.files("doorstroom.inputs") / PARAMETERS).read_bytes())


def differences(folder: Path, manifest: Manifest, inputs: Path | None = None) -> list[Difference]:
    """All that differs between now and when the study was made; empty where nothing does.

    `inputs` is the folder of its input set where that isn't the one of the package.
    """
    found = [Difference("parameters", text) for text in _parameters(folder)]
    found += [Difference("inputs", text) for text in _inputs(manifest, inputs)]
    if code_identity() != manifest.code:
        found += [Difference("code", text) for text in _code(manifest)]
    here = Machine.here()
    for name, then in manifest.machine.packages.items():
        now = here.packages.get(name)
        if now != then:
            found.append(Difference("packages", f"{name} was {then}, now {now or 'not there'}"))
    if here.python != manifest.machine.python:
        found.append(Difference("packages", f"Python was {manifest.machine.python}, now {here.python}"))
    if here.platform != manifest.machine.platform:
        found.append(Difference("platform", f"was {manifest.machine.platform}, now {here.platform}"))
    return found


def _parameters(folder: Path) -> Iterator[str]:
    kept = folder / PARAMETERS
    if not kept.exists():
        return
    try:
        before = _flat(read_toml(kept, StoreError, "the parameters of the study"))
        repr(before)  # tables in tables without end can't be compared
    except RecursionError as error:
        raise StoreError(f"{kept}: tables in tables without end; restore it") from error
    after = _flat(tomllib.loads((resources.files("doorstroom.inputs") / PARAMETERS).read_text(encoding="utf-8")))
    for key in sorted(before.keys() | after.keys()):
        # a source or a reason in other words changes no number
        if key.rsplit(".", 1)[-1] in PROSE or before.get(key) == after.get(key):
            continue
        then, now = (side.get(key, "not there") for side in (before, after))
        yield f"{PARAMETERS}: {key} was {then}, now {now}"


def _flat(content: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in content.items():
        name = f"{within}{key}"
        flat |= _flat(value, f"{name}.") if isinstance(value, Mapping) else {name: value}
    return flat


def _inputs(manifest: Manifest, inputs: Path | None) -> Iterator[str]:
    """Changed figures of the input tables, by file, row and column."""
    try:
        if load_inputs(inputs).identity == manifest.inputs:
            return
        unsound = ""
    except InputError as error:
        unsound = str(error)
    if inputs is not None:
        yield unsound or f"{inputs}: another input set than the one the study was made with"
        return
    named = False
    for name in TABLES:
        file = _DATA / TABLES[name].file(name)
        before = _at_commit(manifest, file)
        if before is None or (file.exists() and before == file.read_bytes()):
            continue
        named = True
        yield from _rows(name, before, file.read_bytes() if file.exists() else b"")
    if not named:
        yield unsound or "the input set is another one; the one the study was made with is not at hand to compare"


def _rows(name: str, before: bytes, after: bytes) -> Iterator[str]:
    file, key = TABLES[name].file(name), TABLES[name].key
    then, now = _table(before, key), _table(after, key)
    told = 0
    for row in sorted(then.keys() | now.keys()):
        was, is_ = then.get(row), now.get(row)
        if was == is_:
            continue
        told += 1
        if told > _SHOWN:
            continue
        place = ", ".join(f"{column} {value}" for column, value in zip(key, row, strict=True))
        if was is None or is_ is None:
            yield f"{file}: the row with {place} {'was not there' if was is None else 'is gone'}"
            continue
        for column in was:
            if was[column] != is_.get(column):
                yield f"{file}: {place}: {column} was {was[column]}, now {is_.get(column)}"
    if told > _SHOWN:
        yield f"{file}: {told - _SHOWN} more rows differ"


def _table(content: bytes, key: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8")))
    return {tuple(row.get(column) or "" for column in key): row for row in rows}


def _code(manifest: Manifest) -> Iterator[str]:
    """Source files that differ from the commit of the study, or that they differ at all."""
    yield f"the model's source was {manifest.code[:12]}, now {code_identity()[:12]}"
    commit = (manifest.commit or "").rstrip("+")
    listed = _git("diff", "--name-only", commit, "--", ".") if commit else None
    model = {path.relative_to(PACKAGE).as_posix() for path in files_of()} | set(DATA)
    for file in (listed or b"").decode().splitlines():
        if any(f"/{file}".endswith(f"/{one}") for one in model):
            yield f"{file} differs from commit {commit[:12]}"


def _at_commit(manifest: Manifest, file: Path) -> bytes | None:
    commit = (manifest.commit or "").rstrip("+")
    return _git("show", f"{commit}:./{file.relative_to(PACKAGE).as_posix()}") if commit else None


def _git(*words: str) -> bytes | None:
    try:
        return subprocess.run(["git", *words], cwd=PACKAGE, capture_output=True, check=True, timeout=30).stdout
    except (OSError, subprocess.SubprocessError):
        return None
