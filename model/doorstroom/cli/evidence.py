"""Commands about how far the model can be believed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from doorstroom.cli.printing import print_table
from doorstroom.cli.runs import Fraction

Draws = Annotated[int, typer.Option(min=0, help="Draws of the parameters; 0 is the central values alone.")]
Processes = Annotated[int | None, typer.Option(min=1, help="Runs at a time; by default one per processor.")]
Posterior = Annotated[
    Path | None, typer.Option(help="Draws of a fit (a file that `calibrate` wrote) instead of those of the priors.")
]
Runs = Annotated[Path, typer.Option(help="Folder that keeps the runs, so that none is made twice.")]
PatternFile = Annotated[Path, typer.Option(help="File of patterns.")]

_RUNS = Path("results") / "evidence"
_PATTERNS = Path("experiments") / "patterns.toml"


def _count(processes: int | None) -> int:
    return processes or os.cpu_count() or 1


def patterns(
    draws: Draws = 0,
    fraction: Fraction = 0.1,
    posterior: Posterior = None,
    file: PatternFile = _PATTERNS,
    processes: Processes = None,
    runs: Runs = _RUNS,
) -> None:
    """Check runs against the patterns that a fitted model must meet."""
    from doorstroom.study.evidence import ensemble, patterns
    from doorstroom.study.evidence import posterior as fitted

    asked = patterns.load_patterns(file)
    chosen = fitted.draws_of(draws, posterior)
    made = ensemble.run_ensemble(
        chosen,
        patterns.series_of(asked),
        folder=runs,
        fraction=fraction,
        processes=_count(processes),
        own_seeds=len(chosen) > 1,
    )
    checks = patterns.check(asked, made)
    print_table(
        ("name", "observed", "tolerance", "model", "spread", "runs inside", "holds"),
        [
            (
                one.pattern.name,
                f"{one.pattern.value:g}",
                f"{one.pattern.tolerance:g}",
                f"{one.figures.mean():.4g}",
                f"{one.figures.std():.2g}",
                f"{one.inside:.0%}",
                "yes" if one.holds else "NO",
            )
            for one in checks
        ],
    )
    typer.echo(
        f"{sum(one.holds for one in checks)} of {len(checks)} patterns hold in at least half of {len(chosen)} runs"
    )


def validate(
    observed: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of observed figures: DUO's as published, or the long form of docs/validation.md."),
    ] = None,
    draws: Draws = 40,
    fraction: Fraction = 0.1,
    posterior: Posterior = None,
    processes: Processes = None,
    runs: Runs = _RUNS,
    out: Annotated[Path, typer.Option(help="Folder for the tables and plots.")] = Path("results") / "validation",
) -> None:
    """Score forecasts against what was observed, next to three naive forecasts.

    Without a file: from six origins over the nine exam years 2011-2019, each time from what was known then. With
    files: the model started in 2019/20 against the figures in them. The last line printed is the path of the page.
    """
    from doorstroom.reporting import validation
    from doorstroom.study.evidence import posterior as fitted

    chosen = fitted.draws_of(draws, posterior)
    if observed:
        from doorstroom.study.evidence.hindcast import against

        table, past, remarks = against(observed, chosen, folder=runs, fraction=fraction, processes=_count(processes))
        title = "The model from 2019/20 against " + ", ".join(path.name for path in observed)
    else:
        from doorstroom.study.evidence.rolling import known_before, rolling_origin

        table, past, remarks = rolling_origin(chosen, processes=_count(processes)), known_before(), []
        title = "Rolling origin over the exam years 2011-2019"
    page = validation.write_validation(table, out, title, remarks, past)
    print_table(validation.SUMMARY_HEAD, validation.summary_rows(table))
    print_table(validation.CONTEST_HEAD, validation.contest_rows(table))
    for remark in remarks:
        typer.echo(remark)
    typer.echo(str(page))
