"""The command that says what is wrong with an installation."""

from __future__ import annotations

import typer

from doorstroom.cli.printing import print_facts, print_table

UNWELL = 1
"""Exit code where something keeps the model from working."""


def doctor() -> None:
    """Say what is wrong with this installation, and what to do about it.

    Looks at Python, packages, optional extras, disk, memory, processors, the input set, a tiny run and the cache of
    compiled code. Ends with 0 where the model works here, with 1 where it doesn't.
    """
    from doorstroom.experiment.installation import State, examine

    findings = list(examine())
    print_table(("name", "state", "found"), [(one.what, one.state, one.found) for one in findings])
    advised = [(one.what, one.advice) for one in findings if one.advice]
    if advised:
        typer.echo("What to do")
        print_facts(advised)
    wrong = [one.what for one in findings if one.state is State.WRONG]
    if wrong:
        typer.echo(f"\nNot in order: {', '.join(wrong)}", err=True)
        raise typer.Exit(UNWELL)
    typer.echo("\nThe model works here.")
