"""Commands about how far the model can be believed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doorstroom.cli.printing import print_table
from doorstroom.cli.runs import Fraction
from doorstroom.defaults import FRACTION
from doorstroom.fits import Fit

if TYPE_CHECKING:
    from doorstroom.evidence.grades import Share

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
    from doorstroom.experiment.workers import processors

    return processes or processors()


def patterns(
    draws: Draws = 0,
    fraction: Fraction = FRACTION,
    posterior: Posterior = None,
    file: PatternFile = _PATTERNS,
    processes: Processes = None,
    runs: Runs = _RUNS,
) -> None:
    """Check runs against the patterns that a fitted model must meet."""
    from doorstroom.evidence import ensemble, patterns
    from doorstroom.experiment import posterior as fitted
    from doorstroom.reporting import fit

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
    print_table(fit.PATTERN_HEAD, fit.pattern_rows(checks))
    typer.echo(
        f"{sum(one.holds for one in checks)} of {len(checks)} patterns hold in at least half of {len(chosen)} runs"
    )


def observed(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Tables of figures instead of those of the package.")
    ] = None,
    draws: Draws = 40,
    fraction: Fraction = 0.1,
    posterior: Posterior = None,
    processes: Processes = None,
    runs: Runs = _RUNS,
    out: Annotated[Path | None, typer.Option(help="File for the page, such as docs/observed.md.")] = None,
) -> None:
    """Set the model's levels beside those that were observed, year by year from 2019 on.

    Teachers, the labour market, mbo, the offer and money, with sources. With --out the last line printed is the path of
    the page.
    """
    from doorstroom.evidence import levels
    from doorstroom.experiment import posterior as fitted
    from doorstroom.experiment.whole_files import atomic, made
    from doorstroom.inputs.levels import load_levels
    from doorstroom.reporting import levels as report

    compared = levels.run_levels(
        load_levels(files or ()),
        fitted.draws_of(draws, posterior),
        folder=runs,
        fraction=fraction,
        processes=_count(processes),
    )
    print_table(report.HEAD, report.level_rows(compared))
    typer.echo(report.told(compared))
    if out is not None:
        made(out.parent)
        with atomic(out) as target:
            target.write(report.page(compared, draws, fraction).encode())
        typer.echo(str(out))


def validate(
    observed: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of observed figures: DUO's as published, or the long form of docs/validation.md."),
    ] = None,
    *,
    known: Annotated[
        bool,
        typer.Option(
            "--known", help="The model from 2019/20 against all that the input set and monitors have observed."
        ),
    ] = False,
    draws: Draws = 40,
    fraction: Fraction = 1.0,
    fit: Annotated[
        Fit, typer.Option(help="What the parameters are made from; known_2019 knows nothing of the years after.")
    ] = "known_2019",
    posterior: Posterior = None,
    processes: Processes = None,
    runs: Runs = _RUNS,
    out: Annotated[Path, typer.Option(help="Folder for the tables and plots.")] = Path("results") / "validation",
) -> None:
    """Score forecasts against what was observed, next to three naive forecasts.

    Without a file: from six origins over the nine exam years 2011-2019, each time from what was known then. With
    files, or with --known: the model started in 2019/20 against the figures in them. A file of a part of the country is
    compared with the same locations of the model. The last line printed is the path of the page.
    """
    from doorstroom.evidence import hindcast, rolling
    from doorstroom.experiment import posterior as fitted
    from doorstroom.reporting import validation

    chosen, at_once = fitted.draws_of(draws, posterior), _count(processes)
    asked = hindcast.Runs(chosen, fit, runs, fraction, at_once)
    if observed:
        made = hindcast.against(observed, asked)
        title = "The model from 2019/20 against " + ", ".join(path.name for path in observed)
    elif known:
        made, title = hindcast.known(asked), "The model from 2019/20 against what was observed since"
    else:
        table = rolling.rolling_origin(chosen, processes=at_once)
        made = hindcast.Validation(table, rolling.known_before(), ())
        title = "Rolling origin over the exam years 2011-2019"
    page = validation.write_validation(made.table, out, title, made.remarks, made.past)
    print_table(validation.SUMMARY_HEAD, validation.summary_rows(made.table))
    print_table(validation.CONTEST_HEAD, validation.contest_rows(made.table))
    print_table(validation.LEAD_HEAD, validation.lead_rows(made.table))
    print_table(validation.ASKED_HEAD, validation.asked_rows(made.table))
    for remark in made.remarks:
        typer.echo(remark)
    typer.echo(str(page))


def calibrate(
    settings: Annotated[Path, typer.Option(help="File of the fit.")] = Path("experiments") / "calibration.toml",
    file: PatternFile = _PATTERNS,
    processes: Processes = None,
    runs: Runs = _RUNS,
    out: Annotated[Path, typer.Option(help="File for the draws of the posterior.")] = _RUNS / "posterior.csv",
) -> None:
    """Fit the uncertain parameters to what was known up to school year 2021/22.

    The last line printed is the path of the draws, for --posterior of other commands.
    """
    from doorstroom.evidence import fitting, patterns
    from doorstroom.evidence.calibration import load_settings
    from doorstroom.experiment import posterior
    from doorstroom.reporting import fit

    known = patterns.load_patterns(file)
    asked = load_settings(known, settings)
    targets = fitting.chosen(known, asked)
    design = fitting.design_of_runs(targets, asked, runs, _count(processes))
    fitted = fitting.fit_targets(design, targets)
    said = fitting.told(fitted, design, targets)
    print_table(fit.TARGET_HEAD, fit.target_rows(said.targets))
    print_table(fit.PARAMETER_HEAD, fit.parameter_rows(said.parameters))
    typer.echo(fit.fit_told(said.parameters, len(design.names), fitted.effective))
    typer.echo(str(posterior.save(fitting.posterior_of(fitted, design, targets, asked), out)))


def recover(
    worlds: Annotated[int, typer.Option(min=2, help="Simulated worlds.")] = 40,
    settings: Annotated[Path, typer.Option(help="File of the fit.")] = Path("experiments") / "calibration.toml",
    file: PatternFile = _PATTERNS,
    processes: Processes = None,
    runs: Runs = _RUNS,
    out: Annotated[Path, typer.Option(help="File for the table.")] = _RUNS / "recovery.csv",
) -> None:
    """Fit simulated worlds whose parameters are known, and tell how many are found.

    The last line printed is the path of the table.
    """
    import numpy as np

    from doorstroom.evidence import fitting, patterns
    from doorstroom.evidence.calibration import INFORMED, load_settings
    from doorstroom.experiment.whole_files import atomic, made
    from doorstroom.reporting import fit

    known = patterns.load_patterns(file)
    asked = load_settings(known, settings)
    targets = fitting.chosen(known, asked)
    design = fitting.design_of_runs(targets, asked, runs, _count(processes))
    table = fitting.recover(design, np.array([one.tolerance for one in targets]), worlds)
    print_table(fit.RECOVERY_HEAD, fit.recovery_rows(table, worlds))
    typer.echo(fit.recovery_told(table, worlds, INFORMED))
    made(out.parent)
    with atomic(out) as target:
        target.write(table.to_csv(index=False, float_format="%.5g", lineterminator="\n").encode())
    typer.echo(str(out))


def register(
    study: Annotated[Path, typer.Argument(help="Folder of a finished study with at least 20 runs.")],
    name: Annotated[str, typer.Option(help="What the projection is called.")] = "projection",
    scenario: Annotated[str | None, typer.Option(help="Which scenario; by default the baseline.")] = None,
    folder: Annotated[Path, typer.Option(help="The register.")] = Path("results") / "register",
) -> None:
    """Freeze a projection with its date, hash and intervals, to be scored when the figures come."""
    from doorstroom.evidence.register import register as freeze

    typer.echo(str(freeze(study, name, folder, scenario)))


def score(
    observed: Annotated[list[Path], typer.Argument(help="Files of observed figures, as for validate.")],
    folder: Annotated[Path, typer.Option(help="The register.")] = Path("results") / "register",
) -> None:
    """Score every registered projection against observed figures, misses included."""
    import pandas as pd

    from doorstroom.evidence import register as kept
    from doorstroom.inputs.observations import read_observations
    from doorstroom.inputs.sets import load_inputs
    from doorstroom.reporting import validation

    inputs = load_inputs()
    read = [(path, read_observations(path, inputs)) for path in observed]
    for path, one in read:
        if one.locations is not None:
            typer.echo(f"{path.name}: left out, it holds a part of the country and a projection is kept by region")
    figures = pd.concat([one.table[[one.locations is None] * len(one.table)] for _, one in read], ignore_index=True)
    for entry in kept.entries(folder):
        table = kept.scored(entry, figures)
        typer.echo(f"{entry.path.name}: {entry.about['scenario']}, registered {entry.about['registered']}")
        if table.empty:
            typer.echo("  no figure of these files is in this projection")
            continue
        print_table(validation.SUMMARY_HEAD, validation.summary_rows(table))
        missed = kept.misses(table)
        typer.echo(f"{len(missed)} of {len(table)} figures lie outside the 90% interval")
        print_table(
            ("outcome", "group", "region", "year", "observed", "low", "high"),
            [
                (
                    one["outcome"],
                    one["group"],
                    str(one["region"]),
                    str(one["year"]),
                    f"{one['observed']:.5g}",
                    f"{one['low90']:.5g}",
                    f"{one['high90']:.5g}",
                )
                for one in missed[:20]
            ],
        )


def grades(
    study: Annotated[Path, typer.Argument(help="Folder of a finished comparison with at least 20 draws.")],
    outcome: Annotated[str, typer.Option(help="Outcome of docs/outcomes.md.")] = "vmbo_technique_share",
    group: Annotated[str, typer.Option(help="Group of the outcome.")] = "total",
    year: Annotated[int | None, typer.Option(help="Year; by default the last.")] = None,
) -> None:
    """Tell which part of an effect's variance rests on measured, literature, judgement and assumption parameters."""
    from doorstroom.errors import StoreError, explain
    from doorstroom.evidence.grades import ENOUGH, PRECISE, of_comparison
    from doorstroom.experiment.results import Results
    from doorstroom.outcomes import COLUMN

    comparison = Results.open(study)
    if (outcome, group) not in COLUMN:
        names = [f"{name}/{part}" for name, part in COLUMN]
        raise StoreError(explain("grades", "outcome", f"{outcome}/{group}", "a series of docs/outcomes.md", names))
    at = year or comparison.years[-1]
    if at not in comparison.years:
        raise StoreError(explain("grades", "year", at, f"{comparison.years[0]} to {comparison.years[-1]}"))
    for label in comparison.others:
        found = of_comparison(comparison, label, (outcome, group), at)
        if found is None:
            typer.echo(f"{label}: can't be told: an effect that varies over at least {ENOUGH} draws is needed")
            continue
        typer.echo(f"{label}: {outcome}, {group}, {at}, {found.draws} draws")
        print_table(("rests on", "share of variance"), [(name, _share(part)) for name, part in found.by_grade.items()])
        largest = list(found.by_parameter.items())[:8]
        print_table(("largest parameters", "share"), [(name, _share(part)) for name, part in largest])
        if found.draws_needed > found.draws:
            typer.echo(f"some {found.draws_needed} draws would tell the grades apart to within {PRECISE:.0%}")


def _share(part: Share) -> str:
    return f"{max(part.value, 0.0):.0%} ({part.low:.0%} to {part.high:.0%})"
