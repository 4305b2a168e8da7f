"""Two pages that an official reads without help: which design would tell what, when, and what it is worth."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from doorstroom.evaluation.learning import Finding
from doorstroom.evaluation.picture import picture
from doorstroom.evaluation.printing import printed
from doorstroom.evaluation.study import Learned
from doorstroom.experiment.whole_files import atomic

LANGUAGES: Final = ("nl", "en")
WORDS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    (files("doorstroom.evaluation") / "texts.toml").read_text(encoding="utf-8")
)
FINDINGS: Final = "findings.csv"
EFFECTS: Final = "effects.csv"
ABOUT: Final = "about.json"
_SHARES: Final = ("answered", "alarms", "coverage", "wrong_sign")
TWO_SIDED_90: Final = 1.645
_LITTLE: Final = 0.01
"""Who takes away less of the uncertainty than this tells nothing."""


def write(learned: Learned, folder: Path) -> list[Path]:
    """Write what was found as tables, and the pages in both languages; the paths, that of the English page last.

    The pages are printed as PDF too where there is a Chromium.
    """
    about = {
        "title": learned.study.title.en,
        "identity": learned.identity,
        "library": learned.study.library,
        "worlds": learned.study.worlds,
        "fraction": learned.study.fraction,
        "draws": "of the priors" if learned.study.posterior is None else learned.study.posterior.name,
        "euro_a_year": learned.study.euro_a_year,
    }
    tables = {
        FINDINGS: pd.DataFrame([_flat(one) for one in learned.findings]).to_csv(index=False),
        EFFECTS: effects(learned).to_csv(index=False),
        ABOUT: json.dumps(about, indent=1) + "\n",
    }
    pages = {f"summary.{language}.html": summary(learned, language) for language in LANGUAGES}
    for name, content in {**tables, **pages}.items():
        with atomic(folder / name) as file:
            file.write(content.encode())
    prints = [printed(folder / name) for name in pages]
    return [*(folder / name for name in tables), *(one for one in prints if one), *(folder / name for name in pages)]


def effects(learned: Learned) -> pd.DataFrame:
    """What going on does in the worlds, per question: the middle and the bounds of nine worlds in ten."""
    country = learned.rows[learned.rows["design"] == ""]
    found = {
        name: country.loc[country["question"] == name, "truth"].quantile([0.05, 0.5, 0.95]).to_list()
        for name in learned.study.questions
    }
    table = pd.DataFrame.from_dict(found, orient="index", columns=["low", "median", "high"])
    return table.rename_axis("question").reset_index()


def best(learned: Learned, question: str) -> list[Finding]:
    """Each design with the method that it is read with, the first that is sound; those that tell most first."""
    found: dict[str, Finding] = {}
    for one in learned.findings:
        if one.question == question and one.sound:
            found.setdefault(one.design, one)
    return sorted(found.values(), key=lambda one: (-one.first, -one.worth.narrowed, one.detectable))


def summary(learned: Learned, language: str) -> str:
    """The pages as one HTML file that needs no web.

    Parameters
    ----------
    language : nl or en
    """
    words, study = WORDS[language], learned.study
    environment = Environment(
        loader=PackageLoader("doorstroom.evaluation", "templates"), autoescape=True, undefined=StrictUndefined
    )
    ranked = {name: best(learned, name) for name in study.questions}
    seen = effects(learned).set_index("question")
    draws = words["priors" if study.posterior is None else "posterior"]
    sources = ", ".join(dict.fromkeys(getattr(one.source, language) for one in study.questions.values()))
    cost = number(study.euro_a_year / 1e6, language)
    return environment.get_template("summary.html.j2").render(
        language=language,
        title=getattr(study.title, language),
        question=getattr(study.question, language),
        words=words,
        answer=_answer(learned, ranked, seen, language),
        told=[_told(learned, name, ranked[name], seen.loc[name], language) for name in study.questions],
        questions=[
            {"title": getattr(one.title, language), "unit": getattr(one.unit, language)}
            for one in study.questions.values()
        ],
        picture=picture(learned, ranked, seen, language, words),
        designs=[_design(learned, name, ranked, language) for name in _order(learned, ranked)],
        existing=_existing(learned, ranked, seen, language),
        methods=_methods(learned, language),
        reads=words["reads"].format(worlds=study.worlds, sources=sources, cost=cost, draws=draws).split("|"),
        made=words["made"].format(identity=learned.identity[:12], library=study.library),
    )


def number(value: float, language: str) -> str:
    """Two significant digits, at most two after the point, as the language writes them."""
    digits = 0 if value == 0 else int(np.clip(1 - np.floor(np.log10(abs(value))), 0, 2))
    text = f"{round(value, digits) + 0.0:,.{digits}f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(value: float) -> str:
    """A share in whole percents."""
    return "–" if np.isnan(value) else f"{100 * value:.0f}%"


def _flat(one: Finding) -> dict[str, Any]:
    """A finding as one row of a table."""
    diagnoses: dict[str, Any] = {}
    for kind, diagnosis in (("nothing", one.nothing), ("modelled", one.modelled), ("large", one.large)):
        for name in diagnosis._fields if diagnosis is not None else ():
            value = getattr(diagnosis, name)
            if name in _SHARES:
                diagnoses[f"{kind}_{name}"] = value.value
                diagnoses |= {f"{kind}_{name}_low": value.low, f"{kind}_{name}_high": value.high}
            else:
                diagnoses[f"{kind}_{name}"] = value
    curves = {f"power_{size:g}": value for size, value in zip(one.sizes, one.power, strict=True)}
    names = ("question", "design", "method", "verdict", "first", "detectable", "known_in")
    told = {name: getattr(one, name) for name in names}
    told |= dict(zip(("truth_median", "truth_low", "truth_high"), one.truth, strict=True))
    return {**told, **{f"worth_{name}": value for name, value in one.worth._asdict().items()}, **diagnoses, **curves}


def _order(learned: Learned, ranked: dict[str, list[Finding]]) -> list[str]:
    """Designs by their mean place over the questions; those that no method can be used with last."""
    last = len(learned.study.designs)
    places = {
        name: np.mean(
            [next((at for at, one in enumerate(ranking) if one.design == name), last) for ranking in ranked.values()]
        )
        for name in learned.study.designs
    }
    return sorted(places, key=lambda name: float(places[name]))


def _visible(one: Finding, high: float) -> bool:
    """Whether a design sees an effect as large as nine in ten worlds have at most."""
    return one.detectable <= high


def _answer(learned: Learned, ranked: dict[str, list[Finding]], seen: pd.DataFrame, language: str) -> str:
    """The whole of it in one sentence or two."""
    words = WORDS[language]
    able = [
        getattr(learned.study.questions[name].title, language).lower()
        for name, ranking in ranked.items()
        if any(_visible(one, seen.loc[name, "high"]) for one in ranking)
    ]
    if not able:
        return str(words["nothing_to_see"])
    return str(words["something_to_see"]).format(questions=", ".join(able))


def _told(learned: Learned, name: str, ranking: list[Finding], seen: pd.Series, language: str) -> dict[str, str]:
    """A question in two sentences: what there is to see, and who sees most of it."""
    words, asked = WORDS[language], learned.study.questions[name]
    unit = getattr(asked.unit, language)
    low, high = number(seen["low"], language), number(seen["high"], language)
    text = [words["modelled"].format(low=low, high=high, unit=unit)]
    tells = [one for one in ranking if one.worth.narrowed >= _LITTLE and one.first > 0]
    if not tells:
        sees = min((one for one in ranking if one.sizes), key=lambda one: one.detectable, default=None)
        text.append(words["none"])
        if sees is not None and np.isfinite(sees.detectable):
            design = getattr(learned.study.designs[sees.design].title, language)
            size = number(sees.detectable, language)
            text.append(words["sees_first"].format(design=design, size=size, unit=unit, year=sees.known_in))
        return {"title": getattr(asked.title, language), "text": " ".join(text)}
    first = tells[0]
    values = {
        "design": getattr(learned.study.designs[first.design].title, language),
        "unit": unit,
        "size": number(first.detectable if np.isfinite(first.detectable) else max(asked.sizes), language),
        "year": first.known_in,
        "narrowed": percent(first.worth.narrowed),
        "first": percent(first.first),
    }
    kind = "survey" if not first.sizes else "sees" if np.isfinite(first.detectable) else "blind"
    text.append(words[kind].format(**values))
    if first.sizes and not _visible(first, seen["high"]):
        text.append(words["too_small"])
    return {"title": getattr(asked.title, language), "text": " ".join(text)}


def _design(learned: Learned, name: str, ranked: dict[str, list[Finding]], language: str) -> dict[str, Any]:
    """A row of the table of designs."""
    words, design = WORDS[language], learned.study.designs[name]
    found = [next((one for one in ranking if one.design == name), None) for ranking in ranked.values()]
    years = sorted({one.known_in for one in found if one is not None})
    cells = []
    for one, asked in zip(found, learned.study.questions.values(), strict=True):
        if one is None:
            cells.append({"sees": words["unusable"], "narrowed": "–", "first": "–"})
            continue
        if not one.sizes:
            sees = "–"
        elif np.isfinite(one.detectable):
            sees = number(one.detectable, language)
        else:
            sees = words["more"].format(size=number(max(asked.sizes), language))
        cells.append({"sees": sees, "narrowed": percent(one.worth.narrowed), "first": percent(one.first)})
    gains = [one.worth for one in found if one is not None]
    sure = [
        gain.value for gain in gains if gain.value > TWO_SIDED_90 * gain.error
    ]  # the others can't be told from nothing
    return {
        "title": getattr(design.title, language),
        "asks": getattr(design.asks, language),
        "year": "–" if not years else str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}",
        "cells": cells,
        "worth": number(max(sure, default=0.0) / 1e6, language),
    }


def _existing(
    learned: Learned, ranked: dict[str, list[Finding]], seen: pd.DataFrame, language: str
) -> list[dict[str, str]]:
    """What a study of the money that was paid could have found at most, per question."""
    words, told = WORDS[language], []
    for name, asked in learned.study.questions.items():
        unit, parts = getattr(asked.unit, language), []
        for design, of in learned.study.designs.items():
            tried = [one for one in learned.findings if (one.question, one.design) == (name, design)]
            if of.kind != "existing":
                continue
            one = next((one for one in ranked[name] if one.design == design), tried[0])
            assert one.nothing is not None
            assert one.large is not None
            values = {
                "design": getattr(of.title, language),
                "unit": unit,
                "size": number(one.detectable if np.isfinite(one.detectable) else max(asked.sizes), language),
                "year": one.known_in,
                "low": number(one.truth[1], language),
                "high": number(one.truth[2], language),
                "alarms": percent(one.nothing.alarms.value),
                "coverage": percent(one.large.coverage.value),
            }
            kind = "unusable" if not one.sound else "sees" if np.isfinite(one.detectable) else "blind"
            parts.append(words[f"existing_{kind}"].format(**values))
        if parts:
            high = words["existing_all"].format(high=number(seen.loc[name, "high"], language), unit=unit)
            told.append({"title": getattr(asked.title, language), "text": " ".join([*parts, high])})
    return told


def _methods(learned: Learned, language: str) -> list[dict[str, Any]]:
    """Every method of every design: how often it sees what isn't there, and holds what is."""
    words = WORDS[language]
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for one in learned.findings:
        if one.nothing is None or one.large is None:
            continue
        row = rows.setdefault(
            (one.design, one.method),
            {
                "design": getattr(learned.study.designs[one.design].title, language),
                "method": words["methods"][one.method],
                "cells": [],
            },
        )
        row["cells"].append(
            {
                "alarms": percent(one.nothing.alarms.value),
                "coverage": percent(one.large.coverage.value),
                "verdict": words["verdicts"][one.verdict.replace(" ", "_")],
                "sound": one.sound,
            }
        )
    told = list(rows.values())
    for row in told:
        row["span"] = sum(one["design"] == row["design"] for one in told)
    for before, row in pairwise(told):
        row["span"] = 0 if row["design"] == before["design"] else row["span"]
    return told
