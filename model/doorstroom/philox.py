"""NumPy's Philox generator read at any slots, near or far apart, at the price of the slots that are read.

A counter-based generator makes its n-th block of numbers from n alone. NumPy's own interface goes to a place in a
microsecond, which is too slow for every person; here compiled code sets the counter of NumPy's generator and lets it
make the numbers. Where the counter stands in memory is NumPy's affair: it is looked for once per process, and if it
isn't found everything between the first and the last slot is read through NumPy's interface: the same numbers, later.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doorstroom.kernels import compiled

WORDS_PER_BLOCK = 4  # Philox4x64 yields four 64-bit words per counter value
HALF_STEP = 2.0**-54  # NumPy's numbers are multiples of 2**-53 from 0 on; half a step keeps them off 0


class _State(ctypes.Structure):
    """The start of NumPy's philox_state."""

    _fields_ = (
        ("counter", ctypes.c_void_p),
        ("key", ctypes.c_void_p),
        ("used", ctypes.c_int),  # words of the present block that have been given
    )


def between(key: list[int], start: int, stop: int) -> NDArray[np.float64]:
    """The numbers start..stop-1 of the stream of a key, uniform in (0, 1), through NumPy's interface."""
    first = start // WORDS_PER_BLOCK
    generator = np.random.Generator(np.random.Philox(key=key, counter=[first, 0, 0, 0]))
    numbers = generator.random(stop - first * WORDS_PER_BLOCK)
    numbers += HALF_STEP
    return numbers[start - first * WORDS_PER_BLOCK :]


class Reader:
    """A Philox generator that goes where it is sent. Not to be shared between threads."""

    def __init__(self) -> None:
        philox = np.random.Philox(key=[0, 0])
        state = _State.from_address(philox.ctypes.state_address)
        self.generator = np.random.Generator(philox)  # keeps the memory that the arrays below look at
        self.counter = _array(ctypes.c_uint64 * 4, state.counter)
        self.key = _array(ctypes.c_uint64 * 2, state.key)
        self.used = _array(ctypes.c_int * 1, ctypes.addressof(state) + _State.used.offset)

    def read(self, key: list[int], slots: NDArray[np.integer], into: NDArray[np.float64]) -> NDArray[np.float64]:
        """The numbers of slots in the stream of a key, uniform in (0, 1).

        Parameters
        ----------
        into : room for the numbers, shape (at least len(slots), numbers that each slot owns)

        Returns
        -------
        The first len(slots) rows of `into`.
        """
        numbers = into[: len(slots)]
        if _found():
            self.key[:] = key
            _read(self.generator, self.counter, self.used, slots, numbers)
        elif len(slots):
            low, each = int(slots.min()), numbers.shape[1]
            numbers[:] = between(key, low * each, (int(slots.max()) + 1) * each).reshape(-1, each)[slots - low]
        return numbers


@compiled
def _read(
    generator: np.random.Generator,
    counter: NDArray[np.uint64],
    used: NDArray[np.int32],
    slots: NDArray[np.integer],
    numbers: NDArray[np.float64],
) -> None:
    each = numbers.shape[1]
    made = -1  # the block whose words the generator holds
    for n in range(len(slots)):
        word = slots[n] * each
        block, passed = word // WORDS_PER_BLOCK, word % WORDS_PER_BLOCK
        if block != made:
            counter[0] = block
            used[0] = WORDS_PER_BLOCK
            generator.random()  # makes the block and gives its first word
        used[0] = passed
        for a in range(each):
            numbers[n, a] = generator.random() + HALF_STEP
        made = (word + each - 1) // WORDS_PER_BLOCK


def _array(kind: type[ctypes.Array[Any]], address: int | None) -> NDArray[Any]:
    return np.ctypeslib.as_array(kind.from_address(address or 0))


@cache
def _found() -> bool:
    """Whether counter and key stand where they are looked for, tried on slots far apart and side by side."""
    key, slots = [3, 2**40 + 5], np.array([7, 8, 10, 11, 12, 5_000_000_011])
    philox = np.random.Philox(key=key, counter=[11, 0, 0, 0])
    state = _State.from_address(philox.ctypes.state_address)
    inside = range(id(philox), id(philox) + type(philox).__basicsize__)
    if not (state.counter in inside and state.key in inside):
        return False
    counter, keys = _array(ctypes.c_uint64 * 4, state.counter), _array(ctypes.c_uint64 * 2, state.key)
    if [*counter, *keys, state.used] != [11, 0, 0, 0, *key, WORDS_PER_BLOCK]:
        return False
    reader, found = Reader(), np.empty((len(slots), 3))
    reader.key[:] = key
    _read(reader.generator, reader.counter, reader.used, slots, found)
    return bool(np.array_equal(found, [between(key, 3 * slot, 3 * slot + 3) for slot in slots.tolist()]))
