"""Every file that the program reads, a valid one of each, and how it is read."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import fake_country
import toys
from studying import PI, make

from doorstroom.evidence import calibration, patterns, register
from doorstroom.experiment import posterior, stored, verify
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.heartbeat import present
from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.plan import plan_of
from doorstroom.experiment.provenance import differences
from doorstroom.experiment.results import Results
from doorstroom.experiment.run import found
from doorstroom.experiment.run_index import failures
from doorstroom.experiment.status import standing
from doorstroom.inputs.importing import import_official
from doorstroom.inputs.observations import read_observations
from doorstroom.inputs.sets import Inputs, load_inputs
from doorstroom.reporting.compare import report as write_report
from doorstroom.scenario import load_scenario

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / room) for room in ("inputs", "evidence")]
from official_folder import Edition, write_folder  # noqa: E402


class Reader(NamedTuple):
    """One kind of file.

    Attributes
    ----------
    prepare : makes a folder of valid files
    files : pattern of those that are damaged, within the folder
    read : what the program does with the folder, given the damaged file
    costly : a reading takes a tenth of a second or more
    """

    prepare: Callable[[Path], object]
    files: str
    read: Callable[[Path, Path], object]
    costly: bool = False


def copied(whole: Path, place: Path) -> Path:
    """A new copy of valid files, with the study file beside them, in `place`."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(whole, place / "damaged")
    for beside in whole.parent.glob("*.toml"):
        shutil.copy(beside, place)
    return place / "damaged"


def country() -> Any:
    return toys.model(toys.ishigami, toys.names(3), -PI, PI)


def _copies(*patterns: str) -> Callable[[Path], None]:
    def prepare(folder: Path) -> None:
        folder.mkdir(parents=True)
        for pattern in patterns:
            for file in sorted(ROOT.glob(pattern)):
                shutil.copy(file, folder)

    return prepare


def _study_file(folder: Path) -> None:
    folder.mkdir(parents=True)
    toys.write_study(folder, 'name = "sobol"\nsamples = 32\nfirst = 16')


def _conducted(folder: Path) -> None:
    file = toys.write_study(folder.parent, 'name = "sobol"\nsamples = 4\nfirst = 4')
    made = make(file, folder, toys.model(toys.fails_in_a_corner, toys.names(3), -PI, PI))
    (folder / "failures").mkdir(exist_ok=True)
    note = {"run": 0, "identity": "0" * 64, "scenario": "plain", "structure": "as specified", "point": 0, "seed": 1}
    note |= {"error": "none", "command": "none", "when": "2025-01-01T00:00:00+00:00", "traceback": ""}
    (folder / "failures" / f"{'0' * 64}.json").write_text(json.dumps(note))
    (folder / "working").mkdir(exist_ok=True)
    note = {"started": 2e9, "made": 1, "failed": 0, "beat": 4e9}
    (folder / "working" / "host-1-abcdef.json").write_text(json.dumps(note))
    assert made.folder == folder


def _compared(folder: Path) -> None:
    scenarios = [fake_country.scenario("baseline", last=2021), fake_country.scenario("half", 50.0, last=2021)]
    fake_country.compared(scenarios, processes=1, out=folder)
    shutil.copy(ROOT / "model" / "doorstroom" / "inputs" / "parameters.toml", folder)


def _fitted(folder: Path) -> None:
    names = [name for name, entry in posterior.load_parameters().items() if entry.prior is not None][:5]
    values = fake_country.np.random.default_rng(1).random((6, 5))
    posterior.save(posterior.Posterior(tuple(names), values, {"inputs": "f" * 64}), folder / "posterior.csv")


def _registered(folder: Path) -> None:
    study = fake_country.compared(
        [fake_country.scenario("baseline", last=2021)],
        draws=20,
        processes=1,
        out=folder.parent / "study",
    )
    register.register(study.folder, "projection", folder)


def _input_set(folder: Path) -> None:
    import_official(write_folder(folder.parent / "official"), folder)


def _official(edition: Edition) -> Callable[[Path], object]:
    return lambda folder: write_folder(folder, edition, withhold=True)


def _long_form(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "mine.csv").write_text(
        "year,region,outcome,group,value,low,high,unit,source\n"
        "2020,country,vmbo_pupils,total,60000,60000,60000,pupils,none\n"
        "2020,1,vmbo_technique_share,total,0.2,0.19,0.21,share,none\n"
    )


