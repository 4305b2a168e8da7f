"""Tables and facts in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


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
    """A table; `numbers` sets its columns to the right."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        if numbers:
            table.add_column(column.replace("_", " "), justify="right")  # long names of schemes break between words
        else:
            table.add_column(column, no_wrap=column == "name", overflow="fold")
    for row in rows:
        table.add_row(*row)
    _console().print(table)
