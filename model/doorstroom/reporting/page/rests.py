"""What an effect rests on: the share of each grade of evidence, and the unknowns that decide, from the same runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, get_args

from doorstroom.evidence.calibration import prior_scores
from doorstroom.evidence.grades import ENOUGH, LUCK, REST, Attribution, Share, attribute
from doorstroom.experiment.effects import distinguishable
from doorstroom.experiment.table import Series
from doorstroom.parameters import Grade
from doorstroom.reporting.findings import Findings
from doorstroom.reporting.key import HEADLINE
from doorstroom.reporting.language import Language


def columns(seeds: int) -> tuple[str, ...]:
    """What shares are told of; luck can be told apart only where a draw has several seeds."""
    return (*get_args(Grade), *((LUCK,) if seeds > 1 else ()), REST)


_MOST = 3


class Rest(NamedTuple):
    """An effect that has a direction, and what its spread over the runs rests on."""

    label: str
    series: Series
    found: Attribution

    def unknowns(self) -> list[tuple[str, Share]]:
        """The parameters that explain most of the spread, by key, each with its share."""
        return list(self.found.by_parameter.items())[:_MOST]

    def assumed(self) -> Share:
        """The share that rests on assumption or judgement."""
        parts = [self.found.by_grade[grade] for grade in ("assumption", "judgement")]
        return Share(*(min(sum(one), 1.0) for one in zip(*parts, strict=True)))


def rests(findings: Findings) -> Iterator[Rest]:
    """Of every headline effect in the named year that has a direction; none where draws aren't those of the priors."""
    comparison = findings.comparison
    draws = comparison.whole_draws
    if len(draws) < ENOUGH or 0 in draws or comparison.manifest.posterior is not None:
        return
    at = findings.years.index(findings.year)
    names, scores = prior_scores(draws)
    for label in comparison.others:
        for series in HEADLINE:
            if not distinguishable(findings.effect_in(label, series, findings.year).sureness):
                continue
            effect = comparison.effect(findings.national_panel, label, series)[:, at, 0]
            found = attribute(effect.reshape(len(draws), -1), scores, names)
            if found is not None:
                yield Rest(label, series, found)


def share_text(share: Share, language: Language) -> str:
    """A share with its interval, in percent."""
    ends = language("{low} to {high}", low=f"{min(share.low, 1.0):.0%}", high=f"{share.high:.0%}")
    return f"{min(max(share.value, 0.0), 1.0):.0%} ({ends})"
