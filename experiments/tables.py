"""Two pages from two studies: docs/rows.md, what each rule does, and docs/feedback.md, what each feedback loop adds.

    python experiments/tables.py                  run what isn't there yet, then write both pages
    python experiments/tables.py --processes 1    one run at a time; changes no number

The runs stay in results/rows and results/feedback.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from doorstroom.experiment.effects import summarise
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.file import AskedOutcome
from doorstroom.experiment.results import Response, Results
from doorstroom.experiment.run import conduct
from doorstroom.outcomes import OUTCOMES, TOTAL
from doorstroom.reporting.wording import summary_text
from doorstroom.scenario import load_scenario

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent
MADE_BY: Final = "<!-- Made by `python experiments/tables.py`; don't edit it. -->\n"

ROWS: Final[dict[int, tuple[str, tuple[tuple[str, str], ...]]]] = {
    1: (
        "STO, its divisions, technique-poor regions",
        (
            ("no_sto", "technique_share"),
            ("sto_ends", "technique_share"),
            ("sto_indexed", "work_done"),
            ("sto_indexed", "technique_share"),
            ("sto_need_weighted", "granted_to_poor_regions"),
            ("sto_need_weighted", "technique_share_in_poor_regions"),
            ("sto_per_technique_pupil", "granted_to_poor_regions"),
        ),
    ),
    2: (
        "From hard technique to all vocational vmbo",
        (
            ("sto_hard_technique", "cooperation_for_all"),
            ("sto_hard_technique", "mbo_inflow"),
            ("by_pupils_within", "technique_share"),
        ),
    ),
    3: (
        "Plans, promises, mid-term steering",
        (
            ("sto_yearly_plans", "capacity"),
            ("sto_one_plan", "work_done"),
            ("strict_reviews", "absorbed"),
            ("split_prescribed", "spent_on_teachers"),
        ),
    ),
    4: (
        "Co-financing, primary schools",
        (("cofinancing_10", "grants_cut"), ("cofinancing_15", "absorbed"), ("sto_without_po", "primary_interest")),
    ),
    5: (
        "The three themes",
        (
            ("theme_sustainability", "technique_share"),
            ("theme_girls", "technique_share_of_girls"),
            ("theme_teachers", "teacher_fte"),
        ),
    ),
    6: (
        "National support, company networks",
        (
            ("no_support_team", "capacity"),
            ("no_national_line", "capacity"),
            ("company_network", "cooperation"),
            ("jetnet_ends", "cooperation"),
        ),
    ),
    7: (
        "NGF: award, condition, participants, indicators, borging",
        (
            ("no_ngf", "mbo_inflow"),
            ("no_ngf", "primary_interest"),
            ("ngf_first_half", "n_profiles"),
            ("ngf_by_review", "ngf_granted"),
            ("ngf_partly_granted", "ngf_granted"),
            ("ngf_schools_only", "cooperation"),
            ("ngf_without_indicators", "work_done"),
            ("ngf_half_borged", "absorbed_later"),
            ("ngf_borged", "absorbed_later"),
        ),
    ),
    8: (
        "Absorptive capacity, competition, gaps",
        (
            ("sto_doubled", "absorbed_2025"),
            ("separate_people", "absorbed_2025"),
            ("sto_gap_year", "experience_2030"),
            ("basic_skills_first", "capacity_later"),
            ("general_shortage", "capacity_later"),
        ),
    ),
    9: ("Teachers, and money known late", (("no_sto", "teacher_fte"), ("sto_known_late", "teachers_in_2025"))),
    10: (
        "Profiles on offer, a covering offer, distance",
        (
            ("no_sto", "profiles_on_offer"),
            ("covering_offer", "profiles_on_offer"),
            ("covering_offer", "technique_nearby"),
        ),
    ),
    11: (
        "Cooperation of schools, mbo and firms",
        (
            ("sto_without_cooperation", "cooperation"),
            ("sto_without_cooperation", "bbl_places"),
            ("sto_without_cooperation", "mbo_inflow"),
        ),
    ),
    12: (
        "The technical labour market, and the way back into teaching",
        (("energy_boom", "vacancies"), ("energy_boom", "leakage"), ("energy_boom", "zij_instroom")),
    ),
    13: ("Havo, vwo and tl", (("no_ngf", "n_profiles"), ("no_ngf", "technique_in_tl"))),
    14: ("Timing", (("sto_late", "teacher_fte_2026"), ("ngf_late", "absorbed_2025"))),
    15: (
        "Shocks and context",
        (
            ("recession", "technicians"),
            ("recession", "to_industry"),
            ("pupils_low", "mbo_inflow"),
            ("pupils_high", "mbo_inflow"),
            ("new_curriculum", "primary_interest"),
            ("teacher_pay", "teacher_fte_2032"),
        ),
    ),
}
"""What each row is about, and the effects that are shown for it: a scenario and an outcome of rows.toml."""


def main() -> None:
    """Run both studies and write both pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--processes", type=int, default=None, help="runs at a time; one per processor unless given")
    asked = parser.parse_args()
    for name, page in (("rows", rows_page), ("feedback", feedback_page)):
        folder = ROOT / "results" / name
        conduct(Experiment.from_file(HERE / f"{name}.toml"), processes=asked.processes, out=folder)
        (ROOT / "docs" / f"{name}.md").write_text(page(Results.open(folder)), encoding="utf-8")


