"""A study is made again: where it agrees, where it doesn't, and which input figure made the difference."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_country
import numpy as np
import pytest
import studying
import toys
from typer.testing import CliRunner

from doorstroom.cli import app
from doorstroom.errors import StoreError
from doorstroom.experiment import provenance
from doorstroom.experiment.manifest import Manifest
from doorstroom.experiment.model import Model
from doorstroom.experiment.provenance import differences
from doorstroom.experiment.results import RUNS, Results
from doorstroom.experiment.stored import Kept
from doorstroom.experiment.verify import Verdict
from doorstroom.experiment.verify import verify as verify_kept
from doorstroom.inputs.sets import load_inputs
from doorstroom.outcomes import COLUMN
from doorstroom.parameters import load_parameters
from doorstroom.source import code_identity


def country(simulate: Any) -> Model:
    """The fake country as if it were that of the package."""
    return fake_country.model(simulate, load_parameters(), inputs=load_inputs().identity, code=code_identity())


def verify(folder: Path, *, model: Model, runs: int | None = 3) -> Verdict:
    return verify_kept(Kept(folder, model), runs=runs)


@pytest.fixture
def study(tmp_path: Path) -> Results:
    return fake_country.compared(
        [fake_country.scenario(), fake_country.scenario("less", 60.0)],
        draws=2,
        out=tmp_path / "study",
        inputs_identity=load_inputs().identity,  # the fake country has no inputs of its own to differ in
    )


def more_luck(scenario: object, *, draw: int, seed: int, fraction: float) -> np.ndarray:
    values = fake_country.simulate(scenario, draw=draw, seed=seed, fraction=fraction)  # type: ignore[arg-type]
    values[3, 7, 0] += 1
    return values


def more_teachers(scenario: object, *, draw: int, seed: int, fraction: float) -> np.ndarray:
    values = fake_country.simulate(scenario, draw=draw, seed=seed, fraction=fraction)  # type: ignore[arg-type]
    values[11, 0, COLUMN["teacher_fte", "total"]] += 1
    return values


def test_it_agrees_where_nothing_changed(study: Results) -> None:
    verdict = verify(study.folder, runs=None, model=country(fake_country.simulate))
    assert verdict.agrees
    assert len(verdict.checked) == 4
    assert verdict.differs == []


def test_a_sample_is_a_sample(study: Results) -> None:
    assert len(verify(study.folder, runs=1, model=country(fake_country.simulate)).checked) == 1


def test_other_numbers_are_named(study: Results) -> None:
    verdict = verify(study.folder, runs=None, model=country(more_luck))
    assert not verdict.agrees
    fault = verdict.checked[0].fault
    assert "1 of" in fault
    assert "2022, region 7" in fault


def test_a_damaged_run_is_told(study: Results) -> None:
    path = sorted((study.folder / "runs").iterdir())[0]
    path.write_bytes(path.read_bytes()[:-20])
    verdict = verify(study.folder, runs=None, model=country(fake_country.simulate))
    assert sum("damaged" in one.fault for one in verdict.checked) >= 1
    assert not verdict.agrees


def test_a_study_without_its_runs_is_verified_by_their_checksums(study: Results) -> None:
    for run in (study.folder / "runs").iterdir():
        run.unlink()
    assert verify(study.folder, runs=None, model=country(fake_country.simulate)).agrees
    fault = verify(study.folder, runs=1, model=country(more_luck)).checked[0].fault
    assert fault == "the checksum differs, the few numbers in runs.csv don't"
    fault = verify(study.folder, runs=1, model=country(more_teachers)).checked[0].fault
    assert "teacher_fte_2030" in fault


def test_an_unfinished_study_is_no_study_to_verify(study: Results) -> None:
    (study.folder / RUNS).unlink()
    with pytest.raises(StoreError, match=r"the study is not finished; go on with: doorstroom study resume"):
        verify(study.folder, model=country(fake_country.simulate))


def test_a_changed_parameter_is_named_with_both_values(study: Results) -> None:
    kept = study.folder / "parameters.toml"
    text = kept.read_text(encoding="utf-8")
    at = text.index("\nvalue = ")
    end = text.index("\n", at + 1)
    now = text[at + len("\nvalue = ") : end].split("#")[0].strip()
    section = text[:at].rsplit("[", 1)[1].split("]")[0]
    kept.write_text(f"{text[:at]}\nvalue = 123.5{text[end:]}", encoding="utf-8")
    found = [one for one in differences(study.folder, study.manifest) if one.kind == "parameters"]
    assert len(found) == 1
    assert f"{section}.value was 123.5, now {float(now):g}" in found[0].what.replace(".0,", ",")


def test_a_changed_figure_of_an_input_table_is_named(
    study: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (provenance._DATA / "regions.csv").read_bytes()
    lines = before.decode().splitlines()
    column, figure = lines[0].split(",")[-1], lines[2].split(",")[-1]
    lines[2] = ",".join([*lines[2].split(",")[:-1], "0.999999"])
    (tmp_path / "regions.csv").write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(provenance, "_DATA", tmp_path)
    monkeypatch.setattr(provenance, "_at_commit", lambda manifest, file: before if file.name == "regions.csv" else None)
    other = study.manifest.model_copy(update={"inputs": "0" * 64})
    found = [one.what for one in differences(study.folder, other) if one.kind == "inputs"]
    assert len(found) == 1
    assert found[0] == f"regions.csv: region 2: {column} was {figure}, now 0.999999"


def test_inputs_that_can_not_be_compared_are_said_to_differ(study: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_at_commit", lambda manifest, file: None)
    other = study.manifest.model_copy(update={"inputs": "0" * 64})
    found = [one.what for one in differences(study.folder, other) if one.kind == "inputs"]
    assert found
    assert "not at hand" in found[0]


def elsewhere(manifest: Manifest, **update: object) -> Manifest:
    """A manifest of another machine."""
    packages = {**manifest.machine.packages, "numpy": "1.0"}
    machine = manifest.machine.model_copy(update={"packages": packages, "platform": "Plan9 mips"})
    return manifest.model_copy(update={"machine": machine, **update})


def test_code_packages_and_platform_are_told(study: Results) -> None:
    found = differences(study.folder, elsewhere(study.manifest, code="0" * 64))
    kinds = {one.kind: one.what for one in found}
    assert kinds.keys() == {"code", "packages", "platform"}
    assert "numpy was 1.0" in kinds["packages"]
    assert "Plan9 mips" in kinds["platform"]


METHOD = 'name = "draws"\ndraws = 6'
ONE_LOOP_OFF = '[structures]\nno_role_models = ["role_models"]'


def as_if_ours(simulate: Any, names: list[str]) -> Any:
    """A toy that is taken for the model of today: nothing differs but what the runs say."""
    return replace(toys.model(simulate, names), code=code_identity(), inputs=load_inputs().identity)


@pytest.fixture(scope="module")
def from_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study from a file: 6 points, 2 seeds, 2 structures, 2 scenarios; its files are gone."""
    folder = tmp_path_factory.mktemp("asked")
    file = toys.write_study(folder, METHOD, scenarios=2, top="seeds = 2", rest=ONE_LOOP_OFF)
    home = tmp_path_factory.mktemp("results") / "toy"
    studying.make(file, home, as_if_ours(toys.linear, toys.names(2)))
    for path in folder.iterdir():
        path.unlink()
    return home


