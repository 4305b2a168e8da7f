"""What a researcher imports: it is all there, it validates, and it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from SALib.sample import sobol

import doorstroom as ds
from doorstroom.parameters import draw_parameters

OUTSIDE = """
import doorstroom as ds

scenario: ds.Scenario = ds.load_scenario("baseline").with_("later", schemes={})
results: ds.Results = ds.compare(["baseline", scenario], draws=2, fraction=0.01, with_report=False)
size: int = len(results.labels)
share = results.dataset("vmbo_technique_share")
reveal_type(share)
reveal_type(ds.parameters())
"""


def test_every_name_is_there() -> None:
    assert all(getattr(ds, name) is not None for name in ds.__all__)
    assert dir(ds) == sorted(ds.__all__)
    assert ds.__version__[0].isdigit()
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = ds.nothing_of_the_kind


def test_it_is_typed_for_others(tmp_path: Path) -> None:
    assert (Path(ds.__file__).parent / "py.typed").exists()
    script = tmp_path / "outside.py"
    script.write_text(OUTSIDE)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(script)]
    told = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert told.returncode == 0, told.stdout
    assert "Dataset" in told.stdout
    assert "Parameter" in told.stdout
    assert 'is "Any"' not in told.stdout


def test_the_module_is_the_command() -> None:
    told = subprocess.run([sys.executable, "-m", "doorstroom", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("doorstroom")


def test_a_scenario_changes_as_the_file_of_a_child_does() -> None:
    base = ds.load_scenario("baseline")
    child = base.with_("less", parameters={"profile_choice.distance_cost": {"times": 0.5}}, years={"last": 2030})
    assert (child.name, child.title, child.years.last) == ("less", "less", 2030)
    assert child.schemes == base.schemes
    assert base.with_("same").identity() == base.identity()
    name = next(iter(base.schemes))
    assert name not in base.with_("without", without=[name]).schemes
    written = ds.Scenario.from_dict({"title": "T", "parent": "baseline", "without": [name]}, "written")
    assert written.identity() == base.with_("x", without=[name]).identity()
    with pytest.raises(ds.DoorstroomError, match=r"wrong: years\.last: found 2101"):
        base.with_("wrong", years={"last": 2101})
    with pytest.raises(ds.DoorstroomError, match=r"did you mean 'profile_choice.distance_cost'"):
        base.with_("wrong", parameters={"profile_choice.distance_cos": 1.0})
    with pytest.raises(ds.DoorstroomError, match="title"):
        ds.Scenario.from_dict({}, "empty")


def test_a_problem_of_salib_gives_draws_that_are_finite() -> None:
    problem = ds.salib_problem(["interest.*", "absorption.*"])
    points = sobol.sample(problem, 4, calc_second_order=False)
    corners = np.array([[low for low, _ in problem["bounds"]], [high for _, high in problem["bounds"]]])
    for sample in (points, corners):
        draws = ds.values_at(sample, problem)
        assert len(draws) == len(sample)
        assert all(np.isfinite(list(draw.values())).all() for draw in draws)
        assert draw_parameters(draws[0]).drawn == draws[0]
    with pytest.raises(ds.DoorstroomError, match="a parameter with a prior"):
        ds.salib_problem("nothing.*")
