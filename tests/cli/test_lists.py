"""Lists and tables in a terminal of 80 columns: what there is to choose from, and no amount is ever cut."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typing_in import type_in

from doorstroom.outcomes import OUTCOMES
from doorstroom.scenario import load_scenario

EIGHT = ("baseline", "no_sto", "sto_ends", "no_ngf", "ngf_borged", "sto_gap_year", "sto_doubled", "ngf_late")


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def columns_of(text: str) -> dict[str, list[str]]:
    """Amounts by year of every block of a table."""
    found: dict[str, list[str]] = {}
    inside = False
    for line in text.splitlines():
        inside = "───" in line or (inside and line.strip() != "")
        if inside and re.match(r" *(20\d\d|all) ", line):
            year, *amounts = line.split()
            found.setdefault(year, []).extend(amounts)
    return found


@pytest.mark.parametrize("name", ["baseline", "ngf_by_review", "sto_doubled"])
def test_what_a_scenario_pays_is_printed_whole(name: str) -> None:
    result = type_in("scenarios", "show", name)
    assert result.exit_code == 0, result.output
    assert max(map(len, result.stdout.splitlines())) <= 80
    scenario = load_scenario(name)
    table = columns_of(result.stdout.split("Million euro paid")[1])
    for year in range(2020, 2041):
        paid = [one.total(year) for one in scenario.schemes.values()]
        assert table[str(year)] == [f"{euro / 1e6:,.2f}" if euro else "-" for euro in [*paid, sum(paid)]]


def test_eight_scenarios_stand_beside_each_other() -> None:
    result = type_in("scenarios", "table", *EIGHT)
    assert result.exit_code == 0, result.output
    assert max(map(len, result.stdout.split("Million euro paid")[1].splitlines())) <= 80
    table = columns_of(result.stdout)
    totals = [[scheme.total(2030) for scheme in load_scenario(name).schemes.values()] for name in EIGHT]
    assert table["2030"] == [f"{sum(paid) / 1e6:,.2f}" for paid in totals]
    assert len(table["all"]) == 8


def test_what_differs_between_two_scenarios_is_told_and_nothing_else() -> None:
    result = type_in("scenarios", "diff", "baseline", "sto_doubled")
    assert result.exit_code == 0, result.output
    keys = [line for line in result.stdout.splitlines() if line.startswith("schemes.")]
    assert keys == ["schemes.sto_2025.budget", "schemes.sto_2025_poor.budget"]
    assert "92,160,020" in result.stdout
    assert "184,320,040" in result.stdout
    assert "Runs can differ from 2025 on." in result.stdout
    assert columns_of(result.stdout)["2025"] == ["150.80", "247.96", "97.16"]


def test_schemes_of_one_scenario_alone_are_named() -> None:
    text = type_in("scenarios", "diff", "baseline", "no_sto").stdout
    assert "B  not there" in text
    assert "Sterk Techniekonderwijs 2025-2028" in text
    assert "the same in everything" in type_in("scenarios", "diff", "baseline", "baseline").stdout


def test_a_parameter_that_is_set_and_one_that_is_not(tmp_path: Path) -> None:
    file = tmp_path / "far.toml"
    file.write_text('title = "t"\nparent = "baseline"\n[parameters]\n"interest.fade" = { times = 0.5 }\n')
    text = type_in("scenarios", "diff", "baseline", file).stdout
    assert "interest.fade" in text
    assert "0.5" in text


def test_regions_are_listed_by_the_names_that_files_take() -> None:
    result = type_in("regions")
    assert result.exit_code == 0, result.output
    assert len(re.findall(r"\d+%", result.stdout)) == 78
    assert "Venlo" in type_in("regions", "venl").stdout
    wrong = type_in("regions", "Venlow")
    assert wrong.exit_code == 2
    assert "did you mean 'Venlo'?" in wrong.stderr


def test_outcomes_are_listed_and_one_is_told_in_full() -> None:
    text = type_in("outcomes").stdout
    assert all(name in text for name in OUTCOMES)
    one = type_in("outcomes", "vmbo_technique_pupils").stdout
    assert "groups" in one
    assert "definition" in one
    wrong = type_in("outcomes", "teacher_ftes")
    assert wrong.exit_code == 2
    assert "did you mean 'teacher_fte'?" in wrong.stderr


def test_no_word_is_cut_where_a_table_is_too_wide() -> None:
    text = type_in("parameters", "list", "--section", "interest").stdout
    assert re.search(r"interest\.taste_sd\s+value +0\.8\s+unit +utility\s+grade +judgement", text)
    assert max(map(len, text.splitlines())) <= 80