@pytest.fixture
def a_copy(from_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(from_file, tmp_path / "toy"))


def a_little_more(scenario: Any, *, draw: Any, seed: int, fraction: float) -> np.ndarray:
    return np.nextafter(toys.linear(scenario, draw=draw, seed=seed, fraction=fraction), np.inf)


def toy(simulate: Any) -> Model:
    return as_if_ours(simulate, toys.names(2))


def much_more(scenario: Any, *, draw: Any, seed: int, fraction: float) -> np.ndarray:
    return toys.linear(scenario, draw=draw, seed=seed, fraction=fraction) * 1.001


def bytes_of(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_study_from_a_file_agrees_by_what_its_folder_keeps(from_file: Path) -> None:
    before = bytes_of(from_file)
    verdict = verify(from_file, runs=None, model=toy(toys.linear))
    assert verdict.agrees
    assert verdict.differs == []
    assert len({one.run.identity for one in verdict.checked}) == len(verdict.checked) == 6 * 2 * 2 * 2
    assert verdict.checked[0].run.name == "plain, as specified, draw 1, seed 1"
    assert verdict.checked[-1].run.name == "paid, no_role_models, draw 6, seed 10006"
    assert bytes_of(from_file) == before
    assert len(verify(from_file, runs=5, model=toy(toys.linear)).checked) == 5


def test_the_last_bit_of_a_study_from_a_file_is_told(from_file: Path) -> None:
    verdict = verify(from_file, runs=4, model=toy(a_little_more))
    assert not verdict.agrees
    beyond = "the numbers agree in the digits that are kept, and differ in those beyond"
    assert all(one.fault == beyond for one in verdict.checked)


def test_the_first_number_that_differs_is_named(from_file: Path) -> None:
    verdict = verify(from_file, runs=4, model=toy(much_more))
    assert all("2 of 2 numbers differ; the first: y (total), 2019, region 0" in one.fault for one in verdict.checked)


def test_a_damaged_part_of_a_study_from_a_file_is_told_and_left_alone(a_copy: Path) -> None:
    parts = sorted((a_copy / "runs").glob("part-*.parquet"))
    content = bytearray(parts[0].read_bytes())
    content[len(content) // 2] ^= 1
    parts[0].write_bytes(bytes(content))
    verdict = verify(a_copy, runs=None, model=toy(toys.linear))
    assert any(parts[0].name in one.fault for one in verdict.checked)
    assert parts[0].exists()


def test_what_differs_is_told_of_a_study_from_a_file(a_copy: Path) -> None:
    elsewhere(Manifest.load(a_copy)).save(a_copy)
    assert {one.kind for one in verify(a_copy, runs=1, model=toy(toys.linear)).differs} == {"packages", "platform"}
    told = differences(a_copy, elsewhere(Manifest.load(a_copy), code="0" * 64, inputs="0" * 64))
    assert {one.kind for one in told} == {"code", "inputs", "packages", "platform"}


def test_verify_and_cite_take_a_study_from_a_file(from_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Model, "of_the_country", lambda inputs=None: toy(toys.linear))
    said = CliRunner().invoke(app, ["verify", str(from_file), "--runs", "2"])
    assert said.exit_code == 0, said.output
    assert said.output.count("every byte agrees") == 2
    assert "Code, inputs, packages and platform are those of the study.\n" in said.output
    assert said.output.endswith("2 of its runs agree.\n")
    monkeypatch.setattr(Model, "of_the_country", lambda inputs=None: toy(a_little_more))
    said = CliRunner().invoke(app, ["verify", str(from_file), "--all"])
    assert said.exit_code == 1
    assert "does not agree" in said.output
    study = Manifest.load(from_file).study
    for form in ("text", "bibtex", "cff"):
        said = CliRunner().invoke(app, ["cite", str(from_file), "--as", form])
        assert said.exit_code == 0, said.output
        assert study in said.output
        assert "A toy" in said.output


def test_a_report_of_a_study_from_a_file_is_english(a_copy: Path) -> None:
    page = a_copy / "study.md"
    said = CliRunner().invoke(app, ["report", str(a_copy)])
    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[-1] == str(page)
    assert page.exists()
    refused = CliRunner().invoke(app, ["report", str(a_copy), "--language", "nl"])
    assert refused.exit_code == 2
    assert "nl for analyses of a study from a file" in refused.output
