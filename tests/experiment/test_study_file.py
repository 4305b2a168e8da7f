"""What a study file may say, and what is told when it says something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import fake_country
import pytest
import toys

from doorstroom.experiment.design.sobol import Sobol
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.file import StudyFaults, StudyFile
from doorstroom.experiment.plan import AS_SPECIFIED, Plan, plan_of

GOOD = """
title = "What moves the effect?"
scenarios = ["plain.toml", "paid.toml"]
seeds = 2

[outcomes.y]
outcome = "y"
years = 2020

[method]
name = "sobol"
samples = 64
"""
MODEL = toys.model(toys.ishigami, toys.names(3))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    toys.write_study(tmp_path, 'name = "efast"')
    return tmp_path


def planned(folder: Path, text: str = GOOD) -> Plan:
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return plan_of(Experiment.from_file(file, MODEL))


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(StudyFaults) as caught:
        planned(folder, text)
    assert all(line.startswith(f"{folder / 'study.toml'}: ") for line in caught.value.faults)
    return [line.removeprefix(f"{folder / 'study.toml'}: ") for line in caught.value.faults]


def test_what_it_leaves_out_has_defaults(folder: Path) -> None:
    plan = planned(folder)
    file = plan.file
    assert (file.fraction, file.responses, file.given_data) == (0.1, ("effect",), ())
    assert isinstance(file.method, Sobol)
    assert (file.method.first, file.method.confidence, file.stop.width, file.stop.matter) == (64, 0.95, 0.05, 5)
    assert plan.factors.names == ("x1", "x2", "x3")
    assert plan.shape == (64 * 6, 2, 2)
    assert file.outcomes["y"].years == (2020, 2020)


def test_it_comes_back_from_its_own_dump(folder: Path) -> None:
    file = planned(folder).file
    assert StudyFile.model_validate_json(file.model_dump_json()) == file


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (("seeds = 2", "sedes = 2"), ["sedes: found 'sedes'; allowed: the keys title, question, scenarios, seeds"]),
        (("seeds = 2", "seeds = 0"), ["seeds: found 0; allowed: number of streams of luck, 1 to 1,000,000"]),
        (("seeds = 2", 'seeds = "two"'), ["seeds: found 'two'; allowed: number of streams of luck, 1 to 1,000,000"]),
        (
            ('outcome = "y"', 'outcome = "yy"'),
            ["outcomes.y.outcome: found 'yy'; allowed: an outcome's name in the dictionary of outcomes"],
        ),
        (
            ("years = 2020", "years = [2020, 2019]"),
            ["outcomes.y.years: found [2020, 2019]; allowed: the first year first"],
        ),
        (
            ("years = 2020", "years = 2031"),
            ["outcomes.y.years: found [2031, 2031]; allowed: school years from 2019 to 2020"],
        ),
        (("years = 2020", "years = true"), ["outcomes.y.years: found True; allowed: a school year, or [first, last]"]),
        (
            ("years = 2020", 'years = 2020\nregion = "Utrecht"'),
            ["outcomes.y.region: found 'Utrecht'; allowed: country or a region's name"],
        ),
        (
            ("years = 2020", 'years = 2020\ngroup = "girls"'),
            ["outcomes.y.group: found 'girls'; allowed: the groups total"],
        ),
        (
            ('name = "sobol"', 'name = "sobel"'),
            ["method.name: found 'sobel'; allowed: draws, one_at_a_time, morris, sobol, efast; did you mean 'sobol'?"],
        ),
        (('name = "sobol"', ""), ["method: found nothing; allowed: a table with name = "]),
        (("samples = 64", "samples = 100"), ["method.samples: found 100; allowed: a power of two, such as 128"]),
        (
            ("samples = 64", "samples = 64\nsurrogate = true\nsecond_order = true"),
            ["method.surrogate: found True; allowed: false beside second_order"],
        ),
        (
            ("samples = 64", "sample = 64"),
            ["method.samples: found nothing", "method.sample: found 'sample'; allowed: the keys"],
        ),
        (
            ("samples = 64", "samples = 64\n[stop]\nwidht = 0.1"),
            ["stop.widht: found 'widht'; allowed: the keys width, matter, doublings; did you mean 'width'?"],
        ),
        (
            ("seeds = 2", 'seeds = 2\nresponses = ["efect"]'),
            ["responses[0]: found 'efect'; allowed: a list of level, effect, rank; did you mean 'effect'?"],
        ),
        (
            ("samples = 64", 'samples = 64\n[factors]\nparameters = ["x1", "z*"]'),
            ["factors.parameters: found 'z*'; allowed: a parameter with a prior, or a pattern of some"],
        ),
        (
            ("samples = 64", 'samples = 64\n[factors]\nwithout = ["*"]'),
            ["factors: found none left; allowed: at least one factor"],
        ),
        (
            ("samples = 64", 'samples = 64\n[factors.groups]\na = ["x1"]\nb = ["x*"]'),
            ["factors.groups.b: found 'x1'; allowed: not in 'a' as well"],
        ),
        (
            ("samples = 64", 'samples = 64\n[factors.groups]\ndummy = ["x1"]'),
            ["factors.groups.dummy: found 'dummy'; allowed: a name that no factor has"],
        ),
        (
            ("samples = 64", 'samples = 64\n[factors.priors]\nx1 = { dist = "unifrom", low = 0, high = 1 }'),
            ["factors.priors.x1.dist: found 'unifrom'; allowed: uniform, triangular, normal, lognormal; did you mean"],
        ),
        (
            ("samples = 64", 'samples = 64\n[factors.priors]\nx9 = { dist = "uniform", low = 0, high = 1 }'),
            ["factors.priors: found 'x9'; allowed: a parameter's name"],
        ),
        (
            ('name = "sobol"\nsamples = 64', 'name = "draws"\ndraws = 4\n[factors]\nparameters = ["x1"]'),
            ["method: found { name = 'draws', draws = 4 }; allowed: a method with factors; draws vary every parameter"],
        ),
        (
            ('name = "sobol"\nsamples = 64', 'name = "efast"\n[factors.groups]\na = ["x1"]'),
            ["method: found { name = 'efast' }; allowed: a method that takes groups: morris, sobol"],
        ),
        (
            ('name = "sobol"\nsamples = 64', 'name = "efast"\nharmonics = 8\nsamples = 200'),
            ["method.samples: found 200; allowed: more than 4 x harmonics^2 = 256"],
        ),
        (
            ('name = "sobol"\nsamples = 64', 'name = "morris"\ntrajectories = 10\nlevels = 5'),
            ["method.levels: found 5; allowed: an even number"],
        ),
        (
            ("seeds = 2", 'seeds = 2\n[structures]\n"no loop" = ["ofer"]'),
            ["structures: found { \"no loop\" = ['ofer'] }; allowed: lists of the loops offer, unfilled"],
        ),
        (
            ("samples = 64", 'samples = 64\n[discovery]\noutcome = "z"\nscenario = "plain"'),
            [
                "discovery.outcome: found 'z'; allowed: one of y",
                "discovery.scenario: found 'plain'; allowed: one of paid",
            ],
        ),
        (
            ("samples = 64", 'samples = 64\n[decision]\nobjective = "z"'),
            ["decision.objective: found 'z'; allowed: one of y"],
        ),
        (
            ("samples = 64", 'samples = 64\n[decision]\nobjective = "y"\ncost = "y"'),
            ["decision: found { objective = 'y', cost = 'y' }; allowed: cost and worth together, or neither"],
        ),
        (
            (
                'name = "sobol"\nsamples = 64',
                'name = "morris"\ntrajectories = 4\n[discovery]\noutcome = "y"\nscenario = "paid"',
            ),
            ["discovery: found"],
        ),
        (
            ("samples = 64", 'samples = 64\n[factors.priors]\nx1 = { dist = "uniform", low = 0, hgh = 1 }'),
            [
                "factors.priors.x1.high: found nothing; allowed: a number",
                "factors.priors.x1.hgh: found 'hgh'; allowed: the keys dist, low, high; did you mean 'high'?",
            ],
        ),
        (
            ('["plain.toml", "paid.toml"]', '["plain.toml"]\nresponses = ["effect"]'),
            ["responses: found ['effect']; allowed: [\"level\"] where there is one scenario"],
        ),
        (("[method]", "[method"), ["line 10: found '[method'; allowed: TOML"]),
    ],
)
def test_every_fault_is_told_with_its_place(folder: Path, edit: tuple[str, str], told: list[str]) -> None:
    assert edit[0] in GOOD
    found = faults(folder, GOOD.replace(*edit))
    for line in told:
        assert any(one.startswith(line) for one in found), found


def test_one_scenario_has_levels_only(folder: Path) -> None:
    assert planned(folder, GOOD.replace('["plain.toml", "paid.toml"]', '["plain.toml"]')).file.responses == ("level",)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    text = GOOD.replace("seeds = 2", "seeds = 0\nfraction = 2.0").replace("samples = 64", "samples = 100")
    assert len(faults(folder, text)) == 3


def test_an_empty_or_missing_file_is_told(folder: Path) -> None:
    assert faults(folder, "") == [
        "file: found nothing; allowed: a title, scenarios, tables [outcomes.name] and a table [method]"
    ]
    with pytest.raises(StudyFaults, match=r"no\.toml: file: found 'No such file or directory'"):
        Experiment.from_file(folder / "no.toml", MODEL)


def test_patterns_choose_and_group_factors(folder: Path) -> None:
    rest = '[factors]\nparameters = ["x*"]\nwithout = ["x2"]\n[factors.groups]\nboth = ["x1", "x3"]'
    plan = planned(folder, f"{GOOD}\n{rest}")
    assert plan.factors.names == ("x1", "x3")
    assert plan.factors.units == ("both", "dummy")


def test_what_is_alone_is_in_no_group(folder: Path) -> None:
    rest = '[factors]\nalone = ["x2"]\n[factors.groups]\nothers = ["*"]'
    assert planned(folder, f"{GOOD}\n{rest}").factors.units == ("others", "x2", "dummy")


def test_a_study_may_have_its_own_priors(folder: Path) -> None:
    rest = '[factors.priors]\nx1 = { dist = "uniform", low = 5.0, high = 6.0 }'
    plan = planned(folder, f"{GOOD}\n{rest}")
    assert plan.sample[:, 0].min() >= 5.0
    assert plan.sample[:, 1].max() <= 1.0


def test_a_structure_switches_loops_off_in_every_scenario(folder: Path) -> None:
    plan = planned(folder, GOOD.replace("seeds = 2", 'structures = { "plain pupils" = ["role_models", "offer"] }'))
    assert plan.structures == (AS_SPECIFIED, "plain pupils")
    assert [(world.structure, world.label) for world in plan.worlds] == [
        (structure, label) for structure in plan.structures for label in ("plain", "paid")
    ]
    assert [world.scenario.loops.role_models for world in plan.worlds] == [True, True, False, False]
    assert plan.worlds[2].scenario.loops.tightness


def test_runs_are_numbered_and_named(folder: Path) -> None:
    plan = planned(folder)
    names = plan.identities(0, plan.runs)
    assert plan.identities(5, 9) == names[5:9]
    assert plan.runs == 64 * 6 * 2 * 2
    place = plan.place(7)
    assert (place.point, place.seed, place.world.label) == (1, 10_001, "paid")
    # of the six points of a base sample, the one that moves the dummy alone is the first of them again
    assert len(set(names)) == 64 * 5 * 2 * 2
    moved = plan.factors.columns.index("dummy") + 1
    assert names[moved * 4] == names[0]
    assert set(plan.draw(3)) == {"x1", "x2", "x3"}


def test_outcomes_are_means_over_years_of_a_region(tmp_path: Path) -> None:
    file = tmp_path / "study.toml"
    file.write_text(
        'title = "A"\nscenarios = ["baseline"]\nresponses = ["level"]\n[method]\nname = "draws"\ndraws = 0\n'
        '[outcomes.a]\noutcome = "vmbo_technique_share"\ngroup = "vrouw"\nregion = "Regio 7"\nyears = [2022, 2024]\n'
    )
    plan = plan_of(Experiment.from_file(file, fake_country.model()))
    values = fake_country.simulate(fake_country.scenario(), draw=0, seed=1, fraction=0.1)
    [[reading]] = plan.readings(values[None][:, :, list(plan.layout.regions)])
    column = plan.model.series.index(("vmbo_technique_share", "vrouw"))
    assert reading == pytest.approx(values[3:6, 7, column].mean(), nan_ok=True)
    assert plan.layout.regions == (0, 7)
    every = plan.file.model_copy(update={"regions": "all"})
    assert replace(plan, experiment=replace(plan.experiment, file=every)).layout.regions == tuple(range(79))
