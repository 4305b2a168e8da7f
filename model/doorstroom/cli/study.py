"""Commands about studies at scale: run, status, resume, show, replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doorstroom.cli.printing import print_facts, print_table
from doorstroom.cli.runs import FAILED, STOPPED, Cluster, Processes, tell_failures

if TYPE_CHECKING:
    from doorstroom.experiment.analyses.base import Analysis
    from doorstroom.experiment.experiment import Experiment
    from doorstroom.experiment.results import Results

app = typer.Typer(no_args_is_help=True, help="Studies from a file: many runs, sensitivity, robustness.")

File = Annotated[Path, typer.Argument(metavar="FILE", help="Study file, such as experiments/first_look.toml.")]
Study = Annotated[Path, typer.Argument(metavar="STUDY", help="Study file, or the folder that a study landed in.")]


@app.command()
def run(
    file: File,
    processes: Processes = None,
    cluster: Cluster = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the study; by default ./results and its name.")] = None,
) -> None:
    """Make what is missing of a study, analyse it and write tables and figures.

    Ctrl-C ends after the runs in progress; the same command goes on. The last line printed is the path of the page.
    """
    from doorstroom.experiment.experiment import Experiment
    from doorstroom.experiment.run import folder_of

    _conduct(Experiment.from_file(file), folder_of(file, out), processes, cluster, going_on=False)


@app.command()
def resume(study: Study, processes: Processes = None, cluster: Cluster = None) -> None:
    """Go on with a study that was stopped or killed; failed runs are tried again."""
    from doorstroom.experiment.run import found

    _conduct(*found(study), processes, cluster, going_on=True)


@app.command()
def status(study: Study) -> None:
    """Say how much of a study is there, who is working on it, how long it will take, and what failed."""
    from doorstroom.experiment.run import found
    from doorstroom.experiment.status import standing

    now = standing(*found(study))
    typer.echo(f"{now.title}: {now.folder}")
    print_facts(
        [
            ("runs", f"{now.there:,} of at most {now.asked:,}"),
            ("failed", f"{len(now.failed):,}" if now.failed else ""),
            ("at work", f"{now.workers} process{'es' * (now.workers != 1)}, {now.rate:.3g} runs/s"),
            ("time left", "" if now.finished else _duration(now.left)),
            ("a run takes", "" if now.seconds != now.seconds else f"{now.seconds:.3g} s"),
            ("made otherwise", f"{now.stale:,} runs of another question, code or inputs" if now.stale else ""),
            ("damaged", f"{now.damaged} part(s) set aside; their runs are made again" if now.damaged else ""),
            ("finished", "yes: doorstroom study show" if now.finished else "no: doorstroom study resume"),
        ]
    )
    for failure in now.failed:
        place = f"{failure['scenario']}, point {failure['point']}, seed {failure['seed']}"
        typer.echo(f"failed: {place}: {failure['error']}\n  again: {failure['command']}")


@app.command()
def show(study: Study) -> None:
    """Analyse the runs of a finished study again and print what they say. The last line is the path of the page."""
    from doorstroom.experiment.results import Results
    from doorstroom.experiment.run import folder_of

    _write(Results.open(study if study.is_dir() else folder_of(study)))


@app.command()
def replay(
    study: Study, number: Annotated[int, typer.Argument(metavar="RUN", min=0, help="Number of a run in the study.")]
) -> None:
    """Make one run of a study again in this process and print what the study reads from it, or its whole error."""
    from doorstroom.experiment.replay import replay as again
    from doorstroom.experiment.run import found

    replayed = again(*found(study), number)
    place = replayed.place
    draw = replayed.draw if isinstance(replayed.draw, int) else f"{len(replayed.draw)} values"
    where = f"point {place.point}, seed {place.seed}, draw {draw}"
    typer.echo(f"run {number}: {place.world.label}, {place.world.structure}, {where}")
    print_table(("outcome", "value"), [(name, f"{value:.10g}") for name, value in replayed.readings.items()])


def _conduct(
    experiment: Experiment, folder: Path, processes: int | None, cluster: str | None, *, going_on: bool
) -> None:
    from doorstroom.experiment.run import conduct

    try:
        done = conduct(experiment, processes=processes, cluster=cluster, out=folder, going_on=going_on)
    except KeyboardInterrupt as stop:
        typer.echo(f"Stopped. Go on with: doorstroom study resume {folder}", err=True)
        raise typer.Exit(STOPPED) from stop
    typer.echo(f"{done.made:,} runs made, {done.borrowed:,} taken over from other studies, {done.failed:,} failed")
    tell_failures(done.folder)
    _write(done.results)
    if done.failed:
        raise typer.Exit(FAILED)


def _write(results: Results) -> None:
    """Write the reports of a study, print what its analyses say, and the path of its page."""
    from doorstroom.reporting.compare import report

    written = report(results)
    for analysis in written.analyses:
        _print(analysis)
    typer.echo(written.page)


def _print(analysis: Analysis) -> None:
    from doorstroom.reporting.sensitivity import short_tables

    typer.echo(f"\n{analysis.title}")
    for short in short_tables(analysis):
        if short.common:
            typer.echo(f"  in all rows: {short.common}")
        if short.rows:
            print_table(short.columns, short.rows)
    for warning in analysis.warnings:
        typer.echo(f"  beware: {warning}")


def _duration(seconds: float) -> str:
    """A span of time in the unit that fits it."""
    if seconds != seconds:
        return "unknown, no run was made yet"
    for name, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"at most {seconds / length:.1f} {name}"
    return f"at most {seconds:.0f} seconds"
