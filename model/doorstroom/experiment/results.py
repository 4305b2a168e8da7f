"""The results of a study: what its runs say, as labelled arrays, and as tables that need neither model nor parameters.

On disk `points.parquet` has one row per point of the design, `runs.parquet` one row per run, and `runs/part-*.parquet`
all numbers of every run, one row per run, series, year and region. `runs.parquet` is written when all runs are there or
have failed, in the order of the plan, so it is the same bytes however the runs were made.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy import stats

from doorstroom.errors import StoreError, explain
from doorstroom.experiment.design.base import Design
from doorstroom.experiment.effects import paired
from doorstroom.experiment.factors import Factors
from doorstroom.experiment.file import Kind, StudyFile
from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.model import COUNTRY
from doorstroom.experiment.run_store import RunReader
from doorstroom.experiment.table import Series, no_larger
from doorstroom.experiment.whole_files import atomic
from doorstroom.outcomes import OUTCOMES, TOTAL
from doorstroom.parameters import Draw

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from doorstroom.experiment.plan import Plan
    from doorstroom.experiment.run_index import Ledger

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


class Panel(NamedTuple):
    """Some series of some regions in all runs of all scenarios.

    `levels[label]` has shape (runs, years, regions, series), runs in order of draw, then seed.
    """

    series: tuple[Series, ...]
    regions: tuple[int, ...]
    levels: dict[str, Floats]

    def level(self, label: str, series: Series) -> Floats:
        """One series of a scenario, shape (runs, years, regions)."""
        return self.levels[label][..., self.series.index(series)]


@dataclass(frozen=True)
class Results:
    """What a study has found.

    Attributes
    ----------
    folder : the study's
    values : of the factors at every point, shape (points, parameters)
    streams : of luck, shape (points, seeds)
    readings : of the outcomes that the study asks for, shape (points, seeds, structures, scenarios, outcomes), NaN
        where a run failed
    made : which runs are there, shape (points, seeds, structures, scenarios)
    identities : of the runs, in the order of `made`
    """

    folder: Path
    manifest: Manifest
    design: Design
    values: Floats
    streams: NDArray[np.int64]
    readings: Floats
    made: NDArray[np.bool_]
    identities: tuple[str, ...]

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
    def baseline(self) -> str:
        """The scenario that effects are measured against."""
        return self.labels[0]

    @property
    def others(self) -> list[str]:
        """The scenarios that have an effect."""
        return self.labels[1:]

    @property
    def years(self) -> list[int]:
        """School years by the year of their 1 October."""
        return list(range(self.manifest.first_year, self.manifest.last_year + 1))

    @property
    def seeds(self) -> int:
        """Seeds per draw."""
        return self.manifest.seeds

    @property
    def runs(self) -> int:
        """Runs per scenario that are told of: those of draws in which no run of any scenario failed."""
        return int(self._whole_points.sum()) * self.seeds

    @property
    def lost(self) -> int:
        """Draws that are left out because a run of theirs failed."""
        return int((~self._whole_points).sum())

    @property
    def whole_draws(self) -> list[int]:
        """Numbers of the draws that are told of, in the order of the runs of `panels`."""
        numbers, _ = self._axis()
        return [numbers[point] for point in np.flatnonzero(self._whole_points)]

    @cached_property
    def _whole_points(self) -> NDArray[np.bool_]:
        return np.asarray(self.made[:, :, 0].all(axis=(1, 2)))

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

    @property
    def of_the_country(self) -> bool:
        """Whether these are draws of technical education in the Netherlands that keep all of its regions."""
        return bool(self.manifest.draws) and bool(self.manifest.regions) and self.file.regions == "all"

    def draw_number(self, point: int) -> int:
        """Number of the draw at a point, or of the point."""
        return self._axis()[0][point]

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

    def panels(
        self, *wanted: tuple[Sequence[Series], Sequence[int]], labels: Sequence[str] | None = None
    ) -> list[Panel]:
        """For each pair (series, regions) the results of all runs; every run is read and verified once.

        Draws in which a run failed are left out, under every scenario.

        Parameters
        ----------
        labels : the scenarios that are read, by default all of them

        Raises
        ------
        StoreError
            Where a run is not there or damaged, or doesn't hold what is asked.
        """
        labels = self.labels if labels is None else labels
        points = np.flatnonzero(self._whole_points)
        levels: list[dict[str, Floats]] = [
            {label: np.empty((self.runs, len(self.years), len(regions), len(series))) for label in labels}
            for series, regions in wanted
        ]
        names = np.array(self.identities, dtype=object).reshape(self.made.shape)
        places: dict[str, list[tuple[str, int]]] = {}
        for label in labels:
            for at, run in enumerate(names[points, :, 0, self.labels.index(label)].ravel()):
                places.setdefault(run, []).append((label, at))
        for run, values, layout in RunReader(self.folder).each(places):
            for level, (series, regions) in zip(levels, wanted, strict=True):
                cut = self._cut(values, layout.years, layout.regions, layout.series, series, regions)
                for label, at in places[run]:
                    level[label][at] = cut
        return [
            Panel(tuple(series), tuple(regions), level) for (series, regions), level in zip(wanted, levels, strict=True)
        ]

    def _cut(
        self,
        values: Floats,
        years: Sequence[int],
        kept_regions: Sequence[int],
        kept_series: Sequence[Series],
        series: Sequence[Series],
        regions: Sequence[int],
    ) -> Floats:
        column = {one: at for at, one in enumerate(kept_series)}
        if list(years) != self.years or not set(regions) <= set(kept_regions) or not set(series) <= column.keys():
            raise StoreError(
                f"{self.folder}: its runs keep the years {years[0]}-{years[-1]}, {len(kept_regions)} regions and "
                f"{len(kept_series)} series, and not all that is asked of them; make the study anew"
            )
        rows = [list(kept_regions).index(region) for region in regions]
        return values[:, rows][:, :, [column[one] for one in series]]

    def effect(self, panel: Panel, label: str, series: Series) -> Floats:
        """Paired effect of a scenario on one series, shape (runs, years, regions)."""
        return paired(panel.level(label, series), panel.level(self.baseline, series))

    def parameters(self) -> pd.DataFrame:
        """Values of the parameters that vary, one row per draw or point."""
        import pandas as pd

        numbers, axis = self._axis()
        return pd.DataFrame(self.values, columns=list(self.factors.names), index=pd.Index(numbers, name=axis))

    def dataset(
        self,
        outcomes: Collection[str] | None = None,
        *,
        groups: Collection[str] | None = None,
        regions: Collection[str] | None = None,
        scenarios: Collection[str] | None = None,
    ) -> xr.Dataset:
        """All numbers of the runs as labelled arrays, one variable per series.

        A variable is called after its outcome, or `outcome.group` where it is of one group only. Its axes are scenario,
        draw (or point), seed, structure where there are several, year and region; cells of runs that failed are NaN.
        Units, titles and definitions are attributes. `.to_dataframe()` and `.to_netcdf(file)` are xarray's own.

        Parameters
        ----------
        outcomes, groups : names in the dictionary of outcomes; None is all
        regions : names of regions, or "country"; None is all that the runs keep
        scenarios : labels; None is all

        Raises
        ------
        StoreError
            Where a name is unknown, or a run is damaged.
        """
        import xarray as xr

        reader = RunReader(self.folder)
        names = np.array(self.identities, dtype=object).reshape(self.made.shape)
        labels = self._chosen("scenarios", scenarios, self.labels)
        picked = [self.labels.index(label) for label in labels]
        places: dict[str, list[tuple[int, int, int, int]]] = {}
        for place in np.argwhere(self.made):
            point, seed, structure, label = (int(part) for part in place)
            if label in picked:
                run = str(names[point, seed, structure, label])
                places.setdefault(run, []).append((picked.index(label), point, seed, structure))
        if not places:
            raise StoreError(f"{self.folder}: no run is there; `doorstroom study status {self.folder}` tells why")
        _, layout = reader.read(next(iter(places)))
        known = list(dict.fromkeys(outcome for outcome, _ in layout.series))
        asked = self._chosen("outcomes", outcomes, known)
        all_groups = list(dict.fromkeys(group for _, group in layout.series))
        parts = self._chosen("groups", groups, all_groups)
        series = [one for one in layout.series if one[0] in asked and one[1] in parts]
        region_names = {0: COUNTRY, **{region.region: region.name for region in self.manifest.regions}}
        kept = [region_names[region] for region in layout.regions]
        where = self._chosen("regions", regions, kept)
        rows = [layout.regions[kept.index(name)] for name in where]
        points, seeds, structures, _ = self.made.shape
        cube = np.full((len(series), len(labels), points, seeds, structures, len(self.years), len(rows)), np.nan)
        for run, values, one in reader.each(places):
            cut = np.moveaxis(self._cut(values, one.years, one.regions, one.series, series, rows), 2, 0)
            for at in places[run]:
                cube[:, *at] = cut
        numbers, axis = self._axis()
        axes = ("scenario", axis, "seed", "structure", "year", "region")
        dataset = xr.Dataset(
            {_named_series(one): (axes, cube[at], _about(one)) for at, one in enumerate(series)},
            coords={
                "scenario": labels,
                axis: numbers,
                "seed": np.arange(1, seeds + 1),
                "structure": list(self.manifest.structures),
                "year": ("year", self.years, {"long_name": "school year, by the year of its 1 October"}),
                "region": where,
                "region_number": ("region", rows),
                "stream": ((axis, "seed"), self.streams, {"long_name": "stream of luck"}),
            },
            attrs=self._source(),
        )
        return dataset if structures > 1 else dataset.isel(structure=0, drop=True)

    def _axis(self) -> tuple[list[int], str]:
        """Numbers and name of the axis of points."""
        numbers = self.manifest.draws[: len(self.values)]
        return (list(numbers), "draw") if numbers else (list(range(len(self.values))), "point")

    def _source(self) -> dict[str, str]:
        manifest = self.manifest
        return {
            "title": manifest.title,
            "source": f"doorstroom study {manifest.study}",
            "history": f"{manifest.started}: {manifest.command}",
            "code": manifest.code,
            "commit": manifest.commit or "unknown",
            "inputs": manifest.inputs,
            "baseline": self.baseline,
            "fraction": f"{manifest.fraction:g}",
        }

    def _chosen(self, what: str, asked: Collection[str] | None, known: Sequence[str]) -> list[str]:
        if asked is None:
            return list(known)
        if isinstance(asked, str):
            asked = [asked]
        for name in asked:
            if name not in known:
                raise StoreError(explain(self.folder, what, name, f"some of {len(known)} names", known))
        return list(asked)

    def _repr_html_(self) -> str:
        """A notebook shows what this is."""
        lines = [f"<b>{self.manifest.title}</b>", f"{', '.join(self.labels)}; {len(self.values)} points x {self.seeds}"]
        return "<br>".join([*lines, f"study {self.manifest.study[:12]} in {self.folder}"])

    def save(self) -> None:
        """Write the table of runs."""
        shape = self.made.shape
        point, seed, structure, label = (axis.ravel() for axis in np.indices(shape))
        flat = self.readings.reshape(len(point), -1)
        columns = {
            "run": pa.array(list(self.identities)),
            "point": pa.array(point.astype(np.int32)),
            "seed": pa.array(self.streams[point, seed].astype(np.int64)),
            "structure": _named(structure, self.manifest.structures),
            "scenario": _named(label, self.labels),
            "made": pa.array(self.made.ravel()),
            **{name: pa.array(flat[:, at]) for at, name in enumerate(self.outcomes)},
        }
        if self.manifest.draws:
            draws = np.array(self.manifest.draws, np.int32)
            columns = {"run": columns.pop("run"), "draw": pa.array(draws[point]), **columns}
        about = {"study": self.manifest.study, "shape": json.dumps(shape)}
        with atomic(self.folder / RUNS) as file:
            _write(pa.table(columns), file, about)

    @classmethod
    def open(cls, folder: str | Path) -> Results:
        """The results in a study's folder.

        Raises
        ------
        StoreError
            When they are not there, belong to another study, or can't be understood.
        """
        folder = Path(folder)
        manifest = Manifest.load(folder)
        path = folder / RUNS
        if not path.exists():
            raise StoreError(
                f"{path}: not there, the study is not finished; go on with: doorstroom study resume {folder}"
            )
        anew = f"write them anew with: doorstroom study resume {folder}"
        try:
            table = _read(path, manifest.runs)
            about = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
            owner = about["study"]
            shape = tuple(json.loads(about["shape"]))
            flat = [table[name].to_numpy() for name in manifest.file.outcomes]
            readings = np.stack(flat, axis=1) if flat else np.empty((table.num_rows, 0))
            made = table["made"].to_numpy().reshape(shape)
            streams = table["seed"].to_numpy().reshape(shape)[:, :, 0, 0]
            design, values = read_points(folder, manifest)
            kept = np.arange(len(design.unit)) < shape[0]
            names = tuple(table["run"].to_pylist())
            found = cls(
                folder, manifest, design.keep(kept), values[kept], streams, readings.reshape(*shape, -1), made, names
            )
            expected = (manifest.seeds, len(manifest.structures), len(manifest.scenarios))
            whole = shape[1:] == expected and 0 < shape[0] <= len(design.unit)
        except Exception as error:  # a damaged file makes pyarrow raise almost anything
            raise StoreError(f"{folder}: {RUNS} and {POINTS} can't be read ({type(error).__name__}); {anew}") from error
        if owner != manifest.study or not whole:
            raise StoreError(f"{path}: is of another study ({owner[:12]}) than {folder} holds now; {anew}")
        return found

    @classmethod
    def of(cls, plan: Plan, manifest: Manifest, folder: Path, ledger: Ledger, reached: int) -> Results:
        """The results of the first `reached` runs of a plan."""
        _, seeds, _ = plan.shape
        shape = (-1, seeds, len(plan.structures), len(plan.labels))
        made = ledger.there(reached).reshape(shape)
        kept = np.arange(len(plan.design.unit)) < len(made)
        return cls(
            folder=folder,
            manifest=manifest,
            design=plan.design.keep(kept),
            values=plan.sample[kept],
            streams=plan.streams[kept],
            readings=ledger.readings(reached).reshape(*made.shape, len(plan.file.outcomes)),
            made=made,
            identities=tuple(ledger.names(range(reached))),
        )


def _named_series(series: Series) -> str:
    outcome, group = series
    return outcome if group == TOTAL else f"{outcome}.{group}"


def _about(series: Series) -> dict[str, str]:
    """Attributes of a series, by the conventions of netCDF where they have a name for them."""
    outcome, group = series
    about = {"outcome": outcome, "group": group}
    if outcome in OUTCOMES:
        known = OUTCOMES[outcome]
        about |= {"long_name": known.title, "units": known.unit, "comment": known.definition}
    return about


def save_points(folder: Path, plan: Plan, manifest: Manifest) -> None:
    """Write the table of points: their coordinates in the unit cube and the values of the parameters."""
    design, values, factors = plan.design, plan.sample, plan.factors
    columns = {"block": pa.array(design.block), "independent": pa.array(design.independent)}
    if design.draws is not None:
        columns["draw"] = pa.array(design.draws)
    columns |= {f"{_COORDINATE}{name}": pa.array(design.unit[:, at]) for at, name in enumerate(factors.columns)}
    columns |= {name: pa.array(values[:, at]) for at, name in enumerate(factors.names)}
    with atomic(folder / POINTS) as file:
        _write(pa.table(columns), file, {"design": manifest.design})


def read_points(folder: Path, manifest: Manifest) -> tuple[Design, Floats]:
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