def rows_page(results: Results) -> str:
    """The table of the fifteen rows."""
    head = f"""{MADE_BY}
# What each rule, actor and circumstance does

Fifteen things that policy can do or that can happen to it; for each a scenario, the tests that show its mechanism, and
the size of its main effect against `baseline`. {_how(results)}

| row | scenario | what is shown | effect (90% interval) | sure | tests |
| --- | --- | --- | --- | --- | --- |
"""
    lines = []
    for row, (title, shown) in ROWS.items():
        for at, (scenario, outcome) in enumerate(shown):
            asked = results.file.outcomes[outcome]
            effect = _flat(results.response(Response("effect", outcome, scenario)))
            if not effect.any():
                raise SystemExit(
                    f"row {row}: {scenario} changes {outcome} in no run: it is a label, or no outcome of it"
                )
            summary = summarise(effect)
            text = summary_text(summary, OUTCOMES[asked.outcome].unit, effect=True)
            first = (f"{row}. {title}", tests_of(row)) if at == 0 else ("", "")
            named = f"[{load_scenario(scenario).title}](../scenarios/{scenario}.toml)"
            lines.append(f"| {first[0]} | {named} | {_in_words(asked)} | {text} | {summary.sureness} | {first[1]} |")
    return head + "\n".join(lines) + "\n"


def feedback_page(results: Results) -> str:
    """The table of what each feedback loop contributes to the main effects."""
    head = f"""{MADE_BY}
# What each feedback loop contributes

The effect of a policy with all feedback loops, and the part of it that is gone when one loop is switched off: with the
loop minus without it, in the same draws with the same luck. Parts needn't add up, since loops work on each other. A
loop whose interval includes zero isn't shown to matter for that effect. {_how(results)}
"""
    tables = []
    loops = [(at, name.removeprefix("without ")) for at, name in enumerate(results.manifest.structures) if at]
    for scenario in results.labels[1:]:
        told = load_scenario(scenario)
        tables += [f"## {told.title}", "", told.changes, ""]
        names = " | ".join(f"through {name.replace('_', ' ')}" for _, name in loops)
        tables += [f"| outcome | effect | {names} |", "| --- | --- |" + " --- |" * len(loops)]
        for outcome, asked in results.file.outcomes.items():
            effect = [
                _flat(results.response(Response("effect", outcome, scenario), at)) for at in range(len(loops) + 1)
            ]
            cells = [effect[0], *(effect[0] - effect[at] for at, _ in loops)]
            unit = OUTCOMES[asked.outcome].unit
            texts = [summary_text(summarise(values), unit, effect=True) for values in cells]
            tables.append(f"| {_in_words(asked)} | {' | '.join(texts)} |")
        tables.append("")
    return head + "\n" + "\n".join(tables).rstrip() + "\n"


def tests_of(row: int) -> str:
    """Files of the policy tests that hold tests of a row, each with how many."""
    found = []
    for file in sorted((ROOT / "tests" / "policy").glob("test_*.py")):
        tests = re.findall(rf"^def test_row_{row}_", file.read_text(encoding="utf-8"), re.MULTILINE)
        if tests:
            found.append(f"[{file.stem}](../tests/policy/{file.name}): {len(tests)}")
    return ", ".join(found)


def effects_shown() -> Iterator[tuple[int, str, str]]:
    """Row, scenario and outcome of every line."""
    return ((row, scenario, outcome) for row, (_, shown) in ROWS.items() for scenario, outcome in shown)


def _flat(values: np.ndarray) -> np.ndarray:
    """Runs in order of draw, then seed."""
    return values.reshape(-1)


def _in_words(asked: AskedOutcome) -> str:
    first, last = asked.years
    group = "" if asked.group == TOTAL else f", {asked.group}"
    return f"{OUTCOMES[asked.outcome].title}{group}, {first if first == last else f'{first}-{last}'}"


def _how(results: Results) -> str:
    draws, part = len(results.values), results.file.fraction
    return (
        f"{draws} draws of all parameters from their priors, one stream of luck each, {part:.0%} of the people. Most "
        "of an interval is what nobody knows: how strongly money moves choices. Money is in euro of the year itself."
    )


if __name__ == "__main__":
    main()
