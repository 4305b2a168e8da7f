"""The results of a study: what its runs say, kept in two tables that need neither the model nor its parameters.

`points.parquet` has one row per point of the design, `runs.parquet` one row per run. The second is
written when all runs are there, in the order of the plan, so it is the same bytes however the runs were made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy import stats

from doorstroom.errors import StoreError
from doorstroom.parameters import Draw
from doorstroom.study.effects import paired
from doorstroom.study.factors import Factors
from doorstroom.study.file import Kind, StudyFile
from doorstroom.study.methods.base import Design
from doorstroom.study.plan import Plan
from doorstroom.study.store import atomic
from doorstroom.study.study_manifest import StudyManifest
from doorstroom.study.table import no_larger

Floats = NDArray[np.float64]

POINTS: Final = "points.parquet"
RUNS: Final = "runs.parquet"

_COORDINATE: Final = "coordinate of "


class Response(NamedTuple):
    """One number per point and seed that factors are held responsible for."""

    kind: Kind
    outcome: str
    scenario: str

    def __str__(self) -> str:
        if self.kind == "level":
            return f"{self.outcome} under {self.scenario}"
        return f"{self.kind} of {self.scenario} {'on' if self.kind == 'effect' else 'by'} {self.outcome}"


@dataclass(frozen=True)
class Results:
    """What a study has found so far.

    Attributes
    ----------
    values : of the factors at every point, shape (points, parameters)
    readings : shape (points, seeds, structures, scenarios, outcomes), NaN where a run failed
    """

    manifest: StudyManifest
    design: Design
    values: Floats
    readings: Floats

    @property
    def file(self) -> StudyFile:
        """The study as it was asked."""
        return self.manifest.file

    @cached_property
    def factors(self) -> Factors:
        """What varied."""
        return Factors(self.manifest.priors, self.manifest.groups)

    @property
    def outcomes(self) -> list[str]:
        """Names of the outcomes, in the order of the last axis."""
        return list(self.file.outcomes)

    @property
    def labels(self) -> list[str]:
        """Scenarios, the baseline first."""
        return [scenario.label for scenario in self.manifest.scenarios]

    @property
    def blocks(self) -> int:
        """How many blocks of the design have been made."""
        return int(self.design.block[-1]) + 1

    @property
    def sizes(self) -> list[int]:
        """Numbers of blocks at which the study was looked at."""
        return [size for size in self.file.method.sizes if size <= self.blocks]

    def draw(self, point: int) -> Draw:
        """The parameter values at a point, as the model takes them."""
        if self.design.draws is not None:
            return int(self.design.draws[point])
        return dict(zip(self.factors.names, self.values[point].tolist(), strict=True))

    def responses(self) -> list[Response]:
        """All that the study asks about."""
        found = []
        for kind in self.file.responses:
            labels = self.labels[1:] if kind == "effect" else self.labels
            found += [Response(kind, outcome, label) for outcome in self.outcomes for label in labels]
        return found

    def level(self, outcome: str, structure: int = 0) -> Floats:
        """One outcome in all runs, shape (points, seeds, scenarios)."""
        return self.readings[:, :, structure, :, self.outcomes.index(outcome)]

    def response(self, response: Response, structure: int = 0) -> Floats:
        """A response at every point and seed, shape (points, seeds)."""
        level = self.level(response.outcome, structure)
        at = self.labels.index(response.scenario)
        if response.kind == "level":
            return level[..., at]
        if response.kind == "effect":
            return paired(level[..., at], level[..., 0])
        sign = -1.0 if self.file.outcomes[response.outcome].better == "more" else 1.0
        return np.asarray(stats.rankdata(sign * level, axis=-1, nan_policy="propagate"))[..., at]

    def sample(self) -> NDArray[np.bool_]:
        """Points that stand for the priors: a random sample of them, or the central values where they are all."""
        central = self.design.draws is not None and not self.design.independent.any()
        return np.ones(len(self.values), np.bool_) if central else self.design.independent

    def coordinates(self) -> Floats:
        """Values of the parameters and the dummy at every point, shape (points, columns)."""
        return np.column_stack([self.values, self.design.unit[:, -1]])

    def whole(self, y: Floats, blocks: int | None = None) -> NDArray[np.bool_]:
        """Points of the first blocks in which `y`, shape (points, seeds), has no empty cell."""
        empty = np.zeros(self.blocks, np.bool_)
        np.logical_or.at(empty, self.design.block, ~np.isfinite(y).all(axis=1))
        return ~empty[self.design.block] & (self.design.block < (self.blocks if blocks is None else blocks))

    def save(self, folder: Path, identities: Sequence[str]) -> None:
        """Write the table of runs; `identities` are theirs, in the order of the plan."""
        points, seeds, structures, labels, outcomes = self.readings.shape
        shape = (points, seeds, structures, labels)
        point, seed, structure, label = (axis.ravel() for axis in np.indices(shape))
        flat = self.readings.reshape(-1, outcomes)
        columns = {
            "run": pa.array(list(identities)),
            "point": pa.array(point.astype(np.int32)),
            "seed": pa.array((seed + 1).astype(np.int32)),
            "structure": _named(structure, self.manifest.structures),
            "scenario": _named(label, self.labels),
            **{name: pa.array(flat[:, at]) for at, name in enumerate(self.outcomes)},
        }
        with atomic(folder / RUNS) as file:
            _write(pa.table(columns), file, {"shape": json.dumps(self.readings.shape)})

    @classmethod
    def open(cls, folder: Path) -> Results:
        """The results in a study's folder.

        Raises
        ------
        StoreError
            When they are not there or can't be understood.
        """
        manifest = StudyManifest.load(folder)
        path = folder / RUNS
        if not path.exists():
            raise StoreError(
                f"{path}: not there, the study is not finished; go on with: doorstroom study resume {folder}"
            )
        try:
            table = _read(path, manifest.runs)
            shape = json.loads(table.schema.metadata[b"shape"])
            readings = np.stack([table[name].to_numpy() for name in manifest.file.outcomes], axis=1).reshape(shape)
            design, values = read_points(folder, manifest)
            kept = np.arange(len(design.unit)) < shape[0]
            return cls(manifest, design.keep(kept), values[kept], readings)
        except Exception as error:  # a damaged file makes pyarrow raise almost anything
            raise StoreError(
                f"{folder}: {RUNS} and {POINTS} can't be read ({type(error).__name__}); write them anew with: "
                f"doorstroom study resume {folder}"
            ) from error

    @classmethod
    def of(cls, plan: Plan, manifest: StudyManifest, readings: Floats) -> Results:
        """The results of the first runs of a plan, `readings` of shape (runs, outcomes)."""
        _, seeds, _ = plan.shape
        shape = (-1, seeds, len(plan.structures), len(plan.labels), readings.shape[1])
        cube = readings.reshape(shape)
        kept = np.arange(len(plan.design.unit)) < len(cube)
        return cls(manifest, plan.design.keep(kept), plan.values[: len(cube)], cube)


def identities(folder: Path) -> list[str]:
    """Identities of the runs of a finished study, in the order of its plan."""
    try:
        names: list[str] = _read(folder / RUNS, StudyManifest.load(folder).runs)["run"].to_pylist()
    except StoreError:
        raise
    except Exception as error:  # a damaged file makes pyarrow raise almost anything
        raise StoreError(
            f"{folder / RUNS}: can't be read ({type(error).__name__}); write it anew with: "
            f"doorstroom study resume {folder}"
        ) from error
    return names


def save_points(folder: Path, plan: Plan, manifest: StudyManifest) -> None:
    """Write the table of points: their coordinates in the unit cube and the values of the parameters."""
    design, values, factors = plan.design, plan.values, plan.factors
    columns = {"block": pa.array(design.block), "independent": pa.array(design.independent)}
    if design.draws is not None:
        columns["draw"] = pa.array(design.draws)
    columns |= {f"{_COORDINATE}{name}": pa.array(design.unit[:, at]) for at, name in enumerate(factors.columns)}
    columns |= {name: pa.array(values[:, at]) for at, name in enumerate(factors.names)}
    with atomic(folder / POINTS) as file:
        _write(pa.table(columns), file, {"design": manifest.design})


def read_points(folder: Path, manifest: StudyManifest) -> tuple[Design, Floats]:
    """The design and the values of the factors as a study has kept them."""
    table = _read(folder / POINTS, manifest.runs)
    if table.schema.metadata[b"design"].decode() != manifest.design:
        raise ValueError("points of another design")
    factors = Factors(manifest.priors, manifest.groups)
    unit = np.stack([table[f"{_COORDINATE}{name}"].to_numpy() for name in factors.columns], axis=1)
    draws = table["draw"].to_numpy() if "draw" in table.column_names else None
    values = np.stack([table[name].to_numpy() for name in factors.names], axis=1)
    return Design(unit, table["block"].to_numpy(), table["independent"].to_numpy(), draws), values


def _read(path: Path, most: int) -> pa.Table:
    with pq.ParquetFile(path) as file:
        return no_larger(file, most).read()


def _named(codes: NDArray[np.int64], names: Sequence[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int16)), pa.array(list(names), pa.string()))


def _write(table: pa.Table, file: IO[bytes], metadata: dict[str, Any]) -> None:
    """With every option that shapes the bytes fixed here."""
    pq.write_table(
        table.replace_schema_metadata(metadata),
        file,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=[name for name in table.column_names if name not in ("run", "point")],
        write_statistics=False,
        row_group_size=max(table.num_rows, 1),
    )
