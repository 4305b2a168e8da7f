"""The analyst, who knows what is published and who got what, and nothing else: the answer strategy of a design.

The estimators are those of the field, from diff-diff (its version stands in the file of the study); the one by lot is
randomisation inference: what the estimate would have been, had the same lot fallen otherwise. With few treated regions
and figures that lean on the year before, standard errors are too small and a true null is rejected too often; a lot
that is drawn again is right whatever the figures are like.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from doorstroom.evaluation.assignment import NEVER, Assignment

Array = NDArray[np.float64]

LEVEL: Final = 0.90
LOTS: Final = 399
"""Times that the lot is drawn again."""


class Data(NamedTuple):
    """What an analyst has.

    Attributes
    ----------
    figures : on the scale of the question, shape (years, regions), none of it missing
    years : shape (years,)
    first : first year of the design
    assignment : who got what
    lots : where there was a lot, the `contrast` of each time that it is drawn again among those regions of which there
        are figures, shape (regions,) of the study; else None
    known : the regions of the study of which there are figures; None for all
    """

    figures: Array
    years: NDArray[np.int64]
    first: int
    assignment: Assignment
    lots: Callable[[NDArray[np.bool_]], Array] | None
    known: NDArray[np.bool_] | None = None


class Estimate(NamedTuple):
    """An effect per unit of dose, with its 90% interval; NaN where the method gives none."""

    value: float
    low: float
    high: float

    @property
    def alarms(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


NONE: Final = Estimate(np.nan, np.nan, np.nan)


def before_and_after(data: Data) -> Estimate:
    """The country's years after against the straight line through those before."""
    from diff_diff import LinearRegression

    after = data.years >= data.first
    design = np.column_stack([np.ones(len(after)), data.years - data.first, after])
    fitted = LinearRegression(include_intercept=False, alpha=1 - LEVEL).fit(design, data.figures.mean(axis=1))
    return _estimate(fitted.get_inference(2))


def callaway_santanna(data: Data) -> Estimate:
    """Callaway and Sant'Anna (2021): each wave against the regions whose turn is still to come."""
    from diff_diff import CallawaySantAnna

    model = CallawaySantAnna(control_group="not_yet_treated", alpha=1 - LEVEL)
    found = model.fit(_table(data), "y", "region", "year", "start")
    return Estimate(float(found.overall_att), *map(float, found.overall_conf_int))


def sun_abraham(data: Data) -> Estimate:
    """Sun and Abraham (2021): interactions of wave and year, the last wave as the comparison."""
    from diff_diff import SunAbraham

    last = data.assignment.start.max()
    rows = _table(data)
    rows = rows[rows["year"] < last].assign(start=lambda one: one["start"].where(one["start"] < last, 0))
    found = SunAbraham(alpha=1 - LEVEL).fit(rows, "y", "region", "year", "start")
    return Estimate(float(found.overall_att), *map(float, found.overall_conf_int))


def two_way(data: Data) -> Estimate:
    """The treatment's coefficient beside an effect of every region and year, standard errors clustered by region."""
    from diff_diff import LinearRegression

    treatment = _residual(data.assignment.treatment(data.years))
    figures = _residual(data.figures)
    regions = np.tile(np.arange(figures.shape[1]), len(figures))
    effects = len(figures) + figures.shape[1] - 1
    fitted = LinearRegression(include_intercept=False, cluster_ids=regions, alpha=1 - LEVEL).fit(
        treatment.reshape(-1, 1), figures.ravel(), df_adjustment=effects
    )
    return _estimate(fitted.get_inference(0))


def contrast(treatment: Array, before: NDArray[np.bool_]) -> Array:
    """Weights that make an effect per unit of dose of figures, shape (..., years, regions) as `treatment`.

    In every year in which some got more than others: how much further from their own years before those are that got
    more, per unit of dose. Years count as the dose that was given in them. Figures are compared with those of the same
    year alone, so that an effect that grows puts no wave against one that began before it, as `two_way` does.
    """
    apart = treatment - treatment.mean(axis=-1, keepdims=True)
    size = (apart * treatment).sum(axis=-1, keepdims=True)
    told = size > 1e-9
    weight = np.where(told, np.abs(treatment).sum(axis=-1, keepdims=True), 0.0)
    total = weight.sum(axis=-2, keepdims=True)
    found = np.divide(apart * weight, size * total, out=np.zeros_like(apart), where=told & (total > 0))
    return np.asarray(np.where(before[:, None], -found.sum(axis=-2, keepdims=True) / before.sum(), found))


