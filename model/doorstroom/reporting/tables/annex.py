"""The tables of an annex: outcomes, effects, money, prices and regions."""

from __future__ import annotations

from collections.abc import Iterator

from doorstroom.experiment.table import Series
from doorstroom.reporting.findings import Findings, unit
from doorstroom.reporting.key import KEY, MONEY, NODAL, SHOWN, title
from doorstroom.reporting.language import Language
from doorstroom.reporting.style import band, design
from doorstroom.reporting.tables.table import Cell, Table, Value
from doorstroom.reporting.wording import price_text, scale

SAME_MONEY = "the same money"


def annex(findings: Findings, language: Language) -> Iterator[Table]:
    """All tables that a study has."""
    yield outcomes(findings, language)
    yield money(findings, language)
    if findings.comparison.others:
        yield effects(findings, language)
        yield prices(findings, language)
        yield regions(findings, language)


def outcomes(findings: Findings, language: Language) -> Table:
    """Levels of the key outcomes for the country."""
    years = [findings.years[0], *findings.key_years]
    rows: list[tuple[Cell, ...]] = []
    for series in KEY:
        for label in findings.comparison.labels:
            levels = findings.level(label, series)
            cells = [Value(levels.at(findings.years.index(year)), unit(series), effect=False) for year in years]
            rows.append(
                (
                    title(series, language),
                    _unit(series, language, effect=False),
                    findings.title(label, language),
                    *cells,
                )
            )
    heads = _heads(language, "Outcome", "Unit", "Scenario")
    return _table(
        findings, language, "outcomes", language("Key outcomes for the country"), (*heads, *map(str, years)), rows
    )


def effects(findings: Findings, language: Language) -> Table:
    """Effects on the key outcomes for the country."""
    rows: list[tuple[Cell, ...]] = []
    for series in KEY:
        for label in findings.comparison.others:
            cells = [
                Value(findings.effect_in(label, series, year), unit(series), effect=True) for year in findings.key_years
            ]
            rows.append(
                (title(series, language), _unit(series, language, effect=True), findings.title(label, language), *cells)
            )
    about = language(
        "Effects on key outcomes against {baseline}", baseline=findings.named(findings.comparison.baseline, language)
    )
    heads = _heads(language, "Outcome", "Unit", "Scenario")
    return _table(findings, language, "effects", about, (*heads, *map(str, findings.key_years)), rows)


def money(findings: Findings, language: Language) -> Table:
    """Money over all years together."""
    rows: list[tuple[Cell, ...]] = [
        (
            findings.title(label, language),
            *(Value(findings.total(label, series), "euro", effect=False) for series in MONEY),
        )
        for label in findings.comparison.labels
    ]
    span = {"first": findings.years[0], "last": findings.years[-1]}
    about = language("Money over {first}\u2013{last} together, million euro, without discounting", **span)
    heads = (language("Scenario"), *(title(series, language) for series in MONEY))
    return _table(findings, language, "money", about, heads, rows)


def prices(findings: Findings, language: Language) -> Table:
    """What a million euro buys of pupils, teachers and technicians, and what one of them costs."""
    rows: list[tuple[Cell, ...]] = []
    for cost in findings.costs():
        rows.append(
            (
                findings.title(cost.scenario, language),
                language(cost.unit),
                Value(cost.money, "euro", effect=True),
                Value(cost.extra, unit(cost.outcome), effect=True),
                Value(cost.bought, unit(cost.outcome), effect=False, why=SAME_MONEY),
                price_text(cost.euro, language),
            )
        )
    span = {
        "first": findings.years[0],
        "last": findings.years[-1],
        "baseline": findings.named(findings.comparison.baseline, language),
    }
    about = language(
        "What a million euro buys, and euro for each pupil, teacher and technician: differences from {baseline} in the "
        "outcome and in money, both summed over {first}\u2013{last}",
        **span,
    )
    money_head = f"{language('Difference in money')}, {language('million euro')}"
    heads = _heads(language, "Scenario", "Bought")
    rest = _heads(language, "Difference in outcome", "Per million euro", "Euro for each")
    return _table(findings, language, "prices", about, (*heads, money_head, *rest), rows)


def regions(findings: Findings, language: Language) -> Table:
    """The effect on the shown outcome in every region in the named year."""
    names = findings.region_names[1:]
    summaries = {label: findings.regions_in(label, SHOWN, findings.year) for label in findings.comparison.others}
    rows: list[tuple[Cell, ...]] = [
        (name, *(Value(summary.at(at), unit(SHOWN), effect=True) for summary in summaries.values()))
        for at, name in enumerate(names)
    ]
    about = language(
        "{outcome} by region: effect against {baseline} in {year}, {unit}",
        outcome=title(SHOWN, language),
        baseline=findings.named(findings.comparison.baseline, language),
        year=findings.year,
        unit=_unit(SHOWN, language, effect=True),
    )
    table = _table(
        findings,
        language,
        "regions",
        about,
        (language("Region"), *(findings.title(label, language) for label in summaries)),
        rows,
    )
    return table._replace(note=f"{table.note} {language(NODAL)}")


def _table(
    findings: Findings,
    language: Language,
    name: str,
    about: str,
    columns: tuple[str, ...],
    rows: list[tuple[Cell, ...]],
) -> Table:
    manifest = findings.comparison.manifest
    how = (
        language("Median ({band}).", band=band(manifest, language))
        if findings.comparison.runs > 1
        else language("One run per scenario, no interval.")
    )
    source = language("Source: doorstroom, study {study}", study=manifest.study[:12])
    return Table(name, about, columns, tuple(rows), f"{how} {source}; {design(manifest, language)}.")


def _heads(language: Language, *names: str) -> tuple[str, ...]:
    return tuple(language(name) for name in names)


def _unit(series: Series, language: Language, *, effect: bool) -> str:
    return language(scale(unit(series), effect=effect).unit)
