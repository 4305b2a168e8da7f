"""What a validation says: tables for the terminal, a page of text, tables as CSV, and plots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from doorstroom.reporting.plots.validation import fans, regions
from doorstroom.study.evidence.forecasts import MODEL, WIDENED, contest, summary
from doorstroom.study.store import atomic, made

Rows = list[list[str]]
SUMMARY_HEAD = ("series of", "forecast", "series", "figures", "error", "CRPS", "in 50%", "in 90%")
CONTEST_HEAD = ("series of", "forecast", "against", "series", "wins", "draws", "losses", "skill")


def summary_rows(table: pd.DataFrame) -> Rows:
    """Mean error and CRPS relative to the size of a series, and coverage, as text."""
    return [
        [
            row.kind, row.method, str(row.series), str(row.figures), f"{row.error:.1%}", f"{row.crps:.1%}",
            f"{row.in50:.0%}", f"{row.in90:.0%}",
        ]
        for row in summary(table).itertuples(index=False)
    ]  # fmt: skip


def contest_rows(table: pd.DataFrame) -> Rows:
    """Wins, draws and losses by mean CRPS per series, and skill: 1 - CRPS / CRPS of the other, as text."""
    return [
        [
            row.kind,
            method,
            row.against,
            str(row.series),
            str(row.win),
            str(row.draw),
            str(row.loss),
            f"{row.skill:+.2f}",
        ]
        for method in (MODEL, WIDENED)
        if (table["method"] == method).any()
        for row in contest(table, method).itertuples(index=False)
    ]


def series_rows(table: pd.DataFrame) -> Rows:
    """Mean CRPS per series of the country and forecast, as text; the first row is the heading."""
    part = table[table["kind"] != "region"]
    wide = part.pivot_table("crps", ["kind", "outcome", "group"], "method", sort=False)
    head = ["series of", "outcome", "group", *map(str, wide.columns)]
    return [
        head,
        *(
            [*map(str, key), *(f"{value:.1%}" for value in row)]
            for key, row in zip(wide.index, wide.to_numpy(), strict=True)
        ),
    ]


def write_validation(
    table: pd.DataFrame, folder: Path, title: str, remarks: Sequence[str] = (), past: pd.DataFrame | None = None
) -> Path:
    """Write forecasts.csv, validation.md and the plots; returns the page."""
    made(folder)
    with atomic(folder / "forecasts.csv") as file:
        file.write(table.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode())
    plots = [*fans(table, past), *([plot] if (plot := regions(table)) is not None else [])]
    for plot in plots:
        with atomic(folder / f"{plot.name}.png") as file:
            plot.figure.savefig(file, format="png", dpi=130, metadata={"Software": None})
    series = series_rows(table)
    lines = [
        f"# {title}",
        "",
        "Errors and CRPS are relative to the mean of a series; lower is better. Coverage is the share of observed",
        "figures inside the interval; an honest 90% interval holds 90%. A draw is a difference in CRPS below 5%. Skill",
        "is 1 - CRPS of the model / CRPS of the other: above 0 the model is better.",
        "",
        *as_table(SUMMARY_HEAD, summary_rows(table)),
        *as_table(CONTEST_HEAD, contest_rows(table)),
        "Mean CRPS per series:",
        "",
        *as_table(series[0], series[1:]),
        *(f"- {remark}" for remark in remarks),
        "",
        *(f"![{plot.caption}]({plot.name}.png)" for plot in plots),
        "",
    ]
    page = folder / "validation.md"
    with atomic(page) as file:
        file.write("\n".join(lines).encode())
    return page


def as_table(head: Sequence[str], rows: Rows) -> list[str]:
    """Lines of a table in Markdown, with an empty one below."""
    lines = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]
