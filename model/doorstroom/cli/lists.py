"""What there is to choose from in scenarios and study files: regions and outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from doorstroom.cli.printing import print_facts, print_table
from doorstroom.cli.runs import Inputs
from doorstroom.errors import InputError, explain


def regions(
    text: Annotated[str, typer.Argument(metavar="[TEXT]", help="Only those whose name has this text.")] = "",
    inputs: Inputs = None,
) -> None:
    """List the regions by the names that scenarios and study files take, with what stood there on 1 October 2019."""
    from doorstroom.inputs.sets import load_inputs

    loaded = load_inputs(None if inputs is None else Path(inputs))
    table = loaded.regions
    chosen = table[table["name"].str.casefold().str.contains(text.casefold(), regex=False)]
    if chosen.empty:
        names = list(table["name"])
        raise InputError(explain("regions", "name", text, f"part of a region's name, such as {names[0]}", names))
    print_table(
        ("name", "locations", "technique of year 3"),
        [
            (row["name"], f"{(loaded.locations['region'] == row['region']).sum():,}", f"{row['technique_share']:.0%}")
            for row in chosen.to_dict("records")
        ],
    )


def outcomes(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One of them, or text that its name has.")] = "",
) -> None:
    """List the outcomes that a study file may ask, or tell all of one."""
    from doorstroom.errors import ScenarioError
    from doorstroom.outcomes import OUTCOMES

    if name in OUTCOMES:
        outcome = OUTCOMES[name]
        typer.echo(f"{name}: {outcome.title}")
        print_facts(
            [
                ("unit", outcome.unit),
                ("groups", ", ".join(outcome.groups)),
                ("definition", outcome.definition),
            ]
        )
        return
    chosen = {key: one for key, one in OUTCOMES.items() if name.casefold() in key.casefold()}
    if not chosen:
        raise ScenarioError(explain("outcomes", "name", name, "an outcome's name, or part of one", OUTCOMES))
    print_table(("name", "unit", "title"), [(key, one.unit, one.title) for key, one in chosen.items()])
