"""Reading official files as published, whatever the edition's delimiter, encoding, quoting and headings.

A newer edition with other headings needs one more alias in `official.py`, not another reader. Whatever a file
can't mean is told once, with file, row and column; the heading is row 1, as in a spreadsheet.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.errors import InputError, explain
from doorstroom.toml_files import Words

WITHHELD: Final = ("<5", "-1")
"""How newer editions write a count of 1 to 4 persons: on duo.nl and on onderwijsdata.duo.nl."""
LEAST_WITHHELD, MOST_WITHHELD = 1, 4

_DELIMITERS: Final = ";,\t|"
_ENCODINGS: Final = "text in UTF-8 or latin-1 (windows-1252)"
_GARBLED: Final = "\ufffd|Ã[\x80-\xbf]|[^\\W\\d_][\x80-\x9f‚ƒ„†‡ˆ‰‹“”]+[^\\W\\d_]"
"""Lost letters, UTF-8 taken for latin-1, and the accented letters of old code pages."""
_BEGINNING: Final = 65_536
_FIRST_LINES: Final = 10
_SIGNED: Final = ("Bron: CBS", "Source: CBS", "© ")
_LARGEST = 2**28  # bytes of text that a file may hold; a packed file of a few kilobytes could fill any memory
_QUOTED = 40  # letters of a file that a message repeats
_LISTED = 12  # allowed words that a message repeats


class Form(NamedTuple):
    """What every text of a column looks like: a pattern, and the same in words for a message."""

    pattern: str
    words: str


class Column(NamedTuple):
    """A column of an official file: its headings in the editions, and the form of its texts where it has one."""

    headings: tuple[str, ...]
    form: Form | None = None
    needed: bool = True


class Official(NamedTuple):
    """An official file, in all its editions.

    Parameters
    ----------
    key : our short name for it
    names : patterns of file names, lower case, with groups `first` and `last` for the years in them
    example : a file name for messages
    columns : our name to the column
    title, publisher, edition, licence : `edition` may hold {first} and {last}
    repeated : pattern of a heading, lower case, to our name; for columns that stand there once per year or sex
    one_day : whether it counts on one day, so that 2024-2025 in a name means 1 October 2024
    """

    key: str
    names: tuple[str, ...]
    example: str
    columns: Mapping[str, Column]
    title: str
    publisher: str
    edition: str
    licence: str
    repeated: Mapping[str, str] = {}
    one_day: bool = False

    def match(self, name: str) -> re.Match[str] | None:
        """How a file name fits, if it does; a name may end in .gz."""
        plain = name.casefold().removesuffix(".gz")
        return next((found for pattern in self.names if (found := re.fullmatch(pattern, plain))), None)


class Counts(NamedTuple):
    """Counts of persons as far as they are published: each lies between `low` and `high`, both int64 arrays."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]

    @property
    def withheld(self) -> NDArray[np.bool_]:
        """Where the count itself isn't published."""
        return self.low < self.high

    @classmethod
    def joined(cls, parts: Iterable[Counts]) -> Counts:
        """Counts one after the other."""
        low, high = zip(*parts, strict=True)
        return cls(np.concatenate(low), np.concatenate(high))


