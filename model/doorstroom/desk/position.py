"""A position of the levers as a scenario: what its file changes in the present policy, and the money that follows.

Amounts are whole euro, so that the page, a file and the model have the same. A position at the present policy changes
nothing at all: its scenario is the present policy.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from doorstroom.desk.levers import KEYS, PRESENT, SPLIT, Array, Position, whole
from doorstroom.scenario import Scenario, Scheme

STO: Final = ("sto_2025", "sto_2025_poor")
"""The schemes of STO that run now, and the one of them for technique-poor regions."""
SUPPORT: Final = "support_team"
NATIONAL: Final = "ngf_national"
REGIONAL: Final = ("ngf_regional_1", "ngf_regional_2")
FIRST: Final = 2026
"""First year whose money can be moved."""
LATER: Final = 2029
"""First year of what comes after the regulation of STO."""
LAST: Final = 2040
RECESSION: Final = {2026: -0.03, 2027: -0.03, 2028: -0.02, 2029: 0.02, 2030: 0.01, 2031: 0.01}
IN_BUILDING: Final = {2026: -0.02, 2027: -0.02, 2028: -0.02, 2029: 0.01, 2030: 0.01, 2031: 0.01}
BOOM: Final = range(2026, 2031)
_SMALLEST: Final = 10_000
"""Below it an amount in a scenario file is taken for a slip."""


def euro(amount: float) -> float:
    """A whole number of euro; nothing where it is less than a scenario may pay."""
    whole_euro = math.floor(amount + 0.5)
    return float(whole_euro) if whole_euro >= _SMALLEST else 0.0


def settled(position: Position) -> dict[str, float]:
    """The position with every lever, and with two that mean the same in one way: a gap right at the end is the end."""
    at = whole(position)
    if at["sto_gap"] and at["sto_end"] == LATER:
        at["sto_end"] = LATER - 1.0
    if at["sto_end"] < LATER:
        at["sto_gap"] = 0.0
    return at


def changes(position: Position, policy: Scenario) -> dict[str, Any]:
    """What a scenario file of the position says besides its texts and its parent."""
    at = settled(position)
    schemes: dict[str, dict[str, Any]] = {}
    for name, said in (*_sto(at, policy).items(), *_ngf(at, policy).items()):
        if said:
            schemes.setdefault(name, {}).update(said)
    context = _context(at)
    return {**({"schemes": schemes} if schemes else {}), **({"context": context} if context else {})}


def scenario_of(position: Position, policy: Scenario, name: str = "desk") -> Scenario:
    """The scenario of a position."""
    said = changes(position, policy)
    return policy.with_(name, **said) if said else policy.model_copy(update={"name": name, "title": name})


def sto_amounts(at: Position, policy: Scenario) -> dict[str, tuple[float, float]]:
    """Euro a year per scheme of STO in 2026-2028 and after."""
    now = [policy.schemes[name].paid(LATER - 1) for name in STO]
    total = sum(now)
    poor = now[1] / total + at["sto_poor"]
    amounts: dict[str, list[float]] = {name: [] for name in STO}
    for key in ("sto_near", "sto_later"):
        for name, part in zip(STO, (1.0 - poor, poor), strict=True):
            amounts[name].append(euro(at[key] * total * part))
    return {name: (near, later) for name, (near, later) in amounts.items()}


def _sto(at: Position, policy: Scenario) -> dict[str, dict[str, Any]]:
    said: dict[str, dict[str, Any]] = {name: {} for name in (*STO, SUPPORT)}
    if any(at[key] != PRESENT[key] for key in ("sto_near", "sto_later", "sto_poor")):
        for name, (near, later) in sto_amounts(at, policy).items():
            said[name] |= _amounts(policy.schemes[name], near, later)
    _endings(at, said)
    if at["sto_indexed"]:
        for name in STO:
            said[name]["indexed"] = True
    if at["sto_division"]:
        said[STO[0]]["division"] = ("fixed_shares", "per_technique_pupil", "need_weighted")[int(at["sto_division"])]
    if at["sto_scope"]:
        for name in STO:
            said[name]["scope"] = "hard_technique"
    if any(at[key] != PRESENT[key] for key in SPLIT):
        for name in STO:
            said[name]["activities"] = split(at, policy)
    return said


def _amounts(scheme: Scheme, near: float, later: float) -> dict[str, Any]:
    """A budget that both periods fit in, and which part of it each gets."""
    most = max(near, later)
    budget = {str(year): scheme.paid(year) for year in range(scheme.first_year, FIRST)}
    budget |= {str(year): most for year in range(FIRST, LATER)}
    part = {str(year): near / most for year in range(FIRST, LATER)} if near < most else {}
    return {"budget": budget, "after": later / most if most else 0.0, **({"granted": part} if part else {})}


def _endings(at: Position, said: dict[str, dict[str, Any]]) -> None:
    """No structural phase, or years without money in it."""
    stopped = [LATER] if at["sto_gap"] else []
    stopped += range(int(at["sto_end"]) + 1, LAST + 1)
    if at["sto_end"] < LATER:
        for name in (*STO, SUPPORT):
            said[name]["after"] = 0.0
    elif stopped:
        for name in (*STO, SUPPORT):
            if said[name].get("after", 1.0) > 0.0:
                said[name]["gap_years"] = stopped


def split(at: Position, policy: Scenario) -> dict[str, float]:
    """Share of STO per activity: what the three levers leave is divided as it is now."""
    now = policy.schemes[STO[0]].activities
    named = dict(zip(("teachers", "equipment", "orientation"), (at[key] for key in SPLIT), strict=True))
    others = {name: part for name, part in now.items() if name not in named}
    rest, usual = 1.0 - sum(named.values()), sum(others.values())
    return {name: named[name] if name in named else rest * part / usual for name, part in now.items()}


def ngf_amounts(at: Position, policy: Scenario) -> dict[str, dict[int, float]]:
    """Euro per scheme of NGF and year from 2026 on, before the condition and as reserved until 2032."""
    amounts: dict[str, dict[int, float]] = {name: {} for name in (NATIONAL, *REGIONAL)}
    line = policy.schemes[NATIONAL]
    for name in REGIONAL:
        scheme = policy.schemes[name]
        for year in range(max(scheme.first_year, FIRST), scheme.last_year + 1):
            national, regional = line.paid(year), scheme.paid(year)
            moved = at["ngf_national"] * (national + regional)
            amounts[NATIONAL][year] = euro(at["ngf"] * (national + moved))
            amounts[name][year] = euro(at["ngf"] * (regional - moved))
    return amounts


def _ngf(at: Position, policy: Scenario) -> dict[str, dict[str, Any]]:
    said: dict[str, dict[str, Any]] = {name: {} for name in (NATIONAL, *REGIONAL)}
    moved = any(at[key] != PRESENT[key] for key in ("ngf", "ngf_national"))
    for name, amounts in ngf_amounts(at, policy).items():
        scheme = policy.schemes[name]
        if moved:
            before = {str(year): scheme.paid(year) for year in range(scheme.first_year, FIRST)}
            said[name]["budget"] = before | {str(year): amount for year, amount in amounts.items()}
        conditional = [year for year in amounts if scheme.conditional(year)]
        if not (at["ngf_conditional"] or at["ngf_after"]):
            said[name]["release"] = "no"
        elif at["ngf_conditional"] < 1.0 and conditional:
            said[name]["granted"] = {str(year): at["ngf_conditional"] for year in conditional}
        if at["ngf_after"] and name != REGIONAL[0]:
            said[name]["after"] = at["ngf_after"]
    return said


def _context(at: Position) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if at["pay"] != PRESENT["pay"]:
        said["teacher_pay"] = {str(FIRST): at["pay"]}
    if at["pupils"] != PRESENT["pupils"]:
        said["pupils"] = ("low", "middle", "high")[int(at["pupils"])]
    demand = {}
    if at["demand"] or at["recession"]:
        boom = {year: at["demand"] if year in BOOM else 0.0 for year in RECESSION}
        demand["all"] = {str(year): boom[year] + at["recession"] * fall for year, fall in RECESSION.items()}
    if at["recession"]:
        demand["bouw"] = {str(year): at["recession"] * fall for year, fall in IN_BUILDING.items()}
    return {**said, **({"demand": demand} if demand else {})}


class Money:
    """What the schemes pay per year, from the levers alone, before indexation.

    Each array is of the years FIRST..LAST. It is what the ministry offers: what regions are granted of it is less
    where partners bring too little or a review sets conditions.
    """

    def __init__(self, position: Position, policy: Scenario) -> None:
        scenario = scenario_of(position, policy)
        self.years = np.arange(FIRST, LAST + 1)
        self.schemes = {
            name: np.array([scheme.paid(year) for year in range(FIRST, LAST + 1)])
            for name, scheme in scenario.schemes.items()
        }
        self.sto: Array = sum((self.schemes[name] for name in STO), np.zeros(len(self.years)))
        self.support: Array = self.schemes[SUPPORT]
        self.poor: Array = self.schemes[STO[1]]
        self.national: Array = self.schemes[NATIONAL]
        self.regional: Array = sum((self.schemes[name] for name in REGIONAL), np.zeros(len(self.years)))
        self.indexed = bool(whole(position)["sto_indexed"])

    def total(self, prices: Array | None = None) -> Array:
        """Euro a year of all schemes; `prices` is the level of each year relative to the first of STO's regulation."""
        index = prices if self.indexed and prices is not None else np.ones(len(self.years))
        others = sum((paid for name, paid in self.schemes.items() if name not in STO), np.zeros(len(self.years)))
        return np.asarray(others + self.sto * index)


def moved(position: Position) -> list[str]:
    """Levers that aren't where the present policy has them."""
    at = settled(position)
    return [key for key in KEYS if at[key] != PRESENT[key]]
