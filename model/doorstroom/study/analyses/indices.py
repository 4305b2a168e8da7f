"""The indices of the study's own method, at every size of the sample, and whether they have converged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from doorstroom.study.analyses.base import Analysis
from doorstroom.study.factors import DUMMY
from doorstroom.study.looks import Looks, look, tidy
from doorstroom.study.results import Results

_TOLERANCE = 1e-9


def indices(results: Results) -> Analysis | None:
    """Indices and convergence; None where the method has no indices of its own."""
    method = results.file.method
    if not method.main:
        return None
    looks = look(results)
    table = tidy(looks)
    last = table[table["size"] == table.groupby(["kind", "outcome", "scenario"])["size"].transform("max")]
    settings = {
        **{key: value for key, value in method.model_dump().items() if key != "name"},
        "groups": ", ".join(dict.fromkeys(results.factors.groups.values())) or "none",
        "sizes looked at": ", ".join(map(str, results.sizes)),
        "stop rule": f"width {results.file.stop.width:g} for the {results.file.stop.matter} largest, ranks stable over "
        f"{results.file.stop.doublings} doublings",
        "reference": method.reference,
    }
    statement = (
        f"{method.title}. {method.statement()} An inert dummy factor was part of the design. Responses are means over "
        f"{results.file.seeds} seed{'s' if results.file.seeds > 1 else ''}, which all points share."
    )
    return Analysis(
        "indices",
        method.title,
        {"indices": last.drop(columns="size").reset_index(drop=True), "looks": table, "convergence": _verdicts(looks)},
        statement,
        settings,
        tuple(_warnings(looks, last, method.main)),
    )


def _verdicts(looks: Looks) -> pd.DataFrame:
    rows = [
        {
            **response._asdict(),
            "converged": "yes" if verdict.converged else "no",
            "reason": verdict.reason,
            "width": verdict.width,
            "ranks stable": {True: "yes", False: "no", None: "unknown"}[verdict.stable],
            "matter most": ", ".join(verdict.factors),
            "blocks dropped": looks.dropped[response],
        }
        for response, verdict in looks.verdicts.items()
    ]
    return pd.DataFrame(rows)


def _warnings(looks: Looks, last: pd.DataFrame, main: str) -> list[str]:
    told = [
        f"{response}: not converged ({verdict.reason})."
        for response, verdict in looks.verdicts.items()
        if not verdict.converged and not verdict.constant
    ]
    told += [f"{response}: {verdict.reason}." for response, verdict in looks.verdicts.items() if verdict.constant]
    told += [
        f"{response}: {blocks} block(s) of the design were left out because a run in them failed or had no value."
        for response, blocks in looks.dropped.items()
        if blocks
    ]
    inert = last[(last["factor"] == DUMMY) & (last["measure"].isin(["S1", "ST", main])) & (last["with"] == "")]
    for row in inert.itertuples():
        low = row.low if np.isfinite(row.low) else row.value
        if low > _TOLERANCE:
            told.append(
                f"{row.kind} of {row.outcome}, {row.scenario}: the {row.measure} of the inert dummy is {row.value:.3g} "
                f"({row.low:.3g} to {row.high:.3g}) and does not include zero; no factor whose {row.measure} is not "
                "above it can be told from inert."
            )
    return told
