"""Put the page together: texts in both languages, the numbers, the script, in one file that needs nothing else."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import jinja2
from markupsafe import Markup, escape

from doorstroom.errors import ParameterError
from doorstroom.experiment.results import Results
from doorstroom.experiment.whole_files import atomic
from doorstroom.parameters import Grade, Parameter, load_parameters
from doorstroom.reporting.citation import reference, told_title
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import HEADLINE, short_title, title
from doorstroom.reporting.language import DUTCH, ENGLISH, Language
from doorstroom.reporting.page.answer import Option, answer, heading, how_sure, options, sure, unsure, upper
from doorstroom.reporting.page.context import context, inline
from doorstroom.reporting.page.luck import lucks
from doorstroom.reporting.page.payload import packed
from doorstroom.reporting.page.rests import columns, rests, share_text
from doorstroom.reporting.page.trust import Check, checks
from doorstroom.reporting.parameter_names import parameter_name
from doorstroom.reporting.style import design
from doorstroom.reporting.wording import decimals, number, scale, summary_text

FILE = "report.html"
SCRIPTS = (
    "words", "numbers", "drawing", "take", "tables", "time", "first", "ranking", "regions", "sheet", "bars", "chain",
    "flow", "page",
)  # fmt: skip
"""Parts of the page's script, in the order in which they need each other."""


def write_report(findings: Findings, page: str = FILE) -> Path:
    """Write report.html into the study's folder; returns its path."""
    comparison, manifest = findings.comparison, findings.comparison.manifest
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("doorstroom.reporting"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = _script()
    checked = checks(findings)
    text = environment.get_template("report.html.j2").render(
        t=both,
        author=author,
        each=_each,
        manifest=manifest,
        comparison=comparison,
        findings=findings,
        compared=bool(comparison.others),
        units=_units(comparison),
        cover=_cover(comparison),
        answers=_lines(lambda language: answer(findings, language)),
        heading=_each(lambda language: heading(findings, language)),
        question=author(manifest.scenarios[0].question),
        options=_rows(lambda language: options(findings, language)),
        heads=[_each(lambda language, series=series: upper(short_title(series, language))) for series in HEADLINE],
        sure=_lines(lambda language: sure(findings, language)),
        unsure=_lines(lambda language: unsure(findings, language)),
        how_sure=_each(lambda language: how_sure(findings, language)),
        design=_each(lambda language: design(manifest, language)),
        named=lambda label: _each(lambda language: findings.title(label, language)),
        base=_each(lambda language: findings.named(comparison.baseline, language)),
        rests=list(rests(findings)) if comparison.others else [],
        grades=columns(comparison.seeds),
        share=lambda share: _each(lambda language: share_text(share, language)),
        parameter=lambda key: _each(lambda language: parameter_name(key, language)),
        lucks=list(lucks(findings)) if comparison.others else [],
        percent=lambda part: f"{part:.0%}",
        series_title=lambda series: _each(lambda language: title(series, language)),
        checked=checked,
        held=sum(check.inside for check in checked),
        level=lambda check: _each(lambda language: _level(check, language)),
        counted=lambda check: _each(lambda language: _counted(check, language)),
        folder=comparison.folder.name,
        reference=_each(lambda language: reference(manifest, language)),
        page_title=told_title(manifest, DUTCH),
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


def _level(check: Check, language: Language) -> str:
    return summary_text(check.level, unit(check.series), effect=False, language=language)


def _counted(check: Check, language: Language) -> str:
    """A count with as many digits as the model's number beside it."""
    factor = scale(unit(check.series), effect=False).factor
    places = decimals(float(check.level.low) * factor, float(check.level.high) * factor, effect=False)
    told = number(check.counted * factor, places, language=language)
    return f"{told}%" if unit(check.series) == "share" else told


def _lines(say: Callable[[Language], list[str]]) -> list[Markup]:
    """Texts in both languages, one by one."""
    return [_pair(*pair) for pair in zip(say(ENGLISH), say(DUTCH), strict=True)]


def _rows(say: Callable[[Language], list[Option]]) -> list[dict[str, Any]]:
    """Rows of options in both languages, cell by cell."""
    rows = []
    for english, dutch in zip(say(ENGLISH), say(DUTCH), strict=True):
        cells = {name: (getattr(english, name), getattr(dutch, name)) for name in Option._fields}
        rows.append(
            {
                name: [_pair(*pair) for pair in zip(*both_, strict=True)]
                if isinstance(both_[0], tuple)
                else _pair(*both_)
                for name, both_ in cells.items()
            }
        )
    return rows


def _units(comparison: Results) -> int:
    """What probabilities count: draws, or seeds where the parameters are the same in all runs."""
    draws = len(comparison.manifest.draws)
    return draws if draws > 1 else comparison.seeds


def _cover(comparison: Results) -> str:
    """Percentage of next runs in the range of the runs."""
    units = _units(comparison)
    return f"{100 * (units - 1) / (units + 1):.0f}"


def both(text: str, /, **values: object) -> Markup:
    """A text of our own in both languages; the style sheet shows the one that is chosen."""
    english = {name: value.english if isinstance(value, Pair) else value for name, value in values.items()}
    dutch = {name: value.dutch if isinstance(value, Pair) else value for name, value in values.items()}
    return _pair(ENGLISH(text, **english), DUTCH(text, **dutch))


def author(text: str) -> Markup:
    """A text of a scenario's or a parameter's author: in their language where we have no other."""
    if DUTCH.translates(text):
        return both(text)
    return Markup('<span lang="en">{}</span>').format(text)


def _each(say: Any) -> Pair:
    return _pair(say(ENGLISH), say(DUTCH))


class Pair(Markup):
    """A text in both languages as it stands in the page, which keeps the two apart for use within another."""

    english: str
    dutch: str


def _pair(english: str, dutch: str) -> Pair:
    apart = Markup('<span class="en" lang="en">{}</span><span class="nl" lang="nl">{}</span>')
    pair = Pair(escape(english) if english == dutch else apart.format(english, dutch))
    pair.english, pair.dutch = english, dutch
    return pair


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
        {
            "name": name,
            "value": _each(lambda language, entry=entry: _value(entry, language)),
            "unit": entry.unit,
            "grade": entry.grade,
            "why": entry.why,
        }
        for name, entry in entries.items()
        if entry.grade in ("assumption", "judgement")
    ]
    return {"error": "", "counts": {grade: counts[grade] for grade in get_args(Grade)}, "rows": rows}


def _value(entry: Parameter, language: Language) -> str:
    """A value with its range: where nine in ten draws lie."""
    if isinstance(entry.value, list):
        labelled = zip(entry.labels or [], entry.value, strict=True)
        return "; ".join(f"{label} {language.figure(f'{value:g}')}" for label, value in labelled)
    if entry.prior is None:
        return language.figure(f"{entry.value:g}")
    low, high = (language.figure(f"{entry.prior.quantile(end):.3g}") for end in (0.05, 0.95))
    return f"{language.figure(f'{entry.value:g}')} ({language('{low} to {high}', low=low, high=high)})"


def _seconds(findings: Findings, language: Language) -> str:
    seconds = findings.comparison.manifest.seconds
    return str(language("unknown")) if seconds is None else language.figure(f"{seconds:.3g} s")
