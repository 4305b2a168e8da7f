"""What a validation says: tables for the terminal, a page of text, tables as CSV, and plots."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from pathlib import Path

import pandas as pd

from doorstroom.evidence.forecasts import KINDS, MODEL, SERIES, contest, summary
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.reporting.plots.validation import fans, regions

Rows = list[list[str]]
SUMMARY_HEAD = ("series of", "forecast", "series", "figures", "bias", "error", "CRPS", "in 50%", "in 90%")
LEAD_HEAD = ("series of", "years ahead", "figures", "too high", "bias", "error", "CRPS", "in 50%", "in 90%")
CONTEST_HEAD = ("series of", "against", "series", "wins", "draws", "losses", "skill")


ASKED_HEAD = (
    "series of", "lowest CRPS", "skill against", "series where it is best", "in 50%", "42 to 58%", "in 90%", "85 to 95%"
)  # fmt: skip
HONEST = {"in50": (0.42, 0.58), "in90": (0.85, 0.95)}
"""Between which parts of the observed figures an interval holds that says what it does."""
HOW_TO_READ = (
    "Bias, errors and CRPS are relative to the mean of a series; lower is better. A bias above 0 means that the",
    "forecast was too high. Coverage is the share of observed figures inside the interval; an honest 90% interval",
    "holds 90%. What a score could be within the bounds of withheld counts stands in brackets. A draw is a difference",
    "in CRPS below 5%. Skill is 1 - CRPS of the model / CRPS of the other: above 0 the model is better.",
    "",
)


def summary_rows(table: pd.DataFrame) -> Rows:
    """Mean bias, error and CRPS relative to the size of a series, and coverage, as text.

    What CRPS and coverage could be within the bounds of withheld counts stands beside them.
    """
    return [
        [
            row.kind, row.method, str(row.series), str(row.figures), f"{row.bias:+.1%}", f"{row.error:.1%}",
            _within(row.crps, row.crps_least, row.crps_most, 1), f"{row.in50:.0%}",
            _within(row.in90, row.in90_least, row.in90_most, 0),
        ]
        for row in summary(table).itertuples(index=False)
    ]  # fmt: skip


def lead_rows(table: pd.DataFrame) -> Rows:
    """The model's scores by how far ahead it forecast, and how many of its medians were too high, as text."""
    mine = table[table["method"] == MODEL]
    above = mine.assign(above=mine["bias"] > 0).groupby(["kind", "lead"])["above"].mean()
    return [
        [
            row.kind, str(row.lead), str(row.figures), f"{above[row.kind, row.lead]:.0%}", f"{row.bias:+.1%}",
            f"{row.error:.1%}", f"{row.crps:.1%}", f"{row.in50:.0%}", f"{row.in90:.0%}",
        ]
        for row in summary(mine.sort_values(["kind", "lead"], kind="stable"), ("kind", "lead")).itertuples(index=False)
    ]  # fmt: skip


def contest_rows(table: pd.DataFrame) -> Rows:
    """Wins, draws and losses by mean CRPS per series, and skill: 1 - CRPS / CRPS of the other, as text."""
    return [
        [
            row.kind,
            row.against,
            str(row.series),
            str(row.win),
            str(row.draw),
            str(row.loss),
            f"{row.skill:+.2f}",
        ]
        for row in contest(table).itertuples(index=False)
    ]


def series_rows(table: pd.DataFrame) -> Rows:
    """Mean CRPS per series of the country and forecast, as text; the first row is the heading."""
    part = table[table["kind"] != "region"]
    wide = part.pivot_table("crps", ["kind", "outcome", "group"], "method", sort=False)
    head = ["series of", "outcome", "group", *map(str, wide.columns)]
    return [
        head,
        *(
            [*map(str, key), *("-" if isnan(value) else f"{value:.1%}" for value in row)]
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
        *HOW_TO_READ,
        *as_table(SUMMARY_HEAD, summary_rows(table)),
        *as_table(CONTEST_HEAD, contest_rows(table)),
        "The model by years ahead of what was known:",
        "",
        *as_table(LEAD_HEAD, lead_rows(table)),
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


def asked_rows(table: pd.DataFrame) -> Rows:
    """Per kind of series whether the model's mean CRPS is the lowest, and its intervals hold what they say, as text."""
    means = summary(table).set_index(["kind", "method"])
    rows = []
    for kind in [kind for kind in KINDS if (kind, MODEL) in means.index]:
        mine = means.loc[(kind, MODEL)]
        counted = contest(table[table["kind"] == kind])
        beaten = [f"{row.against} {row.skill:+.2f}" for row in counted.itertuples(index=False)]
        rows.append(
            [
                kind,
                _yes((counted["skill"] > 0).all()),
                ", ".join(beaten),
                f"{best_share(table, kind):.0%}",
                *(
                    text
                    for name, (least, most) in HONEST.items()
                    for text in (f"{mine[name]:.0%}", _yes(least <= mine[name] <= most))
                ),
            ]
        )
    return rows


def best_share(table: pd.DataFrame, kind: str) -> float:
    """Part of the series of a kind on which the model's mean CRPS is below that of every other forecast there is."""
    part = table[table["kind"] == kind]
    figure = [*SERIES, "origin", "year"]
    wide = part.pivot_table("crps", figure, "method", sort=False)
    others = [column for column in wide.columns if column != MODEL]
    better = []
    for _, series in wide.groupby(SERIES, sort=False):
        known = [series[[MODEL, name]].dropna().mean() for name in others if series[name].notna().any()]
        if known:
            better.append(all(one[MODEL] < one.drop(MODEL).item() for one in known))
    return float(pd.Series(better, dtype=float).mean())


def _yes(holds: bool) -> str:
    return "yes" if holds else "NO"


def _within(value: float, least: float, most: float, digits: int) -> str:
    """A mean score, and what it could be within the bounds of withheld counts."""
    told = f"{value:.{digits}%}"
    return told if least == most else f"{told} ({100 * least:.{digits}f}-{100 * most:.{digits}f})"


def as_table(head: Sequence[str], rows: Rows) -> list[str]:
    """Lines of a table in Markdown, with an empty one below."""
    lines = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]
