"""The page: levers, answer and what it rests on, in one file that asks nothing of anybody."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

import jinja2
import numpy as np
from markupsafe import Markup

from doorstroom.desk import basis, position
from doorstroom.desk.basis import YEARS
from doorstroom.desk.examples import EXAMPLES
from doorstroom.desk.file import Desk
from doorstroom.desk.judging import PART, Row
from doorstroom.desk.learned import AMOUNTS, Learned, uncertain
from doorstroom.desk.levers import LEAST_REST, LEVERS, SPLIT
from doorstroom.desk.outcomes import HEADLINE, REGIONAL, REGIONAL_YEARS, TOLD, matters
from doorstroom.desk.packing import pack
from doorstroom.desk.texts import DESK_DUTCH, texts
from doorstroom.experiment.effects import Sureness, direction, summarise
from doorstroom.experiment.whole_files import atomic
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import OUTCOMES
from doorstroom.parameters import load_parameters
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.page.context import inline
from doorstroom.reporting.page.payload import SIZES, cell
from doorstroom.reporting.style import looks
from doorstroom.reporting.wording import ONE, scale, ways

FILE: Final = "desk.html"
CHECK_DRAWS: Final = 25
"""Draws that a check on the same machine runs."""
_SHARED: Final = ("words", "numbers", "drawing", "take", "tables", "time")
_OWN: Final = ("levers", "basis", "summary", "answer", "curves", "panel", "check", "desk")
_TITLES: Final = ("The present policy", "This position", "Kept position", "The model itself")
_STANDS_OUT: Final = 3.3
"""Standard errors of a rank correlation from which on it is named; of 130 unknowns one in a thousand each."""


class Told(NamedTuple):
    """What a page is made of.

    Attributes
    ----------
    identity : of the study
    rows : errors on positions that no fit saw
    reference : how the desk is cited, per language code
    command : what makes it again
    """

    study: Desk
    learned: Learned
    rows: Sequence[Row]
    identity: str
    reference: dict[str, str]
    command: str


def write_page(told: Told, folder: Path, name: str = FILE) -> Path:
    """Write the page into the desk's folder."""
    path = folder / name
    with atomic(path) as file:
        file.write(page(told).encode())
    return path


