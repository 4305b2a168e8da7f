"""What was learned, packed for the page: coefficients as whole numbers of 16 bits, each run of them with a scale."""

from __future__ import annotations

import base64
import gzip
from typing import Any, Final, NamedTuple

import numpy as np

from doorstroom.desk.learned import Learned
from doorstroom.desk.levers import Array

_MOST: Final = 32_767
_SCALED: Final = {"coefficients": 3, "luck": 2, "regional_coefficients": 3}
"""Arrays that are packed, with how many of their first axes have a scale of their own."""


class Packed(NamedTuple):
    """The numbers in base64 and how to read them."""

    text: str
    layout: list[dict[str, Any]]


def pack(learned: Learned) -> Packed:
    """Pack what the page evaluates; draws run last, so that a script goes through them in a row."""
    arrays = {
        "coefficients": learned.coefficients.transpose(0, 1, 3, 2),
        "size": learned.size,
        "variance": learned.variance,
        "luck": learned.luck,
        "error": learned.error,
        "regional_coefficients": learned.regional_coefficients.transpose(0, 1, 3, 2),
        "regional_size": learned.regional_size,
        "regional_ends": learned.regional_ends,
        "regional_levels": learned.regional_levels,
        "prices": learned.prices,
        "ranks": learned.ranks,
    }
    parts, layout = [], []
    for name, array in arrays.items():
        about: dict[str, Any] = {"name": name, "shape": list(array.shape)}
        if name in _SCALED:
            scales, whole = _whole(array, _SCALED[name])
            parts += [scales.tobytes(), whole.tobytes()]
            about |= {"type": "int16", "scales": len(scales)}
        elif name == "ranks" and array.max() < 256:
            parts.append(array.astype(np.uint8).tobytes())
            about |= {"type": "uint8", "scales": 0}
        else:
            parts.append(array.astype("<f4").tobytes())
            about |= {"type": "float32", "scales": 0}
        layout.append(about)
    return Packed(base64.b64encode(gzip.compress(b"".join(parts), 9, mtime=0)).decode(), layout)


def _whole(array: Array, axes: int) -> tuple[np.ndarray, np.ndarray]:
    rows = array.reshape(int(np.prod(array.shape[:axes])), -1)
    scales = (np.maximum(np.abs(rows).max(axis=1), 1e-30) / _MOST).astype("<f4")
    return scales, np.rint(rows / scales[:, None].astype(np.float64)).astype("<i2")
