"""What a scenario file may say, what it means, and what is told when it says something else."""

from __future__ import annotations

import copy
import json
import os
import pickle
import random
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from doorstroom.errors import ScenarioError
from doorstroom.parameters import load_parameters
from doorstroom.scenario import (
    ACTIVITIES,
    Scenario,
    ScenarioFaults,
    Scheme,
    load_scenario,
    scenario_files,
)
from doorstroom.terms import Activity

BROKEN = Path(__file__).parent / "broken"
SHIPPED = Path(__file__).parents[1] / "scenarios"
REGIONS = ["Venlo", "Achterhoek", "West-Friesland"]
EURO = "euro per year: 0, or 10_000 to 10_000_000_000 (100 million is 100_000_000)"
SHOCKS = "per sector a table of year = growth, as in bouw = { 2026 = -0.05 }, a share of -0.5 to 0.5"
FIRST, SECOND = sorted(load_parameters())[:2]
SHARES = f"shares of 0 to 1 that sum to 1, by activity: {', '.join(ACTIVITIES)}"

SETTING = (
    "under a parameter's quoted name a number, or a change of the draw's own value, as in "
    '"profile_choice.distance_cost" = { times = 0.5 } or { plus = 0.1 }'
)

FAULTS: dict[str, list[str]] = {
    "unknown_keys": [
        "years.frist: found 'frist'; allowed: the keys first, last; did you mean 'first'?",
        "schemes.sto.activities.teachrs: found 'teachrs'; allowed: the activities "
        f"{', '.join(ACTIVITIES)}; did you mean 'teachers'?",
        "schemes.sto.first_yaer: found 'first_yaer'; allowed: the keys title, programme, line, first_year, last_year, "
        "after, budget, granted, indexed, gap_years, division, regions, extra, amounts, participants, partners, scope, "
        "within, split, carriers, activities, cofinancing, unspent, reserve, spend_until, plan_years, outline, "
        "review_years, learning, announced, conditional_from, release, delay_years, sources; did you mean "
        "'first_year'?",
        "loops.offers: found 'offers'; allowed: the keys offer, unfilled, tightness, zij_instroom, role_models, "
        "shared_absorption; did you mean 'offer'?",
        "qestion: found 'qestion'; allowed: the keys parent, without, title, question, changes, years, schemes, "
        "context, parameters, loops, fit; did you mean 'question'?",
    ],
    "wrong_types": [
        "schemes.sto.title: found 7; allowed: text",
        "schemes.sto.programme: found 'STOO'; allowed: STO, NGF or other; did you mean 'STO'?",
        "schemes.sto.first_year: found '2020'; allowed: a calendar year, 2019 to 2060",
        f"schemes.sto.budget: found '100 million'; allowed: {EURO}; or a table of year = amount",
        "schemes.sto.participants[1]: found 'mob'; allowed: a list of vmbo, mbo, po, havo_vwo, firms, others, hbo; did "
        "you mean 'mbo'?",
        "schemes.sto.cofinancing: found 10; allowed: share of the grant that partners must bring in, 0 to 1; or "
        "a table of year = share from then on",
        "loops.tightness: found 'no'; allowed: true or false",
    ],
    "negative_budget": [
        f"schemes.negative.budget: found -100000000; allowed: {EURO}; or a table of year = amount",
        f"schemes.in_millions.budget: found 100; allowed: {EURO}",
        f"schemes.in_cents.budget.2021: found 10000000001; allowed: {EURO}; or a table of year = amount",
    ],
    "unknown_region": [
        "schemes.sto.regions[1]: found 'Achterhoekk'; allowed: a region's name; did you mean 'Achterhoek'?",
        "schemes.sto.extra.Vennlo: found 'Vennlo'; allowed: a region's name; did you mean 'Venlo'?",
    ],
    "years_out_of_order": [
        "years.last: found 2018; allowed: a school year, 2020 to 2060",
        "schemes.backwards.last_year: found 2020; allowed: first_year (2023) or a later year",
        "schemes.outside.budget: found { 2024 = 1_000_000 }; allowed: amounts for years from 2025 to 2028, as "
        "first_year and last_year say",
        "schemes.outside.gap_years: found [2029]; allowed: years from 2025 to 2028; later ones only where `after` is "
        "above 0",
        "schemes.outside.review_years: found [2024]; allowed: years from 2025 to 2028; later ones only where `after` "
        "is above 0",
    ],
    "missing_parent": [
        "parent: found 'baselin'; allowed: the name of a scenario file in the same folder, or of a shipped scenario; "
        "did you mean 'baseline'?",
        "schemes.sto_2025.after: found -1.0; allowed: share of the last year's budget that is paid each year after "
        "last_year, 0 to 1",
    ],
    "not_toml": [
        "line 4: found 'budget = 100 million'; allowed: TOML (Expected newline or end of document after a statement)"
    ],
    "not_utf8": ["line 2: found b'\\xe2'; allowed: text in UTF-8"],
    "unknown_parameters": [
        "parameters.\"profile_choice.distance_cst\": found 'profile_choice.distance_cst'; allowed: a parameter's "
        "name; did you mean 'profile_choice.distance_cost'?",
        f"parameters.\"profile_choice.distance_cost\": found 'far'; allowed: {SETTING}",
        "parameters.offer: found 'offer'; allowed: a parameter's name",
        "parameters.offer.steepness: found 'steepness'; allowed: the keys times, plus",
    ],
    "shares": [
        "schemes.sto.activities: found { orientation = 0.5, equipment = 0.4 }; allowed: shares that sum to 1 (these "
        "sum to 0.9)",
        f"schemes.percent.activities.orientation: found 60; allowed: {SHARES}",
        f"schemes.percent.activities.equipment: found 40; allowed: {SHARES}",
    ],
    "unknown_without": [
        "without: found 'sto_2021'; allowed: schemes of the parent, once each (sto_2020, ngf); did you mean "
        "'sto_2020'?",
        "without: found 'ngf'; allowed: schemes of the parent, once each (sto_2020, ngf)",
    ],
    "contradictions": [
        "schemes.narrow.scope: found 'hard_technique'; allowed: all_vocational where vmbo does not take part; scope "
        "says whom the money of vmbo reaches",
        "schemes.narrow.release: found 'no'; allowed: yes where conditional_from is left out, because nothing is "
        "conditional then",
        "schemes.kept.spend_until: found 2023; allowed: a year after last_year (2023), where unspent is carry_over",
        "schemes.kept.outline: found 'yes'; allowed: true or false",
        "schemes.kept.announced: found 2025-01-31; allowed: a date not after last_year (2023)",
        "schemes.kept.conditional_from: found 2024; allowed: years from 2020 to 2023; later ones only where `after` "
        "is above 0",
        "schemes.late.participants[0]: found 'firm'; allowed: a list of vmbo, mbo, po, havo_vwo, firms, others, hbo; "
        "did you mean 'firms'?",
        "schemes.late.scope: found 'technique'; allowed: all_vocational or hard_technique; did you mean "
        "'hard_technique'?",
        "schemes.late.learning: found 1; allowed: a list of indicators, self_report, peer_review, research",
        "schemes.late.announced: found '2025-01-31'; allowed: a date such as 2025-01-31, without quotes",
        "schemes.late.release: found 'maybe'; allowed: yes, no, by_review",
        "schemes.late.delay_years: found 6; allowed: a number of years that keeps last_year (2055) within 2060",
        "context.pupils: found 'lower'; allowed: low, middle or high; did you mean 'low'?",
        f"context.demand.bouw.2026: found -0.6; allowed: {SHOCKS}",
        "context.demand.buow: found 'buow'; allowed: the sectors all, bouw, industrie, mobiliteit, ict, media_lab; did "
        "you mean 'bouw'?",
        f"context.demand.industrie: found -0.1; allowed: {SHOCKS}",
        "context.teacher_pay.2027: found 110; allowed: a table of year = factor, 0.5 to 2, as in { 2027 = 1.1 }",
        "context.wages: found 'wages'; allowed: the keys pupils, demand, demand_in, teacher_pay, teacher_shortage, "
        "basic_skills, curriculum",
    ],
    "nobody_decides": [
        "schemes.ngf.release: found 'by_review'; allowed: yes or no, unless a regional scheme of NGF has a review "
        "before conditional_from",
    ],
    "done_by_nobody": [
        "schemes.labs.activities: found { equipment = 0.5, teachers = 0.5 }; allowed: shares only for "
        "activities that the participants (po, mbo) can do: orientation, programmes, teachers, coordination",
    ],
    "empty": ["file: found nothing; allowed: a title and tables [schemes.name]"],
    "duplicate_key": ["line 5: found 'budget = 200_000_000'; allowed: each key once"],
    "incomplete": [
        "title: found nothing; allowed: text",
        "schemes.sto.title: found nothing; allowed: text",
        "schemes.sto.first_year: found nothing; allowed: a calendar year, 2019 to 2060",
        "schemes.sto.last_year: found nothing; allowed: a calendar year, 2019 to 2060",
        f"schemes.sto.budget: found nothing; allowed: {EURO}; or a table of year = amount",
        f"schemes.sto.activities: found nothing; allowed: {SHARES}",
    ],
    "nothing_to_divide": [
        "schemes.national.budget: found { 2024 = 1_000_000 }; allowed: a table with an amount for 2025, because "
        "`after` is a share of it",
        "schemes.national.regions: found 'technique_poor'; allowed: nothing; a national line is not divided over "
        "regions",
        "schemes.empty.extra: found { Venlo = 1_000_000 }; allowed: nothing where the budget is 0, because it is paid "
        "on top; use budget and regions instead",
    ],
}


