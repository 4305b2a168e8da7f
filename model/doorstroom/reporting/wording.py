"""Numbers and findings in words. A number never comes without its interval, an effect never without being sure.

The convention, from the runs' paired differences and their 90% interval (`doorstroom.study.effects`):

=====================  ==============================================================================
words                  when
=====================  ==============================================================================
exactly the same       zero in every run
can't tell             the interval includes zero: then no effect is claimed and no direction named
likely                 the interval excludes zero
very likely            and at least 95% of the runs have the same sign after one is added to either side
=====================  ==============================================================================

"Certain" and "proven" are never said. Rounding leaves two significant digits in the width of the interval:
more would promise what the runs can't keep.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from doorstroom.outcomes import OUTCOMES
from doorstroom.reporting.language import ENGLISH, Language
from doorstroom.study.effects import Summary, Sureness, distinguishable

MINUS = "\u2212"  # the minus sign; a hyphen would break at the end of a line
NO_INTERVAL = "one run, no interval"
PRICE = "euro for each"
"""Unit of a price per pupil, teacher or technician; amounts of money themselves are told in million euro."""


class Scale(NamedTuple):
    """How a unit is written: values times `factor`, then `unit`."""

    factor: float
    unit: str


def scale(unit: str, *, effect: bool) -> Scale:
    """The way to write values of a unit."""
    if unit == "share":
        return Scale(100, "percentage points" if effect else "%")
    if unit == "euro":
        return Scale(1e-6, "million euro")
    return Scale(1, unit)


def decimals(low: float, high: float) -> int:
    """Decimals (negative: powers of ten) that leave two significant digits in the width of an interval.

    An interval that excludes zero gets as many more as it takes for its nearer end not to read as zero.
    """
    width = abs(high - low)
    if not math.isfinite(width):
        return 0
    if width == 0:
        return 0 if abs(low) >= 100 or low == 0 else 2
    places = 1 - math.floor(math.log10(width))
    if low * high > 0:
        places = max(places, -math.floor(math.log10(min(abs(low), abs(high)))))
    return max(-9, min(4, places))


def alone(value: float) -> int:
    """Decimals of a value that has no interval."""
    return 1 if abs(value) < 100 else 0


def number(value: float, places: int, *, signed: bool = False, language: Language = ENGLISH) -> str:
    """A rounded number with thousands separators; negative `places` round to tens, hundreds, ..."""
    rounded = round(value, places)
    text = language.figure(f"{abs(rounded):,.{max(places, 0)}f}")
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def interval(low: float, high: float, unit: str, *, effect: bool, language: Language = ENGLISH) -> str:
    """`low to high`, in the unit's scale but without its name."""
    factor = scale(unit, effect=effect).factor
    low, high = low * factor, high * factor
    places = decimals(low, high)
    ends = [number(end, places, signed=effect, language=language) for end in (low, high)]
    return language("{low} to {high}", low=ends[0], high=ends[1])


def summary_text(
    summary: Summary, unit: str, *, effect: bool, show_unit: bool = True, language: Language = ENGLISH
) -> str:
    """A scalar summary as `mean unit (low to high)`; says so where there is no interval or no value."""
    mean, low, high = (float(part) for part in summary[:3])
    if not math.isfinite(mean):
        return language("not defined")
    way = scale(unit, effect=effect)
    after = _after(way.unit, language) if show_unit else ""
    if not math.isfinite(low):
        value = mean * way.factor
        told = number(value, alone(value), signed=effect, language=language)
        return f"{told}{after} ({language(NO_INTERVAL)})"
    places = decimals(low * way.factor, high * way.factor)
    told = number(mean * way.factor, places, signed=effect, language=language)
    return f"{told}{after} ({interval(low, high, unit, effect=effect, language=language)})"


def finding(
    summary: Summary, outcome: str, year: int, scenario: str, baseline: str, language: Language = ENGLISH
) -> str:
    """What is known of one effect in a year; it claims an effect only where the interval excludes zero."""
    sure: Sureness = summary.sureness
    unit = OUTCOMES[outcome].unit
    names: dict[str, object] = {"year": year, "scenario": scenario, "baseline": baseline}
    if sure == Sureness.UNDEFINED:
        return language("{year}: not defined under {scenario} or {baseline}.", **names)
    if sure == Sureness.NO_DIFFERENCE:
        return language("{year}: exactly the same as under {baseline} in every run.", **names)
    if sure == Sureness.ONE_RUN:
        value = summary_text(summary, unit, effect=True, language=language)
        return language(
            "{year}: a difference of {value}, which a single run can't tell from chance.", **names, value=value
        )
    if not distinguishable(sure):
        ends = interval(float(summary.low), float(summary.high), unit, effect=True, language=language)
        ends += _after(scale(unit, effect=True).unit, language)
        return language(
            "{year}: we can't tell whether it differs; the 90% interval, {ends}, includes zero.", **names, ends=ends
        )
    value = summary_text(summary, unit, effect=True, language=language).replace("(", language("(90% interval") + " ", 1)
    sentence = {
        (Sureness.LIKELY, True): "{year}: likely higher than under {baseline}, {value}.",
        (Sureness.LIKELY, False): "{year}: likely lower than under {baseline}, {value}.",
        (Sureness.VERY_LIKELY, True): "{year}: very likely higher than under {baseline}, {value}.",
        (Sureness.VERY_LIKELY, False): "{year}: very likely lower than under {baseline}, {value}.",
    }[sure, float(summary.mean) > 0]
    return language(sentence, **names, value=value)


def _after(unit: str, language: Language) -> str:
    return "%" if unit == "%" else f" {language(unit)}"
