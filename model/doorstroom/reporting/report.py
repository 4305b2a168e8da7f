"""The report: one page that answers the question, shows the numbers and says where they come from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, get_args

import jinja2
import numpy as np
from markupsafe import Markup

from doorstroom.errors import ParameterError
from doorstroom.outcomes import OUTCOMES
from doorstroom.parameters import Grade, Parameter, load_parameters
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import HEADLINE, KEY, KEY_SHORT, MONEY, title
from doorstroom.reporting.plots.money import money_over_time
from doorstroom.reporting.plots.national import effects_over_time, outcomes_over_time, ranking
from doorstroom.reporting.plots.regional import SHOWN, region_dots, region_tiles, slug
from doorstroom.reporting.style import Plot, design, looks, save
from doorstroom.reporting.wording import finding, scale, summary_text
from doorstroom.study.compare import Series
from doorstroom.study.effects import ENOUGH_FOR_QUANTILES, Sureness, distinguishable, summarise
from doorstroom.study.store import atomic

FILE = "report.html"
EXTREMES = 5


class Figure(NamedTuple):
    """A figure on the page."""

    name: str
    svg: Markup
    caption: str


def write_report(findings: Findings, page: str = FILE) -> Path:
    """Write report.html and its figures into the study's folder."""
    comparison = findings.comparison
    folder = comparison.folder / "figures"
    figures = {plot.name: _placed(plot, folder, findings) for plot in _plots(findings)}
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("doorstroom.reporting"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("report.html.j2").render(
        manifest=comparison.manifest,
        comparison=comparison,
        design=design(comparison.manifest),
        quantiles=comparison.runs >= ENOUGH_FOR_QUANTILES,
        findings=findings,
        answers=list(_answers(findings)),
        effects=list(_effect_rows(findings)),
        levels=list(_level_rows(findings)),
        onsets=list(_onset_rows(findings)),
        places=list(_places(findings)),
        money_titles=[title(series) for series in MONEY],
        money=list(_money_rows(findings)),
        costs=list(_cost_rows(findings)),
        region_rows=list(_region_rows(findings)),
        figures=figures,
        key=[{"title": title(series), "definition": OUTCOMES[series[0]].definition} for series in KEY],
        shown=title(SHOWN),
        assumed=_assumed(),
        seconds=_seconds(findings),
        data=Markup(_inline(_region_data(findings))),
    )
    path = comparison.folder / page
    with atomic(path) as file:
        file.write(text.encode())
    return path


def _plots(findings: Findings) -> Iterator[Plot]:
    yield outcomes_over_time(findings)
    yield money_over_time(findings)
    if findings.comparison.others:
        yield effects_over_time(findings)
        yield ranking(findings)
    for label in findings.comparison.others:
        if not findings.never_differs(label):
            yield region_dots(findings, label)
            yield region_tiles(findings, label)


def _placed(plot: Plot, folder: Path, findings: Findings) -> Figure:
    return Figure(plot.name, Markup(save(plot, folder, findings.comparison.manifest)), plot.caption)


def _answers(findings: Findings) -> Iterator[dict[str, Any]]:
    """Per scenario, in plain sentences, what it does to pupils, teachers and technicians."""
    comparison = findings.comparison
    for entry in comparison.manifest.scenarios[1:]:
        label, points = entry.label, []
        for series in () if findings.never_differs(label) else HEADLINE:
            told = [
                finding(findings.effect_in(label, series, year), series[0], year, label, comparison.baseline)
                for year in sorted({findings.year, findings.years[-1]})
            ]
            points.append({"about": title(series), "told": told})
        yield {"label": label, "title": entry.title, "question": entry.question, "points": points}


def _effect_rows(findings: Findings) -> Iterator[dict[str, Any]]:
    for series in KEY:
        for label in findings.comparison.others:
            cells = []
            for year in findings.key_years:
                effect = findings.effect_in(label, series, year)
                cells.append(
                    {
                        "text": summary_text(effect, unit(series), effect=True, show_unit=False),
                        "sureness": str(effect.sureness),
                    }
                )
            yield {"outcome": _with_unit(series, effect=True), "label": label, "cells": cells}


def _level_rows(findings: Findings) -> Iterator[dict[str, Any]]:
    for series in KEY:
        for label in findings.comparison.labels:
            levels = findings.level(label, series)
            cells = [
                summary_text(levels.at(findings.years.index(year)), unit(series), effect=False, show_unit=False)
                for year in [findings.years[0], *findings.key_years]
            ]
            yield {"outcome": _with_unit(series, effect=False), "label": label, "cells": cells}


def _with_unit(series: Series, *, effect: bool) -> str:
    return f"{title(series)}, {scale(unit(series), effect=effect).unit}"


def _onset_rows(findings: Findings) -> Iterator[dict[str, Any]]:
    for series in KEY:
        for label in findings.comparison.others:
            onset = findings.onset(label, series)
            value = ""
            if onset.year is not None:
                value = summary_text(findings.effect_in(label, series, onset.year), unit(series), effect=True)
            yield {"outcome": title(series), "label": label, "year": onset.year, "years": onset.years, "value": value}


def _places(findings: Findings) -> Iterator[dict[str, Any]]:
    """Per scenario the regions where the effect on the shown outcome is largest, among those that stand out."""
    names = findings.region_names[1:]
    for label in findings.comparison.others:
        effect = findings.regions_in(label, SHOWN, findings.year)
        out = [r for r in np.argsort(-np.nan_to_num(effect.mean)) if distinguishable(effect.sureness[r])]

        def told(region: int, effect: Any = effect) -> dict[str, str]:
            text = summary_text(effect.at(region), unit(SHOWN), effect=True)
            return {"name": names[region], "text": text, "sureness": str(effect.sureness[region])}

        up = [told(region) for region in out if effect.mean[region] > 0][:EXTREMES]
        down = [told(region) for region in reversed(out) if effect.mean[region] < 0][:EXTREMES]
        exact = int(np.sum(effect.sureness == Sureness.NO_DIFFERENCE))
        yield {
            "label": label,
            "slug": slug(label),
            "count": len(out),
            "of": len(names),
            "same": exact,
            "up": up,
            "down": down,
        }


def _money_rows(findings: Findings) -> Iterator[dict[str, Any]]:
    """Per scenario every kind of money, summed over the years."""
    panel, seeds = findings.national_panel, findings.comparison.seeds
    for label in findings.comparison.labels:
        sums = [summarise(panel.level(label, series).sum(axis=(1, 2)), seeds) for series in MONEY]
        yield {"label": label, "cells": [summary_text(one, "euro", effect=False) for one in sums]}


def _cost_rows(findings: Findings) -> Iterator[dict[str, str]]:
    for cost in findings.costs():
        defined = bool(np.isfinite(cost.euro.mean))
        if defined:
            why = ""
        elif cost.money.sureness == Sureness.NO_DIFFERENCE:
            why = "the same money"
        else:
            why = "the difference in the outcome can't be told from zero"
        yield {
            "label": cost.scenario,
            "money": summary_text(cost.money, "euro", effect=True),
            "what": f"extra {cost.unit}",
            "extra": summary_text(cost.extra, unit(cost.outcome), effect=True),
            "euro": summary_text(cost.euro, "euro", effect=False) if defined else f"not defined: {why}",
        }


def _region_rows(findings: Findings) -> Iterator[dict[str, Any]]:
    """A row per region, scenario and key outcome in the named year."""
    names = findings.region_names
    for label in findings.comparison.others:
        for series in KEY:
            effect = findings.regions_in(label, series, findings.year)
            for region in range(1, len(names)):
                one = effect.at(region - 1)
                yield {
                    "region": names[region],
                    "label": label,
                    "outcome": KEY_SHORT[series[0]],
                    "sort": f"{float(np.nan_to_num(one.mean)):.4g}",
                    "text": summary_text(one, unit(series), effect=True),
                    "sureness": str(one.sureness),
                }


def _region_data(findings: Findings) -> dict[str, Any]:
    """What the region selector draws: level with interval per region, outcome, scenario and year."""
    ways = [scale(unit(series), effect=False) for series in KEY]
    labels = findings.comparison.labels
    values = []
    for region in range(len(findings.region_names)):
        outcomes = []
        for column, way in enumerate(ways):
            runs = [findings.regional[label].at(slice(None), region, column) for label in labels]
            outcomes.append([[_brief(np.asarray(part) * way.factor) for part in one[:3]] for one in runs])
        values.append(outcomes)
    return {
        "years": findings.years,
        "lastObserved": findings.last_observed,
        "regions": findings.region_names,
        "outcomes": [{"title": title(series), "unit": way.axis} for series, way in zip(KEY, ways, strict=True)],
        "scenarios": [
            {"label": label, "colour": look.colour, "dash": dash}
            for (label, look), dash in zip(looks(labels).items(), _DASHES * len(labels), strict=False)
        ],
        "values": values,
    }


_DASHES = ("", "6 3", "8 3 2 3", "2 2", "10 2 2 2 2 2", "12 4", "1 3")


def _brief(values: Any) -> list[float | None]:
    """Four significant digits, as much as a line on a screen can show."""
    return [None if not np.isfinite(value) else float(f"{value:.4g}") for value in values]


def _inline(data: Any) -> str:
    """JSON that can stand inside a script element."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace(".0,", ",").replace(".0]", "]")
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _assumed() -> dict[str, Any]:
    """Parameters by grade of evidence, and those that rest on judgement or assumption."""
    try:
        entries = load_parameters()
    except ParameterError as error:
        return {"error": str(error), "counts": {}, "rows": []}
    counts = Counter(entry.grade for entry in entries.values())
    rows = [
        {"name": name, "value": _value(entry), "unit": entry.unit, "grade": entry.grade, "why": entry.why}
        for name, entry in entries.items()
        if entry.grade in ("assumption", "judgement")
    ]
    return {"error": "", "counts": {grade: counts[grade] for grade in get_args(Grade)}, "rows": rows}


def _value(entry: Parameter) -> str:
    """A value with its range: where nine in ten draws lie."""
    if isinstance(entry.value, list):
        return ", ".join(f"{label} {value:g}" for label, value in zip(entry.labels or [], entry.value, strict=True))
    if entry.prior is None:
        return f"{entry.value:g}"
    return f"{entry.value:g} ({entry.prior.quantile(0.05):.3g} to {entry.prior.quantile(0.95):.3g})"


def _seconds(findings: Findings) -> str:
    times = np.array([run.seconds for run in findings.comparison.manifest.runs if run.seconds is not None])
    if len(times) == 0:
        return "unknown"
    summary = summarise(times)
    return summary_text(summary, "seconds", effect=False)
