"""The command line: it parses, calls and prints. The model is imported only by the commands that need it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from doorstroom.errors import DoorstroomError, ParameterError, ScenarioError, explain

if TYPE_CHECKING:
    from rich.console import Console

    from doorstroom.parameters import Parameter
    from doorstroom.scenario import Scenario, Scheme

FAULT = 2
"""Exit code where the input is at fault."""

_MILLION = 1e6


class _Commands(TyperGroup):
    """Prints our own errors as one message, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except DoorstroomError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(FAULT) from error


app = typer.Typer(
    name="doorstroom",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Technical education in the Netherlands: what funding does to pupils, teachers and technicians.",
)
scenarios_app = typer.Typer(no_args_is_help=True, help="List, show and check scenario files.")
parameters_app = typer.Typer(no_args_is_help=True, help="The parameters with their sources.")
inputs_app = typer.Typer(no_args_is_help=True, help="The figures that the model starts from.")
app.add_typer(scenarios_app, name="scenarios")
app.add_typer(parameters_app, name="parameters")
app.add_typer(inputs_app, name="inputs")


def _share(fraction: float) -> float:
    if not 0.0 < fraction <= 1.0:
        raise typer.BadParameter(f"{fraction} is not above 0 and at most 1")
    return fraction


Fraction = Annotated[
    float, typer.Option(callback=_share, help="Part of the people that is modelled, above 0 and at most 1.")
]
Out = Annotated[Path | None, typer.Option(help="Folder for the results; by default a new one in ./results.")]


