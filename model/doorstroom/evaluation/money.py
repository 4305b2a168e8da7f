"""Designs as scenarios: the money of the next regulation, given to groups of regions as an assignment says.

Until the first year everything is as in the scenario that the file names. From then on the schemes that the file
names are replaced by one scheme per group of regions with the same dose and start; their amounts are those groups'
shares of the same budget, times 1 + dose where amounts differ, so that a lot moves money but asks for no more of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from doorstroom.evaluation.assignment import NEVER, Assignment, Kind
from doorstroom.scenario import Scenario, Scheme

Array = NDArray[np.float64]


def without(scenario: Scenario, schemes: Sequence[str], first: int, name: str) -> Scenario:
    """A scenario in which these schemes pay nothing from `first` on."""
    kept = {key: scheme for key, scheme in scenario.schemes.items() if key not in schemes}
    ended = {key: shorter for key in schemes if (shorter := _until(scenario.schemes[key], first)) is not None}
    return scenario.model_copy(update={"name": name, "title": name, "schemes": {**kept, **ended}})


def designed(
    scenario: Scenario,
    schemes: Sequence[str],
    first: int,
    regions: Sequence[str],
    weight: Array,
    poor: NDArray[np.bool_],
    kind: Kind,
    assignment: Assignment,
    activities: Mapping[str, float],
    name: str,
) -> Scenario:
    """The scenario of one assignment.

    Parameters
    ----------
    regions, weight : names of the regions and the weights by which fixed shares divide the money, shape (regions,)
    poor : which regions count as technique-poor, shape (regions,)
    activities : of a split by lot, the split of those who get another one
    """
    base = without(scenario, schemes, first, name)
    groups = {
        f"{key}_{number}": group
        for key in schemes
        for number, group in enumerate(
            _groups(scenario.schemes[key], first, regions, weight, poor, kind, assignment, activities), 1
        )
    }
    return base.model_copy(update={"schemes": {**base.schemes, **groups}})


def _until(scheme: Scheme, first: int) -> Scheme | None:
    """A scheme that stops before `first`; None where it would not have begun."""
    if scheme.first_year >= first:
        return None
    if scheme.last_year < first:
        return scheme.model_copy(update={"after": 0.0})
    budget = scheme.budget
    if isinstance(budget, Mapping):
        budget = {year: amount for year, amount in budget.items() if year < first}
    return scheme.model_copy(update={"last_year": first - 1, "after": 0.0, "budget": budget})


def _groups(
    scheme: Scheme,
    first: int,
    regions: Sequence[str],
    weight: Array,
    poor: NDArray[np.bool_],
    kind: Kind,
    assignment: Assignment,
    activities: Mapping[str, float],
) -> Iterator[Scheme]:
    named = {"all": np.ones(len(regions), bool), "technique_poor": poor}
    served = named[scheme.regions] if isinstance(scheme.regions, str) else np.isin(regions, list(scheme.regions))
    paid = scheme.total(first)
    if not paid:
        return
    equal = scheme.division == "equal"
    part = np.where(served, 1.0 if equal else weight, 0.0)
    part = part / part.sum()
    keys = np.stack([assignment.start.astype(float), assignment.dose])
    for start, dose in np.unique(keys[:, served], axis=1).T:
        members = served & (keys[0] == start) & (keys[1] == dose)
        if start == NEVER:
            continue
        factor = 1.0 + dose if kind == "amounts" else 1.0
        yield scheme.model_copy(
            update={
                "first_year": int(start),
                "last_year": int(start) + 3,
                "after": 1.0,
                "budget": float(paid * part[members].sum() * factor),
                "regions": tuple(np.asarray(regions)[members].tolist()),
                "division": "equal" if equal else "fixed_shares",
                "review_years": (int(start) + 2,),
                "announced": None,
                "gap_years": (),
                "spend_until": None,
                "activities": dict(activities) if kind == "split" and dose == 1.0 else scheme.activities,
            }
        )
