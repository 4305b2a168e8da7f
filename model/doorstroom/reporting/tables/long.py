"""Tables: a short one for the terminal, and the whole of the effects as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.table import Table
from rich.text import Text

from doorstroom.experiment.effects import Summary
from doorstroom.experiment.whole_files import atomic
from doorstroom.outcomes import COUNTRY, SERIES
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import COUNTRY_NAME, KEY, LOCAL, title
from doorstroom.reporting.tables.formats import inert
from doorstroom.reporting.wording import scale, summary_text, verdict

Cells = NDArray[np.object_]

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
        country = _effect_cells(findings.national_effect[label], findings.national, label, baseline)
        local = _effect_cells(findings.regional_effect[label], findings.regional, label, baseline)
        for at, year in enumerate(findings.years):
            for what, here, place in _cells(findings):
                cells = (country if here else local)[at, *place]
                yield (year, *what[:-1], inert(label), baseline, *cells.tolist(), what[-1])


def _effect_cells(effect: Summary, levels: dict[str, Summary], label: str, baseline: str) -> Cells:
    """Columns of `EFFECT_COLUMNS` from `mean_baseline` to `size` as text, shape (..., columns)."""
    return _columns(
        _plain(levels[baseline].mean),
        _plain(levels[label].mean),
        *(_plain(getattr(effect, part)) for part in ESTIMATE),
        *(_whole(part) for part in (effect.below, effect.above, effect.n)),
        *(_plain(part) for part in (effect.chance, effect.chance_low)),
        *(np.asarray(part).astype(str).astype(object) for part in (effect.sureness, effect.size)),
    )


def _levels(findings: Findings) -> Iterator[tuple[object, ...]]:
    for label in findings.comparison.labels:
        country, local = (
            _columns(*(_plain(getattr(level, part)) for part in ESTIMATE), _whole(level.n))
            for level in (findings.national[label], findings.regional[label])
        )
        for at, year in enumerate(findings.years):
            for what, here, place in _cells(findings):
                cells = (country if here else local)[at, *place]
                yield (year, *what[:-1], inert(label), *cells.tolist(), what[-1])


class _Cell(NamedTuple):
    """What a row tells of: region, its name, series and unit; whether it is the country; where summaries hold it."""

    what: tuple[object, ...]
    country: bool
    place: tuple[int, ...]


def _cells(findings: Findings) -> list[_Cell]:
    """The rows of a year."""
    country = (COUNTRY, inert(COUNTRY_NAME))
    found = [_Cell((*country, *series, unit(series)), True, (column,)) for column, series in enumerate(SERIES)]
    for region in range(1, len(findings.region_names)):
        here = (region, inert(findings.region_names[region]))
        for column, series in enumerate((*KEY, *LOCAL)):
            found.append(_Cell((*here, *series, unit(series)), False, (region, column)))
    return found


def _columns(*columns: Cells) -> Cells:
    return np.stack(np.broadcast_arrays(*columns), axis=-1)


def _plain(values: NDArray[np.float64] | float) -> Cells:
    """Eight significant digits, more than any of these numbers deserves; empty where there is none."""
    numbers = np.asarray(values, np.float64) + 0.0  # turns -0 into 0
    told = ["" if number != number else f"{number:.8g}" for number in numbers.ravel().tolist()]
    return np.array(told, object).reshape(numbers.shape)


def _whole(values: NDArray[np.integer[Any]] | int) -> Cells:
    return np.asarray(values).astype(np.int64).astype(object)


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> Path:
    with atomic(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        text.detach()
    return path
