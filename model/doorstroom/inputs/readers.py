"""Reading official files as published, whatever the edition's delimiter, encoding and column names.

A new edition with other column names needs one more alias in `official.py`, not another reader.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.errors import InputError, explain

_DELIMITERS = ";,\t|"


class Official(NamedTuple):
    """An official file: the names it may have, and per column the headings it may have (first = as read in 2019)."""

    files: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    title: str
    publisher: str
    edition: str
    licence: str

    @property
    def source(self) -> str:
        """Title, publisher, edition and licence in one line."""
        return f"{self.title}; {self.publisher}; {self.edition}; {self.licence}"


def find(folder: Path, official: Official) -> Path:
    """Path of the official file in a folder; InputError names the file when none of its names is there."""
    for name in official.files:
        if (folder / name).is_file():
            return folder / name
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    raise InputError(explain(folder, "file", official.files[0], f"a folder that holds {official.files[0]}", there))


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(folder: Path, official: Official) -> pd.DataFrame:
    """The columns of an official file under our names, every value as stripped text, shape (rows, columns).

    Raises InputError when the file or one of its columns is missing.
    """
    path = find(folder, official)
    text = _text(path)
    heading = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    table = pd.read_csv(io.StringIO(text), sep=delimiter, dtype=str, keep_default_na=False, skipinitialspace=True)
    by_heading = {_plain(str(column)): column for column in table.columns}
    picked = {}
    for name, aliases in official.columns.items():
        found = next((by_heading[_plain(alias)] for alias in aliases if _plain(alias) in by_heading), None)
        if found is None:
            allowed = " or ".join(repr(alias) for alias in aliases)
            near = explain(path.name, "column", aliases[0], allowed, [str(column) for column in table.columns])
            headings = ", ".join(str(column) for column in table.columns)
            raise InputError(f"{near.replace('found', 'not found:', 1)}; the file has: {headings}")
        picked[name] = table[found].str.strip()
    return pd.DataFrame(picked)


def counts(texts: pd.Series, file: str) -> NDArray[np.int64]:
    """Counts of persons from their text, shape (rows,); InputError when one is masked or no whole number.

    Newer editions mask counts of 1 to 4 as '<5' or -1. Such a count is unknown, so it is refused here rather
    than guessed.
    """
    text = texts.astype(str)
    masked = text.isin(["<5", "-1"])
    if masked.any():
        raise InputError(
            f"{file}: {texts.name}: {int(masked.sum())} counts are masked ('<5' or -1, that is 1 to 4 persons); "
            "this import needs an edition with exact counts, such as that of 1 October 2019"
        )
    whole = text.str.fullmatch(r"\d+(\.0)?")
    if not whole.all():
        row = int(np.flatnonzero(~whole)[0])
        raise InputError(f"{file}: row {row + 2}: {texts.name}: found {text.iloc[row]!r}; allowed: a whole number")
    return text.astype(float).to_numpy(np.int64)


def numbers(texts: pd.Series, file: str) -> NDArray[np.float64]:
    """Decimal numbers from their text, shape (rows,), NaN where empty; InputError when one can't be read."""
    text = texts.astype(str).str.replace(",", ".", regex=False)
    value = pd.to_numeric(text, errors="coerce")
    wrong = value.isna() & (text != "")
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InputError(f"{file}: row {row + 2}: {texts.name}: found {text.iloc[row]!r}; allowed: a number")
    return value.to_numpy(np.float64)


def translate(texts: pd.Series, words: Mapping[str, int], file: str) -> NDArray[np.int64]:
    """Codes of official words, shape (rows,), compared without case; InputError names an unknown word."""
    known = {word.casefold(): int(code) for word, code in words.items()}
    codes = texts.str.casefold().map(known)
    if codes.isna().any():
        word = texts[codes.isna()].iloc[0]
        raise InputError(explain(file, str(texts.name), word, "one of " + ", ".join(words), words))
    return codes.to_numpy(np.int64)


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _plain(heading: str) -> str:
    """A heading without case, quotes, underscores and double spaces."""
    return " ".join(heading.strip('"').replace("_", " ").split()).casefold()
