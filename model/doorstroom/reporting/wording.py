"""Numbers and findings in words. A number never comes without its interval, an effect never without being sure."""

from __future__ import annotations

import math
from typing import NamedTuple

from doorstroom.outcomes import OUTCOMES
from doorstroom.study.effects import Summary, Sureness, distinguishable

MINUS = "\u2212"  # the minus sign; a hyphen would break at the end of a line
NO_INTERVAL = "one run, no interval"


class Scale(NamedTuple):
    """How a unit is written: values times `factor`, then `unit`."""

    factor: float
    unit: str
    axis: str


def scale(unit: str, *, effect: bool, size: float = 0.0) -> Scale:
    """The way to write values of a unit; `size` is the largest absolute value that will be written."""
    if unit == "share":
        return Scale(100, "percentage points", "percentage points") if effect else Scale(100, "%", "%")
    if unit == "euro":
        return Scale(1e-6, "million euro", "million euro") if size >= 1e6 else Scale(1, "euro", "euro")
    return Scale(1, unit, unit)


def decimals(low: float, high: float) -> int:
    """Decimals (negative: powers of ten) that leave two significant digits in the width of an interval."""
    width = abs(high - low)
    if not math.isfinite(width) or width == 0:
        return 0 if not math.isfinite(low) or abs(low) >= 100 or low == 0 else 2
    return max(-9, min(4, 1 - math.floor(math.log10(width))))


def number(value: float, places: int, *, signed: bool = False) -> str:
    """A rounded number with thousands separators; negative `places` round to tens, hundreds, ..."""
    rounded = round(value, places)
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def with_interval(mean: float, low: float, high: float, unit: str, *, effect: bool, show_unit: bool = True) -> str:
    """`mean (low to high) unit`; says so where there is no interval or no value."""
    if not math.isfinite(mean):
        return "not defined"
    way = scale(unit, effect=effect, size=max(abs(x) for x in (mean, low, high) if math.isfinite(x)))
    after = f"{'' if way.unit == '%' else ' '}{way.unit}" if show_unit else ""
    mean, low, high = (x * way.factor for x in (mean, low, high))
    places = decimals(low, high)
    if not math.isfinite(low):
        return f"{number(mean, 1 if abs(mean) < 100 else 0, signed=effect)}{after} ({NO_INTERVAL})"
    ends = f"{number(low, places, signed=effect)} to {number(high, places, signed=effect)}"
    return f"{number(mean, places, signed=effect)}{after} ({ends})"


def summary_text(summary: Summary, unit: str, *, effect: bool, show_unit: bool = True) -> str:
    """A scalar summary as text with its interval."""
    return with_interval(
        float(summary.mean), float(summary.low), float(summary.high), unit, effect=effect, show_unit=show_unit
    )


def finding(summary: Summary, outcome: str, year: int, scenario: str, baseline: str) -> str:
    """What is known of one effect in a year; it claims an effect only where the interval excludes zero."""
    sure: Sureness = summary.sureness
    unit = OUTCOMES[outcome].unit
    if sure == Sureness.UNDEFINED:
        return f"{year}: not defined under {scenario} or {baseline}."
    if sure == Sureness.NO_DIFFERENCE:
        return f"{year}: exactly the same as under {baseline} in every run."
    value = summary_text(summary, unit, effect=True)
    if sure == Sureness.ONE_RUN:
        return f"{year}: a difference of {value}, which a single run can't tell from chance."
    if not distinguishable(sure):
        return f"{year}: we can't tell whether it differs; {_interval_alone(summary, unit)}."
    word = "higher" if float(summary.mean) > 0 else "lower"
    return f"{year}: {sure} {word} than under {baseline}, {value.replace('(', '(90% interval ', 1)}."


def _interval_alone(summary: Summary, unit: str) -> str:
    low, high = float(summary.low), float(summary.high)
    way = scale(unit, effect=True, size=max(abs(low), abs(high)))
    low, high = low * way.factor, high * way.factor
    places = decimals(low, high)
    ends = f"{number(low, places, signed=True)} to {number(high, places, signed=True)} {way.unit}"
    return f"the 90% interval, {ends}, includes zero"
