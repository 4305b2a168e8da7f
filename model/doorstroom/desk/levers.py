"""The levers of the desk: what can be moved, from where to where, and where the present policy has them.

A lever that is a number is emulated as a number; a switch has a few values, each of which is emulated apart. What the
levers do to a scenario stands in `position`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Position = Mapping[str, float]
"""Value per lever; a lever that is left out is where the present policy has it."""


class Lever(NamedTuple):
    """One lever.

    Attributes
    ----------
    room : under which heading it stands on the page
    present : its value under the present policy
    low, high : the widest range that means something; a study may state a narrower one
    step : by how much it moves
    choices : of a switch the values it can have; empty for a number
    title : what it is called
    explained : what it does, in one sentence
    """

    key: str
    room: str
    present: float
    low: float
    high: float
    step: float
    title: str
    explained: str
    choices: tuple[str, ...] = ()

    @property
    def is_switch(self) -> bool:
        """Whether it has a few values instead of a range."""
        return bool(self.choices)


LEVERS: Final = (
    Lever(
        "sto_near", "STO", 1.0, 0.0, 2.0, 0.05,
        "STO, 2026 to 2028", "Euro a year, as a share of the present 97 million.",
    ),
    Lever(
        "sto_later", "STO", 1.0, 0.0, 2.0, 0.05,
        "STO, 2029 and after", "Euro a year, as a share of the present 97 million.",
    ),
    Lever(
        "sto_end", "STO", 2040.0, 2028.0, 2040.0, 1.0,
        "Last year of STO", "After it STO pays nothing, and its support team neither; 2040 is no end in sight.",
    ),
    Lever(
        "sto_gap", "STO", 0.0, 0.0, 1.0, 1.0,
        "A year without STO in 2029", "Between the regulation of 2025-2028 and what comes after it.",
        ("no", "yes"),
    ),
    Lever(
        "sto_indexed", "STO", 0.0, 0.0, 1.0, 1.0,
        "STO rises with prices", "From 2025 on; now it does not.",
        ("no", "yes"),
    ),
    Lever(
        "sto_poor", "STO", 0.0, -0.05, 0.20, 0.01,
        "To technique-poor regions", "Share of STO for the five regions with the lowest share in technique, in points "
        "more than the present 5%.",
    ),
    Lever(
        "sto_division", "STO", 0.0, 0.0, 2.0, 1.0,
        "How STO is divided over regions", "From 2025 on.",
        ("fixed shares", "per technique pupil", "weighted by need"),
    ),
    Lever(
        "sto_scope", "STO", 0.0, 0.0, 1.0, 1.0,
        "Whom STO is for", "From 2025 on.",
        ("all of vocational vmbo", "the five hard technical profiles"),
    ),
    Lever(
        "staff", "What STO is spent on", 0.20, 0.05, 0.50, 0.01,
        "Staff", "Attracting and developing technique teachers; what one gains, the others lose in proportion.",
    ),
    Lever(
        "equipment", "What STO is spent on", 0.26, 0.05, 0.50, 0.01,
        "Equipment and rooms", "What one gains, the others lose in proportion.",
    ),
    Lever(
        "orientation", "What STO is spent on", 0.14, 0.03, 0.40, 0.01,
        "Orientation of pupils", "What one gains, the others lose in proportion.",
    ),
    Lever(
        "ngf", "NGF", 1.0, 0.0, 1.5, 0.05,
        "NGF from 2026 on", "Euro a year, as a share of what is reserved.",
    ),
    Lever(
        "ngf_conditional", "NGF", 1.0, 0.0, 1.0, 0.05,
        "Conditional part of NGF", "Share of the 206 million of 2028-2032 that is granted.",
    ),
    Lever(
        "ngf_national", "NGF", 0.0, -0.10, 0.40, 0.01,
        "To the national line of NGF", "Share of NGF, in points more than the present 10 to 12%.",
    ),
    Lever(
        "ngf_after", "NGF", 0.0, 0.0, 1.0, 0.05,
        "NGF after 2032", "Share of the amount reserved for 2032 that goes on for good.",
    ),
    Lever(
        "pay", "Around it", 1.0, 0.9, 1.2, 0.01,
        "Pay of technique teachers", "From 2026 on, relative to what it would be; what it costs is in no amount here.",
    ),
    Lever(
        "pupils", "Around it", 1.0, 0.0, 2.0, 1.0,
        "Number of pupils", "The forecast and its edges.",
        ("lower edge", "middle", "upper edge"),
    ),
    Lever(
        "demand", "Around it", 0.0, -0.010, 0.015, 0.001,
        "Demand for technicians", "Growth a year on top of the forecast, 2026 to 2030.",
    ),
    Lever(
        "recession", "Around it", 0.0, 0.0, 1.5, 0.1,
        "A recession", "Demand falls by 8% in 2026-2028 and comes back half-way in three years; 1 is that, 0 is none.",
    ),
)  # fmt: skip

KEYS: Final = tuple(lever.key for lever in LEVERS)
LEVER: Final = {lever.key: lever for lever in LEVERS}
PRESENT: Final = {lever.key: lever.present for lever in LEVERS}

SPLIT: Final = ("staff", "equipment", "orientation")
"""Levers that are shares of one whole."""
LEAST_REST: Final = 0.12
"""Least that is left for what STO is spent on besides these."""

Ranges = Mapping[str, tuple[float, float]]


def whole(position: Position) -> dict[str, float]:
    """The position with every lever in it, in the order of LEVERS."""
    return {key: float(position.get(key, PRESENT[key])) for key in KEYS}


def vector(position: Position) -> Array:
    """The position as an array in the order of LEVERS."""
    return np.array(list(whole(position).values()))


def outside(position: Position, ranges: Ranges) -> list[str]:
    """Levers that stand where nothing has been tried."""
    at = whole(position)
    beyond = [key for key in KEYS if not ranges[key][0] <= at[key] <= ranges[key][1]]
    if 1.0 - sum(at[key] for key in SPLIT) < LEAST_REST - 1e-9:
        beyond += [key for key in SPLIT if key not in beyond]
    return beyond