def fault_of(file: str | Path) -> ScenarioFaults:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file, REGIONS)
    assert isinstance(caught.value, ScenarioFaults)
    return caught.value


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_of_a_file_is_told(name: str) -> None:
    file = BROKEN / f"{name}.toml"
    assert fault_of(file).faults == [f"{file}: {fault}" for fault in FAULTS[name]]


def test_every_broken_file_has_its_messages() -> None:
    circle_and_heirs = {"loop_a", "loop_b", "loop_c", "heir_of_faults", "parent"}
    assert {file.stem for file in BROKEN.glob("*.toml")} == {*FAULTS, *circle_and_heirs}
    load_scenario(BROKEN / "parent.toml")


def test_a_circle_of_parents_is_shown() -> None:
    assert fault_of(BROKEN / "loop_a.toml").faults == [
        f"{BROKEN / 'loop_c.toml'}: parent: found 'loop_a'; allowed: a scenario that does not inherit from this one "
        "(loop_a.toml -> loop_b.toml -> loop_c.toml -> loop_a.toml)"
    ]


def test_a_child_tells_its_parents_faults_and_its_own() -> None:
    own = f"{BROKEN / 'heir_of_faults.toml'}: schemes.sto.plan_years: found 0; allowed: number of years"
    faults = fault_of(BROKEN / "heir_of_faults.toml").faults
    assert faults[:-1] == fault_of(BROKEN / "shares.toml").faults
    assert faults[-1].startswith(own)


