"""Everything a report says, as numbers: summaries of levels and effects, in time, by region, and in money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.experiment.effects import (
    LEVEL,
    Price,
    Summary,
    Sureness,
    distinguishable,
    known,
    paired,
    per_million,
    price,
    summarise,
)
from doorstroom.experiment.results import Panel, Results
from doorstroom.experiment.table import Series
from doorstroom.outcomes import COUNTRY, OUTCOMES, SERIES, TOTAL
from doorstroom.reporting.key import COUNTRY_NAME, LAST_OBSERVED, PER_EXTRA, PRESENT, REGIONAL, key_years, named_year
from doorstroom.reporting.language import ENGLISH, Language

Floats = NDArray[np.float64]


class Onset(NamedTuple):
    """When an effect on the country appears: the first year whose direction may be told, and how many there are."""

    year: int | None
    years: int


class Cost(NamedTuple):
    """What the difference in money bought, against the baseline, over all years of the study.

    `bought` is in units per million euro, `euro` the same turned over: euro for each.
    """

    scenario: str
    money: Summary
    outcome: Series
    unit: str
    extra: Summary
    bought: Summary
    euro: Price


@dataclass(frozen=True)
class Findings:
    """Summaries of a comparison.

    `national[label]` and `national_effect[label]` hold arrays (years, len(SERIES)); `regional` and
    `regional_effect` arrays (years, 1 + regions, len(REGIONAL)). Effects exist for all but the baseline.
    """

    comparison: Results
    national_panel: Panel
    national: dict[str, Summary]
    national_effect: dict[str, Summary]
    regional: dict[str, Summary]
    regional_effect: dict[str, Summary]
    last_observed: int = LAST_OBSERVED

    @property
    def years(self) -> list[int]:
        """School years."""
        return self.comparison.years

    @property
    def year(self) -> int:
        """The year for rankings and regions."""
        return named_year(self.years)

    @property
    def key_years(self) -> list[int]:
        """The years for tables."""
        return key_years(self.years)

    @cached_property
    def region_names(self) -> list[str]:
        """Names by region number; 0 is the country."""
        return [COUNTRY_NAME, *(region.name for region in self.comparison.manifest.regions)]

    def title(self, label: str, language: Language = ENGLISH) -> str:
        """A scenario as readers call it; by its label too where titles are not unique."""
        titles = {entry.label: entry.title for entry in self.comparison.manifest.scenarios}
        text = language(titles[label]) if language.translates(titles[label]) else titles[label]
        return text if list(titles.values()).count(titles[label]) == 1 else f"{text} [{label}]"

    def named(self, label: str, language: Language = ENGLISH) -> str:
        """A scenario within a sentence: the present policy as such, any other by its title in quotation marks."""
        title = self.title(label, language)
        return title[0].lower() + title[1:] if title == language(PRESENT) else f"\u2018{title}\u2019"

    def money_a_year(self, label: str) -> Summary:
        """Difference in granted money and national lines, a year on average over the years in which there is one."""
        panel = self.national_panel
        lines = [self.comparison.effect(panel, label, (name, TOTAL))[..., 0] for name in ("granted", "national_line")]
        money = np.add(*lines)
        years = (money != 0).any(axis=0)
        return summarise(money[:, years].mean(axis=1) if years.any() else money[:, 0], self.comparison.seeds).at()

    def level(self, label: str, series: Series) -> Summary:
        """The country's level of a series over the years."""
        return self.national[label].at(slice(None), SERIES.index(series))

    def effect(self, label: str, series: Series) -> Summary:
        """The effect on the country over the years."""
        return self.national_effect[label].at(slice(None), SERIES.index(series))

    def effect_in(self, label: str, series: Series, year: int) -> Summary:
        """The effect on the country in one year."""
        return self.effect(label, series).at(self.years.index(year))

    def regions_in(self, label: str, series: Series, year: int) -> Summary:
        """The effect in all regions in one year, without the country."""
        return self.regional_effect[label].at(self.years.index(year), slice(1, None), REGIONAL.index(series))

    def inner(self, label: str, series: Series, mass: float) -> Summary:
        """The country's level with an interval that holds less than 90% of next runs."""
        runs = self.national_panel.level(label, series)[..., None]
        return levels(runs, [series], self.comparison.seeds, mass=mass).at(slice(None), 0, 0)

    def between(self, one: str, two: str) -> Summary:
        """The first scenario minus the second, for the country, shape (years, len(SERIES))."""
        runs, seeds = self.national_panel.levels, self.comparison.seeds
        own = self.comparison.manifest.file.matters
        reach = matters(self.national[self.comparison.baseline].mean[:, None], SERIES, own)
        weight = grain(SERIES, self.comparison.manifest.fraction)
        return summarise(paired(runs[one], runs[two]), seeds, matters=reach, grain=weight).at(slice(None), 0)

    def onset(self, label: str, series: Series) -> Onset:
        """When the effect on the country appears."""
        stands_out = [
            year
            for year, word in zip(self.years, self.effect(label, series).sureness, strict=True)
            if distinguishable(word)
        ]
        return Onset(stands_out[0] if stands_out else None, len(stands_out))

    def money_difference(self, label: str) -> Floats:
        """Granted money and national lines, scenario minus baseline, summed over the years; per run, euro."""
        panel = self.national_panel
        lines = [self.comparison.effect(panel, label, (name, TOTAL)) for name in ("granted", "national_line")]
        return np.asarray(np.add(*lines).sum(axis=(1, 2)))

    def total(self, label: str, series: Series) -> Summary:
        """A kind of money summed over the years."""
        runs = self.national_panel.level(label, series).sum(axis=1)[:, None, :, None]
        return levels(runs, [series], self.comparison.seeds).at(0, 0, 0)

    def costs(self) -> Iterator[Cost]:
        """What a million euro buys of pupils, teachers and technicians, and what one costs, for every scenario."""
        seeds = self.comparison.seeds
        for label in self.comparison.others:
            money = self.money_difference(label)
            for series, unit in PER_EXTRA.items():
                outcome = self.comparison.effect(self.national_panel, label, series).sum(axis=(1, 2))
                bought = per_million(money, outcome, seeds)
                yield Cost(
                    label,
                    summarise(money, seeds).at(),
                    series,
                    unit,
                    summarise(outcome, seeds).at(),
                    bought,
                    price(bought),
                )

    def differs_from(self, label: str) -> int | None:
        """The first year in which a scenario differs from the baseline; None where it never does."""
        return self.comparison.manifest.scenarios[self.comparison.labels.index(label)].differs_from

    def relative(self, label: str, series: Series) -> Summary:
        """The effect on the country over the years as a share of what there is under the baseline, run by run."""
        panel, comparison = self.national_panel, self.comparison
        base = np.abs(panel.level(comparison.baseline, series))[..., 0]
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(base > 0, comparison.effect(panel, label, series)[..., 0] / base, np.nan)
        return _known(comparison, label, summarise(share, comparison.seeds))

    def never_differs(self, label: str) -> bool:
        """Whether a scenario is, in everything, exactly the baseline."""
        entry = self.comparison.manifest.scenarios[self.comparison.labels.index(label)]
        words = self.national_effect[label].sureness
        return entry.differs_from is None and bool(
            np.isin(words.astype(str), [Sureness.SAME, Sureness.UNDEFINED]).all()
        )


