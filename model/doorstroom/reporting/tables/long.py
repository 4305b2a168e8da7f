"""Tables: a short one for the terminal, and the whole of the effects as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table
from rich.text import Text

from doorstroom.experiment.table import Series
from doorstroom.experiment.whole_files import atomic
from doorstroom.outcomes import COUNTRY, SERIES
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import COUNTRY_NAME, KEY, LOCAL, title
from doorstroom.reporting.tables.formats import inert
from doorstroom.reporting.wording import scale, summary_text, verdict

EFFECT_COLUMNS = (
    "year", "region", "region_name", "outcome", "group", "scenario", "baseline", "mean_baseline", "mean_scenario",
    "effect", "low", "high", "median", "se", "cover", "below", "above", "n", "chance", "chance_low",
    "sureness", "size", "unit",
)  # fmt: skip
LEVEL_COLUMNS = (
    "year", "region", "region_name", "outcome", "group", "scenario", "mean", "low", "high", "median", "se", "cover",
    "n", "unit",
)  # fmt: skip

ESTIMATE = ("mean", "low", "high", "median", "se", "cover")
"""Parts of a summary, in the order of the columns from `effect` or `mean` on."""


def write_effects(findings: Findings, path: Path) -> Path:
    """All effects as CSV: every series for the country, the key outcomes, pupils and money for every region."""
    return _write(path, EFFECT_COLUMNS, _effects(findings))


def write_levels(findings: Findings, path: Path) -> Path:
    """All levels as CSV, with the same choice of series and regions as `write_effects`."""
    return _write(path, LEVEL_COLUMNS, _levels(findings))


def terminal_table(findings: Findings) -> Table:
    """Key outcomes in the named year: effects per scenario, or levels where nothing is compared."""
    comparison = findings.comparison
    compared = bool(comparison.others)
    what = f"Difference from {findings.named(comparison.baseline)}" if compared else "Outcomes"
    table = Table(
        title=Text(  # scenarios are named by strangers, who may mean no markup by [ and ]
            f"{what} in {findings.year}, median (interval), "
            f"{comparison.runs} run{'s' if comparison.runs > 1 else ''} per scenario"
        )
    )
    table.add_column("Outcome")
    labels = comparison.others or [comparison.baseline]
    for label in labels:
        table.add_column(Text(findings.title(label)))
    at = findings.years.index(findings.year)
    for series in KEY:
        cells = []
        for label in labels:
            if compared:
                summary = findings.effect(label, series).at(at)
                told = summary_text(summary, unit(series), effect=True, show_unit=False)
                cells.append(f"{told}\n{verdict(summary, unit(series))}")
            else:
                cells.append(
                    summary_text(findings.level(label, series).at(at), unit(series), effect=False, show_unit=False)
                )
        table.add_row(f"{title(series)}, {scale(unit(series), effect=compared).unit}", *cells, end_section=compared)
    return table


def _effects(findings: Findings) -> Iterator[tuple[object, ...]]:
    baseline = findings.comparison.baseline
    for label in findings.comparison.others:
        for at, year in enumerate(findings.years):
            for region, series, place in _cells(findings):
                source = findings.national_effect if region == COUNTRY else findings.regional_effect
                levels = findings.national if region == COUNTRY else findings.regional
                effect = source[label].at(at, *place)
                yield (
                    *_what(findings, year, region, series),
                    inert(label),
                    baseline,
                    _plain(levels[baseline].mean[at, *place]),
                    _plain(levels[label].mean[at, *place]),
                    *(_plain(getattr(effect, part)) for part in ESTIMATE),
                    *(int(part) for part in (effect.below, effect.above, effect.n)),
                    *(_plain(part) for part in (effect.chance, effect.chance_low)),
                    effect.sureness,
                    effect.size,
                    unit(series),
                )


def _levels(findings: Findings) -> Iterator[tuple[object, ...]]:
    for label in findings.comparison.labels:
        for at, year in enumerate(findings.years):
            for region, series, place in _cells(findings):
                levels = findings.national if region == COUNTRY else findings.regional
                level = levels[label].at(at, *place)
                numbers = (*(_plain(getattr(level, part)) for part in ESTIMATE), int(level.n))
                yield (*_what(findings, year, region, series), inert(label), *numbers, unit(series))


def _cells(findings: Findings) -> Iterator[tuple[int, Series, tuple[int, ...]]]:
    """Region, series, and where the summaries hold them after the year."""
    for column, series in enumerate(SERIES):
        yield COUNTRY, series, (column,)
    for region in range(1, len(findings.region_names)):
        for column, series in enumerate((*KEY, *LOCAL)):
            yield region, series, (region, column)


def _what(findings: Findings, year: int, region: int, series: Series) -> tuple[object, ...]:
    name = COUNTRY_NAME if region == COUNTRY else findings.region_names[region]
    return year, region, inert(name), series[0], series[1]


def _plain(value: float) -> str:
    """Eight significant digits, more than any of these numbers deserves; empty where there is none."""
    return "" if value != value else f"{float(value) + 0.0:.8g}"  # + 0.0 turns -0 into 0


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> Path:
    with atomic(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        text.detach()
    return path