def _version(asked: bool) -> None:
    if asked:
        try:
            typer.echo(f"doorstroom {metadata.version('doorstroom')}")
        except metadata.PackageNotFoundError:
            typer.echo("doorstroom, run from its source tree")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Only takes --version; the work is in the commands."""


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="Name or file of a scenario.")],
    seed: Annotated[int, typer.Option(min=0, help="Stream of luck.")] = 1,
    draw: Annotated[
        int, typer.Option(min=0, help="Parameter values: 0 the central ones, k sample k of the priors.")
    ] = 0,
    fraction: Fraction = 0.1,
    out: Out = None,
) -> None:
    """Run one scenario once. The last line printed is the path of the report."""
    from doorstroom.reporting.compare import run_one

    typer.echo(run_one(scenario, seed=seed, draw=draw, fraction=fraction, out=out))


@app.command()
def compare(
    baseline: Annotated[str, typer.Argument(metavar="BASELINE", help="Name or file of the scenario to compare with.")],
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO", help="Names or files of the others.")],
    seeds: Annotated[int, typer.Option(min=1, help="Number of streams of luck: seeds 1..N.")] = 1,
    draws: Annotated[
        int,
        typer.Option(
            min=0, help="0: the central parameter values only (draw 0). N: samples 1..N of the priors, without draw 0."
        ),
    ] = 0,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Runs at a time; by default one per processor. Changes no result.")
    ] = None,
    fraction: Fraction = 0.1,
    out: Out = None,
) -> None:
    """Run scenarios with the same draws and seeds and report what differs from the baseline.

    The last line printed is the path of the report.
    """
    from doorstroom.reporting import compare as reporting

    names = [baseline, *scenarios]
    typer.echo(reporting.compare(names, seeds=seeds, draws=draws, processes=processes, fraction=fraction, out=out))


@scenarios_app.command("list")
def list_scenarios() -> None:
    """List the scenarios in ./scenarios and those that come with the package."""
    from doorstroom.scenario import load_scenario, scenario_files

    rows = []
    for name, file in sorted(scenario_files().items()):
        try:
            scenario = load_scenario(file)
            rows.append((name, scenario.title, scenario.question))
        except ScenarioError:
            rows.append((name, "(has faults)", f"doorstroom scenarios check {file}"))
    _print_table(("name", "title", "question"), rows)


@scenarios_app.command("show")
def show_scenario(name: Annotated[str, typer.Argument(help="Name or file of a scenario.")]) -> None:
    """Print a scenario with all that it inherits, and what it pays per year."""
    from doorstroom.scenario import load_scenario

    scenario = load_scenario(name)
    years = scenario.years
    facts = [
        ("question", scenario.question),
        ("changes", scenario.changes),
        ("years", f"{years.first}/{(years.first + 1) % 100} to {years.last}/{(years.last + 1) % 100}"),
        ("parameters", ", ".join(f"{key} = {value:g}" for key, value in scenario.parameters.items())),
        ("loops off", ", ".join(loop for loop, on in scenario.loops if not on)),
        ("identity", scenario.identity()[:12]),
    ]
    typer.echo(f"{scenario.name}: {scenario.title}")
    _print_facts(facts)
    for key, scheme in scenario.schemes.items():
        typer.echo(f"\n{key}: {scheme.title}")
        _print_facts(_rules(scheme))
    if scenario.schemes:
        typer.echo("\nMillion euro paid per calendar year, extra for named regions included")
        _print_table(("year", *scenario.schemes, "total"), _payments(scenario), numbers=True)


@scenarios_app.command("check")
def check_scenarios(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="FILE", help="Names or files; by default all in ./scenarios.")
    ] = None,
) -> None:
    """Check scenario files; prints one line per fault."""
    from doorstroom.scenario import load_scenario

    if not names:
        names = [str(file) for file in sorted(Path("scenarios").glob("*.toml"))]
    if not names:
        raise ScenarioError(explain("scenarios", "folder", "no file", "scenario files in ./scenarios, or their names"))
    faults: dict[str, None] = {}  # in order, and those of a shared parent once
    for name in names:
        try:
            load_scenario(name)
        except ScenarioError as error:
            faults.update(dict.fromkeys(str(error).splitlines()))
    for fault in faults:
        typer.echo(fault)
    if faults:
        raise typer.Exit(FAULT)
    typer.echo(f"{len(names)} checked, no faults")


@parameters_app.command("list")
def list_parameters(
    section: Annotated[str | None, typer.Option(help="Only this section, such as profile_choice.")] = None,
) -> None:
    """List the parameters with value, unit, grade of evidence, prior and source."""
    from doorstroom.parameters import load_parameters

    entries = load_parameters()
    sections = sorted({name.split(".")[0] for name in entries})
    if section is not None and section not in sections:
        raise ParameterError(explain("parameters.toml", "section", section, ", ".join(sections), sections))
    _print_table(
        ("name", "value", "unit", "grade", "prior", "source"),
        [
            (name, _value(entry), entry.unit, entry.grade, _prior(entry), _short(entry.source))
            for name, entry in entries.items()
            if section is None or name.split(".")[0] == section
        ],
    )


@parameters_app.command("show")
def show_parameter(name: Annotated[str, typer.Argument(help="Name, such as profile_choice.distance_cost.")]) -> None:
    """Print everything that is known of one parameter."""
    from doorstroom.parameters import load_parameters

    entries = load_parameters()
    if name not in entries:
        raise ParameterError(explain("parameters.toml", "name", name, "a parameter's name", entries))
    entry = entries[name]
    typer.echo(name)
    facts = [("value", _value(entry)), ("unit", entry.unit), ("grade", entry.grade), ("prior", _prior(entry))]
    _print_facts([*facts, ("source", entry.source), ("why", entry.why)])


@inputs_app.command("import")
def import_inputs(
    folder: Annotated[Path, typer.Argument(help="Folder with the official files.")],
    to: Annotated[Path | None, typer.Option(help="Folder for the input set that is made of them.")] = None,
) -> None:
    """Make an input set from official files."""
    from doorstroom.inputs.importing import import_official

    typer.echo(import_official(folder, to))


def _rules(scheme: Scheme) -> list[tuple[str, str]]:
    """What a scheme says, in the words of its file."""
    regional = [
        ("division", scheme.division),
        ("regions", scheme.regions if isinstance(scheme.regions, str) else ", ".join(scheme.regions)),
        ("extra", ", ".join(f"{region} {euro:,.0f} euro a year" for region, euro in scheme.extra.items())),
        ("participants", ", ".join(scheme.participants)),
        ("activities", ", ".join(f"{activity} {share:.0%}" for activity, share in scheme.activities.items())),
        ("co-financing", f"{scheme.cofinancing:.1%} of the grant"),
        ("unspent", scheme.unspent.replace("_", " ")),
        ("plan", f"{scheme.plan_years} year{'s' if scheme.plan_years > 1 else ''}"),
        ("reviews", ", ".join(map(str, scheme.review_years))),
    ]
    return [
        ("programme", f"{scheme.programme}, {scheme.line} line"),
        ("years", f"{scheme.first_year}-{scheme.last_year}"),
        ("after", f"{scheme.after:.0%} of the last year's budget each year" if scheme.after else ""),
        ("gap years", ", ".join(map(str, scheme.gap_years))),
        *(regional if scheme.line == "regional" else []),
        ("sources", "; ".join(scheme.sources)),
    ]


def _payments(scenario: Scenario) -> list[tuple[str, ...]]:
    """Per calendar year what each scheme pays and what they pay together."""
    rows = []
    for year in range(scenario.years.first + 1, scenario.years.last + 1):
        amounts = [scheme.total(year) for scheme in scenario.schemes.values()]
        rows.append(
            (str(year), *(f"{amount / _MILLION:,.2f}" if amount else "-" for amount in [*amounts, sum(amounts)]))
        )
    return rows


def _value(entry: Parameter) -> str:
    if not isinstance(entry.value, list):
        return f"{entry.value:g}"
    return ", ".join(f"{label} {value:g}" for label, value in zip(entry.labels or [], entry.value, strict=True))


def _prior(entry: Parameter) -> str:
    """The prior as it would be said: its kind and its numbers."""
    if entry.prior is None:
        return ""
    numbers = entry.prior.model_dump(exclude={"dist"}, exclude_defaults=True)
    return f"{entry.prior.dist} ({', '.join(f'{key} {value:g}' for key, value in numbers.items())})"


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."


def _console() -> Console:
    from rich.console import Console

    return Console(markup=False, highlight=False)  # texts of files are printed as they are


def _print_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Lines of a name and what it is; what is empty is left out."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for name, text in facts:
        if text:
            table.add_row(f"  {name}", text)
    _console().print(table)


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = False) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        if numbers:
            table.add_column(column.replace("_", " "), justify="right")  # long names of schemes break between words
        else:
            table.add_column(column, no_wrap=column == "name", overflow="fold")
    for row in rows:
        table.add_row(*row)
    _console().print(table)