def by_lot(data: Data) -> Estimate:
    """Randomisation inference on `contrast`: the effects that the lot, drawn again, doesn't speak against."""
    if data.lots is None:
        return NONE
    treatment = data.assignment.treatment(data.years)
    again = data.lots(np.ones(data.figures.shape[1], bool) if data.known is None else data.known)
    value = float((contrast(treatment, data.years < data.first) * data.figures).sum())
    # both are linear: what the figures give, and what one unit of effect would give
    given, unit = (np.tensordot(again, one, axes=2) for one in (data.figures, treatment))
    spread = max(float(np.std(given - value * unit)), 1e-12)
    tried = value + spread * np.linspace(-6.0, 6.0, 601)
    as_far = np.abs(given - tried[:, None] * unit) >= np.abs(value - tried)[:, None] - 1e-12
    kept = tried[(1 + as_far.sum(axis=1)) / (1 + len(again)) > 1 - LEVEL]
    return Estimate(value, float(kept.min()), float(kept.max()))


def dose_response(data: Data) -> Estimate:
    """How much more regions grew that got more: mean after less mean before, against the dose."""
    from diff_diff import LinearRegression

    after = data.years >= data.first
    growth = data.figures[after].mean(axis=0) - data.figures[~after].mean(axis=0)
    fitted = LinearRegression(alpha=1 - LEVEL, vcov_type="hc3").fit(data.assignment.dose.reshape(-1, 1), growth)
    return _estimate(fitted.get_inference(1))


def discontinuity(data: Data) -> Estimate:
    """Regions just below the cut-off against those just above: local-linear, bias-corrected (Calonico and others)."""
    from diff_diff import RegressionDiscontinuity

    after = data.years >= data.first
    growth = data.figures[after].mean(axis=0) - data.figures[~after].mean(axis=0)
    rows = pd.DataFrame({"growth": growth, "below": -data.assignment.running})
    found = RegressionDiscontinuity(alpha=1 - LEVEL).fit(rows, outcome="growth", running="below")
    return Estimate(float(found.att), *map(float, found.conf_int))


def honest(data: Data) -> Estimate:
    """Rambachan and Roth (2023): after the start groups may drift apart as fast as they ever did before it."""
    from diff_diff import HonestDiD, MultiPeriodDiD

    rows = _table(data).assign(treated=lambda one: (one["start"] > 0).astype(int))
    after = data.years[data.years >= data.first].tolist()
    events = MultiPeriodDiD(cluster="region", alpha=1 - LEVEL).fit(
        rows, "y", treatment="treated", time="year", post_periods=after, unit="region"
    )
    found = HonestDiD(method="relative_magnitude", M=1.0, alpha=1 - LEVEL).fit(events)
    return Estimate(float(events.avg_att), float(found.ci_lb), float(found.ci_ub))


METHODS: Final[dict[str, Callable[[Data], Estimate]]] = {
    "before_and_after": before_and_after,
    "callaway_santanna": callaway_santanna,
    "sun_abraham": sun_abraham,
    "two_way": two_way,
    "by_lot": by_lot,
    "dose_response": dose_response,
    "discontinuity": discontinuity,
    "honest": honest,
}
"""Names that a file may ask for."""

UNTIL_ALL_HAVE_IT: Final = frozenset({"by_lot", "callaway_santanna", "sun_abraham"})
"""Methods that compare with regions whose turn is still to come, and so need no figures of later years."""


def analyse(method: str, data: Data) -> Estimate:
    """The estimate of a method; NONE where it can't give one for these data."""
    known = np.asarray(np.isfinite(data.figures).all(axis=0))
    if not known.all():
        data = data._replace(figures=data.figures[:, known], assignment=data.assignment.of(known), known=known)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an estimator's advice to its user, once per world
        try:
            return METHODS[method](data)
        except (ValueError, np.linalg.LinAlgError, ZeroDivisionError):
            return NONE  # too few regions on one side, no variation: counted as no answer


def _residual(values: Array) -> Array:
    """Values without the means of their year and region, shape (years, regions)."""
    return np.asarray(values - values.mean(axis=0) - values.mean(axis=1, keepdims=True) + values.mean())


def _table(data: Data) -> pd.DataFrame:
    years, regions = data.figures.shape
    start = np.where(data.assignment.start == NEVER, 0, data.assignment.start)
    return pd.DataFrame(
        {
            "y": data.figures.ravel(),
            "year": np.repeat(data.years, regions),
            "region": np.tile(np.arange(regions), years),
            "start": np.tile(start, years),
        }
    )


def _estimate(found: Any) -> Estimate:
    return Estimate(float(found.coefficient), *map(float, found.conf_int))
