"""Fitting the uncertain parameters to what was known up to school year 2021/22.

History matching with emulators (Vernon, Goldstein and Bower 2010, Galaxy formation: a Bayesian uncertainty analysis,
Bayesian Analysis 5) followed by importance resampling:

1. Runs of the model at draws of the priors, all with one stream of luck, so that they differ by their parameters alone;
   runs of the central values with other streams tell by how much that stream's figures have to be moved to be those of
   mean luck, and such runs of everybody how large luck is. Per target an emulator (`emulator`).
2. Over many points of the priors (a Sobol sequence) the implausibility of each target,
   |observed - emulated| / sqrt(tolerance^2 + unexplained^2 + luck^2), the tolerance of a pattern being half of a 90%
   interval and luck that of a country of full size.
   A target that is implausible (above 3) at 99 points of the priors in 100 is one that the model can't meet whatever
   its parameters; it is reported as that and doesn't weigh, for fitting to it would only distort the others.
3. Points are weighted by the normal likelihood of the remaining targets, and resampled. A draw of the posterior takes
   the parameters that any emulator depends on from there, and all others from the draw of the priors with its number.

A parameter counts as informed when the posterior's variance is a tenth or more below the prior's, or its mean is half
a standard deviation of the prior or more away. With a single
linear-quadratic surface per figure and targets with wide tolerances this is coarse, and made to be: what these few
figures can say is little, and a finer method would not make them say more.

What the data can't tell is what STO does. Its money began in 2020, in all regions at once; there is no country without
it and no year after it, so its effect can't be told from trend. The parameters that carry it keep their priors unless
a figure moves with them for another reason; the report lists them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError
from scipy import stats
from scipy.stats import qmc

from doorstroom.errors import explain
from doorstroom.evidence.patterns import Pattern, PatternError
from doorstroom.experiment.emulator import Emulator, learn, normal_scores
from doorstroom.experiment.posterior import Posterior
from doorstroom.faults import first
from doorstroom.parameters import Parameter, draw_parameters, load_parameters
from doorstroom.shipped import shipped
from doorstroom.toml_files import read_toml

Floats = NDArray[np.float64]

FILE: Final = Path("experiments") / "calibration.toml"
IMPLAUSIBLE: Final = 3.0
HALF_OF_90: Final = float(stats.norm.ppf(0.95))
"""A tolerance is half of an interval that holds 90%: so many standard deviations."""
INFORMED: Final = 0.1
MOVED: Final = 0.5
_REACHED: Final = 0.01
_LOG2_POINTS: Final = 15
_SEED: Final = 20211001


class Settings(BaseModel):
    """The file of a fit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    draws: int
    seeds: int
    fraction: float
    posterior: int
    targets: tuple[str, ...]


class Design(NamedTuple):
    """Runs that emulators learn from.

    Attributes
    ----------
    names : uncertain parameters, in the order of the columns
    scores : normal scores of each run's parameters, shape (runs, parameters)
    figures : at mean luck, shape (runs, targets)
    luck : variance of each target's figure from luck in a country of full size, shape (targets,)
    """

    names: tuple[str, ...]
    scores: Floats
    figures: Floats
    luck: Floats


class Fit(NamedTuple):
    """A fit.

    Attributes
    ----------
    emulators, met : per target; `met` says whether points of the priors come near it
    columns : parameters that any emulator depends on
    points : normal scores of these parameters, shape (points, columns)
    weights : of the points, sum 1
    """

    emulators: tuple[Emulator, ...]
    met: tuple[bool, ...]
    columns: tuple[int, ...]
    points: Floats
    weights: Floats

    @property
    def effective(self) -> float:
        """Effective number of points behind the posterior."""
        return float(1.0 / np.sum(self.weights**2))

    def informed(self) -> set[int]:
        """The parameters that the data say something about."""
        mean = self.weights @ self.points
        moved = {column for column, shift in zip(self.columns, mean, strict=True) if abs(shift) >= MOVED}
        return moved | {column for column, part in self.contraction().items() if part >= INFORMED}

    def contraction(self) -> dict[int, float]:
        """Per parameter that matters, how much of its prior variance (of normal scores) the data took away."""
        mean = self.weights @ self.points
        variance = self.weights @ (self.points - mean) ** 2
        return dict(zip(self.columns, (1.0 - variance).tolist(), strict=True))


