"""The indices of the study's own method, at every size of the sample, and whether they have converged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from doorstroom.experiment.analyses.base import Analysis, Told
from doorstroom.experiment.analyses.variance import luck_between_points
from doorstroom.experiment.convergence_checks import Looks, look, tidy
from doorstroom.experiment.factors import DUMMY
from doorstroom.experiment.results import Response, Results

_TOLERANCE = 1e-9
_MUCH_LUCK = 0.05


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
        **(_rule(results) if method.converges else {}),
        "reference": method.reference,
    }
    statement = (
        f"{method.title}. {method.statement()} An inert dummy factor was part of the design. Responses are means over "
        f"{results.file.seeds} seed{'s' if results.file.seeds > 1 else ''}, which the points of a block share."
    )
    tables = {"indices": last.drop(columns="size").reset_index(drop=True)}
    if method.converges:
        tables |= {"looks": table, "convergence": _verdicts(looks)}
    return Analysis(
        "indices",
        method.title,
        tables,
        statement,
        settings,
        (*_warnings(looks, last, method.main), *_luck(results)),
        ("indices", *(("convergence",) if method.converges else ())),
    )


def _luck(results: Results) -> tuple[str, ...]:
    """What is known of the luck that indices take for interaction."""
    if results.file.seeds < 2:
        return ("There is one seed, so it is not known how much of what the indices explain is luck; two seeds tell.",)
    told = Told()
    for response in results.responses():
        y = results.response(response)
        share = (
            luck_between_points(y[results.whole(y)], results.design.block[results.whole(y)])
            if results.whole(y).any()
            else 0.0
        )
        if share > _MUCH_LUCK:
            told.add(
                response,
                f"{share:.0%} of what the indices explain is luck that differs between points and looks like "
                "interaction; more seeds or a larger part of the population makes it less.",
            )
    return told.all()


def _rule(results: Results) -> dict[str, str]:
    stop = results.file.stop
    rule = f"width {stop.width:g} for the {stop.matter} largest, ranks stable over {stop.doublings} doublings"
    return {"sizes looked at": ", ".join(map(str, results.sizes)), "stop rule": rule}


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


def _warnings(looks: Looks, last: pd.DataFrame, main: str) -> tuple[str, ...]:
    told = Told()
    for response, verdict in looks.verdicts.items():
        if verdict.constant:
            told.add(response, f"{verdict.reason}.")
        elif not verdict.converged:
            told.add(response, f"not converged ({verdict.reason}).")
    for response, blocks in looks.dropped.items():
        if blocks:
            told.add(response, f"{blocks} block(s) of the design left out, where a run failed or had no value.")
    inert = last[(last["factor"] == DUMMY) & (last["measure"].isin(["S1", "ST", main])) & (last["with"] == "")]
    for row in inert.itertuples():
        low = row.low if np.isfinite(row.low) else row.value
        if low > _TOLERANCE:
            told.add(
                Response(row.kind, row.outcome, row.scenario),
                f"the {row.measure} of the inert dummy is {row.value:.3g} ({row.low:.3g} to {row.high:.3g}) and does "
                f"not include zero; no factor whose {row.measure} is not above it can be told from inert.",
            )
    return told.all()