def _rehashed(folder: Path, file: Path) -> Inputs:
    """As by somebody who changed a table and its hash with it."""
    if file.suffix == ".csv":
        manifest = json.loads((folder / "manifest.json").read_bytes())
        manifest["tables"][file.stem]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest))
    return load_inputs(folder)


def _resealed(read: Callable[[Path], object]) -> Callable[[Path, Path], object]:
    """A file whose first line tells the hash of the rest, put right after the damage where there is such a line."""

    def with_hash(folder: Path, file: Path) -> object:
        read_as_it_is = file.read_bytes()
        head, _, rows = read_as_it_is.partition(b"\n")
        try:
            mark, _, about = head.decode().partition("{")
            told = {**json.loads("{" + about), "sha256": hashlib.sha256(rows).hexdigest()}
            file.write_bytes(f"{mark}{json.dumps(told)}\n".encode() + rows)
        except (ValueError, RecursionError):
            pass
        return read(file)

    return with_hash


def _renamed(folder: Path, file: Path) -> object:
    """As by somebody who made a part of their own: named after its bytes, whatever those are."""
    if file.name.startswith("part-"):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()[:32]
        file.rename(file.with_name(f"part-{digest}.parquet"))
    return _standing(folder, file)


def _standing(folder: Path, file: Path) -> object:
    file = folder.parent / "toy.toml"
    asked = Experiment.from_file(file, country()) if file.exists() else found(folder, country())[0]
    return standing(asked, folder)


def _looked_at(folder: Path, file: Path) -> object:
    return Results.open(folder).panels(([("vmbo_pupils", "total")], [0, 1]))


def _verified(folder: Path, file: Path) -> object:
    return verify.verify(stored.Kept(folder), runs=1)


def _reported(folder: Path, file: Path) -> object:
    return write_report(Results.open(folder))


READERS: dict[str, Reader] = {
    "scenario": Reader(_copies("scenarios/*.toml"), "*.toml", lambda folder, file: load_scenario(file)),
    "study file": Reader(_study_file, "toy.toml", lambda folder, file: plan_of(Experiment.from_file(file, country()))),
    "patterns": Reader(
        _copies("experiments/patterns.toml"), "*.toml", lambda folder, file: patterns.load_patterns(file)
    ),
    "calibration": Reader(
        _copies("experiments/calibration.toml"), "*.toml",
        lambda folder, file: calibration.load_settings(patterns.load_patterns(ROOT / patterns.FILE), file),
    ),
    "posterior": Reader(_fitted, "*.csv", _resealed(posterior.load)),
    "register entry": Reader(_registered, "*.csv", _resealed(lambda file: register.entries(file.parent))),
    "input set": Reader(_input_set, "*.*", _rehashed),
    "official, older edition": Reader(
        _official("older"), "*.*", lambda folder, file: import_official(folder, folder / "set"), costly=True
    ),
    "official, newer edition": Reader(
        _official("newer"), "*.*", lambda folder, file: import_official(folder, folder / "set"), costly=True
    ),
    "observed figures": Reader(
        _long_form, "*.csv", lambda folder, file: read_observations(file, load_inputs()).table
    ),
    "observed, as published": Reader(
        _official("newer"), "*examen*", lambda folder, file: read_observations(file, load_inputs()).table,
        costly=True,
    ),
    "comparison: manifest": Reader(_compared, "manifest.json", _verified),
    "comparison: runs": Reader(_compared, "runs/*.parquet", _looked_at),
    "comparison: proof": Reader(_compared, "runs.csv", _verified),
    "comparison: parameters": Reader(
        _compared, "parameters.toml", lambda folder, file: differences(folder, Manifest.load(folder))
    ),
    "study: manifest": Reader(
        _conducted, "manifest.json", lambda folder, file: (Results.open(folder), found(folder, country()))
    ),
    "study: parts": Reader(_conducted, "runs/part-*.parquet", _renamed),
    "study: points": Reader(_conducted, "points.parquet", lambda folder, file: Results.open(folder)),
    "study: runs": Reader(_conducted, "runs.parquet", lambda folder, file: Results.open(folder)),
    "study: failures": Reader(
        _conducted, "failures/*.json", lambda folder, file: (failures(folder), _standing(folder, file))
    ),
    "study: presence": Reader(_conducted, "working/*.json", lambda folder, file: present(folder)),
    "report of a manifest": Reader(_compared, "manifest.json", _reported, costly=True),
}  # fmt: skip
