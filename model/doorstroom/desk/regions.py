"""What a position does in regions: coarser than in the country, a mean over draws and where nine in ten runs lie."""

from __future__ import annotations

import numpy as np

from doorstroom.desk.basis import index_of, terms
from doorstroom.desk.learned import Learned
from doorstroom.desk.levers import Array, Position, vector
from doorstroom.desk.outcomes import REGIONAL_YEARS


def regional_answer(learned: Learned, position: Position) -> tuple[Array, Array, Array]:
    """Mean effect and ends of the interval, each of shape (REGIONAL, REGIONAL_YEARS, regions)."""
    phi = terms(vector(position)[None])[0][[index_of(year) for year in REGIONAL_YEARS]]
    middle = np.einsum("yt,oyrt->oyr", phi, learned.regional_coefficients)
    scale = np.sqrt(((phi * learned.regional_size) ** 2).sum(axis=2))[:, :, None]
    ends = learned.regional_ends * scale[..., None]
    return middle, middle + ends[..., 0], middle + ends[..., 1]
