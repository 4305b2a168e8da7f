"""Commands about scenario files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doorstroom.cli.errors import FAULT
from doorstroom.cli.printing import print_facts, print_table
from doorstroom.errors import ScenarioError

if TYPE_CHECKING:
    from doorstroom.scenario import Context, Scenario, Scheme

_MILLION = 1e6

app = typer.Typer(no_args_is_help=True, help="List, show and check scenario files.")


@app.command("list")
def list_scenarios() -> None:
    """List the scenarios in ./scenarios and those that come with the package."""
    from doorstroom.scenario import load_scenario, replaced_scenarios, scenario_files

    rows = []
    own = set(replaced_scenarios())
    for name, file in sorted(scenario_files().items()):
        try:
            scenario = load_scenario(file)
            rows.append(
                (
                    name,
                    scenario.title + (" (yours, in place of the shipped one)" if name in own else ""),
                    scenario.question,
                )
            )
        except ScenarioError:
            rows.append((name, "(has faults)", f"doorstroom scenarios check {file}"))
    print_table(("name", "title", "question"), rows)


@app.command("show")
def show_scenario(name: Annotated[str, typer.Argument(help="Name or file of a scenario.")]) -> None:
    """Print a scenario with all that it inherits, and what it pays per year."""
    from doorstroom.scenario import in_place_of_shipped, load_scenario

    scenario = load_scenario(name)
    for beware in in_place_of_shipped([name]):
        typer.echo(beware, err=True)
    years = scenario.years
    facts = [
        ("question", scenario.question),
        ("changes", scenario.changes),
        ("years", f"{years.first}/{(years.first + 1) % 100} to {years.last}/{(years.last + 1) % 100}"),
        ("parameters", ", ".join(f"{key} = {value}" for key, value in scenario.parameters.items())),
        ("context", "; ".join(_context(scenario.context))),
        ("loops off", ", ".join(loop for loop, on in scenario.loops if not on)),
        ("identity", scenario.identity()[:12]),
    ]
    typer.echo(f"{scenario.name}: {scenario.title}")
    print_facts(facts)
    for key, scheme in scenario.schemes.items():
        typer.echo(f"\n{key}: {scheme.title}")
        print_facts(_rules(scheme))
    if scenario.schemes:
        typer.echo("\nMillion euro paid per calendar year, extra for named regions included")
        print_table(("year", *scenario.schemes, "total"), _payments(scenario), numbers=True)


@app.command("diff")
def diff_scenarios(
    one: Annotated[str, typer.Argument(metavar="A", help="Name or file of a scenario.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Name or file of another.")],
) -> None:
    """Print what two scenarios say differently, and what they pay differently per year."""
    from doorstroom.scenario import differences, load_scenario

    first, second = load_scenario(one), load_scenario(other)
    typer.echo(f"A  {first.name}: {first.title}\nB  {second.name}: {second.title}")
    found = differences(first, second)
    if not found:
        typer.echo("They are the same in everything that can change a result.")
        return
    for key, a, b in found:
        typer.echo(f"\n{key}")
        print_facts([("A", a), ("B", b)])
    paid = [(year, _paid(first, year), _paid(second, year)) for year in _years_of(first, second)]
    apart = [(str(year), _amount(a), _amount(b), _amount(b - a)) for year, a, b in paid if a != b]
    if apart:
        typer.echo("\nMillion euro paid per calendar year, in the years that differ")
        print_table(("year", "A", "B", "B - A"), apart, numbers=True)
    since = first.first_difference(second)
    typer.echo("Runs can't differ." if since is None else f"Runs can differ from {since} on.")


@app.command("table")
def table_of_scenarios(
    names: Annotated[list[str], typer.Argument(metavar="SCENARIO", help="Names or files of scenarios.")],
) -> None:
    """Print what scenarios pay per year, side by side; as many as you like."""
    from doorstroom.scenario import load_scenario

    scenarios = [load_scenario(name) for name in names]
    for scenario in scenarios:
        typer.echo(f"{scenario.name}: {scenario.title}")
    typer.echo("\nMillion euro paid per calendar year, all schemes together")
    rows = [(str(year), *(_amount(_paid(one, year)) for one in scenarios)) for year in _years_of(*scenarios)]
    totals = ("all", *(_amount(sum(_paid(one, year) for year in _years_of(one))) for one in scenarios))
    print_table(("year", *(one.name for one in scenarios)), [*rows, totals], numbers=True)


@app.command("check")
def check_scenarios(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Names or files; by default all in ./scenarios, or else the shipped ones."),
    ] = None,
    inputs: Annotated[
        Path | None, typer.Option(help="Folder of the input set whose regions they may name; by default the package's.")
    ] = None,
) -> None:
    """Check scenario files; prints one line per fault."""
    from doorstroom.inputs.sets import load_inputs
    from doorstroom.scenario import load_scenario, scenario_files

    regions = None if inputs is None else load_inputs(inputs).regions["name"].tolist()

    names = names or [str(file) for file in sorted(Path("scenarios").glob("*.toml"))] or sorted(scenario_files())
    faults: dict[str, None] = {}  # in order, and those of a shared parent once
    for name in names:
        try:
            load_scenario(name, regions)
        except ScenarioError as error:
            faults.update(dict.fromkeys(str(error).splitlines()))
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(FAULT)
    typer.echo(f"{len(names)} checked, no faults")


def _rules(scheme: Scheme) -> list[tuple[str, str]]:
    """What a scheme says, in the words of its file."""
    regional = [
        ("division", scheme.division),
        ("regions", scheme.regions if isinstance(scheme.regions, str) else ", ".join(scheme.regions)),
        ("extra", ", ".join(f"{region} {euro:,.0f} euro a year" for region, euro in scheme.extra.items())),
        ("amounts", ", ".join(f"{region} {euro:,.0f} euro a year" for region, euro in scheme.amounts.items())),
        ("participants", ", ".join(scheme.participants)),
        ("partners", f"{', '.join(scheme.partners)}, or no application is approved" if scheme.partners else ""),
        ("within regions", scheme.within.replace("_", " ")),
        ("scope", scheme.scope.replace("_", " ") if "vmbo" in scheme.participants else ""),
        ("activities", ", ".join(f"{activity} {share:.0%}" for activity, share in scheme.activities.items())),
        ("split", scheme.split.replace("_", " ")),
        ("carriers", ", ".join(f"{name} x {times:g}" for name, times in scheme.carriers.items())),
        ("co-financing", f"{_per_year(scheme.cofinancing)} of the grant"),
        ("unspent", scheme.unspent.replace("_", " ") + _until(scheme)),
        ("reserve", f"at most {scheme.reserve:.0%} of a year's money" if scheme.unspent == "carry_over" else ""),
        ("plan", f"{_years(scheme.plan_years)}{', within an outline for the whole period' if scheme.outline else ''}"),
        ("reviews", ", ".join(str(year + scheme.delay_years) for year in scheme.review_years)),
        ("learns by", ", ".join(scheme.learning).replace("_", " ")),
    ]
    return [
        ("programme", f"{scheme.programme}, {scheme.line} line"),
        ("years", f"{scheme.first_year + scheme.delay_years}-{scheme.last_year + scheme.delay_years}"),
        ("delay", f"{_years(scheme.delay_years)}, in all years here" if scheme.delay_years else ""),
        ("announced", "" if scheme.announced is None else _later(scheme.announced, scheme.delay_years)),
        ("after", f"{scheme.after:.0%} of the last year's budget each year" if scheme.after else ""),
        ("granted", "" if scheme.granted == 1.0 else f"{_per_year(scheme.granted)} of the budget"),
        ("indexed", "amounts rise with prices from the first year on" if scheme.indexed else ""),
        ("gap years", ", ".join(str(year + scheme.delay_years) for year in scheme.gap_years)),
        ("conditional", _condition(scheme)),
        *(regional if scheme.line == "regional" else []),
        ("sources", "; ".join(scheme.sources)),
    ]


def _per_year(share: float | Mapping[int, float]) -> str:
    if isinstance(share, float):
        return f"{share:.1%}"
    return ", ".join(f"{part:.1%} from {year} on" for year, part in share.items())


def _years(number: int) -> str:
    return f"{number} year{'s' if number > 1 else ''}"


def _until(scheme: Scheme) -> str:
    return "" if scheme.spend_until is None else f" until {scheme.spend_until + scheme.delay_years}"


def _later(day: date, years: int) -> str:
    """A date some years later, as a file writes it; 29 February needs no leap year here."""
    return f"{day.year + years}-{day:%m-%d}"


def _condition(scheme: Scheme) -> str:
    """What is conditional, and whether it is paid."""
    if scheme.conditional_from is None:
        return ""
    decision = {"yes": "released", "no": "not released", "by_review": "for the midterm review to release"}
    return f"from {scheme.conditional_from + scheme.delay_years} on; {decision[scheme.release]}"


def _context(context: Context) -> list[str]:
    """What is unusual around the schemes."""
    pupils = [] if context.pupils == "middle" else [f"{context.pupils} pupil numbers"]
    shocks = [
        f"demand {sector} " + ", ".join(f"{year} {growth:+.1%}" for year, growth in years.items())
        for sector, years in context.demand.items()
    ]
    shocks += [
        f"demand in {region}, {sector} " + ", ".join(f"{year} {growth:+.1%}" for year, growth in years.items())
        for region, demand in context.demand_in.items()
        for sector, years in demand.items()
    ]
    schools = [
        f"{what} {value:g} from {year}"
        for what, table in (
            ("teacher shortage beyond 2019", context.teacher_shortage),
            ("time for basic skills", context.basic_skills),
            ("orientation in the curriculum, euro per pupil,", context.curriculum),
        )
        for year, value in table.items()
    ]
    pay = [f"teacher pay x {factor:g} from {year}" for year, factor in context.teacher_pay.items()]
    return [*pupils, *shocks, *pay, *schools]


def _years_of(*scenarios: Scenario) -> range:
    """Calendar years in which any of them can pay."""
    return range(min(one.years.first for one in scenarios) + 1, max(one.years.last for one in scenarios) + 1)


def _paid(scenario: Scenario, year: int) -> float:
    return sum(scheme.total(year) for scheme in scenario.schemes.values()) if year <= scenario.years.last else 0.0


def _amount(euro: float) -> str:
    return f"{euro / _MILLION:,.2f}" if euro else "-"


def _payments(scenario: Scenario) -> list[tuple[str, ...]]:
    """Per calendar year what each scheme pays and what they pay together."""
    rows = []
    for year in _years_of(scenario):
        amounts = [scheme.total(year) for scheme in scenario.schemes.values()]
        rows.append((str(year), *map(_amount, [*amounts, sum(amounts)])))
    return rows
