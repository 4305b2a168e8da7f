"""The dictionaries of parameters, outcomes and input tables as pages of the docs, made from the code's own data.

`python -m doorstroom.reporting.dictionary docs` writes them anew.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import IntEnum
from pathlib import Path
from typing import get_args

from doorstroom.inputs.schema import TABLES
from doorstroom.outcomes import OUTCOMES, Outcome
from doorstroom.parameters import Grade, Parameter, load_parameters
from doorstroom.terms import Field, Pathway, Profile, Sex, Track

_MADE = "<!-- Made by `make docs` from {source}; change it there. -->\n\n"


def parameters_page() -> str:
    """Every parameter, by mechanism, with what is known of it."""
    entries = load_parameters()
    counts = Counter(entry.grade for entry in entries.values())
    graded = ", ".join(f"{counts[grade]} {grade}" for grade in get_args(Grade))
    lines = [
        _MADE.format(source="inputs/parameters.toml") + "# Parameters",
        "",
        f"{len(entries)} parameters: {graded}. A prior is what a draw samples from; a list of values has one common "
        "factor. Without a prior a value is the same in every draw. Outside its domain a value is refused, wherever it "
        "comes from: scenario, study file, draw or Python.",
    ]
    section = ""
    for name, entry in entries.items():
        here, key = name.split(".", 1)
        if here != section:
            section = here
            lines += ["", f"## {section}", "", "| name | value | unit | domain | prior | grade | why | source |"]
            lines += ["| --- | --- | --- | --- | --- | --- | --- | --- |"]
        numbers = (key, entry.value_text(), entry.unit, entry.domain_text(), entry.prior_text())
        lines.append(_row((*numbers, entry.grade, entry.why, entry.source)))
    return "\n".join([*lines, *_signs(entries)]) + "\n"


def _signs(entries: Mapping[str, Parameter]) -> Iterator[str]:
    """What is held to one side of zero, and why."""
    yield from (
        "",
        "## Signs",
        "",
        "Zero is in the prior of these, or at its end. Where a prior ends at zero the direction is put in and no "
        "result of a run: that money for staff means more teachers rather than fewer is assumed, how many more is what "
        "a run says.",
        "",
        "| parameter | held | why |",
        "| --- | --- | --- |",
    )
    for name, entry in entries.items():
        if entry.sign is not None:
            yield _row((name, entry.direction or "", entry.sign))


def outcomes_page() -> str:
    """Every outcome with its unit, its groups and what it counts."""
    lines = [
        _MADE.format(source="outcomes.toml") + "# Outcomes",
        "",
        "A run gives one value per year, region (0 is the country) and series; a series is an outcome in one of its "
        "groups. Counts and amounts add up over regions; ratios are computed from two of them. The smallest difference "
        "that matters decides what a report calls too small to matter: a part of the level under the present policy, "
        "or for a ratio a difference in its own unit.",
    ]
    section = ""
    for outcome in OUTCOMES.values():
        if outcome.section != section:
            section = outcome.section
            lines += [
                "",
                f"## {section}",
                "",
                "| outcome | title | unit | definition | smallest difference that matters | groups |",
            ]
            lines += ["| --- | --- | --- | --- | --- | --- |"]
        what = (outcome.name, outcome.title, outcome.unit, _definition(outcome))
        cells = (*what, _matters(outcome), ", ".join(outcome.groups))
        lines.append(_row(cells))
    return "\n".join(lines) + "\n"


def input_tables_page() -> str:
    """Every table of an input set with its columns, and the codes that stand in them."""
    lines = [
        _MADE.format(source="inputs/schema.py and terms.py") + "# Tables of an input set",
        "",
        "One CSV file per table (UTF-8, comma, a heading), rows in the order of their key. A manifest beside them "
        "holds their hashes, sources and control totals. [Inputs](inputs.md) says how they are made.",
    ]
    for name, table in TABLES.items():
        lines += ["", f"## {name}", "", f"A row is {table.row}. Key: {', '.join(table.key)}."]
        lines += ["", "| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
        lines += [_row((key, column.kind, column.unit, column.meaning)) for key, column in table.columns.items()]
    lines += ["", "## Codes", "", "| term | codes |", "| --- | --- |"]
    lines += [_row((term.__name__, ", ".join(f"{one.value} {one.name}" for one in term))) for term in CODED]
    return "\n".join(lines) + "\n"


CODED: tuple[type[IntEnum], ...] = (Track, Profile, Sex, Pathway, Field)
PAGES = {"parameters.md": parameters_page, "outcomes.md": outcomes_page, "input_tables.md": input_tables_page}


def write_pages(folder: Path) -> Iterator[Path]:
    """Write every page into a folder; yields their paths."""
    for file, page in PAGES.items():
        path = folder / file
        path.write_text(page(), encoding="utf-8", newline="\n")
        yield path


def _matters(outcome: Outcome) -> str:
    size = f"{outcome.matters:g} {outcome.unit}" if outcome.is_ratio else f"{outcome.matters:.0%} of the level"
    return f"{size}. {outcome.matters_why}"


def _definition(outcome: Outcome) -> str:
    return f"{outcome.definition} ({outcome.of} / {outcome.over})" if outcome.is_ratio else outcome.definition


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


if __name__ == "__main__":
    for written in write_pages(Path(sys.argv[1])):
        print(written)
