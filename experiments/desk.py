"""How far the committed desk is off, as a page of the documentation.

python experiments/desk.py results/desk --write docs/desk_results.md
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.wording import decimals, number, scale

HEAD: Final = """# How far the policy desk is off

Made by `python experiments/desk.py results/desk --write docs/desk_results.md` from what `doorstroom desk` left in
`results/desk`; nothing here is typed. [How the desk works](desk.md).
"""


def main() -> None:
    """Write the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--write", type=Path, required=True)
    asked = arguments.parse_args()
    about = json.loads((asked.folder / "desk.json").read_text(encoding="utf-8"))
    asked.write.write_text("\n".join(lines(about)) + "\n", encoding="utf-8")


def lines(about: dict[str, Any]) -> Iterator[str]:
    """The page, line by line."""
    study, errors = about["study"], about["errors"]
    held, draws = study["held_out"]["positions"], study["held_out"]["draws"]
    yield HEAD
    yield (
        f"{study['draws']} draws, each at {study['positions']} positions of its own, a sample of "
        f"{study['fraction']:.0%} of the people; judged at {held} random positions that no fit saw, "
        f"each in {draws} of the same draws."
    )
    yield ""
    yield "## Held-out positions"
    yield ""
    yield from _errors([row for row in errors if row["year"] in (2030, 2040)], held)
    yield ""
    yield from _overall(errors, held)
    yield ""
    yield "## Named positions, desk beside model"
    yield ""
    yield (
        f"The examples of the page, among them the positions of the reference study that levers can say, in "
        f"{draws} draws; median and 90% interval of the difference from the present policy. *Run it*: the desk "
        "gives no number "
        "there, and what it would have said is shown for comparison."
    )
    yield ""
    yield from _beside(about["beside"])


def _errors(rows: list[dict[str, Any]], held: int) -> Iterator[str]:
    heads = "outcome|year|width of the interval|median off|lower end off|upper end off|worst tenth|runs held|run it"
    yield f"| {heads.replace('|', ' | ')} |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        written = scale(OUTCOMES[row["outcome"]].unit, effect=True)
        width = f"{row['width'] * written.factor:,.3g} {written.unit}"
        parts = [f"{row[part]:.0%}" for part in ("part", "part_low", "part_high", "worst", "held")]
        title = OUTCOMES[row["outcome"]].title
        yield f"| {title} | {row['year']} | {width} | {' | '.join(parts)} | {row['run_it']} of {held} |"
    yield ""
    yield (
        "Errors are parts of the width of the real interval at each position, in the middle over positions; the worst "
        "tenth is that of the median. Runs held: single runs within the desk's interval of 90%."
    )


def _overall(errors: list[dict[str, Any]], held: int) -> Iterator[str]:
    silent, cells = sum(row["run_it"] for row in errors), held * len(errors)
    ends = sum(row["part_low"] < 0.1 and row["part_high"] < 0.1 for row in errors)
    good = sum(row["part"] < 0.1 for row in errors)
    worst = sorted(errors, key=lambda row: -row["worst"])[: max(1, len(errors) // 10)]
    named = sorted({OUTCOMES[row["outcome"]].title for row in worst})
    yield (
        f"Over all {len(errors)} outcomes and years the median is less than a tenth of the interval's width off in "
        f"{good}; both ends are in {ends}. The worst tenth of outcomes "
        f"and years is of {', '.join(named)}. Of {cells:,} answers {silent:,} say: run it."
    )


def _beside(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield "| position | outcome | year | desk | model | error told (held two times in three) | within it |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        title = OUTCOMES[row["outcome"]].title
        desk, model = (_told(row[which], row["outcome"]) for which in ("desk", "model"))
        off = abs(row["desk"][0] - row["model"][0])
        within = "yes" if off <= row["off"] else f"{off / row['off']:.1f} x" if row["off"] else "no"
        silent = " *run it*" if row["run_it"] else ""
        cells = (row["title"], title, row["year"], f"{desk}{silent}", model, _plain(row["off"]), within)
        yield f"| {' | '.join(map(str, cells))} |"


def _told(parts: list[float], name: str) -> str:
    middle, low, high = (part * scale(OUTCOMES[name].unit, effect=True).factor for part in parts)
    if not math.isfinite(low) or low == high == 0.0:
        return "0"
    places = decimals(low, high)
    told = [number(one, places, signed=True) for one in (middle, low, high)]
    return f"{told[0]} ({told[1]} to {told[2]})"


def _plain(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


if __name__ == "__main__":
    main()