@dataclass(frozen=True)
class Published:
    """An official file as read.

    Parameters
    ----------
    path : where it was read
    official : what it is
    table : stripped texts under our names, indexed by row number, in an order that the file's order can't change
    headings : our name to the heading as the file spells it
    first, last : years in the file's name, None where it has none
    remarks : what is strange but not wrong
    """

    path: Path
    official: Official
    table: pd.DataFrame
    headings: Mapping[str, str]
    first: int | None
    last: int | None
    remarks: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Title, publisher, edition and licence in one line."""
        edition = self.official.edition.format(first=self.first, last=self.last)
        return f"{self.official.title}; {self.official.publisher}; {edition}; {self.official.licence}"

    def __getitem__(self, column: str) -> pd.Series:
        return self.table[column]

    def only(self, where: pd.Series) -> Published:
        """The rows for which `where` holds; InputError when it is none of them."""
        if not where.any():
            raise InputError(f"{self.path.name}: none of its {len(self.table)} rows is of the kind that is looked for")
        return replace(self, table=self.table[where])

    def fault(self, row: int, column: str, found: object, allowed: str, known: tuple[str, ...] = ()) -> InputError:
        """The error that names a row and column of this file."""
        return InputError(explain(self.path.name, f"row {row}, column {self.headings[column]}", found, allowed, known))

    def check_once(self, *columns: str) -> None:
        """InputError when two rows are the same in these columns: they would be counted twice."""
        twice = self.table.duplicated(list(columns), keep=False)
        if twice.any():
            like = (self.table[list(columns)] == self.table.loc[twice, list(columns)].iloc[0]).all(axis=1)
            first, second, *_ = sorted(self.table.index[like])
            what = ", ".join(self.headings[column] for column in columns)
            raise InputError(f"{self.path.name}: row {second}: the same {what} as row {first}; allowed: once")

    def counts(self, column: str, *, empty_is_none: bool = False) -> Counts:
        """Counts of persons, shape (rows,).

        Parameters
        ----------
        empty_is_none : whether an empty field says that there is nobody
        """
        text = self.table[column].str.replace(" ", "", regex=False)
        hidden = text.isin(WITHHELD)
        nobody = (text == "") if empty_is_none else pd.Series(False, index=text.index)
        number = text.mask(hidden | nobody, "0")
        wrong = ~number.str.fullmatch(r"[0-9]{1,9}(\.0)?")
        if wrong.any():
            row = wrong[wrong].index.min()
            allowed = "a whole number of persons, 0 or more, or '<5' where it is withheld"
            raise self.fault(row, column, self.table.loc[row, column], allowed)
        whole = number.astype("float64").to_numpy(np.int64)
        return Counts(np.where(hidden, LEAST_WITHHELD, whole), np.where(hidden, MOST_WITHHELD, whole))

    def exact(self, column: str) -> NDArray[np.int64]:
        """Whole numbers none of which may be withheld, shape (rows,)."""
        counts = self.counts(column)
        if counts.withheld.any():
            row = self.table.index[counts.withheld].min()
            raise self.fault(row, column, self.table.loc[row, column], "a whole number; here none may be withheld")
        return counts.low

    def numbers(self, column: str, least: float, most: float, *, empty_is_unknown: bool = False) -> NDArray[np.float64]:
        """Decimal numbers, with comma or point, shape (rows,); NaN where the field is empty, if it may be."""
        text = self.table[column].str.replace(",", ".", regex=False)
        value = pd.to_numeric(text, errors="coerce")
        unknown = value.isna() & (text != "") if empty_is_unknown else value.isna()
        wrong = unknown | (value < least) | (value > most)
        if wrong.any():
            row = wrong[wrong].index.min()
            raise self.fault(row, column, self.table.loc[row, column], f"a number from {least:g} to {most:g}")
        return value.to_numpy(np.float64)

    def codes(self, column: str, words: Mapping[str, int], where: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Codes of official words, shape (rows,), compared without case; -1 outside `where`."""
        known = {word.casefold(): int(code) for word, code in words.items()}
        text = self.table[column]
        codes = text.str.casefold().map(known)
        wrong = codes.isna() if where is None else codes.isna() & where
        if wrong.any():
            row = wrong[wrong].index.min()
            raise self.fault(row, column, text[row], one_of(words), tuple(words))
        codes = codes if where is None else codes.where(where)
        return codes.fillna(-1).to_numpy(np.int64)


def one_of(words: Mapping[str, int]) -> str:
    """The allowed words as a message lists them."""
    named = [repr(word) if word else "nothing" for word in words]
    return "one of " + ", ".join(named[:_LISTED]) + (f" and {len(named) - _LISTED} more" * (len(named) > _LISTED))


def first_headings(path: Path) -> tuple[str, ...]:
    """Headings of a file from its beginning alone; none where it isn't text in columns."""
    with suppress(OSError, EOFError, zlib.error, InputError):
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            begin = _decoded(path, file.read(_BEGINNING))
        lines = begin.splitlines()[:_FIRST_LINES]
        above = _titles(lines)
        heading = next(csv.reader(lines[above:], delimiter=_delimiter(lines[above:]), skipinitialspace=True), [])
        return tuple(plain(text) for text in heading)
    return ()


def headings(path: Path) -> list[str]:
    """Headings of a file, without case, underscores and double spaces."""
    return [plain(heading) for heading in _records(path, _text(path))[0][1]]