def page(told: Told, token: str | None = None) -> str:
    """The page as text; with a token it may ask the server that it comes from to run the model."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("doorstroom.desk"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = _script()
    study = told.study
    packed = pack(told.learned)
    return environment.get_template("desk.html.j2").render(
        t=_both,
        study=told.identity,
        policy=_policy(script, served=token is not None),
        style=Markup(_template("doorstroom.reporting", "report.css") + _template("doorstroom.desk", "desk.css")),
        rooms=[(room, list(levers)) for room, levers in groupby(LEVERS, key=lambda lever: lever.room)],
        runs=study.draws * study.positions,
        draws=study.draws,
        judged=study.held_out.positions,
        judging=study.held_out.draws,
        errors=[_error(row) for row in told.rows if row.year in REGIONAL_YEARS],
        reference=_pair(told.reference["en"], told.reference["nl"]),
        command=told.command,
        data=Markup(inline(_context(told, packed.layout, token))),
        packed=packed.text,
        script=Markup(script),
    )


def _context(told: Told, layout: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
    study, learned = told.study, told.learned
    ranges = study.range_of()
    draws = study.draws
    return {
        "study": told.identity,
        "token": token,
        "words": [str(word) for word in Sureness],
        "sizes": list(SIZES),
        "years": YEARS.tolist(),
        "lastObserved": 2022,
        "regions": [{"name": "Netherlands"}, *({"name": name} for name in load_inputs().regions["name"])],
        "regional": [],
        "paired": [],
        "relative": [],
        "short": {},
        "one": ONE,
        "outcomes": [_outcome(name) for name in TOLD],
        "series": [[at, "total"] for at in range(len(TOLD))],
        "headline": [TOLD.index(name) for name in HEADLINE],
        "headlineNames": dict(enumerate(("technique pupils", "technique teachers", "new technicians"))),
        "scenarios": list(_scenarios()),
        "history": {},
        "fans": {},
        "band": "90% interval",
        "named": {"en": "the present policy", "nl": DESK_DUTCH("the present policy")},
        "reference": told.reference,
        "nl": texts(),
        "levers": [
            lever._asdict()
            | {"low": ranges[lever.key][0], "high": ranges[lever.key][1], "choices": list(lever.choices)}
            for lever in LEVERS
        ],
        "split": list(SPLIT),
        "leastRest": LEAST_REST,
        "amounts": list(AMOUNTS),
        "policy": _present(study),
        "basis": _constants(),
        "layout": layout,
        "draws": draws,
        "fraction": study.fraction,
        "terms": basis.TERMS,
        "part": PART,
        "stands": min(0.95, _STANDS_OUT / float(np.sqrt(max(draws - 1, 1)))),
        "chanceLow": _chances(draws),
        "chanceLowOf": {count: _chances(count) for count in range(2, CHECK_DRAWS + 1)},
        "matters": _matters(learned),
        "levels": _levels(learned),
        "parameters": [{"name": name, "why": load_parameters()[name].why} for name in uncertain()],
        "regional_": [
            {"title": OUTCOMES[name].title, **_written(name)} for name in REGIONAL
        ],
        "regionalYears": list(REGIONAL_YEARS),
        "examples": [one._asdict() for one in EXAMPLES],
        "checkDraws": min(CHECK_DRAWS, draws),
    }  # fmt: skip


def _chances(runs: int) -> list[float]:
    """Low end of the probability of a direction that 0, 1, ... all of the runs have."""
    return [round(float(low), 4) for low in direction(np.arange(runs + 1), np.full(runs + 1, runs))[1]]


def _outcome(name: str) -> dict[str, Any]:
    outcome = OUTCOMES[name]
    return {
        "name": name,
        "title": outcome.title,
        "units": [scale(outcome.unit, effect=effect).unit for effect in (False, True)],
        "ways": ways(outcome.unit),
        "factor": scale(outcome.unit, effect=True).factor,
    }


def _written(name: str) -> dict[str, Any]:
    written = scale(OUTCOMES[name].unit, effect=True)
    return {"unit": written.unit, "factor": written.factor}


def _scenarios() -> list[dict[str, Any]]:
    dashes = ("", "", "6 3", "2 2")
    found = looks(_TITLES).values()
    return [
        {"label": title, "title": title, "titleNl": DESK_DUTCH(title), **look._asdict(), "dash": dash}
        for title, look, dash in zip(_TITLES, found, dashes, strict=True)
    ]


def _present(study: Desk) -> dict[str, Any]:
    """The schemes of the present policy as far as the script has to know them."""
    policy = study.policy_of()
    years = range(2024, 2041)
    ngf = (position.NATIONAL, *position.REGIONAL)
    now = [policy.schemes[name].paid(2028) for name in position.STO]
    return {
        "name": policy.name,
        "sto": list(position.STO),
        "support": position.SUPPORT,
        "national": position.NATIONAL,
        "regional": list(position.REGIONAL),
        "activities": dict(policy.schemes[position.STO[0]].activities),
        "total": sum(now),
        "poor": now[1] / sum(now),
        "reserved": sum(policy.schemes[name].paid(2027) for name in ngf),
        "recession": {str(year): fall for year, fall in position.RECESSION.items()},
        "building": {str(year): fall for year, fall in position.IN_BUILDING.items()},
        "paid": {
            name: {year: scheme.paid(year) for year in years if scheme.first_year <= year <= scheme.last_year}
            for name, scheme in policy.schemes.items()
        },
        "schemes": {
            name: {
                "first": scheme.first_year,
                "last": scheme.last_year,
                "after": scheme.after,
                "conditional": scheme.conditional_from,
            }
            for name, scheme in policy.schemes.items()
        },
    }


def _constants() -> dict[str, Any]:
    """The numbers of `basis` that the script's own version of it needs."""
    return {
        "years": YEARS.tolist(),
        "first": position.FIRST,
        "later": position.LATER,
        "last": position.LAST,
        "priceRise": basis.PRICE_RISE,
        "ahead": basis.AHEAD,
        "poor": basis.PRESENT_POOR,
        "reserved": [basis.RESERVED.get(int(year), 0.0) for year in YEARS],
        "line": [basis.NATIONAL_LINE.get(int(year), 0.0) for year in YEARS],
        "unit": basis.UNIT,
        "curve": basis.CURVE,
        "lineCurve": basis.LINE_CURVE,
    }


def _matters(learned: Learned) -> list[list[float]]:
    level = np.median(learned.levels, axis=0)
    return [[matters(name, float(level[year, at])) for year in range(len(YEARS))] for at, name in enumerate(TOLD)]


def _levels(learned: Learned) -> list[list[list[int]]]:
    summary = summarise(learned.levels)
    return [
        [cell(summary.at(year, at), OUTCOMES[name].unit, effect=False) for year in range(len(YEARS))]
        for at, name in enumerate(TOLD)
    ]


def _error(row: Row) -> dict[str, Any]:
    parts = [f"{100 * part:.0f}%" for part in (row.part, row.part_low, row.part_high, row.worst, row.held)]
    return {"title": OUTCOMES[row.outcome].title, "year": row.year, "parts": parts, "run_it": row.run_it}


def _both(text: str, /, **values: object) -> Markup:
    return _pair(_told(ENGLISH, text, values), _told(DESK_DUTCH, text, values))


def _told(language: Language, text: str, values: dict[str, object]) -> str:
    def written(value: object) -> object:
        return language.figure(f"{value:,}") if isinstance(value, int) else value

    return language(text, **{name: written(value) for name, value in values.items()})


def _pair(english: str, dutch: str) -> Markup:
    if english == dutch:
        return Markup("{}").format(english)
    return Markup('<span class="en" lang="en">{}</span><span class="nl" lang="nl">{}</span>').format(english, dutch)


def _template(room: str, name: str) -> str:
    return (files(room) / "templates" / name).read_text(encoding="utf-8")


def _script() -> str:
    parts = [_template("doorstroom.reporting", f"{name}.js") for name in _SHARED]
    parts += [_template("doorstroom.desk", f"{name}.js") for name in _OWN]
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "\n})();\n"


def _policy(script: str, *, served: bool) -> str:
    """What the page may do: run this very script; ask nobody, or only the server that it comes from."""
    allowed = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    asks = "; connect-src 'self'" if served else ""
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; img-src data: blob:{asks}"
