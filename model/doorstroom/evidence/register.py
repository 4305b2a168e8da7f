"""A register of projections: frozen before the figures come, scored when they do, misses included.

An entry is a CSV file under results/register/: a first line (a comment) with date, study, code, inputs and the SHA-256
of the rows, then one row per outcome, group, region and year with twenty equally likely values (the quantiles at 2.5%,
7.5%, ..., 97.5% of the runs). An entry is never written over, and one whose rows were changed is refused.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.errors import StoreError, explain
from doorstroom.evidence.forecasts import MODEL, Case, rows, size_of
from doorstroom.evidence.hindcast import kind_of
from doorstroom.evidence.scores import Observation
from doorstroom.experiment.results import Results
from doorstroom.experiment.sealed import read_sealed, seal, sealed
from doorstroom.experiment.whole_files import atomic, made
from doorstroom.outcomes import COUNTRY, OUTCOMES, SERIES, TOTAL

FOLDER: Final = Path("results") / "register"
SECTIONS: Final = ("enrolment", "teachers", "offer")
"""Sections of the dictionary of outcomes that official figures come for."""
REGIONAL: Final = ("vmbo_technique_pupils", "vmbo_technique_share", "vmbo_exam_technique", "vmbo_exam_technique_share")
"""Outcomes that are frozen by region too."""

_LEVELS: Final = (np.arange(20) + 0.5) / 20
_MEMBERS: Final = tuple(f"q{level * 1000:03.0f}" for level in _LEVELS)
_MARK: Final = "# doorstroom projection "
_FEWEST: Final = 20


class Entry(NamedTuple):
    """A frozen projection."""

    path: Path
    about: dict[str, Any]
    table: pd.DataFrame


def register(study: Path, name: str, folder: Path = FOLDER, label: str | None = None) -> Path:
    """Freeze the projection of one scenario of a finished study, by default its baseline; returns the entry.

    Raises
    ------
    StoreError
        When the study has too few runs for intervals, or an entry of that name and content is there already.
    """
    comparison = Results.open(study)
    if comparison.runs < _FEWEST:
        found = f"{comparison.runs} runs"
        raise StoreError(
            explain(study, "runs", found, f"at least {_FEWEST} runs: a projection is frozen with intervals")
        )
    label = label or comparison.baseline
    if label not in comparison.labels:
        raise StoreError(explain(study, "scenario", label, ", ".join(comparison.labels), comparison.labels))
    body = _rows(comparison, label).to_csv(index=False, float_format="%.5g", lineterminator="\n")
    manifest = comparison.manifest
    digest = seal(body)
    about = {
        "name": name,
        "registered": datetime.now(UTC).date().isoformat(),
        "scenario": label,
        "study": manifest.study,
        "command": manifest.command,
        "code": manifest.code,
        "commit": manifest.commit,
        "inputs": manifest.inputs,
        "runs": comparison.runs,
        "fraction": manifest.fraction,
        "sha256": digest,
    }
    plain = re.sub(r"[^\w-]+", "_", name)
    path = folder / f"{about['registered']}-{plain}-{digest[:8]}.csv"
    if path.exists():
        raise StoreError(f"{path}: this projection is registered already; an entry is never written over")
    made(folder)
    with atomic(path) as file:
        file.write(sealed(_MARK, about, body))
    return path


def load(path: Path) -> Entry:
    """Read an entry; StoreError when it isn't one, or was changed since."""
    changed = "was changed after it was registered; restore it: a changed forecast can't be scored"
    about, body = read_sealed(path, _MARK, StoreError, "an entry of the register", changed)
    kinds = {"outcome": str, "group": str, "region": "int64", "year": "int64", **dict.fromkeys(_MEMBERS, "float64")}
    try:
        table = pd.read_csv(io.StringIO(body), keep_default_na=False, dtype=kinds, usecols=list(kinds))
    except (ValueError, OverflowError) as error:
        raise StoreError(explain(path, "rows", str(error).strip(), f"the columns {', '.join(kinds)}")) from error
    unknown = ~table["outcome"].isin(list(OUTCOMES))
    if unknown.any():
        found = table.loc[unknown, "outcome"].iloc[0]
        raise StoreError(explain(path, "outcome", found, "an outcome of docs/outcomes.md", OUTCOMES))
    lacking = [key for key in ("scenario", "registered") if not isinstance(about.get(key), str)]
    if lacking:
        raise StoreError(explain(path, f"line 1, {lacking[0]}", about.get(lacking[0]), "text"))
    return Entry(path, about, table)


def entries(folder: Path = FOLDER) -> list[Entry]:
    """All entries, the oldest first."""
    found = [load(path) for path in sorted(folder.glob("*.csv"))]
    if not found:
        raise StoreError(f"{folder}: no projection is registered here; make one with `doorstroom register STUDY`")
    return found


def scored(entry: Entry, observed: pd.DataFrame) -> pd.DataFrame:
    """Rows of `forecasts` for every observed figure that the entry has; empty where it has none."""
    keys = ["outcome", "group", "region", "year"]
    both = observed.merge(entry.table, on=keys)
    made: list[dict[str, Any]] = []
    start = int(entry.table["year"].min())
    for (outcome, group, region), part in both.groupby(keys[:3], sort=False):
        usual = size_of(part["value"].to_numpy(), OUTCOMES[str(outcome)].unit == "share")
        for figure in part.to_dict("records"):
            kind = kind_of(str(outcome), str(group), int(region))
            case = Case(kind, str(outcome), str(group), int(region), start, int(figure["year"]))
            members = np.array([figure[name] for name in _MEMBERS])
            seen = Observation(figure["value"], figure["low"], figure["high"])
            made += rows(case, seen, usual, {MODEL: members})
    return pd.DataFrame(made)


def _rows(comparison: Results, label: str) -> pd.DataFrame:
    national = [one for one in SERIES if OUTCOMES[one[0]].section in SECTIONS]
    regional = [(outcome, TOTAL) for outcome in REGIONAL]
    regions = [entry.region for entry in comparison.manifest.regions]
    panels = comparison.panels((national, [COUNTRY]), (regional, regions), labels=[label])
    parts: list[pd.DataFrame] = []
    for panel in panels:
        for series in panel.series:
            level = panel.level(label, series)
            flow = OUTCOMES[series[0]].flow
            for at, region in enumerate(panel.regions):
                members = np.quantile(level[:, :, at], _LEVELS, axis=0, method="hazen").T
                part = pd.DataFrame(members, columns=list(_MEMBERS))
                part.insert(0, "year", comparison.years)
                part.insert(0, "region", region)
                part.insert(0, "group", series[1])
                part.insert(0, "outcome", series[0])
                parts.append(part.iloc[1:] if flow else part)
    return pd.concat(parts, ignore_index=True).dropna()


def misses(table: pd.DataFrame) -> Sequence[dict[str, Any]]:
    """The figures that fell outside the 90% interval, the farthest first."""
    if table.empty:
        return []
    return table[~table["in90"]].sort_values("crps", ascending=False).to_dict("records")
