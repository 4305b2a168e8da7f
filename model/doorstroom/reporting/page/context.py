"""What the page is told besides its packed numbers: names, units, looks, and the few numbers of money."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from doorstroom.experiment.table import Series
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import GROUPS, OUTCOMES, SERIES
from doorstroom.reporting.citation import reference
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import (
    CARRIED,
    CHAIN,
    HEADLINE,
    HELPERS,
    INNER,
    KEY,
    LOCAL,
    MONEY,
    PAIRED,
    PER_EXTRA,
    RELATIVE,
    SHOWN,
    short_title,
)
from doorstroom.reporting.language import DUTCH, ENGLISH
from doorstroom.reporting.observed import History, history
from doorstroom.reporting.page.payload import cell, layout, regional
from doorstroom.reporting.plots.regional import assign_tiles, tile_lines
from doorstroom.reporting.plots.schools import AGES
from doorstroom.reporting.plots.way import COLUMNS, TECHNICAL
from doorstroom.reporting.style import band, looks
from doorstroom.reporting.wording import ONE, scale, ways

_DASHES = ("", "6 3", "8 3 2 3", "2 2", "10 2 2 2 2 2", "12 4", "1 3", "14 3 3 3", "4 4", "9 2", "3 2 6 2", "16 5")


def context(findings: Findings) -> dict[str, Any]:
    """Everything the page's script reads, as plain data."""
    comparison, manifest = findings.comparison, findings.comparison.manifest
    return {
        **layout(findings),
        "study": manifest.study,
        "year": findings.year,
        "lastObserved": findings.last_observed,
        "outcomes": [_outcome(name, manifest.file.matters.get(name)) for name in OUTCOMES],
        "series": [[list(OUTCOMES).index(name), group] for name, group in SERIES],
        "paired": [SERIES.index(series) for series in PAIRED],
        "regional": [SERIES.index(series) for series in regional(findings)],
        "key": [SERIES.index(series) for series in KEY],
        "headline": [SERIES.index(series) for series in HEADLINE],
        "scenarios": list(_scenarios(findings)),
        "regions": list(_regions(findings)),
        "money": [SERIES.index(series) for series in (*MONEY, CARRIED)],
        "totals": [
            [cell(findings.total(label, series), "euro", effect=False) for series in MONEY]
            for label in comparison.labels
        ],
        "costs": list(_costs(findings)),
        "history": {SERIES.index(series): _history(series, past) for series, past in history(manifest).items()},
        "qualifications": [SERIES.index(("teachers", group)) for group in GROUPS["qualifications"]],
        "ages": [SERIES.index(series) for series in AGES],
        "band": band(manifest),
        "relative": [SERIES.index(one) for one in RELATIVE],
        "short": {SERIES.index(one): short_title(one) for one in HEADLINE},
        "one": ONE,
        "chain": [[step, [SERIES.index(one) for one in series]] for step, series in CHAIN],
        "fans": {SERIES.index(series): _fan(findings, series) for series in FANS},
        "named": {one.code: findings.named(comparison.baseline, one) for one in (ENGLISH, DUTCH)},
        "shown": SERIES.index(SHOWN),
        "local": [SERIES.index(series) for series in LOCAL],
        "reference": {language.code: reference(manifest, language) for language in (ENGLISH, DUTCH)},
        "way": {"columns": COLUMNS, "technical": TECHNICAL},
        "nl": DUTCH.texts,
    }


def inline(data: Any) -> str:
    """JSON that can stand inside a script element."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _outcome(name: str, matters: float | None) -> dict[str, Any]:
    outcome = OUTCOMES[name]
    return {
        "name": name,
        "title": outcome.title,
        "section": outcome.section,
        "definition": outcome.definition,
        "units": [scale(outcome.unit, effect=effect).unit for effect in (False, True)],
        "ways": ways(outcome.unit),
        "matters": (matters or outcome.matters) * (scale(outcome.unit, effect=True).factor if outcome.is_ratio else 1),
        "ratio": outcome.is_ratio,
        "helper": name in HELPERS,
    }


def _scenarios(findings: Findings) -> Iterator[dict[str, Any]]:
    labels = findings.comparison.labels
    for at, (entry, look) in enumerate(
        zip(findings.comparison.manifest.scenarios, looks(labels).values(), strict=True)
    ):
        yield {
            "label": entry.label,
            "title": findings.title(entry.label, ENGLISH),
            "titleNl": findings.title(entry.label, DUTCH),
            "colour": look.colour,
            "dash": _DASHES[at % len(_DASHES)],
            "marker": look.marker,
            "same": bool(at) and findings.never_differs(entry.label),
        }


def _regions(findings: Findings) -> Iterator[dict[str, Any]]:
    """The country, then the regions with their tile, neighbours and municipalities, and what was counted there."""
    yield {"name": findings.region_names[0]}
    manifest = findings.comparison.manifest
    regions = manifest.regions
    lat, lon = np.array([r.lat for r in regions]), np.array([r.lon for r in regions])
    members = _municipalities(manifest.inputs)
    for at, (region, (row, column)) in enumerate(zip(regions, assign_tiles(lat, lon), strict=True)):
        # a degree of longitude is 0.62 of one of latitude here
        away = np.hypot(lat - lat[at], 0.62 * (lon - lon[at]))
        past = history(manifest, region.region).get(COUNTED_HERE)
        yield {
            "name": region.name,
            "lines": tile_lines(region.name),
            "row": int(row),
            "column": int(column),
            "near": [int(one) + 1 for one in np.argsort(away, kind="stable")[1:5]],
            "members": members.get(region.region, []),
            "past": _history(COUNTED_HERE, past) if past else None,
        }


COUNTED_HERE = ("vmbo_exam_technique_share", "total")
FANS = tuple(dict.fromkeys((*KEY, COUNTED_HERE, ("mbo_technique_students", "total"), ("n_profile_share", "total"))))
"""Series whose present policy is drawn with its inner bands."""


def _municipalities(inputs: str) -> dict[int, list[str]]:
    """Names of municipalities by region; none where the study was made with other inputs than those at hand."""
    own = load_inputs()
    if own.identity != inputs:
        return {}
    return {int(region): sorted(part["name"]) for region, part in own.municipalities.groupby("region")}


def _fan(findings: Findings, series: Series) -> list[list[list[float | None]]]:
    """Per inner band its low and high ends over the years, under the first scenario."""
    factor = scale(unit(series), effect=False).factor
    found = []
    for mass in INNER:
        summary = findings.inner(findings.comparison.baseline, series, mass)
        ends = [np.asarray(end, float) * factor for end in (summary.low, summary.high)]
        found.append([[None if np.isnan(one) else float(f"{one:.5g}") for one in end] for end in ends])
    return found


def _costs(findings: Findings) -> Iterator[dict[str, Any]]:
    """The difference in money and in an outcome, units per million euro, and euro for each: low, middle, high."""
    for cost in findings.costs():
        yield {
            "scenario": findings.comparison.labels.index(cost.scenario),
            "series": SERIES.index(cost.outcome),
            "what": PER_EXTRA[cost.outcome],
            "money": cell(cost.money, "euro", effect=True),
            "extra": cell(cost.extra, unit(cost.outcome), effect=True),
            "bought": cell(cost.bought, unit(cost.outcome), effect=False),
            "price": [None if np.isnan(one) else float(f"{one:.2g}") for one in cost.euro],
        }


def _history(series: Series, past: History) -> dict[str, Any]:
    factor = scale(unit(series), effect=False).factor
    return {"years": past.years, "values": [float(f"{value * factor:.6g}") for value in past.values], "note": past.note}