def years_of(path: Path, official: Official) -> tuple[int | None, int | None]:
    """First and last year that a file's name tells; of the count of a day it is its October."""
    found = official.match(path.name)
    if found:
        told = found.groupdict()
        return (int(told["first"]) if told.get("first") else None), (int(told["last"]) if told.get("last") else None)
    years = [int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", path.name)]
    if not years:
        return None, None
    return years[0], years[0] if official.one_day else years[-1]


def year_of(published: Published) -> int:
    """The year of a file that doesn't tell it itself, from its name."""
    if published.last is None:
        allowed = f"a name with the year in it, such as {published.official.example}"
        raise InputError(explain(published.path, "name", published.path.name, allowed))
    return published.last


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(path: Path, official: Official) -> Published:
    """An official file; InputError when it is cut off, garbled, or lacks a column.

    Rows are put in an order of their own, so that nothing that is made of them depends on the file's order.
    """
    text = _text(path)
    heading, *rows = _records(path, text)
    chosen = _columns(path, official, heading)
    places = list(chosen.values())
    picked = sorted(([row[place] for place in places], number) for number, row in rows)
    table = pd.DataFrame([texts for texts, _ in picked], index=[number for _, number in picked], columns=list(chosen))
    first, last = years_of(path, official)
    published = Published(
        path=path,
        official=official,
        table=table,
        headings={name: heading[1][place] for name, place in chosen.items()},
        first=first,
        last=last,
        remarks=() if text.endswith("\n") else (f"{path.name} ends in the middle of a line; was it cut off?",),
    )
    _check_texts(published)
    return published


def _records(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """Rows of stripped fields with their numbers, the heading first; every row is as long as the heading."""
    first = text[:_BEGINNING].splitlines()[:_FIRST_LINES]
    above = _titles(first)
    delimiter = _delimiter(first[above:])
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    records: list[tuple[int, list[str]]] = []
    last = 0
    try:
        for number, record in enumerate(lines, 1):
            fields = [field.strip() for field in record]
            last = number
            if any(fields) and number > above:
                records.append((number, fields))
    except csv.Error as error:
        raise InputError(f"{path.name}: row {last + 1}: quotes that don't close ({error}); was it cut off?") from error
    # CBS writes below its tables whose they are
    while len(records) > 1 and len(records[-1][1]) == 1 and records[-1][1][0].startswith(_SIGNED):
        records.pop()
    if len(records) < 2:
        raise InputError(
            explain(path.name, "rows", max(len(records) - 1, 0), "a heading and at least one row below it")
        )
    wide = len(records[0][1])
    if wide == 1:
        found = text.partition("\n")[0].strip()[:_QUOTED]
        raise InputError(explain(path.name, "heading", found, "columns separated by one of ; , | and tab"))
    for number, record in records:
        if len(record) != wide:
            message = explain(path.name, f"row {number}", f"{len(record)} fields", f"{wide} fields, as in the heading")
            raise InputError(message + ("; was the file cut off?" if number == records[-1][0] else ""))
    return records


def _columns(path: Path, official: Official, heading: tuple[int, list[str]]) -> dict[str, int]:
    """Place of each column that we know, by our name."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(heading[1]):
        places.setdefault(plain(text), []).append(place)
    chosen: dict[str, int] = {}
    for name, column in official.columns.items():
        found = next((places[plain(alias)] for alias in column.headings if plain(alias) in places), [])
        if len(found) > 1:
            raise InputError(_twice(path, heading[1][found[0]]))
        if found:
            chosen[name] = found[0]
        elif column.needed:
            raise InputError(_lacks(path, column, heading[1]))
    for pattern, template in official.repeated.items():
        for text, found in places.items():
            if match := re.fullmatch(pattern, text):
                if len(found) > 1:
                    raise InputError(_twice(path, heading[1][found[0]]))
                chosen[template.format(**match.groupdict())] = found[0]
    return chosen


def _twice(path: Path, heading: str) -> str:
    return explain(path.name, "heading", f"{heading} more than once", "every column once")


def _lacks(path: Path, column: Column, heading: list[str]) -> str:
    allowed = " or ".join(repr(alias) for alias in column.headings)
    message = explain(path.name, column.headings[0], "no such column", f"a column {allowed}", heading)
    return f"{message}; the file has {', '.join(heading)}"


def _check_texts(published: Published) -> None:
    """Columns that were mixed up show by texts that can't stand there, a wrong encoding by garbled letters.

    Only columns that are read count: DUO's own names of schools are garbled here and there.
    """
    for name, column in published.official.columns.items():
        if name not in published.headings:
            continue
        text = published[name]
        wrong, allowed = text.str.contains(_GARBLED), _ENCODINGS
        if column.form is not None and not wrong.any():
            wrong, allowed = ~text.str.fullmatch(column.form.pattern), column.form.words
        if wrong.any():
            row = wrong[wrong].index.min()
            raise published.fault(row, name, text[row], allowed)


def _titles(lines: Sequence[str]) -> int:
    """How many lines stand above the heading: empty ones, and the one quoted text with which CBS begins its tables."""
    return next((at for at, line in enumerate(lines) if not re.fullmatch(r'\s*("[^"]*")?\s*', line)), 0)


def _delimiter(lines: Sequence[str]) -> str:
    """What the columns are separated by, from the heading."""
    return max(_DELIMITERS, key="".join(lines[:1]).count)


def _text(path: Path) -> str:
    zipped = path.suffix == ".gz"
    try:
        with gzip.open(path) if zipped else path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path.name}: isn't a whole gzip file ({error}); fetch it again") from error
    except OSError as error:
        raise InputError(explain(path, "file", error.strerror, "a file that can be read")) from error
    if len(raw) > _LARGEST:
        found = f"more than {_LARGEST // 2**20} MB" + (" when unpacked" if zipped else "")
        raise InputError(explain(path.name, "size", Words(found), "at most that; no official file comes near it"))
    return _decoded(path, raw)


def _decoded(path: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(explain(path.name, "encoding", "UTF-16, or no text at all", _ENCODINGS))
    return text


def plain(heading: str) -> str:
    """A heading without case, underscores and double spaces."""
    return " ".join(heading.replace("_", " ").split()).casefold()
