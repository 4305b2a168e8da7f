"""Looks: the indices of every response at every size of the sample, and whether they have converged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from doorstroom.experiment.convergence import Verdict, judge
from doorstroom.experiment.design.base import COLUMNS
from doorstroom.experiment.results import Response, Results


class Looks(NamedTuple):
    """Indices per response and size, and a verdict per response.

    `dropped` says how many blocks of the design were left out because a run in them failed or had no value.
    """

    indices: Mapping[Response, Mapping[int, pd.DataFrame]]
    verdicts: Mapping[Response, Verdict]
    dropped: Mapping[Response, int]

    @property
    def converged(self) -> bool:
        """Whether all responses that vary have."""
        return all(verdict.converged or verdict.constant for verdict in self.verdicts.values())


def look(results: Results) -> Looks:
    """Look at the indices of the study's own method."""
    method, factors = results.file.method, results.factors
    indices: dict[Response, dict[int, pd.DataFrame]] = {}
    dropped = {}
    for response in results.responses():
        y = results.response(response)
        whole = results.whole(y)
        dropped[response] = results.blocks - len(set(results.design.block[whole].tolist()))
        indices[response] = {}
        for size in results.sizes:
            points = results.whole(y, size)
            if points.any():
                indices[response][size] = method.indices(factors, results.design.keep(points), y[points])
    verdicts = {}
    if method.converges:
        for response, tables in indices.items():
            mains = [table[table["measure"] == method.main] for table in tables.values()]
            verdicts[response] = judge(mains, results.file.stop, absolute=method.absolute)
    return Looks(indices, verdicts, dropped)


def tidy(looks: Looks) -> pd.DataFrame:
    """All indices as one table: response, size, then the columns of a table of indices."""
    parts = [
        table.assign(kind=response.kind, outcome=response.outcome, scenario=response.scenario, size=size)
        for response, tables in looks.indices.items()
        for size, table in tables.items()
    ]
    columns = ["kind", "outcome", "scenario", "size", *COLUMNS]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
