"""What stands elsewhere stays as it is: links out of a folder, a folder that goes, archives that unpack to much."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import zipfile
from pathlib import Path

import fake_country
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import toys
from numpy.typing import NDArray
from studying import make
from typer.testing import CliRunner

from doorstroom.cli import app
from doorstroom.errors import InputError, StoreError
from doorstroom.experiment.results import RUNS, Results
from doorstroom.inputs.observations import read_observations
from doorstroom.inputs.recognition import form_of
from doorstroom.inputs.sets import load_inputs
from doorstroom.scenario import Scenario

SOBOL = 'name = "sobol"\nsamples = 8\nfirst = 8'


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
@pytest.mark.parametrize("name", ["figures", "tables", "report.html", "runs.csv"])
def test_a_link_out_of_the_folder_goes_and_what_it_leads_to_stays(tmp_path: Path, name: str) -> None:
    file = toys.write_study(tmp_path, SOBOL)
    study = make(file, tmp_path / "study").folder
    outside = tmp_path / "outside"
    outside.mkdir()
    for kept in ("mine.svg", "mine.csv", "mine.html"):
        (outside / kept).write_text("mine")
    (study / name).unlink(missing_ok=True)
    (study / name).symlink_to(outside if "." not in name else outside / "mine.html")
    file.write_text(file.read_text().replace("samples = 8", "samples = 16"))
    make(file, study)  # the same study, changed: what was reported is removed first
    assert sorted(one.name for one in outside.iterdir()) == ["mine.csv", "mine.html", "mine.svg"]
    assert {one.read_text() for one in outside.iterdir()} == {"mine"}


def removing(scenario: Scenario, *, draw: int, seed: int, fraction: float) -> NDArray[np.float64]:
    shutil.rmtree(os.environ["DOORSTROOM_TEST_FOLDER"], ignore_errors=True)
    return fake_country.simulate(scenario, draw=draw, seed=seed, fraction=fraction)


def test_a_folder_that_is_removed_meanwhile_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "results" / "study"
    monkeypatch.setenv("DOORSTROOM_TEST_FOLDER", str(folder))
    with pytest.raises(StoreError, match=r"study.*can't be written"):
        fake_country.compared([fake_country.scenario()], draws=2, out=folder, simulate=removing)


def test_a_folder_that_is_removed_after_it_was_read_is_told(tmp_path: Path) -> None:
    study = make(toys.write_study(tmp_path, SOBOL), tmp_path / "study").folder
    shutil.rmtree(study)
    with pytest.raises(StoreError, match=r"not there; is .* a study folder"):
        Results.open(study)
    for command in ("cite", "verify", "report"):
        ended = CliRunner().invoke(app, [command, str(study)])
        assert ended.exit_code == 2
        assert "Traceback" not in ended.output


def bomb(path: Path) -> Path:
    """A file of some hundred kilobytes that unpacks to 400 MB of a plausible table."""
    line = b"2020;country;vmbo_pupils;total;1;pupils;x\n"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(b"year;region;outcome;group;value;unit;source\n")
        for _ in range(100):
            file.write(line * 100_000)
    return path


def test_a_gzip_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    path = bomb(tmp_path / "observed.csv.gz")
    assert path.stat().st_size < 2_000_000
    with pytest.raises(InputError, match=r"size: found more than 256 MB when unpacked"):
        read_observations(path, load_inputs())


def test_archives_among_official_files_are_left_alone_unread(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "leerlingen.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 50_000_000)
    pq.write_table(pa.table({"a": np.zeros(10_000_000, np.int8)}), tmp_path / "pupils.parquet", compression="zstd")
    shutil.copy(tmp_path / "leerlingen.zip", tmp_path / "zip.csv")
    shutil.copy(tmp_path / "pupils.parquet", tmp_path / "parquet.csv")
    assert all(form_of(path) is None for path in tmp_path.iterdir())
    ended = CliRunner().invoke(app, ["inputs", "import", str(tmp_path), "--to", str(tmp_path / "set")])
    assert ended.exit_code == 2
    assert "no such file" in ended.output
    assert not (tmp_path / "set").exists()
    for name in ("zip.csv", "parquet.csv", "leerlingen.zip"):
        ended = CliRunner().invoke(app, ["validate", str(tmp_path / name)])
        assert ended.exit_code == 2, ended.output
        assert "Traceback" not in ended.output


def test_a_table_of_runs_that_says_it_holds_very_many_is_refused_unread(tmp_path: Path) -> None:
    study = make(toys.write_study(tmp_path, SOBOL), tmp_path / "study").folder
    much = pa.table({"run": pa.array(np.zeros(5_000_000, np.int8)).dictionary_encode()})
    sink = io.BytesIO()
    pq.write_table(much, sink, compression="zstd")
    (study / RUNS).write_bytes(sink.getvalue())
    with pytest.raises(StoreError, match="can't be read"):
        Results.open(study)
