"""The public face: what a researcher needs from Python, in one place.

Everything here is a thin user of the rooms below, and takes objects, names or files alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from doorstroom.defaults import DRAWS, FRACTION, SEEDS
from doorstroom.experiment.experiment import Experiment
from doorstroom.experiment.factors import salib_problem, values_at
from doorstroom.experiment.results import Results
from doorstroom.parameters import Parameter, load_parameters
from doorstroom.scenario import Scenario

__all__ = ["compare", "open_results", "parameters", "salib_problem", "study", "values_at"]


def compare(
    scenarios: Sequence[str | Path | Scenario],
    *,
    draws: int = DRAWS,
    seeds: int = SEEDS,
    fraction: float = FRACTION,
    posterior: str | Path | None = None,
    inputs: str | Path | None = None,
    matters: Mapping[str, float] = MappingProxyType({}),
    processes: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    with_report: bool = True,
) -> Results:
    """Run scenarios with the same draws and the same luck.

    Parameters
    ----------
    scenarios : names, files or Scenario objects, the baseline first
    draws : samples of the parameters, 1..n; 0 is their central values alone
    seeds : streams of luck per draw
    fraction : part of the population that is modelled
    posterior : file of a fit, whose draws are taken instead of those of the priors
    inputs : folder of an input set; None is the one that comes with the package
    matters : smallest difference that matters by outcome, such as {"teacher_fte": 0.02}: a part of its level, or of a
        ratio a difference in its own unit
    processes : runs at a time; None is one per processor
    cluster : address of a Dask scheduler, or "local"
    out : folder of the study; None is one in results/ that is named after the question
    with_report : whether page, figures and tables are written into the folder too

    Returns
    -------
    Results
        Labelled arrays by `.dataset(...)`; the folder is `.folder`.
    """
    experiment = Experiment.compare(
        scenarios,
        draws=draws,
        seeds=seeds,
        fraction=fraction,
        posterior=None if posterior is None else Path(posterior),
        inputs=None if inputs is None else Path(inputs),
        matters=matters,
    )
    return _made(experiment, processes, cluster, out, with_report=with_report)


def study(
    asked: str | Path | Mapping[str, Any],
    *,
    processes: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    with_report: bool = True,
) -> Results:
    """Run a study: a study file, or a mapping of what one would say (then `out` is needed).

    Parameters
    ----------
    asked : the file, or its content; scenarios in a mapping may be Scenario objects
    processes, cluster, out, with_report : as in `compare`

    Returns
    -------
    Results
        Labelled arrays by `.dataset(...)`; the analyses stand in the folder.
    """
    experiment = Experiment.from_dict(asked) if isinstance(asked, Mapping) else Experiment.from_file(Path(asked))
    return _made(experiment, processes, cluster, out, with_report=with_report)


def open_results(folder: str | Path) -> Results:
    """The results in the folder of a finished study."""
    return Results.open(folder)


def parameters() -> dict[str, Parameter]:
    """Every parameter of the model by its name: value, unit, prior, grade, source and why."""
    return dict(load_parameters())


def _made(
    experiment: Experiment, processes: int | None, cluster: str | None, out: str | Path | None, *, with_report: bool
) -> Results:
    from doorstroom.experiment.run import conduct
    from doorstroom.reporting.compare import report

    folder = None if out is None else Path(out)
    results = conduct(experiment, processes=processes, cluster=cluster, out=folder).results
    if with_report:
        report(results)
    return results
