"""Put the page together: texts in both languages, the numbers, the script, in one file that needs nothing else."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import jinja2
from markupsafe import Markup, escape

from doorstroom.errors import ParameterError
from doorstroom.parameters import Grade, Parameter, load_parameters
from doorstroom.reporting.citation import reference
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import HEADLINE, title
from doorstroom.reporting.language import DUTCH, ENGLISH, Language
from doorstroom.reporting.page.answer import answer, how_sure, named
from doorstroom.reporting.page.context import context, inline
from doorstroom.reporting.page.payload import packed
from doorstroom.reporting.style import design
from doorstroom.reporting.wording import finding
from doorstroom.study.results import Results
from doorstroom.study.store import atomic

FILE = "report.html"
SCRIPTS = ("words", "numbers", "drawing", "tables", "time", "ranking", "regions", "bars", "flow", "page")
"""Parts of the page's script, in the order in which they need each other."""


def write_report(findings: Findings, page: str = FILE) -> Path:
    """Write report.html into the study's folder; returns its path."""
    comparison = findings.comparison
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("doorstroom.reporting"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = _script()
    text = environment.get_template("report.html.j2").render(
        t=both,
        author=author,
        each=_each,
        manifest=comparison.manifest,
        comparison=comparison,
        findings=findings,
        compared=bool(comparison.others),
        units=_units(comparison),
        cover=_cover(comparison),
        answers=[_pair(*pair) for pair in zip(answer(findings, ENGLISH), answer(findings, DUTCH), strict=True)],
        heading=_each(lambda language: _heading(findings, language)),
        how_sure=_each(lambda language: how_sure(findings, language)),
        design=_each(lambda language: design(comparison.manifest, language)),
        title=lambda series: _each(lambda language: title(series, language)),
        told=_told(findings),
        folder=comparison.folder.name,
        reference=reference(comparison.manifest),
        assumed=_assumed(),
        seconds=_each(lambda language: _seconds(findings, language)),
        style=Markup(_template("report.css")),
        script=Markup(script),
        policy=_policy(script),
        data=Markup(inline(context(findings))),
        packed=packed(findings),
    )
    path = comparison.folder / page
    with atomic(path) as file:
        file.write(text.encode())
    return path


def _units(comparison: Results) -> int:
    """What probabilities count: draws, or seeds where the parameters are the same in all runs."""
    draws = len(comparison.manifest.draws)
    return draws if draws > 1 else comparison.seeds


def _cover(comparison: Results) -> str:
    """Percentage of next runs in the range of the runs."""
    units = _units(comparison)
    return f"{100 * (units - 1) / (units + 1):.0f}"


def _heading(findings: Findings, language: Language) -> str:
    """The question that the page answers."""
    entries, others = findings.comparison.manifest.scenarios, findings.comparison.others
    if len(others) > 1:
        name = named(findings, findings.comparison.baseline, language)
        return language("What do {count} scenarios change against {baseline}?", count=len(others), baseline=name)
    text = entries[1].question if others else entries[0].title
    return language(text) if language.translates(text) else text


def both(text: str, /, **values: object) -> Markup:
    """A text of our own in both languages; the style sheet shows the one that is chosen."""
    return _pair(ENGLISH(text, **values), DUTCH(text, **values))


def author(text: str) -> Markup:
    """A text of a scenario's or a parameter's author: in their language where we have no other."""
    if DUTCH.translates(text):
        return both(text)
    return Markup('<span lang="en">{}</span>').format(text)


def _each(say: Any) -> Markup:
    return _pair(say(ENGLISH), say(DUTCH))


def _pair(english: str, dutch: str) -> Markup:
    if english == dutch:
        return escape(english)
    return Markup('<span class="en" lang="en">{}</span><span class="nl" lang="nl">{}</span>').format(english, dutch)


def _told(findings: Findings) -> list[dict[str, Any]]:
    """Per scenario what it does to the headline outcomes, in the named year and in the last."""
    comparison = findings.comparison
    scenarios = []
    for entry in comparison.manifest.scenarios[1:]:
        points = []
        for series in () if findings.never_differs(entry.label) else HEADLINE:
            years = sorted({findings.year, findings.years[-1]})
            effects = {year: findings.effect_in(entry.label, series, year) for year in years}
            lines = [
                _each(
                    lambda language, effect=effect, year=year, series=series: finding(
                        effect, unit(series), year, language
                    )
                )
                for year, effect in effects.items()
            ]
            points.append({"series": series, "lines": lines})
        scenarios.append({"entry": entry, "points": points})
    return scenarios


def _template(name: str) -> str:
    return (files("doorstroom.reporting") / "templates" / name).read_text(encoding="utf-8")


def _script() -> str:
    parts = "\n".join(_template(f"{name}.js") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}\n}})();\n'


def _policy(script: str) -> str:
    """What the page may do: run this very script and nothing else, and ask for nothing."""
    allowed = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; img-src data:"


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


def _seconds(findings: Findings, language: Language) -> str:
    seconds = findings.comparison.manifest.seconds
    return str(language("unknown")) if seconds is None else language.figure(f"{seconds:.3g} s")
