"""What is known of the walks up to school year 2022/23, in the fit of that name.

Conditional simulation (Matheron's update, the one step of an ensemble smoother): a run's own numbers u of the walks are
moved by as much as the observed figures of the country differ from what they would give,

    u' = u + K (y_observed + error - y(u, parameters)),

y being a linear surrogate of the model's own baseline (log counts and log odds of shares are nearly linear in the
walks), `error` drawn with the width of the observations and K the gain that the prior of the walks and these widths
give. Runs so moved pass through what was observed within its width, and open after; what no figure tells of keeps its
prior. The table of y and K comes along (`inputs/data/known2022`; experiments/condition.py makes it again).

It depends on the draw and the seed alone. The factual baseline had STO, and so had what was observed: a scenario
without it shares the baseline's luck, so that its effect changes only through the state in which it works.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from doorstroom.draws import Draws, Purpose
from doorstroom.errors import InputError
from doorstroom.mechanisms.walks import NUMBERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from doorstroom.parameters import Parameters

    Array = NDArray[np.float64]

FIRST: Final = 2020
YEARS: Final = 4
"""Years whose numbers the figures tell of: passage to the exams of 2023 is after 1 October 2022."""
FOLDER: Final = "data/known2022"
SAME: Final = 0.002
"""Part by which a country may differ in pupils from the one that was observed."""


class Known(NamedTuple):
    """The table.

    Attributes
    ----------
    observed, width : figures (log, or log odds) and their standard deviations, shape (figures,)
    usual : the surrogate's figures where all numbers are 0 and parameters central, shape (figures,)
    by_walk : by number of the walks and kinds of candidates, lasting ones first, shape (figures, (1 + YEARS) x NUMBERS)
    parameters, by_parameter : names, and by their distance from the central value in `unit`, shape (figures, names)
    unit : of each parameter, shape (names,)
    gain : K, shape ((1 + YEARS) x NUMBERS, figures)
    pupils : of the country that was observed
    """

    observed: Array
    width: Array
    usual: Array
    by_walk: Array
    parameters: tuple[str, ...]
    by_parameter: Array
    unit: Array
    gain: Array
    pupils: float


@lru_cache(maxsize=1)
def known() -> Known:
    """The table that comes with the package.

    Raises
    ------
    InputError
        Where it isn't the one that its description was written with.
    """
    folder = resources.files("doorstroom.inputs") / FOLDER
    about = tomllib.loads((folder / "about.toml").read_text(encoding="utf-8"))
    parts = {}
    for name in ("figures", "gain"):
        content = (folder / f"{name}.csv").read_bytes()
        if hashlib.sha256(content).hexdigest() != about[name]:
            raise InputError(f"{folder}/{name}.csv: not the table that about.toml tells of; make both again")
        with (folder / f"{name}.csv").open(encoding="utf-8") as file:
            parts[name] = pd.read_csv(file)
    figures, walks = parts["figures"], (1 + YEARS) * NUMBERS
    values = figures.drop(columns=["outcome", "group", "year"]).to_numpy(np.float64)
    names = tuple(about["units"])
    return Known(
        observed=values[:, 0],
        width=values[:, 1],
        usual=values[:, 2],
        by_walk=values[:, 3 : 3 + walks],
        parameters=names,
        by_parameter=values[:, 3 + walks :],
        unit=np.array([about["units"][name] for name in names]),
        gain=parts["gain"].to_numpy(np.float64),
        pupils=float(about["pupils"]),
    )


def conditioned(
    lasting: Array, yearly: Array, scale: float, drawn: Parameters, draws: Draws, pupils: float
) -> tuple[Array, Array]:
    """The numbers of the walks, moved by what was observed.

    Parameters
    ----------
    lasting, yearly : own numbers, shape (NUMBERS,) and (years, NUMBERS)
    scale : factor on the spreads of the walks
    drawn : parameters of the draw, without values of a scenario's own
    pupils : in secondary education at the start; nothing moves in another country than the one that was observed
    """
    table = known()
    if abs(pupils / table.pupils - 1.0) > SAME or len(yearly) == 0:
        return lasting, yearly
    years = min(YEARS, len(yearly))
    own = np.zeros((1 + YEARS, NUMBERS))
    own[0], own[1 : 1 + years] = lasting, yearly[:years] * scale
    apart = np.array([_apart(name, drawn) for name in table.parameters]) / table.unit
    # sums, not products of matrices: these end in other bits with every processor's own linear algebra
    would_be = table.usual + (table.by_walk * own.ravel()).sum(axis=1) + (table.by_parameter * apart).sum(axis=1)
    error = table.width * draws.normal(Purpose.OBSERVED, 0, np.arange(len(table.width)))
    moved = own.ravel() + (table.gain * (table.observed + error - would_be)).sum(axis=1)
    moved = moved.reshape(own.shape)
    after = yearly.copy()
    after[:years] = moved[1 : 1 + years] / scale
    return moved[0], after


def _apart(name: str, drawn: Parameters) -> float:
    entry = drawn.entries[name]
    return float(drawn.drawn.get(name, entry.central)) - entry.central
