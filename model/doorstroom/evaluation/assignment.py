"""Who gets what, and from when: the data strategy of a design, by lot or by rule.

A lot is drawn within blocks of regions that are alike in the years before, which makes a comparison sharper and leaves
it as fair. Everything that an analyst may do by lot again (randomisation inference) is drawn by the same function.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Kind = Literal["everywhere", "stepped", "amounts", "split", "cutoff", "existing", "survey"]
BY_LOT: Final = frozenset({"stepped", "amounts", "split"})
NEVER: Final = 9999


class Assignment(NamedTuple):
    """What regions get; a lot that was drawn many times has an axis of lots before that of regions.

    Attributes
    ----------
    start : first year of the treatment, NEVER without one, shape (regions,)
    dose : how much of it, 1 for the whole, shape (regions,)
    running : what decided about it where a rule did, relative to the cut-off; else 0, shape (regions,)
    """

    start: NDArray[np.int64]
    dose: Array
    running: Array

    def of(self, regions: NDArray[np.bool_]) -> Assignment:
        """The assignment of some regions."""
        return Assignment(self.start[..., regions], self.dose[..., regions], self.running[..., regions])

    def treatment(self, years: NDArray[np.int64]) -> Array:
        """Dose per year and region, 0 before its start, shape (years, regions)."""
        return np.where(years[:, None] >= self.start[..., None, :], self.dose[..., None, :], 0.0)


def assign(
    kind: Kind, before: Array, first: int, waves: int, step: float, rng: np.random.Generator, lots: int | None = None
) -> Assignment:
    """One assignment, or the same lot drawn many times.

    Parameters
    ----------
    before : what regions were like before, by which they are put in blocks and by which a cut-off decides, (regions,)
    first : first year of the design
    waves : of a stepped start, years from the first to the last region
    step : amounts by lot: the part by which they go up or down; cut-off: the part of regions that get the money
    lots : how often to draw; None for once, without an axis of lots
    """
    shape = (len(before),) if lots is None else (lots, len(before))
    always, none = np.full(shape, first), np.zeros(shape)
    if kind in ("everywhere", "survey"):
        return Assignment(always, np.ones(shape), none)
    if kind == "stepped":
        return Assignment(first + _dealt(before, waves, rng, shape), np.ones(shape), none)
    if kind == "amounts":
        dose: Array = step * (2.0 * _dealt(before, 2, rng, shape).astype(np.float64) - 1.0)
        return Assignment(always, dose, none)
    if kind == "split":
        return Assignment(always, _dealt(before, 2, rng, shape).astype(np.float64), none)
    if kind == "cutoff":
        running = np.asarray(before - np.quantile(before, step), dtype=np.float64)
        return Assignment(np.where(running <= 0, first, NEVER), np.ones(shape), running)
    return Assignment(always, none, none)  # existing: the doses are what regions got, which the world tells


def _dealt(alike: Array, groups: int, rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """A group per region, 0 to groups - 1, dealt by lot among neighbours in the order of `alike`."""
    blocks = -(-len(alike) // groups)
    dealt = rng.permuted(np.broadcast_to(np.arange(groups), (*shape[:-1], blocks, groups)), axis=-1)
    group = np.empty(shape, np.int64)
    group[..., np.argsort(alike, kind="stable")] = dealt.reshape(*shape[:-1], -1)[..., : len(alike)]
    return group
