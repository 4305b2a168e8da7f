"""Two pages that an official reads without help: which design would tell what, when, and what it is worth."""

from __future__ import annotations

import io
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import matplotlib
import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from doorstroom.evaluation.file import Question
from doorstroom.evaluation.learning import Finding
from doorstroom.evaluation.study import Learned
from doorstroom.experiment.whole_files import atomic

Texts = dict[str, str]

WORDS: Final[dict[str, Texts]] = tomllib.loads(
    (files("doorstroom.evaluation") / "texts.toml").read_text(encoding="utf-8")
)


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
    sections = [_section(learned, name, language) for name in study.questions]
    sources = ", ".join(dict.fromkeys(getattr(one.source, language) for one in study.questions.values()))
    reads = words["reads"].format(worlds=study.worlds, sources=sources, cost=_number(study.euro_a_year / 1e6, language))
    return environment.get_template("summary.html.j2").render(
        language=language,
        title=getattr(study.title, language),
        question=getattr(study.question, language),
        words=words,
        sections=sections,
        unused=[_unused(learned, one, language) for one in learned.findings if not one.sound],
        reads=reads.split("|"),
        made=words["made"].format(identity=learned.identity[:12], library=study.library),
    )


def write(learned: Learned, folder: Path) -> list[Path]:
    """Write the findings as a table and the pages in both languages; the paths, that of the English page last."""
    table = pd.DataFrame([_flat(one) for one in learned.findings])
    paths = [folder / "findings.csv", *(folder / f"summary.{language}.html" for language in ("nl", "en"))]
    contents = [table.to_csv(index=False), *(summary(learned, language) for language in ("nl", "en"))]
    for path, content in zip(paths, contents, strict=True):
        with atomic(path) as file:
            file.write(content.encode())
    return paths


def _flat(one: Finding) -> dict[str, Any]:
    """A finding as one row of a table."""
    diagnoses = {
        f"{kind}_{name}": getattr(diagnosis, name).value
        if name in ("answered", "alarms", "coverage", "wrong_sign")
        else getattr(diagnosis, name)
        for kind, diagnosis in (("nothing", one.nothing), ("modelled", one.modelled), ("large", one.large))
        if diagnosis is not None
        for name in diagnosis._fields
    }
    curves = {f"power_{size:g}": value for size, value in zip(one.sizes, one.power, strict=True)}
    told = {name: getattr(one, name) for name in ("question", "design", "method", "detectable", "known_in", "sound")}
    return {**told, **{f"worth_{name}": value for name, value in one.worth._asdict().items()}, **diagnoses, **curves}


def best(learned: Learned, question: str) -> list[Finding]:
    """The sound method that each design comes first with, those that tell most first."""
    found: dict[str, Finding] = {}
    for one in learned.findings:
        if one.question == question and one.sound:
            found.setdefault(one.design, one)
    return sorted(found.values(), key=lambda one: (-round(one.worth.narrowed, 2), one.detectable))


def _section(learned: Learned, name: str, language: str) -> dict[str, Any]:
    asked, ranked = learned.study.questions[name], best(learned, name)
    effects = learned.rows[(learned.rows["question"] == name) & (learned.rows["design"] == "")]["truth"].to_numpy()
    return {
        "title": getattr(asked.title, language),
        "unit": getattr(asked.unit, language),
        "sentences": _sentences(learned, asked, ranked, effects, language),
        "picture": _picture(learned, asked, ranked, effects, language),
        "rows": [_row(learned, asked, one, language) for one in ranked],
    }


