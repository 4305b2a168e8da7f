"""Tables and facts in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

_GAP: Final = 3
"""Columns of the terminal between two columns of a table."""
_PATH: Final = 24
"""Letters of a path that stay together."""
_AMOUNT: Final = 16
"""Letters of the longest amount with its unit."""


def _console() -> Console:
    from rich.console import Console

    return Console(markup=False, highlight=False)  # texts of files are printed as they are


def print_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Lines of a name and what it is; what is empty is left out."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for name, text in facts:
        if text:
            table.add_row(f"  {name}", text)
    _console().print(table)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = False) -> None:
    """A table in which nothing is cut within a word or an amount, however narrow the terminal is.

    One of `numbers` has its columns to the right, and goes on below itself where it is too wide. Any other that is too
    wide is printed row by row, a line for each column.
    """
    console = _console()
    columns = [column.replace("_", " ") for column in columns] if numbers else list(columns)
    needed = [
        max(_widest(column), *(len(row[at]) if numbers else _widest(row[at]) for row in rows), 1) + _GAP
        for at, column in enumerate(columns)
    ]
    if numbers:
        for block in _blocks(needed, console.width):
            _draw(console, [columns[at] for at in block], [[row[at] for at in block] for row in rows], numbers=True)
    elif sum(needed) <= console.width:
        _draw(console, columns, rows, numbers=False)
    else:
        for row in rows:
            console.print(row[0], soft_wrap=True)
            print_facts(list(zip(columns[1:], row[1:], strict=True)))


def _draw(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for at, column in enumerate(columns):
        whole = numbers or all(_is_amount(row[at]) for row in rows)
        least = _least(column, rows, at, whole)
        if numbers:
            table.add_column(column, justify="right", width=least)
        else:
            table.add_column(column, min_width=least)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _least(column: str, rows: Sequence[Sequence[str]], at: int, whole: bool) -> int:
    """The width below which words, or whole amounts, would be cut."""
    return max(_widest(column), *(len(row[at]) if whole else _widest(row[at]) for row in rows), 1)


def _blocks(needed: Sequence[int], width: int) -> list[list[int]]:
    """Columns that fit beside each other; the first stands in every block."""
    blocks, used = [[0]], needed[0]
    for at in range(1, len(needed)):
        if used + needed[at] > width and len(blocks[-1]) > 1:
            blocks.append([0])
            used = needed[0]
        blocks[-1].append(at)
        used += needed[at]
    return blocks


def _widest(text: str) -> int:
    """Letters of the longest word; a path may be broken."""
    return max((min(len(word), _PATH) if "/" in word else len(word) for word in text.split()), default=0)


def _is_amount(text: str) -> bool:
    return any(letter.isdigit() for letter in text) and len(text) <= _AMOUNT
