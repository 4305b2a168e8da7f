"""Commands that run the model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def _share(fraction: float) -> float:
    if not 0.0 < fraction <= 1.0:
        raise typer.BadParameter(f"{fraction} is not above 0 and at most 1")
    return fraction


Fraction = Annotated[
    float, typer.Option(callback=_share, help="Part of the people that is modelled, above 0 and at most 1.")
]
Inputs = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="An input set; by default the one that comes with the package.")
]
Out = Annotated[Path | None, typer.Option(help="Folder for the results; by default a new one in ./results.")]


def run(
    scenario: Annotated[str, typer.Argument(help="Name or file of a scenario.")],
    seed: Annotated[int, typer.Option(min=0, help="Stream of luck.")] = 1,
    draw: Annotated[
        int, typer.Option(min=0, help="Parameter values: 0 the central ones, k sample k of the priors.")
    ] = 0,
    fraction: Fraction = 0.1,
    inputs: Inputs = None,
    out: Out = None,
) -> None:
    """Run one scenario once. The last line printed is the path of the report."""
    from doorstroom.reporting.compare import run_one

    typer.echo(run_one(scenario, seed=seed, draw=draw, fraction=fraction, folder=inputs, out=out))


def compare(
    baseline: Annotated[str, typer.Argument(metavar="BASELINE", help="Name or file of the scenario to compare with.")],
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO", help="Names or files of the others.")],
    seeds: Annotated[int, typer.Option(min=1, help="Streams of luck per draw; each draw has its own.")] = 1,
    draws: Annotated[
        int,
        typer.Option(
            min=0, help="0: the central parameter values only (draw 0). N: samples 1..N of the priors, without draw 0."
        ),
    ] = 0,
    posterior: Annotated[
        Path | None, typer.Option(help="Draws of a fit (a file that calibrate wrote) instead of those of the priors.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Runs at a time; by default one per processor. Changes no result.")
    ] = None,
    fraction: Fraction = 0.1,
    inputs: Inputs = None,
    out: Out = None,
) -> None:
    """Run scenarios with the same draws and the same luck and report what differs from the baseline.

    The last line printed is the path of the report.
    """
    from doorstroom.reporting import compare as reporting
    from doorstroom.scenario import fixed_apart, load_scenario

    names = [baseline, *scenarios]
    for beware in fixed_apart([load_scenario(name) for name in names]):
        typer.echo(beware, err=True)
    made = reporting.compare(
        names,
        seeds=seeds,
        draws=draws,
        posterior=posterior,
        processes=processes,
        fraction=fraction,
        folder=inputs,
        out=out,
    )
    typer.echo(made)
