"""Positions to start from: questions that are often asked, and those of the reference study that the levers can say."""

from __future__ import annotations

from typing import Final, NamedTuple

from doorstroom.desk.levers import Position


class Example(NamedTuple):
    """A position with a name."""

    title: str
    position: Position


EXAMPLES: Final = (
    Example("STO stops after 2028", {"sto_end": 2028}),
    Example("STO stops after 2029", {"sto_end": 2029}),
    Example("A year without STO in 2029", {"sto_gap": 1}),
    Example("Half of STO from 2029 on", {"sto_later": 0.5}),
    Example("Only the unconditional half of NGF", {"ngf_conditional": 0.0}),
    Example("No NGF from 2026 on", {"ngf": 0.0}),
    Example("NGF goes on after 2032", {"ngf_after": 1.0}),
    Example("The staff theme gets twice its share", {"staff": 0.40, "equipment": 0.195, "orientation": 0.105}),
    Example("Technique teachers paid 10% more", {"pay": 1.10}),
    Example("A recession", {"recession": 1.0}),
)
"""Of twice the staff theme the others lose in proportion: 0.26 x 0.6 / 0.8 and 0.14 x 0.6 / 0.8."""