@pytest.mark.parametrize(
    ("name", "fragments"),
    [
        ("basline", ["basline: file: found 'basline'", "did you mean 'baseline'?"]),
        (str(BROKEN), ["file: found a folder"]),
        ("", ["file: found a folder"]),
        (str(BROKEN / "emty.toml"), ["file: found 'emty.toml'", "did you mean 'empty.toml'?"]),
        ("nul\0byte", ["nul\\x00byte: file: found 'nul\\x00byte'"]),
        ("long" * 200, ["file: found longlong"]),
        ("two\nlines", ["two\\nlines: file"]),
    ],
)
def test_a_file_that_is_not_there(name: str, fragments: list[str]) -> None:
    error = fault_of(name)
    assert len(error.faults) == 1
    for fragment in fragments:
        assert fragment.replace("longlong", "'longlong") in str(error)


def test_an_unreadable_file(tmp_path: Path) -> None:
    file = written(tmp_path, "secret", 'title = "x"')
    file.chmod(0)
    if os.access(file, os.R_OK):
        pytest.skip("this user may read everything")
    assert "Permission denied" in str(fault_of(file))


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "1" * 5000,
        "x = " + "[" * 5000,
        "x = 0x" + "f" * 5000,
        "budget = 0x" + "f" * 5000,
        "[" + "a." * 5000 + "a]",
    ],
    ids=["long number", "brackets", "long hexadecimal", "long hexadecimal again", "deep table"],
)
def test_numbers_and_tables_without_end(tmp_path: Path, text: str) -> None:
    fault_of(written(tmp_path, "endless", f"{text}\n"))


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "windows.toml"
    file.write_bytes(b'\xef\xbb\xbftitle = "From Windows"\r\n[schemes]\r\n')
    assert load_scenario(file).title == "From Windows"