def _sentences(
    learned: Learned, asked: Question, ranked: list[Finding], effects: np.ndarray[Any, Any], language: str
) -> list[str]:
    words, unit = WORDS[language], getattr(asked.unit, language)
    low, high = np.quantile(effects, [0.05, 0.95])
    told = [words["modelled"].format(low=_number(low, language), high=_number(high, language), unit=unit)]
    if not ranked or ranked[0].worth.narrowed < 0.01:
        return [*told, words["none"]]
    first = ranked[0]
    design = getattr(learned.study.designs[first.design].title, language)
    if not first.sizes:
        return [
            *told,
            words["survey"].format(design=design, year=first.known_in, narrowed=_percent(first.worth.narrowed)),
        ]
    sees = np.isfinite(first.detectable)
    size = first.detectable if sees else max(asked.sizes)
    values = {"design": design, "unit": unit, "size": _number(size, language), "year": first.known_in}
    told.append(words["sees" if sees else "blind"].format(**values, narrowed=_percent(first.worth.narrowed)))
    smaller = float((np.abs(effects) < size).mean())
    if smaller > 0.5:
        told.append(words["too_small"].format(share=_percent(smaller)))
    return told


def _row(learned: Learned, asked: Question, one: Finding, language: str) -> dict[str, str]:
    words, design = WORDS[language], learned.study.designs[one.design]
    if not one.sizes:
        detectable = "–"
    elif np.isfinite(one.detectable):
        detectable = _number(one.detectable, language)
    else:
        detectable = words["more"].format(size=_number(max(asked.sizes), language))
    error = one.worth.error / 1e6
    return {
        "design": getattr(design.title, language),
        "asks": getattr(design.asks, language),
        "year": str(one.known_in),
        "detectable": detectable,
        "alarms": "–" if one.nothing is None else _percent(one.nothing.alarms.value),
        "narrowed": _percent(one.worth.narrowed),
        "worth": f"{_number(one.worth.value / 1e6, language)} (± {_number(error, language)})",
    }


def _unused(learned: Learned, one: Finding, language: str) -> str:
    assert one.nothing is not None
    return WORDS[language]["unused_row"].format(
        method=one.method.replace("_", " "),
        design=getattr(learned.study.designs[one.design].title, language),
        question=getattr(learned.study.questions[one.question].title, language).lower(),
        alarms=_percent(one.nothing.alarms.value),
    )


def _picture(
    learned: Learned, asked: Question, ranked: list[Finding], effects: np.ndarray[Any, Any], language: str
) -> str:
    """What each design sees from, against what the model says there is to see; SVG with text as text."""
    words, shown = WORDS[language], [one for one in ranked if one.sizes]
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": learned.identity, "font.size": 9}):
        figure = Figure(figsize=(7.2, 0.8 + 0.27 * max(len(shown), 1)), layout="constrained")
        ax = figure.add_subplot()
        low, high = np.quantile(effects, [0.05, 0.95])
        ax.axvspan(max(low, 0.0), max(high, 0.0), color="#d9d9d9", label=words["band"])
        most = max(asked.sizes)
        for at, one in enumerate(shown):
            seen = np.isfinite(one.detectable)
            ax.plot(one.detectable if seen else most, at, "o" if seen else ">", color="#0072b2")
        ax.set_yticks(range(len(shown)), [getattr(learned.study.designs[one.design].title, language) for one in shown])
        ax.invert_yaxis()
        ax.set_xscale("symlog", linthresh=min(asked.sizes))
        ax.set_xlim(0, most * 1.15)
        ax.set_xticks([0, *asked.sizes], [_number(size, language) for size in (0, *asked.sizes)])
        ax.set_xlabel(words["axis"].format(unit=getattr(asked.unit, language)))
        ax.spines[["top", "right"]].set_visible(False)
        figure.legend(loc="outside lower left", fontsize=8, frameon=False)
        picture = io.StringIO()
        figure.savefig(picture, format="svg", metadata={"Date": None})
    return picture.getvalue().partition("<svg")[1] + picture.getvalue().partition("<svg")[2]


def _number(value: float, language: str) -> str:
    """Two significant digits, at most two after the point, as the language writes them."""
    digits = 0 if value == 0 else int(np.clip(1 - np.floor(np.log10(abs(value))), 0, 2))
    text = f"{round(value, digits) + 0.0:,.{digits}f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


def _percent(value: float) -> str:
    return "–" if np.isnan(value) else f"{100 * value:.0f}%"