def find(comparison: Results) -> Findings:
    """Read a study and summarise it, scenario by scenario."""
    regions, seeds, base = range(1 + len(comparison.manifest.regions)), comparison.seeds, comparison.baseline
    runs: dict[str, Floats] = {}
    national: dict[str, Summary] = {}
    regional: dict[str, Summary] = {}
    national_effect: dict[str, Summary] = {}
    regional_effect: dict[str, Summary] = {}
    country, places = comparison.panels((SERIES, [COUNTRY]), (REGIONAL, regions))
    for label in comparison.labels:
        runs[label], local = country.levels[label], places.levels[label]
        national[label] = levels(runs[label], SERIES, seeds).at(slice(None), 0)
        regional[label] = levels(local, REGIONAL, seeds)
        if label == base:
            local_base = local
        else:
            country_effect = _effect(
                comparison, label, paired(runs[label], runs[base]), national[base].mean[:, None], SERIES
            )
            national_effect[label] = country_effect.at(slice(None), 0)
            regional_effect[label] = _effect(
                comparison, label, paired(local, local_base), regional[base].mean, REGIONAL
            )
    panel = Panel(SERIES, (COUNTRY,), runs)
    return Findings(comparison, panel, national, national_effect, regional, regional_effect)


def _effect(comparison: Results, label: str, difference: Floats, level: Floats, series: Sequence[Series]) -> Summary:
    """The effect of a scenario, with what the scenarios themselves say of years in which it can't have one."""
    weight = grain(series, comparison.manifest.fraction)
    reach = matters(level, series, comparison.manifest.file.matters)
    return _known(comparison, label, summarise(difference, comparison.seeds, matters=reach, grain=weight))


def _known(comparison: Results, label: str, effect: Summary) -> Summary:
    """The effect with what the scenario says of years, the first axis, in which it can't have one."""
    differs = comparison.manifest.scenarios[comparison.labels.index(label)].differs_from
    if differs is None:
        return known(effect, Sureness.SAME, True)
    early = np.array(comparison.years) < differs
    return known(effect, Sureness.NOT_YET, early.reshape(-1, *[1] * (effect.sureness.ndim - 1)))


def matters(level: Floats, series: Sequence[Series], own: Mapping[str, float] = MappingProxyType({})) -> Floats:
    """Smallest difference that matters: of ratios in their unit, else as a part of the level; shape of `level`.

    `own` holds those that a study sets itself, by outcome.
    """
    ratio = np.array([OUTCOMES[name].is_ratio for name, _ in series])
    part = np.array([own.get(name, OUTCOMES[name].matters) for name, _ in series])
    return np.asarray(np.where(ratio, part, part * np.abs(np.nan_to_num(level))))


def grain(series: Sequence[Series], fraction: float) -> Floats:
    """What one modelled person counts for, per series; 0 where no persons are counted."""
    return np.array([1.0 / fraction if OUTCOMES[name].unit in _HEADS else 0.0 for name, _ in series])


_HEADS = ("pupils", "students", "diplomas", "persons", "FTE")
"""Units that are counted by modelled persons."""


def levels(values: Floats, series: Sequence[Series], seeds: int, mass: float = LEVEL) -> Summary:
    """Summary of outcomes as they stand, shape (runs, years, regions, series) without the runs.

    Flows have no value in the start year.
    """
    flows = [at for at, (name, _) in enumerate(series) if OUTCOMES[name].flow]
    if flows:
        values = values.copy()
        values[:, 0, :, flows] = np.nan
    return summarise(values, seeds, mass)


def unit(series: Series) -> str:
    """Unit of a series."""
    return OUTCOMES[series[0]].unit
