"""Commands about parameters."""

from __future__ import annotations

from typing import Annotated

import typer

from doorstroom.cli.printing import print_facts, print_table
from doorstroom.errors import ParameterError, explain

app = typer.Typer(no_args_is_help=True, help="The parameters with their sources.")


@app.command("list")
def list_parameters(
    section: Annotated[str | None, typer.Option(help="Only this section, such as profile_choice.")] = None,
) -> None:
    """List the parameters with value, unit, grade of evidence, prior and source."""
    from doorstroom.parameters import load_parameters

    entries = load_parameters()
    sections = sorted({name.split(".")[0] for name in entries})
    if section is not None and section not in sections:
        raise ParameterError(explain("parameters.toml", "section", section, ", ".join(sections), sections))
    print_table(
        ("name", "value", "unit", "grade", "prior", "source"),
        [
            (name, entry.value_text(), entry.unit, entry.grade, entry.prior_text(), _short(entry.source))
            for name, entry in entries.items()
            if section is None or name.split(".")[0] == section
        ],
    )


@app.command("show")
def show_parameter(name: Annotated[str, typer.Argument(help="Name, such as profile_choice.distance_cost.")]) -> None:
    """Print everything that is known of one parameter."""
    from doorstroom.parameters import load_parameters

    entries = load_parameters()
    if name not in entries:
        raise ParameterError(explain("parameters.toml", "name", name, "a parameter's name", entries))
    entry = entries[name]
    typer.echo(name)
    facts = [("value", entry.value_text()), ("unit", entry.unit), ("domain", entry.domain_text())]
    known = [("grade", entry.grade), ("prior", entry.prior_text()), ("source", entry.source), ("why", entry.why)]
    if entry.sign is not None:
        known.append(("sign", entry.sign))
    print_facts([*facts, *known])


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."
