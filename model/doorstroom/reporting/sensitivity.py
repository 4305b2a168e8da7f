"""From the results of a study to its analyses, tables, statements of method and figures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from doorstroom.experiment.analyses import analyse
from doorstroom.experiment.analyses.base import FOLDER, Analysis, design_of
from doorstroom.experiment.results import Response, Results
from doorstroom.experiment.whole_files import atomic
from doorstroom.reporting.files import SVG, write_figures
from doorstroom.reporting.language import ENGLISH
from doorstroom.reporting.plots.sensitivity import figures
from doorstroom.reporting.style import Plot

FIGURES: Final = "figures"
PAGE: Final = "study.md"
SHORT: Final = 12
"""Rows of a table that is told whole; of longer ones the CSV has all."""
EACH: Final = 5
"""Factors per response that are told of longer ones."""
_LARGE: Final = 1e4
_WITH_INTERVAL: Final = {"value", "share", "mean", "mean regret", "saved"}
_LEFT_OUT: Final = ("1 of 10 low", "1 of 10 high", "largest regret", "total", "width", "with", "lowest", "highest")


def write_study(results: Results, folder: Path, forms: Sequence[str] = SVG) -> list[Analysis]:
    """Analyse a study and write everything into its folder, figures in these formats; gives the analyses."""
    analyses = analyse(results)
    drawn: dict[str, list[Plot]] = {}
    for analysis in analyses:
        analysis.save(folder, results)
        drawn[analysis.name] = list(figures(analysis, results))
        write_figures(drawn[analysis.name], folder / FIGURES, results.manifest, ENGLISH, forms)
    with atomic(folder / PAGE) as file:
        file.write(_page(results, analyses, drawn).encode())
    return analyses


class Short(NamedTuple):
    """The rows of a table that matter most, as text; what is the same in all of them is said once, in `common`."""

    common: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def short_tables(analysis: Analysis) -> list[Short]:
    """What an analysis says, in brief."""
    return [_short(table) for table in analysis.to_read()]


def _short(table: pd.DataFrame) -> Short:
    """Of every response the largest factors."""
    if len(table) > SHORT and "value" in table:
        of = [column for column in ("kind", "outcome", "scenario", "measure", "worth") if column in table]
        order = table.groupby(of, sort=False, dropna=False).ngroup()
        ordered = table.assign(order=order).sort_values(["order", "value"], ascending=[True, False], kind="stable")
        table = ordered[ordered["value"] != 0.0].groupby("order").head(EACH).drop(columns="order")
    if "sure" in table:
        table = table[table["sure"] == "yes"]
    text = table.map(_brief)
    if {"kind", "outcome", "scenario"} <= set(text):
        responses = [str(Response(*row)) for row in text[["kind", "outcome", "scenario"]].to_numpy().tolist()]
        text = text.drop(columns=["kind", "outcome", "scenario"])
        text.insert(0, "response", responses)
    for value in _WITH_INTERVAL & set(text):
        known = text["low"].ne("") & text["high"].ne("")
        text[value] = text[value].where(~known, text[value] + " (" + text["low"] + " to " + text["high"] + ")")
        text = text.drop(columns=["low", "high"])
    text = text.drop(columns=[column for column in text if column in _LEFT_OUT])
    same = [column for column in text if len(text) > 1 and len(set(text[column])) == 1]
    common = "; ".join(f"{column} {text[column].iloc[0]}" for column in same if text[column].iloc[0])
    rest = text.drop(columns=same)
    return Short(common, tuple(map(str, rest.columns)), [tuple(row) for row in rest.to_numpy().tolist()])


def _page(results: Results, analyses: list[Analysis], drawn: dict[str, list[Plot]]) -> str:
    """The study as one Markdown page."""
    file = results.file
    page = io.StringIO()
    page.write(f"# {file.title}\n\n")
    if file.question:
        page.write(f"{file.question}\n\n")
    for name, value in design_of(results).items():
        page.write(f"- {name}: {value}\n")
    for analysis in analyses:
        page.write(f"\n## {analysis.title}\n\n{analysis.statement}\n\n")
        for warning in analysis.warnings:
            page.write(f"**Beware.** {warning}\n\n")
        page.write("\n".join(map(_markdown, short_tables(analysis))))
        page.write(f"\nAll rows, settings and references: `{FOLDER}/{analysis.name}.csv` and `.md`.\n")
        for plot in drawn[analysis.name]:
            page.write(f"\n![{plot.caption}]({FIGURES}/{plot.name}.svg)\n")
    page.write(f"\nStudy {results.manifest.study}, code {results.manifest.code}, inputs {results.manifest.inputs}.\n")
    return page.getvalue()


def _markdown(short: Short) -> str:
    lines = [short.columns, ["---"] * len(short.columns), *short.rows] if short.rows else []
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"In all rows: {short.common}.\n\n{table}" if short.common else table


def _brief(value: object) -> str:
    """Four significant digits, large numbers in full; empty where there is nothing."""
    if not isinstance(value, float):
        return str(value)
    if value != value:
        return ""
    return f"{value:,.0f}" if abs(value) >= _LARGE else f"{value:.4g}"
