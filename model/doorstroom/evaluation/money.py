"""Designs as scenarios: the money of the next regulation, given to groups of regions as an assignment says.

Until the first year everything is as in the scenario that the file names. From then on the schemes that the file
names are replaced by one scheme per group of regions with the same dose and start; their amounts are those groups'
shares of the same budget, times 1 + dose where amounts differ, so that a lot moves money but asks for no more of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from doorstroom.agents.ministry import TECHNIQUE_POOR_REGIONS
from doorstroom.evaluation.assignment import NEVER, Assignment
from doorstroom.evaluation.file import Design
from doorstroom.inputs.sets import Inputs
from doorstroom.scenario import Scenario, Scheme

Array = NDArray[np.float64]


class Money(NamedTuple):
    """The money that is given out, and those among whom.

    Attributes
    ----------
    scenario : that is in force until the first year
    schemes : those of it whose money is given out
    regions, weight : names of the regions and the weights by which fixed shares divide the money, shape (regions,)
    poor : which regions count as technique-poor, shape (regions,)
    """

    scenario: Scenario
    schemes: Sequence[str]
    regions: Sequence[str]
    weight: Array
    poor: NDArray[np.bool_]

    @classmethod
    def of(cls, scenario: Scenario, schemes: Sequence[str], inputs: Inputs) -> Money:
        """The money of a scenario, given out among the regions of an input set."""
        share = inputs.regions["technique_share"].to_numpy(np.float64)
        technique = inputs.regions["pupils_y3_vocational"].to_numpy(np.float64) * share
        poor = share <= np.sort(share)[TECHNIQUE_POOR_REGIONS - 1]
        return cls(scenario, schemes, inputs.regions["name"].tolist(), technique / technique.sum(), poor)

    def stopped(self, first: int, name: str, schemes: Sequence[str] | None = None) -> Scenario:
        """The scenario in which the schemes, or others of it, pay nothing from `first` on."""
        schemes, all_of_it = self.schemes if schemes is None else schemes, self.scenario.schemes
        kept = {key: scheme for key, scheme in all_of_it.items() if key not in schemes}
        ended = {key: shorter for key in schemes if (shorter := _until(all_of_it[key], first)) is not None}
        return self.scenario.model_copy(update={"name": name, "title": name, "schemes": {**kept, **ended}})

    def given(self, design: Design, assignment: Assignment, first: int, name: str) -> Scenario:
        """The scenario of one assignment."""
        base = self.stopped(first, name)
        groups = {
            f"{key}_{number}": group
            for key in self.schemes
            for number, group in enumerate(self._groups(self.scenario.schemes[key], design, assignment, first), 1)
        }
        return base.model_copy(update={"schemes": {**base.schemes, **groups}})

    def _groups(self, scheme: Scheme, design: Design, assignment: Assignment, first: int) -> Iterator[Scheme]:
        """A scheme for each group of regions that gets the same from the same year."""
        paid = scheme.total(first)
        if not paid:
            return
        regions = np.asarray(self.regions)
        named = {"all": np.ones(len(regions), bool), "technique_poor": self.poor}
        served = named[scheme.regions] if isinstance(scheme.regions, str) else np.isin(regions, list(scheme.regions))
        equal = scheme.division == "equal"
        part = np.where(served, 1.0 if equal else self.weight, 0.0)
        part = part / part.sum()
        keys = np.stack([assignment.start.astype(float), assignment.dose])
        for start, dose in np.unique(keys[:, served], axis=1).T:
            members = served & (keys[0] == start) & (keys[1] == dose)
            if start == NEVER:
                continue
            factor = 1.0 + dose if design.kind == "amounts" else 1.0
            other = design.kind == "split" and dose == 1.0
            yield scheme.model_copy(
                update={
                    "first_year": int(start),
                    "last_year": int(start) + 3,
                    "after": 1.0,
                    "budget": float(paid * part[members].sum() * factor),
                    "regions": tuple(regions[members].tolist()),
                    "division": "equal" if equal else "fixed_shares",
                    "review_years": (int(start) + 2,),
                    "announced": None,
                    "gap_years": (),
                    "spend_until": None,
                    "activities": dict(design.activities) if other else scheme.activities,
                }
            )


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
