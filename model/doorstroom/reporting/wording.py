"""Numbers and findings in words. A number never comes without its interval, a direction never without how sure it is.

How sure, by the probability of the direction (`doorstroom.experiment.effects.sureness`):

======================  ========================================================================
words                   when
======================  ========================================================================
virtually certain       99% and more
very likely             90% and more
likely                  66% and more
could go either way     none of these
======================  ========================================================================

How large, by the interval against the smallest difference that matters (`experiment.effects.sizes`): too small
to matter, at most, at least. And three that are not about probability: can't differ yet, too small to see with this
many people modelled, not enough runs to say. "Exactly the same" is said of a scenario that is the same. "Certain" and
"proven" are never said. The number in the middle is the median of the runs. Rounding leaves two significant digits in
the width of the interval: more would promise what the runs can't keep.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from doorstroom.experiment.effects import SCALE, Price, Size, Summary, Sureness
from doorstroom.reporting.language import ENGLISH, Language

MINUS = "\u2212"  # the minus sign; a hyphen would break at the end of a line
NO_INTERVAL = "one run, no interval"


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


def decimals(low: float, high: float, *, effect: bool = True) -> int:
    """Decimals (negative: powers of ten) that leave two significant digits in the width of an interval.

    The interval of an effect that excludes zero gets as many more as it takes for its nearer end not to read as zero.
    """
    width = abs(high - low)
    if not math.isfinite(width):
        return 0
    if width == 0:
        return 0 if abs(low) >= 100 or low == 0 else 2
    places = 1 - math.floor(math.log10(width))
    if effect and low * high > 0:
        places = max(places, -math.floor(math.log10(min(abs(low), abs(high)))))
    most = _DIGITS - 1 - math.floor(math.log10(max(abs(low), abs(high))))
    return max(-90, min(4, most, places))


_DIGITS: Final = 8
"""Significant digits that no number is told with more of, however narrow its interval."""


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
    places = decimals(low, high, effect=effect)
    ends = [number(end, places, signed=effect, language=language) for end in (low, high)]
    return language("{low} to {high}", low=ends[0], high=ends[1])


def summary_text(
    summary: Summary, unit: str, *, effect: bool, show_unit: bool = True, language: Language = ENGLISH
) -> str:
    """A scalar summary as `median unit (low to high)`; says so where there is no interval or no value."""
    middle, low, high = (float(part) for part in (summary.median, summary.low, summary.high))
    if not math.isfinite(middle):
        return language("not defined")
    way = scale(unit, effect=effect)
    if not math.isfinite(low):
        value = middle * way.factor
        told = number(value, alone(value), signed=effect, language=language)
        after = _after(told, way.unit, language) if show_unit else ""
        return f"{told}{after} ({language(NO_INTERVAL)})"
    places = decimals(low * way.factor, high * way.factor, effect=effect)
    told = number(middle * way.factor, places, signed=effect, language=language)
    after = _after(told, way.unit, language) if show_unit else ""
    return f"{told}{after} ({interval(low, high, unit, effect=effect, language=language)})"


def verdict(summary: Summary, unit: str, language: Language = ENGLISH) -> str:
    """What may be said of an effect, in a few words: direction with its chance, and the size."""
    sure: Sureness = summary.sureness
    if sure not in (*SCALE, Sureness.EITHER_WAY):
        return language(str(sure))
    if summary.size == Size.NO_MATTER and sure == Sureness.EITHER_WAY:
        return language(str(Size.NO_MATTER))
    if sure == Sureness.EITHER_WAY:
        way = scale(unit, effect=True)
        low, high = float(summary.low) * way.factor, float(summary.high) * way.factor
        places = decimals(low, high)
        parts = [
            f"{bound(abs(end), places, language)} {language(word)}"
            for word, end, told in zip(ways(unit), (low, high), (low < 0, high > 0), strict=True)
            if told
        ]
        ends_told = f" {language('or')} ".join(parts)
        return (
            language("could go either way, at most {ends}", ends=ends_told) if parts else language(Sureness.TOO_SMALL)
        )
    values = direction(summary, unit, language)
    if summary.size == Size.NO_MATTER:
        return language("{sure} {way}, but too small to matter", **values)
    if summary.size == Size.AT_LEAST:
        return language("{sure} {way}, at least {near} and at most {far}", **values)
    return language("{sure} {way}, at most {far}", **values)


def direction(summary: Summary, unit: str, language: Language = ENGLISH) -> dict[str, str]:
    """An effect that has a direction, in words: how `sure`, which `way`, the `near` and the `far` end of it."""
    way = scale(unit, effect=True)
    low, high = float(summary.low) * way.factor, float(summary.high) * way.factor
    places, up = decimals(low, high), float(summary.median) > 0
    low_told, high_told = (bound(abs(end), places, language) for end in (low, high))
    near, far = (low_told, high_told) if up else (high_told, low_told)
    sure = language(ADVERBS[summary.sureness])
    return {
        "sure": sure, "way": language(ways(unit)[up]), "near": near, "far": far + _after(far, way.unit, language),
    }  # fmt: skip


def bound(value: float, places: int, language: Language = ENGLISH) -> str:
    """An end of an interval that stands alone: two digits, but no more than the interval is told with."""
    fine = round(value * 10.0 ** (places + 1))
    if fine == 0:
        return number(0.0, max(places, 0), language=language)
    kept = min(places, places + 2 - len(str(fine)) + 1)
    step = 10 ** (places + 1 - kept)
    return number((fine + step // 2) // step * 10.0**-kept, kept, language=language)


ADVERBS: Final = {
    Sureness.VIRTUALLY_CERTAIN: "virtually certainly",
    Sureness.VERY_LIKELY: "very likely",
    Sureness.LIKELY: "likely",
}


def ways(unit: str) -> tuple[str, str]:
    """Words for down and up: things are fewer or more, money is less or more, shares are lower or higher."""
    if unit == "euro":
        return "less", "more"
    return ("fewer", "more") if unit in _THINGS else ("lower", "higher")


_THINGS: Final = (
    "pupils", "students", "diplomas", "persons", "FTE", "vacancies", "places", "locations", "profiles", "plans"
)  # fmt: skip


def price_text(price: Price, language: Language = ENGLISH) -> str:
    """Euro for each, as far as it is known: between two amounts, or no less than one; two digits of each."""
    low, _, high = (language.figure(f"{float(f'{end:.2g}'):,.0f}") if math.isfinite(end) else "" for end in price)
    if not low:
        return language("no price")
    if not high:
        return language("at least {low} euro", low=low)
    return language("from {low} to {high} euro", low=low, high=high)


def money_a_year(summary: Summary, language: Language = ENGLISH) -> str:
    """A difference in money a year, in million euro; one amount where it hardly varies over the runs."""
    middle, low, high = (float(part) / 1e6 for part in (summary.median, summary.low, summary.high))
    if not math.isfinite(low) or high - low < 0.005 * max(abs(low), abs(high)):
        amount = number(middle, alone(middle), signed=True, language=language)
        return language("{amount} million", amount=amount) if middle else language("the same money")
    ends = interval(low * 1e6, high * 1e6, "euro", effect=True, language=language)
    amount = number(middle, decimals(low, high), signed=True, language=language)
    return language("{amount} million", amount=f"{amount} ({ends})")


def finding(summary: Summary, unit: str, year: int, language: Language = ENGLISH) -> str:
    """What is known of one effect in a year: the verdict, then the median and the interval where there is one."""
    words = verdict(summary, unit, language)
    if summary.sureness not in (*SCALE, Sureness.EITHER_WAY, Sureness.TOO_FEW):
        return f"{year}: {words}."
    return f"{year}: {words}. {summary_text(summary, unit, effect=True, language=language)}."


ONE: Final = {
    "pupils": "pupil", "students": "student", "persons": "person", "diplomas": "diploma", "vacancies": "vacancy",
    "places": "place", "locations": "location", "profiles": "profile", "regions": "region", "years": "year",
    "plans": "plan", "points": "point", "percentage points": "percentage point",
}  # fmt: skip
"""Units by what a single one is called."""


def _after(told: str, unit: str, language: Language) -> str:
    """The unit behind a number, which it agrees with: 1 pupil, 2 pupils."""
    if unit == "%":
        return "%"
    return f" {language(ONE.get(unit, unit) if told.lstrip('+' + MINUS) == '1' else unit)}"
