"""Whatever is changed in a bundle is noticed, also where who changed it made every checksum fit again.

The forger here has this program: seals, lists of checksums, hashes in names and citations are all written anew. What
nobody can forge is a run that the model doesn't give, and the citation that the reader already has.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bundling import made
from rich.console import Console

from doorstroom.archive import check as bundled
from doorstroom.archive.bundle import readme
from doorstroom.archive.checking import Asked, Found, check
from doorstroom.errors import DoorstroomError, StoreError
from doorstroom.experiment import checksums
from doorstroom.experiment.manifest import FILE, Manifest
from doorstroom.experiment.results import POINTS, RUNS, Results
from doorstroom.reporting import compare
from doorstroom.reporting.citation import reference, write_citation
from doorstroom.reporting.crate import write_crate


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages are built anew in a test of their own."""
    monkeypatch.setattr(bundled, "can_build", lambda: False)


@pytest.fixture
def folder(unpacked: Path, tmp_path: Path) -> Path:
    """A copy; files are links until they are written anew."""
    return Path(shutil.copytree(unpacked, tmp_path / unpacked.name, copy_function=os.link))


def write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def edit(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    before = (folder / name).read_bytes()
    assert change(before) != before
    write(folder / name, change(before))


def replaced(folder: Path, name: str, old: str, new: str) -> None:
    edit(folder, name, lambda content: content.replace(old.encode(), new.encode()))


def resealed(folder: Path, **update: Any) -> None:
    """The manifest with other content, an identity that belongs to it, and a seal that fits."""
    manifest = Manifest.load(folder).model_copy(update=update)
    manifest = manifest.model_copy(update={"study": update.get("study", manifest.identity())})
    (folder / FILE).unlink()
    manifest.save(folder)
    table = pq.read_table(folder / RUNS)
    about = {**(table.schema.metadata or {}), b"study": manifest.study.encode()}
    put(folder / RUNS, table.replace_schema_metadata(about))


def put(path: Path, table: pa.Table) -> None:
    path.unlink()
    pq.write_table(table, path)


def table_of(folder: Path, name: str, change: Callable[[pa.Table], pa.Table]) -> None:
    table = pq.read_table(folder / name)
    put(folder / name, change(table).replace_schema_metadata(table.schema.metadata))


def forged(folder: Path, *, but: str = "") -> None:
    """Citation, instructions and list of files, written by the program itself."""
    manifest = Manifest.load(folder)
    if but != "the instructions":
        [wheel] = (folder / "code").glob("*.whl")
        write(folder / "README.md", readme(manifest, folder.name, wheel.name).encode())
    for name in ("CITATION.cff", "reference.bib", "ro-crate-metadata.json"):
        (folder / name).unlink()
    write_citation(folder, manifest)
    write_crate(folder, manifest)


def file_of(folder: Path, **update: Any) -> dict[str, Any]:
    return {"file": Manifest.load(folder).file.model_copy(update=update)}


def swapped(entries: tuple[Any, ...], key: str) -> tuple[Any, ...]:
    """Two entries with each other's value."""
    first, second, *rest = entries
    mine, other = getattr(first, key), getattr(second, key)
    return (first.model_copy(update={key: other}), second.model_copy(update={key: mine}), *rest)


def first_row(**update: Any) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        for name, shift in update.items():
            values = table[name].to_numpy().copy()
            values[0] = values[0] + shift
            table = table.set_column(table.column_names.index(name), name, pa.array(values))
        return table

    return change


def other_numbers(folder: Path) -> None:
    """One number of one run, in a part whose name fits its bytes, a runs.csv and a manifest that fit it."""
    part = sorted((folder / "runs").glob("part-*.parquet"))[0]
    table = pq.read_table(part)
    column = table.column_names[-1]
    values = table[column].to_numpy().copy()
    values[0] += 1
    out = io.BytesIO()
    new = table.set_column(len(table.column_names) - 1, column, pa.array(values, table.schema.field(column).type))
    pq.write_table(new.replace_schema_metadata(table.schema.metadata), out)
    part.unlink()
    (part.parent / f"part-{hashlib.sha256(out.getvalue()).hexdigest()[:32]}.parquet").write_bytes(out.getvalue())
    (folder / checksums.FILE).unlink()
    resealed(folder, content=checksums.write(Results.open(folder)))


def runs_gone(folder: Path) -> None:
    """As if half of the runs had failed."""
    table_of(
        folder, RUNS, lambda table: table.set_column(
            table.column_names.index("made"), "made", pa.array(np.arange(table.num_rows) < table.num_rows // 2)
        ),
    )  # fmt: skip
    (folder / checksums.FILE).unlink()
    content = checksums.write(Results.open(folder))
    resealed(folder, failed=table_rows(folder) // 2, content=content)


def table_rows(folder: Path) -> int:
    return int(pq.read_table(folder / RUNS).num_rows)


def half_of_the_rows(folder: Path) -> None:
    table = pq.read_table(folder / RUNS)
    about = {**table.schema.metadata, b"shape": b"[2, 1, 1, 2]"}
    put(folder / RUNS, table.slice(0, 4).replace_schema_metadata(about))


def doubled(folder: Path) -> None:
    table = pq.read_table(folder / RUNS)
    about = {**table.schema.metadata, b"shape": b"[8, 1, 1, 2]"}
    put(folder / RUNS, pa.concat_tables([table, table]).replace_schema_metadata(about))
    points = pq.read_table(folder / POINTS)
    put(folder / POINTS, pa.concat_tables([points, points]).replace_schema_metadata(points.schema.metadata))


def in_wheel(folder: Path) -> None:
    [wheel] = (folder / "code").glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    files["doorstroom/kernels.py"] += b"\n# one more line\n"
    wheel.unlink()
    with zipfile.ZipFile(wheel, "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)


def in_sdist(folder: Path) -> None:
    [sdist] = (folder / "code").glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        files = {one.name: packed.extractfile(one).read() for one in packed if one.isfile()}  # type: ignore[union-attr]
    sdist.unlink()
    with tarfile.open(sdist, "w:gz") as packed:
        for name, content in files.items():
            content += b"\n" if name.endswith("kernels.py") else b""
            about = tarfile.TarInfo(name)
            about.size = len(content)
            packed.addfile(about, io.BytesIO(content))


def smaller_study(folder: Path) -> None:
    """Half of the draws dropped, and everything made anew."""
    other = made(folder.parent / "other" / folder.name, draws=2)
    for name in ("runs", RUNS, POINTS, FILE, checksums.FILE, "report.html", "effects.csv", "outcomes.csv", "tables"):
        old = folder / name
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    compare.report(other, console=Console(file=io.StringIO()))
    shutil.copytree(
        other.folder,
        folder,
        dirs_exist_ok=True,
        copy_function=lambda old, new: write(Path(new), Path(old).read_bytes()),
    )


WITHOUT_CITATION: dict[str, Callable[[Path], None]] = {
    "a title": lambda folder: resealed(folder, **file_of(folder, title="Something else")),
    "a scenario's title": lambda folder: resealed(folder, scenarios=titled(folder, "Everything stays")),
    "labels swapped": lambda folder: resealed(folder, scenarios=swapped(Manifest.load(folder).scenarios, "label")),
    "order of the scenarios": lambda folder: resealed(
        folder,
        scenarios=Manifest.load(folder).scenarios[::-1],
        **file_of(folder, scenarios=Manifest.load(folder).file.scenarios[::-1]),
    ),
    "years shifted": lambda folder: resealed(folder, first_year=2020, last_year=2023),
    "region names swapped": lambda folder: resealed(folder, regions=swapped(Manifest.load(folder).regions, "name")),
    "a place on the map": lambda folder: resealed(folder, regions=swapped(Manifest.load(folder).regions, "lat")),
    "the draws": lambda folder: resealed(folder, draws=(4, 3, 2, 1)),
    "the number of runs": lambda folder: resealed(folder, runs=9),
    "the inputs' identity": lambda folder: resealed(folder, inputs="0" * 64),
    "the code's identity": lambda folder: resealed(folder, code="0" * 64),
    "the code's SWHID": lambda folder: resealed(folder, swhid="swh:1:dir:" + "0" * 40),
    "the command": lambda folder: resealed(folder, command="doorstroom compare baseline none --draws=9"),
    "how many failed": lambda folder: resealed(folder, failed=1),
    "the fraction": lambda folder: resealed(folder, **file_of(folder, fraction=0.5)),
    "half of the runs made to fail": runs_gone,
    "half of the rows dropped": half_of_the_rows,
    "runs doubled": doubled,
    "runs in another order": lambda folder: table_of(
        folder, RUNS, lambda table: table.take(pa.array([1, 0, *range(2, table.num_rows)]))
    ),
    "a stream of luck": lambda folder: table_of(folder, RUNS, first_row(seed=1)),
    "a parameter's value in a draw": lambda folder: table_of(
        folder, POINTS, lambda table: first_row(**{table.column_names[-1]: 0.01})(table)
    ),
    "numbers of a run": other_numbers,
    "a checksum of a run": lambda folder: replaced(folder, checksums.FILE, ",1,", ",2,"),
    "the parameters as they were": lambda folder: replaced(
        folder, "parameters.toml", 'grade = "assumption"', 'grade = "measured"'
    ),
    "a figure of the inputs": lambda folder: edit(
        folder, "inputs/regions.csv", lambda text: text.replace(b"1", b"2", 1)
    ),
    "the wheel": in_wheel,
    "the source": in_sdist,
    "the versions of packages": lambda folder: replaced(folder, "code/constraints.txt", "numpy==2", "numpy==1"),
    "the instructions": lambda folder: replaced(folder, "README.md", "pip install -c", "pip install --pre -c"),
}  # fmt: skip


def titled(folder: Path, title: str) -> tuple[Any, ...]:
    first, *rest = Manifest.load(folder).scenarios
    return (first.model_copy(update={"title": title}), *rest)


def of_another_machine(folder: Path) -> None:
    machine = Manifest.load(folder).machine
    resealed(folder, machine=machine.model_copy(update={"packages": {**machine.packages, "scipy": "1.13.0"}}))


WITH_CITATION: dict[str, Callable[[Path], None]] = {
    "the day it was made": lambda folder: resealed(folder, started="2020-01-01T00:00:00+00:00"),
    "the day it ended": lambda folder: resealed(folder, ended="2020-01-02T00:00:00+00:00"),
    "the commit": lambda folder: resealed(folder, commit="0" * 40),
    "the packages": of_another_machine,
    "seconds of a run": lambda folder: resealed(folder, seconds=0.001),
}


def looked_at(folder: Path, citation: str = "", *, anew: bool = False, runs: int | None = 1) -> tuple[Found, str]:
    told: list[str] = []
    found = check(folder, Asked(runs, citation, anew=anew), told.append)
    return found, "\n".join(told)


def test_what_nobody_changed_agrees_and_so_do_citation_identity_seal_and_code(folder: Path) -> None:
    manifest = Manifest.load(folder)
    assert manifest.swhid
    for citation in (reference(manifest), manifest.study, manifest.seal(), manifest.swhid):
        found, told = looked_at(folder, citation)
        assert found.agrees, told
    found, told = looked_at(folder, reference(manifest), anew=True)
    assert found.agrees, told


@pytest.mark.parametrize("kind", WITHOUT_CITATION)
def test_a_change_is_noticed_from_the_archive_alone(kind: str, folder: Path) -> None:
    WITHOUT_CITATION[kind](folder)
    forged(folder, but=kind)
    try:
        # numbers that everything was made to fit are noticed where the run is made again, or by the citation
        found, told = looked_at(folder, runs=None if kind == "numbers of a run" else 1)
    except DoorstroomError:  # refused with a message is noticed too
        return
    assert not found.agrees, told


@pytest.mark.parametrize("kind", WITH_CITATION)
def test_what_nothing_follows_from_is_noticed_by_the_citation(kind: str, folder: Path) -> None:
    citation = reference(Manifest.load(folder))
    WITH_CITATION[kind](folder)
    forged(folder)
    found, told = looked_at(folder, citation)
    assert not found.agrees
    assert "the citation names" in told


def test_another_study_in_its_place_is_noticed_by_the_citation(folder: Path) -> None:
    citation = reference(Manifest.load(folder))
    smaller_study(folder)
    found, told = looked_at(folder, citation)
    assert not found.agrees
    assert "the citation names" in told


EDITED = {
    "report.html": lambda text: text.replace(b"technique", b"language", 1),
    "effects.csv": lambda text: text.replace(b"\n2022,", b"\n2023,"),
    "outcomes.csv": lambda text: text.replace(b"Regio 2", b"Regio 3"),
    "tables/effects.csv": lambda text: text.replace(b"1", b"2", 1),
    "tables/effects.tex": lambda text: text.replace(b"1", b"2", 1),
    "tables/tables.xlsx": lambda text: b"x",
    "CITATION.cff": lambda text: text.replace(b"title: ", b"title:  ", 1),
    "reference.bib": lambda text: text.replace(b"year = {20", b"year = {19"),
}


def test_every_file_of_a_report_is_held_against_one_that_is_written_anew(folder: Path) -> None:
    [figure, *_] = sorted((folder / "figures").glob("*.svg"))
    changes = {**EDITED, f"figures/{figure.name}": lambda text: text.replace(b"</svg>", b"<g/></svg>")}
    for name, change in changes.items():
        edit(folder, name, change)
    (folder / "figures" / "one_more.svg").write_bytes(b"<svg/>")
    (folder / "analyses").mkdir()
    (folder / "analyses" / "indices.csv").write_bytes(b"x")
    found, told = looked_at(folder)
    assert not found.agrees
    for name in changes:
        assert f"{name}: was changed since the report was written" in told
    (folder / "ro-crate-metadata.json").unlink()
    write_crate(folder, Manifest.load(folder))
    found, told = looked_at(folder, anew=True)
    assert not found.agrees
    for name in changes:
        assert f"{name}: isn't what the stored runs give" in told
    for name in ("figures/one_more.svg", "analyses/indices.csv"):
        assert f"{name}: is no file of this report" in told


def test_a_list_that_tells_something_else_of_the_study_and_a_file_that_isn_t_listed_are_noticed(folder: Path) -> None:
    replaced(folder, "ro-crate-metadata.json", "The doorstroom authors", "Somebody else")
    (folder / "note.txt").write_bytes(b"the effect is proven")
    _, told = looked_at(folder)
    assert "what it says of the study isn't what the manifest says" in told
    assert "note.txt: isn't listed" in told


def test_a_manifest_that_is_edited_by_hand_is_refused(folder: Path) -> None:
    replaced(folder, FILE, '"failed": 0', '"failed": 1')
    with pytest.raises(StoreError, match="was changed after it was written"):
        looked_at(folder)
