"""NumPy's Philox generator read at any slots, near or far apart, at the price of the slots that are read.

A counter-based generator (Salmon and others 2011, Philox4x64 with ten rounds) makes its n-th block of numbers from n
and a key alone. NumPy's own interface goes to a place in a microsecond, which is too slow for every person; here the
same arithmetic is compiled, so that a number costs about as much wherever it stands.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import compiled, inlined

HALF_STEP: Final = 2.0**-54
"""NumPy's numbers are multiples of 2**-53 from 0 on; half a step keeps them off 0."""

_MULTIPLIERS: Final = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_KEY_STEPS: Final = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ROUNDS: Final = 10
_WORDS: Final = 4  # a block is of four words, and each word makes a number
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)

Key = tuple[np.uint64, np.uint64]


@compiled
def read(key: Key, slots: NDArray[np.integer], numbers: NDArray[np.float64]) -> None:
    """Fill a row of `numbers` for each slot with the numbers in (0, 1) that it owns in the stream of a key."""
    each = numbers.shape[1]
    words, made = np.empty(_WORDS, np.uint64), -1
    for n in range(len(slots)):
        first = np.int64(slots[n]) * each
        for a in range(each):
            block = (first + a) >> 2
            if block != made:
                words[0], words[1], words[2], words[3] = _block(key, block)
                made = block
            numbers[n, a] = _number(words[(first + a) & 3])


@compiled
def between(key: Key, start: int, stop: int) -> NDArray[np.float64]:
    """The numbers start..stop-1 of the stream of a key, uniform in (0, 1)."""
    first = start // _WORDS
    numbers = np.empty(((max(stop, start) - 1) // _WORDS + 1 - first, _WORDS))
    for row in range(len(numbers)):
        for word, bits in enumerate(_block(key, first + row)):
            numbers[row, word] = _number(bits)
    return numbers.ravel()[start - _WORDS * first : stop - _WORDS * first]


@inlined
def _block(key: Key, block: int) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """The four words of a block; NumPy's first block is that of the counter 1."""
    nothing = np.uint64(0)
    one, other = key
    a, b, c, d = np.uint64(block + 1), nothing, nothing, nothing
    for _ in range(_ROUNDS):
        above, below = _high(_MULTIPLIERS[0], a), _high(_MULTIPLIERS[1], c)
        a, b, c, d = below ^ b ^ one, _MULTIPLIERS[1] * c, above ^ d ^ other, _MULTIPLIERS[0] * a
        one += _KEY_STEPS[0]
        other += _KEY_STEPS[1]
    return a, b, c, d


@compiled
def _high(x: np.uint64, y: np.uint64) -> np.uint64:
    """The upper 64 bits of a product of 128, from products of halves."""
    low, across = (x & _LOW) * (y & _LOW), (x & _LOW) * (y >> _HALF)
    back = (x >> _HALF) * (y & _LOW)
    middle = (low >> _HALF) + (across & _LOW) + (back & _LOW)
    return (x >> _HALF) * (y >> _HALF) + (across >> _HALF) + (back >> _HALF) + (middle >> _HALF)


@compiled
def _number(bits: np.uint64) -> float:
    return np.float64(bits >> np.uint64(11)) * 2.0**-53 + HALF_STEP
