"""How exactly numbers of runs are kept: to seven digits, with a checksum of all of them.

So a run that is made again can be compared to the last bit at half the room.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

KEPT: Final = np.float32
"""Type of what is kept: seven digits, far more than a model of people knows."""


def kept(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """The values as they are when they have been kept and read again."""
    return values.astype(KEPT).astype(np.float64)


def checksum(values: NDArray[np.float64]) -> str:
    """Sha256 of all digits of a run, shape (years, regions, series)."""
    return hashlib.sha256(np.ascontiguousarray(values, "<f8").data).hexdigest()