def test_a_name_in_the_file_is_refused(tmp_path: Path) -> None:
    assert "name: found 'other'; allowed: nothing; a scenario is named after its file" in str(
        fault_of(written(tmp_path, "named", 'title = "x"\nname = "other"\n'))
    )


def test_regions_are_checked_against_the_input_set(tmp_path: Path) -> None:
    """By default the regions of the package's own input set count, where it has one."""
    names = Path(__file__).parents[1] / "model/doorstroom/inputs/data/nl2019/regions.csv"
    file = BROKEN / "unknown_region.toml"
    if names.exists():
        with pytest.raises(ScenarioError, match="Achterhoekk"):
            load_scenario(file)
    else:
        assert load_scenario(file).schemes["sto"].regions == ("Venlo", "Achterhoekk")


# ---------------------------------------------------------------- the shipped scenarios


def paid(scenario: Scenario, programme: str, years: range) -> list[float]:
    return [
        sum(scheme.total(year) for scheme in scenario.schemes.values() if scheme.programme == programme)
        for year in years
    ]


def test_sto_pays_what_was_decided() -> None:
    baseline = load_scenario("baseline")
    support = baseline.schemes[
        "support_team"
    ].budget  # an assumption: what the schemes of 2025-2028 leave of 100 million
    assert paid(baseline, "STO", range(2020, 2025)) == [1e8 + support] * 5
    schemes = [
        scheme for scheme in baseline.schemes.values() if scheme.first_year == 2025 and scheme.programme == "STO"
    ]
    assert sorted(sum(scheme.total(year) for year in range(2025, 2029)) for scheme in schemes) == [
        20_000_000,
        368_640_080,
    ]
    assert {scheme.regions for scheme in schemes} == {"all", "technique_poor"}
    assert paid(baseline, "STO", range(2025, 2061)) == [97_160_020 + support] * 36


def test_ngf_pays_exactly_what_was_awarded() -> None:
    baseline = load_scenario("baseline")
    assert sum(paid(baseline, "NGF", range(2019, 2061))) == 351_600_000
    assert paid(baseline, "NGF", range(2024, 2028)) == [1_700_000, 48_300_000, 47_900_000, 47_900_000]
    assert sum(paid(baseline, "NGF", range(2028, 2033))) == 205_800_000
    national = [
        scheme for scheme in baseline.schemes.values() if (scheme.programme, scheme.line) == ("NGF", "national")
    ]
    assert sum(scheme.total(year) for scheme in national for year in range(2019, 2028)) == 16_800_000
    second_half = sum(scheme.total(year) for scheme in national for year in range(2028, 2061))
    assert second_half == pytest.approx(205.8e6 * 16.8 / 145.8, abs=5)


