"""Commands about the figures that the model starts from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doorstroom.cli.printing import print_facts, print_table
from doorstroom.errors import InputError

if TYPE_CHECKING:
    from doorstroom.inputs.checks import Margin
    from doorstroom.inputs.importing import ImportReport

_CONTROLS = {
    "pupils": "pupils",
    "pupils_year3_bb_kb_gl": "year 3 of bb, kb and gl",
    "pupils_year3_technical": "of these in technique",
    "locations_year3": "locations in year 3",
    "mbo_students": "mbo students",
    "exam_candidates": "exams by department",
    "exam_candidates_by_sex_file": "exams by sex",
    "exam_candidates_placed_by": "exams placed by",
    "group8": "last year of primary school",
    "homes_inhabitants_0_64": "inhabitants aged 0 to 64",
    "homes_postcodes_withheld": "postcodes without counts",
    "homes_postcodes_placed_by_number": "postcodes at a neighbour",
    "feeders_largest_deviation_pupils": "routes: largest deviation",
    "feeders_share_misplaced": "routes: share misplaced",
    "feeders_track_deviation_pupils": "routes: deviation by track",
}
"""Control totals in the order they are printed, and what they are called there."""

app = typer.Typer(no_args_is_help=True, help="The figures that the model starts from.")


@app.command("import")
def import_inputs(
    folder: Annotated[Path, typer.Argument(help="Folder with the official files, of an older or newer edition.")],
    to: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the set. By default one in the working directory, named after the set, such as ./nl2019; "
            "the set that comes with the package is left as it is. An input set that is there already is replaced."
        ),
    ] = None,
) -> None:
    """Make an input set from official files.

    The set is written whole or not at all. docs/inputs.md says which files are needed and what happens without the
    others. The last line printed is the folder of the set.
    """
    from doorstroom.inputs.importing import import_official

    _print_report(import_official(folder, to))


@app.command("regions")
def own_regions(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with the columns location (such as 00AH00), region (its name) and, if known, euro: what the "
            "region was granted of STO over 2020-2023. One row for every location of the set."
        ),
    ],
    base: Annotated[
        Path | None, typer.Option("--from", help="Folder of the set that is taken; by default that of the package.")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(help="Folder for the new set; by default one in the working directory, ./nl2019-own-regions."),
    ] = None,
) -> None:
    """Make an input set with regions of your own, such as the STO regions, in place of DUO's nodal areas.

    Use it with --inputs. Amounts stand in a scenario beside its tables, own_amounts.toml, to be run on this set.
    """
    from doorstroom.inputs.own_regions import with_own_regions

    made = with_own_regions(file, base, to)
    rows = [
        (row.name, f"{row.pupils_y3_vocational:,.0f}", "" if row.euro != row.euro else f"{row.euro:,.0f}")
        for row in made.regions.itertuples(index=False)
    ]
    print_table(("region", "year 3 of bb, kb and gl", "euro a year"), rows, numbers=True)
    scenario = "baseline" if made.scenario is None else str(made.scenario)
    typer.echo(f"\n{made.name}: {len(rows)} regions. To run it: doorstroom run {scenario} --inputs {made.target}")
    typer.echo(made.target)


@app.command("check")
def check_inputs(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of an input set; by default the one that comes with the package.")
    ] = None,
) -> None:
    """Verify an input set: hashes, references between its tables, and every margin that it has to reproduce."""
    from doorstroom.inputs.checks import check_margins
    from doorstroom.inputs.sets import load_inputs, place, read_manifest

    inputs = load_inputs(folder)
    manifest = read_manifest(place(folder))
    typer.echo(f"{inputs.name}: whole, {len(manifest['tables'])} tables as its manifest says, all references found")
    print_facts([("date", manifest["date"]), ("identity", inputs.identity[:12])])
    found = check_margins(inputs, manifest["controls"])
    _print_margins(found)
    wrong = [margin for margin in found if not margin.holds]
    if wrong:
        raise InputError(f"{place(folder)}: margins that don't hold: " + "; ".join(margin.name for margin in wrong))
    typer.echo(f"Every margin holds. {_largest(found)}")


def _print_report(report: ImportReport) -> None:
    typer.echo(f"{report.name}: {len(report.rows)} tables")
    print_table(("table", "rows"), [(name, f"{rows:,}") for name, rows in report.rows.items()], numbers=True)
    typer.echo("Control totals, to compare with the published ones")
    print_facts([(title, _control(report.controls[key])) for key, title in _CONTROLS.items() if key in report.controls])
    typer.echo("\nWhat was missing, withheld or placed otherwise, and what was done about it")
    for remark in report.remarks:
        typer.echo(f"  - {remark}")
    for name, why in report.unused:
        typer.echo(f"  - not read: {name}" + (f" ({why})" if why else ""))
    typer.echo("")
    typer.echo(report.target)


def _print_margins(margins: list[Margin]) -> None:
    rows = [
        (one.name, f"{one.cells:,}", f"{one.deviation:.6g} {one.unit}", f"{one.allowed:g}", one.where)
        for one in margins
    ]
    print_table(("name", "totals", "largest deviation", "allowed", "where"), rows)


def _largest(margins: list[Margin]) -> str:
    """The largest deviation in persons, as a sentence."""
    persons = [margin for margin in margins if margin.unit != "share"]
    worst = max(persons, key=lambda margin: margin.deviation)
    if not worst.deviation:
        return "No total deviates."
    return f"The largest deviation is {worst.deviation:.1f} {worst.unit}, in {worst.name} ({worst.where})."


def _control(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_control(one)}" for name, one in value.items())
    return f"{value:,}"
