"""Fitting carried out: the design of runs, the fit, what it says, and whether it would find what it should."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.evidence.calibration import (
    HALF_OF_90,
    Design,
    Fit,
    Settings,
    fit,
    prior_scores,
    sample,
)
from doorstroom.evidence.ensemble import prior_draws, run_ensemble
from doorstroom.evidence.patterns import Pattern, series_of
from doorstroom.experiment.identity import digest
from doorstroom.experiment.posterior import Posterior, priors_identity
from doorstroom.inputs.sets import load_inputs
from doorstroom.parameters import CENTRAL, Draw
from doorstroom.source import code_identity

Floats = NDArray[np.float64]

MONEY = (
    "absorption.",
    "activities.",
    "interest.orientation_effect",
    "interest.po_effect",
    "interest.inclusion_effect",
    "offer.money_relief",
    "profile_choice.quality_weight",
    "teacher_market.attraction_effect",
    "teacher_market.retention_effect",
    "technique_capital.",
)
"""Parameters (or their sections) through which money works."""


class Told(NamedTuple):
    """What a fit says, as tables.

    Attributes
    ----------
    targets : per target what was observed, its tolerance, the mean over the priors and over the posterior (emulated),
        the part of its variance that the emulator explains, whether points of the priors come near it, and whether the
        mean over the posterior lies within the tolerance
    parameters : per parameter that any target depends on, mean and standard deviation of its normal score in the
        posterior (0 and 1 in the prior), the part of its variance that the data took away, and whether that is enough
        to call it informed
    """

    targets: pd.DataFrame
    parameters: pd.DataFrame


def chosen(patterns: Sequence[Pattern], settings: Settings) -> list[Pattern]:
    """The patterns that are fitted to, in the order of the settings."""
    by_name = {pattern.name: pattern for pattern in patterns}
    return [by_name[name] for name in settings.targets]


def design_of_runs(targets: Sequence[Pattern], settings: Settings, folder: Path, processes: int) -> Design:
    """Draws 1..n of the priors and the targets' figures in them, moved to mean luck."""

    def figures(draws: Sequence[Draw], *, own_seeds: bool, fraction: float = settings.fraction) -> Floats:
        runs = run_ensemble(
            draws,
            series_of(targets),
            folder=folder,
            fraction=fraction,
            processes=processes,
            own_seeds=own_seeds,
        )
        return np.column_stack([target.figures(runs) for target in targets])

    chance = figures([CENTRAL] * settings.seeds, own_seeds=True)
    drawn = figures(prior_draws(settings.draws), own_seeds=False)
    names, scores = prior_scores(range(1, settings.draws + 1))
    # the first stream of luck is the one that all draws have
    moved = drawn + chance.mean(axis=0) - chance[0]
    # not the luck of a part of the people made smaller: what happens to everybody together doesn't average out
    everybody = figures([CENTRAL] * settings.seeds, own_seeds=True, fraction=1.0)
    return Design(names, scores, moved, everybody.var(axis=0, ddof=1))


def fit_targets(design: Design, targets: Sequence[Pattern]) -> Fit:
    """The fit to what was observed of the targets."""
    return fit(design, np.array([one.value for one in targets]), np.array([one.tolerance for one in targets]))


def told(fitted: Fit, design: Design, targets: Sequence[Pattern]) -> Told:
    """What the fit says."""
    wide = np.zeros((len(fitted.points), design.scores.shape[1]))
    wide[:, list(fitted.columns)] = fitted.points
    rows: list[dict[str, Any]] = [
        {
            "target": target.name,
            "observed": target.value,
            "tolerance": target.tolerance,
            "prior": float(figure.mean()),
            "prior_sd": float(figure.std()),
            "posterior": float(fitted.weights @ emulator.predict(wide)),
            "explained": emulator.explained,
            "met": met,
            "holds": abs(float(fitted.weights @ emulator.predict(wide)) - target.value) <= target.tolerance,
        }
        for target, figure, emulator, met in zip(targets, design.figures.T, fitted.emulators, fitted.met, strict=True)
    ]
    mean = fitted.weights @ fitted.points
    sd = np.sqrt(fitted.weights @ (fitted.points - mean) ** 2)
    taken, informed = fitted.contraction(), fitted.informed()
    parameters: list[dict[str, Any]] = [
        {
            "parameter": design.names[column],
            "mean": float(mean[at]),
            "sd": float(sd[at]),
            "taken": taken[column],
            "informed": column in informed,
            "money": design.names[column].startswith(MONEY),
        }
        for at, column in enumerate(fitted.columns)
    ]
    table = pd.DataFrame(parameters, columns=["parameter", "mean", "sd", "taken", "informed", "money"])
    return Told(pd.DataFrame(rows), table.sort_values("taken", ascending=False, ignore_index=True))


def posterior_of(fitted: Fit, design: Design, targets: Sequence[Pattern], settings: Settings) -> Posterior:
    """The draws that are kept, with what they were made from."""
    about = {
        "method": "history matching with emulators, importance resampling",
        "code": code_identity(),
        "inputs": load_inputs().identity,
        "priors": priors_identity(),
        "patterns": digest([target.model_dump(mode="json") for target in targets]),
        "runs": len(design.figures),
        "fraction": settings.fraction,
        "effective_points": round(fitted.effective, 1),
        "not_met": [target.name for target, met in zip(targets, fitted.met, strict=True) if not met],
        "informed": [design.names[column] for column in sorted(fitted.informed())],
    }
    return sample(fitted, design.names, settings.posterior, about)


def recover(design: Design, tolerance: Floats, worlds: int) -> pd.DataFrame:
    """Simulated worlds whose parameters are known, fitted as the real one is.

    A world is a run of the design, taken out of it; what is observed in it are its figures with an error of the
    tolerance's size and luck of its own. One row per world and parameter that matters: the known normal score, the
    posterior's mean and 90% interval, whether it holds the known one, and the part of the prior variance that was
    taken away.
    """
    rng = np.random.default_rng(worlds)
    rows: list[dict[str, Any]] = []
    for world in range(worlds):
        others = np.arange(len(design.figures)) != world
        rest = design._replace(scores=design.scores[others], figures=design.figures[others])
        seen = design.figures[world] + rng.normal(0.0, np.sqrt((tolerance / HALF_OF_90) ** 2 + design.luck))
        fitted = fit(rest, seen, tolerance)
        taken = fitted.contraction()
        for at, column in enumerate(fitted.columns):
            order = np.argsort(fitted.points[:, at])
            total = np.cumsum(fitted.weights[order])
            low, high = fitted.points[order, at][np.searchsorted(total, [0.05, 0.95])]
            known = float(design.scores[world, column])
            rows.append(
                {
                    "world": world + 1,
                    "parameter": design.names[column],
                    "known": known,
                    "mean": float(fitted.weights @ fitted.points[:, at]),
                    "low": float(low),
                    "high": float(high),
                    "inside": bool(low <= known <= high),
                    "taken": taken[column],
                }
            )
    return pd.DataFrame(rows)
