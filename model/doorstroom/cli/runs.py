"""Commands that run the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doorstroom.defaults import (
    A_FRACTION,
    DRAWS,
    FRACTION,
    LEAST_FRACTION,
    MOST_DRAWS,
    MOST_SEEDS,
    MOST_STREAM,
    SEEDS,
)
from doorstroom.fits import Fit

if TYPE_CHECKING:
    from doorstroom.scenario import Scenario


def _share(fraction: float) -> float:
    if not LEAST_FRACTION <= fraction <= 1.0:
        raise typer.BadParameter(f"{fraction:g} is not {A_FRACTION}")
    return fraction


Fraction = Annotated[float, typer.Option(callback=_share, help=f"Part of the people that is modelled, {A_FRACTION}.")]
Inputs = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="An input set; by default the one that comes with the package.")
]
Out = Annotated[Path | None, typer.Option(help="Folder for the results; by default a new one in ./results.")]
Processes = Annotated[
    int | None,
    typer.Option(min=1, help="Runs at a time; by default one per processor that may be used. Changes no result."),
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Dask scheduler, tcp://host:port, or local to start one. Changes no result."),
]

AsKnown = Annotated[
    Fit | None,
    typer.Option("--fit", help="What the values are made from: docs/scenarios.md; by default what a scenario states."),
]

FAILED = 1
"""Exit code where runs failed."""
STOPPED = 130
"""Exit code after Ctrl-C, as shells have it."""


def _smallest(asked: str) -> tuple[str, float]:
    """An outcome and the smallest difference that matters, from `outcome=size`."""
    name, _, size = asked.partition("=")
    try:
        return name.strip(), float(size)
    except ValueError:
        raise typer.BadParameter(f"{asked!r} is not OUTCOME=SIZE, such as teacher_fte=0.02") from None


def _in_fit(name: str, fit: Fit | None, inputs: Path | None) -> str | Scenario:
    """The scenario of a name, in another fit where one is asked for; it may name the regions of the input set."""
    if fit is None:
        return name
    from doorstroom.inputs.sets import load_inputs
    from doorstroom.scenario import load_scenario

    regions = load_inputs(inputs).regions["name"].tolist()
    return load_scenario(name, regions).model_copy(update={"fit": fit})


def run(
    scenario: Annotated[str, typer.Argument(help="Name or file of a scenario.")],
    seed: Annotated[int, typer.Option(min=0, max=MOST_STREAM, help="Stream of luck.")] = 1,
    draw: Annotated[
        int, typer.Option(min=0, max=MOST_DRAWS, help="Parameter values: 0 the central ones, k sample k of the priors.")
    ] = 0,
    fraction: Fraction = FRACTION,
    fit: AsKnown = None,
    inputs: Inputs = None,
    out: Out = None,
) -> None:
    """Run one scenario once. The last line printed is the path of the report."""
    from doorstroom.reporting.compare import run_one
    from doorstroom.reporting.page.write import FILE

    made = run_one(_in_fit(scenario, fit, inputs), seed=seed, draw=draw, fraction=fraction, inputs=inputs, out=out)
    typer.echo(made.folder / FILE)


def compare(
    baseline: Annotated[str, typer.Argument(metavar="BASELINE", help="Name or file of the scenario to compare with.")],
    scenarios: Annotated[
        list[str] | None, typer.Argument(metavar="SCENARIO", help="Names or files of the others.")
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, max=MOST_SEEDS, help="Streams of luck per draw; each draw has its own.")
    ] = SEEDS,
    draws: Annotated[
        int,
        typer.Option(
            min=0,
            max=MOST_DRAWS,
            help="N: samples 1..N of the priors, without draw 0. 0: the central parameter values only (draw 0).",
        ),
    ] = DRAWS,
    posterior: Annotated[
        Path | None, typer.Option(help="Draws of a fit (a file that calibrate wrote) instead of those of the priors.")
    ] = None,
    processes: Processes = None,
    cluster: Cluster = None,
    fraction: Fraction = FRACTION,
    fit: AsKnown = None,
    matters: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OUTCOME=SIZE",
            help="Smallest difference that matters, such as teacher_fte=0.02: a part of the level, of a ratio a "
            "difference in its own unit. Changes words, no number.",
        ),
    ] = None,
    inputs: Inputs = None,
    out: Out = None,
) -> None:
    """Run scenarios with the same draws and the same luck and report what differs from the baseline.

    Ctrl-C ends after the runs in progress; the same command goes on. A run that fails is told, and the others go on.
    The last line printed is the path of the report.
    """
    from doorstroom.experiment.experiment import Experiment
    from doorstroom.experiment.run import conduct
    from doorstroom.reporting.compare import report

    experiment = Experiment.compare(
        [_in_fit(name, fit, inputs) for name in (baseline, *(scenarios or []))],
        seeds=seeds,
        draws=draws,
        posterior=posterior,
        fraction=fraction,
        inputs=inputs,
        matters=dict(map(_smallest, matters or [])),
    )
    try:
        done = conduct(experiment, processes=processes, cluster=cluster, out=out)
    except KeyboardInterrupt as stop:
        typer.echo("Stopped; finished runs are kept. The same command goes on.", err=True)
        raise typer.Exit(STOPPED) from stop
    tell_failures(done.folder)
    typer.echo(report(done.results).page)
    if done.failed:
        raise typer.Exit(FAILED)


def tell_failures(folder: Path) -> None:
    """Say which runs of a study failed, and which command makes each of them again."""
    from doorstroom.experiment.run_index import failures

    for failure in failures(folder):
        told = f"failed: run {failure['run']}: {failure['error']}; again: {failure['command']}"
        typer.echo(told, err=True)
