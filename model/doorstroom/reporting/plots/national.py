"""The country over the years: outcomes, effects, and the ranking of scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from doorstroom.experiment.effects import Summary, Sureness
from doorstroom.experiment.table import Series
from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.key import INNER, KEY, title
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.reporting.observed import history
from doorstroom.reporting.plots.axes import hide, interval_note, over_years, tick
from doorstroom.reporting.plots.marks import counted, fan, whisker
from doorstroom.reporting.style import Plot, band, footer, house_style, legend, looks, sheet
from doorstroom.reporting.wording import scale

_COLUMNS = 2

FAN = (("vmbo_exam_technique_share", "total"), ("mbo_technique_students", "total"), KEY[2], KEY[3])
"""Shown with an inner interval and, where it was counted, with history."""


def outcomes_over_time(
    findings: Findings, series: Sequence[Series] = KEY, language: Language = ENGLISH, name: str = "outcomes"
) -> Plot:
    """Outcomes of all scenarios over the years, each with its interval."""
    comparison, named = findings.comparison, partial(findings.title, language=language)
    with house_style():
        rows = -(-len(series) // _COLUMNS)
        figure, axes = sheet(rows, _COLUMNS, 9.5, 2.5 * rows + 0.9, legends=len(comparison.labels))
        for at, (ax, one) in enumerate(zip(axes, series, strict=False)):
            for label, look in looks(comparison.labels).items():
                fan(ax, findings.years, findings.level(label, one), _factor(one, effect=False), look, named(label))
            over_years(ax, findings, one, language, effect=False, named=at == 0)
            _say_if_never(ax, [findings.level(label, one) for label in comparison.labels], language)
        hide(axes[len(series) :])
        legend(figure, axes[0])
        note = interval_note(findings, language)
        footer(figure, comparison.manifest, language, note)
    about = language("{titles}, by year, for the country", titles=", ".join(title(one, language) for one in series))
    return Plot(name, figure, f"{about}. {note}")


def history_and_fan(findings: Findings, language: Language = ENGLISH) -> Plot:
    """The baseline with the intervals that hold half and 90% of the runs, after what was counted before."""
    comparison, past = findings.comparison, history(findings.comparison.manifest)
    label = comparison.baseline
    with house_style():
        figure, axes = sheet(2, 2, 9.5, 5.9, legends=2)
        for at, (ax, one) in enumerate(zip(axes, FAN, strict=True)):
            before = past.get(one)
            fan(
                ax, findings.years, findings.level(label, one), _factor(one, effect=False),
                looks([label])[label], findings.title(label, language),
                inner=[findings.inner(label, one, mass) for mass in INNER],
            )  # fmt: skip
            if before:
                counted(ax, before, _factor(one, effect=False), language("counted"))
            first = before.years[0] if before else None
            over_years(ax, findings, one, language, effect=False, named=at == 0, first=first)
        legend(figure, axes[0])
        notes = [language("From dark to light: bands of 30%, 60% and 90%.")] if comparison.runs > 1 else []
        if FAN[0] in past:
            notes.append(language("Exams of before 2016: departments translated to the profiles of today."))
        footer(figure, comparison.manifest, language, " ".join(notes) or interval_note(findings, language))
    caption = language(
        "{baseline}: what was counted before, and the spread of the runs after",
        baseline=findings.title(label, language),
    )
    return Plot("history", figure, caption)


def effects_over_time(findings: Findings, language: Language = ENGLISH, series: Sequence[Series] = KEY) -> Plot:
    """Paired effects against the baseline over the years, with their interval and a zero line."""
    comparison, named = findings.comparison, partial(findings.title, language=language)
    base = findings.named(comparison.baseline, language)
    with house_style():
        rows = -(-len(series) // _COLUMNS)
        figure, axes = sheet(rows, _COLUMNS, 9.5, 2.5 * rows + 0.9, legends=len(comparison.labels))
        for at, (ax, one) in enumerate(zip(axes, series, strict=False)):
            for label, look in list(looks(comparison.labels).items())[1:]:
                fan(ax, findings.years, findings.effect(label, one), _factor(one, effect=True), look, named(label))
            ax.axhline(0, color="black", linewidth=1)
            over_years(ax, findings, one, language, effect=True, named=at == 0)
            _say_if_nothing(ax, [findings.effect(label, one) for label in comparison.others], language)
        hide(axes[len(series) :])
        legend(figure, axes[0])
        against = language("Difference from {baseline} at equal draw and seed.", baseline=base)
        footer(figure, comparison.manifest, language, f"{against} {interval_note(findings, language)}")
    caption = language(
        "Effects on key outcomes against {baseline}, by year; the band holds what a next run may give",
        baseline=base,
    )
    return Plot("effects", figure, caption)


def ranking(findings: Findings, language: Language = ENGLISH, series: Sequence[Series] = KEY) -> Plot:
    """Forest plot: effects of all scenarios in the named year, the largest on top."""
    comparison = findings.comparison
    with house_style():
        rows = -(-len(series) // _COLUMNS)
        height = (0.85 + 0.24 * len(comparison.others)) * rows + 0.9
        figure, axes = sheet(rows, _COLUMNS, 9.5, height)
        for ax, one in zip(axes, series, strict=False):
            summaries = {
                findings.title(label, language): findings.effect_in(label, one, findings.year)
                for label in comparison.others
            }
            _forest(ax, summaries, one, language)
        hide(axes[len(series) :])
        about: dict[str, object] = {"year": findings.year, "baseline": findings.named(comparison.baseline, language)}
        note = language(
            "Year {year}; difference from {baseline}; bar: {band}.", band=band(comparison.manifest, language), **about
        )
        footer(figure, comparison.manifest, language, f"{note} {language(COLOURS)}")
    caption = language("Scenarios in the order of their effect in {year} against {baseline}, with intervals", **about)
    return Plot("ranking", figure, caption)


COLOURS = "Blue: likely more or surer; orange: likely less or surer; open and grey: no direction to tell."


def _factor(series: Series, *, effect: bool) -> float:
    return scale(OUTCOMES[series[0]].unit, effect=effect).factor


def _say_if_never(ax: Axes, levels: Sequence[Summary], language: Language) -> None:
    """An outcome that is zero throughout needs no scale of thousandths around its zero."""
    if not any(np.nan_to_num(level.median).any() for level in levels):
        ax.set_ylim(0, 1)
        ax.set_yticks([0])
        ax.text(0.5, 0.5, language("none in any scenario"), transform=ax.transAxes, ha="center", color="#555555")


def _say_if_nothing(ax: Axes, effects: Sequence[Summary], language: Language) -> None:
    if all(np.isin(effect.sureness.astype(str), _NOTHING).all() for effect in effects):
        ax.set_ylim(-1, 1)
        ax.set_yticks([0])
        ax.text(0.5, 0.62, language("no difference to see"), transform=ax.transAxes, ha="center", color="#555555")


_NOTHING = (Sureness.SAME, Sureness.NOT_YET, Sureness.TOO_SMALL, Sureness.UNDEFINED)


def _forest(ax: Axes, summaries: dict[str, Summary], series: Series, language: Language) -> None:
    order = sorted(summaries, key=lambda label: float(np.nan_to_num(summaries[label].median)))
    for at, label in enumerate(order):
        whisker(ax, at, summaries[label], _factor(series, effect=True), size=6)
    ax.axvline(0, color="black", linewidth=1)
    ax.set_yticks(range(len(order)), order)
    ax.set_ylim(-0.6, len(order) - 0.4)
    lying_down(ax, language(scale(OUTCOMES[series[0]].unit, effect=True).unit), language)
    ax.set_title(title(series, language))


def lying_down(ax: Axes, unit: str, language: Language) -> None:
    """Numbers along the horizontal axis."""
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_xlabel(unit, fontsize=8)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(lambda value, _: tick(value, language))