@pytest.mark.parametrize(
    ("name", "first", "differs"),
    [
        ("no_sto", 2020, {"STO": range(2020, 2041), "NGF": range(0)}),
        ("sto_ends", 2029, {"STO": range(2029, 2041), "NGF": range(0)}),
        ("sto_gap_year", 2029, {"STO": range(2029, 2030), "NGF": range(0)}),
        ("no_ngf", 2024, {"STO": range(0), "NGF": range(2024, 2033)}),
        ("ngf_borged", 2032, {"STO": range(0), "NGF": range(2033, 2041)}),
    ],
)
def test_a_scenario_differs_where_it_says(name: str, first: int, differs: dict[str, range]) -> None:
    """Money differs in these years, and nothing before."""
    baseline, scenario = load_scenario("baseline"), load_scenario(name)
    for programme, expected in differs.items():
        years = range(2020, 2041)
        pairs = zip(years, paid(baseline, programme, years), paid(scenario, programme, years), strict=True)
        assert [year for year, one, other in pairs if one != other] == list(expected)
    assert baseline.first_difference(scenario) == scenario.first_difference(baseline) == first
    assert baseline.identity() != scenario.identity()


def test_every_scenario_is_complete_and_listed() -> None:
    listed = re.findall(r"^\| \[(\w+)\.toml\]\(\1\.toml\) \|", (SHIPPED / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(file.stem for file in SHIPPED.glob("*.toml"))
    for name in listed:
        scenario = load_scenario(SHIPPED / f"{name}.toml")
        assert scenario.title
        assert scenario.question.endswith("?")
        assert scenario.changes.endswith(".")
        assert all(scheme.sources for scheme in scenario.schemes.values())


def test_the_example_in_the_readme_is_a_scenario(tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", (SHIPPED / "README.md").read_text("utf-8"), re.DOTALL)
    assert len(examples) == 2
    load_scenario(written(tmp_path, "first", examples[0]), REGIONS)
    assert load_scenario(
        written(tmp_path, "second", f'title = "All keys"\nparent = "baseline"\n{examples[1]}'), REGIONS
    ).schemes["a_name"].total(2025) == pytest.approx(93_160_020)


def test_a_file_of_the_user_goes_before_a_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scenarios").mkdir()
    written(tmp_path / "scenarios", "no_sto", 'title = "Mine"\nparent = "baseline"')
    monkeypatch.chdir(tmp_path)
    assert load_scenario("no_sto").title == "Mine"
    assert load_scenario("no_sto.toml").title == "Mine"
    assert load_scenario("baseline").title == load_scenario(SHIPPED / "baseline.toml").title
    assert set(scenario_files()) == {file.stem for file in SHIPPED.glob("*.toml")}


# ---------------------------------------------------------------- meaning

SCHEME: dict[str, Any] = {
    "title": "A scheme",
    "programme": "STO",
    "first_year": 2025,
    "last_year": 2028,
    "budget": 100_000_000,
    "activities": {"equipment": 0.5, "teachers": 0.5},
}


def toml(content: Mapping[str, Any]) -> str:
    """Tables as inline tables, which is TOML enough for a test."""
    return "".join(f"{json.dumps(key)} = {inline(value)}\n" for key, value in content.items())


def inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))} = {inline(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def made(folder: Path, content: Mapping[str, Any], name: str = "made") -> Scenario:
    return load_scenario(written(folder, name, toml({"title": "Made", **content})), REGIONS)


def test_money_by_year(tmp_path: Path) -> None:
    amounts = {"2025": 10_000_000, "2027": 30_000_000, "2028": 40_000_000}
    scheme = {**SCHEME, "budget": amounts, "after": 0.25, "gap_years": [2027, 2030], "extra": {"Venlo": 1_000_000}}
    found = made(tmp_path, {"schemes": {"s": scheme}}).schemes["s"]
    years = range(2024, 2033)
    assert [found.paid(year) / 1e6 for year in years] == [0, 10, 0, 0, 40, 10, 0, 10, 10]
    assert [found.total(year) / 1e6 for year in years] == [0, 11, 0, 0, 41, 11, 0, 11, 11]


def test_the_plan_follows_the_order_of_activities(tmp_path: Path) -> None:
    plan = made(tmp_path, {"schemes": {"s": SCHEME}}).schemes["s"].plan()
    assert plan[[Activity.EQUIPMENT, Activity.TEACHERS]].tolist() == [0.5, 0.5]
    assert np.sum(plan) == 1.0
    assert len(plan) == len(Activity)


def test_a_child_is_laid_over_its_parents(tmp_path: Path) -> None:
    """Tables merge key by key, three tables of a scheme are replaced as a whole, texts are not inherited."""
    parent = {
        "question": "Parent?",
        "changes": "Parent.",
        "years": {"last": 2030},
        "schemes": {
            "budget": {**SCHEME, "budget": {"2025": 1_000_000, "2028": 2_000_000}, "extra": {"Venlo": 10_000}},
            "dropped": SCHEME,
            "anew": {**SCHEME, "after": 1.0},
        },
        "parameters": {FIRST: 0.2, SECOND: 3.0},
        "loops": {"offer": False},
    }
    child = {
        "parent": "top.toml",
        "without": ["dropped", "anew"],
        "schemes": {
            "budget": {
                "budget": {"2026": 3_000_000},
                "extra": {"Achterhoek": 20_000},
                "activities": {"equipment": 1},
            },
            "anew": SCHEME,
        },
        "parameters": {FIRST: 0.3},
        "loops": {"tightness": False},
    }
    made(tmp_path, parent, "top")
    made(tmp_path, child, "middle")
    scenario = made(tmp_path, {"title": "Leaf", "parent": "middle", "schemes": {"budget": {"plan_years": 4}}})
    assert (scenario.title, scenario.question, scenario.changes) == ("Leaf", "", "")
    assert scenario.years.last == 2030
    assert set(scenario.schemes) == {"budget", "anew"}
    assert scenario.schemes["anew"].after == 0.0
    merged = scenario.schemes["budget"]
    assert (merged.budget, merged.extra) == ({2026: 3e6}, {"Achterhoek": 2e4, "Venlo": 1e4})
    assert (merged.activities, merged.plan_years, merged.first_year) == ({"equipment": 1.0}, 4, 2025)
    assert scenario.parameters == {FIRST: 0.3, SECOND: 3.0}
    assert (scenario.loops.offer, scenario.loops.tightness, scenario.loops.unfilled) == (False, False, True)


def test_a_child_that_changes_nothing_is_its_parent(tmp_path: Path) -> None:
    child = made(tmp_path, {"parent": "baseline"})
    baseline = load_scenario("baseline")
    assert child.identity() == baseline.identity()
    assert child.first_difference(baseline) is None


def test_a_scenario_stays_as_it_was_checked() -> None:
    baseline = load_scenario("baseline")
    with pytest.raises(ValidationError):
        baseline.title = "other"  # type: ignore[misc]
    for table in (baseline.schemes, baseline.parameters, baseline.schemes["sto_2020"].activities):
        with pytest.raises(TypeError):
            table["new"] = 1  # type: ignore[index]
    assert {baseline: 1}[load_scenario("baseline")] == 1
    assert len({*baseline.schemes.values()}) == len(baseline.schemes)
    assert pickle.loads(pickle.dumps(baseline)) == baseline
    assert repr(baseline.schemes["sto_2020"].extra) == "Table({})"


def test_a_scheme_made_in_python_is_checked_too() -> None:
    with pytest.raises(ValidationError, match="shares that sum to 1"):
        Scheme(**{**SCHEME, "activities": {"equipment": 0.5}})


# ---------------------------------------------------------------- identity

WHOLE: dict[str, Any] = {
    "years": {"first": 2019, "last": 2032},
    "schemes": {
        "b": {**SCHEME, "extra": {"Venlo": 1_000_000, "Achterhoek": 500_000}, "gap_years": [2026]},
        "a": {**SCHEME, "programme": "NGF", "budget": {"2025": 1_000_000, "2026": 2_000_000, "2028": 2_500_000}},
    },
    "parameters": {FIRST: 0.2, SECOND: 3.0},
    "loops": {"tightness": False, "offer": True},
}


def shuffled(value: Any, rng: random.Random) -> Any:
    if not isinstance(value, dict):
        return value
    keys = list(value)
    rng.shuffle(keys)
    return {key: shuffled(value[key], rng) for key in keys}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(rng=st.randoms(use_true_random=False), text=st.text(st.characters(codec="ascii", categories=("L", "N", "Z"))))
def test_identity_ignores_order_comments_and_texts(tmp_path: Path, rng: random.Random, text: str) -> None:
    mixed = shuffled(WHOLE, rng)
    for scheme in mixed["schemes"].values():
        scheme.update(title=f"T{text}", sources=[text])
    content = toml({"title": f"T{text}", "question": text, "changes": text, **mixed})
    again = load_scenario(written(tmp_path, "again", f"# {text}\n{content}# the end\n"), REGIONS)
    first = made(tmp_path, WHOLE)
    assert again.identity() == first.identity()
    assert again.first_difference(first) is None


CHANGES: list[tuple[tuple[str, ...], Any, int | None]] = [
    (("years", "last"), 2033, None),
    (("schemes", "b", "budget"), 100_000_001, 2025),
    (("schemes", "a", "budget", "2026"), 2_000_001, 2026),
    (("schemes", "a", "budget", "2027"), 1_000_000, 2027),
    (("schemes", "b", "extra", "Venlo"), 1_000_001, 2025),
    (("schemes", "b", "after"), 0.5, 2029),
    (("schemes", "b", "last_year"), 2029, 2028),
    (("schemes", "b", "gap_years"), [2027], 2025),
    (("schemes", "b", "programme"), "other", 2025),
    (("schemes", "b", "division"), "equal", 2025),
    (("schemes", "b", "regions"), ["Venlo"], 2025),
    (("schemes", "b", "participants"), ["vmbo", "po"], 2025),
    (("schemes", "b", "activities"), {"equipment": 1.0}, 2025),
    (("schemes", "b", "cofinancing"), 0.1, 2025),
    (("schemes", "b", "unspent"), "return", 2025),
    (("schemes", "b", "indexed"), True, 2025),
    (("schemes", "b", "granted"), 0.8, 2025),
    (("schemes", "b", "granted"), {"2027": 0.5}, 2027),
    (("schemes", "b", "cofinancing"), {"2027": 0.1}, 2027),
    (("schemes", "b", "amounts"), {"Venlo": 1_000_000}, 2025),
    (("schemes", "b", "partners"), ["mbo"], 2025),
    (("schemes", "b", "within"), "by_pupils", 2025),
    (("schemes", "b", "split"), "own_plans", 2025),
    (("schemes", "b", "carriers"), {"mbo": 2.0}, 2025),
    (("schemes", "b", "reserve"), 0.2, 2025),
    (("schemes", "b", "scope"), "hard_technique", 2025),
    (("schemes", "b", "spend_until"), 2029, 2028),
    (("schemes", "b", "plan_years"), 3, 2025),
    (("schemes", "b", "outline"), True, None),  # with the gap of 2026, plans of two years promise as much
    (("schemes", "b", "review_years"), [2026], 2025),  # the committee advises in the year before it decides
    (("schemes", "b", "learning"), ["indicators"], 2025),
    (("schemes", "b", "announced"), date(2026, 1, 1), 2025),
    (("schemes", "b", "conditional_from"), 2028, 2027),  # in the plan of 2027 and 2028, only 2027 is promised
    (("schemes", "b", "delay_years"), 1, 2025),
    (("context",), {"pupils": "low"}, 2019),
    (("context",), {"demand": {"ict": {"2024": 0.01}}}, 2024),
    (("context",), {"teacher_pay": {"2026": 1.05}}, 2026),
    (("context",), {"demand_in": {"Venlo": {"ict": {"2024": 0.01}}}}, 2024),
    (("context",), {"teacher_shortage": {"2026": 0.05}}, 2026),
    (("context",), {"basic_skills": {"2026": 0.1}}, 2026),
    (("context",), {"curriculum": {"2031": 20}}, 2031),
    (("schemes", "c"), SCHEME, 2025),
    (("parameters", FIRST), 0.21, 2019),
    (("loops", "offer"), False, 2019),
]


@pytest.mark.parametrize(("path", "value", "first"), CHANGES, ids=[".".join(path) for path, _, _ in CHANGES])
def test_identity_changes_with_every_rule(tmp_path: Path, path: tuple[str, ...], value: Any, first: int | None) -> None:
    changed = copy.deepcopy(WHOLE)
    table = changed
    for key in path[:-1]:
        table = table[key]
    table[path[-1]] = value
    one, other = made(tmp_path, WHOLE), made(tmp_path, changed, "changed")
    assert one.identity() != other.identity()
    assert one != other
    assert one.first_difference(other) == other.first_difference(one) == first


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(one=st.integers(10_000, 10**10), other=st.integers(10_000, 10**10))
def test_identity_changes_with_any_budget(tmp_path: Path, one: int, other: int) -> None:
    first = made(tmp_path, {"schemes": {"s": {**SCHEME, "budget": one}}})
    second = made(tmp_path, {"schemes": {"s": {**SCHEME, "budget": other}}}, "second")
    assert (first.identity() == second.identity()) == (one == other)


def test_a_scheme_called_title_counts(tmp_path: Path) -> None:
    """Names of schemes are names, whatever they are."""
    one, other = made(tmp_path, {"schemes": {"title": SCHEME}}), made(tmp_path, {"schemes": {"name": SCHEME}}, "other")
    assert len({one.identity(), other.identity(), made(tmp_path, {"schemes": {}}, "none").identity()}) == 3


# ---------------------------------------------------------------- whatever a file says

KEYS = st.sampled_from(
    [
        *Scenario.model_fields,
        *Scheme.model_fields,
        *ACTIVITIES,
        "parent",
        "without",
        "first",
        "last",
        "offer",
        "2025",
        "",
    ]
) | st.text(max_size=5)
LEAVES = (
    st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["STO", "regional", "all", "baseline", "parent", 2025, 2028, 1.0, 100_000_000])
    | st.text(st.characters(codec="utf-8", exclude_characters="\x7f"), max_size=8)
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=15
)
NEARLY = st.fixed_dictionaries(
    {"title": st.just("x")},
    optional={
        "schemes": st.dictionaries(
            st.sampled_from(["a", "b"]),
            st.fixed_dictionaries(
                {}, optional={key: st.just(SCHEME.get(key)) | VALUES for key in Scheme.model_fields}
            ).map(lambda scheme: {**SCHEME, **{key: value for key, value in scheme.items() if value is not None}}),
            max_size=2,
        ),
        "years": VALUES,
        "loops": VALUES,
        "parameters": VALUES,
        "without": VALUES,
        "parent": VALUES,
    },
)


def only_a_scenario_or_faults(file: Path) -> None:
    faults = None
    try:
        scenario = load_scenario(file, REGIONS)
    except ScenarioFaults as error:
        faults = error.faults
    if faults is None:
        assert isinstance(scenario, Scenario)
        assert scenario.first_difference(load_scenario(file, REGIONS)) is None
        assert all(scheme.total(year) >= 0.0 for scheme in scenario.schemes.values() for year in range(2018, 2062))
    else:
        assert faults
        assert all(": found " in fault and "; allowed: " in fault for fault in faults)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(content=NEARLY | st.dictionaries(KEYS, VALUES, max_size=6))
def test_no_table_yields_anything_else(tmp_path: Path, content: dict[str, Any]) -> None:
    only_a_scenario_or_faults(written(tmp_path, "random", toml(content)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(data=st.binary(max_size=60) | st.text("[]{}=.\"' \n\\#atile_019-+:", max_size=60).map(str.encode))
def test_no_bytes_yield_anything_else(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "bytes.toml"
    file.write_bytes(data)
    only_a_scenario_or_faults(file)