def load_settings(patterns: Sequence[Pattern], file: Path = FILE) -> Settings:
    """Read the file of a fit; every pattern must be fitted to or left out with a reason."""
    file = shipped(file)
    content = read_toml(file, PatternError, "the tables [fit] and [left_out]")
    try:
        settings = Settings.model_validate(content.get("fit", {}))
    except ValidationError as error:
        raise PatternError(first(file, error, Settings, at=["fit"])) from error
    names = {pattern.name for pattern in patterns}
    said = [*settings.targets, *content.get("left_out", {})]
    for name in said:
        if name not in names:
            raise PatternError(explain(file, name, name, "a pattern's name", names))
    for name in sorted(names - set(said)):
        raise PatternError(f"{file}: pattern {name!r} is neither in fit.targets nor in [left_out] with a reason")
    return settings


def prior_scores(
    draws: Sequence[int], entries: Mapping[str, Parameter] | None = None
) -> tuple[tuple[str, ...], Floats]:
    """Names of the uncertain parameters, and their normal scores in draws of the priors, shape (draws, names)."""
    entries = load_parameters() if entries is None else entries
    names = tuple(name for name, entry in entries.items() if entry.prior is not None)
    drawn = [draw_parameters(draw, entries).drawn for draw in draws]
    values = np.array([[one[name] for name in names] for one in drawn])
    scores = np.empty_like(values)
    grid = np.linspace(0.0005, 0.9995, 1000)
    for column, name in enumerate(names):
        prior = entries[name].prior
        assert prior is not None
        quantiles = prior.quantiles(grid)
        none = grid[np.searchsorted(quantiles, quantiles[0], side="right") - 1]  # mass of no effect at all
        level = np.interp(values[:, column], quantiles, grid)
        scores[:, column] = normal_scores(np.where(values[:, column] <= quantiles[0], none / 2, level))
    return names, scores


def fit(design: Design, observed: Floats, tolerance: Floats) -> Fit:
    """Fit to observed figures of the design's targets; `tolerance` as patterns have it."""
    emulators = tuple(learn(design.scores, figure) for figure in design.figures.T)
    return _weighed(emulators, observed, tolerance, design.luck)


def _weighed(emulators: tuple[Emulator, ...], observed: Floats, tolerance: Floats, luck: Floats) -> Fit:
    columns = tuple(sorted({column for emulator in emulators for column in emulator.columns}))
    levels = qmc.Sobol(max(len(columns), 1), seed=_SEED).random_base2(_LOG2_POINTS)
    points = normal_scores(levels)
    wide = np.zeros((len(points), max(columns, default=0) + 1))
    wide[:, list(columns)] = points[:, : len(columns)]
    log_weight = np.zeros(len(points))
    met = []
    for emulator, value, half, chance in zip(emulators, observed, tolerance, luck, strict=True):
        sd = np.sqrt((half / HALF_OF_90) ** 2 + emulator.variance + chance)
        apart = (value - emulator.predict(wide)) / sd
        met.append(bool(np.quantile(np.abs(apart), _REACHED) <= IMPLAUSIBLE))
        if met[-1]:
            log_weight -= apart**2 / 2.0
    weights = np.exp(log_weight - log_weight.max())
    return Fit(emulators, tuple(met), columns, points[:, : len(columns)], weights / weights.sum())


def sample(
    fitted: Fit,
    names: Sequence[str],
    number: int,
    about: Mapping[str, Any],
    entries: Mapping[str, Parameter] | None = None,
) -> Posterior:
    """Equally likely draws of the posterior, by systematic resampling in an order that says nothing."""
    entries = load_parameters() if entries is None else entries
    rng = np.random.default_rng(_SEED)
    order = rng.permutation(len(fitted.weights))
    at = (np.arange(number) + rng.random()) / number
    chosen = order[np.minimum(np.searchsorted(np.cumsum(fitted.weights[order]), at), len(order) - 1)]
    chosen = rng.permutation(chosen)
    drawn = [draw_parameters(draw, entries).drawn for draw in range(1, number + 1)]
    values = np.array([[one[name] for name in names] for one in drawn])
    for position, column in enumerate(fitted.columns):
        prior = entries[names[column]].prior
        assert prior is not None
        values[:, column] = prior.quantiles(stats.norm.cdf(fitted.points[chosen, position]))
    return Posterior(tuple(names), values, dict(about))
